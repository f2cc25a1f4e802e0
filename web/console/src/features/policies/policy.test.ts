// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { PolicyVersion } from '../../api/policies.ts';
import {
  badValue,
  groupOf,
  isMoney,
  isShortNotice,
  isTooSoon,
  offList,
  rulesOf,
  tomorrow,
  valueText,
} from './policy.ts';

const version = (part: Partial<PolicyVersion>): PolicyVersion => ({
  key: 'a.b',
  value: '24h',
  kind: 'duration',
  scope: 'platform',
  owner: 'shipped',
  from: '2020-01-01T00:00:00Z',
  to: null,
  in_force: true,
  meaning: 'm',
  source: 's',
  mark: 'D',
  ...part,
});
const t = (key: string, options?: Record<string, unknown>) =>
  `${key}${options?.count === undefined ? '' : `:${options.count}`}`;
const writing = {
  money: (cents: number) => `¥${cents / 100}`,
  unit: (count: number, unit: string) => `${count} ${unit}`,
};

describe('rules', () => {
  it('have their versions newest first, and the shop’s own holds', () => {
    const [rule] = rulesOf([
      version({ value: '24h' }),
      version({ value: '48h', owner: 'shop', scope: 'shop', from: '2026-01-01T00:00:00Z' }),
      version({ value: '12h', owner: 'shop', scope: 'shop', from: '2030-01-01T00:00:00Z', in_force: false }),
      version({ value: '3d', scope: 'category:虚拟', from: '2027-01-01T00:00:00Z' }),
    ]);
    expect(rule!.versions.map((one) => one.value)).toEqual(['12h', '3d', '48h', '24h']);
    expect(rule!.now!.value).toBe('48h');
  });
  it('without a general version have none that holds', () =>
    expect(rulesOf([version({ scope: 'category:虚拟' })])[0]!.now).toBeNull());
  it.each([
    ['refund.shipped.seller', 'refund'],
    ['refund_only.platform_forced', 'refund'],
    ['agreement.answer', 'action'],
    ['something.new', 'other'],
  ])('%s stands with %s', (key, group) => expect(groupOf(key)).toBe(group));
});

describe('values in words', () => {
  it.each([
    ['72h', 'duration', 'a.b', '72 hour'],
    ['4wd', 'workdays', 'a.b', 'policies.workdays:4'],
    ['on', 'switch', 'a.b', 'policies.on'],
    ['5%', 'rate', 'a.b', '5%'],
    ['5000', 'number', 'approve.agent', '¥50'],
    ['3', 'number', 'case.open_max', '3'],
    ['["a","b"]', 'json', 'a.b', 'a、b'],
    ['[]', 'json', 'a.b', 'policies.emptyList'],
    ['{"a":1}', 'json', 'a.b', 'policies.entries:1'],
  ] as const)('%s', (value, kind, key, want) => expect(valueText(value, kind, key, writing, t)).toBe(want));
  it.each([
    ['ship.late.max', true],
    ['return.freight_cents', true],
    ['agreement.amount_agent', true],
    ['agreement.term_max', false],
    ['price_protect.max', false],
    ['dp.jury_quorum', false],
  ])('%s is money: %s', (key, want) => expect(isMoney(key)).toBe(want));
  it.each([
    ['24h', 'duration', null],
    ['24', 'duration', 'policies.bad.term'],
    ['-1h', 'duration', 'policies.bad.term'],
    ['4wd', 'duration', null],
    ['5.25%', 'rate', null],
    ['5', 'rate', 'policies.bad.rate'],
    ['1e3', 'number', 'policies.bad.number'],
    ['on', 'switch', null],
    ['yes', 'switch', 'policies.bad.switch'],
    ['{', 'json', 'policies.bad.json'],
  ] as const)('%s as %s', (value, kind, want) => expect(badValue(value, kind)).toBe(want));
});

describe('the start of a version', () => {
  const now = new Date(2026, 10, 22, 15, 30);
  it('is tomorrow at the earliest', () => {
    expect(tomorrow(now)).toBe('2026-11-23T00:00');
    expect(tomorrow(new Date(2026, 11, 31, 1))).toBe('2027-01-01T00:00');
    expect(isTooSoon('2026-11-22T23:59', now)).toBe(true);
    expect(isTooSoon('2026-11-23T00:00', now)).toBe(false);
  });
  it('is short notice within seven days', () => {
    expect(isShortNotice('2026-11-29T15:29', now)).toBe(true);
    expect(isShortNotice('2026-11-29T15:30', now)).toBe(false);
  });
});

describe('what is switched off', () => {
  it.each([
    ['[]', []],
    ['["goodwill.give","order.cancel"]', ['goodwill.give', 'order.cancel']],
    ['{"goodwill.give":true,"order.cancel":false,"case.open":"on"}', ['goodwill.give', 'case.open']],
    ['nonsense', []],
  ])('%s', (value, want) => expect(offList(value)).toEqual(want));
});
