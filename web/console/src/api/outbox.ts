// SPDX-License-Identifier: Apache-2.0
//
// What has to leave the house, over REST (src/channel/outbox_api.c).
import type { Page } from '@xiaoer/protocol/wire';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { get, post } from './http.ts';

const MINUTE = 60_000;
const PAGE_ROWS = 50;

export const OUTBOX_STATES = ['dead', 'waiting', 'sent', 'dropped'] as const;
export type OutboxState = (typeof OUTBOX_STATES)[number];
export interface OutboxItem {
  id: string;
  kind: 'mail' | 'sms' | 'shop';
  state: OutboxState;
  subject: string;
  /** Masked. */
  to: string;
  attempts: number;
  error: string;
  report: string;
  created_at: string;
  due_at: string | null;
  settled_at: string | null;
}

export const useOutbox = (state: OutboxState) =>
  useInfiniteQuery({
    queryKey: ['outbox', state],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Page<OutboxItem>>('/outbox', { state, cursor: pageParam, limit: PAGE_ROWS }, signal),
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: MINUTE,
  });

export function useOutboxActions() {
  const client = useQueryClient();
  const onSettled = () => void client.invalidateQueries({ queryKey: ['outbox'] });
  const retry = useMutation({ mutationFn: (id: string) => post<OutboxItem>(`/outbox/${id}/retry`), onSettled });
  const drop = useMutation({ mutationFn: (id: string) => post<OutboxItem>(`/outbox/${id}/drop`), onSettled });
  return { retry, drop };
}
