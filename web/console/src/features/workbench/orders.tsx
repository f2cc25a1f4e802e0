// SPDX-License-Identifier: Apache-2.0
//
// The buyer's orders beside the conversation: newest first, each folds open to its steps, parcels and masked
// address, each can be sent as a card. What is personal comes masked from the server and stays so here.
import type { Order } from '@xiaoer/protocol/wire';
import { Button } from 'antd';
import { ChevronDown, MapPin, PackageOpen, SendHorizontal, Truck } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOrders } from '../../api/queries.ts';
import { useLive } from '../../live/store.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { useShopFormat } from '../../ui/time.ts';
import { standingOf, type Actions } from './actions.ts';
import { OrderItems, OrderStatus } from './cards.tsx';
import { OrderCases, OrderDeeds } from './cases.tsx';

export function Orders({ id, actions }: { id: string; actions: Actions }) {
  const { t } = useTranslation();
  const orders = useOrders(id);
  const mine = useIsMine(id);
  if (orders.isPending) return <Bones rows={4} />;
  if (orders.isError) return <Failed error={orders.error} onRetry={() => void orders.refetch()} />;
  if (orders.data.items.length === 0) return <Nothing text={t('order.none')} icon={PackageOpen} />;
  return (
    <ul className="plain-list">
      {orders.data.items.map((order, at) => (
        <li key={order.order_id}>
          <OrderPanel
            order={order}
            conversation={id}
            open={at === 0}
            onSend={mine ? () => actions.sendOrder(order) : undefined}
          />
        </li>
      ))}
    </ul>
  );
}

export function useIsMine(id: string): boolean {
  return useLive((state) => {
    const row = state.rows.byId[id];
    return row !== undefined && standingOf(row, state.me) === 'mine';
  });
}

interface PanelProps {
  order: Order;
  conversation: string;
  open: boolean;
  onSend?: () => void;
}

function OrderPanel({ order, conversation, open: openFirst, onSend }: PanelProps) {
  const { t } = useTranslation();
  const format = useShopFormat();
  const [open, setOpen] = useState(openFirst);
  const body = useId();
  return (
    <section className="order-panel" aria-label={t('order.label', { id: order.order_id })}>
      <header>
        <button
          type="button"
          className="order-fold"
          aria-expanded={open}
          aria-controls={body}
          onClick={() => setOpen(!open)}
        >
          <ChevronDown size={15} aria-hidden="true" className={open ? '' : 'folded'} />
          <code>{order.order_id}</code>
        </button>
        <OrderStatus order={order} />
      </header>
      <OrderItems order={order} />
      <p className="order-sum">
        <span>
          {t('order.total')} <b>{format.money(order.total_cents, order.currency)}</b>
          <small>
            {' '}
            {order.freight_cents > 0
              ? t('order.freight', { money: format.money(order.freight_cents, order.currency) })
              : t('order.freightFree')}
          </small>
        </span>
        {onSend && (
          <Button size="small" icon={<SendHorizontal size={13} aria-hidden="true" />} onClick={onSend}>
            {t('order.send')}
          </Button>
        )}
      </p>
      <OrderCases order={order} />
      {open && (
        <div id={body}>
          <OrderDeeds order={order} conversation={conversation} />
          <Steps order={order} />
          {order.parcels.map((parcel) => (
            <Parcel key={parcel.tracking_no} parcel={parcel} />
          ))}
          <p className="address">
            <MapPin size={14} aria-hidden="true" />
            <span>
              {order.address.name} {order.address.phone}
              <br />
              {order.address.region} {order.address.detail}
            </span>
          </p>
        </div>
      )}
    </section>
  );
}

/** Ordered, paid, sent: those that have happened. */
function Steps({ order }: { order: Order }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  const steps = (
    [
      ['created', order.created_at],
      ['paid', order.paid_at],
      ['shipped', order.shipped_at],
    ] as const
  ).filter((step): step is [(typeof step)[0], string] => step[1] !== null);
  return (
    <dl className="steps">
      {steps.map(([name, at]) => (
        <div key={name}>
          <dt>{t(`order.step.${name}`)}</dt>
          <dd>
            <time dateTime={at} title={format.full(at)}>
              {format.dayAndClock(at)}
            </time>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const FIRST_EVENTS = 3;

function Parcel({ parcel }: { parcel: Order['parcels'][number] }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  const [all, setAll] = useState(false);
  const events = [...parcel.events].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const shown = all ? events : events.slice(0, FIRST_EVENTS);
  return (
    <section className="parcel" aria-label={t('order.parcel', { no: parcel.tracking_no })}>
      <h2>
        <Truck size={14} aria-hidden="true" /> {parcel.carrier} <code>{parcel.tracking_no}</code>
        {parcel.carrier_phone !== '' && <small>{t('order.carrierPhone', { phone: parcel.carrier_phone })}</small>}
      </h2>
      <ol className="timeline">
        {shown.map((event, at) => (
          <li key={at} className={event.kind === 'exception' || event.kind === 'returned' ? 'timeline-bad' : undefined}>
            <time dateTime={event.at} title={format.full(event.at)}>
              {format.dayAndClock(event.at)}
            </time>
            <span>
              {event.place !== '' && <b>{event.place} </b>}
              {event.text}
            </span>
          </li>
        ))}
      </ol>
      {events.length > FIRST_EVENTS && (
        <Button type="link" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('order.fewer') : t('order.more', { count: events.length - FIRST_EVENTS })}
        </Button>
      )}
    </section>
  );
}
