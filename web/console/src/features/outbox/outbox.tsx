// SPDX-License-Identifier: Apache-2.0
//
// Mail, SMS and wishes to the shop's own system: what could not be delivered and why, what waits, what went out. A dead
// one is sent again or given up by a person; recipients stay masked.
import { App, Button, Popconfirm } from 'antd';
import { Mail, MessageSquare, RotateCw, Store, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OUTBOX_STATES, useOutbox, useOutboxActions, type OutboxItem, type OutboxState } from '../../api/outbox.ts';
import { Bones, Failed, Nothing, faultText } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';

const ICONS = { mail: Mail, sms: MessageSquare, shop: Store };

export function Outbox() {
  const { t } = useTranslation();
  const [state, setState] = useState<OutboxState>('dead');
  const outbox = useOutbox(state);
  const items = outbox.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <main className="page">
      <div className="page-head">
        <div>
          <h2>{t('outbox.title')}</h2>
          <p className="quiet">{t('outbox.lead')}</p>
        </div>
      </div>
      <div className="tabs tabs-page" role="group" aria-label={t('outbox.states')}>
        {OUTBOX_STATES.map((one) => (
          <button key={one} type="button" aria-pressed={one === state} onClick={() => setState(one)}>
            {t(`outbox.state.${one}`)}
          </button>
        ))}
      </div>
      {outbox.isPending && <Bones rows={5} />}
      {outbox.isError && !outbox.data && <Failed error={outbox.error} onRetry={() => void outbox.refetch()} />}
      {outbox.data && items.length === 0 && <Nothing text={t(`outbox.none.${state}`)} icon={Mail} />}
      {items.length > 0 && (
        <ul className="plain-list row-list" aria-label={t('outbox.title')}>
          {items.map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </ul>
      )}
      {outbox.hasNextPage && (
        <Button loading={outbox.isFetchingNextPage} onClick={() => void outbox.fetchNextPage()}>
          {t('work.more')}
        </Button>
      )}
    </main>
  );
}

function Row({ item }: { item: OutboxItem }) {
  const { t } = useTranslation();
  const format = useFormat();
  const Icon = ICONS[item.kind];
  const at = item.settled_at ?? item.due_at ?? item.created_at;
  return (
    <li className="row-card">
      <Icon size={17} strokeWidth={1.75} aria-hidden="true" />
      <div className="row-main">
        <p>
          <b>{item.subject || t(`outbox.kind.${item.kind}`)}</b>{' '}
          <span className="tag">{t(`outbox.kind.${item.kind}`)}</span>
        </p>
        <p className="quiet">
          {item.to !== '' && <>{item.to} · </>}
          {t('outbox.attempts', { count: item.attempts })} ·{' '}
          <time dateTime={at} title={format.full(at)}>
            {t(`outbox.at.${item.state}`, { time: format.dayAndClock(at) })}
          </time>
          {item.report !== '' && <> · {t('outbox.report', { report: item.report })}</>}
        </p>
        {item.error !== '' && item.state !== 'sent' && <p className="row-bad">{item.error}</p>}
      </div>
      {item.state === 'dead' && <Deeds item={item} />}
    </li>
  );
}

function Deeds({ item }: { item: OutboxItem }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { retry, drop } = useOutboxActions();
  const onError = (error: unknown) => void message.error(faultText(error, t));
  return (
    <span className="row-deeds">
      <Button
        size="small"
        icon={<RotateCw size={14} aria-hidden="true" />}
        loading={retry.isPending}
        onClick={() => retry.mutate(item.id, { onError, onSuccess: () => void message.success(t('outbox.retried')) })}
      >
        {t('outbox.retry')}
      </Button>
      <Popconfirm
        title={t('outbox.dropAsk')}
        okText={t('outbox.drop')}
        onConfirm={() => drop.mutate(item.id, { onError })}
      >
        <Button
          size="small"
          type="text"
          danger
          icon={<Trash2 size={14} aria-hidden="true" />}
          aria-label={t('outbox.dropOne', { subject: item.subject || t(`outbox.kind.${item.kind}`) })}
        />
      </Popconfirm>
    </span>
  );
}
