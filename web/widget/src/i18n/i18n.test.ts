// SPDX-License-Identifier: Apache-2.0
//
// The two dictionaries say the same things: same keys, same places for values, nothing empty, nothing forgotten.
import { afterEach, expect, it } from 'vitest';
import { en } from './en.ts';
import { locale, localeOf, setLocale, t } from './index.ts';
import { zhCN } from './zh-CN.ts';

afterEach(() => setLocale('zh-CN'));

it('has the same keys', () => expect(Object.keys(en).sort()).toEqual(Object.keys(zhCN).sort()));

it.each(Object.keys(zhCN) as (keyof typeof zhCN)[])('%s takes the same values in both', (key) => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
  expect(holes(en[key])).toEqual(holes(zhCN[key]));
  expect(zhCN[key].trim()).not.toBe('');
  expect(en[key]).not.toMatch(/[\u4e00-\u9fff]/);
});

it('speaks the language of the page and says so', async () => {
  expect(t('order', { id: 'E1' })).toBe('订单 E1');
  await setLocale('en');
  expect(t('order', { id: 'E1' })).toBe('Order E1');
  expect(document.documentElement.lang).toBe('en');
  expect(locale()).toBe('en');
});

it.each([
  ['zh', 'zh-CN'],
  ['zh-TW', 'zh-CN'],
  ['ZH-cn', 'zh-CN'],
  ['en-US', 'en'],
  ['de', 'en'],
  ['', 'en'],
  [null, 'en'],
  ['zha', 'en'],
] as const)('reads %j as %s', (tag, is) => expect(localeOf(tag)).toBe(is));
