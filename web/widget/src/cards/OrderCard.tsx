// SPDX-License-Identifier: Apache-2.0
//
// An order as a card: number, state, what was bought, the last word of the parcel, and what can be asked about it.
import type { OrderCard } from '@xiaoer/protocol';
import { money } from '@xiaoer/shared/money';
import { picture } from '@xiaoer/shared/picture';
import { dayAndClock } from '@xiaoer/shared/time';
import { useChat } from '../hooks.ts';
import { locale, t, type Key } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';

/** What is worth asking about an order in this state; what has no parcel yet has nothing to track. */
const NEXT: Record<string, { label: Key; text: Key }> = {
  paid: { label: 'order.urge', text: 'order.urge.text' },
  shipped: { label: 'order.track', text: 'order.track.text' },
  delivered: { label: 'order.track', text: 'order.track.text' },
  finished: { label: 'order.track', text: 'order.track.text' },
};

/** `among`: it stands with other orders, so that pressing it tells which one is meant. `label`: what it is beside an order. */
export function OrderCardView({ order, among, label }: { order: OrderCard; among: boolean; label?: string }) {
  const chat = useChat();
  const next = NEXT[order.status];
  return (
    <section class="card order" aria-label={[label, t('order', { id: order.order_id })].filter(Boolean).join(' · ')}>
      <header>
        <span class="one-line">{t('order', { id: order.order_id })}</span>
        <b>{order.status_text}</b>
      </header>
      <OrderBody order={order} />
      {order.trace && (
        <p class="trace">
          <span>
            {order.trace.place &&
              !order.trace.text.includes(order.trace.place) &&
              t('order.place', { place: order.trace.place })}
            {order.trace.text}
          </span>
          <time dateTime={order.trace.at}>
            {dayAndClock(order.trace.at, new Date(), locale(), chat.state.shop?.time_zone)}
          </time>
        </p>
      )}
      {(among || next) && (
        <footer>
          {among && (
            <button type="button" class="chip" onClick={() => chat.sendOrder(order)}>
              {t('order.ask')}
            </button>
          )}
          {next && (
            <button type="button" class="chip brand" onClick={() => chat.ask(order, t(next.text))}>
              {t(next.label)}
              <Icon name="right" size={14} />
            </button>
          )}
        </footer>
      )}
    </section>
  );
}

export function OrderBody({ order }: { order: OrderCard }) {
  const [first, ...more] = order.items;
  const count = order.items.reduce((n, i) => n + i.quantity, 0);
  return (
    <div class="goods">
      <span class="thumb" style={{ background: picture(first?.product ?? order.order_id) }} aria-hidden="true">
        <Icon name="bag" size={20} />
      </span>
      <div class="grow">
        <div class="two-lines">{first?.title ?? order.order_id}</div>
        <small>
          {first?.sku_text} {first && t('order.count', { n: first.quantity })}
        </small>
        <div class="price-line">
          <b class="price">{money(order.total_cents, order.currency, locale())}</b>
          {more.length > 0 && <small>{t('order.more', { n: count })}</small>}
        </div>
      </div>
    </div>
  );
}
