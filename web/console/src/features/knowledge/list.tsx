// SPDX-License-Identifier: Apache-2.0
//
// The list of entries: search, layer, whether in use; of each entry what it answers, when it counts, and how it did in
// the last seven days. Only the rows on screen exist.
import type { KnowledgeRow, Layer } from '@xiaoer/protocol/wire';
import { Button, Dropdown, Input, Select, type InputRef } from 'antd';
import { BookOpenText, Ellipsis, FlaskConical, MessageCircleQuestion, Plus, Search, Upload } from 'lucide-react';
import { memo, useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { useKnowledge, useTeaches, type InUse } from '../../api/knowledge.ts';
import { Keys } from '../../ui/kbd.tsx';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { useKnowledgeDesk } from './desk.ts';
import { LAYERS } from './draft.ts';
import { ConditionTags, DaysPill, LayerTag, Used } from './words.tsx';

const SEARCH_AFTER_MS = 250;
const MOST_QUERY = 60;
const STATES: readonly InUse[] = ['in_use', 'over', 'archived'];

export interface ListHandle {
  move(step: 1 | -1): void;
  focus(id: string): void;
  search(): void;
}
const rowId = (id: string) => `kb-row-${id}`;

export function ListPane({ ref, current, alone }: { ref?: Ref<ListHandle>; current: string | null; alone: boolean }) {
  const { t } = useTranslation();
  const box = useRef<InputRef>(null);
  const rows = useRef<Pick<ListHandle, 'move'>>(null);
  useImperativeHandle(ref, () => ({
    move: (step) => rows.current?.move(step),
    focus: (id) => document.getElementById(rowId(id))?.focus({ preventScroll: true }),
    search: () => box.current?.focus({ cursor: 'all' }),
  }));
  const Pane = alone ? 'main' : 'section';
  return (
    <Pane className="kb-list" aria-label={t('knowledge.list')}>
      <Head alone={alone} />
      <Filters box={box} />
      <Rows ref={rows} current={current} />
    </Pane>
  );
}

function Head({ alone }: { alone: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const teaches = useTeaches();
  const { trying, set, tryOut } = useKnowledgeDesk();
  const Title = alone ? 'h1' : 'h2';
  return (
    <div className="kb-head">
      <Title>{t('knowledge.title')}</Title>
      {teaches && (
        <>
          <Button
            icon={<FlaskConical size={15} aria-hidden="true" />}
            aria-pressed={trying}
            onClick={() => (trying ? set({ trying: false }) : tryOut())}
          >
            {t('knowledge.try')}
          </Button>
          <Button
            type="primary"
            icon={<Plus size={15} aria-hidden="true" />}
            onClick={() => void navigate('/knowledge/new')}
          >
            {t('knowledge.new')}
          </Button>
          <Dropdown
            trigger={['click']}
            menu={{
              items: [
                {
                  key: 'import',
                  label: t('knowledge.import'),
                  icon: <Upload size={15} />,
                  onClick: () => set({ importing: true }),
                },
              ],
            }}
          >
            <Button
              type="text"
              icon={<Ellipsis size={17} aria-hidden="true" />}
              aria-label={t('knowledge.more')}
              className="kb-more"
            />
          </Dropdown>
        </>
      )}
    </div>
  );
}

function Filters({ box }: { box: Ref<InputRef> }) {
  const { t } = useTranslation();
  const { q, layer, state, set } = useKnowledgeDesk();
  const [text, setText] = useState(q);
  useEffect(() => {
    const timer = setTimeout(() => set({ q: text.trim() }), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text, set]);

  return (
    <>
      <div className="kb-search">
        <Input
          ref={box}
          allowClear
          value={text}
          maxLength={MOST_QUERY}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
          prefix={<Search size={15} aria-hidden="true" />}
          suffix={text === '' ? <Keys keys="/" /> : undefined}
          placeholder={t('knowledge.search')}
          aria-label={t('knowledge.search')}
        />
        <Select<Layer | ''>
          value={layer}
          onChange={(value) => set({ layer: value })}
          aria-label={t('knowledge.layerLabel')}
          popupMatchSelectWidth={false}
          options={[
            { value: '', label: t('knowledge.allLayers') },
            ...LAYERS.map((one) => ({ value: one, label: t(`knowledge.layer.${one}`) })),
          ]}
        />
      </div>
      <div className="tabs" role="group" aria-label={t('knowledge.states')}>
        {STATES.map((one) => (
          <button key={one} type="button" aria-pressed={one === state} onClick={() => set({ state: one })}>
            {t(`knowledge.tab.${one}`)}
          </button>
        ))}
      </div>
    </>
  );
}

function Rows({ ref, current }: { ref: Ref<Pick<ListHandle, 'move'>>; current: string | null }) {
  const { q, layer, state } = useKnowledgeDesk();
  const navigate = useNavigate();
  const pages = useKnowledge({ q, layer, state });
  // Past their days they answer nobody: they have a tab of their own, though the server counts them as in use.
  const items = (pages.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (item) => state !== 'in_use' || item.state !== 'over',
  );
  const nothingYet = items.length === 0 && pages.hasNextPage && !pages.isFetching;
  useEffect(() => {
    if (nothingYet) void pages.fetchNextPage();
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [nothingYet]);
  const list = useRef<VirtuosoHandle>(null);

  useImperativeHandle(ref, () => ({
    move: (step) => {
      const focused = items.findIndex((item) => document.activeElement?.id === rowId(item.id));
      const from = focused >= 0 ? focused : items.findIndex((item) => item.id === current);
      const to = from < 0 ? 0 : Math.min(items.length - 1, Math.max(0, from + step));
      const id = items[to]?.id;
      if (id === undefined) return;
      const focus = () => document.getElementById(rowId(id))?.focus({ preventScroll: true });
      list.current?.scrollIntoView({ index: to, done: focus });
      focus();
    },
  }));

  if (pages.isPending || (items.length === 0 && pages.hasNextPage)) return <Bones rows={8} />;
  if (pages.isError && items.length === 0) return <Failed error={pages.error} onRetry={() => void pages.refetch()} />;
  if (items.length === 0) return <NoRows />;
  return (
    <Virtuoso
      ref={list}
      className="kb-rows"
      data={items}
      computeItemKey={(_at, item) => item.id}
      increaseViewportBy={400}
      endReached={() => pages.hasNextPage && void pages.fetchNextPage()}
      itemContent={(_at, item) => (
        <Row item={item} current={item.id === current} onOpen={(id) => void navigate(`/knowledge/${id}`)} />
      )}
    />
  );
}

const Row = memo(
  function Row({ item, current, onOpen }: { item: KnowledgeRow; current: boolean; onOpen(id: string): void }) {
    const { t } = useTranslation();
    return (
      <button
        type="button"
        id={rowId(item.id)}
        className="kb-row"
        aria-current={current ? 'true' : undefined}
        onClick={() => onOpen(item.id)}
      >
        <span className="kb-row-top">
          <strong>{item.question}</strong>
          <LayerTag layer={item.layer} />
        </span>
        <span className="kb-row-answer">{item.answer}</span>
        <span className="kb-row-facts">
          <DaysPill entry={item} />
          <ConditionTags conditions={item.conditions} />
          <span className="kb-row-end">
            {item.similar.length > 0 && (
              <span className="kb-count" title={t('knowledge.similarCount', { number: item.similar.length })}>
                <MessageCircleQuestion size={13} aria-hidden="true" />
                <span className="sr-only">{t('knowledge.similar')}</span> {item.similar.length}
              </span>
            )}
            <Used used={item.used} />
          </span>
        </span>
      </button>
    );
  },
  (before, after) => before.item === after.item && before.current === after.current,
);

function NoRows() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const teaches = useTeaches();
  const { q, layer, state, set } = useKnowledgeDesk();
  if (q !== '')
    return (
      <Nothing text={t('knowledge.notFound', { q })} icon={Search}>
        {teaches && (
          <Button onClick={() => void navigate(`/knowledge/new?question=${encodeURIComponent(q)}`)}>
            {t('knowledge.writeThis')}
          </Button>
        )}
      </Nothing>
    );
  if (layer !== '')
    return (
      <Nothing text={t(`knowledge.none.${state}`)} icon={BookOpenText}>
        <Button onClick={() => set({ layer: '' })}>{t('knowledge.allLayers')}</Button>
      </Nothing>
    );
  return (
    <Nothing text={t(`knowledge.none.${state}`)} icon={BookOpenText}>
      {teaches && state === 'in_use' && (
        <Button icon={<Upload size={15} aria-hidden="true" />} onClick={() => set({ importing: true })}>
          {t('knowledge.import')}
        </Button>
      )}
    </Nothing>
  );
}
