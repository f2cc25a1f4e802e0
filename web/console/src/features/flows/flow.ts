// SPDX-License-Identifier: Apache-2.0
//
// A flow as people read and change it: its steps in words, its texts with their placeholders, its conditions. Documents
// are changed by copying: what was loaded stays as it was.
import type { Condition, FlowDoc, FlowFull, Step } from '../../api/flows.ts';

export const KINDS = ['need', 'check', 'confirm', 'act', 'say', 'offer', 'hand_over'] as const;
export type StepKind = (typeof KINDS)[number];

export const kindOf = (step: Step): StepKind => KINDS.find((kind) => step[kind] !== undefined) ?? 'say';

/** The key of the text that a step says or asks; null: none of its own. */
export function textKeyOf(step: Step): string | null {
  const kind = kindOf(step);
  if (kind === 'need' && !step.key && !step.is) return `flow.ask.${step.need}`;
  const key = kind === 'say' || kind === 'confirm' ? String(step[kind]) : (step.key ?? '');
  return key.startsWith('flow.') ? key : null;
}

/** Where a step stands: on the main way, or on a branch under its name. */
export interface Place {
  branch: string | null;
  at: number;
}
export const stepAt = (doc: FlowDoc, { branch, at }: Place): Step =>
  (branch === null ? doc.steps : doc.on![branch]!)[at]!;

export function withStep(doc: FlowDoc, place: Place, step: Step): FlowDoc {
  const change = (steps: Step[]) => steps.map((one, at) => (at === place.at ? step : one));
  if (place.branch === null) return { ...doc, steps: change(doc.steps) };
  return { ...doc, on: { ...doc.on, [place.branch]: change(doc.on![place.branch]!) } };
}

export function withText(doc: FlowDoc, language: string, key: string, text: string, shipped: string): FlowDoc {
  const own = { ...doc.texts?.[language] };
  if (text.trim() === '' || text === shipped) delete own[key];
  else own[key] = text;
  const texts = { ...doc.texts, [language]: own };
  const filled = Object.fromEntries(Object.entries(texts).filter(([, words]) => Object.keys(words).length > 0));
  const { texts: _before, ...rest } = doc;
  return Object.keys(filled).length > 0 ? { ...rest, texts: filled } : rest;
}

/** A condition without empty lists; none at all leaves the step without one. */
export function withCondition(step: Step, condition: Condition): Step {
  const named = Object.fromEntries(Object.entries(condition).filter(([, names]) => names && names.length > 0));
  const { if: _before, ...rest } = step;
  return Object.keys(named).length > 0 ? { ...rest, if: named } : rest;
}

export const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1]!))].sort();

/** Placeholders of @p text that the words it stands for do not have: nobody would fill them. */
export function unknownPlaceholders(text: string, original: string): string[] {
  const known = placeholders(original);
  return placeholders(text).filter((one) => !known.includes(one));
}

/** What is in use, or about to be: the draft, else the live one, else the shipped one. */
export const docOf = (flow: FlowFull): FlowDoc => flow.draft ?? flow.live ?? flow.shipped;

export const same = (a: FlowDoc, b: FlowDoc): boolean => JSON.stringify(a) === JSON.stringify(b);

/** All keys that the document's steps name, in their order. */
export function textKeys(doc: FlowDoc): string[] {
  const steps = [...doc.steps, ...Object.values(doc.on ?? {}).flat()];
  return [...new Set(steps.map(textKeyOf).filter((key): key is string => key !== null))];
}
