// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Group, GroupItem } from '../../api/training.ts';
import {
  foldTexts,
  likelyIntent,
  nextAfter,
  reasonsOf,
  shownGroups,
  stepFrom,
  trendOf,
  type Wanted,
} from './groups.ts';

const group = (id: string, part: Partial<Group> = {}): Group => ({
  id,
  text: `问题${id}`,
  language: 'zh',
  size: 1,
  this_week: 1,
  last_week: 0,
  gain: 0.01,
  reasons: { rejected: 1 },
  intent: { id: 'ship_time', name: '什么时候发货', confidence: 0.4, sure: false },
  entry: null,
  corrected: null,
  examples: [],
  first_at: '2026-11-20T00:00:00Z',
  last_at: '2026-11-20T00:00:00Z',
  ...part,
});
const ALL: Wanted = { q: '', reason: '', order: 'size' };
const ids = (groups: Group[]) => groups.map((one) => one.id).join('');

describe('the groups that are shown', () => {
  const groups = [
    group('a', { size: 9, this_week: 2, last_week: 7, gain: 0.2, last_at: '2026-11-21T00:00:00Z' }),
    group('b', { size: 5, this_week: 5, last_week: 0, gain: 0.3, reasons: { corrected: 2, rejected: 3 } }),
    group('c', { size: 5, this_week: 1, last_week: 1, examples: ['帐篷可以租吗'], last_at: '2026-11-22T00:00:00Z' }),
  ];
  it.each<[string, Partial<Wanted>, string]>([
    ['the largest first', {}, 'abc'],
    ['what rises', { order: 'rising' }, 'bca'],
    ['by gain', { order: 'gain' }, 'bac'],
    ['the newest', { order: 'newest' }, 'cab'],
    ['with a reason', { reason: 'corrected' }, 'b'],
    ['by words of an example', { q: ' 帐篷 ' }, 'c'],
    ['by the intent that is heard', { q: '发货' }, 'abc'],
    ['nothing', { q: 'zzz' }, ''],
  ])('%s', (_name, wanted, expected) => expect(ids(shownGroups(groups, { ...ALL, ...wanted }))).toBe(expected));
});

it.each([
  [3, 1, 'up'],
  [1, 3, 'down'],
  [2, 2, 'same'],
])('this week %d, last week %d: %s', (this_week, last_week, trend) =>
  expect(trendOf({ this_week, last_week })).toBe(trend),
);

it.each<[string | null, number, string | null]>([
  [null, 1, 'a'],
  ['a', 1, 'b'],
  ['c', 1, 'c'],
  ['a', -1, 'a'],
  ['gone', 1, 'a'],
])('a step from %s by %d', (from, by, to) => expect(stepFrom(['a', 'b', 'c'], from, by)).toBe(to));

it('has nowhere to step in an empty list', () => expect(stepFrom([], 'a', 1)).toBeNull());

describe('after a group is dealt with', () => {
  it.each<[string | null, string[], string | null]>([
    ['b', ['b'], 'c'],
    ['c', ['c'], 'b'],
    ['b', ['b', 'c'], 'a'],
    ['a', ['b'], 'a'],
    ['a', ['a', 'b', 'c'], null],
    [null, ['a'], 'b'],
  ])('at %s without %j', (at, gone, to) => expect(nextAfter(['a', 'b', 'c'], at, new Set(gone))).toBe(to));
});

describe('the likely intent', () => {
  const sure = { id: 'refund', name: '退款', confidence: 0.9, sure: true };
  it('is what agents said', () =>
    expect(likelyIntent(group('a', { intent: sure, corrected: { id: 'pay', name: '付款' } }))).toBe('pay'));
  it('else what is heard for sure', () => expect(likelyIntent(group('a', { intent: sure }))).toBe('refund'));
  it('else none', () => expect(likelyIntent(group('a'))).toBeNull());
});

it('tells reasons by number', () =>
  expect(reasonsOf({ reasons: { rejected: 1, thumbed_down: 4 } }).map(([reason]) => reason)).toEqual([
    'thumbed_down',
    'rejected',
  ]));

it('puts equal texts together', () => {
  const item = (id: string, text: string, at: string, reason: 'rejected' | 'repeated' = 'rejected'): GroupItem => ({
    id,
    conversation: id,
    seq: 1,
    text,
    language: 'zh',
    reason,
    state: 'open',
    intent: null,
    confidence: 0,
    corrected: null,
    at,
  });
  const said = foldTexts([
    item('1', 'a', '3'),
    item('2', 'b', '1'),
    item('3', 'b', '9', 'repeated'),
    item('4', 'b', '2'),
  ]);
  expect(said.map((one) => [one.text, one.items.join(), one.last.id])).toEqual([
    ['b', '2,3,4', '3'],
    ['a', '1', '1'],
  ]);
  expect(said[0]!.reasons).toEqual({ rejected: 2, repeated: 1 });
});
