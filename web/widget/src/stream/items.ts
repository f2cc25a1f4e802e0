// SPDX-License-Identifier: Apache-2.0
//
// The list of what was said, as pure functions over an immutable array.
// Always true: within one conversation items stand in the order of `seq`; our own unsent ones stand last; one
// message is one item, whether it came from the history, the socket, or our own hand first.
import type { Choice, FormAnswer, Message } from '@xiaoer/protocol';

export type Delivery = 'sending' | 'sent' | 'failed';
export interface Item {
  key: string; // stays the same when a sent message gets its number
  message: Message;
  own: boolean;
  delivery?: Delivery; // own messages only
  why?: string; // of a failure
  preview?: string; // address of our own picture on this device, while the server's is not needed
  part?: number; // of a file that is on its way: how much has left, 0 to 1
  greeting?: boolean; // said by the screen itself at first open, not stored anywhere
}

const keyOf = (m: Message) => m.client_id ?? `${m.conversation}:${m.seq}`;
const same = (a: Item, m: Message) =>
  (!!m.client_id && a.message.client_id === m.client_id) ||
  (m.seq > 0 && a.message.seq === m.seq && a.message.conversation === m.conversation);

export function item(message: Message): Item {
  const own = message.author.kind === 'buyer';
  return { key: keyOf(message), message, own, delivery: own ? 'sent' : undefined };
}

/** A page of the history, newest first as it came, goes before everything that is there. */
export function prepend(items: Item[], page: Message[]): Item[] {
  const older = page.filter((m) => m.kind !== 'note' && !items.some((i) => same(i, m)));
  return [...older.reverse().map(item), ...items];
}

/** A message of the socket: takes the place of its own draft, or its place by number. */
export function insert(items: Item[], message: Message): Item[] {
  if (message.kind === 'note') return items;
  const at = items.findIndex((i) => same(i, message));
  if (at >= 0) {
    const old = items[at]!;
    const body = {
      ...message,
      order: message.order ?? old.message.order,
      product: message.product ?? old.message.product,
      image: message.image ?? old.message.image,
      file: message.file ?? old.message.file,
      form_answer: message.form_answer ?? old.message.form_answer,
    };
    return place(
      items.filter((_, i) => i !== at),
      { ...old, message: body, delivery: old.own ? 'sent' : undefined, why: undefined },
    );
  }
  return place(items, item(message));
}

export function acknowledge(items: Item[], client_id: string, conversation: string, seq: number, at: string): Item[] {
  const found = items.find((i) => i.message.client_id === client_id);
  if (!found) return items;
  const message = { ...found.message, conversation, seq, at };
  return place(
    items.filter((i) => i !== found),
    { ...found, message, delivery: 'sent', why: undefined },
  );
}

export function deliver(items: Item[], client_id: string, delivery: Delivery, why?: string): Item[] {
  return items.map((i) => (i.message.client_id === client_id ? { ...i, delivery, why } : i));
}

function place(items: Item[], one: Item): Item[] {
  let at = items.length;
  while (at > 0) {
    const before = items[at - 1]!;
    const unsent = before.own && before.message.seq === 0;
    const later = before.message.conversation === one.message.conversation && before.message.seq > one.message.seq;
    if (!unsent && !later) break;
    at--;
  }
  return [...items.slice(0, at), one, ...items.slice(at)];
}

/** A choice can be made once: what was chosen, when it was. Works for the history, too, where no memory is left. */
export function chosen(items: Item[], at: number): string | null {
  const { choices, conversation } = items[at]!.message;
  const labels = new Set((choices ?? []).map((c: Choice) => c.label));
  for (const later of items.slice(at + 1)) {
    if (later.message.conversation && conversation && later.message.conversation !== conversation) return null;
    if (later.own && later.message.kind === 'text' && labels.has(later.message.text)) return later.message.text;
    if (!later.own && later.message.kind === 'choices') return null;
  }
  return null;
}

/** What was filled in into the form at this place; it is asked once, so one answer is all there is. */
export function filled(items: Item[], at: number): FormAnswer | null {
  const id = items[at]!.message.form?.id;
  const answer = items.slice(at + 1).find((i) => i.own && i.delivery !== 'failed' && i.message.form_answer?.id === id);
  return answer?.message.form_answer ?? null;
}

const RATING_OPEN_MS = 24 * 3600_000;

/** The last conversation whose rating was asked for and can still be given; the server has the last word. */
export function rateable(items: Item[], now: number): string | null {
  for (let i = items.length - 1; i >= 0; i--) {
    const m = items[i]!.message;
    if (m.kind === 'rating_request') return now - new Date(m.at).getTime() < RATING_OPEN_MS ? m.conversation : null;
  }
  return null;
}

/** How far our messages were read: told by the server, or shown by an answer. */
export function readUpTo(items: Item[], conversation: string, told: number): number {
  for (let i = items.length - 1; i >= 0; i--) {
    const m = items[i]!.message;
    if (m.conversation === conversation && (m.author.kind === 'bot' || m.author.kind === 'agent'))
      return Math.max(told, m.seq);
  }
  return told;
}
