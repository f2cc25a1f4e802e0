// SPDX-License-Identifier: Apache-2.0
//
// The keyboard of the workbench as one table: what the help shows is what the keys do. Letters are read by their
// place on the keyboard (`code`), because Alt+J writes another letter on some layouts.
//
// Always true: a key without Ctrl or Alt does nothing while somebody is typing; all can be switched off; a key
// that is part of an input method's composition is nobody's shortcut.
import { useEffect, useRef } from 'react';
import { usePreferences } from './preferences.ts';

export interface Shortcut {
  name: string;
  /** As printed: "Ctrl+Alt+E". */
  keys: string;
  code: string;
  ctrl?: boolean;
  alt?: boolean;
  /** A single character: only while nobody types. */
  bare?: boolean;
}

export const SHORTCUTS = [
  { name: 'commands', keys: 'Ctrl+K', code: 'KeyK', ctrl: true },
  { name: 'next', keys: 'Alt+J', code: 'KeyJ', alt: true },
  { name: 'previous', keys: 'Alt+K', code: 'KeyK', alt: true },
  { name: 'adopt1', keys: 'Alt+1', code: 'Digit1', alt: true },
  { name: 'adopt2', keys: 'Alt+2', code: 'Digit2', alt: true },
  { name: 'adopt3', keys: 'Alt+3', code: 'Digit3', alt: true },
  { name: 'reply', keys: 'Alt+L', code: 'KeyL', alt: true },
  { name: 'note', keys: 'Alt+P', code: 'KeyP', alt: true },
  { name: 'transfer', keys: 'Alt+T', code: 'KeyT', alt: true },
  { name: 'resolve', keys: 'Alt+E', code: 'KeyE', alt: true },
  { name: 'resolveNext', keys: 'Ctrl+Alt+E', code: 'KeyE', ctrl: true, alt: true },
  { name: 'pull', keys: 'Alt+Q', code: 'KeyQ', alt: true },
  { name: 'aside', keys: 'Alt+O', code: 'KeyO', alt: true },
  { name: 'orders', keys: 'Alt+R', code: 'KeyR', alt: true },
  { name: 'invite', keys: 'Alt+I', code: 'KeyI', alt: true },
  { name: 'agreement', keys: 'Alt+Y', code: 'KeyY', alt: true },
  { name: 'workorder', keys: 'Alt+G', code: 'KeyG', alt: true },
  { name: 'canned', keys: '/', code: 'Slash', bare: true },
  { name: 'help', keys: '?', code: 'Slash', bare: true },
] as const satisfies readonly Shortcut[];

export type ShortcutName = (typeof SHORTCUTS)[number]['name'];
export type Handlers = Partial<Record<ShortcutName, () => void>>;

export const keysOf = (name: ShortcutName) => SHORTCUTS.find((one) => one.name === name)!.keys;

type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'>;

export function shortcutOf(press: Press, typing: boolean): ShortcutName | null {
  if (press.isComposing) return null;
  const ctrl = press.ctrlKey || press.metaKey;
  if (!ctrl && !press.altKey) {
    if (typing) return null;
    if (press.key === '/') return 'canned';
    return press.key === '?' || press.key === '？' ? 'help' : null;
  }
  if (press.shiftKey) return null;
  const table: readonly Shortcut[] = SHORTCUTS;
  const found = table.find(
    (one) => !one.bare && one.code === press.code && Boolean(one.ctrl) === ctrl && Boolean(one.alt) === press.altKey,
  );
  return (found?.name as ShortcutName | undefined) ?? null;
}

export function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return element?.closest?.('input, textarea, select, [contenteditable="true"], [role="combobox"]') != null;
}

export function useShortcuts(handlers: Handlers): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const name = shortcutOf(event, isTyping(event.target));
      if (!name) return;
      // The command menu stays reachable: it is how the others are found and switched on again.
      if (!usePreferences.getState().shortcuts && name !== 'commands') return;
      const act = latest.current[name];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
