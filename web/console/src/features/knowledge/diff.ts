// SPDX-License-Identifier: Apache-2.0
//
// What changed between two states of an entry. Pure. Texts are compared in words and single Han letters, so that a
// figure that became another one is seen as that.
import type { Conditions, KnowledgeText } from '@xiaoer/protocol/wire';
import { CONDITION_KINDS } from './draft.ts';

export interface Piece {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

const TOKEN = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}])+|\s+|[^]/gu;
const tokens = (text: string) => text.match(TOKEN) ?? [];
/** Beyond so many comparisons two texts are shown as one gone and one new. */
const MOST_CELLS = 1_500_000;

/** The later text with what was taken out of the earlier one. */
export function diffTexts(before: string, after: string): Piece[] {
  const [a, b] = [tokens(before), tokens(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const middle = between(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return joined([
    { kind: 'same', text: a.slice(0, head).join('') },
    ...middle,
    { kind: 'same', text: tail === 0 ? '' : a.slice(-tail).join('') },
  ]);
}

/** By the longest common sequence. */
function between(a: string[], b: string[]): Piece[] {
  if (a.length * b.length > MOST_CELLS)
    return [
      { kind: 'gone', text: a.join('') },
      { kind: 'new', text: b.join('') },
    ];
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let k = b.length - 1; k >= 0; k--)
      common[i * width + k] =
        a[i] === b[k]
          ? common[(i + 1) * width + k + 1]! + 1
          : Math.max(common[(i + 1) * width + k]!, common[i * width + k + 1]!);
  const pieces: Piece[] = [];
  let [i, k] = [0, 0];
  while (i < a.length || k < b.length) {
    if (i < a.length && k < b.length && a[i] === b[k]) {
      pieces.push({ kind: 'same', text: a[i]! });
      i++;
      k++;
    } else if (k === b.length || (i < a.length && common[(i + 1) * width + k]! >= common[i * width + k + 1]!)) {
      pieces.push({ kind: 'gone', text: a[i++]! });
    } else {
      pieces.push({ kind: 'new', text: b[k++]! });
    }
  }
  return pieces;
}

function joined(pieces: Piece[]): Piece[] {
  const list: Piece[] = [];
  for (const piece of pieces) {
    const last = list.at(-1);
    if (piece.text === '') continue;
    if (last?.kind === piece.kind) last.text += piece.text;
    else list.push({ ...piece });
  }
  return list;
}

export type ChangedField =
  'layer' | 'question' | 'answer' | 'similar' | 'conditions' | 'validity' | 'override' | 'archived' | 'back';
export interface Change {
  field: ChangedField;
  /** Of similar questions. */
  added: string[];
  removed: string[];
}

type State = KnowledgeText & { state: string };

const conditionsText = (conditions: Conditions) =>
  JSON.stringify(CONDITION_KINDS.map((kind) => conditions[kind] ?? []));

/** The fields that are otherwise, in the order in which people read an entry. */
export function changesBetween(before: State, after: State): Change[] {
  const changes: Change[] = [];
  const note = (field: ChangedField, added: string[] = [], removed: string[] = []) =>
    changes.push({ field, added, removed });
  const [was, is] = [before.state === 'archived', after.state === 'archived'];
  if (was !== is) note(is ? 'archived' : 'back');
  if (before.layer !== after.layer) note('layer');
  if (before.question !== after.question) note('question');
  const added = after.similar.filter((text) => !before.similar.includes(text));
  const removed = before.similar.filter((text) => !after.similar.includes(text));
  if (added.length + removed.length > 0) note('similar', added, removed);
  if (before.answer !== after.answer) note('answer');
  if (conditionsText(before.conditions) !== conditionsText(after.conditions)) note('conditions');
  if (before.valid_from !== after.valid_from || before.valid_to !== after.valid_to) note('validity');
  if (before.override !== after.override) note('override');
  return changes;
}
