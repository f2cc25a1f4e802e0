// SPDX-License-Identifier: Apache-2.0
//
// The list of what was said: order, no doubles, and what a choice remembers.
import { describe, expect, it } from 'vitest';
import { message } from '../testing.tsx';
import { acknowledge, chosen, deliver, insert, item, prepend, readUpTo, type Item } from './items.ts';

const mine = (client_id: string, seq = 0, text = client_id): ReturnType<typeof message> =>
  message(seq, { client_id, text, author: { kind: 'buyer', name: '' }, conversation: seq ? 'c1' : '' });
const texts = (items: Item[]) => items.map((i) => i.message.text);
const from = (...messages: ReturnType<typeof message>[]) => messages.reduce(insert, [] as Item[]);

describe('items', () => {
  it('puts a page of the history, newest first, before what is there, without doubles', () => {
    const now = from(message(3), message(4));
    expect(prepend(now, [message(3), message(2), message(1)]).map((i) => i.message.seq)).toEqual([1, 2, 3, 4]);
  });

  it('keeps the order by number when the line brings them late', () => {
    expect(from(message(1), message(3), message(2)).map((i) => i.message.seq)).toEqual([1, 2, 3]);
  });

  it('keeps what is not sent yet at the end', () => {
    const items = [...from(message(1)), { ...item(mine('a')), delivery: 'sending' as const }];
    expect(texts(insert(items, message(2)))).toEqual(['第 1 句', '第 2 句', 'a']);
  });

  it('makes one of a sent message, its acknowledgement and its echo, under the same key', () => {
    let items: Item[] = [{ ...item(mine('a')), delivery: 'sending' }];
    items = acknowledge(items, 'a', 'c1', 1, '2026-11-21T10:00:01+08:00');
    expect(items[0]).toMatchObject({ key: 'a', delivery: 'sent', message: { seq: 1, conversation: 'c1' } });
    items = insert(insert(items, mine('a', 1)), mine('a', 1));
    expect(items).toHaveLength(1);
    expect(items[0]!.key).toBe('a');
  });

  it('never shows an internal note', () => {
    expect(insert([], message(1, { kind: 'note' }))).toEqual([]);
    expect(prepend([], [message(1, { kind: 'note' })])).toEqual([]);
  });

  it('marks what failed, with the reason', () => {
    expect(deliver([item(mine('a'))], 'a', 'failed', '太长')[0]).toMatchObject({ delivery: 'failed', why: '太长' });
  });

  it('knows what was chosen, from the talk itself', () => {
    const question = message(1, { kind: 'choices', choices: [{ label: '甲' }, { label: '乙' }] });
    expect(chosen(from(question), 0)).toBeNull();
    expect(chosen(from(question, mine('x', 2, '等等')), 0)).toBeNull();
    expect(chosen(from(question, mine('x', 2, '等等'), mine('y', 3, '乙')), 0)).toBe('乙');
    const again = message(2, { kind: 'choices', choices: [{ label: '乙' }] });
    expect(chosen(from(question, again, mine('y', 3, '乙')), 0)).toBeNull();
  });

  it('takes an answer as a sign of having been read', () => {
    expect(readUpTo(from(mine('a', 1), message(2), mine('b', 3)), 'c1', 0)).toBe(2);
    expect(readUpTo(from(mine('a', 1)), 'c1', 1)).toBe(1);
  });
});
