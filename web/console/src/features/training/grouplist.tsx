// SPDX-License-Identifier: Apache-2.0
//
// The list of groups: search, reason, order; how large each is and whether it grows. Several can be picked to deal
// with them at once.
import type { UseQueryResult } from '@tanstack/react-query';
import { Button, Checkbox, Dropdown, Input, Select } from 'antd';
import { ArrowDownUp, CircleCheckBig, Minus, Search, TrendingDown, TrendingUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { REASONS, type DeedKind, type Group, type Groups, type LearningState } from '../../api/training.ts';
import { usePreferences } from '../../app/preferences.ts';
import { useFigures } from '../../ui/figures.ts';
import { Keys } from '../../ui/kbd.tsx';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { ORDERS, trendOf, type Order, type Wanted } from './groups.ts';

const STATES: readonly LearningState[] = ['open', 'done', 'ignored'];
const SEVERAL: readonly DeedKind[] = ['merge', 'write', 'assign', 'similar', 'ignore'];

interface Props {
  state: LearningState;
  onState(state: LearningState): void;
  query: UseQueryResult<Groups>;
  shown: Group[];
  wanted: Wanted;
  onWanted(wanted: Wanted): void;
  current: string | null;
  onOpen(id: string): void;
  picked: ReadonlySet<string>;
  onPick(picked: ReadonlySet<string>): void;
  busy: boolean;
  onWish(kind: DeedKind): void;
}

export function GroupList(props: Props) {
  const { t } = useTranslation();
  const { state, onState, query, picked } = props;
  const { number } = useFigures();
  return (
    <section className="split-list" aria-label={t('training.section.questions')}>
      <div className="tabs" role="group" aria-label={t('training.states')}>
        {STATES.map((one) => (
          <button key={one} type="button" aria-pressed={one === state} onClick={() => onState(one)}>
            {t(`training.state.${one}`)}
            {one === state && query.data && query.data.groups > 0 && <b>{number(query.data.groups)}</b>}
          </button>
        ))}
      </div>
      <Filters {...props} />
      {picked.size > 0 ? <Several {...props} /> : <Summary groups={query.data} state={state} />}
      <Rows {...props} />
      <KeysHint />
    </section>
  );
}

const KEYS = [
  ['move', 'J+K'],
  ['open', 'Enter'],
  ['pick', 'X'],
  ['search', '/'],
] as const;

/** Not on a phone. */
function KeysHint() {
  const { t } = useTranslation();
  const on = usePreferences((state) => state.shortcuts);
  if (!on) return null;
  return (
    <p className="keys-hint" aria-hidden="true">
      {KEYS.map(([name, keys]) => (
        <span key={name}>
          <Keys keys={keys} /> {t(`training.keys.${name}`)}
        </span>
      ))}
    </p>
  );
}

function Filters({ wanted, onWanted }: Props) {
  const { t } = useTranslation();
  return (
    <div className="group-search">
      <Input
        allowClear
        value={wanted.q}
        maxLength={60}
        onChange={(event) => onWanted({ ...wanted, q: event.target.value })}
        prefix={<Search size={15} aria-hidden="true" />}
        placeholder={t('training.search')}
        aria-label={t('training.search')}
      />
      <Select
        value={wanted.reason}
        onChange={(reason) => onWanted({ ...wanted, reason })}
        popupMatchSelectWidth={false}
        aria-label={t('training.reasonFilter')}
        options={[
          { value: '', label: t('training.anyReason') },
          ...REASONS.map((value) => ({ value, label: t(`training.reason.${value}`) })),
        ]}
      />
      <Dropdown
        trigger={['click']}
        menu={{
          selectedKeys: [wanted.order],
          items: ORDERS.map((key) => ({ key, label: t(`training.order.${key}`) })),
          onClick: ({ key }) => onWanted({ ...wanted, order: key as Order }),
        }}
      >
        <Button
          type="text"
          icon={<ArrowDownUp size={15} aria-hidden="true" />}
          aria-label={t('training.order.label', { name: t(`training.order.${wanted.order}`) })}
        />
      </Dropdown>
    </div>
  );
}

function Summary({ groups, state }: { groups: Groups | undefined; state: LearningState }) {
  const { t } = useTranslation();
  const { number, percent } = useFigures();
  const part = groups && groups.turns > 0 ? groups.items.reduce((sum, group) => sum + group.gain, 0) : 0;
  return (
    <p className="group-summary" role="status">
      {groups === undefined
        ? t('state.loading')
        : state === 'open'
          ? t('training.summary', { count: groups.items_open, part: percent(Math.min(1, part), 1) })
          : t('training.summaryOther', { count: groups.items_open, groups: number(groups.groups) })}
    </p>
  );
}

function Several({ picked, onPick, onWish, busy }: Props) {
  const { t } = useTranslation();
  const items = SEVERAL.map((key) => ({
    key,
    label: t(`training.deed.${key}`),
    disabled: key === 'merge' && picked.size < 2,
  }));
  return (
    <div className="group-summary group-several" role="group" aria-label={t('training.picked', { count: picked.size })}>
      <span role="status">{t('training.picked', { count: picked.size })}</span>
      <Button size="small" type="primary" disabled={busy || picked.size < 2} onClick={() => onWish('merge')}>
        {t('training.deed.merge')}
      </Button>
      <Dropdown
        trigger={['click']}
        menu={{ items: items.slice(1), onClick: ({ key }) => onWish(key as DeedKind) }}
        disabled={busy}
      >
        <Button size="small">{t('training.more')}</Button>
      </Dropdown>
      <Button size="small" type="text" onClick={() => onPick(new Set())}>
        {t('training.clear')}
      </Button>
    </div>
  );
}

function Rows({ state, query, shown, current, onOpen, picked, onPick, wanted, onWanted }: Props) {
  const { t } = useTranslation();
  if (query.isPending) return <Bones rows={8} />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (shown.length === 0 && (wanted.q !== '' || wanted.reason !== '')) {
    return (
      <Nothing text={t('training.notFound')} icon={Search}>
        <Button onClick={() => onWanted({ ...wanted, q: '', reason: '' })}>{t('training.showAll')}</Button>
      </Nothing>
    );
  }
  if (shown.length === 0) return <Nothing text={t(`training.none.${state}`)} icon={CircleCheckBig} />;

  const toggle = (id: string) => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    onPick(next);
  };
  return (
    <ul className="plain-list group-list">
      {shown.map((group) => (
        <li key={group.id} className={group.id === current ? 'group-row group-row-on' : 'group-row'}>
          {state === 'open' && (
            <Checkbox
              checked={picked.has(group.id)}
              onChange={() => toggle(group.id)}
              aria-label={t('training.pick', { text: group.text })}
            />
          )}
          <button
            type="button"
            data-group={group.id}
            aria-current={group.id === current || undefined}
            onClick={() => onOpen(group.id)}
            onKeyDown={(event) => {
              if (event.key === 'x' && state === 'open') toggle(group.id);
            }}
          >
            <GroupBrief group={group} />
          </button>
        </li>
      ))}
      {query.data !== undefined && query.data.groups > query.data.items.length && (
        <li className="quiet group-rest">
          {t('training.rest', { count: query.data.groups - query.data.items.length })}
        </li>
      )}
    </ul>
  );
}

function GroupBrief({ group }: { group: Group }) {
  const { t } = useTranslation();
  const { number, percent } = useFigures();
  return (
    <>
      <span className="group-text">{group.text}</span>
      <span className="group-figures">
        <b>{t('training.times', { count: group.size, text: number(group.size) })}</b>
        <Trend group={group} />
        <span>{t('training.gainShort', { part: percent(group.gain, 1) })}</span>
        {group.corrected && <span className="tag tag-tint">{t('training.reason.corrected')}</span>}
      </span>
    </>
  );
}

const ICONS = { up: TrendingUp, down: TrendingDown, same: Minus };

export function Trend({ group, long = false }: { group: Group; long?: boolean }) {
  const { t } = useTranslation();
  const { number } = useFigures();
  const trend = trendOf(group);
  const Icon = ICONS[trend];
  const words = t('training.weeks', { now: number(group.this_week), before: number(group.last_week) });
  return (
    <span className={`trend trend-${trend}`} title={words}>
      <Icon size={14} aria-hidden="true" />
      {long ? words : <span aria-hidden="true">{t('training.weeksShort', { now: number(group.this_week) })}</span>}
      {!long && <span className="sr-only">{words}</span>}
    </span>
  );
}
