// SPDX-License-Identifier: Apache-2.0
//
// The after-sale cases of one order in the order panel, and what can be done with the order: buttons that the rules
// allow this person now, and, behind a fold, those they do not, each with its reason.
import type { Order } from '@xiaoer/protocol/wire';
import { Button, Tooltip } from 'antd';
import { ChevronDown, Hourglass, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCases, useOrderActions, type CaseListed, type Logged } from '../../api/work.ts';
import { useWorkOrdersOf } from '../../api/workorders.ts';
import { DeadlinePill } from '../../ui/deadline.tsx';
import { Bones, Failed } from '../../ui/states.tsx';
import { useShopFormat } from '../../ui/time.ts';
import { CaseDrawer } from '../cases/drawer.tsx';
import { sortDeeds, whyText } from './deed.ts';
import { ActionSheet } from './sheet.tsx';

export function OrderCases({ order }: { order: Order }) {
  const { t } = useTranslation();
  const cases = useCases(order.order_id);
  const [open, setOpen] = useState<string | null>(null);
  if (cases.isPending || cases.isError || cases.data.length === 0) return null;
  return (
    <section className="order-cases" aria-label={`${t('cases.ofOrder')} ${order.order_id}`}>
      <ul className="plain-list">
        {cases.data.map((one) => (
          <li key={one.case.id}>
            <button type="button" className="case-row" onClick={() => setOpen(one.case.id)}>
              <CaseLine one={one} currency={order.currency} />
            </button>
          </li>
        ))}
      </ul>
      {open !== null && <CaseDrawer id={open} order={order} onClose={() => setOpen(null)} />}
    </section>
  );
}

/** What it is, where it stands, what it is about in money, and when it goes on. */
export function CaseLine({ one, currency }: { one: CaseListed; currency: string }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  const { case: row } = one;
  const cents = row.refunded_cents > 0 ? row.refunded_cents : row.claimed_cents;
  return (
    <>
      <RotateCcw size={15} aria-hidden="true" />
      <span className="case-line">
        <span>
          <b>{one.type_text}</b> {t(`cases.state.${row.state}`, { defaultValue: one.state_text })}
        </span>
        <small>
          {cents > 0 && <>{format.money(cents, currency)} · </>}
          {row.open ? t(`cases.waits.${row.waits_for ?? 'system'}`) : t('cases.over')}
        </small>
      </span>
      {row.open && row.deadline_at && <DeadlinePill at={row.deadline_at} from={row.changed_at} />}
    </>
  );
}

export function OrderDeeds({ order, conversation }: { order: Order; conversation: string }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const [action, setAction] = useState<string | null>(null);
  const actions = useOrderActions(order.order_id, conversation, true);
  if (actions.isPending) return <Bones rows={1} />;
  if (actions.isError) return <Failed error={actions.error} onRetry={() => void actions.refetch()} />;
  const { can, cannot } = sortDeeds(actions.data.items);
  const waiting = actions.data.done.filter((one) => one.status === 'waiting' || one.status === 'pending');
  return (
    <section className="order-deeds" aria-label={`${t('work.deeds')} ${order.order_id}`}>
      {waiting.map((one) => (
        <Waiting key={one.id} one={one} currency={order.currency} />
      ))}
      <div className="deed-buttons">
        {can.map((one) => (
          <Button key={one.action} size="small" onClick={() => setAction(one.action)}>
            {t(`work.action.${one.action}`)}
          </Button>
        ))}
        {cannot.length > 0 && (
          <button type="button" className="deed-more" aria-expanded={all} onClick={() => setAll(!all)}>
            <ChevronDown size={14} aria-hidden="true" className={all ? '' : 'folded'} />
            {t('work.cannot', { count: cannot.length })}
          </button>
        )}
      </div>
      {all && (
        <ul className="plain-list deeds-off">
          {cannot.map((one) => {
            const why = whyText(one, t);
            return (
              <li key={one.action}>
                <Tooltip title={why}>
                  <Button
                    size="small"
                    aria-disabled
                    className="deed-off"
                    aria-describedby={`why-${order.order_id}-${one.action}`}
                  >
                    {t(`work.action.${one.action}`)}
                  </Button>
                </Tooltip>
                <small id={`why-${order.order_id}-${one.action}`}>{why}</small>
              </li>
            );
          })}
        </ul>
      )}
      <Tickets order={order.order_id} />
      {action !== null && (
        <ActionSheet order={order} action={action} conversation={conversation} onClose={() => setAction(null)} />
      )}
    </section>
  );
}

/** Asked for, and not done yet: a second person has to say yes, or the shop's own system to answer. */
function Waiting({ one, currency }: { one: Logged; currency: string }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  return (
    <p className="deed-waiting" role="status">
      <Hourglass size={14} aria-hidden="true" />
      <span>
        <b>{t(`work.action.${one.action}`, { defaultValue: one.action })}</b>{' '}
        {one.amount_cents > 0 && format.money(one.amount_cents, currency)} {t(`work.waits.${one.status}`)}
      </span>
      <time dateTime={one.at} title={format.full(one.at)}>
        {format.brief(one.at)}
      </time>
    </p>
  );
}

/** What teams were asked to do about this order and have not done yet. */
function Tickets({ order }: { order: string }) {
  const { t } = useTranslation();
  const tickets = (useWorkOrdersOf(order, true).data ?? []).filter((one) => one.state !== 'done');
  if (tickets.length === 0) return null;
  return (
    <ul className="plain-list tickets" aria-label={t('orders.title')}>
      {tickets.map((one) => (
        <li key={one.id}>
          <b>{one.ticket}</b> {t(`orders.team.${one.team}`)} · {t(`orders.state.${one.state}`)}
          {one.answered_at === null ? (
            <DeadlinePill at={one.due_at} from={one.created_at} />
          ) : (
            <span className="ticket-answer">{one.answer}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
