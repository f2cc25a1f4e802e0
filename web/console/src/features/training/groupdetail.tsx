// SPDX-License-Identifier: Apache-2.0
//
// One group: what buyers said, how the bot hears it now, what came nearest, and what can be made of it: all of it, or
// the texts that are ticked.
import { Button, Checkbox, Dropdown } from 'antd';
import {
  ArrowLeft,
  ArrowRight,
  BookOpenText,
  Ear,
  Ellipsis,
  FlaskConical,
  MessagesSquare,
  UserRoundPen,
} from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { UNCLEAR, useGroupItems, type DeedKind, type Group, type LearningState } from '../../api/training.ts';
import { useFigures } from '../../ui/figures.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';
import { TryDrawer } from '../knowledge/trybox.tsx';
import { Trend } from './grouplist.tsx';
import { foldTexts, reasonsOf, type Said } from './groups.ts';
import { useIntentName } from '../../ui/intents.tsx';

interface Props {
  id: string | null;
  group: Group | null;
  pending: boolean;
  state: LearningState;
  busy: boolean;
  onBack?: () => void;
  onWish(kind: DeedKind, items: string[], texts: string[]): void;
}

export function GroupDetail({ id, group, pending, state, busy, onBack, onWish }: Props) {
  const { t } = useTranslation();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const items = useGroupItems(group === null ? null : id, state);
  const [trying, setTrying] = useState(false);
  const said = useMemo(() => foldTexts(items.data?.pages.flatMap((page) => page.items) ?? []), [items.data]);
  if (group === null) {
    return (
      <section className="split-detail split-empty" aria-label={t('training.detail')} aria-busy={pending}>
        {onBack && <Back onBack={onBack} />}
        {!pending && <Nothing text={t(id === null ? 'training.choose' : 'training.gone')} icon={MessagesSquare} />}
      </section>
    );
  }
  const chosen = said.filter((one) => ticked.has(one.text));
  const wish = (kind: DeedKind) =>
    onWish(
      kind,
      chosen.flatMap((one) => one.items),
      chosen.map((one) => one.text),
    );
  return (
    <section className="split-detail" aria-label={t('training.detail')}>
      {onBack && <Back onBack={onBack} />}
      <Head group={group} />
      {state === 'open' && <Deeds ticked={chosen.length} busy={busy} onWish={wish} />}
      <Now group={group} onTry={() => setTrying(true)} />
      <section className="texts">
        <h3>{t('training.texts')}</h3>
        {items.isPending && <Bones rows={4} />}
        {items.isError && <Failed error={items.error} onRetry={() => void items.refetch()} />}
        <ul className="plain-list">
          {said.map((one) => (
            <Text
              key={one.text}
              said={one}
              tick={state === 'open' ? ticked.has(one.text) : null}
              onTick={() => setTicked((before) => toggled(before, one.text))}
            />
          ))}
        </ul>
        {items.hasNextPage && (
          <Button loading={items.isFetchingNextPage} onClick={() => void items.fetchNextPage()}>
            {t('training.loadMore')}
          </Button>
        )}
      </section>
      <TryDrawer open={trying} onClose={() => setTrying(false)} text={group.text} />
    </section>
  );
}

function toggled(set: ReadonlySet<string>, one: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(one)) next.add(one);
  return next;
}

function Back({ onBack }: { onBack(): void }) {
  const { t } = useTranslation();
  return (
    <Button type="text" className="back" icon={<ArrowLeft size={17} aria-hidden="true" />} onClick={onBack}>
      {t('training.back')}
    </Button>
  );
}

function Head({ group }: { group: Group }) {
  const { t } = useTranslation();
  const { number, percent } = useFigures();
  const format = useFormat();
  return (
    <header className="detail-head">
      <h2>{group.text}</h2>
      <dl className="stats">
        <Stat name={t('training.size')} value={number(group.size)} />
        <Stat name={t('training.trend')} value={<Trend group={group} long />} />
        <Stat name={t('training.gain')} value={percent(group.gain, 1)} hint={t('training.gainHint')} />
        <Stat
          name={t('training.lastAt')}
          value={
            <time dateTime={group.last_at} title={format.full(group.last_at)}>
              {format.dayAndClock(group.last_at)}
            </time>
          }
        />
      </dl>
      <p className="chips-row">
        {reasonsOf(group).map(([reason, count]) => (
          <span key={reason} className="tag" title={t(`training.reasonHint.${reason}`)}>
            {t(`training.reason.${reason}`)} {number(count)}
          </span>
        ))}
      </p>
    </header>
  );
}

export function Stat({ name, value, hint, tone }: { name: string; value: ReactNode; hint?: string; tone?: string }) {
  return (
    <div className={tone ? `stat stat-${tone}` : 'stat'}>
      <dt>{name}</dt>
      <dd>{value}</dd>
      {hint && <dd className="stat-hint">{hint}</dd>}
    </div>
  );
}

/** How the bot stands to it today. */
function Now({ group, onTry }: { group: Group; onTry(): void }) {
  const { t } = useTranslation();
  const { percent } = useFigures();
  const { intent, entry, corrected } = group;
  return (
    <ul className="plain-list now">
      <li>
        <Ear size={15} aria-hidden="true" />
        {intent.id === UNCLEAR
          ? t('training.heardNothing')
          : t(intent.sure ? 'training.heardSure' : 'training.heardUnsure', {
              name: intent.name,
              percent: percent(intent.confidence),
            })}
      </li>
      <li>
        <BookOpenText size={15} aria-hidden="true" />
        {entry ? (
          <span>
            {t('training.nearest')} <Link to={`/knowledge/${entry.id}`}>{entry.question}</Link>{' '}
            <span className="quiet">{t('training.match', { percent: percent(entry.match) })}</span>
          </span>
        ) : (
          t('training.nearestNone')
        )}
      </li>
      {corrected && (
        <li>
          <UserRoundPen size={15} aria-hidden="true" />
          {t('training.correctedTo', { name: corrected.name })}
        </li>
      )}
      <li>
        <FlaskConical size={15} aria-hidden="true" />
        <button type="button" className="link" onClick={onTry}>
          {t('training.tryThis')}
        </button>
      </li>
    </ul>
  );
}

const FIRST: readonly DeedKind[] = ['write', 'similar', 'assign'];

function Deeds({ ticked, busy, onWish }: { ticked: number; busy: boolean; onWish(kind: DeedKind): void }) {
  const { t } = useTranslation();
  const rest = (ticked === 0 ? (['merge', 'ignore'] as const) : (['ignore'] as const)).map((key) => ({
    key,
    label: t(`training.deed.${key}`),
  }));
  return (
    <div className="deeds" role="group" aria-label={t('training.deeds')}>
      {FIRST.map((kind) => (
        <Button key={kind} type={kind === 'write' ? 'primary' : 'default'} disabled={busy} onClick={() => onWish(kind)}>
          {t(`training.deed.${kind}`)}
        </Button>
      ))}
      <span className="deeds-rest">
        {rest.map(({ key, label }) => (
          <Button key={key} disabled={busy} onClick={() => onWish(key)}>
            {label}
          </Button>
        ))}
      </span>
      <Dropdown
        trigger={['click']}
        disabled={busy}
        menu={{ items: rest, onClick: ({ key }) => onWish(key as DeedKind) }}
      >
        <Button
          className="deeds-more"
          icon={<Ellipsis size={16} aria-hidden="true" />}
          aria-label={t('training.more')}
        />
      </Dropdown>
      <span className="quiet" role="status">
        {t(ticked === 0 ? 'training.forAll' : 'training.forTicked', { count: ticked })}
      </span>
    </div>
  );
}

function Text({ said, tick, onTick }: { said: Said; tick: boolean | null; onTick(): void }) {
  const { t } = useTranslation();
  const { number } = useFigures();
  const format = useFormat();
  const nameOf = useIntentName();
  const { last } = said;
  const heard = last.corrected ?? last.intent;
  return (
    <li className="text-row">
      {tick !== null && (
        <Checkbox checked={tick} onChange={onTick} aria-label={t('training.pick', { text: said.text })} />
      )}
      <div>
        <p>
          {said.text}
          {said.items.length > 1 && <b className="text-times">×{number(said.items.length)}</b>}
        </p>
        <small>
          {reasonsOf(said)
            .map(([reason]) => t(`training.reason.${reason}`))
            .join(' · ')}
          {heard && heard.id !== UNCLEAR && ` · ${nameOf(heard.id)}`}
        </small>
      </div>
      <time dateTime={last.at} title={format.full(last.at)}>
        {format.brief(last.at)}
      </time>
      <Link to={`/conversations/${last.conversation}`} aria-label={t('training.openChat', { text: said.text })}>
        <ArrowRight size={16} aria-hidden="true" />
      </Link>
    </li>
  );
}
