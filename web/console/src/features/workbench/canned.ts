// SPDX-License-Identifier: Apache-2.0
//
// Canned replies while typing: where the slash word stands, which replies fit it, what they become when chosen.
// Pure functions; the menu in composer.tsx only draws them.
import type { Canned } from '@xiaoer/protocol/wire';

const MOST_SHOWN = 8;

/** The word after a `/` at the caret, when that slash starts a line or follows a space; else null. */
export function slashWord(text: string, caret: number): { from: number; word: string } | null {
  const found = /(^|\s)[/、]([^\s/]*)$/.exec(text.slice(0, caret));
  if (!found) return null;
  const word = found[2]!;
  return { from: caret - word.length - 1, word };
}

/** Own replies first, then those whose title starts with the word, then wherever it occurs. */
export function fitting(all: readonly Canned[], word: string): Canned[] {
  const wanted = word.toLowerCase();
  const rank = (one: Canned) => {
    const title = one.title.toLowerCase();
    if (title.startsWith(wanted)) return 0;
    if (title.includes(wanted)) return 1;
    return one.group.toLowerCase().includes(wanted) ? 2 : one.text.toLowerCase().includes(wanted) ? 3 : null;
  };
  return all
    .map((one) => ({ one, rank: rank(one) }))
    .filter((row): row is { one: Canned; rank: 0 | 1 | 2 | 3 } => row.rank !== null)
    .sort((a, b) => a.rank - b.rank || Number(b.one.scope === 'mine') - Number(a.one.scope === 'mine'))
    .slice(0, MOST_SHOWN)
    .map((row) => row.one);
}

export const VARIABLES = ['buyer', 'agent', 'shop'] as const;

/** `{buyer}`, `{agent}` and `{shop}` become names; other braces stay as they are. */
export function filled(text: string, names: Record<(typeof VARIABLES)[number], string>): string {
  return text.replace(/\{(buyer|agent|shop)\}/g, (_whole, name: (typeof VARIABLES)[number]) => names[name]);
}
