// SPDX-License-Identifier: Apache-2.0
//
// A buyer of a shop: session, live socket, and the bookkeeping that a good client does. It holds the server to its
// word while it listens: what comes for a conversation comes once, and in order.
import type { Choice, ClientFrame, Conversation, Message, Page, ServerFrame, Session } from '@xiaoer/protocol/wire';
import { createHmac, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Answer, Ask } from './http.ts';
import { Live } from './live.ts';
import { until } from './program.ts';
import type { Server } from './server.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64url');

/** A buyer's token as the merchant's own server signs it. */
export function jwt(secret: string, claims: object, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const head = `${base64(JSON.stringify(header))}.${base64(JSON.stringify(claims))}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

/** What a merchant's server signs for a buyer: good for an hour. */
export const claimsOf = (shop: string, buyer: string, later = 0) => ({
  aud: shop,
  sub: buyer,
  name: buyer,
  exp: Math.floor((Date.now() + later) / 1000) + 3600,
});

type SendFrame = Extract<ClientFrame, { type: 'send' }>;

export interface Sent {
  client_id: string;
  conversation: string;
  seq: number;
  at: string;
}

export class Buyer {
  session!: Session;
  live!: Live;
  conversation: Conversation | null = null;
  /** Last seq known, by conversation: what `since` says at the next connect. */
  readonly seen = new Map<string, number>();
  readonly messages: Message[] = [];
  private readonly got = new Set<string>();
  private readonly last = new Map<string, number>();
  readonly faults: string[] = [];

  constructor(
    readonly server: Server,
    readonly shop: string,
    readonly id: string | null,
    private readonly secret?: string,
  ) {}

  /** Signed in and connected. `id` null: a guest. `secret`: of a shop that is no demo shop. */
  static async open(server: Server, shop: string, id: string | null, secret?: string): Promise<Buyer> {
    const buyer = new Buyer(server, shop, id, secret);
    await buyer.signIn();
    await buyer.connect();
    return buyer;
  }

  private async merchantToken(): Promise<string | undefined> {
    if (this.id === null) return undefined;
    if (this.secret !== undefined) return jwt(this.secret, claimsOf(this.shop, this.id, this.server.later));
    const answer = await this.server.http(`/demo/token?shop=${this.shop}&buyer=${this.id}`);
    expect(answer.status, answer.text).toBe(200);
    return (answer.json as { token: string }).token;
  }

  async signIn(more: object = {}): Promise<void> {
    const user_token = await this.merchantToken();
    const body = { channel: this.shop, ...(user_token ? { user_token } : {}), ...more };
    const answer = await this.server.api('/widget/sessions', { method: 'POST', body });
    expect(answer.status, answer.text).toBe(200);
    this.session = answer.json as Session;
    this.conversation = this.session.conversation;
  }

  async connect(named: { conversation?: string | null; since?: number } = {}): Promise<void> {
    const conversation = 'conversation' in named ? named.conversation : (this.conversation?.id ?? null);
    const since = named.since ?? (conversation ? (this.seen.get(conversation) ?? 0) : 0);
    this.live = await Live.open(this.server.port);
    this.live.onFrame = (frame) => this.hear(frame);
    this.live.send({ type: 'auth', token: this.session.token, conversation, since });
    const ready = await this.live.wait('ready');
    this.conversation = ready.conversation ?? null;
  }

  private hear(frame: ServerFrame): void {
    if (frame.type === 'conversation') this.conversation = frame.conversation;
    if (frame.type === 'ack')
      this.seen.set(frame.conversation, Math.max(this.seen.get(frame.conversation) ?? 0, frame.seq));
    if (frame.type !== 'message') return;
    const key = `${frame.conversation}/${frame.seq}`;
    if (this.got.has(key)) this.faults.push(`${key} came twice`);
    this.got.add(key);
    if (frame.message.kind === 'note') this.faults.push(`${key} is a note, which buyers must never see`);
    const before = this.last.get(frame.conversation) ?? 0;
    if (before >= frame.seq) this.faults.push(`${key} came after ${before}`);
    this.last.set(frame.conversation, frame.seq);
    this.messages.push(frame.message);
    this.seen.set(frame.conversation, Math.max(this.seen.get(frame.conversation) ?? 0, frame.seq));
  }

  /** A new socket for the same buyer: what was received before is kept. */
  async reconnect(hard = false): Promise<void> {
    await this.live.close(hard);
    await this.connect();
  }

  /** The server forgot nothing: a socket that starts at zero may hear everything again. */
  forget(): void {
    this.seen.clear();
    this.got.clear();
    this.last.clear();
    this.messages.length = 0;
  }

  // ---- doing ------------------------------------------------------------------------------------------------

  /** Sends, and gives what came back: an ack, or an error frame. */
  async try(frame: Partial<SendFrame>, ms?: number) {
    const client_id = frame.client_id ?? randomUUID();
    const from = this.live.frames.length;
    this.live.send({ type: 'send', ...frame, client_id });
    return this.live.answer(client_id, ms, from);
  }

  /** Sends a text and waits until it is stored. */
  async say(text: string, more: { client_id?: string; conversation?: string; choice?: Choice } = {}): Promise<Sent> {
    const answer = await this.try({ text, ...more });
    if (answer.type === 'error') throw new Error(`"${text}" was refused: ${JSON.stringify(answer)}`);
    return answer as Sent;
  }

  /** Sends a text and waits for the last of what the bot, or the house, says to it. */
  async ask(text: string, more: { choice?: Choice } = {}): Promise<Message[]> {
    const before = this.messages.length;
    const sent = await this.say(text, more);
    await until(`an answer to "${text}"`, () =>
      this.messages.slice(before).some((m) => m.seq > sent.seq && m.author.kind !== 'buyer'),
    );
    return this.messages.slice(before);
  }

  async human(group?: string): Promise<Sent> {
    const client_id = randomUUID();
    this.live.send({ type: 'human', client_id, ...(group ? { group } : {}) });
    const answer = await this.live.answer(client_id);
    if (answer.type === 'error') throw new Error(`human was refused: ${JSON.stringify(answer)}`);
    return answer as Sent;
  }

  handler(handler: Conversation['handler'], ms = 8_000): Promise<Conversation> {
    return until(
      `handler ${handler}`,
      () => (this.conversation?.handler === handler ? this.conversation : null),
      ms,
      20,
    );
  }

  // ---- asking -----------------------------------------------------------------------------------------------

  api(path: string, ask: Ask = {}): Promise<Answer> {
    return this.server.api(`/widget${path}`, { token: this.session.token, ...ask });
  }

  /** Everything that was ever said, oldest first, through the pages of the API. */
  async history(): Promise<Message[]> {
    const all: Message[] = [];
    let before = '';
    for (;;) {
      const answer = await this.api(`/history?limit=100${before && `&before=${before}`}`);
      expect(answer.status, answer.text).toBe(200);
      const page = answer.json as Page<Message>;
      all.push(...page.items);
      if (page.next === null) return all.reverse();
      before = page.next;
    }
  }

  async close(): Promise<void> {
    await this.live.close();
    expect(this.faults).toEqual([]);
  }
}
