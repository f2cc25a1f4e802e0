// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { endOfDay, instantOf, readWall, wallOf, windowOf } from './validity.ts';

describe('the wall clock', () => {
  it.each([
    ['2026-11-20T02:00:00Z', 'Asia/Shanghai', '2026-11-20 10:00'],
    ['2026-11-20T18:30:00+08:00', 'America/New_York', '2026-11-20 05:30'],
    ['2026-07-01T00:00:00Z', 'America/New_York', '2026-06-30 20:00'],
    ['2026-07-01T00:00:00Z', 'Asia/Kolkata', '2026-07-01 05:30'],
  ])('%s in %s is %s, and back', (at, zone, wall) => {
    expect(wallOf(at, zone)).toBe(wall);
    expect(instantOf(wall, zone)).toBe(new Date(at).toISOString());
  });
  it('is empty for no end', () => expect([wallOf(null, 'UTC'), instantOf('', 'UTC')]).toEqual(['', null]));
  it('of an hour that summer time takes away is a moment near it', () =>
    expect(instantOf('2026-03-08 02:30', 'America/New_York')).toMatch(/^2026-03-08T0[67]:30/));
});

describe('written by hand', () => {
  it.each([
    ['2026-11-20 10:00', '2026-11-20 10:00'],
    ['2026-11-20T10:00', '2026-11-20 10:00'],
    ['2026/1/5 9点', '2026-01-05 09:00'],
    ['2026年1月5日 21:05', '2026-01-05 21:05'],
    [' 2026.1.5 ', '2026-01-05 00:00'],
    ['2026-02-30 10:00', null],
    ['2026-01-05 25:00', null],
    ['2026-01-05 10:75', null],
    ['明天', null],
    ['', null],
  ])('“%s” is %s', (text, wall) => expect(readWall(text)).toBe(wall));
});

it('days end at the shop’s midnight', () => {
  const now = Date.parse('2026-11-20T20:00:00Z'); // already the 21st in Shanghai
  expect(endOfDay(now, 0, 'Asia/Shanghai')).toBe('2026-11-22 00:00');
  expect(endOfDay(now, 6, 'America/New_York')).toBe('2026-11-27 00:00');
});

describe('what there is to say', () => {
  const now = Date.parse('2026-11-20T00:00:00Z');
  const [before, after] = ['2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'];
  it.each([
    [null, null, { kind: 'always' }],
    [before, null, { kind: 'since', at: before }],
    [before, after, { kind: 'until', at: after }],
    [null, after, { kind: 'until', at: after }],
    [after, null, { kind: 'to_come', at: after }],
    [null, before, { kind: 'over', at: before }],
    [before, new Date(now).toISOString(), { kind: 'over', at: new Date(now).toISOString() }],
  ])('from %s to %s', (valid_from, valid_to, said) => expect(windowOf({ valid_from, valid_to }, now)).toEqual(said));
});
