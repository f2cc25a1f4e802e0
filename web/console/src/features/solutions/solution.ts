// SPDX-License-Identifier: Apache-2.0
//
// Conditions of a solution as people read and choose them.
import type { SolutionRow } from '../../api/solutions.ts';

export const STATUSES = ['none', 'unpaid', 'paid', 'shipped', 'delivered', 'finished', 'closed'] as const;
export const EMOTIONS = ['angry', 'anxious', 'sad', 'neutral', 'happy'] as const;
export const CASES = [
  'none',
  'open',
  'wait_seller_unshipped',
  'wait_seller_shipped',
  'wait_seller_received',
  'wait_seller_return',
  'wait_return',
  'returning',
  'return_signed',
  'refused',
  'refused_returned',
  'ex_wait_seller',
  'ex_wait_seller_receive',
  'ex_wait_seller_resend',
  'rp_wait_seller',
  'rp_buyer_sent',
  'rp_repairing',
  'rs_wait_seller',
  'cp_wait_target',
  'cp_platform',
] as const;
export const ACTIONS = [
  'order.cancel',
  'order.change_address',
  'order.change_phone',
  'order.change_sku',
  'order.add_note',
  'order.extend_receipt',
  'logistics.urge',
  'logistics.intercept',
  'case.open',
  'case.cancel',
  'case.modify',
  'case.reopen',
  'price.protect',
  'invoice.request',
  'compensation.lookup',
  'complaint.open',
  'goodwill.give',
] as const;
export const CASE_DEEDS = [
  'agree',
  'agree_no_return',
  'agree_return',
  'refuse',
  'received',
  'resent',
  'ask_evidence',
] as const;
export { TEAMS } from '../../api/workorders.ts';
/** What words may be filled in with. */
export const VALUES = ['order', 'status', 'carrier', 'phone', 'tracking_no', 'trace', 'case', 'deadline'] as const;

export const BLANK: SolutionRow = {
  id: '',
  intents: '',
  statuses: '',
  cases: '',
  emotions: '',
  kind: 'reply',
  what: '',
  args: '{}',
  policy: '',
  weight: 50,
  title: '',
  why: '',
  text: '',
  off: false,
  own: false,
  version: 0,
  used: 0,
  used_first: 0,
};

export const split = (list: string): string[] => (list === '' ? [] : list.split('|'));
export const join = (names: readonly string[]): string => names.join('|');

type Translate = (key: string, options?: Record<string, unknown>) => string;

/** Each condition in words; none: one that says so. */
export function conditionsOf(
  row: Pick<SolutionRow, 'intents' | 'statuses' | 'cases' | 'emotions'>,
  intentName: (id: string) => string,
  t: Translate,
): string[] {
  const or = t('solutions.or');
  const texts = [
    split(row.intents).map(intentName).join(or),
    split(row.statuses)
      .map((status) => t(`solutions.status.${status}`, { defaultValue: status }))
      .join(or),
    split(row.cases)
      .map((state) =>
        t(`solutions.case.${state}`, { defaultValue: t(`cases.state.${state}`, { defaultValue: state }) }),
      )
      .join(or),
    split(row.emotions)
      .map((emotion) => t(`emotion.${emotion}`, { defaultValue: emotion }))
      .join(or),
  ].filter((text) => text !== '');
  return texts.length > 0 ? texts : [t('solutions.always')];
}

/** A new id made of a title's Latin letters, else of the time: short, and unlike those there are. */
export function newSolutionId(title: string, taken: readonly string[], now: number): string {
  const base =
    title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 30) || `own_${now.toString(36)}`;
  let id = base;
  for (let nth = 2; taken.includes(id); nth++) id = `${base}_${nth}`;
  return id;
}
