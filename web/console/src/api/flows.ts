// SPDX-License-Identifier: Apache-2.0
//
// Task flows over REST (src/bot/flow_api.c): what the bot does for buyers, step by step; the shop's own drafts of them.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, get, post, put } from './http.ts';

export interface FlowListed {
  id: string;
  name: string;
  intents: { id: string; name: string }[];
  steps: number;
  on: boolean;
  /** Number of the shop's own version in use; 0: as it ships. */
  live: number;
  draft: number;
  changed_at: string | null;
}
/** When a step is taken: each member names what may be; none: always. */
export type Condition = Record<string, string[] | undefined>;
export interface Step {
  need?: string;
  is?: string;
  check?: string;
  confirm?: string;
  act?: string;
  say?: string;
  offer?: string[];
  hand_over?: string;
  urgent?: boolean;
  key?: string;
  if?: Condition;
}
export interface FlowDoc {
  id: string;
  intents: string[];
  idle?: string;
  off?: boolean;
  steps: Step[];
  on?: Record<string, Step[]>;
  /** The shop's own words by language and key. */
  texts?: Record<string, Record<string, string>>;
}
export interface FlowFull {
  id: string;
  name: string;
  intents: { id: string; name: string }[];
  readable: boolean;
  shipped: FlowDoc;
  live: FlowDoc | null;
  draft: FlowDoc | null;
  texts: Record<'zh' | 'en', Record<string, string>>;
  picture: string;
  versions: { number: number; state: 'draft' | 'live' | 'past'; person_id: string; changed_at: string }[];
}

export const useFlows = () =>
  useQuery({
    queryKey: ['flows'],
    queryFn: () => get<{ flows: FlowListed[] }>('/flows').then((answer) => answer.flows),
  });

export const useFlow = (id: string) =>
  useQuery({ queryKey: ['flows', id], queryFn: () => get<FlowFull>(`/flows/${id}`), staleTime: 0 });

export function useFlowActions(id: string) {
  const client = useQueryClient();
  const onSuccess = (flow: FlowFull) => client.setQueryData(['flows', id], flow);
  const onSettled = () => void client.invalidateQueries({ queryKey: ['flows'], exact: true });
  const keep = useMutation({
    mutationFn: (doc: FlowDoc) => put<FlowFull>(`/flows/${id}/draft`, { doc }),
    onSuccess,
    onSettled,
  });
  const discard = useMutation({
    mutationFn: () => api<FlowFull>(`/flows/${id}/draft`, { method: 'DELETE' }),
    onSuccess,
    onSettled,
  });
  const publish = useMutation({ mutationFn: () => post<FlowFull>(`/flows/${id}/publish`), onSuccess, onSettled });
  const back = useMutation({ mutationFn: () => post<FlowFull>(`/flows/${id}/back`), onSuccess, onSettled });
  return { keep, discard, publish, back };
}
