// SPDX-License-Identifier: Apache-2.0
//
// The main job from end to end: the bot helps, a person takes over, nothing is lost, the buyer says how it was. And
// the rules of assignment, over real sockets with real people at work.
import type { InboxItem } from '@xiaoer/protocol/wire';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Buyer } from './lib/buyer.ts';
import { drop, run, sleep, until } from './lib/program.ts';
import { Server } from './lib/server.ts';
import { load, openShops, personRow, productRow, shopRow } from './lib/shop.ts';
import { Staff } from './lib/staff.ts';

const sql = (server: Server, text: string) =>
  execFileSync('sqlite3', ['-separator', '|', join(server.data, 'xiaoer.db'), text])
    .toString()
    .trim();

describe('a buyer, the bot, a person, a rating', () => {
  let server: Server;
  beforeAll(async () => {
    server = await Server.demo();
  });
  afterAll(async () => {
    await server.stop();
    const checked = run(['check', '--data', server.data]);
    expect(checked.code, checked.out).toBe(0);
    await server.close();
  });

  test('the whole way', async () => {
    const buyer = await Buyer.open(server, 'shanxing', 'B01');
    expect(buyer.session.shop).toMatchObject({ name: '山行户外', open_now: true, agents_online: 0 });
    expect(buyer.session.shop.faq.length).toBeGreaterThan(0);

    // The bot finds the parcel.
    const answer = await buyer.ask('我的快递到哪了');
    await until('the card', () => buyer.messages.some((m) => m.kind === 'order_card'));
    expect(buyer.messages.find((m) => m.kind === 'order_card')!.order).toMatchObject({
      order_id: 'E10001',
      status: 'shipped',
    });
    expect(answer[0]!.ai).toBe(true);

    // A person is asked for in own words; nobody is there yet, so a place is all that is promised.
    await buyer.say('机器人说不清楚，我想跟真人说话');
    const waiting = await buyer.handler('queue');
    await until('a place', () => buyer.conversation?.queue?.position === 1);
    expect(waiting.agent).toBeNull();
    const { id } = waiting;

    // Somebody comes online and gets it, with a reason.
    const bailu = await Staff.online(server, 'shanxing', 'bailu');
    const row = (await bailu.given(id)).item;
    expect(row).toMatchObject({ handler: 'agent', contact: { name: expect.any(String) }, channel: 'web' });
    const served = await buyer.handler('agent');
    expect(served.agent).toEqual({ name: '白露' });
    await until('the joining', () => buyer.messages.some((m) => m.kind === 'system' && m.event === 'assigned'));
    const detail = await bailu.detail(id);
    expect(detail.contact).toMatchObject({ buyer: 'B01', guest: false, orders: 3 });
    expect(detail.summary).toContain('E10001');
    expect(detail.reasons.map((r) => r.kind)).toContain('route');
    expect(detail.reasons.every((r) => r.text.length > 0)).toBe(true);
    expect(detail.understanding?.intent).toMatch(/^(ship_track|human_request)$/);
    expect((await bailu.inbox('mine')).counts).toMatchObject({ mine: 1, queue: 0 });

    // The bot is silent; the two talk.
    const asked = await buyer.say('我的快递到底几点能到');
    bailu.live.send({ type: 'watch', conversation: id, since: 0 });
    await bailu.live.wait('message', (f) => f.seq === asked.seq && f.message.text === '我的快递到底几点能到');
    expect(await bailu.say(id, '您好，我是白露，正在帮您查。')).toMatchObject({ type: 'ack', conversation: id });
    await until('her words', () =>
      buyer.messages.some((m) => m.author.kind === 'agent' && m.text.includes('白露，正在')),
    );
    expect(await bailu.say(id, '这位顾客催过两次了', 'note')).toMatchObject({ type: 'ack' });
    const card = await bailu.post(`/conversations/${id}/messages`, {
      client_id: 'card-1',
      kind: 'order_card',
      order_id: 'E10001',
    });
    expect(card.status, card.text).toBe(201);
    expect(
      (
        await bailu.post(`/conversations/${id}/messages`, {
          client_id: 'card-2',
          kind: 'order_card',
          order_id: 'E10004',
        })
      ).status,
    ).toBe(422);
    await until('her card', () =>
      buyer.messages.some((m) => m.author.kind === 'agent' && m.order?.order_id === 'E10001'),
    );
    await sleep(200);
    const since = buyer.messages.find((m) => m.event === 'assigned')!.seq;
    expect(buyer.messages.filter((m) => m.author.kind === 'bot' && m.seq > since)).toEqual([]);

    // A colleague takes over, with a note that only people see.
    const nanxing = await Staff.online(server, 'shanxing', 'nanxing');
    const away = await bailu.post(`/conversations/${id}/transfer`, {
      to_person: (await bailu.get('/people')).items.find((p: { alias: string }) => p.alias === '小满').id,
      note: '',
    });
    expect(away.status, away.text).toBe(409);
    const moved = await bailu.post(`/conversations/${id}/transfer`, { to_person: nanxing.me.id, note: '请跟进快递' });
    expect(moved.status, moved.text).toBe(204);
    await nanxing.given(id);
    await until('the other name', () => buyer.conversation?.agent?.name === '南星');
    expect(await bailu.say(id, '我还想说一句')).toMatchObject({ type: 'error', code: 'not_yours' });
    expect(await nanxing.say(id, '您好，我接着帮您处理。')).toMatchObject({ type: 'ack' });

    // Resolved, with a category that exists.
    expect((await nanxing.post(`/conversations/${id}/resolve`, { category: 'no-such' })).status).toBe(422);
    const category = (await nanxing.get('/categories')).items[0].id;
    expect((await bailu.post(`/conversations/${id}/resolve`, { category })).status).toBe(409);
    expect((await nanxing.post(`/conversations/${id}/resolve`, { category, note: '已告知' })).status).toBe(204);
    const closed = await buyer.handler('closed');
    expect(closed).toMatchObject({ rating_open: true, rated: false });
    await until('the request', () => buyer.messages.some((m) => m.kind === 'rating_request'));

    // The rating belongs to who served; it can be changed for a day.
    const rated = await buyer.api(`/conversations/${id}/rating`, {
      method: 'POST',
      body: { stars: 4, solved: true, tags: ['fast'], text: '挺快' },
    });
    expect(rated.status, rated.text).toBe(201);
    expect(
      (await buyer.api(`/conversations/${id}/rating`, { method: 'POST', body: { stars: 5, solved: true } })).status,
    ).toBe(201);
    for (const stars of [0, 6, 2.5, '5'])
      expect((await buyer.api(`/conversations/${id}/rating`, { method: 'POST', body: { stars } })).status).toBe(422);
    expect(sql(server, `SELECT agent_id, stars FROM rating WHERE conversation_id = ${id}`)).toBe(`${nanxing.me.id}|5`);
    await until('the row', async () => (await nanxing.inbox('closed')).items.find((r) => r.id === id)?.rating === 5);

    // Nothing of it was lost, and the buyer never saw what was not meant for them.
    const history = await buyer.history();
    expect(history.filter((m) => m.kind === 'note')).toEqual([]);
    expect(JSON.stringify(history)).not.toMatch(/催过两次|请跟进快递|已告知/);
    const all = await nanxing.messages(id);
    expect(all.map((m) => m.seq)).toEqual(all.map((_, i) => i + 1));
    expect(all.filter((m) => m.kind === 'note').map((m) => m.text)).toEqual([
      '这位顾客催过两次了',
      '请跟进快递',
      '已告知',
    ]);
    expect(run(['show', 'conversation', id, '--data', server.data]).json).toMatchObject({
      handler: 'closed',
      category,
      buyer: 'B01',
    });

    // The next word begins a new conversation, with the bot.
    const next = await buyer.ask('你好');
    expect(next.at(-1)!.conversation).not.toBe(id);
    expect(buyer.conversation).toMatchObject({ handler: 'bot', agent: null });
    for (const staff of [bailu, nanxing]) {
      await staff.status('offline');
      await staff.close();
    }
    await buyer.close();
  });

  test("the bot's own rating names its version; a thumb is for what the bot said", async () => {
    const buyer = await Buyer.open(server, 'shanxing', 'B02');
    const [first] = await buyer.ask('发什么快递');
    const conversation = buyer.conversation!.id;
    const thumb = (seq: number) =>
      buyer.api(`/conversations/${conversation}/feedback`, {
        method: 'POST',
        body: { seq, helpful: false, reason: 'beside' },
      });
    expect((await thumb(first!.seq)).status).toBe(201);
    expect((await thumb(1)).status).toBe(422); // the buyer's own words
    expect((await thumb(999)).status).toBe(404);
    buyer.live.send({ type: 'end' });
    await buyer.handler('closed');
    expect(
      (await buyer.api(`/conversations/${conversation}/rating`, { method: 'POST', body: { stars: 3 } })).status,
    ).toBe(201);
    expect(
      sql(server, `SELECT agent_id IS NULL, bot_version <> '' FROM rating WHERE conversation_id = ${conversation}`),
    ).toBe('1|1');
    await buyer.close();
  });

  test('a rating is over after a day', async () => {
    const buyer = await Buyer.open(server, 'shanxing', 'B04');
    await buyer.ask('你好');
    buyer.live.send({ type: 'end' });
    const { id } = await buyer.handler('closed');
    await buyer.close();
    await server.stop();
    await server.start(25 * 3600_000);
    await buyer.signIn();
    expect(buyer.conversation).toBeNull();
    const late = await buyer.api(`/conversations/${id}/rating`, { method: 'POST', body: { stars: 5 } });
    expect(late.status, late.text).toBe(409);
    expect(late.json.code).toBe('too_late');
    await server.stop();
    await server.start();
  });

  test('a buyer who leaves the queue is with the bot again', async () => {
    const buyer = await Buyer.open(server, 'shanxing', 'B05');
    await buyer.human();
    await buyer.handler('queue');
    buyer.live.send({ type: 'cancel_queue' });
    await buyer.handler('bot');
    expect((await buyer.ask('发什么快递')).some((m) => m.author.kind === 'bot')).toBe(true);
    buyer.live.send({ type: 'cancel_queue' });
    await buyer.live.wait('error', (f) => f.code === 'not_found');
    buyer.live.send({ type: 'end' });
    await buyer.handler('closed');
    await buyer.close();
  });

  test('a person takes what the bot has: one of two, and never above the cap', async () => {
    const buyers = await Promise.all(['B06', 'B07', 'B08', 'B09'].map((id) => Buyer.open(server, 'shanxing', id)));
    const ids = await Promise.all(buyers.map(async (b) => (await b.say('你好')).conversation));
    const one = await Staff.online(server, 'shanxing', 'xiaoman'); // cap 3
    const two = await Staff.online(server, 'shanxing', 'azhou');
    const takes = await Promise.all([
      one.post(`/conversations/${ids[0]}/take`),
      two.post(`/conversations/${ids[0]}/take`),
    ]);
    expect(takes.map((t) => t.status).sort()).toEqual([200, 409]);
    const [winner, loser] = takes[0]!.status === 200 ? [one, two] : [two, one];
    expect((await winner.post(`/conversations/${ids[0]}/take`)).status).toBe(200); // again changes nothing
    expect((await loser.detail(ids[0]!)).item.agent!.id).toBe(winner.me.id);
    const rest = await Promise.all(ids.slice(1).map((id) => one.post(`/conversations/${id}/take`)));
    const load = (await one.get('/me')).load;
    expect(load).toBe(winner === one ? 3 : 3);
    expect(rest.filter((r) => r.status === 200)).toHaveLength(winner === one ? 2 : 3);
    for (const refused of rest.filter((r) => r.status !== 200)) expect(refused.json.code).toBe('cap_reached');
    for (const staff of [one, two]) {
      await staff.status('offline');
      await staff.close();
    }
    await Promise.all(
      buyers.map(async (b) => {
        b.live.send({ type: 'end' });
        await b.handler('closed');
        await b.close();
      }),
    );
  });
});

// ---- assignment ------------------------------------------------------------------------------------------------

/** A shop with people of one skill and the given caps, one server. */
async function desk(caps: number[], more: object[] = []) {
  const people = caps.map((concurrency, i) => personRow(`A${i + 1}`, 'S1', ['agent'], { concurrency, ...more[i] }));
  const made = openShops([shopRow('S1')], people);
  load(made.data, 'products', [productRow('P1', 'S1')]);
  const server = await Server.start({ data: made.data, args: ['--measure'] });
  const agents = await Promise.all(
    people.map((p) => Staff.join(server, 'S1', made.codes[p.id]!, `name.${p.id}`, 'correct horse battery')),
  );
  const buyer = (id: string) => Buyer.open(server, 'S1', id, made.secrets['S1']!);
  const come = async (agent: Staff) => {
    await agent.connect();
    await agent.status('online');
  };
  const leave = async () => {
    await server.stop();
    const checked = run(['check', '--data', made.data]);
    expect(checked.code, checked.out).toBe(0);
    await server.close();
    drop(made.data);
  };
  return { server, agents, buyer, come, leave };
}

/** Conversations as they are given to a person, in that order. */
const givenTo = (staff: Staff) => {
  const seen: string[] = [];
  for (const { item } of staff.live.of('inbox'))
    if (item.agent?.id === staff.me.id && !seen.includes(item.id)) seen.push(item.id);
  return seen;
};

describe('assignment', () => {
  test('three people with three places and thirty buyers at once: no cap is passed, everybody is served, in order', async () => {
    const { server, agents, buyer, come, leave } = await desk([3, 3, 3]);
    const buyers = await Promise.all(Array.from({ length: 30 }, (_, i) => buyer(`B${i}`)));
    await Promise.all(agents.map(come));
    await Promise.all(buyers.map((b) => b.human()));
    await until('nine to be served', async () => (await agents[0]!.inbox('queue')).counts.queue === 21);

    const caps = async () => {
      const people = (await agents[0]!.get('/people')).items as { load: number; cap: number }[];
      for (const p of people) expect(p.load).toBeLessThanOrEqual(p.cap);
      return people.reduce((n, p) => n + p.load, 0);
    };
    expect(await caps()).toBe(9);
    await until('places 1 to 21', () => {
      const now = buyers.flatMap((b) =>
        b.conversation?.handler === 'queue' && b.conversation.queue ? [b.conversation.queue.position] : [],
      );
      return now.length === 21 && new Set(now).size === 21 && Math.max(...now) === 21;
    });

    // Who waits longest is next: the order of the queue is the order of the serving.
    const queue = (await agents[0]!.inbox('queue', '&limit=100')).items.map((r) => r.id);
    const served: string[] = [];
    for (let left = 30; left > 0;) {
      for (const agent of agents) {
        const mine = (await agent.inbox('mine')).items as InboxItem[];
        for (const row of mine) {
          expect((await agent.post(`/conversations/${row.id}/resolve`, { category: 'other' })).status).toBe(204);
          left--;
        }
        await until('the next', async () => {
          const now = await agent.inbox('queue');
          return now.counts.queue === 0 || (await caps()) === 9;
        });
      }
    }
    for (const line of sql(
      server,
      `SELECT conversation_id FROM decision WHERE kind = 'route' ORDER BY at_ms, json_extract(input, '$.queued_ms'), conversation_id`,
    ).split('\n'))
      served.push(line);
    expect(new Set(served).size).toBe(30);
    const after = served.filter((id) => queue.includes(id));
    const seniority = new Map(
      sql(server, 'SELECT conversation_id, queued_ms FROM conversation')
        .split('\n')
        .map((l) => l.split('|') as [string, string]),
    );
    const times = after.map((id) => Number(seniority.get(id)));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(
      sql(server, "SELECT count(*) FROM decision WHERE kind = 'route' AND (reason = '' OR input = '' OR outcome = '')"),
    ).toBe('0');
    await Promise.all([...buyers.map((b) => b.close()), ...agents.map((a) => a.close())]);
    await leave();
  }, 60_000);

  test('the longest waiting first, one after the other; an urgent one before them', async () => {
    const { agents, buyer, come, leave } = await desk([1]);
    const agent = agents[0]!;
    const buyers = [];
    for (let i = 0; i < 4; i++) {
      const b = await buyer(`B${i}`);
      await b.human();
      await b.handler('queue');
      buyers.push(b);
      await sleep(5);
    }
    const hurt = await buyer('B9');
    await hurt.say('用了你们的东西过敏了，脸都肿了');
    await hurt.handler('queue');
    await come(agent);
    const expected = [hurt, ...buyers].map((b) => b.conversation!.id);
    for (const id of expected) {
      await agent.given(id);
      expect((await agent.inbox('mine')).items.map((r) => r.id)).toEqual([id]);
      expect((await agent.post(`/conversations/${id}/resolve`, { category: 'other' })).status).toBe(204);
    }
    expect(givenTo(agent)).toEqual(expected);
    await Promise.all([hurt, ...buyers].map((b) => b.close()));
    await agent.close();
    await leave();
  });

  test('a group is served by those who can; the others are passed over and keep their place', async () => {
    const { agents, buyer, come, leave } = await desk(
      [5, 5],
      [{ skills: [{ skill: 'presale', level: 5 }] }, { skills: [{ skill: 'logistics', level: 5 }] }],
    );
    const [presale, logistics] = agents as [Staff, Staff];
    const b1 = await buyer('B1');
    await b1.say('我的快递到哪了');
    await b1.say('转人工');
    await b1.handler('queue');
    const group = (await presale.detail(b1.conversation!.id)).item.group;
    const [can, cannot] = group === 'logistics' ? [logistics, presale] : [presale, logistics];
    await come(cannot);
    await sleep(1_300); // longer than a tick of the desk
    expect(b1.conversation!.handler).toBe(group === '' ? 'agent' : 'queue');
    await come(can);
    await b1.handler('agent');
    expect((await can.detail(b1.conversation!.id)).item.agent!.id).toBe(group === '' ? cannot.me.id : can.me.id);
    await b1.close();
    await Promise.all(agents.map((a) => a.close()));
    await leave();
  });

  test('whoever served last is asked first, for 72 hours', async () => {
    const { server, agents, buyer, come, leave } = await desk([5, 5]);
    const [one, two] = agents as [Staff, Staff];
    const buyers = [await buyer('B1'), await buyer('B2')];
    await come(two); // alone: gets both
    for (const b of buyers) {
      await b.human();
      const { id } = await b.handler('agent');
      expect((await two.post(`/conversations/${id}/resolve`, { category: 'other' })).status).toBe(204);
      await b.handler('closed');
    }
    // Without this rule it were one's turn: idle for longer.
    for (const [i, hours, who] of [
      [0, 71, two],
      [1, 73, one],
    ] as [number, number, Staff][]) {
      await Promise.all([...agents.map((a) => a.close()), ...buyers.map((b) => b.live.close())]);
      await server.stop();
      await server.start(hours * 3600_000);
      for (const agent of agents) {
        await agent.signIn('correct horse battery');
        await come(agent);
      }
      const b = buyers[i]!;
      await b.signIn();
      await b.connect();
      await b.human();
      const { id } = await b.handler('agent');
      const detail = await one.detail(id);
      expect(detail.item.agent!.id, `after ${hours} h: ${JSON.stringify(detail.reasons)}`).toBe(who.me.id);
      expect((await who.post(`/conversations/${id}/resolve`, { category: 'other' })).status).toBe(204);
    }
    await Promise.all(agents.map((a) => a.close()));
    await leave();
  }, 60_000);

  test('somebody who goes offline gives everything back, to the front and with its waiting time', async () => {
    const { agents, buyer, come, leave } = await desk([2, 1]);
    const [one, two] = agents as [Staff, Staff];
    const [b1, b2] = [await buyer('B1'), await buyer('B2')];
    await come(one);
    for (const b of [b1, b2]) {
      await b.human();
      await b.handler('agent');
    }
    const b3 = await buyer('B3');
    await b3.human();
    await b3.handler('queue');
    await one.status('offline');
    for (const b of [b1, b2]) {
      await b.handler('queue');
      await until('the word', () => b.messages.some((m) => m.event === 'returned'));
    }
    await until('places', () => [b1, b2, b3].every((b, i) => b.conversation?.queue?.position === i + 1));
    expect((await one.get('/me')).load).toBe(0);
    await come(two); // one place
    await b1.handler('agent');
    expect([b2, b3].map((b) => b.conversation!.handler)).toEqual(['queue', 'queue']);
    // On a break nothing new comes, and nothing is taken away.
    await one.status('online');
    await b2.handler('agent');
    await one.status('break');
    expect((await two.post(`/conversations/${b1.conversation!.id}/resolve`, { category: 'other' })).status).toBe(204);
    await b3.handler('agent');
    expect(b2.conversation!.handler).toBe('agent');
    await Promise.all([b1, b2, b3].map((b) => b.close()));
    await Promise.all(agents.map((a) => a.close()));
    await leave();
  });

  test('somebody who drops off has three minutes; then it is back at the front of the queue', async () => {
    const { server, agents, buyer, come, leave } = await desk([2]);
    const agent = agents[0]!;
    const b1 = await buyer('B1');
    await come(agent);
    await b1.human();
    const { id } = await b1.handler('agent');
    await agent.live.close(true);
    await until(
      'the loss to be stored',
      () => sql(server, "SELECT gone_ms > 0 FROM person WHERE external_id = 'A1'") === '1',
    );
    const b2 = await buyer('B2');
    await b2.human();
    await sleep(1_300); // longer than a tick of the desk
    expect(b2.conversation!.handler).toBe('queue'); // nothing new for who is not here
    expect(b1.conversation!.handler).toBe('agent');
    // The clock goes on while the server is down: nothing is decided by a timer that a restart forgets.
    const back = async (minutes: number) => {
      await Promise.all([b1, b2].map((b) => b.live.close()));
      await server.stop();
      await server.start(minutes * 60_000);
      for (const b of [b1, b2]) {
        await b.signIn();
        await b.connect();
      }
    };
    await back(2);
    await sleep(1_300);
    expect(b1.conversation).toMatchObject({ id, handler: 'agent' });
    await back(4);
    await b1.handler('queue');
    await until('the first place', () => b1.conversation?.queue?.position === 1);
    await until('the second place', () => b2.conversation?.queue?.position === 2);
    expect(sql(server, "SELECT status FROM person WHERE external_id = 'A1'")).toBe('offline');
    await Promise.all([b1, b2].map((b) => b.close()));
    await leave();
  });

  test('a reload is no loss: the conversation stays', async () => {
    const { server, agents, buyer, come, leave } = await desk([2]);
    const agent = agents[0]!;
    const b1 = await buyer('B1');
    await come(agent);
    await b1.human();
    const { id } = await b1.handler('agent');
    await b1.say('一');
    await agent.live.close(true);
    await b1.say('二');
    await agent.connect();
    agent.live.send({ type: 'watch', conversation: id, since: 0 });
    await agent.live.wait('message', (f) => f.message.text === '二');
    expect(
      agent.live
        .of('message')
        .filter((f) => f.conversation === id)
        .map((f) => f.seq),
    ).toEqual((await agent.messages(id)).map((m) => m.seq));
    expect(await agent.say(id, '我回来了')).toMatchObject({ type: 'ack' });
    expect((await agent.get('/me')).status).toBe('online');
    expect(sql(server, "SELECT gone_ms FROM person WHERE external_id = 'A1'")).toBe('0');
    await b1.close();
    await agent.close();
    await leave();
  });

  test('an agent who says the same with the same client_id says it once', async () => {
    const { agents, buyer, come, leave } = await desk([2]);
    const agent = agents[0]!;
    const b1 = await buyer('B1');
    await come(agent);
    await b1.human();
    const { id } = await b1.handler('agent');
    const body = { client_id: 'same', kind: 'text', text: '您好' };
    const first = await agent.post(`/conversations/${id}/messages`, body);
    expect(first.status).toBe(201);
    const again = await agent.post(`/conversations/${id}/messages`, body);
    expect([again.status, again.json]).toEqual([200, first.json]);
    expect((await agent.post(`/conversations/${id}/messages`, { ...body, text: '别的' })).status).toBe(409);
    agent.live.send({ type: 'send', conversation: id, client_id: 'same', text: '您好' });
    expect(await agent.live.answer('same')).toMatchObject({ type: 'ack', seq: first.json.seq });
    await sleep(100);
    expect(b1.messages.filter((m) => m.text === '您好')).toHaveLength(1);
    await b1.close();
    await agent.close();
    await leave();
  });
});
