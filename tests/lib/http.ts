// SPDX-License-Identifier: Apache-2.0
//
// Plain HTTP, one connection a request: no pool that could hand a test the connection of a server that was killed.
import { request, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body as JSON. Throws when it is none. */
  readonly json: any;
}

export interface Ask {
  method?: string;
  /** JSON, or bytes as they are. */
  body?: unknown;
  token?: string;
  cookie?: string;
  headers?: Record<string, string>;
}

export function http(port: number, path: string, ask: Ask = {}): Promise<Answer> {
  const raw = typeof ask.body === 'string' || Buffer.isBuffer(ask.body);
  const body = ask.body === undefined ? undefined : raw ? (ask.body as string | Buffer) : JSON.stringify(ask.body);
  const headers: Record<string, string> = { ...ask.headers };
  if (body !== undefined) {
    headers['Content-Type'] ??= 'application/json';
    headers['Content-Length'] = String(Buffer.byteLength(body));
  }
  if (ask.token) headers['Authorization'] = `Bearer ${ask.token}`;
  if (ask.cookie) headers['Cookie'] = ask.cookie;
  return new Promise((done, fail) => {
    const rq = request({ host: '127.0.0.1', port, path, method: ask.method ?? 'GET', headers, agent: false }, (rs) => {
      const parts: Buffer[] = [];
      rs.on('data', (part: Buffer) => parts.push(part));
      rs.on('error', fail);
      rs.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        done({
          status: rs.statusCode ?? 0,
          headers: rs.headers,
          text,
          get json() {
            return JSON.parse(text);
          },
        });
      });
    });
    rq.setTimeout(20_000, () => rq.destroy(new Error(`${ask.method ?? 'GET'} ${path}: no answer within 20 s`)));
    rq.on('error', fail);
    if (body !== undefined) rq.write(body);
    rq.end();
  });
}
