// SPDX-License-Identifier: Apache-2.0
//
// Times and durations as people read them, in their own time zone and language. `now` is always an argument,
// so every rule here can be tested at any moment of any day.

// `zone` is for what a shop says of its own world (parcels, orders): the bot tells those in the shop's time, and what
// stands beside its words has to agree. Without it: the reader's own.
const pads: Record<string, Intl.DateTimeFormat> = {};
function format(
  locale: string,
  name: string,
  options: Intl.DateTimeFormatOptions,
  timeZone?: string,
): Intl.DateTimeFormat {
  return (pads[`${locale} ${name} ${timeZone ?? ''}`] ??= new Intl.DateTimeFormat(locale, { ...options, timeZone }));
}

/** Year, month and day of a moment, and the number of that day. */
function dayOf(t: Date, zone?: string): { year: number; nth: number } {
  const numbers: Record<string, number> = {};
  for (const { type, value } of format(
    'en-US',
    'date',
    { year: 'numeric', month: 'numeric', day: 'numeric' },
    zone,
  ).formatToParts(t))
    numbers[type] = Number(value);
  const { year = 0, month = 1, day = 1 } = numbers;
  return { year, nth: Date.UTC(year, month - 1, day) / 86_400_000 };
}

/** "14:32" */
export function clock(at: string | Date, locale: string, zone?: string): string {
  return format(locale, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, zone).format(new Date(at));
}

/** The full time, for tooltips. */
export function fullTime(at: string | Date, locale: string, zone?: string): string {
  return format(locale, 'full', { dateStyle: 'long', timeStyle: 'medium' }, zone).format(new Date(at));
}

/** "今天 14:32", "昨天 09:05", "11月20日 18:00", "2025年11月20日 18:00" */
export function dayAndClock(at: string | Date, now: Date, locale: string, zone?: string): string {
  return `${day(at, now, locale, zone)} ${clock(at, locale, zone)}`;
}

export function day(at: string | Date, now: Date, locale: string, zone?: string): string {
  const t = new Date(at);
  const [then, today] = [dayOf(t, zone), dayOf(now, zone)];
  const ago = today.nth - then.nth;
  if (ago === 0 || ago === 1) {
    const word = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-ago, 'day');
    return word.charAt(0).toUpperCase() + word.slice(1);
  }
  return then.year === today.year
    ? format(locale, 'day', { month: 'short', day: 'numeric' }, zone).format(t)
    : format(locale, 'year', { year: 'numeric', month: 'short', day: 'numeric' }, zone).format(t);
}

/** "刚刚", "3分钟前", "5小时前"; a day old or more: the day. */
export function ago(at: string | Date, now: Date, locale: string): string {
  const seconds = Math.max(0, (now.getTime() - new Date(at).getTime()) / 1000);
  const rtf = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  if (seconds < 60) return locale.startsWith('zh') ? '刚刚' : 'just now';
  if (seconds < 3600) return rtf.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return rtf.format(-Math.floor(seconds / 3600), 'hour');
  return day(at, now, locale);
}

/** A running wait: "0:42", "12:05", "1:02:05" */
export function elapsed(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const pad = (n: number) => String(n).padStart(2, '0');
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return h ? `${h}:${pad(m)}:${pad(s % 60)}` : `${m}:${pad(s % 60)}`;
}

/** Whole minutes of an estimate, never below one: "about 0 minutes" is a promise that nobody can keep. */
export function wholeMinutes(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / 60));
}
