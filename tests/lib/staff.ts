// SPDX-License-Identifier: Apache-2.0
//
// A person of a shop at work: signs in with a cookie, connects with a ticket, does what the console does.
import type { AgentStatus, Detail, Inbox, Me, Message, Page } from '@xiaoer/protocol/wire';
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Answer, Ask } from './http.ts';
import { Live } from './live.ts';
import type { Server } from './server.ts';

export const DEMO_PASSWORD = 'demo-2026';

export class Staff {
  me!: Me;
  cookie = '';
  live!: Live;

  constructor(
    readonly server: Server,
    readonly shop: string,
    readonly name: string,
  ) {}

  static async signIn(server: Server, shop: string, name: string, password = DEMO_PASSWORD): Promise<Staff> {
    const staff = new Staff(server, shop, name);
    await staff.signIn(password);
    return staff;
  }

  async signIn(password = DEMO_PASSWORD): Promise<void> {
    const body = { shop: this.shop, sign_in: this.name, password };
    this.take(await this.server.api('/auth/sign-in', { method: 'POST', body }));
  }

  /** Takes an invitation, as a new colleague does. */
  static async join(server: Server, shop: string, code: string, name: string, password: string): Promise<Staff> {
    const staff = new Staff(server, shop, name);
    const body = { code, sign_in: name, password };
    staff.take(await server.api('/auth/invitation', { method: 'POST', body }));
    return staff;
  }

  /** Signed in, connected, and ready for buyers. */
  static async online(server: Server, shop: string, name: string, password = DEMO_PASSWORD): Promise<Staff> {
    const staff = await Staff.signIn(server, shop, name, password);
    await staff.connect();
    await staff.status('online');
    return staff;
  }

  private take(answer: Answer): void {
    expect(answer.status, answer.text).toBe(200);
    const cookie = answer.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toMatch(/^xiaoer_session=[^;]+; Path=\/; HttpOnly; SameSite=Strict/);
    this.cookie = cookie.split(';')[0]!;
    this.me = (answer.json as { me: Me }).me;
  }

  api(path: string, ask: Ask = {}): Promise<Answer> {
    const write = (ask.method ?? 'GET') !== 'GET';
    return this.server.api(path, {
      cookie: this.cookie,
      ...ask,
      headers: { ...(write ? { 'X-Xiaoer': '1' } : {}), ...ask.headers },
    });
  }

  async get<T = any>(path: string): Promise<T> {
    const answer = await this.api(path);
    expect(answer.status, `GET ${path}: ${answer.text}`).toBe(200);
    return answer.json as T;
  }

  post(path: string, body?: object, headers?: Record<string, string>): Promise<Answer> {
    return this.api(path, { method: 'POST', ...(body ? { body } : {}), ...(headers ? { headers } : {}) });
  }

  async ticket(): Promise<string> {
    const answer = await this.post('/auth/ticket');
    expect(answer.status, answer.text).toBe(200);
    return (answer.json as { ticket: string }).ticket;
  }

  async connect(): Promise<void> {
    const ticket = await this.ticket();
    this.live = await Live.open(this.server.port);
    this.live.send({ type: 'auth', ticket });
    await this.live.wait('ready', (f) => f.role === 'staff');
  }

  async status(status: AgentStatus): Promise<Me> {
    const answer = await this.api('/me/status', { method: 'PUT', body: { status } });
    expect(answer.status, answer.text).toBe(200);
    return answer.json as Me;
  }

  inbox(tab: 'mine' | 'queue' | 'bot' | 'closed', more = ''): Promise<Inbox> {
    return this.get<Inbox>(`/conversations?tab=${tab}${more}`);
  }

  detail(id: string): Promise<Detail> {
    return this.get<Detail>(`/conversations/${id}`);
  }

  async messages(id: string): Promise<Message[]> {
    return (await this.get<Page<Message>>(`/conversations/${id}/messages?limit=100`)).items.reverse();
  }

  /** Says something in a conversation over the socket. */
  async say(conversation: string, text: string, kind: 'text' | 'note' = 'text') {
    const client_id = randomUUID();
    this.live.send({ type: 'send', conversation, client_id, kind, text });
    return this.live.answer(client_id);
  }

  /** The row of a conversation as the inbox tells it when it becomes ours. */
  given(conversation: string, ms = 8_000) {
    return this.live.wait('inbox', (f) => f.item.id === conversation && f.item.agent?.id === this.me.id, ms);
  }

  async close(): Promise<void> {
    await this.live?.close();
  }
}
