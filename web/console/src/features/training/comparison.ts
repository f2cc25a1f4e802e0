// SPDX-License-Identifier: Apache-2.0
//
// What a comparison of two versions says, as figures and lists to look at. Pure.
import type { Compared, Comparison, Heard } from '../../api/training.ts';

export const LISTS = ['blocking', 'worse', 'better', 'changed', 'wrong', 'same'] as const;
/**
 * `blocking`: cases that must pass and do not; `changed`: said by buyers and heard otherwise; `wrong`: cases that
 * neither version hears right; `same`: cases that both hear right.
 */
export type List = (typeof LISTS)[number];

const blocks = (row: Compared) => row.must_pass === true && row.passes === false;

export function listOfRow(row: Compared): List[] {
  const lists: List[] = blocks(row) ? ['blocking'] : [];
  if (row.verdict !== 'same') lists.push(row.verdict);
  else if (row.kind === 'case') lists.push(row.passes ? 'same' : 'wrong');
  return lists;
}

export function rowsByList(rows: readonly Compared[]): Record<List, Compared[]> {
  const lists = Object.fromEntries(LISTS.map((list) => [list, [] as Compared[]])) as Record<List, Compared[]>;
  for (const row of rows) for (const list of listOfRow(row)) lists[list].push(row);
  return lists;
}

/** What needs a look first: what stops the release, then what got worse. */
export const firstList = (lists: Record<List, Compared[]>): List =>
  LISTS.find((list) => lists[list].length > 0) ?? 'changed';

export interface Confused {
  expected: string;
  heard: string;
  count: number;
  texts: string[];
}

/** Which intents are taken for which, by the new version, most frequent first. */
export function confusions(rows: readonly Compared[]): Confused[] {
  const pairs = new Map<string, Confused>();
  for (const row of rows) {
    if (row.expected === undefined || row.after.intent === row.expected) continue;
    const key = `${row.expected} ${row.after.intent}`;
    const pair = pairs.get(key) ?? { expected: row.expected, heard: row.after.intent, count: 0, texts: [] };
    pair.count++;
    pair.texts.push(row.text);
    pairs.set(key, pair);
  }
  return [...pairs.values()].sort((a, b) => b.count - a.count || a.expected.localeCompare(b.expected));
}

export interface Scores {
  accuracy: number;
  macroF1: number;
  /** Part that it is not sure of: the bot asks back. */
  unsure: number;
}

/** How a version does on the test cases; null without any. */
export function scoresOf(rows: readonly Compared[], side: 'before' | 'after'): Scores | null {
  const cases = rows.filter((row) => row.expected !== undefined);
  if (cases.length === 0) return null;
  const right = (heard: Heard, expected: string) => heard.intent === expected;
  const intents = [...new Set(cases.map((row) => row.expected!))];
  const f1 = intents.map((intent) => {
    const wanted = cases.filter((row) => row.expected === intent);
    const hits = wanted.filter((row) => right(row[side], intent)).length;
    const claimed = cases.filter((row) => row[side].intent === intent).length;
    return (2 * hits) / (wanted.length + claimed);
  });
  return {
    accuracy: cases.filter((row) => right(row[side], row.expected!)).length / cases.length,
    macroF1: f1.reduce((sum, one) => sum + one, 0) / f1.length,
    unsure: cases.filter((row) => row[side].intent === 'unclear').length / cases.length,
  };
}

/** Whether something new is worth a release at all. */
export const changesNothing = (c: Comparison) => c.better + c.worse + c.turns_changed === 0;

/** Steps that a careful release goes by. */
export const SHARES = [5, 10, 20, 50, 100] as const;
/** The share that is offered next. */
export const nextShare = (now: number): number => SHARES.find((share) => share > now) ?? 100;
