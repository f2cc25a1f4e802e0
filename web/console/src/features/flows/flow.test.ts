// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { FlowDoc } from '../../api/flows.ts';
import { kindOf, textKeyOf, textKeys, unknownPlaceholders, withCondition, withStep, withText } from './flow.ts';

const doc: FlowDoc = {
  id: 'order_cancel',
  intents: ['order_cancel'],
  steps: [{ need: 'order' }, { confirm: 'flow.cancel.confirm', if: { status: ['paid'] } }, { act: 'order.cancel' }],
  on: { 'refused.shipped': [{ say: 'flow.cancel.shipped' }, { offer: ['return_apply'] }] },
};

describe('steps', () => {
  it.each([
    [{ need: 'order' }, 'need', 'flow.ask.order'],
    [{ need: 'type', is: 'resend' }, 'need', null],
    [{ say: 'flow.a.b' }, 'say', 'flow.a.b'],
    [{ say: 'case' }, 'say', null],
    [{ confirm: 'flow.a.c' }, 'confirm', 'flow.a.c'],
    [{ act: 'order.cancel' }, 'act', null],
    [{ hand_over: 'aftersale', urgent: true }, 'hand_over', null],
  ])('%o', (step, kind, key) => {
    expect(kindOf(step)).toBe(kind);
    expect(textKeyOf(step)).toBe(key);
  });
  it('name their texts once, main way first', () =>
    expect(textKeys(doc)).toEqual(['flow.ask.order', 'flow.cancel.confirm', 'flow.cancel.shipped']));
  it('change where they stand and nowhere else', () => {
    const next = withStep(doc, { branch: 'refused.shipped', at: 1 }, { offer: ['x'] });
    expect(next.on!['refused.shipped']![1]).toEqual({ offer: ['x'] });
    expect(doc.on!['refused.shipped']![1]).toEqual({ offer: ['return_apply'] });
    expect(next.steps).toBe(doc.steps);
  });
});

describe('conditions', () => {
  it.each([
    ['named', { status: ['paid'] }, { say: 'a', if: { status: ['paid'] } }],
    ['emptied', { status: [] }, { say: 'a' }],
    ['one of two emptied', { status: [], has: ['case'] }, { say: 'a', if: { has: ['case'] } }],
  ])('%s', (_name, condition, want) =>
    expect(withCondition({ say: 'a', if: { status: ['unpaid'] } }, condition)).toEqual(want),
  );
});

describe('texts of one’s own', () => {
  it('are kept by language', () =>
    expect(withText(doc, 'en', 'flow.a', 'Hello', 'Hi').texts).toEqual({ en: { 'flow.a': 'Hello' } }));
  it.each([
    ['as it ships', 'Hi'],
    ['nothing', ' '],
  ])('%s is none', (_name, text) => {
    const own = withText(doc, 'en', 'flow.a', 'Hello', 'Hi');
    expect(withText(own, 'en', 'flow.a', text, 'Hi')).toEqual(doc);
  });
  it.each([
    ['Order {order}', 'Order {order}, {amount}', []],
    ['{order} {orders}', '{order}', ['orders']],
    ['no value', '{order}', []],
  ])('%s', (text, original, want) => expect(unknownPlaceholders(text, original)).toEqual(want));
});
