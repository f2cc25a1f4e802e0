// SPDX-License-Identifier: Apache-2.0
'use strict';
//
// Xiaoer's half of a Vendure server: orders and products by cursor, actions once a key, and webhooks when something changes.
//
//   plugins: [XiaoerPlugin.init({ shop: 'S1', secrets: [process.env.XIAOER_SECRET], hook: 'https://…/api/v1/shops/S1/webhooks' })]
//
// How      One middleware below /xiaoer, before the body is parsed: a signature is over the bytes. What is done goes through
//          Vendure's own services, so its state machine, its payment handlers and its history hold. The answer is kept in a
//          table of its own, in the transaction of what was done.
// Version  The instant at which an order was read: what was read later is newer.
const core = require('@vendure/core');
const { Column, Entity, In, IsNull, MoreThanOrEqual, Not, PrimaryColumn } = require('typeorm');
const { randomUUID } = require('node:crypto');
const { sign, verify } = require('./signing.cjs');
const { ORDER_RELATIONS, orderShape, productShape, addressInput, lineIdOf } = require('./shapes.cjs');

const PAGE = 100;
const BODY = 65536;
const RETRIES_MS = [500, 5000, 30000];
const context = 'Xiaoer';

/** What was answered under a key, for ever. */
class XiaoerAnswer {}
PrimaryColumn({ type: 'varchar', length: 100 })(XiaoerAnswer.prototype, 'key');
Column({ type: 'text' })(XiaoerAnswer.prototype, 'answer');
Column({ type: 'varchar', length: 40, nullable: true })(XiaoerAnswer.prototype, 'refund'); // that it waits for
Entity('xiaoer_answer')(XiaoerAnswer);

const refuse = (code, reason) => ({ status: 'refused', code, reason });
const isError = (result) => {
  if (!core.isGraphQlErrorResult(result)) return null;
  const state = /TRANSITION|MODIFICATION|STATE/.test(result.errorCode);
  return refuse(state ? 'status' : 'failed', result.transitionError || result.message);
};

/** The work of the plugin on one running server. */
class Xiaoer {
  constructor(injector, options) {
    this.options = options;
    this.get = (token) => injector.get(token);
    this.working = new Map(); // key → the answer on its way
    this.changed = { order: new Set(), product: new Set() };
    this.timer = null;
  }

  ctx() {
    return this.get(core.RequestContextService).create({ apiType: 'admin' });
  }

  repository(ctx, entity) {
    return this.get(core.TransactionalConnection).getRepository(ctx, entity);
  }

  // ---- reading ---------------------------------------------------------------------------------------------------------

  async order(ctx, id) {
    const version = Date.now();
    const order = await this.get(core.OrderService).findOne(ctx, id, ORDER_RELATIONS);
    return order?.customer && order.orderPlacedAt ? { version, order: orderShape(order, this.options.shop) } : null;
  }

  async product(ctx, id) {
    const version = Date.now();
    const product = await this.get(core.ProductService).findOne(ctx, id);
    if (!product) return null;
    const { items } = await this.get(core.ProductVariantService).getVariantsByProductId(ctx, id, {}, ['options', 'options.group']);
    const stock = this.get(core.StockLevelService);
    for (const variant of items) {
      const level = await stock.getAvailableStock(ctx, variant.id);
      variant.stock = level.stockOnHand - level.stockAllocated;
    }
    return { version, product: productShape(product, items, this.options.shop) };
  }

  /** A page behind a cursor "updatedAt|id". Rows of one instant are told apart by their ids. */
  async page(ctx, entity, where, since, limit, read) {
    const [at, after] = since ? since.split('|') : ['1970-01-01T00:00:00.000Z', '0'];
    const rows = await this.repository(ctx, entity).find({
      where: { ...where, updatedAt: MoreThanOrEqual(new Date(at)) }, order: { updatedAt: 'ASC', id: 'ASC' }, take: limit * 2 + 1,
    });
    const behind = rows.filter((row) => row.updatedAt > new Date(at) || Number(row.id) > Number(after));
    const items = (await Promise.all(behind.slice(0, limit).map((row) => read(row.id)))).filter(Boolean);
    const last = behind.slice(0, limit).at(-1);
    return { items, next: last ? `${last.updatedAt.toISOString()}|${last.id}` : (since ?? ''), more: behind.length > limit };
  }

  orders(ctx, since, limit) {
    return this.page(ctx, core.Order, { orderPlacedAt: Not(IsNull()) }, since, limit, (id) => this.order(ctx, id));
  }

  products(ctx, since, limit) {
    return this.page(ctx, core.Product, { deletedAt: IsNull(), enabled: true }, since, limit, (id) => this.product(ctx, id));
  }

  // ---- doing -----------------------------------------------------------------------------------------------------------

  /** Changes a placed order by Vendure's own modification, and brings it back to the state that it had. */
  async modify(ctx, order, input) {
    if (order.fulfillments?.length) return refuse('shipped', 'the order is being shipped');
    const service = this.get(core.OrderService);
    const before = order.state;
    return (
      isError(await service.transitionToState(ctx, order.id, 'Modifying')) ??
      isError(await service.modifyOrder(ctx, { dryRun: false, orderId: order.id, note: 'Xiaoer', ...input })) ??
      isError(await service.transitionToState(ctx, order.id, before))
    );
  }

  /** Money back to the payment that it came from; an order of which all is back and nothing was sent is cancelled. */
  async refund(ctx, order, data) {
    const service = this.get(core.OrderService);
    const back = (payment) => payment.refunds.filter((r) => r.state !== 'Failed').reduce((sum, r) => sum + r.total, 0);
    const settled = order.payments.filter((p) => p.state === 'Settled');
    const payment = settled.find((p) => p.amount - back(p) >= data.amount_cents);
    if (!payment) return refuse('too_much', 'no payment of this order has that much left');
    const line = order.lines.find((l) => String(l.id) === lineIdOf(order, data.sub_id ?? ''));
    const done = await service.refundOrder(ctx, {
      lines: [], shipping: 0, adjustment: 0, orderId: order.id, paymentId: payment.id, amount: data.amount_cents,
      reason: `${data.reason ?? ''} ${line?.productVariant.sku ?? ''}`.trim(),
    });
    const error = isError(done);
    if (error) return error;
    if (done.state === 'Failed') return refuse('failed', 'the payment provider did not pay');
    if (done.state === 'Pending') return { status: 'pending', refund: String(done.id) }; // a person settles it in Vendure
    await this.cancelWhenAllIsBack(ctx, order.id);
    return null;
  }

  async cancelWhenAllIsBack(ctx, id) {
    const service = this.get(core.OrderService);
    const order = await service.findOne(ctx, id, ORDER_RELATIONS);
    const settled = order.payments.filter((p) => p.state === 'Settled');
    const back = settled.flatMap((p) => p.refunds).filter((r) => r.state === 'Settled').reduce((sum, r) => sum + r.total, 0);
    if (back === settled.reduce((sum, p) => sum + p.amount, 0) && !order.fulfillments?.length)
      await service.cancelOrder(ctx, { orderId: id, cancelShipping: true });
  }

  /** A refund that waited for a person, or for the payment provider, has come to an end: so has what was asked for. */
  async refundEnded(e) {
    const ctx = await this.ctx();
    const kept = await this.repository(ctx, XiaoerAnswer).findOneBy({ refund: String(e.refund.id) });
    if (!kept || !['Settled', 'Failed'].includes(e.toState)) return;
    if (e.toState === 'Settled') await this.cancelWhenAllIsBack(ctx, e.order.id);
    const answer = e.toState === 'Settled' ? await this.done(ctx, e.order) : refuse('failed', 'the payment provider did not pay');
    await this.repository(ctx, XiaoerAnswer).update({ key: kept.key }, { answer: JSON.stringify(answer), refund: null });
    this.tell('action.settled', { key: kept.key, ...answer }, `msg_${randomUUID()}`, 0);
  }

  async done(ctx, order) {
    return { status: 'done', reference: order.code, ...(await this.order(ctx, order.id)) };
  }

  async act(ctx, data) {
    const service = this.get(core.OrderService);
    const found = await service.findOneByCode(ctx, data.order_id, ORDER_RELATIONS);
    if (!found?.orderPlacedAt) return refuse('not_found', 'there is no such order');
    const order = await service.findOne(ctx, found.id, ORDER_RELATIONS);
    const deeds = {
      'order.change_address': () => this.modify(ctx, order, { updateShippingAddress: addressInput(data.address, order.shippingAddress) }),
      'order.change_phone': () => this.modify(ctx, order, { updateShippingAddress: { ...order.shippingAddress, country: undefined, phoneNumber: data.phone } }),
      'order.add_note': async () => void (await service.addNoteToOrder(ctx, { id: order.id, note: data.text, isPublic: true })),
      'payment.refund': () => this.refund(ctx, order, data),
    };
    if (!deeds[data.action]) return refuse('unknown', 'this cannot be done here');
    return (await deeds[data.action]()) ?? this.done(ctx, order);
  }

  /** Once a key: what is refused leaves nothing of it behind but the answer. */
  async actOnce(data) {
    const ctx = await this.ctx();
    const kept = await this.repository(ctx, XiaoerAnswer).findOneBy({ key: data.key });
    if (kept) return JSON.parse(kept.answer);
    let answer;
    const keep = (c) => this.repository(c, XiaoerAnswer).insert({ key: data.key, answer: JSON.stringify(answer), refund: answer.refund ?? null });
    try {
      await this.get(core.TransactionalConnection).withTransaction(ctx, async (c) => {
        answer = await this.act(c, data);
        if (answer.status === 'refused') throw answer; // undoes what was begun
        await keep(c);
      });
    } catch (refused) {
      if (refused !== answer) throw refused;
      await keep(ctx);
    }
    return answer;
  }

  async action(data) {
    const { key } = data;
    if (!this.working.has(key)) this.working.set(key, this.actOnce(data).finally(() => this.working.delete(key)));
    return this.working.get(key);
  }

  // ---- telling ---------------------------------------------------------------------------------------------------------

  note(kind, id) {
    if (!this.options.hook || !id) return;
    this.changed[kind].add(id);
    this.timer ??= setTimeout(() => this.tellAll(), 100);
  }

  async tellAll() {
    this.timer = null;
    const ctx = await this.ctx();
    for (const kind of ['product', 'order']) {
      const ids = [...this.changed[kind]];
      this.changed[kind].clear();
      for (const id of ids) {
        const row = await this[kind](ctx, id);
        if (row) this.tell(`${kind}.changed`, row, `msg_${randomUUID()}`, 0);
      }
    }
  }

  /** Tries a few times under one id; what is lost after that, Xiaoer's pull finds. */
  async tell(type, data, id, round) {
    const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
    const seconds = String(Math.floor(Date.now() / 1000));
    const headers = {
      'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': seconds,
      'webhook-signature': this.options.secrets.map((secret) => sign(secret, id, seconds, body)).join(' '),
    };
    const sent = await fetch(this.options.hook, { method: 'POST', headers, body, signal: AbortSignal.timeout(10000) })
      .then((answer) => answer.ok || answer.status === 422, () => false);
    if (sent) return;
    if (round < RETRIES_MS.length) setTimeout(() => this.tell(type, data, id, round + 1), RETRIES_MS[round]).unref();
    else core.Logger.warn(`${type} could not be told`, context);
  }

  listen() {
    const bus = this.get(core.EventBus);
    bus.ofType(core.OrderStateTransitionEvent).subscribe((e) => this.note('order', e.order.id));
    bus.ofType(core.OrderEvent).subscribe((e) => this.note('order', e.order.id));
    bus.ofType(core.OrderPlacedEvent).subscribe((e) => this.note('order', e.order.id));
    bus.ofType(core.RefundStateTransitionEvent).subscribe((e) => void this.refundEnded(e).catch((fault) => core.Logger.error(fault.message, context)));
    bus.ofType(core.RefundEvent).subscribe((e) => this.note('order', e.order.id));
    bus.ofType(core.FulfillmentStateTransitionEvent).subscribe(async (e) => {
      const f = await this.repository(e.ctx, core.Fulfillment).findOne({ where: { id: e.fulfillment.id }, relations: ['orders'] });
      for (const order of f?.orders ?? []) this.note('order', order.id);
    });
    bus.ofType(core.ProductEvent).subscribe((e) => e.type !== 'deleted' && this.note('product', e.entity.id));
    bus.ofType(core.ProductVariantEvent).subscribe((e) => e.entity.forEach((v) => this.note('product', v.productId)));
    bus.ofType(core.StockMovementEvent).subscribe(async (e) => {
      const ids = e.stockMovements.map((m) => m.productVariant.id);
      const variants = await this.repository(e.ctx, core.ProductVariant).findBy({ id: In(ids) });
      for (const variant of variants) this.note('product', variant.productId);
    });
  }

  // ---- the door --------------------------------------------------------------------------------------------------------

  async answer(method, path, query, body) {
    const limit = Math.max(1, Math.min(Number(query.get('limit')) || PAGE, PAGE));
    const since = query.get('since') ?? '';
    if (method === 'GET' && path === '/health')
      return { contract: 1, name: `Vendure ${core.VENDURE_VERSION}`, actions: ['order.change_address', 'order.change_phone', 'order.add_note', 'payment.refund'] };
    if (method === 'GET' && path === '/orders') return this.orders(await this.ctx(), since, limit);
    if (method === 'GET' && path === '/products') return this.products(await this.ctx(), since, limit);
    if (method === 'POST' && path === '/actions') return this.action(JSON.parse(body).data);
    return null;
  }
}

let running = null; // the middleware is made before the server is

async function middleware(req, res) {
  const reply = (status, body) => res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  try {
    let body = '';
    for await (const chunk of req.setEncoding('utf8')) if ((body += chunk).length > BODY) return reply(413, {});
    if (!running) return reply(503, { code: 'starting' });
    if (!verify(running.options.secrets, req.headers, req.method === 'GET' ? `GET ${req.url}` : body))
      return reply(401, { code: 'bad_signature' });
    const { pathname, searchParams } = new URL(req.url, 'http://shop');
    const answer = await running.answer(req.method, pathname, searchParams, body);
    return answer ? reply(200, answer) : reply(404, { code: 'not_found' });
  } catch (fault) {
    core.Logger.error(`${req.method} ${req.url}: ${fault.message}`, context, fault.stack);
    return reply(500, { code: 'fault' });
  }
}

class XiaoerPlugin {
  constructor(moduleRef) {
    this.moduleRef = moduleRef;
  }
  /** @param options {shop, secrets, hook?, route?}: the shop's id at Xiaoer, whsec_ secrets (the newest first), its webhooks */
  static init(options) {
    XiaoerPlugin.options = { route: 'xiaoer', ...options, secrets: options.secrets.filter(Boolean) };
    return XiaoerPlugin;
  }
  onApplicationBootstrap() {
    running = new Xiaoer(new core.Injector(this.moduleRef), XiaoerPlugin.options);
    if (!this.moduleRef.get(core.ProcessContext, { strict: false }).isWorker) running.listen();
  }
  onApplicationShutdown() {
    clearTimeout(running?.timer);
    running = null;
  }
}
Reflect.defineMetadata('design:paramtypes', [require('@nestjs/core').ModuleRef], XiaoerPlugin);
core.VendurePlugin({
  compatibility: '^3.0.0',
  imports: [core.PluginCommonModule],
  entities: [XiaoerAnswer],
  configuration: (config) => {
    config.apiOptions.middleware.push({ route: `/${XiaoerPlugin.options.route}`, handler: middleware, beforeListen: true });
    return config;
  },
})(XiaoerPlugin);

module.exports = { XiaoerPlugin, XiaoerAnswer };
