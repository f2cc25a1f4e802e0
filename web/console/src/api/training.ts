// SPDX-License-Identifier: Apache-2.0
//
// What trainers ask and do over REST: groups of texts that the bot did not serve well, the shop's own utterances and
// test cases, and the versions of its own understanding. Shapes as in src/bot/{learning,teaching,release}_api.c.
//
// Always true: after an action every list that it may have changed is asked for again; nothing is guessed here but
// that what was dealt with is no longer open.
import type { Page } from '@xiaoer/protocol/wire';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post } from './http.ts';

const MINUTE = 60_000;
const PAGE_ROWS = 50;
/** The server lists the largest so many. */
export const MOST_GROUPS = 100;

export const REASONS = [
  'unanswered',
  'asked_back',
  'rejected',
  'repeated',
  'thumbed_down',
  'handed_over',
  'corrected',
] as const;
export type Reason = (typeof REASONS)[number];
export type LearningState = 'open' | 'done' | 'ignored';
export type Language = 'zh' | 'en';

export interface IntentName {
  id: string;
  name: string;
}
export interface Group {
  id: string;
  text: string;
  language: string;
  size: number;
  this_week: number;
  last_week: number;
  /** Part of all turns of two weeks. */
  gain: number;
  reasons: Partial<Record<Reason, number>>;
  intent: IntentName & { confidence: number; sure: boolean };
  entry: { id: string; question: string; match: number } | null;
  corrected: IntentName | null;
  examples: string[];
  first_at: string;
  last_at: string;
}
export interface Groups {
  groups: number;
  items_open: number;
  turns: number;
  items: Group[];
}
export interface GroupItem {
  id: string;
  conversation: string;
  seq: number;
  text: string;
  language: string;
  reason: Reason;
  state: LearningState;
  intent: IntentName | null;
  confidence: number;
  corrected: IntentName | null;
  at: string;
}

export const useLearningGroups = (state: LearningState) =>
  useQuery({
    queryKey: ['learning', 'groups', state],
    queryFn: ({ signal }) => get<Groups>('/learning/groups', { state, limit: MOST_GROUPS }, signal),
    refetchInterval: 2 * MINUTE,
  });

export const useGroupItems = (id: string | null, state: LearningState) =>
  useInfiniteQuery({
    queryKey: ['learning', 'items', id, state],
    enabled: id !== null,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Page<GroupItem>>(`/learning/groups/${id}`, { state, cursor: pageParam, limit: PAGE_ROWS }, signal),
    getNextPageParam: (page) => page.next ?? undefined,
  });

// ---- actions ----------------------------------------------------------------------------------------------

export type DeedKind = 'assign' | 'similar' | 'write' | 'merge' | 'ignore';
/** What is dealt with: all that is open in groups, or single texts. */
export interface Target {
  groups?: string[];
  items?: string[];
}
export interface Deed extends Target {
  kind: DeedKind;
  intent?: string;
  entry?: string;
  question?: string;
  answer?: string;
}
export interface Done {
  id: string;
  kind: DeedKind;
  target: string;
  items: number;
}
export interface PastDeed extends Done {
  texts: string[];
  by: string;
  at: string;
  undone_at: string | null;
}

export const usePastDeeds = () =>
  useInfiniteQuery({
    queryKey: ['learning', 'actions'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Page<PastDeed>>('/learning/actions', { cursor: pageParam, limit: PAGE_ROWS }, signal),
    getNextPageParam: (page) => page.next ?? undefined,
  });

export function useLearningActions() {
  const client = useQueryClient();
  const settle = () => {
    void client.invalidateQueries({ queryKey: ['learning'] });
    void client.invalidateQueries({ queryKey: ['knowledge'] });
    void client.invalidateQueries({ queryKey: ['intents'] });
  };
  const act = useMutation({
    mutationFn: (deed: Deed) => post<Done>('/learning/actions', deed),
    onSuccess: (_done, deed) => {
      const gone = new Set(deed.kind === 'merge' ? deed.groups?.slice(1) : deed.groups);
      client.setQueryData<Groups>(['learning', 'groups', 'open'], (before) =>
        before ? { ...before, items: before.items.filter((group) => !gone.has(group.id)) } : before,
      );
    },
    onSettled: settle,
  });
  const undo = useMutation({
    mutationFn: (id: string) => post<void>(`/learning/actions/${id}/undo`),
    onSettled: settle,
  });
  return { act, undo };
}

/** An agent says what a buyer's message meant. */
export function useCorrection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ conversation, seq, intent }: { conversation: string; seq: number; intent: string }) =>
      post<void>(`/conversations/${conversation}/messages/${seq}/intent`, { intent }),
    onSuccess: (_nothing, { conversation }) => {
      void client.invalidateQueries({ queryKey: ['detail', conversation] });
      void client.invalidateQueries({ queryKey: ['learning'] });
    },
  });
}

// ---- intents, utterances, test cases ----------------------------------------------------------------------

export interface Intent extends IntentName {
  question: string;
  /** What the bot does beside talking, or null. */
  action: string | null;
  /** Utterances of the shop's own. */
  own: number;
}
/** Not a wish that a shop is for. */
export const OUT_OF_SCOPE = 'oos';
/** As heard when the bot is not sure of anything. */
export const UNCLEAR = 'unclear';

export const useIntents = () =>
  useQuery({
    queryKey: ['intents'],
    queryFn: () => get<{ items: Intent[] }>('/learning/intents').then((answer) => answer.items),
    staleTime: 5 * MINUTE,
  });

export interface Utterance {
  text: string;
  intent: string;
}
export const useUtterances = (intent: string | null) =>
  useInfiniteQuery({
    queryKey: ['learning', 'utterances', intent],
    enabled: intent !== null,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Page<Utterance>>(
        '/learning/utterances',
        { intent: intent ?? '', cursor: pageParam, limit: PAGE_ROWS },
        signal,
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });

export interface TestCase extends Utterance {
  must_pass: boolean;
  changed_at: string;
}
export const useTestCases = () =>
  useQuery({
    queryKey: ['learning', 'cases'],
    queryFn: () => get<{ items: TestCase[] }>('/learning/cases').then((answer) => answer.items),
  });

/** Rows that are taught by hand; saving a text again changes what it means. */
export function useTeaching(what: 'utterances' | 'cases') {
  const client = useQueryClient();
  const onSettled = () => {
    void client.invalidateQueries({ queryKey: ['learning', what] });
    void client.invalidateQueries({ queryKey: ['comparison'] });
    if (what === 'utterances') void client.invalidateQueries({ queryKey: ['intents'] });
  };
  const save = useMutation({
    mutationFn: (row: Utterance & { must_pass?: boolean }) => post<void>(`/learning/${what}`, row),
    onSettled,
  });
  const drop = useMutation({
    mutationFn: (text: string) => post<void>(`/learning/${what}/drop`, { text }),
    onSettled,
  });
  return { save, drop };
}

// ---- versions ---------------------------------------------------------------------------------------------

export type VersionState = 'training' | 'draft' | 'grey' | 'full' | 'retired' | 'failed';
export interface Version {
  number: number;
  language: Language;
  state: VersionState;
  /** Per cent of the conversations. */
  share: number;
  parent: number;
  previous: number;
  version: string;
  own_rows: number;
  rows: number;
  classes: number;
  bytes: number;
  seconds: number;
  /** Of held-out rows; 0: not measured. */
  accuracy: number;
  failure: string | null;
  problem: string | null;
  created_at: string;
  changed_at: string;
}
export interface Versions {
  items: Version[];
  training: { number: number; done: number; total: number } | null;
  shipped: Partial<Record<Language, string>>;
}

const PROGRESS_MS = 600;

export const useVersions = () =>
  useQuery({
    queryKey: ['models'],
    queryFn: ({ signal }) => get<Versions>('/models', undefined, signal),
    refetchInterval: ({ state }) => (state.data?.training ? PROGRESS_MS : MINUTE),
  });

export interface Heard {
  /** `unclear` when it is not sure. */
  intent: string;
  guess: string;
  confidence: number;
}
export type Verdict = 'same' | 'changed' | 'better' | 'worse';
export interface Compared {
  kind: 'case' | 'turn';
  text: string;
  expected?: string;
  must_pass?: boolean;
  passes?: boolean;
  verdict: Verdict;
  before: Heard;
  after: Heard;
}
export interface Comparison {
  cases: number;
  right_before: number;
  right_after: number;
  better: number;
  worse: number;
  must_pass_failed: number;
  turns: number;
  turns_changed: number;
  rows: Compared[];
}

/** @param version  the one whose figures they are; what is in force beside it is part of the key */
export const useComparison = (number: number, inForce: number, ready: boolean) =>
  useQuery({
    queryKey: ['comparison', number, inForce],
    enabled: ready,
    queryFn: ({ signal }) => get<Comparison>(`/models/${number}/comparison`, undefined, signal),
    staleTime: MINUTE,
    placeholderData: (before, query) => (query?.queryKey[1] === number ? before : undefined),
  });

export function useVersionActions() {
  const client = useQueryClient();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ['models'] });
  };
  const put = (versions: Versions) => client.setQueryData(['models'], versions);
  const train = useMutation({
    mutationFn: (language: Language) => post<{ number: number }>('/models', { language }),
    onSettled: refresh,
  });
  const repeat = useMutation({
    mutationFn: (number: number) => post<{ number: number }>(`/models/${number}/repeat`),
    onSettled: refresh,
  });
  const release = useMutation({
    mutationFn: ({ number, ...body }: { number: number; share: number; override?: string }) =>
      post<Versions>(`/models/${number}/release`, body),
    onSuccess: put,
    onError: refresh,
  });
  const rollBack = useMutation({
    mutationFn: (language: Language) => post<Versions>('/models/rollback', { language }),
    onSuccess: put,
    onError: refresh,
  });
  return { train, repeat, release, rollBack };
}
