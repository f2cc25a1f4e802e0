// SPDX-License-Identifier: Apache-2.0
//
// A shop with a system of its own (docs/shop-system.md): its orders come in by webhook and by pull, what is asked for is
// done there, and a line that is bad in every way does nothing twice and blocks nobody.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Buyer } from './lib/buyer.ts';
import { run, until } from './lib/program.ts';
import { Server } from './lib/server.ts';
import { load, openShops, orderRow, personRow, productRow, shopRow } from './lib/shop.ts';
import { hook, SECRET, ShopSystem } from './lib/shop_system.ts';
import { Staff } from './lib/staff.ts';

const ago = (hours: number) => new Date(Date.now() - hours * 3600_000).toISOString();
const paid = (id: string, buyer: string, more: object = {}) =>
  orderRow(id, 'S1', buyer, { status: 'paid', created_at: ago(3), paid_at: ago(3), shipped_at: null, parcels: [], ...more });
const BUYERS = 24;
const policy = (key: string, value: string) => ({ key, value, from: '2020-01-01', shop: 'S1' });

let data: string;
let secrets: Record<string, string>;
let system: ShopSystem;
let server: Server;
let staff: Staff;
let next = 0;

/** Orders are used up: each test takes its own, with its buyer. */
const fresh = () => {
  next++;
  return { id: `E${100 + next}`, buyer: `B${next}` };
};

const show = (id: string) => run(['show', 'order', id, '--data', data]).json;
const ADDRESS = { name: '李四', phone: '13900001111', region: '上海市/上海市/徐汇区', detail: '漕溪路 9 号' };

/** An after-sale colleague asks for it, with the buyer's conversation. */
async function ask(order: string, action: object, conversation?: string) {
  const body = { confirmed: true, ...action, ...(conversation ? { conversation } : {}) };
  const answer = await staff.post(`/orders/${order}/actions`, body);
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
}

async function change(order: string, conversation?: string, address: object = ADDRESS) {
  return ask(order, { action: 'order.change_address', address }, conversation);
}

/** The buyer in the chat, with a conversation that the bot has. */
async function sits(buyer: string): Promise<Buyer> {
  const b = await Buyer.open(server, 'S1', buyer, secrets['S1']);
  await b.ask('你好');
  return b;
}

/** Every invariant holds. */
function checked(): void {
  const done = run(['check', '--data', data]);
  expect(done.code, done.out).toBe(0);
}

const heard = (b: Buyer, words: RegExp) => b.messages.filter((m) => words.test(m.text)).length;

beforeAll(async () => {
  const people = [personRow('A1', 'S1', ['agent']), personRow('L1', 'S1', ['leader', 'owner'])];
  const opened = openShops([shopRow('S1'), shopRow('S2')], people);
  ({ data, secrets } = opened);
  const orders = Array.from({ length: BUYERS }, (_, i) => paid(`E${101 + i}`, `B${1 + i}`));
  system = await ShopSystem.open({ orders, products: [productRow('P1', 'S1')] });
  load(data, 'systems', [{ shop: 'S1', kind: 'http', url: system.url, secret: SECRET }]);
  load(data, 'policies', [
    policy('outbox.retry_first', '1s'), policy('outbox.retry_longest', '1s'), policy('shop_system.slow', '2s'),
    policy('shop_system.timeout', '1s'), policy('shop_system.give_up', '5s'), policy('shop_system.pull', '1s'),
    policy('shop_system.pause', '1s'), policy('pay.external', 'on'), policy('outbox.jitter', '0%'),
  ]);
  server = await Server.start({ data });
  staff = await Staff.join(server, 'S1', opened.codes['L1']!, 'leader', 'correct horse 7');
});

afterAll(async () => {
  await server?.close();
  await system?.close();
});

beforeEach(() => {
  system.line = 'good';
  system.calls.length = 0;
});

describe('reading', () => {
  test('the first pull brings products and orders, and what the shop says of itself', async () => {
    const last = await until('the last order', () => {
      const got = run(['show', 'order', `E${100 + BUYERS}`, '--data', data]);
      return got.code === 0 ? got.json : null;
    });
    expect(last).toMatchObject({ shop: 'S1', buyer: `B${BUYERS}`, status: 'paid' });
    expect(run(['show', 'product', 'P1', '--data', data]).json.title).toBe('轻量冲锋衣');
    const state = await until('the pull is noted', async () => {
      const got = await staff.get('/shop-system');
      return got.pulled_at ? got : null;
    });
    expect(state).toMatchObject({ kind: 'http', url: system.url, error: '', left_alone: false });
    expect(state.actions).toContain('payment.refund');
  });

  test('importing the same system changes nothing; a bad address or secret is refused', () => {
    const row = { shop: 'S1', kind: 'http', url: system.url, secret: SECRET };
    expect(load(data, 'systems', [row])).toMatchObject({ added: 0, changed: 0 });
    for (const bad of [{ url: 'shop.example' }, { url: 'http://x/' }, { secret: 'hunter2' }, { kind: 'soap' }, { shop: 'S9' }])
      expect(run(['import', 'systems', '-', '--data', data], { input: JSON.stringify({ ...row, ...bad }) }).code).toBe(1);
  });

  test('a webhook is the newest word; what was said before does not come back', async () => {
    const { id, buyer } = fresh();
    const old = { version: 1_000, order: paid(id, buyer) };
    const row = system.change(id, { status: 'shipped', shipped_at: ago(1) });
    row.version = 1_001;
    system.shop.version = 1_001;
    const message = { data: { version: 1_001, order: row.order }, id: 'msg_once' };
    expect(await hook(server.port, 'S1', message)).toMatchObject({ status: 200, json: { status: 'taken' } });
    expect(show(id).status).toBe('shipped');
    expect((await hook(server.port, 'S1', message)).json.status, 'the same message').toBe('same');
    expect((await hook(server.port, 'S1', { data: old })).json.status, 'an older one, late').toBe('same');
    expect(show(id).status).toBe('shipped');
  });

  test('parcels alone', async () => {
    const { id } = fresh();
    const parcels = [{ carrier: '顺丰速运', tracking_no: 'SF1', events: [{ at: ago(0.1), kind: 'picked_up', text: '已揽收' }] }];
    const version = ++system.shop.version;
    const told = await hook(server.port, 'S1', {
      type: 'parcel.changed',
      data: { order_id: id, version, status: 'shipped', shipped_at: ago(0.2), parcels },
    });
    expect(told.json.status).toBe('taken');
    expect(show(id)).toMatchObject({ status: 'shipped', parcels, address: { region: '浙江省/杭州市/西湖区' } });
  });

  test('what a webhook lost, the pull finds', async () => {
    const { id } = fresh();
    system.change(id, { note: '请放门口' });
    await until('the note', () => show(id).note === '请放门口');
  });

  test('a product that is sold out', async () => {
    const product = productRow('P1', 'S1');
    (product.skus as { stock: number }[])[0]!.stock = 0;
    const version = ++system.shop.version;
    system.shop.products.set('P1', { version, product });
    await hook(server.port, 'S1', { type: 'product.changed', data: { version, product } });
    expect(run(['show', 'product', 'P1', '--data', data]).json.skus[0].stock).toBe(0);
  });

  test('only the shop is believed', async () => {
    const good = { data: { version: 9_999, order: paid('E900', 'B900') } };
    const refusals: [string, number, Parameters<typeof hook>[2], string?][] = [
      ['another secret', 401, { ...good, secrets: ['whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'] }],
      ['other bytes than signed', 401, { ...good, body: JSON.stringify({ type: 'order.changed', data: good.data }) }],
      ['recorded and played again', 401, { ...good, age: 400 }],
      ['from the future', 401, { ...good, age: -400 }],
      ['another shop with this secret', 401, good, 'S2'],
      ['a shop that is not there', 401, good, 'S404'],
      ['another shop’s order', 422, { data: { version: 9_999, order: { ...paid('E900', 'B900'), shop: 'S2' } } }],
      ['an order without items', 422, { data: { version: 9_999, order: { ...paid('E900', 'B900'), items: [] } } }],
      ['an unknown member', 422, { data: { version: 9_999, order: { ...paid('E900', 'B900'), total: 1 } } }],
      ['no version', 422, { data: { order: paid('E900', 'B900') } }],
      ['parcels of no order', 422, { type: 'parcel.changed', data: { order_id: 'E901', version: 1, parcels: [] } }],
    ];
    for (const [what, status, message, shop] of refusals)
      expect((await hook(server.port, shop ?? 'S1', message)).status, what).toBe(status);
    expect(run(['show', 'order', 'E900', '--data', data]).code).toBe(1);
    expect((await hook(server.port, 'S1', { type: 'customer.changed', data: {} })).json.status, 'news of no use').toBe('same');
  });
});

describe('doing', () => {
  test('an address is changed there, and the buyer hears so', async () => {
    const { id, buyer } = fresh();
    const b = await sits(buyer);
    const asked = await change(id, b.conversation!.id);
    expect(asked).toMatchObject({ answer: 'pending', order: id });
    await until('the buyer hears', () => heard(b, /收货地址已经改好/));
    expect(b.messages.at(-1)!.text).toContain('139****1111');
    expect(b.messages.at(-1)!.text).not.toContain('漕溪路');
    expect(system.order(id).address).toEqual(ADDRESS);
    expect(show(id).address).toEqual(ADDRESS);
    expect(system.calls).toHaveLength(1);
    await b.close();
  });

  test('in the chat: the bot says that it is handed on, not that it is done, until the shop has answered', async () => {
    const { id, buyer } = fresh();
    const b = await sits(buyer);
    system.line = 'pending';
    await b.ask('我想改一下收货地址');
    await b.ask('改成上海市徐汇区漕溪路9号 李四 13900001111');
    await b.ask('确认');
    expect(b.messages.at(-1)!.text).toMatch(/已经提?交给店铺系统办理/);
    expect(heard(b, /改好了|已经改好/)).toBe(0);
    expect(show(id).address.name).toBe('张三');
    system.line = 'good';
    await until('the buyer hears', () => heard(b, /收货地址已经改好/));
    expect(system.order(id).address).toMatchObject({ name: '李四', phone: '13900001111', detail: '漕溪路9号' });
    expect(show(id).address).toEqual(system.order(id).address);
    await b.close();
  });

  test('the shop says no, and the buyer hears why', async () => {
    const { id, buyer } = fresh();
    const b = await sits(buyer);
    system.order(id).status = 'shipped'; // it has left, and nobody has said so yet
    await change(id, b.conversation!.id);
    await until('the buyer hears', () => heard(b, /没有办成：包裹已经发出/));
    const log = (await staff.get(`/orders/${id}/actions`)).log ?? [];
    for (const row of log) expect(row).toMatchObject({ status: 'refused', why: 'shop_system' });
    expect(show(id).address.region).toBe('浙江省/杭州市/西湖区');
    await b.close();
  });

  test.each(['hangs', 'lost', 'nonsense', 'pending', 'down'] as const)('the line %s at first: it is done once', async (line) => {
    const { id, buyer } = fresh();
    const b = await sits(buyer);
    system.line = line;
    await change(id, b.conversation!.id);
    await until('a first try', () => system.calls.length > 0);
    await until('the buyer hears that it takes longer', () => heard(b, /店铺系统还没有回复/));
    system.line = 'good';
    await until('the buyer hears that it is done', () => heard(b, /收货地址已经改好/), 15_000);
    expect(system.order(id).address).toEqual(ADDRESS);
    expect(new Set(system.calls.map((c) => c.key)).size, 'one key').toBe(1);
    expect(new Set(system.calls.map((c) => c.id)).size, 'one webhook-id').toBe(1);
    expect(system.calls.length).toBeGreaterThan(1);
    expect([...system.shop.answers.keys()].filter((k) => k === system.calls[0]!.key)).toHaveLength(1);
    expect(heard(b, /店铺系统还没有回复/)).toBe(1);
    expect(heard(b, /收货地址已经改好/)).toBe(1);
    await b.close();
  });

  test('never an answer: people get it, the buyer hears so, and a late answer still counts', async () => {
    const { id, buyer } = fresh();
    const b = await sits(buyer);
    system.line = 'down';
    await change(id, b.conversation!.id);
    await until('the buyer hears', () => heard(b, /已转给同事处理，工单号 W-\d{8}-\d+/), 20_000);
    const ticket = /W-\d{8}-\d+/.exec(b.messages.at(-1)!.text)![0];
    const orders = (await staff.get('/work-orders?state=open')).items as { ticket: string; team: string; order: string }[];
    expect(orders.find((w) => w.ticket === ticket)).toMatchObject({ team: 'shop_system', order: id });
    system.line = 'good';
    const key = system.calls[0]!.key;
    const done = system.shop.act({ key, action: 'order.change_address', order_id: id, address: ADDRESS });
    expect((await hook(server.port, 'S1', { type: 'action.settled', data: { key, ...done } })).json.status).toBe('taken');
    expect((await hook(server.port, 'S1', { type: 'action.settled', data: { key, ...done } })).json.status).toBe('same');
    await until('the buyer hears after all', () => heard(b, /收货地址已经改好/));
    expect(show(id).address).toEqual(ADDRESS);
    await b.close();
  });

  test('a shop that hangs holds up nobody', async () => {
    const { id, buyer } = fresh();
    const b = await sits(buyer);
    const talk = async () => {
      const began = Date.now();
      for (const text of ['你好', '谢谢', '早上好']) await b.ask(text);
      return Date.now() - began;
    };
    const before = await talk();
    system.line = 'hangs';
    await change(id, b.conversation!.id);
    await until('it hangs', () => system.calls.length > 0);
    const during = await talk();
    expect(during).toBeLessThan(before + 1_000);
    system.line = 'good';
    await until('done', () => heard(b, /收货地址已经改好/), 15_000);
    await b.close();
  });

  test('the same wish in two windows is one', async () => {
    const { id } = fresh();
    const one = { action: 'order.add_note', text: '请放门口', key: `two-windows-${id}` };
    const both = await Promise.all([ask(id, one), ask(id, one)]);
    for (const answer of both) expect(answer.answer).toBe('pending');
    await until('the note', () => system.order(id).note === '请放门口');
    await until('the log', async () => (await ask(id, one)).answer === 'same');
    expect(system.calls).toHaveLength(1);
  });

  test('killed while the shop is at work: it is done once, and said once', async () => {
    const { id, buyer } = fresh();
    const b = await sits(buyer);
    system.line = 'hangs';
    await change(id, b.conversation!.id);
    await until('it hangs', () => system.calls.length > 0);
    await server.kill();
    system.line = 'good';
    await server.start();
    await b.reconnect(true);
    // what was leased by the dead server is free again after the lease at the latest; the shop may also say so itself
    const key = system.calls[0]!.key;
    const answer = system.shop.answers.get(key);
    await hook(server.port, 'S1', { type: 'action.settled', data: { key, ...answer } });
    await until('done', () => heard(b, /收货地址已经改好/));
    expect(heard(b, /收货地址已经改好/)).toBe(1);
    checked();
    await b.close();
  });
});

describe('paying', () => {
  const cancel = (id: string) => ask(id, { action: 'order.cancel', reason: 'not_wanted' });
  const casesOf = (id: string) => show(id).cases as { id: string; state: string }[];
  const agree = async (id: string) => {
    const [one] = casesOf(id);
    if (one!.state === 'paying') return;
    const answer = await staff.post(`/cases/${one!.id}/events`, { event: 'agree', confirmed: true });
    expect(answer.status, answer.text).toBe(200);
  };

  test('a refund is reserved, paid there, and committed; the order is closed on both sides', async () => {
    const { id } = fresh();
    expect((await cancel(id)).answer).toBe('done');
    await agree(id);
    await until('success', () => casesOf(id)[0]!.state === 'success');
    expect(system.shop.refunded[id]).toBe(42_900);
    expect(show(id)).toMatchObject({ refunded_cents: 42_900, status: 'closed' });
    checked();
  });

  test('the answer is lost: it is paid once', async () => {
    const { id } = fresh();
    system.line = 'lost';
    await cancel(id);
    await agree(id);
    await until('a try', () => system.calls.length > 1);
    expect(casesOf(id)[0]!.state).toBe('paying');
    expect(show(id).refunded_cents).toBe(0);
    system.line = 'good';
    await until('success', () => casesOf(id)[0]!.state === 'success', 15_000);
    expect(system.shop.refunded[id]).toBe(42_900);
    expect(show(id).refunded_cents).toBe(42_900);
  });

  test('sent after all: the refund that was asked for before ends, and the trade goes on', async () => {
    const { id } = fresh();
    await cancel(id);
    expect(casesOf(id)[0]!.state).toBe('wait_seller_unshipped');
    const row = system.change(id, { status: 'shipped', shipped_at: ago(0.1) });
    expect((await hook(server.port, 'S1', { data: { version: row.version, order: row.order } })).json.status).toBe('taken');
    expect(casesOf(id)[0]!.state).toBe('closed');
    expect(show(id).status).toBe('shipped');
  });

  test('the shop refuses to pay: people decide, and nothing has moved', async () => {
    const { id } = fresh();
    system.shop.refunded[id] = 1; // somebody gave back something already
    await cancel(id);
    await agree(id);
    await until('review', () => casesOf(id)[0]!.state === 'pay_review');
    expect(show(id).refunded_cents).toBe(0);
    expect(system.shop.refunded[id]).toBe(1);
    checked();
  });
});

describe('the owner', () => {
  test('changes the secret without a gap', async () => {
    const rotated = await staff.post('/shop-system/secret');
    expect(rotated.status, rotated.text).toBe(200);
    const { secret } = rotated.json as { secret: string };
    expect(secret).toMatch(/^whsec_/);
    const version = () => ++system.shop.version;
    const order = paid('E800', 'B800');
    for (const one of [SECRET, secret])
      expect((await hook(server.port, 'S1', { data: { version: version(), order }, secrets: [one] })).status).toBe(200);
    const { id } = fresh(); // our calls are signed with both: the shop knows the old one only
    await change(id);
    await until('done', () => system.order(id).address.name === '李四');
    const state = await staff.get('/shop-system');
    expect(Date.parse(state.old_secret_until)).toBeGreaterThan(Date.now());
    expect(JSON.stringify(state)).not.toContain('whsec_');
  });

  test('cannot point the server into the house by a request', async () => {
    const put = await staff.api('/shop-system', { method: 'PUT', body: { kind: 'http', url: 'http://127.0.0.1:1' } });
    expect(put.status, put.text).toBe(200);
    await staff.post('/shop-system/check');
    const state = await until('the check', async () => {
      const got = await staff.get('/shop-system');
      return got.error ? got : null;
    });
    expect(state.error).toMatch(/forbidden|private/);
    expect((await staff.api('/shop-system', { method: 'PUT', body: { kind: 'http', url: 'gopher://x' } })).status).toBe(422);
  });
});
