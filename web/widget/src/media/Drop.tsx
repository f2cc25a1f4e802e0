// SPDX-License-Identifier: Apache-2.0
//
// Files drawn onto the chat: while they hang over it the whole screen says where they go, and letting go sends them.
import { useEffect, useState } from 'preact/hooks';
import { useChat } from '../hooks.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';

export function Drop() {
  const chat = useChat();
  const [over, setOver] = useState(false);
  useEffect(() => {
    let inside = 0; // a drag enters each element that it passes over
    const holdsFiles = (e: DragEvent) => [...(e.dataTransfer?.types ?? [])].includes('Files');
    const move = (e: DragEvent) => {
      if (!holdsFiles(e)) return;
      e.preventDefault();
      if (e.type === 'dragenter') inside++;
      if (e.type === 'dragleave') inside--;
      if (e.type === 'drop') {
        inside = 0;
        chat.attach([...(e.dataTransfer?.files ?? [])]);
      }
      setOver(inside > 0);
    };
    const kinds = ['dragenter', 'dragover', 'dragleave', 'drop'] as const;
    for (const kind of kinds) addEventListener(kind, move);
    return () => {
      for (const kind of kinds) removeEventListener(kind, move);
    };
  }, [chat]);
  if (!over) return null;
  return (
    <div class="drop" role="status">
      <Icon name="image" size={40} />
      {t('compose.drop')}
    </div>
  );
}
