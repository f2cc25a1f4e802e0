// SPDX-License-Identifier: Apache-2.0
//
// Where the buyer writes. It is never disabled: without a connection the message waits in the stream. Enter sends,
// Shift+Enter breaks the line, and an Enter that belongs to an input method (choosing a Chinese word) does nothing.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { State } from '../chat.ts';
import { useChat, useSettled } from '../hooks.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';

export const LONGEST = 2_000;
const TELL_LEFT = 200;
const SUGGEST_AFTER_MS = 260;

export function Composer({ state }: { state: State }) {
  const chat = useChat();
  const [text, setText] = useState('');
  const [panel, setPanel] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const composing = useRef(false);
  const left = LONGEST - [...text].length;
  const sendable = text.trim() !== '' && left >= 0 && state.phase === 'ready';
  const byBot = state.conversation?.handler !== 'agent';
  const { suggestions, drop } = useSuggestions(byBot && state.phase === 'ready' ? text : '');

  useLayoutEffect(() => {
    const el = field.current!;
    el.style.height = 'auto';
    el.style.height = `${Math.min(el.scrollHeight, 120)}px`;
  }, [text]);

  useEffect(() => {
    if (!state.prefill) return;
    setText(state.prefill.text);
    field.current?.focus();
  }, [state.prefill]);

  // A phone's keyboard would cover the answer that was just opened: there the buyer taps first.
  useEffect(() => {
    if (state.visible && !state.phone) field.current?.focus();
  }, [state.visible, state.phone]);

  const send = (what: string) => {
    chat.say(what);
    setText('');
    drop();
    field.current?.focus();
  };

  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === 'Escape' && (suggestions.length || panel)) {
      e.preventDefault();
      setPanel(false);
      return drop();
    }
    // keyCode 229: Safari ends the composition before it tells of the Enter that ended it.
    const byInputMethod = e.isComposing || composing.current || e.keyCode === 229;
    if (e.key !== 'Enter' || e.shiftKey || byInputMethod) return;
    e.preventDefault();
    if (sendable) send(text.trim());
  };

  const toRate = chat.toRate();
  return (
    <footer class="composer" aria-label={t('compose.label')}>
      <span class="hear" role="status">
        {suggestions.length > 0 && t('suggest.count', { n: suggestions.length })}
      </span>
      {suggestions.length > 0 ? (
        <div class="suggest" role="group" aria-label={t('suggest')}>
          {suggestions.map((s) => (
            <button key={s} type="button" onClick={() => send(s)}>
              <Icon name="search" size={15} />
              <span>{mark(s, text.trim())}</span>
            </button>
          ))}
        </div>
      ) : (
        <Quick state={state} />
      )}
      <form
        class="write"
        onSubmit={(e) => {
          e.preventDefault();
          if (sendable) send(text.trim());
        }}
      >
        <button
          type="button"
          class={`round ${panel ? 'turned' : ''}`}
          aria-label={t('compose.more')}
          aria-expanded={panel}
          onClick={() => setPanel(!panel)}
        >
          <Icon name="plus" size={24} />
        </button>
        <div class="field">
          <textarea
            ref={field}
            rows={1}
            value={text}
            placeholder={t('compose.hint')}
            aria-label={t('compose.label')}
            aria-describedby={left < TELL_LEFT ? 'left' : undefined}
            enterkeyhint="send"
            onInput={(e) => {
              setText(e.currentTarget.value);
              chat.typed(e.currentTarget.value !== '');
            }}
            onKeyDown={onKeyDown}
            onCompositionStart={() => (composing.current = true)}
            onCompositionEnd={() => (composing.current = false)}
            onFocus={() => setPanel(false)}
          />
          <button type="submit" class="send" aria-label={t('compose.send')} aria-disabled={!sendable}>
            <Icon name="send" size={20} />
          </button>
        </div>
      </form>
      {left < TELL_LEFT && (
        <p id="left" class={`left ${left < 0 ? 'bad' : ''}`} role={left < 0 ? 'alert' : undefined}>
          {left < 0 ? t('compose.over', { n: -left }) : t('compose.left', { n: left })}
        </p>
      )}
      {panel && (
        <div class="panel">
          <Tile
            icon="list"
            word={t('compose.order')}
            onPress={() => {
              setPanel(false);
              chat.sheet('orders');
            }}
          />
          {toRate && (
            <Tile
              icon="star"
              word={t('compose.rate')}
              onPress={() => {
                setPanel(false);
                chat.openRating(toRate);
              }}
            />
          )}
        </div>
      )}
    </footer>
  );
}

function Tile({ icon, word, onPress }: { icon: 'list' | 'star'; word: string; onPress: () => void }) {
  return (
    <button type="button" class="tile" onClick={onPress}>
      <span class="square">
        <Icon name={icon} size={24} />
      </span>
      {word}
    </button>
  );
}

/** Server-driven questions of the shop; hidden while a person has the chat, who is asked in own words. */
function Quick({ state }: { state: State }) {
  const chat = useChat();
  const handler = state.conversation?.handler;
  // Who waits for a person need not ask for one.
  const quick = (state.shop?.quick ?? []).filter((c) => handler !== 'queue' || c.action !== 'human');
  if (!quick.length || handler === 'agent') return null;
  return (
    <div class="quick" role="group" aria-label={t('quick')}>
      {quick.map((c) => (
        <button key={c.label} type="button" class="chip" onClick={() => chat.choose(c)}>
          {c.label}
        </button>
      ))}
    </div>
  );
}

function useSuggestions(text: string) {
  const chat = useChat();
  const [suggestions, set] = useState<string[]>([]);
  const asked = useSettled(text.trim(), SUGGEST_AFTER_MS);
  useEffect(() => {
    let current = true;
    if ([...asked].length < 2 || asked.length > 60 || asked.includes('\n')) set([]);
    else
      chat.suggest(asked).then(
        (items) => current && set(items.filter((i) => i !== asked).slice(0, 4)),
        () => current && set([]),
      );
    return () => {
      current = false;
    };
  }, [chat, asked]);
  return { suggestions: text.trim() ? suggestions : [], drop: () => set([]) };
}

/** What was typed, in bold where it stands in the suggestion. */
function mark(suggestion: string, typed: string) {
  const at = suggestion.toLowerCase().indexOf(typed.toLowerCase());
  if (at < 0) return suggestion;
  return (
    <>
      {suggestion.slice(0, at)}
      <b>{suggestion.slice(at, at + typed.length)}</b>
      {suggestion.slice(at + typed.length)}
    </>
  );
}
