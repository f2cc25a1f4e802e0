// SPDX-License-Identifier: Apache-2.0
//
// The chat without a screen: how it begins, sends, hears, survives a broken line, and changes its identity.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionRequest } from '@xiaoer/protocol';
import {
  conversation,
  Line,
  makeChat,
  message,
  order,
  problem,
  product,
  readyChat,
  serve,
  session,
  settle,
} from './testing.tsx';

beforeEach(() => localStorage.clear());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const said = (chat: { state: { items: { message: { text: string } }[] } }) =>
  chat.state.items.map((i) => i.message.text);

describe('beginning', () => {
  it('greets at the first visit and remembers the visitor', async () => {
    const calls = serve();
    const { chat, paint } = await readyChat();
    expect(chat.state.items).toHaveLength(1);
    expect(chat.state.items[0]).toMatchObject({
      greeting: true,
      message: { text: '您好', choices: [{ label: '怎么退货？' }] },
    });
    expect(paint).toHaveBeenCalledWith('#d4380d');
    await chat.start();
    expect((calls.filter((c) => c.what === 'POST sessions')[1]!.body as SessionRequest).visitor).toBe('v1');
  });

  it('puts the buyer’s likely questions before everybody’s, with the order that stands out', async () => {
    const guess = [{ label: '物流为什么不动了？', intent: 'ship_track', order_id: order.order_id }];
    serve({ 'POST sessions': () => session({ guess, order }) });
    const { chat } = await readyChat();
    expect(chat.state.items[0]!.message).toMatchObject({ order, choices: [guess[0], { label: '怎么退货？' }] });
    chat.choose(guess[0]!);
    await vi.waitFor(() => expect(Line.last.of('send')[0]).toMatchObject({ text: guess[0]!.label, choice: guess[0] }));
  });

  it('shows the open conversation without greeting again, and asks the line only for what is newer', async () => {
    serve({
      'POST sessions': () => session({ conversation: conversation({ seq: 2 }) }),
      'GET history': () => ({ items: [message(2), message(1)], next: null }),
    });
    const { chat } = await readyChat();
    expect(said(chat)).toEqual(['第 1 句', '第 2 句']);
    expect(Line.last.of('auth')[0]).toEqual({ type: 'auth', token: 's1', conversation: 'c1', since: 2 });
  });

  it('goes on as a guest when the shop’s token is not taken, and tells the page', async () => {
    serve({ 'POST sessions': (b) => ((b as SessionRequest).user_token ? problem(401, 'bad_token') : session()) });
    const { chat, tell } = await readyChat({ token: 'old' });
    expect(chat.state.phase).toBe('ready');
    expect(tell).toHaveBeenCalledWith('error', { code: 'bad_token' });
    expect(chat.state.notice?.text).toContain('访客');
  });

  it('says that it failed, with the request’s number, and begins again when asked', async () => {
    let broken = true;
    serve({ 'POST sessions': () => (broken ? problem(503, 'storage', '稍后再来') : session()) });
    const { chat } = makeChat();
    await chat.start();
    expect(chat.state).toMatchObject({ phase: 'failed', problem: { message: '稍后再来', request_id: 'r1' } });
    broken = false;
    await chat.start();
    expect(chat.state.phase).toBe('ready');
  });
});

describe('sending', () => {
  it('shows at once, then sent, then read', async () => {
    serve();
    const { chat } = await readyChat({}, conversation());
    chat.say('在吗');
    const [frame] = Line.last.of('send');
    expect(frame).toMatchObject({ kind: 'text', text: '在吗' });
    expect(chat.state.items[1]).toMatchObject({ own: true, delivery: 'sending' });
    Line.last.say({ type: 'ack', client_id: frame!.client_id, conversation: 'c1', seq: 1, at: message(1).at });
    expect(chat.state.items[1]).toMatchObject({ delivery: 'sent', message: { seq: 1 } });
    expect(chat.readTo()).toBe(0);
    Line.last.say({ type: 'read', conversation: 'c1', seq: 1, reader: 'agent' });
    expect(chat.readTo()).toBe(1);
  });

  it('keeps what is written while the line is down and sends it once when it is back', async () => {
    serve();
    const { chat } = await readyChat({}, conversation());
    Line.last.onclose?.();
    chat.say('断线时');
    await settle();
    Line.last.ready(conversation());
    const [frame] = Line.last.of('send');
    expect(frame?.text).toBe('断线时');
    Line.last.say({ type: 'ack', client_id: frame!.client_id, conversation: 'c1', seq: 1, at: message(1).at });
    expect(chat.state.items.filter((i) => i.own)).toHaveLength(1);
  });

  it('says why a message was refused, and sends again under the same name', async () => {
    serve();
    const { chat } = await readyChat({}, conversation());
    chat.sendOrder(order);
    const [frame] = Line.last.of('send');
    expect(frame).toMatchObject({ kind: 'order_card', order_id: 'E1' });
    Line.last.say({ type: 'error', client_id: frame!.client_id, code: 'not_yours', text: '不是您的订单' });
    const failed = chat.state.items[1]!;
    expect(failed).toMatchObject({ delivery: 'failed', why: '不是您的订单' });
    chat.resend(failed);
    expect(Line.last.of('send')[1]).toMatchObject({ client_id: frame!.client_id, kind: 'order_card', order_id: 'E1' });
  });

  it('marks as failed what is not acknowledged for long', async () => {
    serve();
    const { chat } = await readyChat({}, conversation());
    vi.useFakeTimers();
    chat.say('?');
    vi.advanceTimersByTime(20_000);
    expect(chat.state.items[1]!.delivery).toBe('failed');
  });

  it('sends what the buyer looks at beside the words', async () => {
    serve({ 'GET products/P1': () => product });
    const { chat } = await readyChat({}, conversation());
    chat.setContext({ page: 'https://s/p', product: { id: 'P1' }, order: { no: 'E9' } });
    chat.say('?');
    expect(Line.last.of('send')[0]!.context).toEqual({ page: 'https://s/p', product: 'P1', order: 'E9' });
  });

  it('offers the product, and sends it only when the buyer presses', async () => {
    serve({ 'GET products/P1': () => product });
    const { chat } = await readyChat({}, conversation());
    chat.setContext({ product: 'P1' });
    await settle();
    expect(chat.state.strip).toEqual({ kind: 'product', card: product });
    expect(Line.last.of('send')).toHaveLength(0);
    chat.sendProduct(product);
    expect(Line.last.of('send')[0]).toMatchObject({ kind: 'product_card', product_id: 'P1' });
    expect(chat.state.strip).toBeNull();
  });
});

describe('a person', () => {
  it('is asked for once, however often it is pressed', async () => {
    serve();
    const { chat, tell } = await readyChat({}, conversation());
    chat.human();
    chat.human();
    expect(Line.last.of('human')).toHaveLength(1);
    expect(chat.state.calling).toBe(true);
    Line.last.say({
      type: 'conversation',
      seq: 1,
      conversation: conversation({ handler: 'queue', queue: { position: 3, eta_seconds: 100, group: 'g' } }),
    });
    chat.human();
    expect(Line.last.of('human')).toHaveLength(1);
    expect(chat.state.calling).toBe(false);
    expect(tell).toHaveBeenCalledWith('queue', { pos: 3, etaSec: 100 });
    Line.last.say({
      type: 'conversation',
      seq: 2,
      conversation: conversation({ handler: 'agent', agent: { name: '林' } }),
    });
    expect(tell).toHaveBeenCalledWith('queue', null);
    expect(tell).toHaveBeenCalledWith('assigned', { name: '林' });
    Line.last.say({
      type: 'conversation',
      seq: 3,
      conversation: conversation({ handler: 'closed', rating_open: true }),
    });
    expect(tell).toHaveBeenCalledWith('ended');
  });

  it('can be asked for before we are ready', async () => {
    serve();
    const { chat } = makeChat();
    chat.callPerson('refunds');
    await chat.start();
    await settle();
    Line.last.ready(conversation());
    expect(Line.last.of('human')[0]).toMatchObject({ group: 'refunds' });
  });

  it('opens the rating when the server asks for it, and stores it', async () => {
    const calls = serve();
    const { chat, tell } = await readyChat({}, conversation({ handler: 'closed', rating_open: true }));
    Line.last.hear(message(1, { kind: 'rating_request', author: { kind: 'system', name: '' } }));
    await vi.waitFor(() => expect(chat.state.sheet).toBe('rating'));
    await chat.rate({ stars: 5, tags: ['fast'], solved: true });
    expect(calls.find((c) => c.what === 'POST conversations/c1/rating')?.body).toEqual({
      stars: 5,
      tags: ['fast'],
      solved: true,
    });
    expect(chat.state).toMatchObject({ sheet: null, conversation: { rated: true } });
    expect(tell).toHaveBeenCalledWith('rated', { stars: 5 });
  });
});

describe('hearing', () => {
  it('counts what is not seen and reads it when it is shown', async () => {
    serve();
    const { chat, tell } = await readyChat({}, conversation());
    chat.show(false, false);
    Line.last.hear(message(1));
    Line.last.hear(message(2));
    expect(tell).toHaveBeenLastCalledWith('message', expect.anything());
    expect(chat.state.unread).toBe(2);
    expect(Line.last.of('read')).toHaveLength(0);
    chat.show(true, false);
    expect(tell).toHaveBeenLastCalledWith('unread', 0);
    expect(Line.last.of('read')).toEqual([{ type: 'read', conversation: 'c1', seq: 2 }]);
  });

  it('shows a lost line only when it stays lost', async () => {
    serve();
    const { chat } = await readyChat({}, conversation());
    vi.useFakeTimers();
    Line.last.onclose?.();
    expect(chat.state.lost).toBe(false);
    await vi.advanceTimersByTimeAsync(1_600);
    expect(chat.state.lost).toBe(true);
    await vi.advanceTimersByTimeAsync(30_000);
    Line.last.ready(conversation());
    expect(chat.state.lost).toBe(false);
  });

  it('stops the dots by itself', async () => {
    serve();
    const { chat } = await readyChat({}, conversation());
    vi.useFakeTimers();
    Line.last.say({ type: 'typing', conversation: 'c1', seq: 1, author: 'bot', on: true });
    expect(chat.state.typing).toBe('bot');
    vi.advanceTimersByTime(8_000);
    expect(chat.state.typing).toBeNull();
  });
});

describe('identity', () => {
  it('gets a new token when the old one has expired in the middle', async () => {
    let expired = false;
    const calls = serve({
      'POST sessions': () => session({ token: expired ? 's2' : 's1' }),
      'GET orders': () =>
        expired && calls[calls.length - 1]!.authorization === 'Bearer s1'
          ? problem(401, 'bad_token')
          : { items: [order], next: null },
    });
    const { chat } = await readyChat();
    expired = true;
    expect(await chat.orders('')).toEqual([order]);
    expect(calls[calls.length - 1]!.authorization).toBe('Bearer s2');
  });

  it('begins again for another buyer and shows nothing of the one before', async () => {
    const calls = serve({
      'GET history': () => ({ items: [message(1, { text: '秘密' })], next: null }),
    });
    const { chat } = await readyChat({ token: 'a' });
    expect(said(chat)).toContain('秘密');
    chat.identify('b');
    await vi.waitFor(() => expect(chat.state.items).toHaveLength(0));
    await vi.waitFor(() => expect(chat.state.phase).toBe('ready'));
    expect(calls.filter((c) => c.what === 'POST sessions').map((c) => (c.body as SessionRequest).user_token)).toEqual([
      'a',
      'b',
    ]);
  });

  it('forgets everything at log-out', async () => {
    const calls = serve();
    const { chat } = await readyChat({ token: 'a' });
    expect(localStorage.length).toBe(1);
    chat.logout();
    await vi.waitFor(() => expect(calls.filter((c) => c.what === 'POST sessions')).toHaveLength(2));
    const asked = calls.filter((c) => c.what === 'POST sessions')[1]!;
    expect(asked.body).toEqual({ channel: 'shop', locale: 'zh-CN' });
    expect(asked.authorization).toBeNull();
  });
});
