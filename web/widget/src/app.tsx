// SPDX-License-Identifier: Apache-2.0
//
// The whole screen, top to bottom: header, banners, stream, offers, composer, and the sheets that lie over them.
// Esc leaves the innermost thing that is open; at last the widget itself.
import { useEffect, useState } from 'preact/hooks';
import type { Bridge } from './bridge.ts';
import type { Chat, State } from './chat.ts';
import { Composer } from './composer/Composer.tsx';
import { QueueBar, LostBanner, Notice, StripBar } from './Bars.tsx';
import { Header } from './Header.tsx';
import { ChatContext, useChatState } from './hooks.ts';
import { t } from './i18n/index.ts';
import { Icon } from './icons.tsx';
import { Drop } from './media/Drop.tsx';
import { Stream } from './stream/Stream.tsx';

export function App({ chat, bridge }: { chat: Chat; bridge: Bridge }) {
  const state = useChatState(chat);

  useEffect(() => {
    const escape = (e: KeyboardEvent) => {
      // With a sheet open, Esc is the sheet's, wherever the focus is.
      if (e.key === 'Escape' && !e.defaultPrevented && !e.isComposing && !chat.state.sheet && bridge.canClose)
        bridge.close();
    };
    addEventListener('keydown', escape);
    return () => removeEventListener('keydown', escape);
  }, [bridge, chat]);

  const title = state.shop ? t('title', { shop: state.shop.name }) : t('title.plain');
  useEffect(() => {
    document.title = title;
  }, [title]);

  return (
    <ChatContext.Provider value={chat}>
      <div class="app">
        <Header state={state} title={title} onClose={bridge.canClose ? () => bridge.close() : undefined} />
        <Notice notice={state.notice} />
        {state.lost && <LostBanner attempt={state.attempt} />}
        {state.conversation?.handler === 'queue' && state.conversation.queue && (
          <QueueBar queue={state.conversation.queue} />
        )}
        {state.phase === 'failed' ? (
          <main class="sorry" aria-label={t('label.chat')}>
            <Icon name="plug" size={40} />
            <div role="alert">
              <h2>{t(state.problem?.status === 404 ? 'start.unknown' : 'start.failed')}</h2>
              <p>{state.problem?.message || (state.problem?.status !== 404 && t('start.failed.detail'))}</p>
            </div>
            <button type="button" class="button main" onClick={() => void chat.start()}>
              {t('retry')}
            </button>
            {state.problem?.request_id && <small>{t('request', { id: state.problem.request_id })}</small>}
          </main>
        ) : (
          <Stream state={state} />
        )}
        {state.strip && <StripBar strip={state.strip} />}
        <Composer state={state} />
        <Drop />
        <Sheets state={state} />
      </div>
    </ChatContext.Provider>
  );
}

type Sheets = typeof import('./dialogs/index.ts');

/** The sheets are fetched when the first one is asked for; until then nobody pays for them. */
function Sheets({ state }: { state: State }) {
  const [sheets, setSheets] = useState<Sheets | null>(null);
  const wanted = state.sheet !== null;
  useEffect(() => {
    if (wanted && !sheets) void import('./dialogs/index.ts').then(setSheets);
  }, [wanted, sheets]);
  if (!sheets) return null;
  if (state.sheet === 'photo') return <sheets.PhotoSheet state={state} />;
  if (state.sheet === 'form' && state.form) return <sheets.FormSheet key={state.form.id} form={state.form} />;
  if (state.sheet === 'orders') return <sheets.OrderSheet guest={state.guest} />;
  if (state.sheet === 'rating' && state.rating)
    return <sheets.RatingSheet given={state.rating.given} agent={state.conversation?.agent?.name} />;
  return null;
}
