// SPDX-License-Identifier: Apache-2.0
//
// Where the buyer writes. It is never disabled: without a connection the message waits in the stream. Enter sends,
// Shift+Enter breaks the line, and an Enter that belongs to an input method (choosing a Chinese word) does nothing.
// While questions are offered (Suggest.tsx), arrows go through them, Enter sends the one that is marked, Esc puts them away.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { State } from '../chat.ts';
import { useChat } from '../hooks.ts';
import { t } from '../i18n/index.ts';
import { Icon, type IconName } from '../icons.tsx';
import { ACCEPT } from '../media/files.ts';
import { LIST_ID, optionId, SuggestList, useSuggestions } from './Suggest.tsx';

export const LONGEST = 2_000;
const TELL_LEFT = 200;

export function Composer({ state }: { state: State }) {
  const chat = useChat();
  const [text, setText] = useState('');
  const [panel, setPanel] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const choose = useRef<HTMLInputElement>(null);
  const take = useRef<HTMLInputElement>(null);
  const composing = useRef(false);
  const left = LONGEST - [...text].length;
  const sendable = text.trim() !== '' && left >= 0 && state.phase === 'ready';
  const byBot = state.conversation?.handler !== 'agent';
  // What the buyer has written for good: the letters of a word that an input method still makes are none of it.
  const [words, setWords] = useState('');
  const offer = useSuggestions(byBot && state.phase === 'ready' && text ? words : '');

  useLayoutEffect(() => {
    const el = field.current!;
    el.style.height = 'auto';
    el.style.height = `${Math.min(el.scrollHeight, 120)}px`;
  }, [text]);

  // Listened to by hand: Preact would listen for "CompositionStart", which no browser has.
  useEffect(() => {
    const el = field.current!;
    const start = () => (composing.current = true);
    const end = () => {
      composing.current = false;
      setWords(el.value);
    };
    el.addEventListener('compositionstart', start);
    el.addEventListener('compositionend', end);
    return () => {
      el.removeEventListener('compositionstart', start);
      el.removeEventListener('compositionend', end);
    };
  }, []);

  useEffect(() => {
    if (!state.prefill) return;
    setText(state.prefill.text);
    setWords('');
    field.current?.focus();
  }, [state.prefill]);

  // A phone's keyboard would cover the answer that was just opened: there the buyer taps first.
  useEffect(() => {
    if (state.visible && !state.phone) field.current?.focus();
  }, [state.visible, state.phone]);

  const send = (what: string) => {
    chat.say(what);
    setText('');
    setWords('');
    offer.drop();
    field.current?.focus();
  };

  const onKeyDown = (e: KeyboardEvent) => {
    // keyCode 229: Safari ends the composition before it tells of the Enter that ended it.
    if (e.isComposing || composing.current || e.keyCode === 229) return;
    if (e.key === 'Escape' && (offer.list.length || panel)) {
      e.preventDefault();
      setPanel(false);
      return offer.drop();
    }
    if ((e.key === 'ArrowUp' || e.key === 'ArrowDown') && offer.list.length && !e.shiftKey && !e.altKey) {
      e.preventDefault();
      return offer.move(e.key === 'ArrowDown' ? 1 : -1);
    }
    if (e.key !== 'Enter' || e.shiftKey) return;
    e.preventDefault();
    if (offer.marked !== undefined) send(offer.marked);
    else if (sendable) send(text.trim());
  };

  const picked = (e: { currentTarget: HTMLInputElement }) => {
    const input = e.currentTarget;
    chat.attach([...(input.files ?? [])]);
    input.value = ''; // the same one may be chosen again
    setPanel(false);
  };

  const toRate = chat.toRate();
  return (
    <footer class="composer" aria-label={t('compose.label')}>
      <span class="hear" role="status">
        {offer.list.length > 0 && t('suggest.count', { n: offer.list.length })}
      </span>
      {offer.list.length > 0 ? <SuggestList offer={offer} typed={words} onPick={send} /> : <Quick state={state} />}
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
            aria-autocomplete="list"
            aria-controls={offer.list.length ? LIST_ID : undefined}
            aria-activedescendant={offer.marked === undefined ? undefined : optionId(offer.at)}
            autocomplete="off"
            enterkeyhint="send"
            onInput={(e) => {
              setText(e.currentTarget.value);
              if (!e.isComposing && !composing.current) setWords(e.currentTarget.value);
              chat.typed(e.currentTarget.value !== '');
            }}
            onKeyDown={onKeyDown}
            onFocus={() => setPanel(false)}
            onPaste={(e) => {
              const files = [...(e.clipboardData?.files ?? [])];
              if (!files.length) return;
              e.preventDefault(); // a picture, not the address that stands beside it in the clipboard
              chat.attach(files);
            }}
          />
          {!text && (
            <button
              type="button"
              class="pick-photo"
              aria-label={t('compose.photo')}
              onClick={() => choose.current!.click()}
            >
              <Icon name="image" size={22} />
            </button>
          )}
          <button type="submit" class="send" aria-label={t('compose.send')} aria-disabled={!sendable}>
            <Icon name="send" size={20} />
          </button>
        </div>
      </form>
      <input
        ref={choose}
        type="file"
        hidden
        accept={ACCEPT}
        multiple
        tabIndex={-1}
        aria-hidden="true"
        onChange={picked}
      />
      <input
        ref={take}
        type="file"
        hidden
        accept="image/*"
        capture="environment"
        tabIndex={-1}
        aria-hidden="true"
        onChange={picked}
      />
      {left < TELL_LEFT && (
        <p id="left" class={`left ${left < 0 ? 'bad' : ''}`} role={left < 0 ? 'alert' : undefined}>
          {left < 0 ? t('compose.over', { n: -left }) : t('compose.left', { n: left })}
        </p>
      )}
      {panel && (
        <div class="panel">
          <Tile icon="image" word={t('compose.photo')} onPress={() => choose.current!.click()} />
          {state.phone && <Tile icon="camera" word={t('compose.camera')} onPress={() => take.current!.click()} />}
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

function Tile({ icon, word, onPress }: { icon: IconName; word: string; onPress: () => void }) {
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
