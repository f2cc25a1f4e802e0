// SPDX-License-Identifier: Apache-2.0
//
// 猜你想问: questions that the shop has an answer to, offered while the buyer writes. The field keeps the focus; which
// question is marked is said by aria-activedescendant, so that a screen reader reads it while the writing goes on.
//
// Always true: nothing is asked of the server while an input method composes, or before the writing pauses; an answer to
// words that are no longer there is thrown away; a shop that wants no suggestions is asked once.
import { useEffect, useState } from 'preact/hooks';
import { useChat, useSettled } from '../hooks.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';

const AFTER_MS = 180;
const LEAST = 2;
const LONGEST = 60;
const MOST = 5;
export const LIST_ID = 'suggest';
export const optionId = (at: number) => `${LIST_ID}-${at}`;

export interface Offer {
  list: string[];
  at: number; // the marked one, -1: none
  marked: string | undefined;
  move(by: 1 | -1): void;
  drop(): void;
}

/** Questions for these words; none for words that are none. */
export function useSuggestions(words: string): Offer {
  const chat = useChat();
  const [list, setList] = useState<string[]>([]);
  const [at, setAt] = useState(-1);
  const asked = useSettled(words.trim(), AFTER_MS);
  const put = (items: string[]) => {
    setList(items);
    setAt(-1);
  };
  useEffect(() => {
    let current = true;
    if ([...asked].length < LEAST || asked.length > LONGEST || asked.includes('\n')) put([]);
    else
      chat.suggest(asked).then(
        (items) => current && put(items.filter((i) => i !== asked).slice(0, MOST)),
        () => current && put([]),
      );
    return () => {
      current = false;
    };
  }, [chat, asked]);
  const shown = words.trim() ? list : [];
  return {
    list: shown,
    at,
    marked: shown[at],
    // Beyond either end is the writing itself: nothing is marked there.
    move: (by) => setAt(((at + 1 + by + shown.length + 1) % (shown.length + 1)) - 1),
    drop: () => put([]),
  };
}

export function SuggestList({ offer, typed, onPick }: { offer: Offer; typed: string; onPick: (one: string) => void }) {
  return (
    <div class="suggest" role="listbox" id={LIST_ID} aria-label={t('suggest')}>
      {offer.list.map((one, i) => (
        // The field keeps the focus, and a phone its keyboard: keys are heard there (Composer.tsx).
        <div
          key={one}
          id={optionId(i)}
          role="option"
          aria-selected={i === offer.at}
          onMouseDown={(e) => e.preventDefault()}
          onClick={() => onPick(one)}
        >
          <Icon name="search" size={15} />
          <span>{mark(one, typed.trim())}</span>
        </div>
      ))}
    </div>
  );
}

/** What was typed, in bold where it stands in the question. */
function mark(question: string, typed: string) {
  const at = question.toLowerCase().indexOf(typed.toLowerCase());
  if (at < 0 || !typed) return question;
  return (
    <>
      {question.slice(0, at)}
      <b>{question.slice(at, at + typed.length)}</b>
      {question.slice(at + typed.length)}
    </>
  );
}
