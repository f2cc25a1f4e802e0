// SPDX-License-Identifier: Apache-2.0
//
// The messages of the conversations that were opened here, as pure functions. What was sent from this screen and
// is not yet stored stands in `pending` and leaves it when the server acknowledges it or shows it.
//
// Always true: `messages` is ascending by `seq` without doubles; a `client_id` is shown once; at most
// MOST_THREADS conversations are kept, the longest unused goes first.
import type { Message, MessageKind, OrderCard, ProductCard } from '@xiaoer/protocol/wire';

export const MOST_THREADS = 20;
export const TYPING_MS = 6_000;

export type Sendable = Extract<MessageKind, 'text' | 'note' | 'order_card' | 'product_card'>;

export interface Pending {
  clientId: string;
  kind: Sendable;
  text: string;
  order?: OrderCard;
  product?: ProductCard;
  at: string;
  state: 'sending' | 'failed';
  /** Why it failed: the server's stable code and its sentence. */
  code: string;
  error: string;
}

export interface Thread {
  messages: Message[];
  pending: Pending[];
  /** Nothing older than messages[0] exists. */
  complete: boolean;
  loaded: boolean;
  buyerRead: number;
  /** The buyer's typing dots are shown until then (this screen's clock). */
  typingUntil: number;
  usedAt: number;
}

export type Threads = Record<string, Thread>;

export const newThread = (now: number): Thread => ({
  messages: [],
  pending: [],
  complete: false,
  loaded: false,
  buyerRead: 0,
  typingUntil: 0,
  usedAt: now,
});

export const lastSeq = (thread: Thread | undefined): number => thread?.messages.at(-1)?.seq ?? 0;
export const firstSeq = (thread: Thread | undefined): number => thread?.messages[0]?.seq ?? 0;

export function addMessages(thread: Thread, incoming: readonly Message[]): Thread {
  const bySeq = new Map(thread.messages.map((message) => [message.seq, message]));
  for (const message of incoming) bySeq.set(message.seq, message);
  const messages = [...bySeq.values()].sort((a, b) => a.seq - b.seq);

  const stored = new Set(incoming.map((message) => message.client_id).filter(Boolean));
  const pending = thread.pending.filter((one) => !stored.has(one.clientId));
  const spoke = incoming.some((message) => message.author.kind === 'buyer');
  return { ...thread, messages, pending, typingUntil: spoke ? 0 : thread.typingUntil };
}

/** A page read over REST. One that does not touch what is here replaces it: better short than with a hole. */
export function addHistory(thread: Thread, page: readonly Message[], complete: boolean): Thread {
  const lowest = Math.min(...page.map((message) => message.seq));
  const apart = page.length > 0 && thread.messages.length > 0 && lowest > lastSeq(thread) + 1;
  const base = apart ? { ...thread, messages: [], complete: false } : thread;
  return { ...addMessages(base, page), loaded: true, complete: base.complete || complete };
}

export function startSending(thread: Thread, pending: Pending): Thread {
  const others = thread.pending.filter((one) => one.clientId !== pending.clientId);
  return { ...thread, pending: [...others, pending] };
}

/** Stored: the bubble becomes a message at its place in the order, unless the message itself was quicker. */
export function acknowledged(thread: Thread, clientId: string, seq: number, at: string, asMessage: AsMessage): Thread {
  const sent = thread.pending.find((one) => one.clientId === clientId);
  if (!sent) return thread;
  const pending = thread.pending.filter((one) => one.clientId !== clientId);
  if (thread.messages.some((message) => message.seq === seq)) return { ...thread, pending };
  return addMessages({ ...thread, pending }, [asMessage(sent, seq, at)]);
}

export type AsMessage = (sent: Pending, seq: number, at: string) => Message;

export function refused(thread: Thread, clientId: string, code: string, error: string): Thread {
  return {
    ...thread,
    pending: thread.pending.map((one) => (one.clientId === clientId ? { ...one, state: 'failed', code, error } : one)),
  };
}

export function discarded(thread: Thread, clientId: string): Thread {
  return { ...thread, pending: thread.pending.filter((one) => one.clientId !== clientId) };
}

/** Puts a changed thread back, and forgets the longest unused ones beyond the limit. */
export function keepThread(threads: Threads, id: string, thread: Thread): Threads {
  const next = { ...threads, [id]: thread };
  const ids = Object.keys(next);
  if (ids.length <= MOST_THREADS) return next;

  const oldest = ids
    .filter((other) => other !== id && next[other]!.pending.length === 0)
    .sort((a, b) => next[a]!.usedAt - next[b]!.usedAt)[0];
  if (oldest !== undefined) delete next[oldest];
  return next;
}
