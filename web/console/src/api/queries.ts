// SPDX-License-Identifier: Apache-2.0
//
// Every question the console asks over REST, as hooks: the key, the path, how long an answer stays good. Lists of
// conversations and messages also flow into the live store, which is where the screens read them; the query keeps
// only cursors and the state of the asking.
import type { Canned, Colleague, Detail, Inbox, Me, Message, Order, Page, Product } from '@xiaoer/protocol/wire';
import { QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Tab } from '../live/rows.ts';
import { useLive } from '../live/store.ts';
import { firstSeq } from '../live/threads.ts';
import { Fault, get, isFault, post, put, remove } from './http.ts';

const PAGE_ROWS = 50;
const MINUTE = 60_000;

/** A refusal will not change by asking again; silence or a fault of the server may. */
const worthRetrying = (count: number, error: unknown) =>
  count < 2 && (!(error instanceof Fault) || error.status === 0 || error.status >= 500);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: worthRetrying, staleTime: 15_000, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
});

// ---- who am I ---------------------------------------------------------------------------------------------

export const useMe = () => useQuery({ queryKey: ['me'], queryFn: () => get<Me>('/me'), staleTime: MINUTE });

export function useSetStatus() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (status: Me['status']) => put<Me>('/me/status', { status }),
    onSuccess: (me) => client.setQueryData(['me'], me),
  });
}

// ---- conversations ----------------------------------------------------------------------------------------

export function useInbox(tab: Tab, q: string) {
  return useInfiniteQuery({
    queryKey: ['inbox', tab, q],
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) => {
      const askedAt = Date.now();
      const inbox = await get<Inbox>('/conversations', { tab, q, cursor: pageParam, limit: PAGE_ROWS }, signal);
      useLive.getState().putInbox(inbox, tab, askedAt, q === '' && pageParam === '');
      return { ids: inbox.items.map((item) => item.id), next: inbox.next };
    },
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 5_000,
  });
}

/** The numbers on the tabs, asked for again after rows have moved that this screen could not see. */
export const useCounts = () =>
  useQuery({
    queryKey: ['counts'],
    queryFn: async () => {
      const inbox = await get<Inbox>('/conversations', { tab: 'mine', limit: PAGE_ROWS });
      useLive.getState().putInbox(inbox, 'mine', Date.now(), false);
      return inbox.counts;
    },
    refetchInterval: MINUTE,
  });

export const useDetail = (id: string | null) =>
  useQuery({
    queryKey: ['detail', id],
    enabled: id !== null,
    queryFn: async ({ signal }) => {
      const detail = await get<Detail>(`/conversations/${id}`, undefined, signal);
      useLive.getState().putRow(detail.item);
      return detail;
    },
  });

export function useHistory(id: string) {
  return useInfiniteQuery({
    queryKey: ['messages', id],
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) => {
      const query = { before: pageParam || undefined, limit: PAGE_ROWS };
      const page = await get<Page<Message>>(`/conversations/${id}/messages`, query, signal);
      useLive.getState().putHistory(id, page.items, page.next === null || page.items.length === 0);
      return { before: firstSeq(useLive.getState().threads[id]), more: page.next !== null && page.items.length > 0 };
    },
    getNextPageParam: (page) => (page.more ? page.before : undefined),
    staleTime: Infinity,
    // Messages live in the store, which forgets long unused conversations; the cursor goes with them.
    gcTime: 0,
  });
}

export interface Transfer {
  to_person?: string;
  to_group?: string;
  note: string;
}
export interface Resolution {
  category: string;
  note?: string;
}

/** What a person does with a conversation. Lists and details that it changes are asked for again. */
export function useConversationActions() {
  const client = useQueryClient();
  const settle = (id: string) => {
    void client.invalidateQueries({ queryKey: ['detail', id] });
    void client.invalidateQueries({ queryKey: ['inbox'] });
    void client.invalidateQueries({ queryKey: ['counts'] });
    void client.invalidateQueries({ queryKey: ['me'] });
  };

  const take = useMutation({
    mutationFn: (id: string) => post<Detail>(`/conversations/${id}/take`),
    onSuccess: (detail) => {
      client.setQueryData(['detail', detail.item.id], detail);
      useLive.getState().putRow(detail.item);
    },
    onSettled: (_detail, _error, id) => settle(id),
  });
  const transfer = useMutation({
    mutationFn: ({ id, ...body }: Transfer & { id: string }) => post<void>(`/conversations/${id}/transfer`, body),
    onSettled: (_detail, _error, { id }) => settle(id),
  });
  const resolve = useMutation({
    mutationFn: ({ id, ...body }: Resolution & { id: string }) => post<void>(`/conversations/${id}/resolve`, body),
    onSettled: (_detail, _error, { id }) => settle(id),
  });
  return { take, transfer, resolve };
}

export const oldestInQueue = () =>
  get<Inbox>('/conversations', { tab: 'queue', limit: 1 }).then((inbox) => inbox.items[0] ?? null);

// ---- trade ------------------------------------------------------------------------------------------------

export const useOrders = (id: string) =>
  useQuery({
    queryKey: ['orders', id],
    queryFn: () => get<Page<Order>>(`/conversations/${id}/orders`),
    staleTime: MINUTE,
  });

export const useProducts = (q: string) =>
  useQuery({
    queryKey: ['products', q],
    queryFn: ({ signal }) => get<Page<Product>>('/products', { q, limit: 20 }, signal),
    staleTime: MINUTE,
    placeholderData: (before) => before,
  });

// ---- people, groups, categories ---------------------------------------------------------------------------

export interface Group {
  skill: string;
  online: number;
  waiting: number;
}
export interface Category {
  id: string;
  name: string;
}

const items = <T>(path: string) => get<{ items: T[] }>(path).then((answer) => answer.items);

export const usePeople = () => useQuery({ queryKey: ['people'], queryFn: () => items<Colleague>('/people') });
export const useGroups = () => useQuery({ queryKey: ['groups'], queryFn: () => items<Group>('/groups') });
export const useCategories = () =>
  useQuery({ queryKey: ['categories'], queryFn: () => items<Category>('/categories'), staleTime: 10 * MINUTE });

// ---- canned replies ---------------------------------------------------------------------------------------

export const useCanned = () =>
  useQuery({ queryKey: ['canned'], queryFn: () => items<Canned>('/canned'), staleTime: 5 * MINUTE });

export function useCannedActions() {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: ['canned'] });
  const save = useMutation({
    mutationFn: ({ id, ...body }: Omit<Canned, 'id'> & { id?: string }) =>
      id ? put<void>(`/canned/${id}`, body) : post<void>('/canned', body),
    onSettled,
  });
  const drop = useMutation({
    mutationFn: (id: string) =>
      remove(`/canned/${id}`).catch((error) => (isFault(error, 404) ? undefined : Promise.reject(error))),
    onSettled,
  });
  return { save, drop };
}
