// SPDX-License-Identifier: Apache-2.0
//
// Dated rules over REST (src/trade/policy_api.c): all versions of all keys, a new version, what it would touch.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post } from './http.ts';
import { useMe } from './queries.ts';

export type PolicyKind = 'duration' | 'workdays' | 'rate' | 'number' | 'switch' | 'json';
export interface PolicyVersion {
  key: string;
  value: string;
  kind: PolicyKind | null;
  scope: string;
  /** Whose it is: what ships, the platform's, the shop's own. */
  owner: 'shipped' | 'platform' | 'shop';
  from: string;
  to: string | null;
  in_force: boolean;
  meaning: string;
  source: string;
  mark: string;
}
export interface NewVersion {
  key: string;
  value: string;
  scope: string;
  from: string;
  to?: string;
  source?: string;
}
export interface Touched {
  items: {
    case: string;
    type: string;
    state: string;
    order: string;
    order_at: string;
    touched: boolean;
    why: string;
  }[];
  touched: number;
  untouched: number;
  all: boolean;
}

const WRITERS = ['owner', 'leader'];
/** May this person set rules? The server decides; this only spares buttons that would be refused. */
export const useSetsRules = (): boolean => useMe().data?.roles.some((role) => WRITERS.includes(role)) ?? false;

export const usePolicies = () =>
  useQuery({
    queryKey: ['policies'],
    queryFn: () => get<{ items: PolicyVersion[] }>('/policies').then((answer) => answer.items),
  });

/** Which open cases a version would and would not touch. */
export const useTouched = (version: Pick<NewVersion, 'key' | 'scope' | 'from' | 'to'> | null) =>
  useQuery({
    queryKey: ['policies', 'touched', version],
    enabled: version !== null,
    queryFn: ({ signal }) => {
      const { key, scope, from, to } = version!;
      return get<Touched>(`/policies/${encodeURIComponent(key)}/touched`, { scope, from, to }, signal);
    },
    placeholderData: (before) => before,
  });

export function usePolicyActions() {
  const client = useQueryClient();
  const set = useMutation({
    mutationFn: (version: NewVersion) => post<PolicyVersion>('/policies', version),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['policies'] });
      void client.invalidateQueries({ queryKey: ['actions'] });
    },
  });
  return { set };
}
