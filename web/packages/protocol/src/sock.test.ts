// SPDX-License-Identifier: Apache-2.0
//
// The socket class against a socket that we hold in our hands and a clock that we turn: what a person would
// notice if it were wrong (a message twice, missing, out of order, or lost on the way) is a row here.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newClientId, Sock, type SockOptions } from './sock.ts';
import type { ClientFrame, Conversation, Message, ServerFrame } from './wire.ts';

class FakeSocket {
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: ClientFrame[] = [];
  onopen?: () => void;
  onmessage?: (e: { data: string }) => void;
  onclose?: () => void;
  constructor(public url: string) {
    FakeSocket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text) as ClientFrame);
  }
  close() {
    this.readyState = 3;
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  drop() {
    this.readyState = 3;
    this.onclose?.();
  }
  say(frame: ServerFrame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

const at = '2026-11-21T10:00:00+08:00';
const conversation = (id: string, seq: number): Conversation => ({
  id,
  seq,
  handler: 'bot',
  language: 'zh-CN',
  agent: null,
  queue: null,
  opened_at: at,
  closed_at: null,
  rated: false,
  rating_open: false,
  agent_read: 0,
});
const message = (seq: number, id = 'c1'): ServerFrame => {
  const body: Message = {
    seq,
    kind: 'text',
    author: { kind: 'bot', name: '小二' },
    text: `m${seq}`,
    at,
    conversation: id,
  };
  return { type: 'message', conversation: id, seq, message: body };
};
const ready = (seq: number, id = 'c1'): ServerFrame => ({
  type: 'ready',
  role: 'buyer',
  conversation: conversation(id, seq),
  seq,
  at,
});

const settle = () => vi.advanceTimersByTimeAsync(0);
const socket = () => FakeSocket.all[FakeSocket.all.length - 1]!;
const texts = (frames: ServerFrame[]) => frames.filter((f) => f.type === 'message').map((f) => f.seq);

function make(more: Partial<SockOptions> = {}) {
  const heard: ServerFrame[] = [];
  const credentials = vi.fn(async () => ({ token: 't' }));
  const sock = new Sock({
    url: 'ws://x/api/v1/live',
    credentials,
    onFrame: (f) => heard.push(f),
    WebSocket: FakeSocket as unknown as NonNullable<SockOptions['WebSocket']>,
    ...more,
  });
  return { sock, heard, credentials };
}

async function connected(more: Partial<SockOptions> = {}, seq = 0) {
  const all = make(more);
  all.sock.start();
  await settle();
  socket().open();
  socket().say(ready(seq));
  return all;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  FakeSocket.all = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('sock', () => {
  it('says who it is first, and where it stopped', async () => {
    const { sock } = make();
    sock.seen('c1', 7, true);
    sock.start();
    await settle();
    socket().open();
    expect(socket().sent).toEqual([{ type: 'auth', token: 't', conversation: 'c1', since: 7 }]);
  });

  it('sends what was written before the connection was ready, in order', async () => {
    const { sock } = make();
    sock.send({ type: 'send', client_id: 'a', text: '1' });
    sock.send({ type: 'send', client_id: 'b', text: '2' });
    sock.start();
    await settle();
    socket().open();
    expect(socket().sent).toHaveLength(1);
    socket().say(ready(0));
    expect(
      socket()
        .sent.slice(1)
        .map((f) => 'client_id' in f && f.client_id),
    ).toEqual(['a', 'b']);
  });

  it('sends again with the same client_id after a broken line, and not after the acknowledgement', async () => {
    const { sock } = await connected();
    sock.send({ type: 'send', client_id: 'a', text: '1' });
    sock.send({ type: 'send', client_id: 'b', text: '2' });
    socket().say({ type: 'ack', client_id: 'a', conversation: 'c1', seq: 1, at });
    socket().drop();
    expect(sock.state).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1000);
    socket().open();
    socket().say(ready(1));
    expect(socket().sent.slice(1)).toEqual([{ type: 'send', client_id: 'b', text: '2' }]);
  });

  it('hands a message on once', async () => {
    const { heard } = await connected();
    socket().say(message(1));
    socket().say(message(1));
    socket().say(message(2));
    socket().say(message(1));
    expect(texts(heard)).toEqual([1, 2]);
  });

  it('goes back for a missing message and resumes after the last it has', async () => {
    const { heard, sock } = await connected();
    socket().say(message(1));
    const first = socket();
    socket().say(message(3));
    await settle();
    expect(socket()).not.toBe(first);
    socket().open();
    expect(socket().sent[0]).toMatchObject({ type: 'auth', conversation: 'c1', since: 1 });
    socket().say(message(2));
    socket().say(message(3));
    socket().say(ready(3));
    first.say(message(9)); // what the old line still says does not count
    expect(texts(heard)).toEqual([1, 2, 3]);
    expect(sock.state).toBe('ready');
  });

  it('believes the replay when a number is not for this reader (an internal note)', async () => {
    const { heard } = await connected();
    socket().say(message(1));
    socket().say(message(3));
    await settle();
    socket().open();
    socket().say(message(3));
    socket().say(ready(3));
    socket().say(message(4));
    expect(texts(heard)).toEqual([1, 3, 4]);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it('lets its owner read again instead, and goes on', async () => {
    const onGap = vi.fn();
    const { heard } = await connected({ onGap });
    socket().say(message(1));
    socket().say(message(3));
    socket().say(message(4));
    expect(onGap.mock.calls).toEqual([['c1', 1]]);
    expect(texts(heard)).toEqual([1, 3, 4]);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it('does not take the number of a message on its way for a hole', async () => {
    const { sock, heard } = await connected();
    sock.send({ type: 'send', client_id: 'a', text: '?' });
    socket().say(message(2));
    expect(FakeSocket.all).toHaveLength(1);
    expect(texts(heard)).toEqual([2]);
  });

  it('counts its own acknowledged message as present, echoed or not', async () => {
    const { sock, heard } = await connected();
    socket().say(message(1));
    sock.send({ type: 'send', client_id: 'a', text: '?' });
    socket().say({ type: 'ack', client_id: 'a', conversation: 'c1', seq: 2, at });
    socket().say(message(3));
    expect(FakeSocket.all).toHaveLength(1);
    expect(texts(heard)).toEqual([1, 3]);
  });

  it('replays a newer conversation from its first message', async () => {
    const { sock, heard } = make();
    sock.seen('c1', 7, true);
    sock.start();
    await settle();
    socket().open();
    socket().say(message(1, 'c2'));
    socket().say(message(2, 'c2'));
    socket().say(ready(2, 'c2'));
    socket().drop();
    await vi.advanceTimersByTimeAsync(1000);
    socket().open();
    expect(socket().sent[0]).toMatchObject({ conversation: 'c2', since: 2 });
    expect(texts(heard)).toEqual([1, 2]);
  });

  it('waits longer after each failure, with a ceiling', async () => {
    const waits: number[] = [];
    const { sock } = make();
    sock.start();
    for (let i = 0; i < 9; i++) {
      await settle();
      const before = FakeSocket.all.length;
      socket().drop();
      let waited = 0;
      while (FakeSocket.all.length === before) {
        await vi.advanceTimersByTimeAsync(125);
        waited += 125;
      }
      waits.push(waited);
    }
    expect(waits.slice(0, 3)).toEqual([375, 750, 1500]);
    expect(waits[8]).toBe(22_500);
  });

  it('connects at once when the network is back', async () => {
    const { sock } = await connected();
    socket().drop();
    sock.nudge();
    await settle();
    expect(FakeSocket.all).toHaveLength(2);
  });

  it('asks when nothing was heard, and gives up a silent line', async () => {
    const { sock } = await connected();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(socket().sent[socket().sent.length - 1]).toEqual({ type: 'ping' });
    socket().say({ type: 'pong' });
    await vi.advanceTimersByTimeAsync(24_000);
    expect(sock.state).toBe('ready');
    await vi.advanceTimersByTimeAsync(11_100);
    expect(sock.state).toBe('waiting');
  });

  it('asks for new credentials when the server does not take the old ones', async () => {
    const { sock, credentials } = make();
    sock.start();
    await settle();
    socket().open();
    socket().say({ type: 'error', code: 'bad_token', text: '' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(credentials).toHaveBeenLastCalledWith(true);
    expect(sock.state).toBe('connecting');
  });

  it('tries again when storing failed or was too fast, and tells when it was refused', async () => {
    const onRefused = vi.fn();
    const { sock } = await connected({ onRefused });
    sock.send({ type: 'send', client_id: 'a', text: '1' });
    socket().say({ type: 'error', client_id: 'a', code: 'rate_limited', text: '', retry_after_ms: 3000 });
    expect(onRefused).not.toHaveBeenCalled();
    const before = socket().sent.length;
    await vi.advanceTimersByTimeAsync(3000);
    expect(socket().sent.slice(before)).toEqual([{ type: 'send', client_id: 'a', text: '1' }]);
    socket().say({ type: 'error', client_id: 'a', code: 'too_long', text: 'x' });
    expect(onRefused).toHaveBeenCalledWith('a', expect.objectContaining({ code: 'too_long' }));
  });

  it('leaves when the server asks to, and comes back after the given time', async () => {
    const { sock } = await connected();
    socket().say({ type: 'reconnect', after_ms: 2000 });
    expect(sock.state).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1900);
    expect(FakeSocket.all).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it('watches again after a broken line, from where each conversation stopped', async () => {
    const { sock } = make();
    sock.start();
    await settle();
    socket().open();
    socket().say({ type: 'ready', role: 'staff', seq: 0, at });
    sock.watch('c1', 4);
    socket().say(message(5));
    socket().drop();
    await vi.advanceTimersByTimeAsync(1000);
    socket().open();
    socket().say({ type: 'ready', role: 'staff', seq: 0, at });
    expect(socket().sent.slice(1)).toEqual([{ type: 'watch', conversation: 'c1', since: 5 }]);
  });

  it('says nothing of small worth into a broken line', async () => {
    const { sock } = await connected();
    socket().drop();
    expect(sock.tell({ type: 'typing', on: true })).toBe(false);
  });

  it('names what it sends, with TLS or without', () => {
    expect(newClientId()).not.toBe(newClientId());
    vi.stubGlobal('crypto', { getRandomValues: (a: Uint8Array) => a.fill(171) });
    expect(newClientId()).toBe('ab'.repeat(16));
    vi.unstubAllGlobals();
  });

  it('stops for good', async () => {
    const { sock } = await connected();
    sock.stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(FakeSocket.all).toHaveLength(1);
  });
});
