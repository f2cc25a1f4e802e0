// SPDX-License-Identifier: Apache-2.0
//
// A photo in the stream, at its own proportions so that nothing jumps when it arrives. A tap on it shows it large
// (dialogs/PhotoSheet.tsx).
import { useEffect, useState } from 'preact/hooks';
import { useChat } from '../hooks.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';
import type { Item } from '../stream/items.ts';

const WIDTH = 208;
const HEIGHT = 240;

/** Where this device can show it from; null while it is fetched. */
export function usePicture(item: Item | null): { url: string | null; failed: boolean; again: () => void } {
  const chat = useChat();
  const [url, setUrl] = useState<string | null>(item?.preview ?? null);
  const [failed, setFailed] = useState(false);
  const [asked, setAsked] = useState(0);
  const id = item?.message.image?.id;
  useEffect(() => {
    if (!item) return;
    let current = true;
    setFailed(false);
    chat.picture(item).then(
      (made) => current && setUrl(made),
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [chat, id, item?.preview, asked]); // eslint-disable-line react-hooks/exhaustive-deps -- the item changes with its delivery
  return { url, failed, again: () => setAsked(asked + 1) };
}

export function PhotoView({ item }: { item: Item }) {
  const chat = useChat();
  const { width = 0, height = 0 } = item.message.image ?? {};
  const { url, failed, again } = usePicture(item);
  const scale = width && height ? Math.min(WIDTH / width, HEIGHT / height, 1) : 0;
  const box = scale
    ? { width: `${Math.max(72, Math.round(width * scale))}px`, height: `${Math.max(56, Math.round(height * scale))}px` }
    : undefined;
  if (failed)
    return (
      <button type="button" class="photo gone" style={box} onClick={again}>
        <Icon name="image" size={22} />
        {t('photo.again')}
      </button>
    );
  const part = item.part;
  return (
    <button type="button" class="photo" style={box} aria-label={t('photo.enlarge')} onClick={() => chat.enlarge(item)}>
      {url && <img src={url} alt="" />}
      {part !== undefined && (
        <span class="part" role="progressbar" aria-label={t('file.sending')} aria-valuenow={Math.round(part * 100)}>
          {Math.round(part * 100)}%
        </span>
      )}
    </button>
  );
}
