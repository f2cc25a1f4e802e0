// SPDX-License-Identifier: Apache-2.0
//
// The verbs of the workbench. Buttons, shortcuts and the command menu all call these, so that each does the same
// thing however it is asked for, and each says what went wrong in the same words.
import type { InboxItem, OrderCard, ProductCard } from '@xiaoer/protocol/wire';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { isFault } from '../../api/http.ts';
import { oldestInQueue, useConversationActions, type Resolution, type Transfer } from '../../api/queries.ts';
import { usePreferences, type Mode } from '../../app/preferences.ts';
import { useLayout } from '../../app/layout.ts';
import { expectAssignment, say } from '../../live/link.ts';
import { listOf, tabOf } from '../../live/rows.ts';
import { useLive } from '../../live/store.ts';
import { faultText } from '../../ui/states.tsx';
import { NO_TASK, useDesk, type AsideTab, type Task } from './desk.ts';

export type Actions = ReturnType<typeof useActions>;

export function useActions() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const layout = useLayout();
  const { take, transfer, resolve } = useConversationActions();
  const desk = useDesk.getState();
  const current = () => useLive.getState().current;

  const complain = (error: unknown) => {
    const id = isFault(error) ? error.requestId : '';
    void message.error(id === '' ? faultText(error, t) : `${faultText(error, t)} (${id})`);
  };

  /** Whoever opens an own conversation means to write; only a phone's keyboard would cover what is to be read. */
  const open = (id: string) => {
    desk.set({ page: 'chat' });
    if (layout !== 'narrow' && isMine(id)) desk.focus(id);
    void navigate(`/conversations/${id}`);
  };

  const step = (by: 1 | -1) => {
    const { rows, me, current: here } = useLive.getState();
    const list = listOf(rows, useDesk.getState().tab, me, usePreferences.getState().order);
    if (list.length === 0) return;
    const at = list.findIndex((item) => item.id === here);
    open(list[at < 0 ? 0 : (at + by + list.length) % list.length]!.id);
  };

  const takeOne = async (id: string) => {
    const giveUp = expectAssignment(id);
    try {
      await take.mutateAsync(id);
    } catch (error) {
      giveUp();
      complain(error);
      return;
    }
    desk.set({ tab: 'mine', q: '' });
    open(id);
    desk.focus(id);
  };

  return {
    open,
    next: () => step(1),
    previous: () => step(-1),
    take: takeOne,
    taking: take.isPending,

    /** The one who has waited longest. */
    pull: async () => {
      try {
        const first = await oldestInQueue();
        if (first) await takeOne(first.id);
        else void message.info(t('queue.empty'));
      } catch (error) {
        complain(error);
      }
    },

    write: (mode: Mode) => {
      const id = current();
      if (!id) return;
      const draft = usePreferences.getState().drafts[id];
      usePreferences.getState().setDraft(id, { mode, text: draft?.text ?? '' });
      desk.focus();
    },

    /** Puts a text into the composer; what was being written stays above it. */
    adopt: (text: string) => {
      const id = current();
      if (!id || !isMine(id)) return;
      const before = usePreferences.getState().drafts[id]?.text.trim() ?? '';
      usePreferences.getState().setDraft(id, { mode: 'reply', text: before === '' ? text : `${before}\n${text}` });
      desk.set({ drawer: false, page: 'chat' });
      desk.focus();
    },

    sendText: (text: string) => {
      const id = current();
      if (id && isMine(id)) say(id, { kind: 'text', text });
      desk.set({ drawer: false, page: 'chat' });
    },

    sendOrder: (order: OrderCard) => {
      const id = current();
      if (id && isMine(id)) say(id, { kind: 'order_card', order });
      desk.set({ drawer: false, page: 'chat' });
    },

    sendProduct: (product: ProductCard) => {
      const id = current();
      if (id && isMine(id)) say(id, { kind: 'product_card', product });
      desk.set({ drawer: false, page: 'chat' });
    },

    askTransfer: () => isMine(current()) && desk.set({ dialog: 'transfer' }),
    askResolve: (thenNext = false) => isMine(current()) && desk.set({ dialog: 'resolve', thenNext }),

    askInvite: () => isMine(current()) && desk.set({ dialog: 'invite' }),
    /** @param wish  words to begin with */
    askAgreement: (wish = '') => isMine(current()) && desk.set({ dialog: 'agreement', wish }),
    askWorkOrder: (task: Partial<Task> = {}) =>
      current() && desk.set({ dialog: 'workorder', task: { ...NO_TASK, ...task } }),

    transfer: async (id: string, body: Transfer) => {
      await transfer.mutateAsync({ id, ...body });
      void message.success(t('transfer.done'));
    },

    resolve: async (id: string, body: Resolution) => {
      const { rows, me } = useLive.getState();
      const rest = listOf(rows, 'mine', me, usePreferences.getState().order).filter((item) => item.id !== id);
      await resolve.mutateAsync({ id, ...body });
      void message.success(t('resolve.done'));
      if (useDesk.getState().thenNext && rest[0]) open(rest[0].id);
    },

    toggleAside: () => {
      const { asideOpen, set } = usePreferences.getState();
      if (layout === 'wide') set({ asideOpen: !asideOpen });
      else if (layout === 'medium') desk.set({ drawer: !useDesk.getState().drawer });
      else desk.set({ page: useDesk.getState().page === 'info' ? 'chat' : 'info' });
    },

    showAside: (asideTab: AsideTab) => {
      desk.set({ asideTab });
      if (layout === 'wide') usePreferences.getState().set({ asideOpen: true });
      else if (layout === 'medium') desk.set({ drawer: true });
      else desk.set({ page: 'info' });
    },

    complain,
  };
}

export function isMine(id: string | null): id is string {
  const { rows, me } = useLive.getState();
  const row = id === null ? undefined : rows.byId[id];
  return row !== undefined && tabOf(row, me) === 'mine';
}

/** Where a conversation stands from this agent's view. */
export type Standing = 'mine' | 'queue' | 'bot' | 'closed' | 'other';
export const standingOf = (item: InboxItem, me: string): Standing => tabOf(item, me) ?? 'other';
