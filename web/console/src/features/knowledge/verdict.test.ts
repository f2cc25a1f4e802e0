// SPDX-License-Identifier: Apache-2.0
import type { Tryout } from '@xiaoer/protocol/wire';
import { describe, expect, it } from 'vitest';
import { isMiss, originOf, readingOrder, standingOf, wonOf } from './verdict.ts';

const near = (id: string, verdict: string, match = 0.5, layer: Tryout['knowledge'][number]['layer'] = 'shop') => ({
  id,
  layer,
  question: id,
  wording: id,
  match,
  verdict,
});
const tryout = (part: Partial<Tryout> = {}): Tryout => ({
  normalised: '',
  meaning: { intent: 'ship_carrier', name: '发什么快递', by: 'words', confidence: 1 },
  knowledge_asked: true,
  knowledge: [near('K1', 'won', 0.9)],
  understood: { source: 'knowledge' },
  decision: { act: 'knowledge', check: 'answer' },
  reason: 'shop K1 (0.90)',
  action: null,
  sources: [],
  wants_person: false,
  reply: [],
  ...part,
});

describe('which entry won', () => {
  it.each([
    ['shop K1 (1.00)', { id: 'K1', layer: 'shop', by: 'alone', over: null }],
    [
      'shop K12 over industry K3, by override (0.84)',
      { id: 'K12', layer: 'shop', by: 'override', over: { id: 'K3', layer: 'industry' } },
    ],
    [
      'emergency K1 over small_talk K9, by layer (0.61)',
      { id: 'K1', layer: 'emergency', by: 'layer', over: { id: 'K9', layer: 'small_talk' } },
    ],
    ['something else', { id: 'K1', layer: 'shop', by: 'alone', over: null }],
  ])('%s', (reason, won) => expect(wonOf(tryout({ reason }))).toEqual(won));
  it('none when the answer came from elsewhere', () =>
    expect(wonOf(tryout({ understood: { source: 'product' }, reason: 'answer: answer' }))).toBeNull());
});

describe('where it came from', () => {
  it.each([
    [{}, 'knowledge'],
    [{ understood: { source: 'flow' } }, 'flow'],
    [{ understood: null }, 'fallback'],
    [{ decision: { act: 'hand_over', check: 'asked' }, understood: { source: 'flow' } }, 'person'],
  ])('%o', (part, origin) => expect(originOf(tryout(part))).toBe(origin));
});

it('an entry that won its race but did not answer is spare', () => {
  expect(standingOf(tryout({ understood: { source: 'product' } }), 0)).toBe('spare');
  expect(standingOf(tryout(), 0)).toBe('won');
});

it('the winner is read first, then the nearest', () => {
  const knowledge = [
    near('a', 'order_status', 0.9),
    near('b', 'far', 0.3),
    near('c', 'won', 0.7),
    near('d', 'far', 0.4),
  ];
  expect(readingOrder(tryout({ knowledge }))).toEqual([2, 0, 3, 1]);
});

describe('worth an entry', () => {
  const missed = { understood: { source: 'fallback' }, decision: { act: 'ask_intent', check: 'miss' } };
  it.each([
    ['nothing near', { ...missed, knowledge: [near('K1', 'far', 0.2)] }, true],
    ['one that would be offered', { ...missed, knowledge: [near('K1', 'offered', 0.5)] }, false],
    ['answered', {}, false],
  ])('%s', (_name, part, miss) => expect(isMiss(tryout(part))).toBe(miss));
});
