// SPDX-License-Identifier: Apache-2.0
//
// A shop that speaks the whole contract of docs/shop-system.md, to be read and to be copied. Orders and products come from
// a JSON file; what happens to them is kept in a journal beside it, so that an action that was done is known after a restart.
//   SECRET=whsec_… [HOOK=http://…/api/v1/shops/S1/webhooks] node server.mjs shop.json [port]
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

// ---- Standard Webhooks: the same both ways, https://www.standardwebhooks.com -------------------------------------------
const key = (secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
export const sign = (secret, id, seconds, payload) =>
  `v1,${createHmac('sha256', key(secret)).update(`${id}.${seconds}.${payload}`).digest('base64')}`;
const same = (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
export function verify(secrets, headers, payload, now = Date.now()) {
  const { 'webhook-id': id = '', 'webhook-timestamp': seconds = '', 'webhook-signature': given = '' } = headers;
  if (!id || !/^\d{1,12}$/.test(seconds) || Math.abs(now / 1000 - Number(seconds)) > 300) return false;
  return given.split(' ').some((one) => secrets.some((secret) => same(one, sign(secret, id, seconds, payload))));
}

// ---- the shop -----------------------------------------------------------------------------------------------------------
const refuse = (code, reason) => ({ status: 'refused', code, reason });
const unshipped = (o) => o.status === 'unpaid' || o.status === 'paid';
const paid = (o) => o.items.reduce((sum, item) => sum + item.paid_cents, o.freight_cents ?? 0);
/** What can be done here: each changes the order, or says why not. Whoever calls has settled who may ask for it. */
const actions = {
  'order.change_address': (o, d) => (unshipped(o) ? void (o.address = d.address) : refuse('shipped', 'it has left our house')),
  'order.change_phone': (o, d) => (unshipped(o) ? void (o.address.phone = d.phone) : refuse('shipped', 'it has left our house')),
  'order.add_note': (o, d) => void (o.note = [o.note, d.text].filter(Boolean).join('; ')),
  'order.cancel': (o) => (o.status === 'unpaid' ? void (o.status = 'closed') : refuse('paid', 'it is paid: refund it')),
  'payment.refund': (o, d, shop) => {
    const before = shop.refunded[o.id] ?? 0;
    if (before + d.amount_cents > paid(o)) return refuse('too_much', 'more than was paid');
    shop.refunded[o.id] = before + d.amount_cents;
    if (shop.refunded[o.id] === paid(o) && unshipped(o)) o.status = 'closed';
  },
};

export class Shop {
  version = 0;
  orders = new Map(); // id → {version, order}
  products = new Map();
  refunded = {};
  answers = new Map(); // idempotency key → the first answer, for ever

  constructor(file) {
    const { orders = [], products = [] } = JSON.parse(readFileSync(file, 'utf8'));
    for (const product of products) this.products.set(product.id, { version: ++this.version, product });
    for (const order of orders) this.orders.set(order.id, { version: ++this.version, order });
    this.journal = `${file}.journal`;
    if (existsSync(this.journal))
      for (const line of readFileSync(this.journal, 'utf8').trim().split('\n')) this.act(JSON.parse(line), true);
  }
  /** Does it once under its key; the same key gets the same answer. */
  act(data, again = false) {
    const first = this.answers.get(data.key);
    if (first) return first;
    const row = this.orders.get(data.order_id);
    const no = !row ? refuse('not_found', 'no such order') : !actions[data.action] ? refuse('unknown', 'we cannot do this')
      : actions[data.action](row.order, data, this);
    if (!no) row.version = ++this.version;
    const answer = no ?? { status: 'done', reference: `R${this.version}`, version: row.version, order: row.order };
    this.answers.set(data.key, structuredClone(answer));
    if (!again) appendFileSync(this.journal, `${JSON.stringify(data)}\n`); // before the answer: done is done
    return answer;
  }
  page(map, since, limit) {
    const rows = [...map.values()].filter((row) => row.version > since).sort((a, b) => a.version - b.version);
    const items = rows.slice(0, limit);
    return { items, next: String(items.at(-1)?.version ?? since), more: rows.length > items.length };
  }
}

/** Tells the house of a change. What is lost here, its pull finds. */
export const tell = (hook, secret, type, data, id = `msg_${randomUUID()}`) => {
  const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
  const seconds = String(Math.floor(Date.now() / 1000));
  const headers = { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': seconds,
    'webhook-signature': sign(secret, id, seconds, body) };
  return fetch(hook, { method: 'POST', headers, body });
};

export function serve(shop, secrets, port = 0) {
  const server = createServer(async (req, res) => {
    const reply = (status, body) => res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    let body = '';
    for await (const chunk of req.setEncoding('utf8')) if ((body += chunk).length > 65536) return reply(413, {});
    if (!verify(secrets, req.headers, req.method === 'GET' ? `GET ${req.url}` : body)) return reply(401, { code: 'bad_signature' });
    const { pathname, searchParams: q } = new URL(req.url, 'http://shop');
    const since = Number(q.get('since') || 0), limit = Math.min(Number(q.get('limit') || 100), 100);
    if (req.method === 'GET' && pathname === '/health') return reply(200, { contract: 1, name: 'reference', actions: Object.keys(actions) });
    if (req.method === 'GET' && pathname === '/orders') return reply(200, shop.page(shop.orders, since, limit));
    if (req.method === 'GET' && pathname === '/products') return reply(200, shop.page(shop.products, since, limit));
    if (req.method === 'POST' && pathname === '/actions') return reply(200, shop.act(JSON.parse(body).data));
    reply(404, { code: 'not_found' });
  });
  return new Promise((done) => server.listen(port, '127.0.0.1', () => done(server)));
}

if (process.argv[1] === import.meta.filename) {
  const { SECRET = '', HOOK } = process.env, shop = new Shop(process.argv[2]);
  const server = await serve(shop, SECRET.split(' '), Number(process.argv[3] ?? 7801));
  console.log(`a shop of ${shop.orders.size} orders on http://127.0.0.1:${server.address().port}`);
  if (HOOK) for (const row of shop.orders.values()) await tell(HOOK, SECRET.split(' ')[0], 'order.changed', row);
}
