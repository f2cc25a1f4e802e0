// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { leftOf } from './deadline.tsx';

const at = (hours: number) => new Date(hours * 3_600_000).toISOString();

describe('what is left of a deadline', () => {
  it.each([
    ['days', at(72), 0, undefined, 'calm', 259_200],
    ['the last day', at(72), 49, undefined, 'warn', 82_800],
    ['over', at(72), 73, undefined, 'over', 3600],
    ['a short term, its first half', at(2), 1, at(0), 'calm', 3600],
    ['a short term, its last fifth', at(2), 1.7, at(0), 'warn', 1080],
    ['a long term, its last day', at(240), 220, at(0), 'warn', 72_000],
  ] as const)('%s', (_name, deadline, now, from, level, seconds) =>
    expect(leftOf(deadline, now * 3_600_000, from)).toEqual({ level, seconds }),
  );
});
