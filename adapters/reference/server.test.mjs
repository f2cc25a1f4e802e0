// SPDX-License-Identifier: Apache-2.0
//
//   node --test adapters/reference
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { serve, Shop, sign, verify } from './server.mjs';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const order = () => ({
  id: 'E1', shop: 'S1', buyer: 'B1', status: 'paid', created_at: '2026-11-18T10:02:00+08:00',
  items: [{ sub_id: 'E1-1', product: 'P1', quantity: 1, paid_cents: 42900 }],
  address: { name: '张三', phone: '13800001234', region: '浙江省/杭州市/西湖区', detail: '文三路 1 号' },
});

function shopOf(t) {
  const dir = mkdtempSync(join(tmpdir(), 'shop-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'shop.json');
  writeFileSync(file, JSON.stringify({ orders: [order()], products: [{ id: 'P1', shop: 'S1', title: '冲锋衣' }] }));
  return { file, shop: new Shop(file) };
}

test('the example of the specification is signed as it says', () => {
  const payload = '{"test": 2432232314}';
  assert.equal(sign(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', '1614265330', payload), 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('a signature holds for five minutes, for one of the secrets, for these very bytes', () => {
  const headers = { 'webhook-id': 'm1', 'webhook-timestamp': '1000', 'webhook-signature': `v1,AAAA ${sign(secret, 'm1', '1000', 'x')}` };
  assert.ok(verify(['whsec_AAAA', secret], headers, 'x', 1_000_000));
  assert.ok(!verify([secret], headers, 'y', 1_000_000));
  assert.ok(!verify(['whsec_AAAA'], headers, 'x', 1_000_000));
  assert.ok(!verify([secret], headers, 'x', 1_301_000));
  assert.ok(!verify([secret], { ...headers, 'webhook-id': 'm2' }, 'x', 1_000_000));
  assert.ok(!verify([secret], {}, 'x', 1_000_000));
});

test('an action is done once a key, also after a restart', (t) => {
  const { file, shop } = shopOf(t);
  const refund = { key: 'k1', action: 'payment.refund', order_id: 'E1', amount_cents: 42900 };
  const first = shop.act(refund);
  assert.equal(first.status, 'done');
  assert.equal(first.order.status, 'closed');
  assert.deepEqual(shop.act({ ...refund, amount_cents: 1 }), first);
  const again = new Shop(file);
  assert.deepEqual(again.act(refund), first);
  assert.equal(again.refunded.E1, 42900);
  assert.equal(again.act({ ...refund, key: 'k2', amount_cents: 1 }).code, 'too_much');
});

test('over HTTP: signed requests only, changes by cursor', async (t) => {
  const { shop } = shopOf(t);
  const server = await serve(shop, [secret]);
  t.after(() => server.close());
  const ask = (path, body) => {
    const seconds = String(Math.floor(Date.now() / 1000));
    const payload = body === undefined ? `GET ${path}` : JSON.stringify(body);
    const headers = { 'webhook-id': 'q1', 'webhook-timestamp': seconds, 'webhook-signature': sign(secret, 'q1', seconds, payload) };
    return fetch(`http://127.0.0.1:${server.address().port}${path}`, { method: body ? 'POST' : 'GET', headers, body: body && payload });
  };
  assert.equal((await fetch(`http://127.0.0.1:${server.address().port}/orders`)).status, 401);
  const all = await (await ask('/orders?since=')).json();
  assert.equal(all.items[0].order.id, 'E1');
  assert.deepEqual((await (await ask(`/orders?since=${all.next}`)).json()).items, []);
  const address = { name: '李四', phone: '13900001111', region: '上海市/上海市/徐汇区', detail: '漕溪路 9 号' };
  const done = await (await ask('/actions', { data: { key: 'k3', action: 'order.change_address', order_id: 'E1', address } })).json();
  assert.deepEqual(done.order.address, address);
  const changed = await (await ask(`/orders?since=${all.next}`)).json();
  assert.equal(changed.items[0].version, done.version);
});
