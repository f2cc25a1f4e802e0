// SPDX-License-Identifier: Apache-2.0
//
// Work orders: what teams have to do, soonest due first; mine, a team's, overdue. Each opens to its history, is taken,
// answered, commented on and done, and leads to the conversation and the order it came from.
import { App, Button, Checkbox, Drawer, Input, Select } from 'antd';
import { ClipboardList, MessagesSquare } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe, usePeople } from '../../api/queries.ts';
import {
  TEAMS,
  useWorkOrder,
  useWorkOrderActions,
  useWorkOrders,
  type Team,
  type WorkFilter,
  type WorkOrder,
  type WorkState,
  type WorkStep,
} from '../../api/workorders.ts';
import { useLayout } from '../../app/layout.ts';
import { DeadlinePill } from '../../ui/deadline.tsx';
import { Bones, Failed, Nothing, faultText } from '../../ui/states.tsx';
import { useShopFormat } from '../../ui/time.ts';

const STATES: readonly WorkState[] = ['open', 'taken', 'answered', 'done'];
const TONES: Record<WorkState, string> = { open: 'warn', taken: 'plain', answered: 'calm', done: 'plain' };
const MOST_TEXT = 500;

export function WorkOrders() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<WorkFilter>({ state: 'open', team: '', mine: false, overdue: false });
  const [open, setOpen] = useState<string | null>(null);
  const list = useWorkOrders(filter);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const change = (part: Partial<WorkFilter>) => setFilter({ ...filter, ...part });
  return (
    <main className="page">
      <div className="page-head">
        <div>
          <h2>{t('orders.title')}</h2>
          <p className="quiet">{t('orders.lead')}</p>
        </div>
      </div>
      <div className="tabs tabs-page" role="group" aria-label={t('orders.states')}>
        {STATES.map((state) => (
          <button key={state} type="button" aria-pressed={state === filter.state} onClick={() => change({ state })}>
            {t(`orders.state.${state}`)}
          </button>
        ))}
      </div>
      <div className="tools tools-line">
        <Select<Team | ''>
          value={filter.team}
          onChange={(team) => change({ team })}
          aria-label={t('orders.teamLabel')}
          options={[
            { value: '', label: t('orders.anyTeam') },
            ...TEAMS.map((value) => ({ value, label: t(`orders.team.${value}`) })),
          ]}
          style={{ minWidth: 140 }}
        />
        <Checkbox checked={filter.mine} onChange={(event) => change({ mine: event.target.checked })}>
          {t('orders.mine')}
        </Checkbox>
        <Checkbox checked={filter.overdue} onChange={(event) => change({ overdue: event.target.checked })}>
          {t('orders.overdue')}
        </Checkbox>
      </div>
      {list.isPending && <Bones rows={5} />}
      {list.isError && !list.data && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && items.length === 0 && <Nothing text={t('orders.none')} icon={ClipboardList} />}
      {items.length > 0 && (
        <ul className="plain-list row-list" aria-label={t('orders.title')}>
          {items.map((one) => (
            <li key={one.id}>
              <button type="button" className="row-card row-button" onClick={() => setOpen(one.id)}>
                <Summary one={one} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('work.more')}
        </Button>
      )}
      {open !== null && <OneDrawer id={open} onClose={() => setOpen(null)} />}
    </main>
  );
}

function Summary({ one }: { one: WorkOrder }) {
  const { t } = useTranslation();
  return (
    <>
      <ClipboardList size={17} strokeWidth={1.75} aria-hidden="true" />
      <span className="row-main">
        <span className="row-line">
          <b>{one.ticket}</b>
          <span className="tag">{t(`orders.team.${one.team}`)}</span>
          <span className="tag tag-tint">{t(`work.action.${one.kind}`, { defaultValue: t('orders.other') })}</span>
        </span>
        <span className="row-line clamp">{one.text || t('orders.noText')}</span>
        {one.order !== '' && <span className="row-line quiet">{t('orders.ofOrder', { id: one.order })}</span>}
      </span>
      {one.state === 'done' || one.state === 'answered' ? (
        <span className={`pill pill-${TONES[one.state]}`}>{t(`orders.state.${one.state}`)}</span>
      ) : (
        <DeadlinePill at={one.due_at} from={one.created_at} />
      )}
    </>
  );
}

// ---- one of them ------------------------------------------------------------------------------------------

function OneDrawer({ id, onClose }: { id: string; onClose(): void }) {
  const { t } = useTranslation();
  const narrow = useLayout() === 'narrow';
  const one = useWorkOrder(id);
  return (
    <Drawer
      open
      onClose={onClose}
      size={narrow ? '100%' : 480}
      title={one.data?.ticket ?? t('orders.title')}
      destroyOnHidden
    >
      {one.isPending && <Bones rows={4} />}
      {one.isError && !one.data && <Failed error={one.error} onRetry={() => void one.refetch()} />}
      {one.data && <One key={one.data.version} one={one.data} />}
    </Drawer>
  );
}

function One({ one }: { one: NonNullable<ReturnType<typeof useWorkOrder>['data']> }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const format = useShopFormat();
  const { step } = useWorkOrderActions();
  const people = usePeople().data ?? [];
  const me = useMe().data!;
  const [text, setText] = useState('');
  const nameOf = (id: string) =>
    id === me.id ? t('work.you') : (people.find((person) => person.id === id)?.name ?? t('work.system'));
  const go = (how: WorkStep) =>
    step.mutate(
      { id: one.id, how, text: how === 'take' || how === 'done' ? '' : text.trim(), version: one.version },
      { onError: (error) => void message.error(faultText(error, t)), onSuccess: () => setText('') },
    );
  const says = text.trim() !== '';
  return (
    <div className="drawer-body">
      <p className="row-line">
        <span className={`pill pill-${TONES[one.state]}`}>{t(`orders.state.${one.state}`)}</span>
        {one.state !== 'done' && one.answered_at === null && <DeadlinePill at={one.due_at} from={one.created_at} />}
        <span className="tag">{t(`orders.team.${one.team}`)}</span>
      </p>
      <p className="task-text">{one.text || t('orders.noText')}</p>
      <dl className="facts">
        <div>
          <dt>{t('orders.due')}</dt>
          <dd>{format.full(one.due_at)}</dd>
        </div>
        {one.order !== '' && (
          <div>
            <dt>{t('orders.order')}</dt>
            <dd>
              <code>{one.order}</code>
            </dd>
          </div>
        )}
        {one.conversation !== '0' && one.conversation !== '' && (
          <div>
            <dt>{t('orders.conversation')}</dt>
            <dd>
              <Link to={`/conversations/${one.conversation}`}>
                <MessagesSquare size={14} aria-hidden="true" /> {t('orders.openConversation')}
              </Link>
            </dd>
          </div>
        )}
      </dl>
      <h2>{t('orders.history')}</h2>
      <ol className="timeline">
        {[...one.history].reverse().map((event) => (
          <li key={event.seq}>
            <time dateTime={event.at} title={format.full(event.at)}>
              {format.dayAndClock(event.at)} · {nameOf(event.person)}
            </time>
            <span>
              <b>{t(`orders.event.${event.event}`, { defaultValue: event.event })}</b> {event.text}
            </span>
          </li>
        ))}
      </ol>
      {one.state !== 'done' && (
        <div className="task-deeds">
          <Input.TextArea
            rows={3}
            value={text}
            maxLength={MOST_TEXT}
            aria-label={t('orders.say')}
            placeholder={t('orders.say')}
            onChange={(event) => setText(event.target.value)}
          />
          <span className="row-deeds">
            {one.state === 'open' && (
              <Button type="primary" loading={step.isPending} onClick={() => go('take')}>
                {t('orders.take')}
              </Button>
            )}
            <Button disabled={!says} loading={step.isPending} onClick={() => go('answer')}>
              {t('orders.answer')}
            </Button>
            <Button disabled={!says} loading={step.isPending} onClick={() => go('comment')}>
              {t('orders.comment')}
            </Button>
            <Button
              type={one.state === 'answered' ? 'primary' : 'default'}
              loading={step.isPending}
              onClick={() => go('done')}
            >
              {t('orders.done')}
            </Button>
          </span>
        </div>
      )}
    </div>
  );
}
