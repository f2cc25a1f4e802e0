// SPDX-License-Identifier: Apache-2.0
//
// One after-sale case: where it stands and until when, what this person may do about it, and everything that happened,
// with who, why, by which rule, and what it moved. Each step has its own sheet; above one's limit it waits for a second
// person.
import type { Order } from '@xiaoer/protocol/wire';
import { App, Button, Drawer, Form, Input, InputNumber, Modal } from 'antd';
import { Banknote } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '../../api/http.ts';
import { useMe, usePeople } from '../../api/queries.ts';
import { useCase, useDoing, type CaseEvent, type CaseFull, type Outcome, type Wish } from '../../api/work.ts';
import { useLayout } from '../../app/layout.ts';
import { DeadlinePill } from '../../ui/deadline.tsx';
import { useReturnFocus } from '../../ui/focus.ts';
import { Bones, Failed, RequestId, faultText } from '../../ui/states.tsx';
import { useShopFormat } from '../../ui/time.ts';
import { Preview, RulesUsed } from '../workbench/sheet.tsx';
import './cases.css';

const WITH_AMOUNT: readonly string[] = ['modify', 'calculated', 'rule_refund', 'rule_return', 'agree_no_return'];
const NEEDS_REASON: readonly string[] = ['refuse', 'object', 'rule_reject', 'void', 'reply', 'ask_evidence'];
const DANGER: readonly string[] = ['refuse', 'rule_reject', 'void'];

/** @param order  as the panel has it; without it, old and new values are not shown beside each other */
export function CaseDrawer({ id, order, onClose }: { id: string; order?: Order; onClose(): void }) {
  const { t } = useTranslation();
  const narrow = useLayout() === 'narrow';
  const one = useCase(id);
  return (
    <Drawer
      open
      onClose={onClose}
      size={narrow ? '100%' : 520}
      title={one.data ? `${one.data.type_text} · ${one.data.case.order}` : t('cases.title')}
      destroyOnHidden
    >
      {one.isPending && <Bones rows={6} />}
      {one.isError && !one.data && <Failed error={one.error} onRetry={() => void one.refetch()} />}
      {one.data && <CaseBody full={one.data} order={order} />}
    </Drawer>
  );
}

function CaseBody({ full, order }: { full: CaseFull; order?: Order }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  const currency = useMe().data?.shop.currency ?? '';
  const [event, setEvent] = useState<string | null>(null);
  const { case: row } = full;
  return (
    <div className="drawer-body">
      <p className="case-state">
        <b>{t(`cases.state.${row.state}`, { defaultValue: full.state_text })}</b>
        {row.open && row.deadline_at && <DeadlinePill at={row.deadline_at} from={row.changed_at} />}
        {row.paused_for && <span className="pill pill-warn">{t(`cases.paused.${row.paused_for}`)}</span>}
      </p>
      {full.due_text !== '' && <p className="quiet">{t('cases.buyerReads', { text: full.due_text })}</p>}
      <dl className="facts">
        <Fact name={t('cases.fact.claimed')}>{format.money(row.claimed_cents, currency)}</Fact>
        {row.refunded_cents > 0 && (
          <Fact name={t('cases.fact.refunded')}>{format.money(row.refunded_cents, currency)}</Fact>
        )}
        <Fact name={t('cases.fact.reason')}>{t(`work.reason.${row.reason}`, { defaultValue: row.reason })}</Fact>
        <Fact name={t('cases.fact.goods')}>{t(`cases.goods.${row.goods}`)}</Fact>
        <Fact name={t('work.fact.payer')}>{t(`work.payer.${row.payer}`, { defaultValue: row.payer })}</Fact>
        {row.waybill !== '' && <Fact name={t('cases.fact.waybill')}>{row.waybill}</Fact>}
        {row.deadline_rule && (
          <Fact name={t('cases.fact.rule')}>
            <code>{row.deadline_rule}</code>
          </Fact>
        )}
      </dl>
      {full.buttons.length > 0 && (
        <div className="deed-buttons" role="group" aria-label={t('work.deeds')}>
          {full.buttons.map((name, at) => (
            <Button
              key={name}
              type={at === 0 ? 'primary' : 'default'}
              danger={DANGER.includes(name)}
              onClick={() => setEvent(name)}
            >
              {t(`cases.deed.${name}`, { defaultValue: name })}
            </Button>
          ))}
        </div>
      )}
      <Evidence ids={full.evidence} />
      <h2>{t('cases.history')}</h2>
      <ol className="timeline case-timeline">
        {[...row.history].reverse().map((one) => (
          <Event key={one.seq} one={one} currency={currency} />
        ))}
      </ol>
      {event !== null && <StepSheet full={full} event={event} order={order} onClose={() => setEvent(null)} />}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Evidence({ ids }: { ids: string[] }) {
  const { t } = useTranslation();
  if (ids.length === 0) return null;
  return (
    <ul className="plain-list evidence" aria-label={t('cases.evidence')}>
      {ids.map((id, at) => (
        <li key={id}>
          <a href={`/api/v1/uploads/${id}`} target="_blank" rel="noopener">
            <img src={`/api/v1/uploads/${id}`} alt={t('cases.evidenceOne', { nth: at + 1 })} loading="lazy" />
          </a>
        </li>
      ))}
    </ul>
  );
}

function Event({ one, currency }: { one: CaseEvent; currency: string }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  const people = usePeople().data ?? [];
  const person = people.find((colleague) => colleague.id === one.person)?.name;
  const who = t(`cases.actor.${one.actor}`, { defaultValue: one.actor });
  return (
    <li>
      <time dateTime={one.at} title={format.full(one.at)}>
        {format.dayAndClock(one.at)} · {person ? `${who} ${person}` : who}
      </time>
      <span>
        <b>{t(`cases.event.${one.event}`, { defaultValue: one.event })}</b>{' '}
        {one.to !== one.from && <span className="quiet">→ {t(`cases.state.${one.to}`, { defaultValue: one.to })}</span>}
      </span>
      {one.reason !== '' && (
        <span className="case-why">{t(`work.reason.${one.reason}`, { defaultValue: one.reason })}</span>
      )}
      {one.money !== 'none' && one.amount_cents > 0 && (
        <span className="case-money">
          <Banknote size={14} aria-hidden="true" /> {t(`cases.money.${one.money}`)}{' '}
          {format.money(one.amount_cents, currency)}
        </span>
      )}
      {one.deadline_at && (
        <small className="quiet">{t('cases.next', { time: format.dayAndClock(one.deadline_at) })}</small>
      )}
      <RulesUsed rules={one.rules} />
    </li>
  );
}

// ---- one step ---------------------------------------------------------------------------------------------

interface StepProps {
  full: CaseFull;
  event: string;
  order?: Order;
  onClose(): void;
}

function StepSheet({ full, event, order, onClose }: StepProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { case: row } = full;
  const currency = useMe().data?.shop.currency ?? '';
  const { attempt, perform } = useDoing(row.order);
  const [key] = useState(newId);
  const [seen, setSeen] = useState<{ wish: Wish; outcome: Outcome } | null>(null);
  const [form] = Form.useForm<{ amount: number | null; reason: string }>();
  useReturnFocus();

  const look = ({ amount, reason }: { amount: number | null; reason: string }) => {
    const wish: Wish = {
      action: 'case.step',
      case: row.id,
      event,
      seen_version: row.version,
      ...(amount ? { amount_cents: Math.round(amount * 100) } : {}),
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
    };
    attempt.mutate(wish, { onSuccess: (outcome) => setSeen({ wish, outcome }) });
  };
  const may = seen !== null && seen.outcome.answer !== 'refused' && seen.outcome.answer !== 'needs_slot';
  const carryOut = () => {
    if (!seen) return;
    perform.mutate(
      { wish: seen.wish, key },
      {
        onSuccess: (outcome) => {
          if (outcome.answer === 'refused' || outcome.answer === 'needs_slot') {
            setSeen({ wish: seen.wish, outcome });
            return;
          }
          const name = t(`cases.deed.${event}`, { defaultValue: event });
          void message.success(t(`work.did.${outcome.answer}`, { name, ticket: outcome.ticket }));
          onClose();
        },
      },
    );
  };
  const error = perform.error ?? attempt.error;
  return (
    <Modal
      open
      width={520}
      title={t(`cases.deed.${event}`, { defaultValue: event })}
      onCancel={onClose}
      footer={[
        <Button key="cancel" onClick={onClose}>
          {t('work.back')}
        </Button>,
        may ? (
          <Button
            key="do"
            type="primary"
            danger={DANGER.includes(event)}
            loading={perform.isPending}
            onClick={carryOut}
          >
            {t(seen.outcome.answer === 'needs_second' ? 'work.askSecond' : 'work.do')}
          </Button>
        ) : (
          <Button key="look" type="primary" loading={attempt.isPending} onClick={form.submit}>
            {t('work.look')}
          </Button>
        ),
      ]}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ amount: null, reason: '' }}
        onValuesChange={() => setSeen(null)}
        onFinish={look}
      >
        {WITH_AMOUNT.includes(event) && (
          <Form.Item name="amount" label={t('work.field.amount', { currency })}>
            <InputNumber min={0} precision={2} style={{ width: 180 }} />
          </Form.Item>
        )}
        <Form.Item
          name="reason"
          label={t('cases.reason')}
          rules={
            NEEDS_REASON.includes(event)
              ? [{ required: true, whitespace: true, message: t('cases.reasonMissing') }]
              : []
          }
        >
          <Input.TextArea rows={3} maxLength={200} placeholder={t('cases.reasonHint')} />
        </Form.Item>
      </Form>
      {seen && <Preview order={order ?? blankOrder(row.order, currency)} wish={seen.wish} outcome={seen.outcome} />}
      {error && (
        <div role="alert" className="form-error">
          {faultText(error, t)}
          <RequestId error={error} />
        </div>
      )}
    </Modal>
  );
}

/** Where only the case is known: its order's number and money. */
const blankOrder = (id: string, currency: string): Order => ({
  order_id: id,
  status: '',
  status_text: '',
  total_cents: 0,
  currency,
  created_at: '',
  items: [],
  trace: null,
  paid_at: null,
  shipped_at: null,
  freight_cents: 0,
  address: { name: '', phone: '', region: '', detail: '' },
  parcels: [],
});
