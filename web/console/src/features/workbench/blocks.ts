// SPDX-License-Identifier: Apache-2.0
//
// A conversation's messages cut into what the stream shows line by line: days, messages, what is still being
// sent. Pure, so that the cutting can be tested without a screen.
import type { Message } from '@xiaoer/protocol/wire';
import type { Pending } from '../../live/threads.ts';
import { sameDay } from '../../ui/time.ts';

export type Block =
  | { key: string; kind: 'day'; at: string }
  | { key: string; kind: 'message'; message: Message; tail: boolean }
  | { key: string; kind: 'pending'; pending: Pending };

const SAME_BREATH_MS = 120_000;

export function blocksOf(messages: readonly Message[], pending: readonly Pending[]): Block[] {
  const blocks: Block[] = [];
  messages.forEach((message, at) => {
    const before = messages[at - 1];
    if (!before || !sameDay(before.at, message.at))
      blocks.push({ key: `day ${message.seq}`, kind: 'day', at: message.at });
    blocks.push({ key: String(message.seq), kind: 'message', message, tail: !goesOn(message, messages[at + 1]) });
  });
  for (const one of pending) blocks.push({ key: one.clientId, kind: 'pending', pending: one });
  return blocks;
}

/** The same person says more within two minutes: name and time stand once, under the last. */
function goesOn(message: Message, next: Message | undefined): boolean {
  return (
    next !== undefined &&
    next.kind !== 'system' &&
    message.kind !== 'system' &&
    (next.kind === 'note') === (message.kind === 'note') &&
    next.author.kind === message.author.kind &&
    next.author.id === message.author.id &&
    Date.parse(next.at) - Date.parse(message.at) < SAME_BREATH_MS
  );
}
