// SPDX-License-Identifier: Apache-2.0
//
// What people do to orders, cases, work orders and rules over the API: what each may do and why not, limits that need a
// second person, one effect a key, and which open cases a new rule would touch.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Buyer } from './lib/buyer.ts';
import { drop, run } from './lib/program.ts';
import { Server } from './lib/server.ts';
import { load, openShops, orderRow, personRow, productRow, shopRow } from './lib/shop.ts';
import { Staff } from './lib/staff.ts';

const PASSWORD = 'correct horse battery';
const paid = { status: 'paid', shipped_at: undefined, parcels: [] };

let made: ReturnType<typeof openShops>;
let server: Server;
let agent: Staff; // after-sale
let presale: Staff;
let crowd: Staff;
let owner: Staff;
let other: Staff; // of another shop

beforeAll(async () => {
  const people = [
    personRow('S1-agent', 'S1', ['agent']),
    personRow('S1-presale', 'S1', ['agent'], { skills: [{ skill: 'presale', level: 3 }] }),
    personRow('S1-crowd', 'S1', ['crowd']),
    personRow('S1-owner', 'S1', ['owner']),
    personRow('S2-owner', 'S2', ['owner']),
  ];
  made = openShops([shopRow('S1'), shopRow('S2')], people);
  const skus = [
    { id: 'P1-BK-L', attributes: { 颜色: '黑', 尺码: 'L' }, price_cents: 42900, stock: 12 },
    { id: 'P1-BK-XL', attributes: { 颜色: '黑', 尺码: 'XL' }, price_cents: 42900, stock: 1 },
  ];
  load(made.data, 'products', [productRow('P1', 'S1', { price_cents: 42900, skus })]);
  load(made.data, 'orders', [
    ...['E1', 'E2', 'E3', 'E4'].map((id) => orderRow(id, 'S1', 'B1', paid)),
    orderRow('E5', 'S1', 'B1'),
    orderRow('E6', 'S1', 'B2', paid),
  ]);
  server = await Server.start({ data: made.data });
  const join = (id: string, shop: string) => Staff.join(server, shop, made.codes[id]!, `name.${id}`, PASSWORD);
  [agent, presale, crowd, owner, other] = await Promise.all([
    join('S1-agent', 'S1'),
    join('S1-presale', 'S1'),
    join('S1-crowd', 'S1'),
    join('S1-owner', 'S1'),
    join('S2-owner', 'S2'),
  ]);
});

afterAll(async () => {
  await server?.close();
  if (made) drop(made.data);
});

const act = (who: Staff, order: string, body: object) => who.post(`/orders/${order}/actions`, body);
const show = (order: string) => run(['show', 'order', order, '--data', made.data, '--json']).json;

describe('orders', () => {
  test('say what the caller may do with them, and why not', async () => {
    const may = async (who: Staff, order: string) =>
      Object.fromEntries(
        (await who.get(`/orders/${order}/actions`)).items.map((i: any) => [i.action, i.may || i.why]),
      );
    expect(await may(agent, 'E1')).toMatchObject({
      'order.change_address': true,
      'order.cancel': true,
      'order.extend_receipt': 'status',
      'logistics.intercept': 'status',
      'case.cancel': 'not_found',
    });
    expect(await may(agent, 'E5')).toMatchObject({ 'order.change_address': 'shipped', 'logistics.intercept': true });
    expect(await may(presale, 'E1')).toMatchObject({ 'order.change_address': true, 'case.open': 'role' });
    expect(await may(crowd, 'E1')).toMatchObject({ 'order.change_address': 'role', 'logistics.urge': 'role' });
    expect((await other.api('/orders/E1/actions')).status).toBe(404);
    expect((await agent.api('/orders/E99/actions')).status).toBe(404);
  });

  test('have their address changed once, after a confirmation', async () => {
    const address = { region: '浙江省/杭州市/余杭区', detail: '文一西路 969 号' };
    const wish = { action: 'order.change_address', address, key: 'sheet-1' };
    const asked = await act(agent, 'E1', wish);
    expect(asked.json).toMatchObject({ answer: 'needs_confirmation', order: 'E1' });
    expect(show('E1').address.detail).toBe('文三路 1 号');
    const [one, two] = await Promise.all([
      act(agent, 'E1', { ...wish, confirmed: true }),
      act(agent, 'E1', { ...wish, confirmed: true }), // the same sheet in another window
    ]);
    expect([one.json.answer, two.json.answer].sort()).toEqual(['done', 'same']);
    expect(show('E1').address).toMatchObject({ name: '张三', phone: '13800001234', ...address });
    const { done } = await agent.get('/orders/E1/actions');
    expect(done.filter((d: any) => d.action === 'order.change_address')).toHaveLength(1);
    expect(JSON.stringify(done)).not.toContain('文一西路');
  });

  test('refuse what is not right, and say so', async () => {
    const changed = (body: object) => act(agent, 'E2', { action: 'order.change_sku', confirmed: true, ...body });
    expect((await changed({})).json).toMatchObject({ answer: 'needs_slot', slot: 'sku' });
    expect((await changed({ sku: 'P9' })).json).toMatchObject({ answer: 'refused', why: 'bad_value' });
    expect((await changed({ sku: 'P1-BK-XL' })).json).toMatchObject({ answer: 'done' });
    expect((await act(agent, 'E3', { action: 'order.change_sku', sku: 'P1-BK-XL', confirmed: true })).json).toMatchObject({
      answer: 'refused',
      why: 'no_stock',
    });
    expect((await act(agent, 'E5', { action: 'order.cancel', confirmed: true })).json).toMatchObject({ why: 'shipped' });
    expect((await act(agent, 'E1', { action: 'order.pay_me' })).status).toBe(422);
    expect((await act(agent, 'E1', { action: 'order.cancel', buyer: 'B2' })).status).toBe(422);
    expect((await act(other, 'E1', { action: 'order.cancel', confirmed: true })).status).toBe(404);
  });
});

describe('cases', () => {
  let id: string;

  test('are opened by a cancel, and show their history, deadline and buttons', async () => {
    const done = (await act(agent, 'E4', { action: 'order.cancel', confirmed: true })).json;
    expect(done).toMatchObject({ answer: 'done', amount_cents: 42900, case: { type: 'refund_only' } });
    id = done.case.id;
    const shown = await owner.get(`/cases/${id}`);
    expect(shown.case).toMatchObject({ id, order: 'E4', state: 'wait_seller_unshipped', deadline_at: done.due_at });
    expect(shown.case.history[0]).toMatchObject({ event: 'opened', actor: 'agent' });
    expect(shown.case.history[0].rules).toHaveProperty('refund.unshipped.seller');
    expect(shown.buttons).toEqual(expect.arrayContaining(['agree', 'refuse']));
    expect(shown.buttons).not.toContain('withdraw');
    expect(shown.state_text.length).toBeGreaterThan(1);
    expect((await owner.get('/cases?order=E4')).items).toHaveLength(1);
    expect((await other.api(`/cases/${id}`)).status).toBe(404);
  });

  test('are agreed to by an agent only with a second confirmation, and above the limit with a second person', async () => {
    const agree = (more: object) => agent.post(`/cases/${id}/events`, { event: 'agree', ...more });
    expect((await agree({})).json).toMatchObject({ answer: 'needs_confirmation' });
    load(made.data, 'policies', [
      { shop: 'S1', key: 'approve.agent_confirmed', value: '20000', from: '2020-01-01', scope: 'shop' },
    ]);
    const waits = (await agree({ confirmed: true, key: 'sheet-2' })).json;
    expect(waits).toMatchObject({ answer: 'needs_second', amount_cents: 42900 });
    const list = await owner.get('/actions');
    expect(list.items).toHaveLength(1);
    expect(list.items[0]).toMatchObject({ id: waits.id, event: 'agree', order: 'E4', status: 'waiting' });
    expect((await agent.post(`/actions/${waits.id}/approve`)).status).toBe(403);
    expect((await other.post(`/actions/${waits.id}/approve`)).status).toBe(404);
    const yes = await owner.post(`/actions/${waits.id}/approve`);
    expect(yes.json).toMatchObject({ answer: 'done', case: { state: 'success', refunded_cents: 42900 } });
    expect((await owner.post(`/actions/${waits.id}/approve`)).status).toBe(409);
    expect(show('E4')).toMatchObject({ status: 'closed', refunded_cents: 42900 });
  });

  test('are stale for who saw an older version', async () => {
    const { case: c } = (await act(agent, 'E3', { action: 'order.cancel', confirmed: true })).json;
    const refuse = { event: 'refuse', reason: '已经打包', seen_version: 1 };
    expect((await agent.post(`/cases/${c.id}/events`, refuse)).json).toMatchObject({ answer: 'done' });
    expect((await agent.post(`/cases/${c.id}/events`, refuse)).status).toBe(409);
    expect((await agent.post(`/cases/${c.id}/events`, { event: 'paid' })).json).toMatchObject({ why: 'role' });
    expect((await crowd.post(`/cases/${c.id}/events`, { event: 'agree' })).status).toBe(403);
  });

  test('are shown to their own buyer only', async () => {
    const [one, two] = await Promise.all([
      Buyer.open(server, 'S1', 'B1', made.secrets['S1']!),
      Buyer.open(server, 'S1', 'B2', made.secrets['S1']!),
    ]);
    const of = async (b: Buyer, query: string) =>
      (await server.api(`/widget/cases${query}`, { token: b.session.token })).json.items;
    expect(await of(one, '?order=E4')).toHaveLength(1);
    expect(await of(one, '')).toHaveLength(2);
    expect(await of(two, '?order=E4')).toEqual([]);
    expect(await of(two, '')).toEqual([]);
    await Promise.all([one.close(), two.close()]);
  });
});

describe('goodwill', () => {
  test('of an agent has a limit; a leader may say no', async () => {
    const give = (amount_cents: number) =>
      act(agent, 'E6', { action: 'goodwill.give', amount_cents, confirmed: true, key: `g${amount_cents}` });
    expect((await give(600)).json).toMatchObject({ answer: 'done' });
    const waits = (await give(500)).json;
    expect(waits).toMatchObject({ answer: 'needs_second' });
    expect((await owner.post(`/actions/${waits.id}/reject`, { reason: '够了' })).status).toBe(200);
    expect((await owner.post(`/actions/${waits.id}/approve`)).status).toBe(409);
    expect((await give(20000)).json).toMatchObject({ answer: 'refused', why: 'amount' });
  });
});

describe('work orders', () => {
  test('have a number, a due time, and go from hand to hand', async () => {
    const urged = (await act(agent, 'E5', { action: 'logistics.urge' })).json;
    expect(urged).toMatchObject({ answer: 'done', carrier_phone: '95311', ticket: expect.stringMatching(/^W-\d{8}-\d{4}$/) });
    const again = (await act(agent, 'E5', { action: 'logistics.urge' })).json;
    expect(again).toMatchObject({ answer: 'refused', why: 'too_soon', ticket: urged.ticket });
    const open = await owner.get('/work-orders?team=logistics');
    expect(open.items).toHaveLength(1);
    expect(open.items[0]).toMatchObject({ ticket: urged.ticket, state: 'open', overdue: false, due_at: urged.due_at });
    const path = `/work-orders/${open.items[0].id}`;
    expect((await owner.post(`${path}/take`, { seen_version: 1 })).json).toMatchObject({ state: 'taken' });
    expect((await agent.post(`${path}/answer`, { text: '今天派送', seen_version: 1 })).status).toBe(409);
    expect((await agent.post(`${path}/answer`, {})).status).toBe(422);
    expect((await agent.post(`${path}/answer`, { text: '今天派送' })).json).toMatchObject({ state: 'answered' });
    expect((await agent.post(`${path}/done`, {})).json).toMatchObject({ state: 'done' });
    expect((await agent.post(`${path}/done`, {})).status).toBe(409);
    expect((await agent.get(path)).history.map((e: any) => e.event)).toEqual(['opened', 'take', 'answer', 'done']);
    expect((await other.api(path)).status).toBe(404);
    const own = await agent.post('/work-orders', { team: 'warehouse', text: '查一下库存', order: 'E6' });
    expect(own.json).toMatchObject({ team: 'warehouse', kind: 'other', order: 'E6', buyer: 'B2' });
    expect((await agent.post('/work-orders', { team: 'kitchen', text: 'x' })).status).toBe(422);
  });
});

describe('policies', () => {
  test('are listed with source and mark, and a new version is the shop’s own', async () => {
    const { items } = await agent.get('/policies?key=refund.unshipped.seller');
    expect(items.map((p: any) => [p.value, p.in_force])).toEqual([
      ['48h', false],
      ['24h', true],
    ]);
    expect(items[1]).toMatchObject({ owner: 'shipped', kind: 'duration', source: expect.any(String), mark: 'V2' });
    const version = { key: 'refund.unshipped.seller', value: '12h', from: '2026-01-01' };
    expect((await agent.post('/policies', version)).status).toBe(403);
    expect((await owner.post('/policies', { ...version, value: 'soon' })).status).toBe(422);
    expect((await owner.post('/policies', { ...version, value: '5%' })).status).toBe(422);
    expect((await owner.post('/policies', { ...version, key: 'refund.whatever' })).status).toBe(422);
    expect((await owner.post('/policies', { ...version, scope: 'platform' })).status).toBe(422);
    expect((await owner.post('/policies', version)).json).toMatchObject({ owner: 'shop', scope: 'shop', in_force: true });
    expect((await other.get('/policies?key=refund.unshipped.seller')).items).toHaveLength(2);
  });

  test('touch the open cases of orders that were placed while they run', async () => {
    const touched = (from: string, more = '', key = 'refund.refused.buyer') =>
      owner.get(`/policies/${key}/touched?from=${encodeURIComponent(from)}${more}`);
    const scope = (category: string) => `&scope=${encodeURIComponent(`category:${category}`)}`;
    expect(await touched('2020-01-01')).toMatchObject({ touched: 1, untouched: 0 });
    const later = await touched(new Date(Date.now() + 86400_000).toISOString());
    expect(later).toMatchObject({ touched: 0, untouched: 1, items: [{ order: 'E3', why: 'placed_outside' }] });
    expect(await touched('2020-01-01', scope('鞋靴'))).toMatchObject({ items: [{ why: 'other_goods' }] });
    expect(await touched('2020-01-01', scope('服饰'))).toMatchObject({ touched: 1 });
    expect(await touched('2020-01-01', '', 'insure.audit')).toMatchObject({ items: [{ why: 'not_asked' }] });
  });

  test('switch an action off for everybody', async () => {
    const off = { key: 'action.off', value: '["order.add_note"]', from: new Date(Date.now() - 1000).toISOString() };
    expect((await owner.post('/policies', off)).status).toBe(200);
    expect((await act(owner, 'E6', { action: 'order.add_note', text: 'x' })).json).toMatchObject({ why: 'switched_off' });
    expect((await owner.get('/orders/E6/actions')).items).toContainEqual(
      expect.objectContaining({ action: 'order.add_note', may: false, why: 'switched_off' }),
    );
  });
});

test('and all that is stored is in order', () => {
  const checked = run(['check', '--data', made.data, '--json']);
  expect(checked.out + checked.err, checked.out).toMatch(/"breaches":\s*(0|\[\])/);
  expect(checked.code).toBe(0);
});
