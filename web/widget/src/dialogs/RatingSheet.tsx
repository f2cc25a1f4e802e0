// SPDX-License-Identifier: Apache-2.0
//
// How it was: stars, words that fit the stars, solved or not, own words. Can be skipped, and changed later.
import { useState } from 'preact/hooks';
import { RATING_TAGS, ratingTags, type RatingTag } from '@xiaoer/shared/rating';
import { Fault, type Rating } from '../api.ts';
import { useChat } from '../hooks.ts';
import { locale, t, type Key } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';
import { Sheet } from './Sheet.tsx';

const STARS = [1, 2, 3, 4, 5];
const LONGEST = 500;

export function RatingSheet({ given, agent }: { given: Rating | null; agent?: string }) {
  const chat = useChat();
  const [stars, setStars] = useState(given?.stars ?? 0);
  const [tags, setTags] = useState(new Set((given?.tags ?? []) as RatingTag[]));
  const [solved, setSolved] = useState(given?.solved);
  const [text, setText] = useState(given?.text ?? '');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');

  const skip = () => chat.sheet(null);
  const pick = (n: number) => {
    setStars(n);
    setTags(new Set([...tags].filter((tag) => ratingTags(n).includes(tag))));
  };
  const toggle = (tag: RatingTag) => {
    const next = new Set(tags);
    if (!next.delete(tag)) next.add(tag);
    setTags(next);
  };
  const submit = async (e: Event) => {
    e.preventDefault();
    if (!stars || busy) return;
    setBusy(true);
    setFailed('');
    try {
      await chat.rate({
        stars,
        solved,
        ...(tags.size && { tags: [...tags] }),
        ...(text.trim() && { text: text.trim() }),
      });
    } catch (fault) {
      setBusy(false);
      setFailed((fault instanceof Fault && fault.message) || t('error'));
    }
  };

  return (
    <Sheet title={t('rate.title')} class="rating" onClose={skip} first="input:checked, input">
      {agent && <p class="muted">{agent}</p>}
      <form onSubmit={(e) => void submit(e)}>
        <fieldset class="stars">
          <legend class="hear">{t('rate.stars')}</legend>
          {STARS.map((n) => (
            <label key={n} class={n <= stars ? 'on' : ''}>
              <input
                type="radio"
                name="stars"
                value={n}
                checked={stars === n}
                onChange={() => pick(n)}
                aria-label={t('rate.star', { n, word: t(`rate.${n}` as Key) })}
              />
              <Icon name="star" size={34} fill={n <= stars} />
            </label>
          ))}
        </fieldset>
        <p class="word" aria-hidden="true">
          {stars ? t(`rate.${stars}` as Key) : t('rate.pick')}
        </p>
        {stars > 0 && (
          <>
            <div class="tags" role="group" aria-label={t('rate.tags')}>
              {ratingTags(stars).map((tag) => (
                <button
                  key={tag}
                  type="button"
                  class="chip toggle"
                  aria-pressed={tags.has(tag)}
                  onClick={() => toggle(tag)}
                >
                  {RATING_TAGS[tag][locale()]}
                </button>
              ))}
            </div>
            <fieldset class="solved">
              <legend>{t('rate.solved')}</legend>
              {([true, false] as const).map((yes) => (
                <label key={String(yes)} class={`chip toggle ${solved === yes ? 'on' : ''}`}>
                  <input type="radio" name="solved" checked={solved === yes} onChange={() => setSolved(yes)} />
                  {t(yes ? 'rate.yes' : 'rate.no')}
                </label>
              ))}
            </fieldset>
            <textarea
              rows={2}
              maxLength={LONGEST}
              value={text}
              placeholder={t('rate.text')}
              aria-label={t('rate.text')}
              onInput={(e) => setText(e.currentTarget.value)}
            />
          </>
        )}
        {failed && (
          <p class="notice bad" role="alert">
            {failed}
          </p>
        )}
        <div class="actions">
          <button type="button" class="button" onClick={skip}>
            {t('rate.skip')}
          </button>
          <button type="submit" class="button main" aria-disabled={!stars || busy}>
            {t('rate.submit')}
          </button>
        </div>
      </form>
    </Sheet>
  );
}
