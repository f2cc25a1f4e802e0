// SPDX-License-Identifier: Apache-2.0
//
// Who wants more than is theirs: another buyer's order, agreement or photo named in a frame; a claim that grows while the
// shop decides; a leader who would move the limits that bind them; and what of people's data lies in clear in the database.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Buyer } from './lib/buyer.ts';
import { drop, run } from './lib/program.ts';
import { Server } from './lib/server.ts';
import { load, openShops, orderRow, personRow, productRow, shopRow } from './lib/shop.ts';
import { Staff } from './lib/staff.ts';

const PASSWORD = 'correct horse battery';
const now = Date.now();
const hours = (n: number) => new Date(now - n * 3600_000).toISOString();
const fresh = { status: 'paid', shipped_at: undefined, parcels: [], created_at: hours(3), paid_at: hours(2) };
const here = { status: 'delivered', delivered_at: hours(1) };

let made: ReturnType<typeof openShops>;
let server: Server;
let agent: Staff;
let leader: Staff;
let crowd: Staff;
let owner: Staff;
let victim: Buyer;
let thief: Buyer;

beforeAll(async () => {
  made = openShops([shopRow('S1')], [
    personRow('agent', 'S1', ['agent']),
    personRow('leader', 'S1', ['leader']),
    personRow('crowd', 'S1', ['crowd']),
    personRow('owner', 'S1', ['owner']),
  ]);
  load(made.data, 'products', [productRow('P1', 'S1', { price_cents: 42900 })]);
  load(made.data, 'orders', [
    orderRow('E1', 'S1', 'B1', fresh),
    orderRow('E2', 'S1', 'B2', fresh),
    orderRow('E3', 'S1', 'B2', here),
    orderRow('E4', 'S1', 'B1', { ...fresh, items: [{ sub_id: 'E4-1', product: 'P1', sku: 'P1-BK-L', quantity: 3, paid_cents: 90000 }] }),
  ]);
  server = await Server.start({ data: made.data });
  const join = (id: string) => Staff.join(server, 'S1', made.codes[id]!, `name.${id}`, PASSWORD);
  [agent, leader, crowd, owner] = await Promise.all([join('agent'), join('leader'), join('crowd'), join('owner')]);
  const open = (id: string) => Buyer.open(server, 'S1', id, made.secrets['S1']!);
  [victim, thief] = await Promise.all([open('B1'), open('B2')]);
});

afterAll(async () => {
  await Promise.all([victim?.close(), thief?.close()]);
  await server?.close();
  if (made) drop(made.data);
});

const show = (order: string) => run(['show', 'order', order, '--data', made.data, '--json']).json;
const act = (who: Staff, order: string, body: object) => who.post(`/orders/${order}/actions`, { confirmed: true, ...body });
const sql = (text: string) => execFileSync('sqlite3', [join(made.data, 'xiaoer.db'), text]).toString();

describe('a frame that names what is another buyer’s', () => {
  const said = async (text: string, choice: object) =>
    (await thief.ask(text, { choice: choice as never }))
      .filter((m) => m.author.kind !== 'buyer')
      .map((m) => m.text)
      .join('\n');

  test('finds no order by it, whatever it is called', async () => {
    for (const choice of [
      { label: '取消', intent: 'order_cancel', order_id: 'E1' },
      { label: '改地址', intent: 'order_modify_address', order_id: 'E1' },
      { label: '退款', intent: 'refund_only_apply', order_id: 'E1', amount_cents: 1, buyer: 'B1' },
    ])
      expect(await said(choice.label, choice)).not.toMatch(/张|¥|冲锋衣|文三|确认吗/);
    expect(await thief.try({ kind: 'order_card', order_id: 'E1' })).toMatchObject({ type: 'error', code: 'not_found' });
    await said('确认', { label: '确认', intent: 'confirm_yes', order_id: 'E1' });
    expect(show('E1')).toMatchObject({ status: 'paid', cases: [], refunded_cents: 0 });
  });

  test('says yes to no agreement of theirs', async () => {
    await agent.connect();
    await agent.status('online');
    await victim.human();
    const { id } = await victim.handler('agent');
    const wish = { text: '补发配件', due_at: new Date(now + 86_400_000).toISOString(), order_id: 'E1', client_id: 'a1' };
    const offer = await agent.post(`/conversations/${id}/agreements`, wish);
    expect(offer.status, offer.text).toBeLessThan(300);
    await thief.say('同意', { choice: { label: '同意', agreement: offer.json.id, agree: true } as never });
    const { items } = await agent.get(`/conversations/${id}/agreements`);
    expect(items).toMatchObject([{ id: offer.json.id, state: 'proposed' }]);
  });

  test('fills in no form that was not asked', async () => {
    const values = { name: '贼', phone: '13900000000', region: '北京市/北京市/东城区', detail: '某街 1 号' };
    for (const id of ['1', 'address', '../x'])
      expect(await thief.try({ kind: 'form', form: { id, values } } as never)).toMatchObject({ type: 'error' });
    expect(show('E2').address.name).toBe('张三');
  });
});

describe('a claim', () => {
  test('that grows while a leader is asked is not what the leader says yes to', async () => {
    const opened = (await act(agent, 'E4', { action: 'case.open', type: 'refund_only', reason: 'not_wanted', amount_cents: 60000 }))
      .json;
    expect(opened).toMatchObject({ answer: 'done', amount_cents: 60000 });
    const path = `/cases/${opened.case.id}/events`;
    const waits = (await agent.post(path, { event: 'agree', confirmed: true })).json;
    expect(waits.answer).toBe('needs_second');
    const more = { action: 'case.modify', case: opened.case.id, amount_cents: 90000 };
    expect((await act(agent, 'E4', more)).json).toMatchObject({ answer: 'refused', case_answer: 'forbidden' }); // the buyer's alone
    const evidence = (await agent.post(path, { event: 'evidence' })).json; // the case has moved on meanwhile
    expect(evidence.answer).toBe('done');
    expect((await leader.post(`/actions/${waits.id}/approve`)).json).toMatchObject({ answer: 'refused', case_answer: 'stale' });
    expect(show('E4').refunded_cents).toBe(0);
  });
});

describe('permissions', () => {
  test('of a crowd agent end with its chat', async () => {
    const opening = { action: 'case.open', type: 'return_refund', reason: 'other' };
    expect((await act(crowd, 'E3', opening)).json).toMatchObject({ answer: 'refused', why: 'role' });
    expect((await act(crowd, 'E3', { action: 'price.protect' })).json).toMatchObject({ answer: 'refused', why: 'role' });
    expect((await act(crowd, 'E3', { ...opening, conversation: victim.conversation!.id })).json.why).toBe('role');
  });

  test('of a leader are the owner’s to set; a switch is not', async () => {
    const from = new Date(now - 1000).toISOString();
    for (const key of ['goodwill.order', 'goodwill.most', 'approve.agent', 'approve.bot_day'])
      expect((await leader.post('/policies', { key, value: '9999999', from })).status, key).toBe(403);
    const { items } = await owner.get('/policies?key=action.matrix');
    expect((await leader.post('/policies', { key: 'action.matrix', value: items[0].value, from })).status).toBe(403);
    expect((await owner.post('/policies', { key: 'goodwill.order', value: '2000', from })).status).toBe(200);
    expect((await leader.post('/policies', { key: 'action.off', value: '["goodwill.give"]', from })).status).toBe(200);
    expect((await act(owner, 'E3', { action: 'goodwill.give', amount_cents: 100 })).json.why).toBe('switched_off');
  });
});

test('a phone, a street and a name lie nowhere in clear but in what the buyer wrote', async () => {
  const lines = [
    '我想改一下收货地址', '改成浙江省杭州市西湖区文三路77弄3号 王秘密 13877776666', '确认',
    '帮我改电话 13855554444', '确认', '开发票', '王秘密', '确认',
  ];
  const returned = ['我要退货', '尺码不合适', '确认', '填单号', '顺丰 SF1234567890 我电话13822221111', '确认'];
  const chat = (input: string[], ...more: string[]) =>
    run(['chat', '--shop', 'S1', '--buyer', 'B2', '--data', made.data, '--json', ...more], { input: `${input.join('\n')}\n` });
  await server.close();
  load(made.data, 'orders', [orderRow('E3', 'S1', 'B2', here)]);
  const done = (ran: { lines: any[] }) => ran.lines.filter((t) => t.action?.status === 'done').map((t) => t.action.name);
  expect(done(chat(lines))).toEqual(['order.change_address', 'order.change_phone', 'invoice.request']);
  expect(done(chat(returned))).toEqual(['case.open', 'case.add_waybill']);
  const secret = /13877776666|13855554444|13822221111|文三路77弄|王秘密/;
  const tables = sql(`SELECT name FROM sqlite_master WHERE type = 'table'`).trim().split('\n');
  const open = tables.filter((name) => !name.startsWith('sqlite') && secret.test(sql(`SELECT * FROM "${name}"`)));
  expect(open.filter((name) => !/^message/.test(name))).toEqual([]);
  expect(sql(`SELECT waybill FROM aftersale WHERE waybill <> ''`)).not.toMatch(secret);
  const checked = run(['check', '--data', made.data, '--json']);
  expect(checked.out, checked.out).toMatch(/"breaches":\s*(0|\[\])/);
});
