// SPDX-License-Identifier: Apache-2.0
//
// The shared time words in the language of this screen, ready for components.
import { clock, day, dayAndClock, fullTime } from '@xiaoer/shared/time';
import { useMe } from '../api/queries.ts';
import { money } from '@xiaoer/shared/money';
import { useTranslation } from 'react-i18next';

const DAY_MS = 86_400_000;

/** `zone`: told in that time zone instead of the reader's own; see useShopFormat(). */
export function useFormat(zone?: string) {
  const { i18n } = useTranslation();
  const language = i18n.language;
  return {
    language,
    clock: (at: string) => clock(at, language, zone),
    day: (at: string) => day(at, new Date(), language, zone),
    full: (at: string) => fullTime(at, language, zone),
    /** The clock for what is less than a day old, else the day. */
    brief: (at: string) =>
      Date.now() - Date.parse(at) < DAY_MS ? clock(at, language, zone) : day(at, new Date(), language, zone),
    dayAndClock: (at: string) => dayAndClock(at, new Date(), language, zone),
    money: (cents: number, currency: string) => money(cents, currency, language),
  };
}

/** For what the bot tells buyers about orders and parcels: in the shop's time, as its words are. */
export const useShopFormat = () => useFormat(useMe().data?.shop.time_zone);

export const sameDay = (a: string, b: string) => new Date(a).toDateString() === new Date(b).toDateString();
