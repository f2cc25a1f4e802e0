// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Compared, Verdict } from '../../api/training.ts';
import { confusions, firstList, nextShare, rowsByList, scoresOf } from './comparison.ts';

const heard = (intent: string) => ({ intent, guess: intent, confidence: 0.9 });
const settled = (text: string, expected: string, before: string, after: string, must_pass = false): Compared => {
  const [was, is] = [before === expected, after === expected];
  const verdict: Verdict = was === is ? (before === after ? 'same' : 'changed') : is ? 'better' : 'worse';
  return { kind: 'case', text, expected, must_pass, passes: is, verdict, before: heard(before), after: heard(after) };
};
const said = (text: string, before: string, after: string): Compared => ({
  kind: 'turn',
  text,
  verdict: 'changed',
  before: heard(before),
  after: heard(after),
});

const ROWS = [
  settled('1', 'pay', 'pay', 'pay'),
  settled('2', 'pay', 'pay', 'refund', true),
  settled('3', 'refund', 'unclear', 'refund'),
  settled('4', 'refund', 'pay', 'pay'),
  said('5', 'unclear', 'refund'),
];

describe('the lists of a comparison', () => {
  const lists = rowsByList(ROWS);
  it.each([
    ['blocking', '2'],
    ['worse', '2'],
    ['better', '3'],
    ['changed', '5'],
    ['wrong', '4'],
    ['same', '1'],
  ] as const)('%s', (list, texts) => expect(lists[list].map((row) => row.text).join()).toBe(texts));
  it('begin with what stops the release', () => expect(firstList(lists)).toBe('blocking'));
  it('show changes where nothing is', () => expect(firstList(rowsByList([]))).toBe('changed'));
});

it('counts what is taken for what', () =>
  expect(confusions([...ROWS, settled('6', 'refund', 'pay', 'pay')])).toEqual([
    { expected: 'refund', heard: 'pay', count: 2, texts: ['4', '6'] },
    { expected: 'pay', heard: 'refund', count: 1, texts: ['2'] },
  ]));

describe('scores', () => {
  it('of the version before and of the new one', () => {
    expect(scoresOf(ROWS, 'before')).toMatchObject({ accuracy: 0.5, unsure: 0.25 });
    expect(scoresOf(ROWS, 'after')).toMatchObject({ accuracy: 0.5, unsure: 0 });
    // pay: 1 of 2 wanted, 2 claimed; refund: 1 of 2 wanted, 2 claimed.
    expect(scoresOf(ROWS, 'after')!.macroF1).toBeCloseTo(0.5);
  });
  it('are none without cases', () => expect(scoresOf([said('1', 'a', 'b')], 'after')).toBeNull());
});

it.each([
  [0, 5],
  [5, 10],
  [12, 20],
  [50, 100],
  [100, 100],
])('after %d %% come %d %%', (now, next) => expect(nextShare(now)).toBe(next));
