// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from 'vitest';
import { ME, message, row } from '../test-data.ts';
import { unreadOf, useLive } from './store.ts';

const live = () => useLive.getState();
beforeEach(() => live().signIn(ME, '小雨'));

describe('frames', () => {
  it('of unknown conversations are not kept: their rows tell enough', () => {
    live().take({ type: 'message', conversation: 'C1', seq: 1, message: message(1) });
    expect(live().threads).toEqual({});
  });

  it('bring messages, reading and typing into an opened conversation', () => {
    live().putHistory('C1', [message(1)], true);
    live().take({ type: 'typing', conversation: 'C1', seq: 1, author: 'buyer', on: true });
    expect(live().threads.C1!.typingUntil).toBeGreaterThan(Date.now());
    live().take({ type: 'message', conversation: 'C1', seq: 2, message: message(2) });
    live().take({ type: 'read', conversation: 'C1', seq: 2, reader: 'buyer' });
    expect(live().threads.C1).toMatchObject({ typingUntil: 0, buyerRead: 2 });
    expect(live().threads.C1!.messages).toHaveLength(2);
  });

  it('acknowledge and refuse what was sent', () => {
    const pending = {
      clientId: 'x',
      kind: 'note' as const,
      text: '先安抚',
      at: '',
      state: 'sending' as const,
      code: '',
      error: '',
    };
    live().send('C1', pending);
    live().take({ type: 'ack', client_id: 'x', conversation: 'C1', seq: 3, at: '2026-11-20T10:00:00Z' });
    expect(live().threads.C1!.messages[0]).toMatchObject({ kind: 'note', author: { id: ME, name: '小雨' } });
    live().send('C1', { ...pending, clientId: 'y' });
    live().take({ type: 'error', client_id: 'y', code: 'closed', text: '会话已结束' });
    expect(live().threads.C1!.pending[0]).toMatchObject({ state: 'failed', error: '会话已结束' });
  });

  it('set the clock by the server’s', () => {
    live().take({ type: 'ready', role: 'staff', seq: 0, at: new Date(Date.now() + 60_000).toISOString() });
    expect(live().skewMs).toBeGreaterThan(59_000);
  });

  it('end a conversation in the list at once', () => {
    live().putRow(row('C1'));
    const conversation = {
      id: 'C1',
      seq: 11,
      handler: 'closed' as const,
      language: 'zh',
      agent: null,
      queue: null,
      opened_at: '',
      closed_at: '2026-11-20T10:00:00Z',
      rated: false,
      rating_open: true,
      agent_read: 0,
    };
    live().take({ type: 'conversation', seq: 11, conversation });
    expect(live().rows.byId.C1).toMatchObject({ handler: 'closed', agent: null });
  });
});

it('counts only my own unread messages', () => {
  live().putRow(row('1', { unread: 2 }));
  live().putRow(row('2', { unread: 5, agent: { id: 'A09', name: '周周' } }));
  live().putRow(row('3', { unread: 4, handler: 'queue', agent: null }));
  expect(unreadOf(live().rows, ME)).toBe(2);
});
