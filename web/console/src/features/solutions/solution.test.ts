// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { BLANK, conditionsOf, join, newSolutionId, split } from './solution.ts';

const t = (key: string, options?: Record<string, unknown>) => {
  if (key === 'solutions.or') return ' or ';
  return (options?.defaultValue as string | undefined) ?? key;
};

describe('conditions of a solution', () => {
  it.each([
    ['none', {}, ['solutions.always']],
    ['two wishes', { intents: 'a|b' }, ['A or B']],
    ['wish and status', { intents: 'a', statuses: 'paid' }, ['A', 'paid']],
    ['all', { intents: 'a', statuses: 'paid', cases: 'open', emotions: 'angry' }, ['A', 'paid', 'open', 'angry']],
  ])('%s', (_name, row, want) => expect(conditionsOf({ ...BLANK, ...row }, (id) => id.toUpperCase(), t)).toEqual(want));
  it('are lists and back', () => expect(join(split('a|b'))).toBe('a|b'));
  it('nothing is an empty list', () => expect(split('')).toEqual([]));
});

describe('the id of a new one', () => {
  it.each([
    ['Latin words', 'Call the Carrier!', [], 'call_the_carrier'],
    ['taken', 'Call', ['call', 'call_2'], 'call_3'],
    ['Chinese', '催快递', [], 'own_rs'],
    ['too long', 'a'.repeat(80), [], 'a'.repeat(30)],
  ])('%s', (_name, title, taken, want) => expect(newSolutionId(title, taken, 1000)).toBe(want));
});
