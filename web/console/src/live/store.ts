// SPDX-License-Identifier: Apache-2.0
//
// What the live socket has told this window: list rows, messages of opened conversations, the link's state.
// Frames come in through `take`; screens read with selectors. All arithmetic is in rows.ts and threads.ts.
//
// Always true: nothing here is the only copy of anything but `pending`; all else can be asked for again.
import type { Inbox, InboxItem, Message, ServerFrame } from '@xiaoer/protocol/wire';
import { create } from 'zustand';
import { NO_ROWS, putPage, putRow, seen, tabOf, type Rows, type Tab } from './rows.ts';
import {
  TYPING_MS,
  acknowledged,
  addHistory,
  addMessages,
  discarded,
  keepThread,
  newThread,
  refused,
  startSending,
  type Pending,
  type Thread,
  type Threads,
} from './threads.ts';

export type Link = 'starting' | 'open' | 'retrying' | 'elsewhere';

interface LiveState {
  me: string;
  alias: string;
  link: Link;
  /** Which attempt to come back this is, 0 while connected. */
  attempt: number;
  /** Server's clock minus this machine's, in milliseconds. */
  skewMs: number;
  rows: Rows;
  threads: Threads;
  /** The conversation on screen. */
  current: string | null;

  signIn(me: string, alias: string): void;
  setLink(link: Link, attempt?: number): void;
  setCurrent(id: string | null): void;
  take(frame: ServerFrame): void;
  putRow(item: InboxItem): void;
  putInbox(inbox: Inbox, tab: Tab, askedAt: number, whole: boolean): void;
  putHistory(id: string, page: readonly Message[], complete: boolean): void;
  send(id: string, pending: Pending): void;
  refuse(clientId: string, code: string, error: string): void;
  discard(id: string, clientId: string): void;
  markSeen(id: string, seq: number): void;
  clear(): void;
}

const EMPTY = {
  me: '',
  alias: '',
  link: 'starting' as Link,
  attempt: 0,
  skewMs: 0,
  rows: NO_ROWS,
  threads: {} as Threads,
  current: null,
};

export const useLive = create<LiveState>()((set, getState) => {
  const change = (id: string, edit: (thread: Thread) => Thread) =>
    set((state) => {
      const before = state.threads[id] ?? newThread(Date.now());
      const after = edit(before);
      return after === before ? state : { threads: keepThread(state.threads, id, after) };
    });

  /** As `change`, but a conversation that nobody opened here stays unknown. */
  const changeKnown = (id: string, edit: (thread: Thread) => Thread) => {
    if (getState().threads[id]) change(id, edit);
  };

  const holderOf = (clientId: string) =>
    Object.entries(getState().threads).find(([, thread]) => thread.pending.some((one) => one.clientId === clientId));

  return {
    ...EMPTY,

    signIn: (me, alias) => set({ me, alias }),
    setLink: (link, attempt = 0) => set({ link, attempt }),
    setCurrent: (id) => {
      set({ current: id });
      if (id) change(id, (thread) => ({ ...thread, usedAt: Date.now() }));
    },

    take: (frame) => {
      switch (frame.type) {
        case 'ready':
          set({ skewMs: Date.parse(frame.at) - Date.now() || 0 });
          break;
        case 'message':
          changeKnown(frame.conversation, (thread) => addMessages(thread, [frame.message]));
          break;
        case 'ack': {
          const { me, alias } = getState();
          changeKnown(frame.conversation, (thread) =>
            acknowledged(thread, frame.client_id, frame.seq, frame.at, (sent, seq, at) => ({
              seq,
              at,
              kind: sent.kind,
              text: sent.text,
              client_id: sent.clientId,
              author: { kind: 'agent', id: me, name: alias },
              order: sent.order,
              product: sent.product,
              conversation: frame.conversation,
            })),
          );
          break;
        }
        case 'inbox':
          getState().putRow(frame.item);
          break;
        case 'conversation': {
          const { id, handler, closed_at } = frame.conversation;
          const row = getState().rows.byId[id];
          // The buyer's view has no agent id; the `inbox` frame that follows says whose it is.
          if (row && (handler === 'closed' || handler === 'bot')) {
            getState().putRow({ ...row, handler, closed_at, seq: Math.max(row.seq, frame.seq), agent: null });
          }
          break;
        }
        case 'typing':
          if (frame.author === 'buyer') {
            changeKnown(frame.conversation, (thread) => ({
              ...thread,
              typingUntil: frame.on ? Date.now() + TYPING_MS : 0,
            }));
          }
          break;
        case 'read':
          if (frame.reader === 'buyer') {
            changeKnown(frame.conversation, (thread) => ({
              ...thread,
              buyerRead: Math.max(thread.buyerRead, frame.seq),
            }));
          }
          break;
        case 'error':
          if (frame.client_id) getState().refuse(frame.client_id, frame.code, frame.text);
          break;
        case 'me':
        case 'reconnect':
        case 'pong':
          break;
      }
    },

    putRow: (item) => set((state) => ({ rows: putRow(state.rows, item, state.me, Date.now()) })),
    putInbox: (inbox, tab, askedAt, whole) =>
      set((state) => ({
        rows: putPage(state.rows, inbox, {
          tab,
          me: state.me,
          askedAt,
          now: Date.now(),
          whole,
          keep: state.current ?? undefined,
        }),
      })),
    putHistory: (id, page, complete) => change(id, (thread) => addHistory(thread, page, complete)),
    send: (id, pending) => change(id, (thread) => startSending(thread, pending)),
    refuse: (clientId, code, error) => {
      const holder = holderOf(clientId);
      if (holder) change(holder[0], (thread) => refused(thread, clientId, code, error));
    },
    discard: (id, clientId) => changeKnown(id, (thread) => discarded(thread, clientId)),
    markSeen: (id, seq) => set((state) => ({ rows: seen(state.rows, id, seq) })),
    clear: () => set(EMPTY),
  };
});

/** How many of the buyer messages in this agent's conversations nobody has read. */
export function unreadOf(rows: Rows, me: string): number {
  let total = 0;
  for (const item of Object.values(rows.byId)) if (tabOf(item, me) === 'mine') total += item.unread;
  return total;
}
