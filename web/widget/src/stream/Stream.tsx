// SPDX-License-Identifier: Apache-2.0
//
// What was said, oldest at the top. It stays at the end while the buyer is at the end, keeps its place when older
// messages come in above, and says "new message" instead of jumping when the buyer reads further up.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { dayAndClock } from '@xiaoer/shared/time';
import type { State } from '../chat.ts';
import { useChat } from '../hooks.ts';
import { locale, t } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';
import { Row } from './Row.tsx';
import type { Item } from './items.ts';

const NEAR_END_PX = 80;
const PAUSE_MS = 20 * 60_000; // after a pause this long the time is written again

export function Stream({ state }: { state: State }) {
  const chat = useChat();
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const first = useRef<{ key: string | undefined; height: number }>({ key: undefined, height: 0 });
  const [below, setBelow] = useState(false);
  const { items } = state;
  const last = items[items.length - 1];

  const toEnd = () => {
    const el = box.current;
    if (el) el.scrollTop = el.scrollHeight;
    setBelow(false);
  };

  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    const older = first.current.key !== undefined && first.current.key !== items[0]?.key;
    if (older && !atEnd.current) el.scrollTop += el.scrollHeight - first.current.height;
    else if (atEnd.current || last?.own) toEnd();
    first.current = { key: items[0]?.key, height: el.scrollHeight };
  });

  useEffect(() => {
    if (last && !last.own && !atEnd.current) setBelow(true);
  }, [last?.key]); // eslint-disable-line react-hooks/exhaustive-deps -- only a new last one matters

  // The box gets lower when the keyboard or a bar opens, a message gets taller when it is asked about: who was at the end stays there.
  useEffect(() => {
    const el = box.current;
    if (!el || typeof ResizeObserver === 'undefined') return;
    const watch = new ResizeObserver(() => atEnd.current && toEnd());
    watch.observe(el);
    if (list.current) watch.observe(list.current);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    const mark = top.current;
    if (!mark || state.older !== 'more' || state.phase !== 'ready' || typeof IntersectionObserver === 'undefined')
      return;
    const watch = new IntersectionObserver((seen) => seen[0]?.isIntersecting && void chat.older(), {
      root: box.current,
      rootMargin: '120px 0px 0px',
    });
    watch.observe(mark);
    return () => watch.disconnect();
  }, [chat, state.older, state.phase]);

  const onScroll = () => {
    const el = box.current!;
    atEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < NEAR_END_PX;
    if (atEnd.current && below) setBelow(false);
  };

  const now = new Date();
  const readTo = chat.readTo();
  return (
    <main class="stream-box" aria-label={t('label.chat')}>
      <div
        class="stream"
        ref={box}
        role="log"
        aria-label={t('label.region')}
        tabIndex={0}
        onScroll={onScroll}
        aria-busy={state.phase === 'starting' || state.older === 'loading'}
      >
        {state.phase === 'starting' ? <Skeleton /> : <Top state={state} mark={top} />}
        <ol class="messages" ref={list}>
          {items.map((item, i) => (
            <li key={item.key}>
              {isPause(items[i - 1], item) && <div class="time">{dayAndClock(item.message.at, now, locale())}</div>}
              <Row item={item} at={i} items={items} state={state} readTo={readTo} />
            </li>
          ))}
        </ol>
        {state.typing && <Typing state={state} />}
      </div>
      {below && (
        <button type="button" class="newer" onClick={toEnd}>
          <Icon name="chevron" size={18} />
          <span>{t('newer')}</span>
        </button>
      )}
    </main>
  );
}

function isPause(before: Item | undefined, item: Item): boolean {
  if (!before) return true;
  return new Date(item.message.at).getTime() - new Date(before.message.at).getTime() > PAUSE_MS;
}

function Top({ state, mark }: { state: State; mark: { current: HTMLDivElement | null } }) {
  const chat = useChat();
  return (
    <div class="top" ref={mark}>
      {state.older === 'loading' && <span class="spinner" role="status" aria-label={t('loading')} />}
      {state.older === 'more' && (
        <button type="button" class="link" onClick={() => void chat.older()}>
          {t('history.older')}
        </button>
      )}
      {state.older === 'failed' && (
        <span role="alert">
          {t('history.failed')}{' '}
          <button type="button" class="link" onClick={() => void chat.older()}>
            {t('retry')}
          </button>
        </span>
      )}
      {state.older === 'end' && state.items.length > 12 && <span>{t('history.end')}</span>}
    </div>
  );
}

function Typing({ state }: { state: State }) {
  const name = state.conversation?.agent?.name;
  return (
    <div class="row">
      <div class="avatar" aria-hidden="true">
        {state.typing === 'agent' && name ? [...name][0] : <Icon name="bot" size={18} />}
      </div>
      <div class="bubble dots">
        <span class="hear">{state.typing === 'agent' && name ? t('typing.agent', { name }) : t('typing.bot')}</span>
        <i /> <i /> <i />
      </div>
    </div>
  );
}

function Skeleton() {
  return (
    <div class="skeleton" role="status" aria-label={t('loading')}>
      <i style={{ width: '62%', height: '64px' }} />
      <i class="own" style={{ width: '42%' }} />
      <i style={{ width: '54%' }} />
      <i class="own" style={{ width: '30%' }} />
    </div>
  );
}
