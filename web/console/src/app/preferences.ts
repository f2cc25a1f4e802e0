// SPDX-License-Identifier: Apache-2.0
//
// What an agent has chosen about this window: language, send key, sounds, shortcuts, widths, order of the list;
// and the drafts of unsent replies, one a conversation. Kept in this browser only.
//
// Always true: drafts are gone after sign-out, because they are about a buyer; choices stay.
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Order } from '../live/rows.ts';

export type Language = 'zh-CN' | 'en';
export type Mode = 'reply' | 'note';
export interface Draft {
  mode: Mode;
  text: string;
}

interface Preferences {
  language: Language;
  /** Which key sends; the other one makes a new line. */
  sendKey: 'enter' | 'ctrl-enter';
  shortcuts: boolean;
  sound: boolean;
  notifications: boolean;
  order: Order;
  listWidth: number;
  asideWidth: number;
  asideOpen: boolean;
  drafts: Record<string, Draft>;
  /** Whose drafts they are: another person at this browser does not get them. */
  owner: string;
  set(choice: Partial<Omit<Preferences, 'set' | 'setDraft' | 'setOwner' | 'drafts' | 'owner'>>): void;
  setDraft(id: string, draft: Draft): void;
  setOwner(person: string): void;
  forgetDrafts(): void;
}

export const WIDTHS = {
  list: { least: 264, most: 420, usual: 312 },
  aside: { least: 296, most: 480, usual: 344 },
} as const;

const MOST_DRAFTS = 200;

export const browserLanguage = (): Language => (navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en');

export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      language: browserLanguage(),
      sendKey: 'enter',
      shortcuts: true,
      sound: true,
      notifications: true,
      order: 'wait',
      listWidth: WIDTHS.list.usual,
      asideWidth: WIDTHS.aside.usual,
      asideOpen: true,
      drafts: {},
      owner: '',
      set: (choice) => set(choice),
      setDraft: (id, draft) => set((state) => ({ drafts: withDraft(state.drafts, id, draft) })),
      setOwner: (person) => set((state) => (state.owner === person ? state : { owner: person, drafts: {} })),
      forgetDrafts: () => set({ drafts: {} }),
    }),
    { name: 'xiaoer-console', version: 1 },
  ),
);

export function withDraft(drafts: Record<string, Draft>, id: string, draft: Draft): Record<string, Draft> {
  const { [id]: _old, ...others } = drafts;
  if (draft.text === '' && draft.mode === 'reply') return others;
  const kept = Object.entries(others).slice(1 - MOST_DRAFTS);
  return { ...Object.fromEntries(kept), [id]: draft };
}
