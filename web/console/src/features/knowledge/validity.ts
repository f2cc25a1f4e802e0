// SPDX-License-Identifier: Apache-2.0
//
// The days on which an entry is valid, as the shop's own clock tells them ("2026-11-20 10:00") against moments. Pure;
// works for zones with summer time, also on the day when an hour is missing or comes twice.

/** Minutes that `zone` is ahead of UTC at a moment. */
function offsetAt(ms: number, zone: string): number {
  const parts: Record<string, number> = {};
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return Math.round((Date.UTC(year, month - 1, day, hour, minute) - ms) / 60_000);
}

/** "2026-11-20 10:00" on the shop's wall; empty for null. */
export function wallOf(at: string | null, zone: string): string {
  if (at === null) return '';
  const ms = Date.parse(at);
  return new Date(ms + offsetAt(ms, zone) * 60_000).toISOString().slice(0, 16).replace('T', ' ');
}

/** The moment when the shop's wall shows this; null for an empty or unreadable text. */
export function instantOf(wall: string, zone: string): string | null {
  const read = readWall(wall);
  if (read === null) return null;
  const asUtc = Date.parse(`${read.replace(' ', 'T')}:00Z`);
  // The offset is that of the moment sought, of which the first guess may be an hour off.
  const guess = asUtc - offsetAt(asUtc, zone) * 60_000;
  return new Date(asUtc - offsetAt(guess, zone) * 60_000).toISOString();
}

const WRITTEN = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]*(\d{1,2})[:：点时](\d{1,2})?分?)?$/;

/** What a person wrote, put in order: "2026/1/5 9点" is "2026-01-05 09:00". Null when it is no day. */
export function readWall(text: string): string | null {
  const hit = WRITTEN.exec(text.trim());
  if (!hit) return null;
  const [year, month, day, hour, minute] = hit.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute));
  const same = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && at.getUTCHours() === hour && minute < 60;
  return same ? at.toISOString().slice(0, 16).replace('T', ' ') : null;
}

/** Midnight after the day that is `days` from now, as the shop's wall says it. */
export function endOfDay(now: number, days: number, zone: string): string {
  const today = wallOf(new Date(now).toISOString(), zone).slice(0, 10);
  return `${new Date(Date.parse(`${today}T00:00Z`) + (days + 1) * 86_400_000).toISOString().slice(0, 10)} 00:00`;
}

export type Window =
  | { kind: 'always' }
  | { kind: 'to_come'; at: string }
  | { kind: 'until'; at: string }
  | { kind: 'since'; at: string }
  | { kind: 'over'; at: string };

/** What there is to say of an entry's days, now. */
export function windowOf(entry: { valid_from: string | null; valid_to: string | null }, now: number): Window {
  const { valid_from: from, valid_to: to } = entry;
  if (to !== null && Date.parse(to) <= now) return { kind: 'over', at: to };
  if (from !== null && Date.parse(from) > now) return { kind: 'to_come', at: from };
  if (to !== null) return { kind: 'until', at: to };
  return from === null ? { kind: 'always' } : { kind: 'since', at: from };
}
