// SPDX-License-Identifier: Apache-2.0
//
// The conversation as it runs: history without end upwards, new words at the bottom, a pill to jump there when one
// is reading above. Only what is on screen exists, so thousands of messages scroll as well as ten.
//
// Always true: a message of one's own brings the stream to its end; somebody else's does so only when it was there
// already; what has been on screen in an own conversation is reported as read.
import type { InboxItem } from '@xiaoer/protocol/wire';
import { ArrowDown } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { useHistory } from '../../api/queries.ts';
import { read, watch } from '../../live/link.ts';
import { useLive } from '../../live/store.ts';
import { lastSeq, type Thread } from '../../live/threads.ts';
import { useNow } from '../../ui/clock.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';
import { Bubble, PendingBubble } from './bubble.tsx';
import { blocksOf, type Block } from './blocks.ts';

const FAR = 1_000_000;
const NEAR_END_PX = 80;

export function Stream({ id, mine }: { id: string; mine: boolean }) {
  const { t } = useTranslation();
  const history = useHistory(id);
  const thread = useLive((state) => state.threads[id]);
  useLiveMessages(id, mine, thread);

  if (history.isError && !thread?.loaded) {
    return (
      <div className="stream-box">
        <Failed error={history.error} onRetry={() => void history.refetch()} />
      </div>
    );
  }
  if (!thread?.loaded) {
    return (
      <div className="stream-box" aria-busy="true">
        <Bones rows={6} avatar />
      </div>
    );
  }
  if (thread.messages.length + thread.pending.length === 0) {
    return (
      <div className="stream-box">
        <Nothing text={t('stream.empty')} />
      </div>
    );
  }
  return (
    <Lines
      id={id}
      thread={thread}
      loading={history.isFetchingNextPage}
      onTop={() =>
        !thread.complete && history.hasNextPage && !history.isFetchingNextPage && void history.fetchNextPage()
      }
    />
  );
}

/** Watches from the last known message on, and tells the server what has been read. */
function useLiveMessages(id: string, mine: boolean, thread: Thread | undefined): void {
  const loaded = thread?.loaded ?? false;
  const last = lastSeq(thread);
  const link = useLive((state) => state.link);

  useEffect(() => {
    if (loaded) watch(id);
  }, [id, loaded]);

  useEffect(() => {
    if (!mine || !loaded || link !== 'open') return;
    const tell = () => document.visibilityState === 'visible' && read(id);
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, [id, mine, loaded, last, link]);
}

interface LinesProps {
  id: string;
  thread: Thread;
  loading: boolean;
  onTop(): void;
}

function Lines({ id, thread, loading, onTop }: LinesProps) {
  const { t } = useTranslation();
  const list = useRef<VirtuosoHandle>(null);
  const [atEnd, setAtEnd] = useState(true);
  const { messages, pending } = thread;
  const blocks = useMemo(() => blocksOf(messages, pending), [messages, pending]);
  const first = useFirstIndex(blocks);
  const unseen = useUnseen(thread, atEnd);
  const waitingSince = useLive((state) => waitingSinceOf(state.rows.byId[id]));
  const waits = waitingSince
    ? blocks.findLast((block) => block.kind === 'message' && block.message.author.kind === 'buyer')
    : undefined;

  const toEnd = () => list.current?.scrollToIndex({ index: 'LAST', align: 'end' });
  const box = useRef<HTMLDivElement>(null);
  const staying = useRef(atEnd);
  useEffect(() => void (staying.current = atEnd), [atEnd]);

  // The window, the composer or the bar above it changed the room: who was at the end stays there.
  useEffect(() => {
    const watcher = new ResizeObserver(() => staying.current && toEnd());
    watcher.observe(box.current!);
    return () => watcher.disconnect();
  }, []);

  const newest = pending.at(-1)?.clientId;
  useEffect(() => {
    if (newest !== undefined) toEnd();
  }, [newest]);

  return (
    <div className="stream-box" ref={box}>
      <div className="stream" role="log" aria-label={t('stream.label')} aria-live="polite">
        <Virtuoso
          ref={list}
          data={blocks}
          firstItemIndex={first}
          initialTopMostItemIndex={{ index: 'LAST', align: 'end' }}
          computeItemKey={(_at, block) => block.key}
          context={{ complete: thread.complete, loading, typingUntil: thread.typingUntil }}
          components={COMPONENTS}
          alignToBottom={false}
          increaseViewportBy={{ top: 600, bottom: 200 }}
          atBottomThreshold={NEAR_END_PX}
          atBottomStateChange={setAtEnd}
          followOutput={(end) => (end ? 'auto' : false)}
          startReached={onTop}
          itemContent={(_at, block) => (
            <Line
              id={id}
              block={block}
              buyerRead={thread.buyerRead}
              waitingSince={block === waits ? waitingSince : undefined}
            />
          )}
        />
      </div>
      {!atEnd && (
        <button type="button" className="jump" onClick={toEnd}>
          <ArrowDown size={14} aria-hidden="true" />
          {unseen > 0 ? t('stream.newer', { count: unseen }) : t('stream.end')}
        </button>
      )}
    </div>
  );
}

const waitingSinceOf = (row: InboxItem | undefined) =>
  row?.handler === 'agent' ? (row.waiting_since ?? undefined) : undefined;

interface LineProps {
  id: string;
  block: Block;
  buyerRead: number;
  waitingSince?: string;
}

function Line({ id, block, buyerRead, waitingSince }: LineProps) {
  const format = useFormat();
  switch (block.kind) {
    case 'day':
      return (
        <div className="line line-day">
          <span>{format.day(block.at)}</span>
        </div>
      );
    case 'message':
      return (
        <Bubble
          message={block.message}
          tail={block.tail}
          read={block.message.seq <= buyerRead}
          waitingSince={waitingSince}
        />
      );
    case 'pending':
      return <PendingBubble conversation={id} pending={block.pending} />;
  }
}

interface Context {
  complete: boolean;
  loading: boolean;
  typingUntil: number;
}

const COMPONENTS = {
  Header: function Top({ context }: { context?: Context }) {
    const { t } = useTranslation();
    return (
      <div className="stream-top">
        {context?.loading ? t('state.loading') : context?.complete ? t('stream.start') : ''}
      </div>
    );
  },
  Footer: function Bottom({ context }: { context?: Context }) {
    const until = context?.typingUntil ?? 0;
    return <div className="stream-bottom">{until > 0 && <Typing until={until} />}</div>;
  },
};

function Typing({ until }: { until: number }) {
  const { t } = useTranslation();
  useNow();
  if (Date.now() > until) return null;
  return (
    <span className="typing">
      <i />
      <i />
      <i />
      {t('stream.typing')}
    </span>
  );
}

/** Keeps the place on screen while older messages are put in above: the first index goes down by as many lines. */
function useFirstIndex(blocks: readonly Block[]): number {
  const anchor = useRef<string | null>(null);
  const at = anchor.current === null ? -1 : blocks.findIndex((block) => block.key === anchor.current);
  if (at < 0) {
    anchor.current = blocks.find((block) => block.kind === 'message')?.key ?? null;
    return (
      FAR -
      Math.max(
        0,
        blocks.findIndex((block) => block.key === anchor.current),
      )
    );
  }
  return FAR - at;
}

/** How many messages of others came in below while one was reading above. */
function useUnseen(thread: Thread, atEnd: boolean): number {
  const [seen, setSeen] = useState(() => lastSeq(thread));
  const last = lastSeq(thread);
  useEffect(() => {
    if (atEnd) setSeen(last);
  }, [atEnd, last]);
  return thread.messages.filter((message) => message.seq > seen && message.kind !== 'system').length;
}
