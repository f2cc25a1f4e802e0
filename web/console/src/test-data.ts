// SPDX-License-Identifier: Apache-2.0
//
// Rows and messages for tests: a whole one each, of which a test names only what it is about.
import type { InboxItem, Message } from '@xiaoer/protocol/wire';

export const ME = 'A02';

export function row(id: string, part: Partial<InboxItem> = {}): InboxItem {
  return {
    id,
    seq: 10,
    handler: 'agent',
    agent: { id: ME, name: '小雨' },
    group: 'aftersale',
    contact: { id: `B-${id}`, name: '陈子涵' },
    channel: 'web',
    language: 'zh',
    topic: '换货',
    last: { author: 'buyer', text: '在吗', at: '2026-11-20T10:00:00+08:00' },
    unread: 1,
    waiting_since: '2026-11-20T10:00:00+08:00',
    opened_at: '2026-11-20T09:50:00+08:00',
    queued_at: null,
    closed_at: null,
    needs_person: false,
    rating: null,
    ...part,
  };
}

export function message(seq: number, part: Partial<Message> = {}): Message {
  return {
    seq,
    kind: 'text',
    author: { kind: 'buyer', id: 'B1', name: '陈子涵' },
    text: `第 ${seq} 条`,
    at: new Date(Date.UTC(2026, 10, 20, 2, 0, seq)).toISOString(),
    conversation: 'C1',
    ...part,
  };
}
