// SPDX-License-Identifier: Apache-2.0
//
// Solutions, guests and agreements over REST (src/desk/{solution,party,agreement}_api.c).
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, newId, post, put, remove } from './http.ts';

const MINUTE = 60_000;

export const KINDS = ['action', 'case', 'reply', 'work_order', 'agreement'] as const;
export type SolutionKind = (typeof KINDS)[number];

/** What a person may change of a solution. Conditions are names joined by "|"; empty: any. */
export interface SolutionText {
  intents: string;
  statuses: string;
  cases: string;
  emotions: string;
  kind: SolutionKind;
  what: string;
  args: string;
  policy: string;
  weight: number;
  title: string;
  why: string;
  text: string;
}
export interface SolutionRow extends SolutionText {
  id: string;
  off: boolean;
  own: boolean;
  version: number;
  used: number;
  used_first: number;
}
export interface Fitting extends SolutionText {
  id: string;
  /** Text with its values; empty: it has none, or one of them is not known. */
  words: string;
  rule: { key: string; value: string; meaning: string; from: string } | null;
  used: number;
}
export interface Solutions {
  scene: { intent: string; emotion: string; status: string; case: string };
  order_id: string;
  case_id: string | null;
  items: Fitting[];
}

export const useSolutions = (conversation: string, seq: number) =>
  useQuery({
    queryKey: ['solutions', conversation, seq],
    queryFn: ({ signal }) => get<Solutions>(`/conversations/${conversation}/solutions`, undefined, signal),
    placeholderData: (before, query) => (query?.queryKey[1] === conversation ? before : undefined),
  });

/** Notes which one was taken. Nothing waits for it. */
export function noteUsed(conversation: string, solutions: Solutions, id: string): void {
  const { intent, emotion } = solutions.scene;
  const offered = solutions.items.map((one) => one.id).join(',');
  post(`/conversations/${conversation}/solutions/${id}/used`, { offered, intent, emotion }).catch(() => undefined);
}

export const useSolutionTable = () =>
  useQuery({
    queryKey: ['solution-table'],
    queryFn: () => get<{ items: SolutionRow[] }>('/solutions').then((answer) => answer.items),
  });

export function useSolutionActions() {
  const client = useQueryClient();
  const onSettled = () => {
    void client.invalidateQueries({ queryKey: ['solution-table'] });
    void client.invalidateQueries({ queryKey: ['solutions'] });
  };
  const save = useMutation({
    mutationFn: ({ id, ...body }: SolutionText & { id: string; off: boolean; version: number }) =>
      put<SolutionRow>(`/solutions/${encodeURIComponent(id)}`, body),
    onSettled,
  });
  const drop = useMutation({ mutationFn: (id: string) => remove(`/solutions/${encodeURIComponent(id)}`), onSettled });
  return { save, drop };
}

// ---- guests -----------------------------------------------------------------------------------------------

export interface Guest {
  conversation: string;
  contact: string;
  person: { id: string; name: string };
  team: string;
  note: string;
  invited_by: string;
  invited_at: string;
  joined_at: string | null;
  left_at: string | null;
}

/** @param seq  of the conversation: who comes and goes is said in it */
export const useGuests = (conversation: string, seq: number) =>
  useQuery({
    queryKey: ['party', conversation, seq],
    placeholderData: (before, query) => (query?.queryKey[1] === conversation ? before : undefined),
    queryFn: () => get<{ items: Guest[] }>(`/conversations/${conversation}/party`).then((answer) => answer.items),
    refetchInterval: MINUTE,
  });
/** Where I am asked in. */
export const useInvitations = () =>
  useQuery({
    queryKey: ['parties'],
    queryFn: () => get<{ items: Guest[] }>('/parties').then((answer) => answer.items),
    refetchInterval: MINUTE / 2,
  });

export function useGuestActions(conversation: string) {
  const client = useQueryClient();
  const onSettled = () => {
    void client.invalidateQueries({ queryKey: ['party', conversation] });
    void client.invalidateQueries({ queryKey: ['parties'] });
  };
  const base = `/conversations/${conversation}/party`;
  const invite = useMutation({
    mutationFn: (body: { person: string; team: string; note: string }) => post<void>(base, body),
    onSettled,
  });
  const join = useMutation({ mutationFn: () => post<void>(`${base}/join`), onSettled });
  const leave = useMutation({ mutationFn: (person: string) => remove(`${base}/${person}`), onSettled });
  const say = useMutation({
    mutationFn: ({ clientId, text }: { clientId: string; text: string }) =>
      post<{ seq: number }>(`${base}/messages`, { client_id: clientId, text }),
  });
  return { invite, join, leave, say };
}

// ---- agreements -------------------------------------------------------------------------------------------

export type AgreementState = 'proposed' | 'agreed' | 'declined' | 'withdrawn' | 'lapsed' | 'overdue' | 'kept';
export interface Agreement {
  id: string;
  conversation: string;
  order_id: string;
  text: string;
  amount_cents: number;
  state: AgreementState;
  due_at: string;
  answer_by: string;
  proposed_by: string;
  proposed_at: string;
  answered_at: string | null;
  answered_seq: number;
  settled_at: string | null;
  note: string;
  work_order?: string;
}

/** @param seq  of the conversation: an answer of the buyer comes as a message */
export const useAgreements = (conversation: string, seq: number) =>
  useQuery({
    queryKey: ['agreements', conversation, seq],
    queryFn: () =>
      get<{ items: Agreement[] }>(`/conversations/${conversation}/agreements`).then((answer) => answer.items),
    placeholderData: (before, query) => (query?.queryKey[1] === conversation ? before : undefined),
  });

export interface Proposal {
  clientId: string;
  text: string;
  dueAt: string;
  amountCents: number;
  orderId: string;
}
export const newProposalId = () => newId();

export function useAgreementActions(conversation: string) {
  const client = useQueryClient();
  const onSettled = () => void client.invalidateQueries({ queryKey: ['agreements', conversation] });
  const propose = useMutation({
    mutationFn: ({ clientId, text, dueAt, amountCents, orderId }: Proposal) =>
      post<Agreement>(`/conversations/${conversation}/agreements`, {
        client_id: clientId,
        text,
        due_at: dueAt,
        amount_cents: amountCents,
        ...(orderId === '' ? {} : { order_id: orderId }),
      }),
    onSettled,
  });
  const settle = useMutation({
    mutationFn: ({ id, how, note }: { id: string; how: 'withdraw' | 'keep'; note: string }) =>
      post<Agreement>(`/agreements/${id}/${how}`, { note }),
    onSettled,
  });
  return { propose, settle };
}
