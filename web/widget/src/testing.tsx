// SPDX-License-Identifier: Apache-2.0
//
// What the widget's tests share: a server made of two functions and a socket held in the hand, and small makers of
// sessions, messages and cards. Only tests take this file in.
import { vi } from 'vitest';
import type {
  ClientFrame,
  Conversation,
  Message,
  OrderCard,
  ProductCard,
  ServerFrame,
  Session,
} from '@xiaoer/protocol';
import { Chat, type Options } from './chat.ts';

export const AT = '2026-11-21T10:00:00+08:00';

export const conversation = (more: Partial<Conversation> = {}): Conversation => ({
  id: 'c1',
  seq: 0,
  handler: 'bot',
  language: 'zh-CN',
  agent: null,
  queue: null,
  opened_at: AT,
  closed_at: null,
  rated: false,
  rating_open: false,
  agent_read: 0,
  ...more,
});

export const message = (seq: number, more: Partial<Message> = {}): Message => ({
  seq,
  kind: 'text',
  author: { kind: 'bot', name: '小二' },
  text: `第 ${seq} 句`,
  at: AT,
  conversation: 'c1',
  ...more,
});

export const order: OrderCard = {
  order_id: 'E1',
  status: 'shipped',
  status_text: '运输中',
  total_cents: 32900,
  currency: 'CNY',
  created_at: AT,
  items: [{ title: '登山鞋', sku_text: '42', quantity: 1, paid_cents: 32900, product: 'P1' }],
  trace: null,
};
export const product: ProductCard = {
  product_id: 'P1',
  title: '登山鞋',
  price_cents: 32900,
  currency: 'CNY',
  category: '鞋',
  in_stock: true,
};

export const session = (more: Partial<Session> = {}): Session => ({
  token: 's1',
  expires_at: '2099-01-01T00:00:00Z',
  visitor: 'v1',
  contact: { id: '1', name: '王', guest: false },
  shop: {
    id: 'shop',
    name: '示例',
    language: 'zh-CN',
    theme: '#d4380d',
    currency: 'CNY',
    time_zone: 'Asia/Shanghai',
    greeting: '您好',
    faq: ['怎么退货？'],
    quick: [{ label: '查物流' }],
    hours: '9:00–24:00',
    open_now: true,
    agents_online: 1,
  },
  guess: [],
  order: null,
  conversation: null,
  ...more,
});

export class Line {
  static last: Line;
  readyState = 0;
  sent: ClientFrame[] = [];
  onopen?: () => void;
  onmessage?: (e: { data: string }) => void;
  onclose?: () => void;
  constructor() {
    Line.last = this;
  }
  send(text: string) {
    this.sent.push(JSON.parse(text) as ClientFrame);
  }
  close() {
    this.readyState = 3;
  }
  say(frame: ServerFrame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  hear(m: Message) {
    this.say({ type: 'message', conversation: m.conversation, seq: m.seq, message: m });
  }
  ready(c: Conversation | null = null) {
    this.readyState = 1;
    this.onopen?.();
    this.say({ type: 'ready', role: 'buyer', conversation: c, seq: c?.seq ?? 0, at: AT });
  }
  of<T extends ClientFrame['type']>(type: T) {
    return this.sent.filter((f): f is Extract<ClientFrame, { type: T }> => f.type === type);
  }
}

export type Answers = Record<string, (body: unknown, url: URL) => unknown>;
export const problem = (status: number, code: string, detail = '') => ({
  status,
  code,
  detail,
  request_id: 'r1',
  problem: true,
});

/** Answers by "METHOD path"; what is not named is an empty page. */
export function serve(answers: Answers = {}) {
  const calls: { what: string; body: unknown; url: URL; authorization: string | null }[] = [];
  vi.stubGlobal('WebSocket', Line);
  vi.stubGlobal('fetch', async (input: string, init: RequestInit) => {
    const url = new URL(input);
    const what = `${init.method} ${url.pathname.replace('/api/v1/widget/', '')}`;
    const body = init.body ? JSON.parse(init.body as string) : undefined;
    calls.push({ what, body, url, authorization: new Headers(init.headers).get('authorization') });
    const made = answers[what]?.(body, url) ?? (what === 'POST sessions' ? session() : { items: [], next: null });
    const status = (made as { problem?: boolean }).problem ? (made as { status: number }).status : 200;
    return new Response(JSON.stringify(made), { status });
  });
  return calls;
}

export function makeChat(more: Partial<Options> = {}) {
  const tell = vi.fn();
  const paint = vi.fn();
  const chat = new Chat({ base: 'http://shop.test', channel: 'shop', locale: 'zh-CN', tell, paint, ...more });
  chat.show(true, false);
  return { chat, tell, paint };
}

export const settle = () => new Promise<void>((done) => setTimeout(done, 0));

/** Started, connected, and told that it is ready. */
export async function readyChat(more: Partial<Options> = {}, c: Conversation | null = null) {
  const made = makeChat(more);
  await made.chat.start();
  await settle();
  Line.last.ready(c);
  return made;
}
