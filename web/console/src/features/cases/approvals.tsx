// SPDX-License-Identifier: Apache-2.0
//
// Requests above what one person may do alone: who asked, for what, how much, by which rules; a leader says yes or no.
// Nobody is the second person of their own request; the server sees to that.
import { App, Button, Input, Modal } from 'antd';
import { Check, Scale, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe, usePeople } from '../../api/queries.ts';
import { useApprovalActions, useApprovals, type Logged } from '../../api/work.ts';
import { useReturnFocus } from '../../ui/focus.ts';
import { Bones, Failed, Nothing, faultText } from '../../ui/states.tsx';
import { useShopFormat } from '../../ui/time.ts';
import { whyText } from '../workbench/deed.ts';
import { RulesUsed } from '../workbench/sheet.tsx';

const MOST_REASON = 200;

export function Approvals() {
  const { t } = useTranslation();
  const approvals = useApprovals(true);
  const [rejected, setRejected] = useState<Logged | null>(null);
  return (
    <main className="page">
      <div className="page-head">
        <div>
          <h2>{t('tasks.section.approvals')}</h2>
          <p className="quiet">{t('approvals.lead')}</p>
        </div>
      </div>
      {approvals.isPending && <Bones rows={4} />}
      {approvals.isError && !approvals.data && (
        <Failed error={approvals.error} onRetry={() => void approvals.refetch()} />
      )}
      {approvals.data?.length === 0 && <Nothing text={t('approvals.none')} icon={Scale} />}
      {approvals.data && approvals.data.length > 0 && (
        <ul className="plain-list row-list" aria-label={t('tasks.section.approvals')}>
          {approvals.data.map((one) => (
            <Row key={one.id} one={one} onReject={() => setRejected(one)} />
          ))}
        </ul>
      )}
      {rejected && <RejectDialog one={rejected} onClose={() => setRejected(null)} />}
    </main>
  );
}

function Row({ one, onReject }: { one: Logged; onReject(): void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const format = useShopFormat();
  const me = useMe().data!;
  const people = usePeople().data ?? [];
  const { approve } = useApprovalActions();
  const own = one.person === me.id;
  const who = own ? t('work.you') : (people.find((person) => person.id === one.person)?.name ?? t('work.system'));
  const name =
    one.event === ''
      ? t(`work.action.${one.action}`, { defaultValue: one.action })
      : t(`cases.deed.${one.event}`, { defaultValue: one.event });
  const yes = () =>
    approve.mutate(one.id, {
      onError: (error) => void message.error(faultText(error, t)),
      onSuccess: (outcome) => {
        if (outcome.answer === 'refused') {
          void message.error(whyText(outcome, t));
        } else {
          void message.success(t(`work.did.${outcome.answer}`, { name, ticket: outcome.ticket }));
        }
      },
    });
  return (
    <li className="row-card">
      <Scale size={17} strokeWidth={1.75} aria-hidden="true" />
      <div className="row-main">
        <p className="row-line">
          <b>{name}</b>
          {one.amount_cents > 0 && <b className="case-money">{format.money(one.amount_cents, me.shop.currency)}</b>}
          <code>{one.order}</code>
        </p>
        <p className="quiet">
          {t('approvals.asked', { name: who })} ·{' '}
          <time dateTime={one.at} title={format.full(one.at)}>
            {format.dayAndClock(one.at)}
          </time>
          {one.conversation !== '' && one.conversation !== '0' && (
            <>
              {' · '}
              <Link to={`/conversations/${one.conversation}`}>{t('orders.openConversation')}</Link>
            </>
          )}
        </p>
        {one.reason !== '' && <p>{t(`work.reason.${one.reason}`, { defaultValue: one.reason })}</p>}
        {one.text !== '' && <p>{one.text}</p>}
        <RulesUsed rules={one.rules} />
        {own && <p className="quiet">{t('approvals.own')}</p>}
      </div>
      <span className="row-deeds">
        <Button
          type="primary"
          size="small"
          icon={<Check size={14} aria-hidden="true" />}
          disabled={own}
          loading={approve.isPending}
          onClick={yes}
        >
          {t('approvals.approve')}
        </Button>
        <Button size="small" icon={<X size={14} aria-hidden="true" />} onClick={onReject}>
          {t('approvals.reject')}
        </Button>
      </span>
    </li>
  );
}

function RejectDialog({ one, onClose }: { one: Logged; onClose(): void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { reject } = useApprovalActions();
  const [reason, setReason] = useState('');
  useReturnFocus();
  return (
    <Modal
      open
      title={t('approvals.rejectTitle')}
      onCancel={onClose}
      okText={t('approvals.reject')}
      okButtonProps={{ disabled: reason.trim() === '', loading: reject.isPending, danger: true }}
      onOk={() =>
        reject.mutate(
          { id: one.id, reason: reason.trim() },
          { onSuccess: onClose, onError: (error) => void message.error(faultText(error, t)) },
        )
      }
    >
      <label className="field">
        <span>{t('approvals.reason')}</span>
        <Input.TextArea
          autoFocus
          rows={3}
          value={reason}
          maxLength={MOST_REASON}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
    </Modal>
  );
}
