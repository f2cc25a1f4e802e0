// SPDX-License-Identifier: Apache-2.0
//
// What the knowledge screens ask over REST: pages of entries, one entry with its versions, what says the same, and
// what people do with entries. Every change makes the lists and the entry itself be asked for again.
import type {
  ImportReport,
  KnowledgeEntry,
  KnowledgeRow,
  KnowledgeSame,
  KnowledgeSaved,
  KnowledgeText,
  Layer,
  Page,
  Tryout,
} from '@xiaoer/protocol/wire';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, put } from './http.ts';
import { useMe } from './queries.ts';

const PAGE_ROWS = 50;
const MINUTE = 60_000;

export type InUse = 'in_use' | 'over' | 'archived';
export interface Filter {
  q: string;
  layer: Layer | '';
  state: InUse;
}

const TEACHERS = ['owner', 'leader', 'trainer'];
/** May this person change what the bot knows? The server decides; this only spares buttons that would be refused. */
export const useTeaches = (): boolean => useMe().data?.roles.some((role) => TEACHERS.includes(role)) ?? false;

export function useKnowledge(filter: Filter) {
  return useInfiniteQuery({
    queryKey: ['knowledge', 'list', filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Page<KnowledgeRow>>('/knowledge', { ...filter, cursor: pageParam, limit: PAGE_ROWS }, signal),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export const useEntry = (id: string) =>
  useQuery({
    queryKey: ['knowledge', 'entry', id],
    queryFn: ({ signal }) => get<KnowledgeEntry>(`/knowledge/${encodeURIComponent(id)}`, undefined, signal),
    staleTime: 0,
  });

/** Entries that these wordings would find; asked only with a question. */
export const useSame = (id: string, question: string, similar: string[]) =>
  useQuery({
    queryKey: ['knowledge', 'same', id, question, similar],
    enabled: question !== '',
    queryFn: () =>
      post<{ same: KnowledgeSame[] }>('/knowledge-check', {
        question,
        similar,
        ...(id === '' ? {} : { id }),
      }).then((answer) => answer.same),
    staleTime: MINUTE,
    retry: false,
    placeholderData: (before) => before,
  });

export function useKnowledgeActions() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: ['knowledge'] });
  const path = (id: string) => `/knowledge/${encodeURIComponent(id)}`;

  /** `id` empty: a new entry. `version`: what the person saw; 0 saves over whatever is there. */
  const save = useMutation({
    mutationFn: ({ id, entry, version }: { id: string; entry: KnowledgeText; version: number }) =>
      id === ''
        ? post<KnowledgeSaved>('/knowledge', { entry })
        : put<KnowledgeSaved>(path(id), { entry, ...(version > 0 ? { version } : {}) }),
    onSuccess,
  });
  const archive = useMutation({ mutationFn: (id: string) => post<KnowledgeSaved>(`${path(id)}/archive`), onSuccess });
  const restore = useMutation({
    mutationFn: ({ id, version }: { id: string; version: number }) =>
      post<KnowledgeSaved>(`${path(id)}/restore`, { version }),
    onSuccess,
  });
  return { save, archive, restore };
}

export type ImportKind = 'knowledge' | 'utterances' | 'cases';
export interface ImportWish {
  kind: ImportKind;
  format: 'jsonl' | 'csv' | 'tsv';
  text: string;
  skip_bad: boolean;
  dry_run: boolean;
}

export function useImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: ImportWish) => post<ImportReport>('/knowledge-import', wish),
    onSuccess: (report) => {
      if (!report.stored) return;
      // What was imported may be on the training page too.
      for (const key of ['knowledge', 'learning', 'intents', 'comparison'])
        void client.invalidateQueries({ queryKey: [key] });
    },
  });
}

export interface TryWish {
  text: string;
  order?: string;
  product?: string;
  language?: string;
  model?: number;
}
export const useTry = () => useMutation({ mutationFn: (wish: TryWish) => post<Tryout>('/bot/try', wish) });
