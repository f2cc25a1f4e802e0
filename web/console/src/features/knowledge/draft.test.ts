// SPDX-License-Identifier: Apache-2.0
import type { KnowledgeText } from '@xiaoer/protocol/wire';
import { describe, expect, it } from 'vitest';
import {
  BLANK,
  draftOf,
  entryOf,
  isChanged,
  leadWith,
  linesOf,
  problemsOf,
  rewordSimilar,
  withCondition,
  withSimilar,
  withoutSimilar,
  type Draft,
} from './draft.ts';

const ZONE = 'Asia/Shanghai';
const stored: KnowledgeText = {
  layer: 'shop',
  question: '发什么快递',
  similar: ['用哪家快递', '寄什么'],
  answer: '默认中通。',
  conditions: { order_status: ['paid'] },
  valid_from: '2026-11-20T19:16:28.479Z',
  valid_to: null,
  override: true,
};
const draft = (part: Partial<Draft> = {}): Draft => ({ ...draftOf(stored, ZONE), ...part });

describe('there and back', () => {
  it('an untouched entry is saved as it was, to the millisecond', () =>
    expect(entryOf(draft(), ZONE, stored)).toEqual(stored));
  it('the shop’s wall clock is shown', () => expect(draft().from).toBe('2026-11-21 03:16'));
  it('a changed time is a whole minute', () =>
    expect(entryOf(draft({ from: '2026-11-21 04:00' }), ZONE, stored).valid_from).toBe('2026-11-20T20:00:00.000Z'));
  it('“always” forgets the days', () =>
    expect(entryOf(draft({ timed: false }), ZONE, stored)).toMatchObject({ valid_from: null, valid_to: null }));
  it('texts are trimmed, empty conditions dropped, override is the shop’s only', () =>
    expect(
      entryOf(
        { ...BLANK, layer: 'policy', override: true, question: ' a ', answer: ' b\n', conditions: { tag: [] } },
        ZONE,
      ),
    ).toMatchObject({ question: 'a', answer: 'b', conditions: {}, override: false }));
});

describe('changed', () => {
  it.each([
    ['nothing', {}, false],
    ['a space at the end', { answer: '默认中通。 ' }, false],
    ['the same time, written otherwise', { from: '2026/11/21 3:16' }, false],
    ['an empty condition added', { conditions: { order_status: ['paid'], tag: [] } }, false],
    ['the answer', { answer: '默认圆通。' }, true],
    ['the days', { to: '2026-12-01 00:00' }, true],
    ['days that do not count', { timed: false }, true],
    ['a wording less', { similar: ['寄什么'] }, true],
  ] as const)('%s: %s', (_name, part, changed) =>
    expect(isChanged(draft(part as Partial<Draft>), draft())).toBe(changed),
  );
});

describe('similar questions', () => {
  it('come as lines, with or without list marks', () =>
    expect(linesOf('- 一\n  2. 二\r\n\n• 三\n1号单到了吗')).toEqual(['一', '二', '三', '1号单到了吗']));
  it('are added once, and not as the question itself', () =>
    expect(withSimilar(draft(), ['发什么快递', '顺丰吗', '寄什么', '顺丰吗']).similar).toEqual([
      '用哪家快递',
      '寄什么',
      '顺丰吗',
    ]));
  it('the draft is the same when nothing is new', () => {
    const before = draft();
    expect(withSimilar(before, ['寄什么'])).toBe(before);
  });
  it('can be reworded in their place', () =>
    expect(rewordSimilar(draft(), '用哪家快递', ' 哪家快递 ').similar).toEqual(['哪家快递', '寄什么']));
  it.each(['', '寄什么', '发什么快递'])('a rewording to “%s” takes it out', (text) =>
    expect(rewordSimilar(draft(), '用哪家快递', text).similar).toEqual(['寄什么']),
  );
  it('can be taken out', () => expect(withoutSimilar(draft(), '寄什么').similar).toEqual(['用哪家快递']));
  it('can become the question, which becomes one of them', () =>
    expect(leadWith(draft(), '寄什么')).toMatchObject({ question: '寄什么', similar: ['发什么快递', '用哪家快递'] }));
  it('lead an empty question', () =>
    expect(leadWith(draft({ question: ' ' }), '寄什么')).toMatchObject({
      question: '寄什么',
      similar: ['用哪家快递'],
    }));
});

it('conditions are set, cleaned and dropped', () => {
  expect(withCondition(BLANK, 'tag', [' vip ', 'vip', '']).conditions).toEqual({ tag: ['vip'] });
  expect(withCondition(draft(), 'order_status', undefined).conditions).toEqual({});
});

describe('what is wrong', () => {
  it.each([
    ['nothing', {}, []],
    ['no question, no answer', { question: ' ', answer: '' }, ['questionMissing', 'answerMissing']],
    ['letters are counted as people do', { answer: '😀'.repeat(5000) }, []],
    ['a long answer', { answer: 'x'.repeat(5001) }, ['answerLong']],
    ['a long wording', { similar: ['x'.repeat(501)] }, ['similarLong']],
    ['many wordings', { similar: Array.from({ length: 501 }, (_, n) => `${n}`) }, ['similarMany']],
    ['many values', { conditions: { tag: Array.from({ length: 201 }, (_, n) => `${n}`) } }, ['valuesMany']],
    ['days without days', { from: '' }, ['daysMissing']],
    ['days that are none', { from: '明天' }, ['daysUnread']],
    ['days turned round', { to: '2026-11-20 00:00' }, ['daysTurned']],
    ['days that do not count are not looked at', { timed: false, from: '明天' }, []],
  ] as const)('%s', (_name, part, problems) => expect(problemsOf(draft(part as Partial<Draft>))).toEqual(problems));
});
