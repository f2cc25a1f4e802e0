// SPDX-License-Identifier: Apache-2.0
//
// A photo as large as the screen allows; a tap on it shows its own size, to be moved about. The arrows go to the conversation's
// other photos.
import { useRef, useState } from 'preact/hooks';
import type { State } from '../chat.ts';
import { useChat } from '../hooks.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';
import { usePicture } from '../media/Photo.tsx';
import { Sheet } from './Sheet.tsx';

export function PhotoSheet({ state }: { state: State }) {
  const chat = useChat();
  const [whole, setWhole] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const photos = state.items.filter((i) => i.message.image);
  const at = photos.findIndex((i) => i.key === state.photo?.item.key);
  const item = photos[at] ?? null;
  const { url, failed } = usePicture(item);
  const go = (to: number) => {
    const next = photos[to];
    if (!next) return;
    setWhole(true);
    chat.enlarge(next);
    box.current?.focus(); // the arrow that was pressed may be gone with the last photo
  };
  return (
    <Sheet title={t('photo')} class="viewer" onClose={() => chat.sheet(null)} first=".corner">
      <div
        ref={box}
        tabIndex={-1}
        class={`large ${whole ? '' : 'zoomed'}`}
        onKeyDown={(e) => {
          if (e.key === 'ArrowLeft') go(at - 1);
          if (e.key === 'ArrowRight') go(at + 1);
        }}
      >
        {url && !failed ? (
          <button
            type="button"
            class="plate"
            aria-label={t(whole ? 'photo.in' : 'photo.out')}
            onClick={() => setWhole(!whole)}
          >
            <img key={url} src={url} alt={t('photo.at', { n: at + 1, of: photos.length })} />
          </button>
        ) : (
          <p role="status">{t(failed ? 'photo.again' : 'loading')}</p>
        )}
        {at > 0 && (
          <button type="button" class="round side before" aria-label={t('photo.before')} onClick={() => go(at - 1)}>
            <Icon name="left" size={24} />
          </button>
        )}
        {at < photos.length - 1 && (
          <button type="button" class="round side next" aria-label={t('photo.next')} onClick={() => go(at + 1)}>
            <Icon name="right" size={24} />
          </button>
        )}
      </div>
      <button type="button" class="round corner" aria-label={t('close')} onClick={() => chat.sheet(null)}>
        <Icon name="close" size={22} />
      </button>
    </Sheet>
  );
}
