// SPDX-License-Identifier: Apache-2.0
//
// An entry while somebody edits it. Pure: from a stored entry to a draft, its changes, what is wrong with it, and the
// body that saves it.
//
// Always true: what was not touched is saved as it was, to the second; a draft that was changed and changed back is
// not changed.
import type { Conditions, KnowledgeText, Layer } from '@xiaoer/protocol/wire';
import { instantOf, readWall, wallOf } from './validity.ts';

export const LAYERS: readonly Layer[] = [
  'emergency',
  'industry',
  'shop',
  'product',
  'activity',
  'policy',
  'small_talk',
];
export type ConditionKind = keyof Conditions;
export const CONDITION_KINDS: readonly ConditionKind[] = [
  'order_status',
  'product',
  'category',
  'channel',
  'language',
  'tag',
];
export const LIMITS = { question: 500, similar: 500, answer: 5000, values: 200 } as const;

export interface Draft {
  layer: Layer;
  question: string;
  similar: string[];
  answer: string;
  conditions: Conditions;
  /** Only for some days; else `from` and `to` count for nothing. */
  timed: boolean;
  /** On the shop's wall clock, as somebody wrote it: "2026-11-20 10:00", or empty. */
  from: string;
  to: string;
  override: boolean;
}

export const BLANK: Draft = {
  layer: 'shop',
  question: '',
  similar: [],
  answer: '',
  conditions: {},
  timed: false,
  from: '',
  to: '',
  override: false,
};

export function draftOf(entry: KnowledgeText, zone: string): Draft {
  return {
    layer: entry.layer,
    question: entry.question,
    similar: entry.similar,
    answer: entry.answer,
    conditions: entry.conditions,
    timed: entry.valid_from !== null || entry.valid_to !== null,
    from: wallOf(entry.valid_from, zone),
    to: wallOf(entry.valid_to, zone),
    override: entry.override,
  };
}

/** The body that saves it. `stored`: what it was made from, whose seconds a field of minutes cannot show. */
export function entryOf(draft: Draft, zone: string, stored?: KnowledgeText): KnowledgeText {
  const moment = (wall: string, was: string | null | undefined) => {
    if (!draft.timed || wall === '') return null;
    return was && wallOf(was, zone) === readWall(wall) ? was : instantOf(wall, zone);
  };
  return {
    layer: draft.layer,
    question: draft.question.trim(),
    similar: draft.similar,
    answer: draft.answer.trim(),
    conditions: withoutEmpty(draft.conditions),
    valid_from: moment(draft.from, stored?.valid_from),
    valid_to: moment(draft.to, stored?.valid_to),
    override: draft.layer === 'shop' && draft.override,
  };
}

const withoutEmpty = (conditions: Conditions): Conditions =>
  Object.fromEntries(
    CONDITION_KINDS.flatMap((kind) => ((conditions[kind]?.length ?? 0) > 0 ? [[kind, conditions[kind]]] : [])),
  );

export function isChanged(draft: Draft, base: Draft): boolean {
  const said = (one: Draft) =>
    JSON.stringify([
      one.layer,
      one.question.trim(),
      one.similar,
      one.answer.trim(),
      withoutEmpty(one.conditions),
      one.timed ? [readWall(one.from) ?? one.from, readWall(one.to) ?? one.to] : [],
      one.layer === 'shop' && one.override,
    ]);
  return said(draft) !== said(base);
}

// ---- similar questions ------------------------------------------------------------------------------------

/** One question a line, as it comes from a spreadsheet or a chat; without list marks and empty lines. */
export const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*(?:[-*•·]|\d+[.、)])\s+/, '').trim())
    .filter((line) => line !== '');

/** With new wordings at the end; those that are there already, also as the question itself, are not added again. */
export function withSimilar(draft: Draft, texts: readonly string[]): Draft {
  const there = new Set([draft.question.trim(), ...draft.similar]);
  const added = texts.filter((text) => !there.has(text) && there.add(text));
  return added.length === 0 ? draft : { ...draft, similar: [...draft.similar, ...added] };
}

export const withoutSimilar = (draft: Draft, text: string): Draft => ({
  ...draft,
  similar: draft.similar.filter((one) => one !== text),
});

/** Another wording in its place; empty takes it out, one that is there already too. */
export function rewordSimilar(draft: Draft, old: string, text: string): Draft {
  const wanted = text.trim();
  if (wanted === old) return draft;
  if (wanted === '' || wanted === draft.question.trim() || draft.similar.includes(wanted))
    return withoutSimilar(draft, old);
  return { ...draft, similar: draft.similar.map((one) => (one === old ? wanted : one)) };
}

/** The similar question becomes the question, and the other way round. */
export function leadWith(draft: Draft, text: string): Draft {
  const old = draft.question.trim();
  const others = draft.similar.filter((one) => one !== text && one !== old);
  return { ...draft, question: text, similar: old === '' ? others : [old, ...others] };
}

// ---- conditions -------------------------------------------------------------------------------------------

export function withCondition(draft: Draft, kind: ConditionKind, values: string[] | undefined): Draft {
  const conditions = { ...draft.conditions };
  if (values === undefined) delete conditions[kind];
  else conditions[kind] = [...new Set(values.map((value) => value.trim()).filter((value) => value !== ''))];
  return { ...draft, conditions };
}

// ---- what is wrong ----------------------------------------------------------------------------------------

export type Problem =
  | 'questionMissing'
  | 'questionLong'
  | 'answerMissing'
  | 'answerLong'
  | 'similarMany'
  | 'similarLong'
  | 'valuesMany'
  | 'daysMissing'
  | 'daysUnread'
  | 'daysTurned';

const letters = (text: string) => [...text.trim()].length;

export function problemsOf(draft: Draft): Problem[] {
  const found: Problem[] = [];
  if (letters(draft.question) === 0) found.push('questionMissing');
  if (letters(draft.question) > LIMITS.question) found.push('questionLong');
  if (draft.similar.length > LIMITS.similar) found.push('similarMany');
  if (draft.similar.some((text) => letters(text) > LIMITS.question)) found.push('similarLong');
  if (letters(draft.answer) === 0) found.push('answerMissing');
  if (letters(draft.answer) > LIMITS.answer) found.push('answerLong');
  if (CONDITION_KINDS.some((kind) => (draft.conditions[kind]?.length ?? 0) > LIMITS.values)) found.push('valuesMany');
  if (draft.timed && draft.from === '' && draft.to === '') found.push('daysMissing');
  const [from, to] = [readWall(draft.from), readWall(draft.to)];
  if (draft.timed && ((draft.from !== '' && from === null) || (draft.to !== '' && to === null)))
    found.push('daysUnread');
  if (draft.timed && from !== null && to !== null && to <= from) found.push('daysTurned');
  return found;
}
