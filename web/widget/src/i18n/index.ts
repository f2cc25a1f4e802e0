// SPDX-License-Identifier: Apache-2.0
//
// Words by key, in the buyer's language. One language is current for the whole app: changing it draws everything
// again. Any Chinese locale reads zh-CN, any other one en.
import { zhCN, type Dict } from './zh-CN.ts';

export type Locale = 'zh-CN' | 'en';
export type Key = keyof Dict;

let current: Locale = 'zh-CN';
let words: Dict = zhCN; // English is fetched when it is spoken; should that fail, Chinese words are better than none

export const localeOf = (tag: string | null | undefined): Locale => (/^zh\b/i.test(tag ?? '') ? 'zh-CN' : 'en');
export const locale = (): Locale => current;

export async function setLocale(to: Locale): Promise<void> {
  words =
    to === 'en'
      ? await import('./en.ts').then(
          (m) => m.en,
          () => zhCN,
        )
      : zhCN;
  current = to;
  document.documentElement.lang = to;
}

export function t(key: Key, values?: Record<string, string | number>): string {
  const text = words[key];
  return values ? text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '')) : text;
}
