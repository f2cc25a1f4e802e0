// SPDX-License-Identifier: Apache-2.0
//
// Dated rules for people: which stand together, which version of one holds, what a value says in words, and how what is
// typed becomes a value.
import type { PolicyKind, PolicyVersion } from '../../api/policies.ts';

/** In the order of the page. The longest prefix that fits decides. */
export const GROUPS = [
  ['order', ['order.']],
  ['refund', ['refund.', 'refund_only.', 'pay.']],
  ['return', ['return.', 'nr7.']],
  ['exchange', ['ex.', 'rp.', 'rs.']],
  ['case', ['case.']],
  ['dispute', ['dp.', 'cp.']],
  ['shipping', ['ship.', 'arrive.', 'logistics.']],
  ['money', ['price_protect.', 'insure.', 'goodwill.', 'approve.', 'punish.']],
  ['action', ['action.', 'work_order.', 'agreement.']],
  ['telling', ['notice.', 'care.', 'outbox.', 'talk.']],
] as const;
export type GroupName = (typeof GROUPS)[number][0] | 'other';

export function groupOf(key: string): GroupName {
  return GROUPS.find(([, prefixes]) => prefixes.some((prefix) => key.startsWith(prefix)))?.[0] ?? 'other';
}

export interface Rule {
  key: string;
  meaning: string;
  kind: PolicyKind | null;
  /** The general version that holds now: the shop's before the platform's before what ships. */
  now: PolicyVersion | null;
  versions: PolicyVersion[];
}

const RANK = { shop: 2, platform: 1, shipped: 0 } as const;
const isGeneral = (version: PolicyVersion) => version.scope === 'shop' || version.scope === 'platform';

/** One rule a key, its versions newest first. */
export function rulesOf(versions: readonly PolicyVersion[]): Rule[] {
  const byKey = new Map<string, PolicyVersion[]>();
  for (const version of versions) byKey.set(version.key, [...(byKey.get(version.key) ?? []), version]);
  return [...byKey.entries()].map(([key, list]) => {
    const sorted = [...list].sort((a, b) => Date.parse(b.from) - Date.parse(a.from) || RANK[b.owner] - RANK[a.owner]);
    const holding = sorted
      .filter((one) => one.in_force && isGeneral(one))
      .sort((a, b) => Number(b.scope === 'shop') - Number(a.scope === 'shop') || RANK[b.owner] - RANK[a.owner])[0];
    const shown = holding ?? sorted[0]!;
    return { key, meaning: shown.meaning, kind: shown.kind, now: holding ?? null, versions: sorted };
  });
}

type Translate = (key: string, options?: Record<string, unknown>) => string;

const UNITS: Record<string, string> = { s: 'second', m: 'minute', h: 'hour', d: 'day' };

/** How this screen's language writes money and "10 days". */
export interface Writing {
  money(cents: number): string;
  unit(count: number, unit: string): string;
}

/** "72h" is 72 hours; "5%" 5 %; "5000" of money is the amount; "on" is on. */
export function valueText(
  value: string,
  kind: PolicyKind | null,
  key: string,
  { money, unit }: Writing,
  t: Translate,
): string {
  if (kind === 'switch') return t(value === 'on' ? 'policies.on' : 'policies.off');
  const term = /^(\d+)(s|m|h|d|wd)$/.exec(value);
  if (term?.[2] === 'wd') return t('policies.workdays', { count: Number(term[1]) });
  if (term) return unit(Number(term[1]), UNITS[term[2]!]!);
  if (kind === 'number' && isMoney(key)) return money(Number(value));
  if (kind === 'json') return jsonText(value, t);
  return value;
}

/** Keys of amounts: their numbers are minor units. */
export const isMoney = (key: string): boolean =>
  /(_cents|\.amount_\w+|^approve\.\w+|^goodwill\.\w+|\.(min|max))$/.test(key) &&
  !/(evidence_max|reopen_max|open_max|more_max|appeal_max|extend_max|repair_max|price_protect\.max|term_max)$/.test(
    key,
  );

function jsonText(value: string, t: Translate): string {
  try {
    const parsed: unknown = JSON.parse(value);
    if (Array.isArray(parsed)) return parsed.length === 0 ? t('policies.emptyList') : parsed.join('、');
    return t('policies.entries', { count: Object.keys(parsed as object).length });
  } catch {
    return value;
  }
}

/** What is wrong with a value of that kind, as a key; null: nothing. */
export function badValue(value: string, kind: PolicyKind | null): string | null {
  switch (kind) {
    case 'duration':
    case 'workdays':
      return /^\d+(s|m|h|d|wd)$/.test(value) ? null : 'policies.bad.term';
    case 'rate':
      return /^\d+(\.\d{1,2})?%$/.test(value) ? null : 'policies.bad.rate';
    case 'number':
      return /^\d+$/.test(value) ? null : 'policies.bad.number';
    case 'switch':
      return value === 'on' || value === 'off' ? null : 'policies.bad.switch';
    case 'json':
      try {
        JSON.parse(value);
        return null;
      } catch {
        return 'policies.bad.json';
      }
    case null:
      return null;
  }
}

/** Rule changes are published so long before (E-Commerce Law). */
export const PUBLISHED_DAYS = 7;
const DAY_MS = 86_400_000;

/** The start of tomorrow in the reader's own zone, as a field of date and time has it. */
export function tomorrow(now: Date): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T00:00`;
}
export const isTooSoon = (from: string, now: Date): boolean =>
  new Date(from).getTime() < new Date(tomorrow(now)).getTime();
export const isShortNotice = (from: string, now: Date): boolean =>
  new Date(from).getTime() - now.getTime() < PUBLISHED_DAYS * DAY_MS;

/** Names in the value of `action.off`, a list or an object of switches. */
export function offList(value: string): string[] {
  try {
    const parsed: unknown = JSON.parse(value);
    if (Array.isArray(parsed)) return parsed.filter((one): one is string => typeof one === 'string');
    return Object.entries(parsed as Record<string, unknown>)
      .filter(([, on]) => on === true || on === 'on')
      .map(([name]) => name);
  } catch {
    return [];
  }
}
