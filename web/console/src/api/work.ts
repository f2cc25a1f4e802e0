// SPDX-License-Identifier: Apache-2.0
//
// Doing things for buyers over REST: actions on orders, after-sale cases, what waits for a second person
// (src/trade/{action,case}_api.c, src/desk/case_list_api.c).
//
// Always true: a wish has one key from the moment its sheet is open, so that however often it is sent, and from however
// many windows, it is done once. Nothing is shown as done before the server has said so.
import type { Page } from '@xiaoer/protocol/wire';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post } from './http.ts';
import { useMe } from './queries.ts';

const MINUTE = 60_000;

export interface CaseRow {
  id: string;
  type: string;
  state: string;
  open: boolean;
  order: string;
  sub_order: string;
  buyer: string;
  reason: string;
  goods: string;
  quantity: number;
  claimed_cents: number;
  refunded_cents: number;
  payer: string;
  /** Whose move it is, or null when it is over. */
  waits_for: string | null;
  paused_for: string | null;
  deadline_at: string | null;
  deadline_rule: string | null;
  waybill: string;
  opened_at: string;
  changed_at: string;
  closed_at: string | null;
  reopened: number;
  version: number;
}
export interface RuleUsed {
  key: string;
  value: string;
  scope?: string;
  from?: string | null;
}
/** As they are stored with an event: by key. */
type StoredRules = Record<string, Omit<RuleUsed, 'key'>>;
export const rulesUsed = (rules: StoredRules | RuleUsed[] | null): RuleUsed[] =>
  Array.isArray(rules) ? rules : Object.entries(rules ?? {}).map(([key, rule]) => ({ key, ...rule }));

export interface CaseEvent {
  seq: number;
  at: string;
  event: string;
  actor: string;
  person?: string;
  reason: string;
  from: string;
  to: string;
  paused_for: string | null;
  deadline_at: string | null;
  money: string;
  amount_cents: number;
  tell: string[];
  rules: StoredRules;
}
interface CaseWords {
  type_text: string;
  state_text: string;
  due_text: string;
}
export interface CaseListed extends CaseWords {
  case: CaseRow;
}
export interface CaseFull extends CaseWords {
  case: CaseRow & { history: CaseEvent[] };
  /** Events that this person may cause. */
  buttons: string[];
  evidence: string[];
}

export type Answer = 'done' | 'pending' | 'same' | 'needs_slot' | 'needs_confirm' | 'needs_second' | 'refused';

/** What may be done with an order now, or why it may not. */
export interface MayDo {
  action: string;
  may: boolean;
  confirm: boolean;
  answer: Answer;
  why: string | null;
  case_answer: string | null;
  slot: string | null;
  ticket: string;
  due_at: string | null;
  amount_cents: number;
}
export interface Logged {
  id: string;
  action: string;
  status: 'done' | 'pending' | 'waiting' | 'refused' | 'rejected';
  why: string | null;
  actor: string;
  person: string;
  buyer: string;
  conversation: string;
  order: string;
  case: string;
  ticket: string;
  amount_cents: number;
  event: string;
  reason: string;
  /** The words that go with it: of a complaint, of goodwill. */
  text: string;
  second_person: string;
  at: string;
  settled_at: string | null;
  rules: StoredRules | RuleUsed[];
}
export interface Wish {
  action: string;
  sub_order?: string;
  case?: string;
  address?: { name?: string; phone?: string; region?: string; detail?: string };
  sku?: string;
  text?: string;
  tax_id?: string;
  type?: string;
  event?: string;
  reason?: string;
  received?: boolean;
  not_received?: boolean;
  quantity?: number;
  amount_cents?: number;
  conversation?: string;
  seen_version?: number;
}
export interface Outcome {
  action: string;
  id: string;
  answer: Answer;
  why: string | null;
  case_answer: string | null;
  slot: string | null;
  order: string;
  order_status: string | null;
  case: CaseRow | null;
  work_order: string;
  ticket: string;
  due_at: string | null;
  amount_cents: number;
  carrier: string;
  carrier_phone: string;
  tracking_no: string;
  text?: string;
  calculation?: Record<string, unknown>;
  rules: RuleUsed[];
}

export const useOrderActions = (order: string, conversation: string, enabled: boolean) =>
  useQuery({
    queryKey: ['actions', order],
    enabled,
    queryFn: () =>
      get<{ items: MayDo[]; done: Logged[] }>(`/orders/${encodeURIComponent(order)}/actions`, { conversation }),
  });

export const useCases = (order: string, enabled = true) =>
  useQuery({
    queryKey: ['cases', 'of', order],
    enabled,
    queryFn: () => get<{ items: CaseListed[] }>('/cases', { order }).then((answer) => answer.items),
  });

export const useCase = (id: string) =>
  useQuery({
    queryKey: ['cases', 'one', id],
    queryFn: () => get<CaseFull>(`/cases/${id}`),
    refetchInterval: MINUTE,
  });

export type Waits = 'shop' | 'buyer' | 'all';
/** Open cases, soonest deadline first. */
export const useCaseList = (waits: Waits) =>
  useInfiniteQuery({
    queryKey: ['cases', 'list', waits],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => get<Page<CaseListed>>('/case-list', { waits, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: MINUTE,
  });

/** Everything that an action may have changed is asked for again. */
function useRefresh() {
  const client = useQueryClient();
  return () => {
    for (const key of ['actions', 'cases', 'orders', 'approvals', 'work-orders', 'solutions']) {
      void client.invalidateQueries({ queryKey: [key] });
    }
  };
}

export function useDoing(order: string) {
  const refresh = useRefresh();
  const path = `/orders/${encodeURIComponent(order)}/actions`;
  /** What would come of it; changes nothing. */
  const attempt = useMutation({ mutationFn: (wish: Wish) => post<Outcome>(path, { ...wish, only_try: true }) });
  const perform = useMutation({
    mutationFn: ({ wish, key }: { wish: Wish; key: string }) => post<Outcome>(path, { ...wish, confirmed: true, key }),
    onSettled: refresh,
  });
  return { attempt, perform };
}

// ---- the second person ------------------------------------------------------------------------------------

const APPROVERS = ['leader', 'owner', 'staff'];
/** May this person say yes as a second one? The server decides; this only spares buttons that would be refused. */
export const useApproves = (): boolean => useMe().data?.roles.some((role) => APPROVERS.includes(role)) ?? false;

export const useApprovals = (enabled: boolean) =>
  useQuery({
    queryKey: ['approvals'],
    enabled,
    queryFn: () => get<Page<Logged>>('/actions', { status: 'waiting', limit: 100 }).then((page) => page.items),
    refetchInterval: MINUTE / 2,
  });

export function useApprovalActions() {
  const refresh = useRefresh();
  const approve = useMutation({
    mutationFn: (id: string) => post<Outcome>(`/actions/${id}/approve`),
    onSettled: refresh,
  });
  const reject = useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) => post<Outcome>(`/actions/${id}/reject`, { reason }),
    onSettled: refresh,
  });
  return { approve, reject };
}
