// SPDX-License-Identifier: Apache-2.0
//
// Which groups a trainer sees, in which order, and where the eye goes after one is dealt with. Pure.
import type { Group, GroupItem, Reason } from '../../api/training.ts';

export const ORDERS = ['size', 'rising', 'gain', 'newest'] as const;
export type Order = (typeof ORDERS)[number];

export interface Wanted {
  q: string;
  reason: Reason | '';
  order: Order;
}

/** A trend of how often something is asked: this week against the one before. */
export function trendOf(group: Pick<Group, 'this_week' | 'last_week'>): 'up' | 'down' | 'same' {
  if (group.this_week === group.last_week) return 'same';
  return group.this_week > group.last_week ? 'up' : 'down';
}

const RANK: Record<Order, (a: Group, b: Group) => number> = {
  size: (a, b) => b.size - a.size,
  rising: (a, b) => b.this_week - b.last_week - (a.this_week - a.last_week),
  gain: (a, b) => b.gain - a.gain,
  newest: (a, b) => b.last_at.localeCompare(a.last_at),
};

export function shownGroups(groups: readonly Group[], { q, reason, order }: Wanted): Group[] {
  const words = q.trim().toLowerCase();
  const fits = (group: Group) =>
    (reason === '' || (group.reasons[reason] ?? 0) > 0) &&
    (words === '' ||
      [group.text, ...group.examples, group.intent.name, group.entry?.question ?? ''].some((text) =>
        text.toLowerCase().includes(words),
      ));
  // The server's order (largest first) decides between equals: sort() is stable.
  return groups.filter(fits).sort(RANK[order]);
}

/** The id `by` places further, staying inside; the first when none is chosen. */
export function stepFrom(ids: readonly string[], current: string | null, by: number): string | null {
  if (ids.length === 0) return null;
  const at = current === null ? -1 : ids.indexOf(current);
  if (at < 0) return ids[0]!;
  return ids[Math.max(0, Math.min(ids.length - 1, at + by))]!;
}

/** Where to go on when `gone` leave the list: the next one below, else the one above. */
export function nextAfter(ids: readonly string[], current: string | null, gone: ReadonlySet<string>): string | null {
  const at = current === null ? -1 : ids.indexOf(current);
  if (current !== null && !gone.has(current)) return current;
  const rest = (list: readonly string[]) => list.find((id) => !gone.has(id)) ?? null;
  return rest(ids.slice(at + 1)) ?? rest(ids.slice(0, Math.max(0, at)).reverse());
}

/** With what a group is most likely dealt with: what agents said, else what the bot hears for sure. */
export function likelyIntent(group: Group): string | null {
  if (group.corrected) return group.corrected.id;
  return group.intent.sure ? group.intent.id : null;
}

/** Why texts are here, most frequent first. */
export const reasonsOf = (group: Pick<Group, 'reasons'>): [Reason, number][] =>
  (Object.entries(group.reasons) as [Reason, number][]).sort((a, b) => b[1] - a[1]);

/** The same words, however often they were said. */
export interface Said {
  text: string;
  /** Of the single texts. */
  items: string[];
  reasons: Partial<Record<Reason, number>>;
  /** Where and when it was said last. */
  last: GroupItem;
}

/** Texts of a group with equal ones together, the most frequent first. */
export function foldTexts(items: readonly GroupItem[]): Said[] {
  const byText = new Map<string, Said>();
  for (const item of items) {
    const said = byText.get(item.text) ?? { text: item.text, items: [], reasons: {}, last: item };
    said.items.push(item.id);
    said.reasons[item.reason] = (said.reasons[item.reason] ?? 0) + 1;
    if (item.at > said.last.at) said.last = item;
    byText.set(item.text, said);
  }
  return [...byText.values()].sort((a, b) => b.items.length - a.items.length);
}
