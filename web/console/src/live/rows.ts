// SPDX-License-Identifier: Apache-2.0
//
// The rows of the conversation list, as pure functions over one table. A row arrives by REST page or by live
// frame, in any order; which tab it belongs to is read from the row itself, so a conversation that changes hands
// moves between tabs without anyone saying so.
//
// Always true: a row never goes back to an older `seq`; a row is in at most one tab.
import type { Inbox, InboxItem } from '@xiaoer/protocol/wire';

export const TABS = ['mine', 'queue', 'bot', 'closed'] as const;
export type Tab = (typeof TABS)[number];
export type Counts = Inbox['counts'];
export const ORDERS = ['wait', 'newest'] as const;
export type Order = (typeof ORDERS)[number];

export interface Rows {
  byId: Record<string, InboxItem>;
  /** When this screen got the row (its own clock), to tell a stale page from a fresh frame. */
  arrivedAt: Record<string, number>;
  /** Up to where this screen has shown a conversation: an answer that was under way knows of less. */
  readTo: Record<string, number>;
  counts: Counts;
}

export const NO_ROWS: Rows = { byId: {}, arrivedAt: {}, readTo: {}, counts: { mine: 0, queue: 0, bot: 0, closed: 0 } };

export function tabOf(item: InboxItem, me: string): Tab | null {
  if (item.handler === 'agent') return item.agent?.id === me ? 'mine' : null;
  return item.handler;
}

/** One row is new or changed. */
export function putRow(rows: Rows, item: InboxItem, me: string, now: number): Rows {
  const known = rows.byId[item.id];
  if (known && known.seq > item.seq) return rows;

  const from = known ? tabOf(known, me) : null;
  const to = tabOf(item, me);
  const counts = from === to ? rows.counts : moved(rows.counts, from, to);
  return {
    ...rows,
    byId: { ...rows.byId, [item.id]: withRead(rows, item) },
    arrivedAt: { ...rows.arrivedAt, [item.id]: now },
    counts,
  };
}

const withRead = (rows: Rows, item: InboxItem): InboxItem =>
  item.unread > 0 && item.seq <= (rows.readTo[item.id] ?? 0) ? { ...item, unread: 0 } : item;

interface PageOf {
  tab: Tab;
  me: string;
  /** When the question was sent: rows that arrived later are not contradicted by the answer. */
  askedAt: number;
  now: number;
  /** The first page of a whole tab says also what is no longer there. A search or a later page doesn't. */
  whole: boolean;
  /** The conversation on screen stays, whatever the page says. */
  keep?: string;
}

export function putPage(rows: Rows, inbox: Inbox, page: PageOf): Rows {
  const listed = new Set(inbox.items.map((item) => item.id));
  const byId = { ...rows.byId };
  const arrivedAt = { ...rows.arrivedAt };

  if (page.whole) {
    for (const item of Object.values(rows.byId)) {
      const stale = (rows.arrivedAt[item.id] ?? 0) < page.askedAt;
      if (stale && tabOf(item, page.me) === page.tab && !listed.has(item.id) && item.id !== page.keep) {
        delete byId[item.id];
        delete arrivedAt[item.id];
      }
    }
  }

  for (const item of inbox.items) {
    const known = byId[item.id];
    if (known && known.seq > item.seq) continue;
    byId[item.id] = withRead(rows, item);
    arrivedAt[item.id] = page.now;
  }
  return { ...rows, byId, arrivedAt, counts: inbox.counts ?? rows.counts };
}

/** The messages of this conversation have been seen here, up to `seq`. */
export function seen(rows: Rows, id: string, seq: number): Rows {
  const readTo = { ...rows.readTo, [id]: Math.max(seq, rows.readTo[id] ?? 0) };
  const item = rows.byId[id];
  if (!item || item.unread === 0) return { ...rows, readTo };
  return { ...rows, readTo, byId: { ...rows.byId, [id]: { ...item, unread: 0 } } };
}

/** A tab's rows in the order in which they want attention. */
export function listOf(rows: Rows, tab: Tab, me: string, order: Order): InboxItem[] {
  const items = Object.values(rows.byId).filter((item) => tabOf(item, me) === tab);
  return items.sort(tab === 'closed' || order === 'newest' ? byNewest : tab === 'bot' ? byNeed : byWait);
}

function moved(counts: Counts, from: Tab | null, to: Tab | null): Counts {
  const next = { ...counts };
  if (from) next[from] = Math.max(0, next[from] - 1);
  if (to) next[to] += 1;
  return next;
}

const time = (at: string | null) => (at ? Date.parse(at) : Infinity);
const byNewest = (a: InboxItem, b: InboxItem) => time(b.last.at) - time(a.last.at) || a.id.localeCompare(b.id);
const byNeed = (a: InboxItem, b: InboxItem) => Number(b.needs_person) - Number(a.needs_person) || byNewest(a, b);

function byWait(a: InboxItem, b: InboxItem): number {
  if (a.waiting_since === null && b.waiting_since === null) return byNewest(a, b);
  return time(a.waiting_since) - time(b.waiting_since) || a.id.localeCompare(b.id);
}
