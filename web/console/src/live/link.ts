// SPDX-License-Identifier: Apache-2.0
//
// The console's end of the live socket: one connection for the window, feeding the store and, where a frame makes
// an answer of REST old, telling the query client. Screens call `say`, `watch`, `read`, `typing` and never see a
// frame.
//
// Always true: what was said is shown at once and keeps its client_id until it is stored or refused.
import type { ClientFrame, Me, OrderCard, ProductCard, ServerFrame } from '@xiaoer/protocol/wire';
import { Sock } from '@xiaoer/protocol/sock';
import { newId, post } from '../api/http.ts';
import { queryClient } from '../api/queries.ts';
import { tabOf } from './rows.ts';
import { useLive } from './store.ts';
import { lastSeq, type Pending, type Sendable } from './threads.ts';

const MOST_WATCHED = 12;
const SETTLE_MS = 700;
const TYPING_EVERY_MS = 2_500;

let sock: Sock | null = null;
let watched: string[] = [];
let wasOpen = false;
let onAssigned: (id: string) => void = () => {};
/** Conversations that this person took by hand: no alarm for those. */
const expected = new Set<string>();

export function connect(assigned: (id: string) => void): () => void {
  onAssigned = assigned;
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const mine = new Sock({
    url: `${scheme}://${location.host}/api/v1/live`,
    credentials: () => post<{ ticket: string }>('/auth/ticket'),
    onFrame: hear,
    onState: (state, attempt) => {
      if (mine !== sock) return;
      if (state === 'ready') useLive.getState().setLink('open');
      else if (attempt > 0) useLive.getState().setLink('retrying', attempt);
    },
    onRefused: (clientId, error) => useLive.getState().refuse(clientId, error.code, error.text),
  });
  sock = mine;
  for (const id of watched) mine.watch(id, lastSeq(useLive.getState().threads[id]));
  mine.start();
  return () => {
    mine.stop();
    if (sock === mine) sock = null;
  };
}

/** Don't wait for the next attempt. */
export const retryNow = () => sock?.nudge();

// ---- hearing ----------------------------------------------------------------------------------------------

function hear(frame: ServerFrame): void {
  const live = useLive.getState();
  const before = frame.type === 'inbox' ? live.rows.byId[frame.item.id] : undefined;
  live.take(frame);

  switch (frame.type) {
    case 'ready':
      if (wasOpen)
        void queryClient.invalidateQueries({ predicate: (query) => STALE_AFTER_GAP.has(String(query.queryKey[0])) });
      wasOpen = true;
      break;
    case 'me':
      queryClient.setQueryData<Me>(
        ['me'],
        (me) =>
          me && { ...me, status: frame.status, load: frame.load, cap: frame.cap, queue_length: frame.queue_length },
      );
      break;
    case 'inbox': {
      const now = tabOf(frame.item, live.me);
      const then = before ? tabOf(before, live.me) : null;
      if (now !== then) soon('counts', () => void queryClient.invalidateQueries({ queryKey: ['counts'] }));
      const asked = now === 'mine' && expected.delete(frame.item.id);
      if (now === 'mine' && then !== 'mine' && !asked) onAssigned(frame.item.id);
      if (frame.item.id === live.current && now !== then) refreshDetail(frame.item.id);
      break;
    }
    case 'message':
      // A new message of the buyer brings a new understanding and new suggestions.
      if (frame.conversation === live.current && frame.message.author.kind !== 'agent')
        refreshDetail(frame.conversation);
      break;
    case 'conversation':
      refreshDetail(frame.conversation.id);
      break;
  }
}

const STALE_AFTER_GAP = new Set(['me', 'inbox', 'counts', 'detail', 'orders']);

const timers = new Map<string, ReturnType<typeof setTimeout>>();
function soon(name: string, act: () => void): void {
  clearTimeout(timers.get(name));
  timers.set(name, setTimeout(act, SETTLE_MS));
}

function refreshDetail(id: string): void {
  soon(`detail ${id}`, () => void queryClient.invalidateQueries({ queryKey: ['detail', id] }));
}

// ---- speaking ---------------------------------------------------------------------------------------------

export interface Words {
  kind: Sendable;
  text?: string;
  order?: OrderCard;
  product?: ProductCard;
}

export function say(conversation: string, words: Words): void {
  put(conversation, {
    clientId: newId(),
    kind: words.kind,
    text: words.text ?? '',
    order: words.order,
    product: words.product,
    at: new Date(Date.now() + useLive.getState().skewMs).toISOString(),
    state: 'sending',
    code: '',
    error: '',
  });
}

export const sayAgain = (conversation: string, pending: Pending) =>
  put(conversation, { ...pending, state: 'sending', code: '', error: '' });

function put(conversation: string, pending: Pending): void {
  useLive.getState().send(conversation, pending);
  const frame: Extract<ClientFrame, { type: 'send' }> = {
    type: 'send',
    client_id: pending.clientId,
    conversation,
    kind: pending.kind,
  };
  if (pending.text !== '') frame.text = pending.text;
  if (pending.order) frame.order_id = pending.order.order_id;
  if (pending.product) frame.product_id = pending.product.product_id;
  sock?.send(frame);
}

/** Get this conversation's messages live, from the last one that is here. */
export function watch(id: string): void {
  const known = watched.includes(id);
  watched = [...watched.filter((other) => other !== id), id];
  if (!known) sock?.watch(id, lastSeq(useLive.getState().threads[id]));
  while (watched.length > MOST_WATCHED) sock?.unwatch(watched.shift()!);
}

export function read(id: string): void {
  const live = useLive.getState();
  const seq = lastSeq(live.threads[id]);
  if (seq > 0 && sock?.tell({ type: 'read', conversation: id, seq })) live.markSeen(id, seq);
}

let typedAt = 0;
export function typing(conversation: string, on: boolean): void {
  const now = Date.now();
  if (on && now - typedAt < TYPING_EVERY_MS) return;
  typedAt = on ? now : 0;
  sock?.tell({ type: 'typing', conversation, on });
}

/** The next assignment of this conversation was asked for here. Call the answer if nothing came of it. */
export function expectAssignment(id: string): () => void {
  expected.add(id);
  return () => void expected.delete(id);
}

export function forgetWatched(): void {
  watched = [];
  wasOpen = false;
  expected.clear();
}
