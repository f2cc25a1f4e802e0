// SPDX-License-Identifier: Apache-2.0
//
// Orders and products as cards in the stream and in the right pane. There are no pictures in the catalogue yet, so
// a card is words: what, how many, how much, where it is now.
import type { OrderCard, ProductCard } from '@xiaoer/protocol/wire';
import { Package, ShoppingBag, Truck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { hueOf } from '../../ui/avatar.tsx';
import { useShopFormat } from '../../ui/time.ts';

const STATUS_TONES: Record<string, string> = {
  unpaid: 'warn',
  paid: 'info',
  shipped: 'info',
  delivered: 'good',
  finished: 'good',
  closed: 'mute',
};

export function OrderStatus({ order }: { order: OrderCard }) {
  return (
    <span className={`order-status order-${STATUS_TONES[order.status] ?? 'mute'}`}>
      {order.status_text || order.status}
    </span>
  );
}

export function Thumb({ id, icon: Icon = ShoppingBag }: { id: string; icon?: typeof ShoppingBag }) {
  const hue = hueOf(id);
  return (
    <span
      className="thumb"
      style={{ background: `linear-gradient(135deg, hsl(${hue} 50% 90%), hsl(${hue + 50} 46% 84%))` }}
      aria-hidden="true"
    >
      <Icon size={18} strokeWidth={1.5} />
    </span>
  );
}

export function OrderItems({ order }: { order: OrderCard }) {
  const format = useShopFormat();
  return (
    <ul className="order-items">
      {order.items.map((item, at) => (
        <li key={at}>
          <Thumb id={item.product} />
          <span className="order-item">
            <span className="order-title">{item.title}</span>
            <small>
              {item.sku_text} × {item.quantity}
            </small>
          </span>
          <b>{format.money(item.paid_cents, order.currency)}</b>
        </li>
      ))}
    </ul>
  );
}

export function OrderCardView({ order }: { order: OrderCard }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  return (
    <article className="card" aria-label={t('order.label', { id: order.order_id })}>
      <header>
        <span>
          <Package size={13} aria-hidden="true" /> {t('order.label', { id: order.order_id })}
        </span>
        <OrderStatus order={order} />
      </header>
      <OrderItems order={order} />
      {order.trace && (
        <p className="trace">
          <Truck size={13} aria-hidden="true" /> {order.trace.text}
          <time dateTime={order.trace.at} title={format.full(order.trace.at)}>
            {format.dayAndClock(order.trace.at)}
          </time>
        </p>
      )}
      <footer>
        {t('order.total')} <b>{format.money(order.total_cents, order.currency)}</b>
      </footer>
    </article>
  );
}

export function ProductCardView({ product }: { product: ProductCard }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  return (
    <article className="card card-product" aria-label={product.title}>
      <Thumb id={product.product_id} />
      <span className="order-item">
        <span className="order-title">{product.title}</span>
        <small>{product.category}</small>
        <span>
          <b className="price">{format.money(product.price_cents, product.currency)}</b>{' '}
          <small>{t(product.in_stock ? 'product.inStock' : 'product.soldOut')}</small>
        </span>
      </span>
    </article>
  );
}
