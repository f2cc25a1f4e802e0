// SPDX-License-Identifier: Apache-2.0
//
// The live socket as both apps use it: it stays connected, says who it is first, asks for what it missed and
// hands on every message once and in order. It knows the frames and their `seq`, not what they mean on a screen.
//
// Always true: a frame given to send() is sent again with the same client_id until the server acknowledged or
// refused it; a message is handed on at most once. Where a number is missing we either let the owner read again
// (a buyer: the hole is most often an internal note, which is not for them) or connect again and resume from the
// last one we have, because the server's replay is the only truth about order.
import type { ClientFrame, ServerFrame } from './wire.ts';

export type SockState = 'idle' | 'connecting' | 'ready' | 'waiting' | 'stopped';
export type Sendable = Extract<ClientFrame, { client_id: string }>;
type Told = Exclude<ClientFrame, { client_id: string } | { type: 'auth' }>;
type Refusal = Extract<ServerFrame, { type: 'error' }>;

export interface SockOptions {
  url: string;
  /** Asked before every connection; `rejected` when the server did not take the last ones. */
  credentials(rejected: boolean): Promise<{ token?: string; ticket?: string }>;
  onFrame(frame: ServerFrame): void;
  onState?(state: SockState, attempt: number): void;
  /** The server will never take this one: its sender should say so. */
  onRefused?(client_id: string, error: Refusal): void;
  /** A number after `after` did not come: read again by HTTP. Without it, we connect again instead. */
  onGap?(conversation: string, after: number): void;
  WebSocket?: new (url: string) => WebSocket;
}

const BACKOFF_MS = { first: 500, most: 30_000 };
const QUIET_MS = 25_000; // nothing heard for so long: ask
const ANSWER_MS = 10_000; // nothing heard after asking, or no `ready`: the line is dead
const RETRY_MS = 2_000;
const PASSING = new Set(['storage', 'rate_limited']); // refusals that mean "again, later"

/** A new name for something that is sent. Without TLS a browser has no randomUUID, but it has random numbers. */
export function newClientId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
}

export class Sock {
  state: SockState = 'idle';
  #o: SockOptions;
  #ws: WebSocket | null = null;
  #attempt = 0;
  #round = 0; // a promise or timer of an earlier connection sees another number and does nothing
  #rejected = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #conversation: string | null = null; // the buyer's own; staff watch many instead
  #last = new Map<string, number>(); // highest seq handed on, by conversation
  #acked = new Map<string, Set<number>>(); // our own messages that are stored but were not echoed yet
  #fresh = new Set<string>(); // watched just now: the first message may start anywhere
  #watched = new Set<string>();
  #pending = new Map<string, Sendable>(); // in the order of sending

  constructor(options: SockOptions) {
    this.#o = options;
    globalThis.addEventListener?.('online', this.nudge);
  }

  start(): void {
    if (this.state === 'idle' || this.state === 'stopped') void this.#connect();
  }

  stop(): void {
    globalThis.removeEventListener?.('online', this.nudge);
    this.#hangUp();
    this.#set('stopped');
  }

  /** Don't wait for the backoff: the network is back, or a person pressed "again". */
  nudge = (): void => {
    if (this.state === 'waiting') void this.#connect();
  };

  /** What was read by HTTP already: the replay starts after it. */
  seen(conversation: string, seq: number, mine = false): void {
    if (mine) this.#conversation = conversation;
    this.#last.set(conversation, Math.max(seq, this.#last.get(conversation) ?? 0));
  }

  watch(conversation: string, since: number): void {
    this.#watched.add(conversation);
    this.#last.set(conversation, since);
    if (this.state === 'ready') this.#watchNow(conversation);
  }

  unwatch(conversation: string): void {
    this.#watched.delete(conversation);
    this.#last.delete(conversation);
    this.tell({ type: 'unwatch', conversation });
  }

  /** At least once, until acknowledged or refused. */
  send(frame: Sendable): void {
    this.#pending.set(frame.client_id, frame);
    if (this.state === 'ready') this.#put(frame);
    else this.nudge();
  }

  /** At most once: what has no worth later (typing, read). False when nobody listens. */
  tell(frame: Told): boolean {
    if (this.state !== 'ready') return false;
    this.#put(frame);
    return true;
  }

  async #connect(): Promise<void> {
    this.#hangUp();
    const round = this.#round;
    this.#set('connecting');
    let credentials;
    try {
      credentials = await this.#o.credentials(this.#rejected);
    } catch {
      if (round === this.#round) this.#later();
      return;
    }
    if (round !== this.#round) return;
    const ws = (this.#ws = new (this.#o.WebSocket ?? WebSocket)(this.#o.url));
    ws.onopen = () => {
      const since = this.#last.get(this.#conversation ?? '') ?? 0;
      this.#put({ type: 'auth', ...credentials, conversation: this.#conversation, since });
    };
    ws.onmessage = (event: MessageEvent) => this.#hear(JSON.parse(event.data as string) as ServerFrame, round);
    ws.onclose = () => round === this.#round && this.#later();
    this.#guard(ANSWER_MS, () => this.#later());
  }

  #hear(frame: ServerFrame, round: number): void {
    if (round !== this.#round) return;
    if (this.state === 'ready') this.#expectMore();
    switch (frame.type) {
      case 'pong':
        return;
      case 'ready':
        if (frame.conversation) this.#conversation = frame.conversation.id;
        this.#attempt = 0;
        this.#rejected = false;
        this.#expectMore();
        this.#o.onFrame(frame);
        this.#set('ready');
        for (const conversation of this.#watched) this.#watchNow(conversation);
        this.#putPending();
        return;
      case 'ack':
        this.#pending.delete(frame.client_id);
        if (!this.#acked.has(frame.conversation)) this.#acked.set(frame.conversation, new Set());
        this.#acked.get(frame.conversation)?.add(frame.seq);
        break;
      case 'message':
        if (!this.#take(frame.conversation, frame.seq)) return;
        break;
      case 'error':
        if (frame.code === 'bad_token') {
          this.#rejected = true;
          return this.#later();
        }
        if (frame.client_id && PASSING.has(frame.code)) this.#again(frame.retry_after_ms ?? RETRY_MS);
        else if (frame.client_id && this.#pending.delete(frame.client_id)) this.#o.onRefused?.(frame.client_id, frame);
        break;
      case 'reconnect':
        return this.#later(frame.after_ms);
    }
    this.#o.onFrame(frame);
  }

  /** Whether this message is the next one. A duplicate is not; nor is one after a hole, which we go back for. */
  #take(conversation: string, seq: number): boolean {
    const last = this.#last.get(conversation) ?? 0;
    if (seq <= last) return false;
    const acked = this.#acked.get(conversation);
    let next = last + 1;
    while (next < seq && acked?.has(next)) next++;
    const replay = this.state !== 'ready' || this.#fresh.delete(conversation);
    const ours = this.#pending.size; // ours may be stored already, their acknowledgements on the way
    if (next + ours < seq && !replay) {
      if (!this.#o.onGap) {
        void this.#connect();
        return false;
      }
      this.#o.onGap(conversation, last);
    }
    this.#last.set(conversation, seq);
    acked?.forEach((stored) => stored <= seq && acked.delete(stored));
    return true;
  }

  #watchNow(conversation: string): void {
    this.#fresh.add(conversation);
    this.#put({ type: 'watch', conversation, since: this.#last.get(conversation) ?? 0 });
  }

  #put(frame: ClientFrame): void {
    if (this.#ws?.readyState === 1) this.#ws.send(JSON.stringify(frame));
  }

  #putPending(): void {
    for (const frame of this.#pending.values()) this.#put(frame);
  }

  #again(after_ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.state === 'ready' && this.#putPending(), after_ms);
  }

  /** Give this connection up and make another after a while: doubling, and never all clients at once. */
  #later(after_ms?: number): void {
    this.#hangUp();
    const most = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** this.#attempt++);
    this.#timer = setTimeout(() => void this.#connect(), (after_ms ?? most / 2) + (Math.random() * most) / 2);
    this.#set('waiting');
  }

  #hangUp(): void {
    this.#round++;
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    const ws = this.#ws;
    this.#ws = null;
    ws?.close();
  }

  #expectMore(): void {
    this.#guard(QUIET_MS, () => {
      this.#put({ type: 'ping' });
      this.#guard(ANSWER_MS, () => this.#later());
    });
  }

  #guard(after_ms: number, act: () => void): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(act, after_ms);
  }

  #set(state: SockState): void {
    this.state = state;
    this.#o.onState?.(state, this.#attempt);
  }
}
