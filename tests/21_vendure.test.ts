// SPDX-License-Identifier: Apache-2.0
//
// A real commerce server: Vendure with adapters/vendure, from npm. A buyer orders there, and then asks about the order,
// changes its address and gets the money back in the chat here.
//
// tests/commerce has a lock file of its own: `npm ci` there takes ten seconds and 160 MB.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Buyer } from './lib/buyer.ts';
import { ROOT, run, track, until } from './lib/program.ts';
import { Server } from './lib/server.ts';
import { load, openShops, personRow, shopRow } from './lib/shop.ts';
import { SECRET } from './lib/shop_system.ts';
import { Staff } from './lib/staff.ts';

const DIR = join(ROOT, 'tests/commerce');
const policy = (key: string, value: string) => ({ key, value, from: '2020-01-01', shop: 'V1' });

let commerce: ChildProcess;
let url: string;
let password: string;
let data: string;
let secret: string;
let server: Server;
let staff: Staff;

/** A session at one of Vendure's two APIs. */
class Graph {
  private token = '';

  constructor(private readonly api: 'shop-api' | 'admin-api') {}

  async ask(query: string, variables: object = {}): Promise<any> {
    const answer = await fetch(`${url}/${this.api}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(this.token && { authorization: `Bearer ${this.token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    this.token = answer.headers.get('vendure-auth-token') ?? this.token;
    const { data, errors } = (await answer.json()) as { data: any; errors?: unknown };
    expect(errors, query).toBeUndefined();
    for (const result of Object.values(data as Record<string, any>)) expect(result?.errorCode, query).toBeUndefined();
    return data;
  }
}

const ERROR = '__typename ... on ErrorResult { errorCode message }';

/** Orders a jacket as any storefront does. */
async function order(email: string, variant = 0): Promise<{ code: string; customer: string; total: number }> {
  const shop = new Graph('shop-api');
  const { products } = await shop.ask('{ products { items { slug variants { id sku } } } }');
  const jacket = products.items.find((p: { slug: string }) => p.slug === 'jacket').variants[variant].id;
  await shop.ask(`mutation($id: ID!) { addItemToOrder(productVariantId: $id, quantity: 1) { ${ERROR} } }`, { id: jacket });
  const customer = { emailAddress: email, firstName: '三', lastName: '张' };
  await shop.ask(`mutation($c: CreateCustomerInput!) { setCustomerForOrder(input: $c) { ${ERROR} } }`, { c: customer });
  const address = {
    fullName: '张三', phoneNumber: '13800001234', province: '浙江省', city: '杭州市/西湖区', streetLine1: '文三路 1 号', countryCode: 'CN',
  };
  await shop.ask(`mutation($a: CreateAddressInput!) { setOrderShippingAddress(input: $a) { ${ERROR} } }`, { a: address });
  const { eligibleShippingMethods } = await shop.ask('{ eligibleShippingMethods { id } }');
  const by = eligibleShippingMethods[0].id;
  await shop.ask(`mutation($id: [ID!]!) { setOrderShippingMethod(shippingMethodId: $id) { ${ERROR} } }`, { id: [by] });
  await shop.ask(`mutation { transitionOrderToState(state: "ArrangingPayment") { ${ERROR} } }`);
  const { eligiblePaymentMethods } = await shop.ask('{ eligiblePaymentMethods { code } }');
  const pay = { method: eligiblePaymentMethods[0].code, metadata: {} };
  const { addPaymentToOrder: placed } = await shop.ask(
    `mutation($p: PaymentInput!) { addPaymentToOrder(input: $p) { ${ERROR} ... on Order { code state totalWithTax customer { id } } } }`,
    { p: pay },
  );
  expect(placed.state).toBe('PaymentSettled');
  return { code: placed.code, customer: placed.customer.id, total: placed.totalWithTax };
}

/** The order as the merchant sees it in Vendure. */
async function there(code: string): Promise<any> {
  const admin = new Graph('admin-api');
  await admin.ask(`mutation($p: String!) { login(username: "superadmin", password: $p) { ${ERROR} } }`, { p: password });
  const { orders } = await admin.ask(
    `query($c: String!) { orders(options: { filter: { code: { eq: $c } } }) { items { id state
       shippingAddress { fullName phoneNumber province city streetLine1 countryCode }
       payments { refunds { total state } } } } }`,
    { c: code },
  );
  return orders.items[0];
}

const here = (code: string) => run(['show', 'order', code, '--data', data]);
const all = (b: Buyer) => b.messages.map((m) => m.text).join('\n');

beforeAll(async () => {
  if (!existsSync(join(DIR, 'node_modules/@vendure/core'))) {
    const done = spawnSync('npm', ['ci'], { cwd: DIR, encoding: 'utf8', timeout: 240_000 });
    expect(done.status, done.stderr).toBe(0);
  }
  const opened = openShops([shopRow('V1')], [personRow('L1', 'V1', ['leader', 'owner'])]);
  data = opened.data;
  secret = opened.secrets['V1']!;
  load(data, 'policies', [policy('pay.external', 'on'), policy('outbox.retry_first', '1s')]);
  server = await Server.start({ data });
  const words = ['--preserve-symlinks', '--preserve-symlinks-main', 'server.cjs'];
  const hook = `http://127.0.0.1:${server.port}/api/v1/shops/V1/webhooks`;
  commerce = spawn('node', words, { cwd: DIR, env: { ...process.env, XIAOER_SECRET: SECRET, XIAOER_HOOK: hook } });
  track(commerce.pid);
  let out = '';
  let log = '';
  commerce.stdout!.setEncoding('utf8').on('data', (text: string) => (out += text));
  commerce.stderr!.setEncoding('utf8').on('data', (text: string) => (log += text));
  await until('the commerce server', () => out.includes('}\n') || commerce.exitCode !== null, 60_000);
  expect(commerce.exitCode, log).toBeNull();
  const said = JSON.parse(out) as { port: number; password: string };
  url = `http://127.0.0.1:${said.port}`;
  password = said.password;
  load(data, 'systems', [{ shop: 'V1', kind: 'vendure', url: `${url}/xiaoer`, secret: SECRET }]);
  staff = await Staff.join(server, 'V1', opened.codes['L1']!, 'leader', 'correct horse 7');
}, 300_000);

afterAll(async () => {
  commerce?.kill();
  await server?.close();
});

test('its products are the shop’s, and what it can do is known', async () => {
  const state = await until('the first pull', async () => {
    const got = await staff.get('/shop-system');
    return got.pulled_at ? got : null;
  });
  expect(state).toMatchObject({ kind: 'vendure', error: '' });
  expect(state.actions).toEqual(['order.change_address', 'order.change_phone', 'order.add_note', 'payment.refund']);
  const { items } = await staff.get('/products');
  expect(items.map((p: { title: string }) => p.title).sort()).toEqual(['羊毛袜', '轻量冲锋衣']);
});

test('an order placed there is asked about, sent elsewhere, and paid back, in the chat', async () => {
  const placed = await order('zhang@example.com');
  const { code } = placed;
  await until('the webhook', () => here(code).code === 0);
  expect(here(code).json).toMatchObject({ buyer: placed.customer, status: 'paid', address: { name: '张三', region: '浙江省/杭州市/西湖区' } });

  const b = await Buyer.open(server, 'V1', placed.customer, secret);
  await b.ask('我的订单发货了吗');
  expect(all(b)).toContain('轻量冲锋衣');

  await b.ask('我想改一下收货地址');
  await b.ask('改成上海市徐汇区漕溪路9号 李四 13900001111');
  expect(b.messages.at(-1)!.text).toMatch(/浙江省.*上海市/);
  await b.ask('确认');
  await until('it is done there', async () => (await there(code)).shippingAddress.fullName === '李四');
  await until('the buyer hears', () => /收货地址已经改好/.test(all(b)));
  expect(await there(code)).toMatchObject({
    state: 'PaymentSettled',
    shippingAddress: { fullName: '李四', phoneNumber: '13900001111', province: '上海市', streetLine1: '漕溪路9号', countryCode: 'CN' },
  });
  await until('the copy', () => here(code).json.address.name === '李四');

  await b.ask('我要取消订单');
  await b.ask('确认');
  const [one] = await until('a case', () => (here(code).json.cases as { id: string }[]).length > 0 && here(code).json.cases);
  const agreed = await staff.post(`/cases/${one.id}/events`, { event: 'agree', confirmed: true });
  expect(agreed.status, agreed.text).toBe(200);
  await until('the refund', () => here(code).json.cases[0].state === 'success');
  expect(here(code).json).toMatchObject({ refunded_cents: placed.total });
  const after = await there(code);
  expect(after.payments[0].refunds).toEqual([{ total: placed.total, state: 'Settled' }]);
  expect(after.state).toBe('Cancelled');
  await until('closed here', () => here(code).json.status === 'closed');
  const checked = run(['check', '--data', data]);
  expect(checked.code, checked.out).toBe(0);
  await b.close();
});

test('a refund that a person settles in the shop is over here when it is over there', async () => {
  const placed = await order('wang@example.com', 1);
  const { code } = placed;
  await until('the webhook', () => here(code).code === 0);
  const asked = await staff.post(`/orders/${code}/actions`, { action: 'order.cancel', reason: 'not_wanted', confirmed: true });
  expect(asked.json.answer, asked.text).toBe('done');
  const [one] = here(code).json.cases;
  const agreed = await staff.post(`/cases/${one.id}/events`, { event: 'agree', confirmed: true });
  expect(agreed.status, agreed.text).toBe(200);
  const admin = new Graph('admin-api');
  await admin.ask(`mutation($p: String!) { login(username: "superadmin", password: $p) { ${ERROR} } }`, { p: password });
  const refund = await until('the refund waits there', async () => {
    const { orders } = await admin.ask(
      'query($c: String!) { orders(options: { filter: { code: { eq: $c } } }) { items { payments { refunds { id state } } } } }',
      { c: code },
    );
    return orders.items[0].payments[0].refunds[0];
  });
  expect(refund.state).toBe('Pending');
  expect(here(code).json).toMatchObject({ refunded_cents: 0, cases: [{ state: 'paying' }] });
  const settle = { id: refund.id, transactionId: 'T1' };
  await admin.ask(`mutation($s: SettleRefundInput!) { settleRefund(input: $s) { __typename ... on RefundStateTransitionError { errorCode } } }`, { s: settle });
  await until('it is over', () => here(code).json.cases[0].state === 'success');
  expect(here(code).json).toMatchObject({ refunded_cents: placed.total });
  expect((await there(code)).payments[0].refunds).toHaveLength(1);
});

test('another buyer’s order stays hidden, and a refusal there is told', async () => {
  const placed = await order('li@example.com');
  await until('the webhook', () => here(placed.code).code === 0);
  const other = await Buyer.open(server, 'V1', 'somebody', secret);
  await other.ask(`订单${placed.code}改一下收货地址`);
  expect(all(other)).not.toContain('张');
  await other.close();

  const b = await Buyer.open(server, 'V1', placed.customer, secret);
  const admin = new Graph('admin-api');
  await admin.ask(`mutation($p: String!) { login(username: "superadmin", password: $p) { ${ERROR} } }`, { p: password });
  await b.ask('我想改一下收货地址');
  await b.ask('改成上海市徐汇区漕溪路9号 李四 13900001111');
  const { id } = await there(placed.code);
  await admin.ask(`mutation($o: ID!) { transitionOrderToState(id: $o, state: "Modifying") { ${ERROR} } }`, { o: id });
  await b.ask('确认'); // while a colleague has it open in Vendure
  await until('the buyer hears', () => /没有办成：订单现在的状态不能办理/.test(all(b)));
  expect((await there(placed.code)).shippingAddress.fullName).toBe('张三');
  await b.close();
});
