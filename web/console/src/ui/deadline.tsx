// SPDX-License-Identifier: Apache-2.0
//
// A deadline as a pill that counts down: green while there is time, amber in the last day of it (or its last fifth when
// shorter), red when it is over. The words say the same as the colour; the exact time is in the tooltip.
import { useTranslation } from 'react-i18next';
import { useNow } from './clock.ts';
import { useShopFormat } from './time.ts';
import { duration, type Level } from './waiting.tsx';

const DAY = 86_400;
const SHORT = 0.2;

export interface Left {
  level: Level;
  /** To the deadline, or beyond it when `over`. */
  seconds: number;
}

/** @param from  when it began to run; without it the last day is amber */
export function leftOf(deadline: string, now: number, from?: string): Left {
  const seconds = Math.floor((Date.parse(deadline) - now) / 1000);
  if (seconds < 0) return { level: 'over', seconds: -seconds };
  const whole = from === undefined ? Infinity : (Date.parse(deadline) - Date.parse(from)) / 1000;
  return { level: seconds < Math.min(DAY, whole * SHORT || DAY) ? 'warn' : 'calm', seconds };
}

export function DeadlinePill({ at, from }: { at: string; from?: string }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  const { level, seconds } = leftOf(at, useNow(), from);
  return (
    <time className={`pill pill-${level}`} dateTime={at} title={format.full(at)}>
      {t(level === 'over' ? 'work.over' : 'work.left', { time: duration(seconds) })}
    </time>
  );
}
