// SPDX-License-Identifier: Apache-2.0
'use strict';
//
// Vendure's orders and products in the shapes that Xiaoer imports. Pure.
//
// Amounts are what the buyer paid, with tax. A line keeps what was placed: a cancelled one has the quantity 0 in Vendure,
// but it was bought and paid, and its refund is for that.

const STATUS = {
  PaymentAuthorized: 'paid', PaymentSettled: 'paid', Modifying: 'paid', ArrangingAdditionalPayment: 'paid',
  PartiallyShipped: 'shipped', Shipped: 'shipped', PartiallyDelivered: 'shipped', Delivered: 'delivered', Cancelled: 'closed',
};

const time = (at) => (at ? new Date(at).toISOString() : undefined);
const line1 = (...parts) => parts.filter(Boolean).join(' ');

/** What of an order has to be loaded. */
const ORDER_RELATIONS = ['customer', 'lines', 'lines.productVariant', 'lines.productVariant.product', 'payments',
  'payments.refunds', 'fulfillments', 'shippingLines', 'surcharges'];

function addressOf(a) {
  if (!a || !(a.streetLine1 || a.city)) return undefined;
  return {
    name: a.fullName ?? '', phone: a.phoneNumber ?? '',
    region: [a.province, a.city].filter(Boolean).join('/'),
    detail: line1(a.streetLine1, a.streetLine2, a.postalCode),
  };
}

/** An address of Xiaoer's as Vendure's input; the country stays what it was. */
function addressInput(wanted, before) {
  const region = (wanted.region ?? '').split('/').filter(Boolean);
  return {
    fullName: wanted.name || before.fullName, phoneNumber: wanted.phone || before.phoneNumber,
    province: region.length > 1 ? region[0] : (before.province ?? ''), city: region.slice(region.length > 1 ? 1 : 0).join('/'),
    streetLine1: wanted.detail, streetLine2: '', postalCode: '', countryCode: before.countryCode,
  };
}

const lineIdOf = (order, subId) => (subId.startsWith(`${order.code}-`) ? subId.slice(order.code.length + 1) : '');

/** What was paid beside the items. Vendure takes shipping off a cancelled order; the payment still says what it was. */
function freightOf(order, items) {
  const settled = order.payments.filter((p) => p.state === 'Settled').reduce((sum, p) => sum + p.amount, 0);
  const total = settled || order.totalWithTax;
  return Math.max(0, total - items.reduce((sum, item) => sum + item.paid_cents, 0));
}

function orderShape(order, shop) {
  const shipped = order.fulfillments?.filter((f) => f.state === 'Shipped' || f.state === 'Delivered') ?? [];
  const delivered = order.fulfillments?.filter((f) => f.state === 'Delivered') ?? [];
  const items = order.lines.map((line) => {
    const quantity = line.orderPlacedQuantity || line.quantity;
    return {
      sub_id: `${order.code}-${line.id}`, product: String(line.productVariant.productId), sku: line.productVariant.sku,
      title: line.productVariant.name, quantity, paid_cents: line.proratedUnitPriceWithTax * quantity,
    };
  });
  return JSON.parse(JSON.stringify({
    id: order.code, shop, buyer: String(order.customer.id), status: STATUS[order.state] ?? 'unpaid',
    created_at: time(order.createdAt), paid_at: time(order.orderPlacedAt), shipped_at: time(shipped[0]?.updatedAt),
    delivered_at: order.state === 'Delivered' ? time(delivered.at(-1)?.updatedAt) : undefined,
    items,
    freight_cents: freightOf(order, items),
    address: addressOf(order.shippingAddress),
    parcels: shipped.map((f) => ({
      carrier: f.method, tracking_no: f.trackingCode,
      events: [{ at: time(f.createdAt), kind: 'picked_up', text: f.method },
        ...(f.state === 'Delivered' ? [{ at: time(f.updatedAt), kind: 'delivered', text: f.method }] : [])],
    })),
  }));
}

function productShape(product, variants, shop) {
  return {
    id: String(product.id), shop, title: product.name, price_cents: variants[0]?.priceWithTax ?? 0,
    skus: variants.map((v) => ({
      id: v.sku, price_cents: v.priceWithTax, stock: Math.max(0, v.stock),
      attributes: Object.fromEntries((v.options ?? []).map((o) => [o.group?.translations?.[0]?.name ?? o.group?.code ?? o.code, o.name])),
    })),
  };
}

module.exports = { ORDER_RELATIONS, orderShape, productShape, addressInput, lineIdOf };
