// SPDX-License-Identifier: Apache-2.0
//
// A shop's own system for tests: the reference server of adapters/reference, with a line before it that can be bad.
import { createServer, request, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
// @ts-expect-error plain JavaScript, as shops copy it
import { serve, Shop, sign, tell } from '../../adapters/reference/server.mjs';
import { file } from './shop.ts';

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export { sign };

/** What the line does with a call of `/actions`. */
export type Line =
  | 'good'
  | 'down' // nobody there
  | 'hangs' // the shop does it, and the answer is lost: nothing comes back
  | 'lost' // the shop does it, and the connection breaks
  | 'nonsense' // something answers, and it is no answer
  | 'pending'; // the shop says that it is at work on it

export class ShopSystem {
  line: Line = 'good';
  /** Every call of `/actions`, as it arrived. */
  readonly calls: { key: string; action: string; id: string; seconds: string }[] = [];
  private readonly hanging: ServerResponse[] = [];

  private constructor(
    readonly shop: any,
    private readonly inner: HttpServer,
    private readonly outer: HttpServer,
  ) {}

  static async open(rows: { orders: object[]; products: object[] }, secrets = [SECRET]): Promise<ShopSystem> {
    const shop = new Shop(file('shop.json', JSON.stringify(rows)));
    const inner: HttpServer = await serve(shop, secrets);
    const outer = createServer();
    const system = new ShopSystem(shop, inner, outer);
    outer.on('request', (rq, rs) => void system.pass(rq, rs));
    await new Promise<void>((done) => outer.listen(0, '127.0.0.1', done));
    return system;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.outer.address() as AddressInfo).port}`;
  }

  private forward(rq: IncomingMessage, body: string): Promise<{ status: number; text: string }> {
    const port = (this.inner.address() as AddressInfo).port;
    return new Promise((done, fail) => {
      const { method, url, headers } = rq;
      const on = request({ host: '127.0.0.1', port, path: url, method, headers, agent: false }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => done({ status: answer.statusCode ?? 0, text }));
      });
      on.on('error', fail);
      on.end(body);
    });
  }

  private async pass(rq: IncomingMessage, rs: ServerResponse): Promise<void> {
    let body = '';
    for await (const part of rq.setEncoding('utf8')) body += part;
    const line = rq.url === '/actions' ? this.line : this.line === 'down' ? 'down' : 'good';
    if (rq.url === '/actions') {
      const { key, action } = JSON.parse(body).data;
      const head = rq.headers as Record<string, string>;
      this.calls.push({ key, action, id: head['webhook-id']!, seconds: head['webhook-timestamp']! });
    }
    if (line === 'down') return void rq.socket.destroy();
    if (line === 'nonsense') return void rs.writeHead(200, { 'content-type': 'text/html' }).end('<h1>It works!</h1>');
    if (line === 'pending') return void rs.writeHead(202).end('{"status":"pending"}');
    const answer = await this.forward(rq, body);
    if (line === 'hangs') return void this.hanging.push(rs);
    if (line === 'lost') return void rq.socket.destroy();
    rs.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text);
  }

  order(id: string): any {
    return this.shop.orders.get(id).order;
  }

  /** Changes an order in the shop, without a word to anybody. */
  change(id: string, change: object): any {
    const row = this.shop.orders.get(id);
    Object.assign(row.order, change);
    row.version = ++this.shop.version;
    return row;
  }

  async close(): Promise<void> {
    for (const rs of this.hanging) rs.destroy();
    for (const server of [this.outer, this.inner]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }
}

export interface Hook {
  type?: string;
  data: unknown;
  id?: string;
  secrets?: string[];
  /** Seconds by which the message is older than now. */
  age?: number;
  /** What is sent, when it is not what was signed. */
  body?: string;
}

/** A webhook, signed, as any shop's server sends it. */
export async function hook(port: number, shop: string, h: Hook): Promise<{ status: number; json: any }> {
  const id = h.id ?? `msg_${randomUUID()}`;
  const body = JSON.stringify({ type: h.type ?? 'order.changed', timestamp: new Date().toISOString(), data: h.data });
  const seconds = String(Math.floor(Date.now() / 1000) - (h.age ?? 0));
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/shops/${shop}/webhooks`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': seconds,
      'webhook-signature': (h.secrets ?? [SECRET]).map((secret) => sign(secret, id, seconds, body)).join(' '),
    },
    body: h.body ?? body,
  });
  return { status: answer.status, json: await answer.json() };
}

export { tell };
