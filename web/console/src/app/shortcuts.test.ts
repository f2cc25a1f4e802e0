// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { SHORTCUTS, isTyping, shortcutOf } from './shortcuts.ts';

const press = (part: object) => ({
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...part,
});

describe('keys', () => {
  it.each([
    ['Ctrl+K', { code: 'KeyK', ctrlKey: true }, true, 'commands'],
    ['Cmd+K', { code: 'KeyK', metaKey: true }, true, 'commands'],
    ['Alt+J, whatever letter it writes', { code: 'KeyJ', key: '∆', altKey: true }, true, 'next'],
    ['Alt+E', { code: 'KeyE', altKey: true }, true, 'resolve'],
    ['Ctrl+Alt+E', { code: 'KeyE', altKey: true, ctrlKey: true }, true, 'resolveNext'],
    ['/ outside a field', { key: '/', code: 'Slash' }, false, 'canned'],
    ['/ while typing', { key: '/', code: 'Slash' }, true, null],
    ['? outside a field', { key: '?', code: 'Slash', shiftKey: true }, false, 'help'],
    ['a composing key', { code: 'KeyJ', altKey: true, isComposing: true }, true, null],
    ['Ctrl+Shift+K is the browser’s', { code: 'KeyK', ctrlKey: true, shiftKey: true }, false, null],
    ['a plain letter', { key: 'j', code: 'KeyJ' }, false, null],
  ] as const)('%s', (_name, keys, typing, name) => expect(shortcutOf(press(keys), typing)).toBe(name));

  it('are each given once', () => expect(new Set(SHORTCUTS.map((one) => one.keys)).size).toBe(SHORTCUTS.length));
});

it('knows a field from a button', () => {
  expect(isTyping(document.createElement('textarea'))).toBe(true);
  expect(isTyping(document.createElement('button'))).toBe(false);
});
