// SPDX-License-Identifier: Apache-2.0
//
// The buyer's last orders, to ask about one of them. Pressing one sends its card.
import { useEffect, useState } from 'preact/hooks';
import type { OrderCard } from '@xiaoer/protocol';
import { money } from '@xiaoer/shared/money';
import { OrderBody } from '../cards/OrderCard.tsx';
import { useChat, useSettled } from '../hooks.ts';
import { locale, t } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';
import { Sheet } from './Sheet.tsx';

export function OrderSheet({ guest }: { guest: boolean }) {
  const chat = useChat();
  const [q, setQ] = useState('');
  const [orders, setOrders] = useState<OrderCard[] | 'loading' | 'failed'>('loading');
  const [again, setAgain] = useState(0);
  const asked = useSettled(q.trim(), 250);

  useEffect(() => {
    let current = true;
    setOrders('loading');
    chat.orders(asked).then(
      (items) => current && setOrders(items),
      () => current && setOrders('failed'),
    );
    return () => {
      current = false;
    };
  }, [chat, asked, again]);

  const empty = Array.isArray(orders) && orders.length === 0;
  return (
    <Sheet
      title={t('order.pick')}
      class={guest && empty ? '' : 'orders'}
      onClose={() => chat.sheet(null)}
      first="input"
    >
      <button type="button" class="round corner" aria-label={t('close')} onClick={() => chat.sheet(null)}>
        <Icon name="close" size={20} />
      </button>
      {!(guest && empty && !asked) && (
        <label class="search">
          <Icon name="search" size={18} />
          <input
            type="search"
            value={q}
            placeholder={t('order.search')}
            aria-label={t('order.search')}
            onInput={(e) => setQ(e.currentTarget.value)}
          />
        </label>
      )}
      <div class="list" aria-busy={orders === 'loading'}>
        {orders === 'loading' && (
          <div class="skeleton" role="status" aria-label={t('loading')}>
            <i />
            <i />
            <i />
          </div>
        )}
        {orders === 'failed' && (
          <p class="empty" role="alert">
            {t('error')}
            <button type="button" class="chip brand" onClick={() => setAgain(again + 1)}>
              {t('retry')}
            </button>
          </p>
        )}
        {empty && <p class="empty">{t(guest && !asked ? 'order.guest' : 'order.none')}</p>}
        {Array.isArray(orders) && orders.map((o) => <OrderButton key={o.order_id} order={o} />)}
      </div>
    </Sheet>
  );
}

function OrderButton({ order }: { order: OrderCard }) {
  const chat = useChat();
  const label = t('order.item', {
    id: order.order_id,
    status: order.status_text,
    title: order.items[0]?.title ?? '',
    price: money(order.total_cents, order.currency, locale()),
  });
  return (
    <button type="button" class="card order pick" aria-label={label} onClick={() => chat.sendOrder(order)}>
      <span class="head">
        <span class="one-line">{t('order', { id: order.order_id })}</span>
        <b>{order.status_text}</b>
      </span>
      <OrderBody order={order} />
    </button>
  );
}
