// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { ME, row } from '../test-data.ts';
import { NO_ROWS, listOf, putPage, putRow, seen, tabOf } from './rows.ts';

const page = { tab: 'queue' as const, me: ME, askedAt: 100, now: 150, whole: true };
const inbox = (...items: ReturnType<typeof row>[]) => ({
  items,
  next: null,
  counts: { mine: 0, queue: items.length, bot: 0, closed: 0 },
});

describe('which tab a conversation is on', () => {
  it.each([
    ['mine when I am its agent', row('1'), 'mine'],
    ['none when a colleague is', row('1', { agent: { id: 'A09', name: '周周' } }), null],
    ['the queue while nobody has it', row('1', { handler: 'queue', agent: null }), 'queue'],
    ['the bot’s', row('1', { handler: 'bot', agent: null }), 'bot'],
    ['ended, whoever had it', row('1', { handler: 'closed' }), 'closed'],
  ])('%s', (_name, item, tab) => expect(tabOf(item, ME)).toBe(tab));
});

describe('a row that arrives', () => {
  it('moves between tabs and their counts when it changes hands', () => {
    const queued = putRow(
      { ...NO_ROWS, counts: { mine: 0, queue: 0, bot: 0, closed: 0 } },
      row('1', { handler: 'queue', agent: null }),
      ME,
      1,
    );
    expect(queued.counts.queue).toBe(1);
    const mine = putRow(queued, row('1', { seq: 11 }), ME, 2);
    expect(mine.counts).toMatchObject({ mine: 1, queue: 0 });
    expect(listOf(mine, 'mine', ME, 'wait')).toHaveLength(1);
  });

  it('never goes back to an older state', () => {
    const rows = putRow(NO_ROWS, row('1', { seq: 12, topic: '退款' }), ME, 1);
    expect(putRow(rows, row('1', { seq: 11, topic: '旧' }), ME, 2).byId['1']!.topic).toBe('退款');
  });

  it('stays read when the answer that was under way still counts it unread', () => {
    const rows = seen(putRow(NO_ROWS, row('1', { seq: 12, unread: 2 }), ME, 1), '1', 12);
    expect(rows.byId['1']!.unread).toBe(0);
    expect(putRow(rows, row('1', { seq: 12, unread: 2 }), ME, 2).byId['1']!.unread).toBe(0);
    expect(putRow(rows, row('1', { seq: 13, unread: 1 }), ME, 3).byId['1']!.unread).toBe(1);
  });
});

describe('a page that arrives', () => {
  const queued = (id: string) => row(id, { handler: 'queue', agent: null });

  it('removes what it no longer lists', () => {
    const before = putRow(NO_ROWS, queued('gone'), ME, 50);
    expect(Object.keys(putPage(before, inbox(queued('here')), page).byId)).toEqual(['here']);
  });

  it('keeps what came by live frame after it was asked for', () => {
    const before = putRow(NO_ROWS, queued('new'), ME, 120);
    expect(Object.keys(putPage(before, inbox(queued('here')), page).byId).sort()).toEqual(['here', 'new']);
  });

  it('keeps the conversation on screen, other tabs, and everything when it is a search', () => {
    const before = putRow(putRow(NO_ROWS, queued('open'), ME, 50), row('mine'), ME, 50);
    expect(putPage(before, inbox(), { ...page, keep: 'open' }).byId).toHaveProperty('open');
    expect(putPage(before, inbox(), page).byId).toHaveProperty('mine');
    expect(putPage(before, inbox(), { ...page, whole: false }).byId).toHaveProperty('open');
  });
});

describe('the order of a tab', () => {
  const early = row('early', { waiting_since: '2026-11-20T09:00:00+08:00' });
  const late = row('late', { waiting_since: '2026-11-20T09:30:00+08:00' });
  const answered = row('answered', {
    waiting_since: null,
    last: { author: 'agent', text: '好', at: '2026-11-20T10:30:00+08:00' },
  });
  const rows = [late, answered, early].reduce((all, item) => putRow(all, item, ME, 1), NO_ROWS);

  it('shows the longest wait first, the answered last', () =>
    expect(listOf(rows, 'mine', ME, 'wait').map((item) => item.id)).toEqual(['early', 'late', 'answered']));
  it('shows the newest words first when asked to', () =>
    expect(listOf(rows, 'mine', ME, 'newest')[0]!.id).toBe('answered'));
  it('shows who needs a person first at the bot', () => {
    const calm = row('calm', { handler: 'bot', agent: null });
    const angry = row('angry', {
      handler: 'bot',
      agent: null,
      needs_person: true,
      last: { author: 'buyer', text: '', at: '2026-11-20T01:00:00Z' },
    });
    const bot = putRow(putRow(NO_ROWS, calm, ME, 1), angry, ME, 1);
    expect(listOf(bot, 'bot', ME, 'wait').map((item) => item.id)).toEqual(['angry', 'calm']);
  });
});
