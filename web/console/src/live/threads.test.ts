// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { message } from '../test-data.ts';
import {
  MOST_THREADS,
  acknowledged,
  addHistory,
  addMessages,
  discarded,
  keepThread,
  newThread,
  refused,
  startSending,
  type AsMessage,
  type Pending,
  type Threads,
} from './threads.ts';

const pending = (clientId: string): Pending => ({
  clientId,
  kind: 'text',
  text: '好的',
  at: '2026-11-20T10:00:00Z',
  state: 'sending',
  code: '',
  error: '',
});
const asMessage: AsMessage = (sent, seq, at) =>
  message(seq, { text: sent.text, client_id: sent.clientId, at, author: { kind: 'agent', id: 'A02', name: '小雨' } });
const seqs = (thread: { messages: { seq: number }[] }) => thread.messages.map((one) => one.seq);

describe('messages', () => {
  it('stand in order, each once, however they arrive', () => {
    const thread = addMessages(addMessages(newThread(0), [message(3), message(1)]), [message(2), message(3)]);
    expect(seqs(thread)).toEqual([1, 2, 3]);
  });

  it('of the buyer end the typing dots', () => {
    expect(addMessages({ ...newThread(0), typingUntil: 9e15 }, [message(1)]).typingUntil).toBe(0);
  });
});

describe('history', () => {
  it('is put before what is here', () => {
    const thread = addHistory(
      addHistory(newThread(0), [message(12), message(11)], false),
      [message(10), message(9)],
      true,
    );
    expect(seqs(thread)).toEqual([9, 10, 11, 12]);
    expect(thread.complete).toBe(true);
  });

  it('never leaves a hole: a page that does not touch replaces', () => {
    const thread = addHistory(addMessages(newThread(0), [message(1), message(2)]), [message(9), message(8)], false);
    expect(seqs(thread)).toEqual([8, 9]);
    expect(thread.complete).toBe(false);
  });
});

describe('what I send', () => {
  it('becomes a message when it is acknowledged', () => {
    const thread = acknowledged(startSending(newThread(0), pending('a')), 'a', 5, '2026-11-20T10:00:01Z', asMessage);
    expect(thread.pending).toEqual([]);
    expect(thread.messages[0]).toMatchObject({ seq: 5, text: '好的', client_id: 'a' });
  });

  it('is shown once when the message comes before its acknowledgement', () => {
    const echoed = addMessages(startSending(newThread(0), pending('a')), [message(5, { client_id: 'a' })]);
    expect(echoed.pending).toEqual([]);
    expect(acknowledged(echoed, 'a', 5, '', asMessage).messages).toHaveLength(1);
  });

  it('is shown once when the acknowledgement comes first', () => {
    const acked = acknowledged(startSending(newThread(0), pending('a')), 'a', 5, '', asMessage);
    expect(addMessages(acked, [message(5, { client_id: 'a' })]).messages).toHaveLength(1);
  });

  it('stays with its reason when refused, until sent again or given up', () => {
    const failed = refused(startSending(newThread(0), pending('a')), 'a', 'closed', '会话已结束');
    expect(failed.pending[0]).toMatchObject({ state: 'failed', code: 'closed', error: '会话已结束' });
    expect(startSending(failed, pending('a')).pending).toHaveLength(1);
    expect(discarded(failed, 'a').pending).toEqual([]);
  });
});

describe('memory', () => {
  it('forgets the longest unused conversation, never one that still sends', () => {
    let threads: Threads = { sending: startSending(newThread(0), pending('a')) };
    for (let at = 1; at <= MOST_THREADS; at++) threads = keepThread(threads, `C${at}`, newThread(at));
    expect(Object.keys(threads)).toHaveLength(MOST_THREADS);
    expect(threads).toHaveProperty('sending');
    expect(threads).not.toHaveProperty('C1');
  });
});
