// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { listKeyOf } from './listkeys.ts';

const press = (key: string, part: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  ...part,
});

it.each([
  ['j', {}, false, true, 'next'],
  ['k', {}, false, false, 'previous'],
  ['ArrowDown', {}, false, true, 'next'],
  ['ArrowDown', {}, false, false, null],
  ['/', {}, false, false, 'search'],
  ['Escape', {}, false, false, 'close'],
  ['j', {}, true, true, null],
  ['Escape', {}, true, false, null],
  ['j', { altKey: true }, false, true, null],
  ['j', { isComposing: true }, false, true, null],
  ['x', {}, false, true, null],
] as const)('%s %o, typing %s, in the list %s: %s', (key, part, typing, inList, name) =>
  expect(listKeyOf(press(key, part), typing, inList)).toBe(name),
);
