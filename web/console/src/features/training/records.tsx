// SPDX-License-Identifier: Apache-2.0
//
// What was done with groups and texts, by whom and when; each can be taken back as long as nothing was built on it.
import { Button } from 'antd';
import { History, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe, usePeople } from '../../api/queries.ts';
import { usePastDeeds, type PastDeed } from '../../api/training.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';
import { useDeeds } from './deeds.ts';
import { useIntentName } from '../../ui/intents.tsx';

const MOST_TEXTS = 3;

export function Records() {
  const { t } = useTranslation();
  const past = usePastDeeds();
  const { undo, undoing } = useDeeds();
  const rows = past.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <main className="page">
      <div className="page-head">
        <div>
          <h2>{t('training.section.records')}</h2>
          <p className="quiet">{t('training.recordsLead')}</p>
        </div>
      </div>
      {past.isPending && <Bones rows={6} />}
      {past.isError && !past.data && <Failed error={past.error} onRetry={() => void past.refetch()} />}
      {past.data && rows.length === 0 && <Nothing text={t('training.noRecords')} icon={History} />}
      <ul className="plain-list">
        {rows.map((row) => (
          <Deed key={row.id} deed={row} busy={undoing === row.id} onUndo={() => void undo(row.id)} />
        ))}
      </ul>
      {past.hasNextPage && (
        <Button loading={past.isFetchingNextPage} onClick={() => void past.fetchNextPage()}>
          {t('training.loadMore')}
        </Button>
      )}
    </main>
  );
}

function Deed({ deed, busy, onUndo }: { deed: PastDeed; busy: boolean; onUndo(): void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const people = usePeople();
  const me = useMe().data!;
  const who = deed.by === me.id ? me : people.data?.find((person) => person.id === deed.by);
  return (
    <li className={deed.undone_at === null ? 'taught' : 'taught taught-undone'}>
      <div>
        <p>
          <span className="tag">{t(`training.deed.${deed.kind}`)}</span> <Aim deed={deed} />
        </p>
        <small>
          {deed.texts
            .slice(0, MOST_TEXTS)
            .map((text) => `“${text}”`)
            .join(' ')}
          {deed.texts.length > MOST_TEXTS && ' …'}
        </small>
        <small>
          {who && `${who.alias || who.name} · `}
          <time dateTime={deed.at} title={format.full(deed.at)}>
            {format.dayAndClock(deed.at)}
          </time>
          {` · ${t('training.sentences', { count: deed.items })}`}
        </small>
      </div>
      {deed.undone_at === null ? (
        <Button icon={<Undo2 size={15} aria-hidden="true" />} loading={busy} onClick={onUndo}>
          {t('training.undo')}
        </Button>
      ) : (
        <span className="quiet" title={format.full(deed.undone_at)}>
          {t('training.isUndone')}
        </span>
      )}
    </li>
  );
}

/** What the texts were given to. */
function Aim({ deed }: { deed: PastDeed }) {
  const { t } = useTranslation();
  const nameOf = useIntentName();
  if (deed.kind === 'assign') return <b>{nameOf(deed.target)}</b>;
  if (deed.kind === 'write' || deed.kind === 'similar') {
    return <Link to={`/knowledge/${deed.target}`}>{t('training.toEntry')}</Link>;
  }
  return null;
}
