// SPDX-License-Identifier: Apache-2.0
//
// A document in the stream: what it is and how large, and a press opens it in a page of its own.
import { useChat } from '../hooks.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';
import type { Item } from '../stream/items.ts';

export function FileView({ item }: { item: Item }) {
  const chat = useChat();
  const { file } = item.message;
  const open = () =>
    void chat.picture(item).then(
      (url) => window.open(url, '_blank', 'noopener'),
      () => chat.notice(t('photo.again'), true),
    );
  return (
    <button type="button" class="card file" disabled={!file?.id} onClick={open}>
      <Icon name="file" size={26} />
      <span class="grow">
        {t('file.pdf')}
        <small>{item.part !== undefined ? `${Math.round(item.part * 100)}%` : size(file?.bytes ?? 0)}</small>
      </span>
    </button>
  );
}

const size = (bytes: number) =>
  bytes >= 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
