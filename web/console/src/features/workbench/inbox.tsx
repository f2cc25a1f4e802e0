// SPDX-License-Identifier: Apache-2.0
//
// The list of conversations: status, search, four tabs with counts, and the rows, of which only those on screen
// exist. Rows come from the live store, so they move by themselves; a search shows what the server found.
import { Button, Dropdown, Input } from 'antd';
import { ArrowDownUp, Hand, Search } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import type { InboxItem } from '@xiaoer/protocol/wire';
import { useInbox } from '../../api/queries.ts';
import { usePreferences } from '../../app/preferences.ts';
import { keysOf } from '../../app/shortcuts.ts';
import { ORDERS, TABS, listOf, type Order, type Tab } from '../../live/rows.ts';
import { useLive } from '../../live/store.ts';
import { Keys } from '../../ui/kbd.tsx';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import type { Actions } from './actions.ts';
import { useDesk } from './desk.ts';
import { PaneBar } from './panes.tsx';
import { Row } from './row.tsx';
import { StatusBar } from './status.tsx';

const SEARCH_AFTER_MS = 250;
const MOST_QUERY = 60;

interface Props {
  actions: Actions;
  current: string | null;
}

/** `alone`: this is the whole page of a narrow window. */
export function InboxPane({ actions, current, alone }: Props & { alone: boolean }) {
  const { t } = useTranslation();
  const Pane = alone ? 'main' : 'section';
  return (
    <Pane className="pane-list" aria-label={t('inbox.label')}>
      {alone && <h1 className="sr-only">{t('inbox.label')}</h1>}
      <StatusBar />
      <SearchBox />
      <Tabs />
      <Rows actions={actions} current={current} />
      {!alone && <PaneBar pane="list" />}
    </Pane>
  );
}

function SearchBox() {
  const { t } = useTranslation();
  const q = useDesk((state) => state.q);
  const order = usePreferences((state) => state.order);
  const [text, setText] = useState(q);

  useEffect(() => setText(q), [q]);
  useEffect(() => {
    const timer = setTimeout(() => useDesk.getState().set({ q: text.trim() }), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);

  return (
    <div className="search-box">
      <Input
        allowClear
        value={text}
        maxLength={MOST_QUERY}
        onChange={(event) => setText(event.target.value)}
        prefix={<Search size={15} aria-hidden="true" />}
        suffix={text === '' ? <Keys keys={keysOf('commands')} /> : undefined}
        placeholder={t('inbox.search')}
        aria-label={t('inbox.search')}
      />
      <Dropdown
        trigger={['click']}
        menu={{
          selectedKeys: [order],
          items: ORDERS.map((key) => ({ key, label: t(`inbox.order.${key}`) })),
          onClick: ({ key }) => usePreferences.getState().set({ order: key as Order }),
        }}
      >
        <Button type="text" icon={<ArrowDownUp size={15} aria-hidden="true" />} aria-label={t('inbox.order.label')} />
      </Dropdown>
    </div>
  );
}

function Tabs() {
  const { t } = useTranslation();
  const tab = useDesk((state) => state.tab);
  const counts = useLive((state) => state.rows.counts);
  return (
    <div className="tabs" role="group" aria-label={t('inbox.tabs')}>
      {TABS.map((one) => (
        <button key={one} type="button" aria-pressed={one === tab} onClick={() => useDesk.getState().set({ tab: one })}>
          {t(`inbox.tab.${one}`)}
          {counts[one] > 0 && <b title={String(counts[one])}>{counts[one] > 99 ? '99+' : counts[one]}</b>}
        </button>
      ))}
    </div>
  );
}

function Rows({ actions, current }: Props) {
  const { tab, q } = useDesk();
  const inbox = useInbox(tab, q);
  const items = useRows(
    tab,
    q,
    inbox.data?.pages.flatMap((page) => page.ids),
  );
  const list = useRef<VirtuosoHandle>(null);

  // Alt+J may lead to a row that is scrolled away.
  useEffect(() => {
    const at = items.findIndex((item) => item.id === current);
    if (at >= 0) list.current?.scrollIntoView({ index: at });
    // Only when another conversation is opened, not whenever a row moves.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [current]);

  if (inbox.isPending && items.length === 0) return <Bones rows={9} avatar />;
  if (inbox.isError && items.length === 0) return <Failed error={inbox.error} onRetry={() => void inbox.refetch()} />;
  if (items.length === 0) return <NoRows tab={tab} q={q} actions={actions} />;
  return (
    <Virtuoso
      ref={list}
      className="rows"
      data={items}
      computeItemKey={(_at, item) => item.id}
      fixedItemHeight={63}
      increaseViewportBy={300}
      endReached={() => inbox.hasNextPage && void inbox.fetchNextPage()}
      itemContent={(_at, item) => <Row item={item} tab={tab} current={item.id === current} onOpen={actions.open} />}
    />
  );
}

function useRows(tab: Tab, q: string, found: string[] | undefined): InboxItem[] {
  const rows = useDeferredValue(useLive((state) => state.rows));
  const me = useLive((state) => state.me);
  const order = usePreferences((state) => state.order);
  const ids = found?.join() ?? '';
  return useMemo(() => {
    if (q === '') return listOf(rows, tab, me, order);
    return ids === '' ? [] : ids.split(',').flatMap((id) => rows.byId[id] ?? []);
  }, [rows, tab, me, order, q, ids]);
}

function NoRows({ tab, q, actions }: { tab: Tab; q: string; actions: Actions }) {
  const { t } = useTranslation();
  const waiting = useLive((state) => state.rows.counts.queue);
  if (q !== '') return <Nothing text={t('inbox.notFound', { q })} icon={Search} />;
  return (
    <Nothing text={t(`inbox.none.${tab}`)}>
      {tab === 'mine' && (
        <Button
          icon={<Hand size={15} aria-hidden="true" />}
          disabled={waiting === 0}
          onClick={() => void actions.pull()}
        >
          {t('inbox.pull', { count: waiting })}
        </Button>
      )}
    </Nothing>
  );
}
