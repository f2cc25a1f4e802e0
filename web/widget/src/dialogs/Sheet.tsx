// SPDX-License-Identifier: Apache-2.0
//
// A sheet from below, as a real modal dialog: the browser keeps the focus inside, Esc and a tap beside it close
// it, and the focus goes back to where it was.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  title: string;
  onClose: () => void;
  first?: string; // selector of what gets the focus
  class?: string;
  children: ComponentChildren;
}

export function Sheet({ title, onClose, first, children, ...more }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const el = dialog.current!;
    const before = document.activeElement;
    el.showModal();
    (first ? el.querySelector<HTMLElement>(first) : null)?.focus();
    return () => {
      el.close();
      // What opened it may be gone with its panel; the + button is always there.
      const back = before?.isConnected && before !== document.body ? before : document.querySelector('.write .round');
      if (back instanceof HTMLElement) back.focus();
    };
  }, [first]);
  return (
    <dialog
      ref={dialog}
      class={`sheet ${more.class ?? ''}`}
      aria-label={title}
      onKeyDown={(e) => e.key === 'Escape' && e.stopPropagation()}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onClick={(e) => e.target === dialog.current && onClose()}
    >
      <div class="inside">
        <h2>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
