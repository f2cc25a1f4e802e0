// SPDX-License-Identifier: Apache-2.0
//
// Where an agent writes: a reply to the buyer or a yellow note for colleagues, canned replies behind `/`. What is
// written is a draft of this conversation and survives going elsewhere.
//
// Always true: the Enter that ends an input method's composition never sends; an empty or too long text is not
// sent; a note can be told from a reply by colour, words and button.
import { Button } from 'antd';
import { NotebookPen, Package, SendHorizontal, ShoppingBag, Zap } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Canned } from '@xiaoer/protocol/wire';
import { useCanned, useMe } from '../../api/queries.ts';
import { usePreferences, type Draft, type Mode } from '../../app/preferences.ts';
import { say, typing } from '../../live/link.ts';
import { useLive } from '../../live/store.ts';
import { Keys } from '../../ui/kbd.tsx';
import type { Actions } from './actions.ts';
import { filled, fitting, slashWord } from './canned.ts';
import { ANY, useDesk } from './desk.ts';

export const MOST_LETTERS = 2000;
const EMPTY: Draft = { mode: 'reply', text: '' };
const MODES: readonly Mode[] = ['reply', 'note'];

export function Composer({ id, actions }: { id: string; actions: Actions }) {
  const { t } = useTranslation();
  const draft = usePreferences((state) => state.drafts[id]) ?? EMPTY;
  const sendKey = usePreferences((state) => state.sendKey);
  const box = useRef<HTMLTextAreaElement>(null);
  const menu = useCannedMenu(id, draft.text, box);
  const tooLong = draft.text.length > MOST_LETTERS;
  const empty = draft.text.trim() === '';

  const change = (text: string) => {
    usePreferences.getState().setDraft(id, { ...draft, text });
    if (draft.mode === 'reply') typing(id, text !== '');
  };

  const send = () => {
    if (empty || tooLong) return;
    say(id, { kind: draft.mode === 'note' ? 'note' : 'text', text: draft.text.trim() });
    usePreferences.getState().setDraft(id, EMPTY);
    if (draft.mode === 'reply') typing(id, false);
    box.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (menu.onKey(event)) return;
    if (event.key === 'Escape') box.current?.blur();
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    const ctrl = event.ctrlKey || event.metaKey;
    if (ctrl !== (sendKey === 'ctrl-enter')) return;
    event.preventDefault();
    send();
  };

  useFocusOnRequest(id, box);
  const label = t(draft.mode === 'note' ? 'composer.noteLabel' : 'composer.replyLabel');

  return (
    <section className={`composer composer-${draft.mode}`} aria-label={t('composer.label')}>
      <div className="composer-bar">
        <div className="tabs composer-modes" role="group" aria-label={t('composer.mode')}>
          {MODES.map((mode) => (
            <button key={mode} type="button" aria-pressed={mode === draft.mode} onClick={() => actions.write(mode)}>
              {t(`composer.${mode}`)}
            </button>
          ))}
        </div>
        <span className="space" />
        <Tool icon={Zap} label={t('composer.canned')} onClick={() => useDesk.getState().canned()} />
        <Tool icon={Package} label={t('composer.order')} onClick={() => actions.showAside('orders')} />
        <Tool icon={ShoppingBag} label={t('composer.product')} onClick={() => actions.showAside('products')} />
      </div>
      {menu.open && <CannedMenu menu={menu} />}
      <textarea
        ref={box}
        value={draft.text}
        rows={3}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={menu.open ? menu.listId : undefined}
        aria-activedescendant={menu.open ? `${menu.listId}-${menu.at}` : undefined}
        placeholder={t(draft.mode === 'note' ? 'composer.noteHint' : 'composer.replyHint')}
        onChange={(event) => {
          change(event.target.value);
          menu.look(event.target);
        }}
        onSelect={(event) => menu.look(event.currentTarget)}
        onKeyDown={onKeyDown}
        onBlur={() => typing(id, false)}
      />
      <div className="composer-foot">
        <SendHints sendKey={sendKey} />
        <span className="space" />
        {draft.text.length > MOST_LETTERS * 0.8 && (
          <span className={tooLong ? 'letters letters-over' : 'letters'} role={tooLong ? 'alert' : undefined}>
            {draft.text.length}/{MOST_LETTERS}
          </span>
        )}
        <Button
          type="primary"
          className={draft.mode === 'note' ? 'button-note' : undefined}
          icon={
            draft.mode === 'note' ? (
              <NotebookPen size={15} aria-hidden="true" />
            ) : (
              <SendHorizontal size={15} aria-hidden="true" />
            )
          }
          disabled={empty || tooLong}
          onClick={send}
        >
          {t(draft.mode === 'note' ? 'composer.save' : 'composer.send')}
        </Button>
      </div>
    </section>
  );
}

function Tool({ icon: Icon, label, onClick }: { icon: typeof Zap; label: string; onClick(): void }) {
  return (
    <Button
      type="text"
      size="small"
      title={label}
      aria-label={label}
      icon={<Icon size={17} strokeWidth={1.75} aria-hidden="true" />}
      onClick={onClick}
    />
  );
}

function SendHints({ sendKey }: { sendKey: 'enter' | 'ctrl-enter' }) {
  const { t } = useTranslation();
  return (
    <span className="send-hints">
      <Keys keys={sendKey === 'enter' ? 'Enter' : 'Ctrl+Enter'} /> {t('composer.keySend')}
      <Keys keys={sendKey === 'enter' ? 'Shift+Enter' : 'Enter'} /> {t('composer.keyLine')}
      <Keys keys="Alt+1" /> {t('composer.keyAdopt')}
    </span>
  );
}

/** Shortcuts and buttons elsewhere ask for the composer; it comes with the caret at the end. */
function useFocusOnRequest(id: string, box: React.RefObject<HTMLTextAreaElement | null>): void {
  const wanted = useDesk((state) => state.focusWanted);
  useEffect(() => {
    const element = box.current;
    if (!element || (wanted !== id && wanted !== ANY)) return;
    useDesk.getState().set({ focusWanted: null });
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
  }, [wanted, id, box]);
}

// ---- canned replies ---------------------------------------------------------------------------------------

interface Menu {
  open: boolean;
  /** The list is there, but nothing fits. */
  items: Canned[];
  at: number;
  listId: string;
  look(box: HTMLTextAreaElement): void;
  onKey(event: KeyboardEvent): boolean;
  choose(item: Canned): void;
}

function useCannedMenu(id: string, text: string, box: React.RefObject<HTMLTextAreaElement | null>): Menu {
  const listId = useId();
  const canned = useCanned();
  const me = useMe().data;
  const buyer = useLive((state) => state.rows.byId[id]?.contact.name ?? '');
  const [place, setPlace] = useState<{ from: number; word: string } | null>(null);
  const [at, setAt] = useState(0);
  const items = place ? fitting(canned.data ?? [], place.word) : [];

  const look = (element: HTMLTextAreaElement) => {
    const next =
      element.selectionStart === element.selectionEnd ? slashWord(element.value, element.selectionStart) : null;
    if (next?.word !== place?.word) setAt(0);
    setPlace(next);
  };

  const choose = (item: Canned) => {
    if (!place) return;
    const words = filled(item.text, { buyer, agent: me?.alias || me?.name || '', shop: me?.shop.name ?? '' });
    const end = place.from + 1 + place.word.length;
    const mode = usePreferences.getState().drafts[id]?.mode ?? 'reply';
    usePreferences.getState().setDraft(id, { mode, text: text.slice(0, place.from) + words + text.slice(end) });
    setPlace(null);
    useDesk.getState().focus();
  };

  useSlashOnRequest(id, box, setPlace);

  return {
    open: place !== null && items.length > 0,
    items,
    at: Math.min(at, items.length - 1),
    listId,
    look,
    choose,
    onKey: (event) => {
      if (!place || items.length === 0) return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step !== undefined) setAt((at + step + items.length) % items.length);
      else if (event.key === 'Enter' || event.key === 'Tab') choose(items[Math.min(at, items.length - 1)]!);
      else if (event.key === 'Escape') setPlace(null);
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}

/** The `/` key outside and the button above write the slash for the agent. */
function useSlashOnRequest(
  id: string,
  box: React.RefObject<HTMLTextAreaElement | null>,
  setPlace: (place: { from: number; word: string }) => void,
): void {
  const wanted = useDesk((state) => state.cannedWanted);
  useEffect(() => {
    if (!wanted || !box.current) return;
    useDesk.getState().set({ cannedWanted: false });
    const { drafts, setDraft } = usePreferences.getState();
    const { mode, text } = drafts[id] ?? EMPTY;
    const before = text === '' || /\s$/.test(text) ? text : `${text} `;
    setDraft(id, { mode, text: `${before}/` });
    setPlace({ from: before.length, word: '' });
    useDesk.getState().focus();
  }, [wanted, id, box, setPlace]);
}

function CannedMenu({ menu }: { menu: Menu }) {
  const { t } = useTranslation();
  return (
    <ul className="canned-menu" role="listbox" id={menu.listId} aria-label={t('composer.canned')}>
      {menu.items.map((item, at) => (
        <li
          key={item.id}
          id={`${menu.listId}-${at}`}
          role="option"
          aria-selected={at === menu.at}
          onMouseDown={(event) => {
            event.preventDefault();
            menu.choose(item);
          }}
        >
          <b>{item.title}</b>
          <small>{[item.group, item.scope === 'mine' ? t('canned.mine') : ''].filter(Boolean).join(' · ')}</small>
          <span>{item.text}</span>
        </li>
      ))}
    </ul>
  );
}
