// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Canned } from '@xiaoer/protocol/wire';
import { filled, fitting, slashWord } from './canned.ts';

describe('the slash word at the caret', () => {
  it.each([
    ['at the start', '/cui', 4, { from: 0, word: 'cui' }],
    ['bare', '/', 1, { from: 0, word: '' }],
    ['after a space', '您好 /催', 5, { from: 3, word: '催' }],
    ['on a new line', '您好\n/', 4, { from: 3, word: '' }],
    ['typed with a Chinese keyboard', '、催件', 3, { from: 0, word: '催件' }],
    ['not inside a word: and/or', 'and/or', 6, null],
    ['not in an address', 'https://a.b/c', 13, null],
    ['not when the caret is before it', '您好 /催', 2, null],
    ['over once a space follows', '/催 件', 4, null],
  ] as const)('%s', (_name, text, caret, found) => expect(slashWord(text, caret)).toEqual(found));
});

describe('fitting replies', () => {
  const reply = (id: string, part: Partial<Canned>): Canned => ({
    id,
    scope: 'shop',
    group: '',
    title: '',
    text: '',
    ...part,
  });
  const all = [
    reply('text', { title: '道歉', text: '帮您催件' }),
    reply('group', { title: '到货', group: '催件' }),
    reply('inside', { title: '帮忙催件' }),
    reply('start', { title: '催件' }),
    reply('mine', { title: '催件(我的)', scope: 'mine' }),
  ];
  it('come title first, own before the shop’s', () =>
    expect(fitting(all, '催件').map((one) => one.id)).toEqual(['mine', 'start', 'inside', 'group', 'text']));
  it('are none when nothing fits', () => expect(fitting(all, '发票')).toEqual([]));
});

it('fills names in and leaves other braces alone', () =>
  expect(filled('{buyer}您好，{agent}在 {else}', { buyer: '陈', agent: '小雨', shop: 'S' })).toBe(
    '陈您好，小雨在 {else}',
  ));
