// SPDX-License-Identifier: Apache-2.0
import type { KnowledgeVersion } from '@xiaoer/protocol/wire';
import { describe, expect, it } from 'vitest';
import { changesBetween, diffTexts } from './diff.ts';

const marks = { same: '', gone: '-', new: '+' } as const;
const shown = (a: string, b: string) =>
  diffTexts(a, b)
    .map((piece) => (piece.kind === 'same' ? piece.text : `[${marks[piece.kind]}${piece.text}]`))
    .join('');

describe('two texts', () => {
  it.each([
    ['', '', ''],
    ['一样', '一样', '一样'],
    ['', '新的', '[+新的]'],
    ['满 300 减 40', '满 300 减 50', '满 300 减 [-40][+50]'],
    ['默认中通和圆通。', '默认圆通。', '默认[-中通和]圆通。'],
    ['We ship today', 'We never ship today', 'We [+never ]ship today'],
    ['发顺丰abc文', '发中通abc文', '发[-顺丰][+中通]abc文'],
  ])('“%s” and “%s”', (a, b, said) => expect(shown(a, b)).toBe(said));

  it('give both texts back', () => {
    const [a, b] = ['一二三四五 six seven', '二三 x 五 seven 八'];
    const text = (kind: 'gone' | 'new') =>
      diffTexts(a, b)
        .filter((piece) => piece.kind === 'same' || piece.kind === kind)
        .map((piece) => piece.text)
        .join('');
    expect([text('gone'), text('new')]).toEqual([a, b]);
  });

  it('too long to compare are one gone and one new', () => {
    const [a, b] = ['a b '.repeat(2000), 'c d '.repeat(2000)];
    expect(diffTexts(a, b).map((piece) => piece.kind)).toEqual(expect.arrayContaining(['gone', 'new']));
  });
});

describe('two states', () => {
  const one: KnowledgeVersion = {
    id: 'K1',
    layer: 'shop',
    question: '问',
    similar: ['甲', '乙'],
    answer: '答',
    conditions: { tag: ['vip'] },
    valid_from: null,
    valid_to: null,
    override: false,
    state: 'in_force',
    version: 1,
    changed_at: '2026-11-20T00:00:00Z',
    by: null,
  };
  it('that are the same', () =>
    expect(changesBetween(one, { ...one, conditions: { tag: ['vip'], product: [] } })).toEqual([]));
  it.each([
    ['archived', { state: 'archived' as const }, ['archived']],
    ['answer and layer', { answer: '别的', layer: 'policy' as const }, ['layer', 'answer']],
    ['days and override', { valid_to: '2026-12-01T00:00:00Z', override: true }, ['validity', 'override']],
    ['conditions', { conditions: {} }, ['conditions']],
    ['only that its days are over', { state: 'over' as const }, []],
  ])('%s', (_name, part, fields) =>
    expect(changesBetween(one, { ...one, ...part }).map((change) => change.field)).toEqual(fields),
  );
  it('of wordings tells which', () =>
    expect(changesBetween(one, { ...one, similar: ['乙', '丙'] })).toEqual([
      { field: 'similar', added: ['丙'], removed: ['甲'] },
    ]));
  it('back from the archive', () => expect(changesBetween({ ...one, state: 'archived' }, one)[0]?.field).toBe('back'));
});
