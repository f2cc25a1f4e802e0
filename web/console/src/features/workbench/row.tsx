// SPDX-License-Identifier: Apache-2.0
//
// One conversation in the list: who, about what, the last words or the unsent draft, when, how long they have
// been waiting, how much is unread.
import type { InboxItem } from '@xiaoer/protocol/wire';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import type { Tab } from '../../live/rows.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { useFormat } from '../../ui/time.ts';
import { WaitingPill } from '../../ui/waiting.tsx';

interface Props {
  item: InboxItem;
  tab: Tab;
  current: boolean;
  onOpen(id: string): void;
}

export const Row = memo(
  function Row({ item, tab, current, onOpen }: Props) {
    const { t } = useTranslation();
    const format = useFormat();
    return (
      <button type="button" className="row" aria-current={current ? 'true' : undefined} onClick={() => onOpen(item.id)}>
        <span className="row-face">
          <Avatar id={item.contact.id} name={item.contact.name} />
          {tab === 'mine' && item.unread > 0 && (
            <span className="badge" aria-label={t('inbox.unread', { count: item.unread })}>
              {item.unread > 99 ? '99+' : item.unread}
            </span>
          )}
        </span>
        <span className="row-body">
          <span className="row-top">
            <strong className="row-name">{item.contact.name}</strong>
            {item.needs_person && <span className="tag tag-alert">{t('inbox.needsPerson')}</span>}
            {item.topic !== '' && <span className="tag">{item.topic}</span>}
            <time dateTime={item.last.at} title={format.full(item.last.at)}>
              {format.brief(item.last.at)}
            </time>
          </span>
          <span className="row-bottom">
            <LastWords item={item} />
            <Waiting item={item} />
          </span>
        </span>
      </button>
    );
  },
  (before, after) => before.item === after.item && before.tab === after.tab && before.current === after.current,
);

function LastWords({ item }: { item: InboxItem }) {
  const { t } = useTranslation();
  const draft = usePreferences((state) => state.drafts[item.id]?.text.trim());
  if (draft) {
    return (
      <span className="row-last">
        <b className="draft">{t('inbox.draft')}</b> {draft}
      </span>
    );
  }
  const by = item.last.author;
  const mark = by === 'bot' ? t('inbox.byBot') : by === 'agent' ? t('inbox.byAgent') : '';
  return (
    <span className="row-last">
      {mark !== '' && <span className="row-by">{mark}</span>}
      {item.last.text || t('inbox.card')}
    </span>
  );
}

function Waiting({ item }: { item: InboxItem }) {
  const { t } = useTranslation();
  if (item.handler === 'closed') {
    return item.rating === null ? null : (
      <span className="pill pill-plain">{t('inbox.rated', { count: item.rating })}</span>
    );
  }
  if (item.handler === 'bot') return null;
  if (item.waiting_since) return <WaitingPill since={item.waiting_since} queued={item.handler === 'queue'} />;
  // Just assigned: nobody waits for an answer, but nobody has said hello either.
  if (item.last.author !== 'agent') return <span className="pill pill-plain">{t('wait.fresh')}</span>;
  return <span className="pill pill-calm">{t('wait.answered')}</span>;
}
