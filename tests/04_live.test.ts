// SPDX-License-Identifier: Apache-2.0
//
// The live socket: acknowledged means stored, once and in order, however often the line breaks; whoever does not
// keep to the protocol gets a clear error or a closed connection, and nobody else notices.
import type { Message } from '@xiaoer/protocol/wire';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Buyer } from './lib/buyer.ts';
import { Live } from './lib/live.ts';
import { run, sleep, until } from './lib/program.ts';
import { frame, Raw } from './lib/raw.ts';
import { Server } from './lib/server.ts';
import { Staff } from './lib/staff.ts';

let server: Server;
const open = (id: string | null = null) => Buyer.open(server, 'shanxing', id);

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

/** Every message of a conversation is there once, 1 to n. */
function expectGapless(messages: Message[], conversation: string): void {
  const seqs = messages.filter((m) => m.conversation === conversation).map((m) => m.seq);
  expect(seqs).toEqual(seqs.map((_, i) => i + 1));
}

describe('signing in', () => {
  test('nothing is heard before auth', async () => {
    const live = await Live.open(server.port);
    live.send({ type: 'send', client_id: 'x', text: 'hello' });
    expect(await live.wait('error')).toMatchObject({ code: 'bad_token', client_id: 'x' });
    live.send({ type: 'ping' });
    await live.wait('pong');
    await live.close();
  });

  test.each([
    ['a wrong token', { type: 'auth', token: 'b1.abc.def' }],
    ['no token', { type: 'auth' }],
    ['a token that is no text', { type: 'auth', token: { a: 1 } }],
    ['a long token', { type: 'auth', token: 'x'.repeat(5000) }],
    ['a wrong ticket', { type: 'auth', ticket: 'x'.repeat(43) }],
  ])('%s: an error, and the line is closed', async (_name, auth) => {
    const live = await Live.open(server.port);
    live.send(auth);
    expect(await live.wait('error')).toMatchObject({ code: 'bad_token' });
    expect((await live.waitClose()).code).toBe(1008);
  });

  test('auth twice ends the connection', async () => {
    const buyer = await open();
    buyer.live.send({ type: 'auth', token: buyer.session.token });
    await buyer.live.wait('error', (f) => f.code === 'bad_token');
    await buyer.live.waitClose();
  });

  test('a ticket works once, and not after a restart of the clock of 30 seconds', async () => {
    const staff = await Staff.signIn(server, 'shanxing', 'azhou');
    const ticket = await staff.ticket();
    const first = await Live.open(server.port);
    first.send({ type: 'auth', ticket });
    await first.wait('ready');
    const second = await Live.open(server.port);
    second.send({ type: 'auth', ticket });
    expect(await second.wait('error')).toMatchObject({ code: 'bad_token' });
    await second.waitClose();
    await first.close();
  });

  test('a page of another origin may not connect; the own one and programs may', async () => {
    for (const origin of [
      'https://evil.example',
      'null',
      `http://127.0.0.1:${server.port}.evil.example`,
      `http://evil.example/127.0.0.1:${server.port}`,
      'http://127.0.0.1:1',
    ])
      await expect(Live.open(server.port, { origin }), origin).rejects.toThrow(/403/);
    for (const origin of [`http://127.0.0.1:${server.port}`, `https://127.0.0.1:${server.port}`])
      await (await Live.open(server.port, { origin })).close();
  });

  test('a plain request, and an old version, are told', async () => {
    expect((await server.api('/live')).status).toBe(400);
    const old = await server.api('/live', {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'Sec-WebSocket-Version': '8',
      },
    });
    expect(old.status).toBe(400);
  });
});

describe('saying', () => {
  test('an acknowledgement comes after the message is durable, with its place', async () => {
    const buyer = await open();
    const sent = await buyer.say('你好');
    expect(sent).toMatchObject({ seq: 1, conversation: expect.stringMatching(/^\d+$/) });
    expect(Date.parse(sent.at)).toBeGreaterThan(Date.now() - 10_000);
    // Another program sees it at once.
    const shown = run(['show', 'conversation', sent.conversation, '--data', server.data]);
    expect(shown.json.messages[0]).toMatchObject({ seq: 1, author: 'buyer', text: '你好' });
    await until('the bot', () => buyer.messages.some((m) => m.author.kind === 'bot'));
    expect(buyer.messages.every((m) => m.ai === (m.author.kind === 'bot' ? true : undefined))).toBe(true);
    await buyer.close();
  });

  test('the order is 1..n without a gap, for all who look', async () => {
    const buyer = await open('B12');
    const acks = await Promise.all(Array.from({ length: 12 }, (_, i) => buyer.say(`第${i}句话`)));
    expect(acks.map((a) => a.seq)).toEqual(acks.map((a) => a.seq).sort((a, b) => a - b)); // as they were sent
    await sleep(300);
    const history = (await buyer.history()).filter((m) => m.conversation === acks[0]!.conversation);
    expectGapless(history, acks[0]!.conversation);
    const own = history.filter((m) => m.author.kind === 'buyer').map((m) => m.text);
    expect(own).toEqual(acks.map((_, i) => `第${i}句话`));
    await buyer.close();
  });

  test('a retry has no second effect: at once, after a reconnect, and after the end of the conversation', async () => {
    const buyer = await open('B13');
    const client_id = randomUUID();
    const first = await buyer.say('只说一次', { client_id });
    expect(await buyer.say('只说一次', { client_id })).toMatchObject({
      seq: first.seq,
      conversation: first.conversation,
    });
    const storm = await Promise.all(Array.from({ length: 5 }, () => buyer.try({ text: '只说一次', client_id })));
    for (const ack of storm) expect(ack).toMatchObject({ type: 'ack', seq: first.seq });
    await buyer.reconnect(true);
    expect(await buyer.say('只说一次', { client_id })).toMatchObject({ seq: first.seq });
    expect(await buyer.say('只说一次', { client_id, conversation: first.conversation })).toMatchObject({
      seq: first.seq,
    });

    buyer.live.send({ type: 'end' });
    await buyer.handler('closed');
    const after = await buyer.say('只说一次', { client_id, conversation: first.conversation });
    expect(after).toMatchObject({ seq: first.seq, conversation: first.conversation });
    expect((await buyer.history()).filter((m) => m.text === '只说一次')).toHaveLength(1);
    await buyer.close();
  });

  test('other words under a client_id are a conflict', async () => {
    const buyer = await open();
    const { client_id } = await buyer.say('一句话', { client_id: 'mine' });
    expect(await buyer.try({ text: '另一句话', client_id })).toMatchObject({
      type: 'error',
      code: 'conflict',
      client_id,
    });
    // The same id of another buyer is another id.
    const other = await open();
    expect(await other.say('另一句话', { client_id: 'mine' })).toMatchObject({ seq: 1 });
    await Promise.all([buyer.close(), other.close()]);
  });

  test('what cannot be said is told, and the line stays', async () => {
    const buyer = await open();
    const bad: [object, string][] = [
      [{ text: '' }, 'bad_frame'],
      [{ text: '   ' }, 'bad_frame'],
      [{ text: 7 }, 'bad_frame'],
      [{}, 'bad_frame'],
      [{ text: '好'.repeat(2001) }, 'too_long'],
      [{ text: 'a\u0007b' }, 'bad_frame'],
      [{ text: 'x', kind: 'note' }, 'bad_frame'],
      [{ text: 'x', kind: 'system' }, 'bad_frame'],
      [{ text: 'x', kind: 'toString' }, 'bad_frame'],
      [{ text: 'x', conversation: '999' }, 'not_found'],
      [{ text: 'x', conversation: 'abc' }, 'not_found'],
      [{ kind: 'order_card', order_id: 'E10001' }, 'not_found'],
      [{ kind: 'product_card', product_id: 'P999' }, 'not_found'],
    ];
    for (const [body, code] of bad)
      expect(await buyer.try(body), JSON.stringify(body).slice(0, 80)).toMatchObject({ type: 'error', code });
    for (const client_id of ['', 'x'.repeat(65), undefined, 7, 'a\u0000b'.replace('\u0000', '\u0001')]) {
      const from = buyer.live.frames.length;
      buyer.live.send({ type: 'send', text: 'x', client_id });
      expect((await buyer.live.wait('error', () => true, 3_000, from)).code).toBe('bad_frame');
    }
    for (const type of ['dance', '', null, 'toString', 'watch2']) {
      const from = buyer.live.frames.length;
      buyer.live.send({ type });
      expect((await buyer.live.wait('error', () => true, 3_000, from)).code).toBe('bad_frame');
    }
    expect(await buyer.history()).toEqual([]);
    expect(await buyer.try({ kind: 'product_card', product_id: 'P101' })).toMatchObject({ type: 'ack', seq: 1 });
    await buyer.close();
  });

  test("another buyer's conversation is as if it were not there", async () => {
    const [one, two] = [await open('B14'), await open('B15')];
    const { conversation } = await one.say('我的秘密');
    expect(await two.try({ text: '听得到吗', conversation })).toMatchObject({ type: 'error', code: 'not_found' });
    await two.live.close();
    await two.connect({ conversation, since: 0 });
    expect(two.conversation).toBeNull();
    expect(two.messages).toEqual([]);
    await Promise.all([one.close(), two.close()]);
  });

  test('a conversation that one only names is not followed: neither its typing nor its place is heard', async () => {
    const one = await open('B16');
    await one.human();
    const staff = await Staff.online(server, 'shanxing', 'bailu');
    await one.handler('agent');
    const conversation = one.conversation!.id;
    staff.live.send({ type: 'watch', conversation, since: 0 });
    const spy = new Buyer(server, 'shanxing', null);
    await spy.signIn();
    await spy.connect({ conversation, since: 0 });
    staff.live.send({ type: 'typing', conversation, on: true });
    await one.live.wait('typing', (f) => f.on);
    await sleep(100);
    expect(spy.live.frames.filter((f) => f.type !== 'ready')).toEqual([]);
    // Nor can one speak into it.
    const before = staff.live.frames.length;
    spy.live.send({ type: 'typing', on: true });
    spy.live.send({ type: 'read', seq: 1 });
    one.live.send({ type: 'typing', on: true });
    await staff.live.wait('typing', (f) => f.conversation === conversation, 5_000, before);
    await sleep(100);
    expect(staff.live.frames.slice(before).filter((f) => f.type === 'typing' || f.type === 'read')).toHaveLength(1);
    await staff.status('offline');
    one.live.send({ type: 'end' });
    await one.handler('closed');
    await Promise.all([one.close(), spy.close(), staff.close()]);
  });
});

describe('coming back', () => {
  test('from every seq, exactly what was missed', async () => {
    const buyer = await open('B17');
    for (const text of ['发什么快递', '轻量冲锋衣多少钱', '谢谢']) await buyer.ask(text);
    const { conversation } = await buyer.say('再见');
    await sleep(300);
    const all = (await buyer.history()).filter((m) => m.conversation === conversation);
    expectGapless(all, conversation);
    await buyer.live.close();
    for (let since = 0; since <= all.length + 1; since++) {
      buyer.forget();
      await buyer.connect({ conversation, since });
      expect(
        buyer.messages.map((m) => m.seq),
        `since ${since}`,
      ).toEqual(all.slice(since).map((m) => m.seq));
      expect(buyer.messages).toEqual(all.slice(since));
      await buyer.live.close(since % 2 === 0);
    }
    expect(buyer.faults).toEqual([]);
  });

  test('a since that was never given does not make one deaf', async () => {
    const buyer = await open();
    const { conversation } = await buyer.say('在吗');
    await buyer.live.close();
    await buyer.connect({ conversation, since: 1_000_000 });
    await buyer.ask('发什么快递');
    await buyer.close();
  });

  test('while buyers talk and lines break at any moment, everybody hears everything once, in order', async () => {
    const talkers = await Promise.all(['B18', 'B19', 'B20', 'B21'].map((id) => open(id)));
    await Promise.all(
      talkers.map(async (buyer, n) => {
        for (let i = 0; i < 10; i++) {
          const client_id = `storm-${n}-${i}`;
          const sending = buyer.try({ text: `断线测试 ${i}`, client_id }).catch(() => null);
          if ((i + n) % 3 === 0) {
            await sleep((i * 7 + n * 3) % 12);
            await buyer.reconnect(true);
          }
          let ack = await sending;
          ack ??= await buyer.try({ text: `断线测试 ${i}`, client_id });
          expect(ack).toMatchObject({ type: 'ack' });
        }
      }),
    );
    await sleep(500);
    for (const buyer of talkers) {
      const history = await buyer.history();
      const { id } = buyer.conversation!;
      expectGapless(history, id);
      for (let i = 0; i < 10; i++) expect(history.filter((m) => m.text === `断线测试 ${i}`)).toHaveLength(1);
      // What the screen got, and what it said itself, is the whole conversation.
      const heard = new Set(buyer.messages.filter((m) => m.conversation === id).map((m) => m.seq));
      for (const m of history.filter((h) => h.conversation === id && h.author.kind !== 'buyer'))
        expect(heard, `seq ${m.seq}`).toContain(m.seq);
      await buyer.close();
    }
  });

  test('two tabs see the same, each thing once', async () => {
    const one = await open('B22');
    const two = new Buyer(server, 'shanxing', 'B22');
    await two.signIn();
    await two.connect();
    const sent = await one.say('发什么快递');
    await until('the other tab', () => two.messages.some((m) => m.author.kind === 'bot'));
    const there = two.messages.find((m) => m.seq === sent.seq)!;
    expect(there).toMatchObject({ text: '发什么快递', author: { kind: 'buyer' }, conversation: sent.conversation });
    await two.say('谢谢');
    await until('the first tab', () => one.messages.some((m) => m.text === '谢谢'));
    expect(one.messages.filter((m) => m.seq === sent.seq)).toEqual([]); // its own came back as an ack only
    await Promise.all([one.close(), two.close()]);
  });

  test('a stopping server says so, and the next one has everything', async () => {
    const own = await Server.demo();
    const buyer = await Buyer.open(own, 'shanxing', 'B23');
    const sent = await buyer.say('你好');
    await sleep(200);
    const ended = own.stop();
    await buyer.live.wait('reconnect', (f) => f.after_ms > 0);
    await buyer.live.waitClose();
    expect(await ended).toBe(0);
    await own.start();
    await buyer.connect();
    expect(buyer.conversation?.id).toBe(sent.conversation);
    await buyer.ask('发什么快递');
    expectGapless(await buyer.history(), sent.conversation);
    await buyer.close();
    await own.close();
  });
});

describe('between buyer and person', () => {
  test('typing and read pass through, and are kept', async () => {
    const buyer = await open('B24');
    await buyer.human();
    const staff = await Staff.online(server, 'shanxing', 'bailu');
    const { id: conversation } = await buyer.handler('agent');
    staff.live.send({ type: 'watch', conversation, since: 0 });
    await staff.live.wait('message', (f) => f.conversation === conversation);

    buyer.live.send({ type: 'typing', on: true });
    expect(await staff.live.wait('typing')).toMatchObject({ conversation, author: 'buyer', on: true });
    staff.live.send({ type: 'typing', conversation, on: true });
    expect(await buyer.live.wait('typing')).toMatchObject({ conversation, author: 'agent', on: true });

    const sent = await buyer.say('您好');
    await staff.live.wait('message', (f) => f.seq === sent.seq);
    staff.live.send({ type: 'read', conversation, seq: sent.seq });
    expect(await buyer.live.wait('read')).toMatchObject({ conversation, seq: sent.seq, reader: 'agent' });
    await until('the mark', async () => (await staff.detail(conversation)).item.unread === 0);
    await buyer.reconnect();
    expect(buyer.conversation!.agent_read).toBe(sent.seq);

    expect((await staff.post(`/conversations/${conversation}/resolve`, { category: 'other' })).status).toBe(204);
    await staff.status('offline');
    await Promise.all([buyer.close(), staff.close()]);
  });

  test('what only buyers or only people may do is refused to the other', async () => {
    const buyer = await open();
    const { conversation } = await buyer.say('你好');
    const staff = await Staff.signIn(server, 'shanxing', 'azhou');
    await staff.connect();
    for (const type of ['human', 'end', 'cancel_queue']) {
      const from = staff.live.frames.length;
      staff.live.send({ type, client_id: 'x' });
      expect((await staff.live.wait('error', () => true, 3_000, from)).code).toBe('not_allowed');
    }
    expect(await staff.say(conversation, '我来回答')).toMatchObject({ type: 'error', code: 'not_yours' });
    expect(await staff.say('999', '我来回答')).toMatchObject({ type: 'error', code: 'not_found' });
    expect(await staff.say(conversation, '只给同事看', 'note')).toMatchObject({ type: 'ack' });
    buyer.live.send({ type: 'watch', conversation, since: 0 });
    await sleep(200);
    expect(buyer.messages.some((m) => m.text === '只给同事看')).toBe(false);
    await Promise.all([buyer.close(), staff.close()]);
  });
});

// ---- broken and hostile ----------------------------------------------------------------------------------------

/** A signed-in socket without manners. */
async function rawBuyer(): Promise<Raw> {
  const buyer = new Buyer(server, 'shanxing', null);
  await buyer.signIn();
  const raw = await Raw.upgrade(server.port);
  raw.json({ type: 'auth', token: buyer.session.token });
  await raw.until((t) => t.includes('"ready"'));
  return raw;
}

describe('broken frames', () => {
  const text = (value: object) => JSON.stringify(value);
  const closing: [string, () => Buffer | Buffer[]][] = [
    ['an unmasked frame', () => frame(text({ type: 'ping' }), { mask: false })],
    ['a binary frame', () => frame(text({ type: 'ping' }), { opcode: 2 })],
    ['a frame of 1 MB', () => frame(text({ type: 'send', client_id: 'big', text: 'x'.repeat(1 << 20) }))],
    ['a header that promises 16 EB', () => frame('x', { length: 0xfffffffffff })],
    [
      'text that is no UTF-8',
      () =>
        frame(
          Buffer.concat([
            Buffer.from('{"type":"send","client_id":"u","text":"'),
            Buffer.from([0xc3, 0x28]),
            Buffer.from('"}'),
          ]),
        ),
    ],
    [
      'a surrogate in UTF-8',
      () =>
        frame(
          Buffer.concat([
            Buffer.from('{"type":"send","client_id":"u","text":"'),
            Buffer.from([0xed, 0xa0, 0x80]),
            Buffer.from('"}'),
          ]),
        ),
    ],
    ['a lone surrogate as \\u', () => frame('{"type":"send","client_id":"u","text":"\\ud83d"}')],
    ['a NUL as \\u', () => frame('{"type":"send","client_id":"u","text":"a\\u0000b"}')],
    ['no JSON', () => frame('hello')],
    ['an array', () => frame('[1]')],
    ['an empty frame', () => frame('')],
    ['a reserved opcode', () => frame('x', { opcode: 5 })],
    ['a reserved bit', () => frame('x', { rsv: 0x40 })],
    ['a continuation of nothing', () => frame('x', { opcode: 0 })],
    ['two beginnings', () => [frame('{"ty', { fin: false }), frame('{"type":"ping"}')]],
    ['a ping of 126 bytes', () => frame('x'.repeat(126), { opcode: 9 })],
    ['a fragmented ping', () => frame('x', { opcode: 9, fin: false })],
    ['a close with a code of 1 byte', () => frame('x', { opcode: 8 })],
    ['JSON nested 10,000 deep', () => frame('['.repeat(10_000))],
    [
      'fragments that grow without end',
      () => [
        frame('{"type":"send","text":"', { fin: false }),
        ...Array.from({ length: 40 }, () => frame('x'.repeat(1000), { opcode: 0, fin: false })),
      ],
    ],
  ];

  test.each(closing)('%s closes the connection', async (_name, make) => {
    const raw = await rawBuyer();
    for (const part of [make()].flat()) raw.write(part);
    expect(await raw.closes(4_000)).toBe(true);
    expect((await server.http('/healthz')).status).toBe(200);
  });

  test('fragments, a ping in between, bytes one by one: understood', async () => {
    const raw = await rawBuyer();
    const whole = text({ type: 'send', client_id: 'parts', text: '分成三段的话' });
    raw.write(frame(whole.slice(0, 10), { fin: false }));
    raw.write(frame('are you there', { opcode: 9 }));
    raw.write(frame(whole.slice(10, 30), { opcode: 0, fin: false }));
    raw.write(frame(whole.slice(30), { opcode: 0 }));
    await raw.until((t) => t.includes('"ack"') && t.includes('are you there'));
    for (const byte of frame(text({ type: 'send', client_id: 'slow', text: '一个字节一个字节' }))) {
      raw.write(Buffer.from([byte]));
      await sleep(1);
    }
    await raw.until((t) => t.includes('"client_id":"slow"'));
    raw.write(
      Buffer.concat([frame(text({ type: 'ping' })), frame(text({ type: 'ping' })), frame(text({ type: 'ping' }))]),
    );
    await raw.until((t) => t.split('"pong"').length === 4);
    raw.write(frame(Buffer.from([0x03, 0xe8]), { opcode: 8 }));
    expect(await raw.closes()).toBe(true);
  });

  test('texts of every script come back as they were sent', async () => {
    const buyer = await open('B25');
    for (const said of [
      '😀👨‍👩‍👧‍👦🇨🇳',
      'שלום עולם',
      '\u202eabc\u202c',
      'Z̴̡̢a̶l̷g̸o̶',
      '<b onclick=alert(1)>&amp;</b>',
      "'; DROP TABLE message; --",
      '\ufeff x',
      'ﷺ',
      '𠜎𠜱𠝹',
      'a\nb\tc',
    ]) {
      const sent = await buyer.say(said);
      const stored = (await buyer.history()).find((m) => m.seq === sent.seq && m.conversation === sent.conversation)!;
      expect(stored.text.trim()).toBe(said.trim());
    }
    await buyer.close();
  });
});

describe('too much', () => {
  test('a flood of one buyer is told to wait, and another is answered within a second', async () => {
    const [loud, calm] = [await open('B26'), await open('B27')];
    await calm.ask('你好');
    const from = loud.live.frames.length;
    for (let i = 0; i < 400; i++) loud.live.send({ type: 'send', client_id: `flood-${i}`, text: `洪水 ${i}` });
    const began = Date.now();
    await calm.ask('发什么快递');
    expect(Date.now() - began).toBeLessThan(1_000);
    const limited = await loud.live.wait('error', (f) => f.code === 'rate_limited', 5_000, from);
    expect(limited.retry_after_ms).toBeGreaterThan(0);
    await until(
      'all answers',
      () => loud.live.frames.slice(from).filter((f) => f.type === 'ack' || f.type === 'error').length === 400,
      15_000,
    );
    const acks = loud.live.of('ack');
    expect(acks.length).toBeLessThanOrEqual(20);
    await sleep(300);
    const stored = (await loud.history()).filter((m) => m.text.startsWith('洪水'));
    expect(stored).toHaveLength(acks.length);
    await Promise.all([loud.close(), calm.close()]);
  });

  test('many sockets, reconnects and requests of one buyer have one limit', async () => {
    const buyers = await Promise.all(Array.from({ length: 4 }, () => open('B28')));
    const answers = await Promise.all(
      buyers.flatMap((b, n) => Array.from({ length: 15 }, (_, i) => b.try({ text: `多头 ${n}-${i}` }))),
    );
    expect(answers.filter((a) => a.type === 'ack')).toHaveLength(20);
    await buyers[0]!.reconnect();
    expect(await buyers[0]!.try({ text: '再来' })).toMatchObject({ type: 'error', code: 'rate_limited' });
    const asked = await buyers[0]!.api('/messages', { method: 'POST', body: { client_id: 'http', text: '换条路' } });
    expect(asked.status).toBe(429);
    expect(asked.json.code).toBe('rate_limited');
    expect(Number(asked.headers['retry-after'])).toBeGreaterThan(0);
    await Promise.all(buyers.map((b) => b.close()));
  });

  test('a reader that does not read is closed, and others are not kept waiting', async () => {
    const buyer = new Buyer(server, 'shanxing', 'B29');
    await buyer.signIn();
    await buyer.connect();
    const { conversation } = await buyer
      .ask('发什么快递')
      .then(() => buyer.conversation!)
      .then((c) => ({ conversation: c.id }));
    const lazy = await Raw.connect(server.port);
    lazy.handshake(server.port);
    await lazy.until((t) => t.includes('101'));
    lazy.socket.pause(); // from now on nothing is read
    lazy.json({ type: 'auth', token: buyer.session.token, conversation, since: 0 });
    const ping = frame(JSON.stringify({ type: 'ping' }));
    const many = Buffer.concat(Array.from({ length: 2000 }, () => ping));
    let worst = 0;
    const calm = await open('B30');
    const sockets = () => server.metric('xiaoer_live_sockets');
    const before = await sockets();
    for (let i = 0; i < 250 && !lazy.socket.destroyed; i++) {
      lazy.write(many);
      if (i % 50 === 0) {
        const began = Date.now();
        await calm.say(`别人在说话 ${i}`);
        worst = Math.max(worst, Date.now() - began);
      }
      await sleep(2);
      if (i % 10 === 0 && (await sockets()) < before) break;
    }
    await until('the lazy one to be gone', async () => (await sockets()) < before, 15_000);
    expect(worst).toBeLessThan(1_000);
    lazy.end();
    await Promise.all([buyer.close(), calm.close()]);
  });

  test('2,000 connections that say nothing make room after some ten seconds', async () => {
    const before = await server.metric('xiaoer_live_sockets');
    const silent: Raw[] = [];
    for (let i = 0; i < 20; i++)
      silent.push(...(await Promise.all(Array.from({ length: 100 }, () => Raw.upgrade(server.port)))));
    const began = Date.now();
    expect(await server.metric('xiaoer_live_sockets')).toBe(before + 2000);
    const calm = await open();
    await calm.ask('发什么快递'); // served beside them
    expect(Date.now() - began).toBeLessThan(2_000);
    await until('all to be closed', () => silent.every((s) => s.closed), 20_000, 200);
    expect(Date.now() - began).toBeGreaterThan(7_000);
    expect(await server.metric('xiaoer_live_sockets')).toBe(before + 1);
    await calm.ask('谢谢');
    await calm.close();
    for (const s of silent) s.end();
  }, 40_000);

  test('connections that do not even speak HTTP do not hold the server up', async () => {
    const mute = await Promise.all(Array.from({ length: 300 }, () => Raw.connect(server.port)));
    const half = await Promise.all(Array.from({ length: 50 }, () => Raw.connect(server.port)));
    for (const h of half) h.write('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const began = Date.now();
    const calm = await open();
    await calm.ask('发什么快递');
    expect(Date.now() - began).toBeLessThan(2_000);
    await calm.close();
    for (const m of [...mute, ...half]) m.end();
  });

  test('memory is bounded: after all this the process is small', async () => {
    const { readFileSync } = await import('node:fs');
    const kb = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))![1]);
    expect(kb).toBeLessThan(250_000);
  });
});
