// SPDX-License-Identifier: Apache-2.0
//
// How long a buyer has been waiting, as a pill that counts: green, amber from 60 % of the promised time, red once
// it is over. The words say the same as the colour, so nothing depends on seeing it.
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { useNow } from './clock.ts';

/** Promised time to a reply. Three minutes is what shops in this trade are measured by. */
export const PROMISE_SECONDS = 180;
const WARN_AT = 0.6;

export type Level = 'calm' | 'warn' | 'over';
export interface Wait {
  level: Level;
  waited: number;
  /** Seconds to the promise, or beyond it when `over`. */
  distance: number;
}

export function waitOf(since: string, now: number, promise = PROMISE_SECONDS): Wait {
  const waited = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  if (waited >= promise) return { level: 'over', waited, distance: waited - promise };
  return { level: waited >= promise * WARN_AT ? 'warn' : 'calm', waited, distance: promise - waited };
}

/** Short enough for a pill: "48s", "3:12", and in the reader's language "2h 5m", "3d". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 100) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
  if (whole < 86_400)
    return i18next.t('wait.hours', { hours: Math.floor(whole / 3600), minutes: Math.floor((whole % 3600) / 60) });
  return i18next.t('wait.days', { days: Math.floor(whole / 86_400) });
}

export function WaitingPill({ since, queued = false }: { since: string; queued?: boolean }) {
  const { t } = useTranslation();
  const { level, waited, distance } = waitOf(since, useNow());
  const text = queued
    ? t('wait.queued', { time: duration(waited) })
    : t(level === 'over' ? 'wait.over' : 'wait.left', { time: duration(distance) });
  return <span className={`pill pill-${level}`}>{text}</span>;
}

/** The same in the stream, under the words that wait for an answer; only once it is getting late. */
export function WaitingWords({ since }: { since: string }) {
  const { t } = useTranslation();
  const { level, waited } = waitOf(since, useNow());
  if (level === 'calm') return null;
  return <span className="waits"> · {t('wait.queued', { time: duration(waited) })}</span>;
}
