// SPDX-License-Identifier: Apache-2.0
//
// Why a conversation is where it is, from the decisions that the server has stored. Of the bot's many turns only
// the one that led to something else answers that question.
import type { Detail } from '@xiaoer/protocol/wire';

type Reason = Detail['reasons'][number];

/** Every decision but those turns of the bot that were followed by another turn. */
export const tellingReasons = (reasons: readonly Reason[]): Reason[] =>
  reasons.filter((reason, at) => reason.kind !== 'turn' || (reasons[at + 1] && reasons[at + 1]!.kind !== 'turn'));

/** Why a person was asked for, in the server's words; empty while the bot has it. */
export function whyPerson(reasons: readonly Reason[]): string {
  const turns = tellingReasons(reasons).filter((reason) => reason.kind === 'turn' || reason.kind === 'queued');
  return turns.at(-1)?.text ?? '';
}
