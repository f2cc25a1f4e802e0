// SPDX-License-Identifier: Apache-2.0
//
// Work orders over REST (src/trade/work_order_api.c).
import type { Page } from '@xiaoer/protocol/wire';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post } from './http.ts';

const MINUTE = 60_000;

export const TEAMS = ['warehouse', 'logistics', 'finance', 'service', 'shop_system'] as const;
export type Team = (typeof TEAMS)[number];
export type WorkState = 'open' | 'taken' | 'answered' | 'done';
export interface WorkOrder {
  id: string;
  ticket: string;
  team: Team;
  kind: string;
  state: WorkState;
  overdue: boolean;
  order: string;
  sub_order: string;
  case: string;
  buyer: string;
  conversation: string;
  text: string;
  answer: string;
  asked_by: string;
  taken_by: string;
  due_at: string;
  created_at: string;
  taken_at: string | null;
  answered_at: string | null;
  done_at: string | null;
  version: number;
}
export interface WorkEvent {
  seq: number;
  at: string;
  event: string;
  person: string;
  text: string;
}
export type WorkStep = 'take' | 'answer' | 'comment' | 'done';
export interface WorkFilter {
  state: WorkState;
  team: Team | '';
  mine: boolean;
  overdue: boolean;
}

export const useWorkOrders = ({ state, team, mine, overdue }: WorkFilter) =>
  useInfiniteQuery({
    queryKey: ['work-orders', 'list', state, team, mine, overdue],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Page<WorkOrder>>(
        '/work-orders',
        { state, team, mine: mine ? 'true' : '', overdue: overdue ? 'true' : '', cursor: pageParam, limit: 100 },
        signal,
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: MINUTE,
  });

export const useWorkOrdersOf = (order: string, enabled: boolean) =>
  useQuery({
    queryKey: ['work-orders', 'of', order],
    enabled,
    queryFn: () => get<Page<WorkOrder>>('/work-orders', { order }).then((page) => page.items),
  });

export const useWorkOrder = (id: string) =>
  useQuery({
    queryKey: ['work-orders', 'one', id],
    queryFn: () => get<WorkOrder & { history: WorkEvent[] }>(`/work-orders/${id}`),
  });

export interface NewWorkOrder {
  team: string;
  text: string;
  order?: string;
  conversation?: string;
}

export function useWorkOrderActions() {
  const client = useQueryClient();
  const onSettled = () => void client.invalidateQueries({ queryKey: ['work-orders'] });
  const create = useMutation({
    mutationFn: (body: NewWorkOrder) => post<WorkOrder>('/work-orders', body),
    onSettled,
  });
  const step = useMutation({
    mutationFn: ({ id, how, text, version }: { id: string; how: WorkStep; text: string; version: number }) =>
      post<WorkOrder>(`/work-orders/${id}/${how}`, { seen_version: version, ...(text === '' ? {} : { text }) }),
    onSettled,
  });
  return { create, step };
}
