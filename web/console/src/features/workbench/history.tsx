// SPDX-License-Identifier: Apache-2.0
//
// What this buyer wrote about before: previous conversations, newest first, each a way in to read it.
import { History as HistoryIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCategories, useDetail } from '../../api/queries.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';
import type { Actions } from './actions.ts';

export function History({ id, actions }: { id: string; actions: Actions }) {
  const { t } = useTranslation();
  const format = useFormat();
  const detail = useDetail(id);
  const categories = useCategories().data ?? [];
  if (detail.isPending) return <Bones rows={4} />;
  if (detail.isError && !detail.data) return <Failed error={detail.error} onRetry={() => void detail.refetch()} />;
  const previous = [...detail.data.previous].sort((a, b) => Date.parse(b.opened_at) - Date.parse(a.opened_at));
  if (previous.length === 0) return <Nothing text={t('history.none')} icon={HistoryIcon} />;
  return (
    <ul className="plain-list">
      {previous.map((one) => (
        <li key={one.id}>
          <button type="button" className="previous" onClick={() => actions.open(one.id)}>
            <span>
              <b>{one.topic || t('history.noTopic')}</b>
              {one.category !== '' && (
                <span className="tag">
                  {categories.find((known) => known.id === one.category)?.name ?? one.category}
                </span>
              )}
            </span>
            <small>
              <time dateTime={one.opened_at} title={format.full(one.opened_at)}>
                {format.dayAndClock(one.opened_at)}
              </time>
              {' · '}
              {one.closed_at === null ? t('history.open') : t('history.closed')}
            </small>
          </button>
        </li>
      ))}
    </ul>
  );
}
