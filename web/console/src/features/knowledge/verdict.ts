// SPDX-License-Identifier: Apache-2.0
//
// What a try of the bot says, sorted for people: where the answer came from, which entry won over which and by what,
// and in which order the entries that were near are worth reading. Pure.
import type { Layer, Tryout } from '@xiaoer/protocol/wire';

export interface Won {
  id: string;
  layer: Layer;
  /** Why it won over `over`; of the only one that was near: "alone". */
  by: string;
  over: { id: string; layer: Layer } | null;
}

const REASON = /^(\w+) (\S+)(?: over (\w+) (\S+), by (\w+))? \([\d.]+\)/;

/** The entry that answered; null when none did. From the line that is kept with each turn. */
export function wonOf(tryout: Tryout): Won | null {
  if (tryout.understood?.source !== 'knowledge') return null;
  const said = REASON.exec(tryout.reason);
  const winner = tryout.knowledge.find((one) => one.verdict === 'won');
  if (said === null) return winner ? { id: winner.id, layer: winner.layer, by: 'alone', over: null } : null;
  const [, layer, id, overLayer, over, by] = said;
  return {
    id: id!,
    layer: layer as Layer,
    by: by ?? 'alone',
    over: over ? { id: over, layer: overLayer as Layer } : null,
  };
}

export type Origin = 'knowledge' | 'product' | 'flow' | 'policy' | 'small_talk' | 'fallback' | 'llm' | 'person';

/** Where the answer came from, in one word. */
export function originOf(tryout: Tryout): Origin {
  if (tryout.decision?.act === 'hand_over') return 'person';
  return (tryout.understood?.source as Origin | undefined) ?? 'fallback';
}

/**
 * What an entry was to the question. An entry that was nearest but did not answer, because the shop's own data knew
 * better, has not won: "spare".
 */
export function standingOf(tryout: Tryout, nth: number): string {
  const { verdict } = tryout.knowledge[nth]!;
  return verdict === 'won' && tryout.understood?.source !== 'knowledge' ? 'spare' : verdict;
}

const RUNNING = ['won', 'spare', 'offered', 'beaten'];
/** Verdicts of entries that another order, product or day would let in. */
const SHUT_OUT = ['not_yet', 'over', 'order_status', 'product', 'category', 'language', 'channel', 'tag'];

export const toneOf = (standing: string) =>
  standing === 'won' ? 'good' : standing === 'offered' ? 'info' : SHUT_OUT.includes(standing) ? 'warn' : 'mute';

/** Places in `knowledge`, the winner first, then the nearest. */
export function readingOrder(tryout: Tryout): number[] {
  const rank = (nth: number) => {
    const standing = standingOf(tryout, nth);
    return standing === 'won' || standing === 'spare' ? 0 : 1;
  };
  return tryout.knowledge
    .map((_one, nth) => nth)
    .sort((a, b) => rank(a) - rank(b) || tryout.knowledge[b]!.match - tryout.knowledge[a]!.match);
}

/** Nothing that the shop wrote answered it, and nothing else did: worth writing an entry. */
export const isMiss = (tryout: Tryout): boolean =>
  originOf(tryout) === 'fallback' && !tryout.knowledge.some((_one, nth) => RUNNING.includes(standingOf(tryout, nth)));
