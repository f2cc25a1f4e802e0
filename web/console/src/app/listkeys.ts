// SPDX-License-Identifier: Apache-2.0
//
// The keys of a list beside what is opened from it: j/k and the arrows move, Enter opens (rows are buttons, so it
// does by itself), / searches, Esc closes.
//
// Always true: nothing happens while somebody types, composes or has a menu or dialog open; letters can be switched
// off with the other shortcuts, arrows only move when the list itself has the focus.
import { useEffect, useRef } from 'react';
import { usePreferences } from './preferences.ts';
import { isTyping } from './shortcuts.ts';

export interface ListKeys {
  move(step: 1 | -1): void;
  search(): void;
  close(): void;
}

export type ListKey = 'next' | 'previous' | 'search' | 'close';
type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'>;

/** `inList`: the focus is in the list, or nowhere. */
export function listKeyOf(press: Press, typing: boolean, inList: boolean): ListKey | null {
  if (press.isComposing || press.ctrlKey || press.metaKey || press.altKey || typing) return null;
  switch (press.key) {
    case 'j':
      return 'next';
    case 'k':
      return 'previous';
    case 'ArrowDown':
      return inList ? 'next' : null;
    case 'ArrowUp':
      return inList ? 'previous' : null;
    case '/':
      return 'search';
    case 'Escape':
      return 'close';
    default:
      return null;
  }
}

const LAYERS = '.ant-modal, .ant-drawer, .ant-dropdown, .ant-select-dropdown, .ant-popover';

export function useListKeys(list: string, keys: ListKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null;
      if (event.defaultPrevented || target?.closest?.(LAYERS)) return;
      const inList = target === document.body || target?.closest?.(list) != null;
      const key = listKeyOf(event, isTyping(target), inList);
      if (key === null || (event.key.length === 1 && !usePreferences.getState().shortcuts)) return;
      event.preventDefault();
      if (key === 'search') latest.current.search();
      else if (key === 'close') latest.current.close();
      else latest.current.move(key === 'next' ? 1 : -1);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [list]);
}
