// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { MayDo } from '../../api/work.ts';
import { filledFrom, sortDeeds, whyText, wishOf } from './deed.ts';

const may = (action: string, yes: boolean): MayDo => ({
  action,
  may: yes,
  confirm: true,
  answer: yes ? 'needs_confirm' : 'refused',
  why: yes ? null : 'shipped',
  case_answer: null,
  slot: null,
  ticket: '',
  due_at: null,
  amount_cents: 0,
});

describe('buttons of an order', () => {
  it('what can be done stands before what cannot, in one order', () => {
    const { can, cannot } = sortDeeds([
      may('goodwill.give', true),
      may('order.change_address', false),
      may('order.cancel', true),
      may('case.step', true),
      may('something.new', true),
    ]);
    expect(can.map((one) => one.action)).toEqual(['order.cancel', 'goodwill.give']);
    expect(cannot.map((one) => one.action)).toEqual(['order.change_address']);
  });
  it.each([
    [{ why: 'shipped', case_answer: null }, 'work.why.shipped'],
    [{ why: 'case', case_answer: 'too_late' }, 'work.caseWhy.too_late'],
    [{ why: null, case_answer: null }, 'work.why.unknown'],
  ])('a reason has its words: %o', (of, key) => expect(whyText(of, (name) => name)).toBe(key));
});

describe('a filled form', () => {
  it.each([
    ['nothing said', 'order.cancel', {}, { action: 'order.cancel' }],
    ['blanks are nothing', 'order.add_note', { text: '  ' }, { action: 'order.add_note' }],
    ['money in minor units', 'goodwill.give', { amount: 9.99 }, { action: 'goodwill.give', amount_cents: 999 }],
    ['0.1 + 0.2', 'goodwill.give', { amount: 0.1 + 0.2 }, { action: 'goodwill.give', amount_cents: 30 }],
    [
      'a phone alone',
      'order.change_phone',
      { phone: '138' },
      { action: 'order.change_phone', address: { phone: '138' } },
    ],
    ['has it', 'case.open', { received: 'yes' as const }, { action: 'case.open', received: true }],
    ['has it not', 'case.open', { received: 'no' as const }, { action: 'case.open', not_received: true }],
  ])('%s', (_name, action, filled, wish) => expect(wishOf(action, filled)).toEqual(wish));
});

describe('what a solution brings along', () => {
  it.each([
    ['', {}],
    ['no json', {}],
    [
      '{"type":"resend","reason":"missing_item","says_received":true}',
      { type: 'resend', reason: 'missing_item', received: 'yes' },
    ],
    ['{"amount_cents":500}', { amount: 5 }],
    ['{"type":7}', {}],
  ])('%s', (args, want) => expect(filledFrom(args)).toEqual(want));
});
