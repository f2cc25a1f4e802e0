// SPDX-License-Identifier: Apache-2.0
//
// Bursts on the live socket: every piece is acknowledged at once, the bot answers all of them once, and a complete
// question is not kept waiting.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Buyer } from './lib/buyer.ts';
import { run, sleep, until } from './lib/program.ts';
import { Server } from './lib/server.ts';

let server: Server;
beforeAll(async () => {
  server = await Server.demo();
});
afterAll(async () => {
  const { data } = server;
  await server.stop();
  const checked = run(['check', '--data', data]);
  expect(checked.code, checked.out).toBe(0);
  await server.close();
});

const answers = (buyer: Buyer) => buyer.messages.filter((m) => m.author.kind === 'bot');

test('four pieces, one answer, to all of them', async () => {
  const buyer = await Buyer.open(server, 'shanxing', 'B01');
  for (const piece of ['在吗', '我那个', '快递']) {
    const began = Date.now();
    await buyer.say(piece);
    expect(Date.now() - began).toBeLessThan(400); // acknowledged, not kept for the answer
    await sleep(150);
  }
  expect(answers(buyer)).toEqual([]);
  await buyer.say('到哪了');
  await until('the answer', () => answers(buyer).some((m) => m.text.includes('E10001') || m.text.includes('冲锋衣')));
  await sleep(1700);
  const texts = answers(buyer).map((m) => m.text);
  expect(texts.filter((text) => text.includes('机器人助手在') || text.includes('我在'))).toEqual([]); // no greeting beside it
  expect(new Set(answers(buyer).map((m) => m.at)).size).toBe(1); // one turn
  await buyer.close();
});

test('a greeting alone is answered after a moment, a complete question at once', async () => {
  const buyer = await Buyer.open(server, 'shanxing', 'B12');
  let began = Date.now();
  await buyer.say('在吗');
  await until('the greeting', () => answers(buyer).length > 0, 4000, 20);
  expect(Date.now() - began).toBeGreaterThan(900);
  expect(Date.now() - began).toBeLessThan(3000);
  const before = answers(buyer).length;
  began = Date.now();
  await buyer.say('你们发什么快递');
  await until('the answer', () => answers(buyer).length > before, 4000, 10);
  expect(Date.now() - began).toBeLessThan(500);
  await buyer.close();
});

test('a restart in between loses nothing', async () => {
  const buyer = await Buyer.open(server, 'shanxing', 'B15');
  await buyer.say('运费');
  await server.stop();
  await server.start();
  await buyer.signIn();
  await buyer.connect();
  await until('the answer to what was said before', async () =>
    (await buyer.history()).some((m) => m.author.kind === 'bot' && m.text.includes('包邮')),
  );
  await buyer.close();
});
