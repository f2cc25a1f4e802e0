// SPDX-License-Identifier: Apache-2.0
//
// The shared time words in the language of this screen, ready for components.
import { clock, day, fullTime } from '@xiaoer/shared/time';
import { money } from '@xiaoer/shared/money';
import { useTranslation } from 'react-i18next';

const DAY_MS = 86_400_000;

export function useFormat() {
  const { i18n } = useTranslation();
  const language = i18n.language;
  return {
    language,
    clock: (at: string) => clock(at, language),
    day: (at: string) => day(at, new Date(), language),
    full: (at: string) => fullTime(at, language),
    /** The clock for what is less than a day old, else the day. */
    brief: (at: string) => (Date.now() - Date.parse(at) < DAY_MS ? clock(at, language) : day(at, new Date(), language)),
    dayAndClock: (at: string) => `${day(at, new Date(), language)} ${clock(at, language)}`,
    money: (cents: number, currency: string) => money(cents, currency, language),
  };
}

export const sameDay = (a: string, b: string) => new Date(a).toDateString() === new Date(b).toDateString();
