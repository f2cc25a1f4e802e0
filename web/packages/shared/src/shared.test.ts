// SPDX-License-Identifier: Apache-2.0
//
// Money, time and colour: tables of what goes in and what a person reads.
import { describe, expect, it } from 'vitest';
import { contrast, palette, parseColour, INK, WHITE } from './a11y.ts';
import { money } from './money.ts';
import { ratingTags } from './rating.ts';
import { ago, clock, dayAndClock, elapsed, wholeMinutes } from './time.ts';

describe('money', () => {
  it.each([
    [45900, 'CNY', 'zh-CN', '¥459.00'],
    [45900, 'CNY', 'en', '¥459.00'],
    [1299, 'USD', 'en', '$12.99'],
    [500, 'JPY', 'en', '¥500'],
    [0, 'CNY', 'zh-CN', '¥0.00'],
    [-100, 'CNY', 'zh-CN', '-¥1.00'],
    [100, '??', 'en', '1.00 ??'],
  ])('%d %s in %s', (cents, currency, locale, text) => expect(money(cents, currency, locale)).toBe(text));
});

describe('time', () => {
  const now = new Date(2026, 10, 21, 15, 0, 0);
  it.each([
    [new Date(2026, 10, 21, 14, 32), 'zh-CN', '今天 14:32'],
    [new Date(2026, 10, 20, 9, 5), 'zh-CN', '昨天 09:05'],
    [new Date(2026, 10, 2, 9, 5), 'zh-CN', '11月2日 09:05'],
    [new Date(2025, 10, 2, 9, 5), 'zh-CN', '2025年11月2日 09:05'],
    [new Date(2026, 10, 21, 0, 1), 'en', 'Today 00:01'],
    [new Date(2026, 10, 20, 23, 59), 'en', 'Yesterday 23:59'],
  ])('%s', (at, locale, text) => expect(dayAndClock(at, now, locale)).toBe(text));
  it('counts', () => {
    expect(clock(now, 'en')).toBe('15:00');
    expect(ago(new Date(now.getTime() - 5000), now, 'zh-CN')).toBe('刚刚');
    expect(ago(new Date(now.getTime() - 180_000), now, 'zh-CN')).toBe('3分钟前');
    expect(elapsed(42_000)).toBe('0:42');
    expect(elapsed(3_725_000)).toBe('1:02:05');
    expect(wholeMinutes(0)).toBe(1);
    expect(wholeMinutes(121)).toBe(3);
  });
});

describe('palette', () => {
  it.each(['#d4380d', '#1677ff', '#ffd400', '#000000', '#ffffff', '#00b578', '#777777', '#ff0036', 'nonsense', '#abc'])(
    'of %s can be read',
    (theme) => {
      const p = palette(theme);
      const of = (c: string) => parseColour(c)!;
      expect(contrast(of(p.brand), of(p.onBrand))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of(p.brandText), WHITE)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of(p.tintText), of(p.tint))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of(p.tintLine), of(p.tint))).toBeGreaterThanOrEqual(2.95);
      expect(contrast(of(p.tint), INK)).toBeGreaterThan(7);
    },
  );
});

it('offers praise for many stars and complaints for few', () => {
  expect(ratingTags(5)).toContain('fast');
  expect(ratingTags(1)).toContain('slow');
  expect(ratingTags(1)).not.toContain('fast');
});
