// SPDX-License-Identifier: Apache-2.0
//
// What each action needs to be told, and what of it is worth showing. What may be done, and at what price, is the
// server's to say; this is only the form.
import type { MayDo, Outcome, Wish } from '../../api/work.ts';

export type Field =
  | 'reason'
  | 'address'
  | 'phone'
  | 'sku'
  | 'text'
  | 'needed_text'
  | 'tax_id'
  | 'type'
  | 'sub_order'
  | 'amount'
  | 'received'
  | 'complaint';

/** In the order in which they are shown; an action that is not here has no button of its own. */
export const DEEDS: Record<string, readonly Field[]> = {
  'order.cancel': ['reason'],
  'order.change_address': ['address'],
  'order.change_phone': ['phone'],
  'order.change_sku': ['sub_order', 'sku'],
  'order.add_note': ['needed_text'],
  'order.extend_receipt': [],
  'logistics.urge': ['text'],
  'logistics.intercept': ['text'],
  'case.open': ['type', 'sub_order', 'reason', 'received', 'amount'],
  'case.modify': ['amount'],
  'case.add_waybill': ['needed_text'],
  'case.cancel': [],
  'case.reopen': [],
  'price.protect': ['sub_order'],
  'invoice.request': ['needed_text', 'tax_id'],
  'compensation.lookup': ['sub_order'],
  'complaint.open': ['sub_order', 'complaint', 'needed_text'],
  'goodwill.give': ['amount', 'text'],
};
export const REASONS = [
  'not_wanted',
  'wrong_order',
  'no_reason_7d',
  'quality_defect',
  'damaged_in_transit',
  'wrong_item',
  'missing_item',
  'not_as_described',
  'counterfeit',
  'not_received',
  'late_shipment',
  'out_of_stock',
  'empty_parcel',
  'expired_food',
  'price_dispute',
  'freight_dispute',
  'duplicate_order',
  'invoice_problem',
  'other',
] as const;
export const TYPES = ['refund_only', 'return_refund', 'exchange', 'repair', 'resend'] as const;
export const COMPLAINTS = [
  'not_shipped',
  'refuses_invoice',
  'refuses_activity',
  'harassment',
  'privacy_leak',
  'false_advertising',
  'counterfeit',
  'prohibited_goods',
  'agent_attitude',
  'bot_refuses_human',
  'carrier',
] as const;

/** A case is opened by its own button, and its steps stand in its timeline. */
const HIDDEN = new Set(['case.step', 'case.add_evidence']);

/** What can be done first, then what cannot; each in the order of DEEDS. */
export function sortDeeds(items: readonly MayDo[]): { can: MayDo[]; cannot: MayDo[] } {
  const order = Object.keys(DEEDS);
  const known = items.filter((one) => order.includes(one.action) && !HIDDEN.has(one.action));
  known.sort((a, b) => order.indexOf(a.action) - order.indexOf(b.action));
  // Where there is no case, what could be done with one is not worth a reason.
  const idle = (one: MayDo) => one.why === 'not_found' && one.action.startsWith('case.');
  return { can: known.filter((one) => one.may), cannot: known.filter((one) => !one.may && !idle(one)) };
}

type Translate = (key: string, options?: Record<string, unknown>) => string;

/** Why not, in words; a reason without any is "the rules do not allow it". */
export function whyText(of: Pick<MayDo | Outcome, 'why' | 'case_answer'>, t: Translate): string {
  const unknown = t('work.why.unknown');
  if (of.why === 'case' && of.case_answer) return t(`work.caseWhy.${of.case_answer}`, { defaultValue: unknown });
  return t(`work.why.${of.why ?? 'unknown'}`, { defaultValue: unknown });
}

export interface Filled {
  sub_order?: string;
  reason?: string;
  name?: string;
  phone?: string;
  region?: string;
  detail?: string;
  sku?: string;
  text?: string;
  tax_id?: string;
  type?: string;
  received?: 'yes' | 'no' | '';
  amount?: number | null;
}

/** A filled form as the server wants it: only what was said. */
export function wishOf(action: string, filled: Filled, more: Partial<Wish> = {}): Wish {
  const wish: Wish = { action, ...more };
  const address = { name: filled.name, phone: filled.phone, region: filled.region, detail: filled.detail };
  for (const key of ['sub_order', 'reason', 'sku', 'text', 'tax_id', 'type'] as const) {
    const said = filled[key]?.trim();
    if (said) wish[key] = said;
  }
  if (Object.values(address).some((part) => part)) {
    wish.address = Object.fromEntries(Object.entries(address).filter(([, part]) => part)) as Wish['address'];
  }
  if (filled.received === 'yes') wish.received = true;
  if (filled.received === 'no') wish.not_received = true;
  if (filled.amount) wish.amount_cents = Math.round(filled.amount * 100);
  return wish;
}

/** Arguments that a solution brings along, as the form has them. What is not known is left out. */
export function filledFrom(args: string): Filled {
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(args === '' ? '{}' : args) as Record<string, unknown>;
  } catch {
    return {};
  }
  const text = (key: string) => (typeof given[key] === 'string' ? (given[key] as string) : undefined);
  const received = given.says_received === true || given.received === true;
  const missing = given.says_not_received === true || given.not_received === true;
  return {
    type: text('type'),
    reason: text('reason'),
    text: text('text'),
    received: received ? 'yes' : missing ? 'no' : undefined,
    amount: typeof given.amount_cents === 'number' ? given.amount_cents / 100 : undefined,
  };
}
