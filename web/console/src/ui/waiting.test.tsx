// SPDX-License-Identifier: Apache-2.0
import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WaitingPill, duration, waitOf } from './waiting.tsx';

const START = Date.parse('2026-11-20T10:00:00Z');
const since = new Date(START).toISOString();

describe('how long is long', () => {
  it.each([
    ['green at first', 0, 'calm', 180],
    ['green just before 60 %', 107, 'calm', 73],
    ['amber from 60 %', 108, 'warn', 72],
    ['amber to the last second', 179, 'warn', 1],
    ['red once the promise is over', 180, 'over', 0],
    ['red with the time beyond', 192, 'over', 12],
    ['green when clocks disagree', -5, 'calm', 180],
  ] as const)('%s', (_name, seconds, level, distance) =>
    expect(waitOf(since, START + seconds * 1000)).toMatchObject({ level, distance }),
  );
});

it.each([
  [0, '0s'],
  [99, '99s'],
  [192, '3:12'],
  [7260, '2小时1分'],
  [200_000, '2天'],
])('%i seconds are written %s', (seconds, text) => expect(duration(seconds)).toBe(text));

describe('the pill', () => {
  beforeEach(() => void vi.useFakeTimers({ now: START + 106_000 }));
  afterEach(() => void vi.useRealTimers());

  it('counts every second and changes its words and colour', () => {
    render(<WaitingPill since={since} />);
    expect(screen.getByText('剩 74s').className).toContain('pill-calm');
    act(() => void vi.advanceTimersByTime(2_000));
    expect(screen.getByText('剩 72s').className).toContain('pill-warn');
    act(() => void vi.advanceTimersByTime(84_000));
    expect(screen.getByText('超时 12s').className).toContain('pill-over');
  });

  it('says in the queue how long somebody has waited', () => {
    render(<WaitingPill since={since} queued />);
    expect(screen.getByText('已等 1:46')).toBeTruthy();
  });

  it('leaves no timer behind', () => {
    const { unmount } = render(<WaitingPill since={since} />);
    unmount();
    expect(vi.getTimerCount()).toBe(0);
  });
});
