// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { tellingReasons, whyPerson } from './reasons.ts';

const reason = (kind: string, text: string) => ({ at: '2026-11-20T10:00:00Z', kind, text });
const STORED = [
  reason('turn', 'answer: sign_in'),
  reason('turn', '买家点了转人工'),
  reason('route', '小禾最空闲'),
  reason('transfer', '同事转接'),
];

it('keeps the turn that led to a person, and what followed', () =>
  expect(tellingReasons(STORED).map((one) => one.text)).toEqual(['买家点了转人工', '小禾最空闲', '同事转接']));
it('says why a person was asked for', () => expect(whyPerson(STORED)).toBe('买家点了转人工'));
it('says nothing while the bot goes on', () =>
  expect(whyPerson([reason('turn', 'answer'), reason('turn', 'answer')])).toBe(''));
