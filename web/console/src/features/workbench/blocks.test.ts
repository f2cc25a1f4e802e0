// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { message } from '../../test-data.ts';
import { blocksOf } from './blocks.ts';

it('puts a day before the first message of it, and name and time under the last words of one breath', () => {
  const blocks = blocksOf(
    [
      message(1, { at: '2026-11-19T12:00:00Z' }),
      message(2, { at: '2026-11-20T12:00:00Z' }),
      message(3, { at: '2026-11-20T12:00:30Z' }),
      message(4, { at: '2026-11-20T12:00:40Z', author: { kind: 'bot', name: '智能客服' } }),
      message(5, { at: '2026-11-20T12:09:00Z', author: { kind: 'bot', name: '智能客服' } }),
    ],
    [{ clientId: 'x', kind: 'text', text: '好', at: '', state: 'sending', code: '', error: '' }],
  );
  expect(
    blocks.map((block) => (block.kind === 'message' ? `${block.message.seq}${block.tail ? '.' : ''}` : block.kind)),
  ).toEqual(['day', '1.', 'day', '2', '3.', '4.', '5.', 'pending']);
});

it('does not join a note with a reply of the same person', () => {
  const agent = { kind: 'agent' as const, id: 'A02', name: '小雨' };
  const [, first] = blocksOf([message(1, { author: agent }), message(2, { author: agent, kind: 'note' })], []);
  expect(first).toMatchObject({ tail: true });
});
