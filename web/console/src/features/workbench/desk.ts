// SPDX-License-Identifier: Apache-2.0
//
// What lies open on the desk of this window: the tab, the search, a dialog, the pane or page on show. Nothing of
// it is worth keeping; choices that are live in app/preferences.ts.
import { create } from 'zustand';
import type { Tab } from '../../live/rows.ts';

export type Dialog =
  'transfer' | 'resolve' | 'commands' | 'help' | 'correct' | 'invite' | 'agreement' | 'workorder' | null;
export type Page = 'list' | 'chat' | 'info';
export type AsideTab = 'assist' | 'orders' | 'products' | 'history';

export const ANY = '*';

/** A buyer's message whose intent is to be set right. */
export interface Misheard {
  conversation: string;
  seq: number;
  text: string;
  /** As the bot heard it; empty when that is not known here. */
  intent: string;
}

/** A work order that is about to be written. */
export interface Task {
  team: string;
  order: string;
  text: string;
}
export const NO_TASK: Task = { team: '', order: '', text: '' };

interface Desk {
  tab: Tab;
  q: string;
  dialog: Dialog;
  /** What the dialog `correct` is about. */
  misheard: Misheard | null;
  /** What the dialogs `agreement` and `workorder` begin with. */
  wish: string;
  task: Task;
  /** After resolving, go on to the next conversation. */
  thenNext: boolean;
  /** The page on a narrow window. */
  page: Page;
  asideTab: AsideTab;
  /** The drawer that holds the right pane on a medium window. */
  drawer: boolean;
  /** The window has once chosen its tab by the conversation it was opened with. */
  placed: boolean;
  /** The composer of this conversation (or ANY) is asked to take the focus, also if it is only about to appear. */
  focusWanted: string | null;
  /** The composer is asked for its canned replies, likewise. */
  cannedWanted: boolean;
  set(change: Partial<Omit<Desk, 'set' | 'focus' | 'close' | 'canned'>>): void;
  focus(id?: string): void;
  /** Closes the dialog; whoever writes goes on writing. */
  close(): void;
  canned(): void;
}

export const useDesk = create<Desk>()((set) => ({
  tab: 'mine',
  q: '',
  dialog: null,
  misheard: null,
  wish: '',
  task: NO_TASK,
  thenNext: false,
  page: 'list',
  asideTab: 'assist',
  drawer: false,
  placed: false,
  focusWanted: null,
  cannedWanted: false,
  set: (change) => set(change),
  close: () => set({ dialog: null, misheard: null, thenNext: false, focusWanted: ANY }),
  focus: (id = ANY) => set({ focusWanted: id }),
  canned: () => set({ cannedWanted: true }),
}));
