// SPDX-License-Identifier: Apache-2.0
//
// The buyer's half of /api/v1 as functions. A failure is always a Fault with the server's stable code, a sentence
// for people and the request's id; where there was no answer at all the code is `offline`.
import type { OrderCard, Page, Message, Problem, ProductCard, Session, SessionRequest, Upload } from '@xiaoer/protocol';

export class Fault extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    detail: string,
    readonly request_id = '',
  ) {
    super(detail);
  }
}

export interface Rating {
  stars: number;
  solved?: boolean;
  tags?: string[];
  text?: string;
}

const PATIENCE_MS = 15_000;
const UPLOAD_PATIENCE_MS = 120_000;

export class Api {
  token = '';
  /** Gets a new token when the old one has expired in the middle of something. */
  renew: (() => Promise<unknown>) | null = null;
  constructor(private readonly base: string) {}

  session = (body: SessionRequest) => this.ask<Session>('POST', 'sessions', body);
  history = (before: string | null, limit = 30) =>
    this.ask<Page<Message>>('GET', `history?${query({ before, limit })}`);
  orders = (q: string, limit = 10) => this.ask<Page<OrderCard>>('GET', `orders?${query({ q, limit })}`);
  product = (id: string) => this.ask<ProductCard>('GET', `products/${encodeURIComponent(id)}`);
  suggest = (q: string, on: { product?: string; order?: string } = {}) =>
    this.ask<{ items: string[]; off?: boolean }>(
      'GET',
      `suggest?${query({ q, product: on.product ?? null, order: on.order ?? null })}`,
    );
  rate = (conversation: string, rating: Rating) =>
    this.ask<unknown>('POST', `conversations/${encodeURIComponent(conversation)}/rating`, rating);
  feedback = (conversation: string, body: { seq: number; helpful: boolean; reason?: string }) =>
    this.ask<unknown>('POST', `conversations/${encodeURIComponent(conversation)}/feedback`, body);

  /** A file on its way: `onPart` hears how much of it has left, from 0 to 1. */
  upload = async (file: Blob, onPart: (part: number) => void): Promise<Upload> => {
    if (!this.token) await this.renew?.();
    try {
      return await this.uploadOnce(file, onPart);
    } catch (fault) {
      if (!(fault instanceof Fault) || fault.status !== 401 || !this.renew) throw fault;
      await this.renew();
      return this.uploadOnce(file, onPart);
    }
  };

  // Not fetch(): it does not say how far a body has got.
  private uploadOnce(file: Blob, onPart: (part: number) => void): Promise<Upload> {
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      request.open('POST', `${this.base}/api/v1/widget/uploads`);
      request.setRequestHeader('authorization', `Bearer ${this.token}`);
      request.setRequestHeader('content-type', 'application/octet-stream');
      request.timeout = UPLOAD_PATIENCE_MS;
      request.upload.onprogress = (e) => e.lengthComputable && onPart(e.loaded / e.total);
      request.onerror = request.ontimeout = () => failed(new Fault('offline', 0, ''));
      request.onload = () => {
        const answer = parse(request.responseText) as (Upload & Partial<Problem>) | null;
        if (request.status === 201 && answer) done(answer);
        else failed(new Fault(answer?.code ?? 'unknown', request.status, answer?.detail ?? '', answer?.request_id));
      };
      request.send(file);
    });
  }

  /** The bytes of a photo or document, which only the token opens: an address alone would show nothing. */
  file = async (id: string): Promise<Blob> => {
    const get = () =>
      fetch(`${this.base}/api/v1/uploads/${encodeURIComponent(id)}`, {
        headers: { authorization: `Bearer ${this.token}` },
      }).catch(() => null);
    let response = await get();
    if (response?.status === 401) {
      await this.renew?.();
      response = await get();
    }
    if (!response?.ok) throw new Fault('offline', response?.status ?? 0, '');
    return response.blob();
  };

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    try {
      return await this.once<T>(method, path, body);
    } catch (fault) {
      if (!(fault instanceof Fault) || fault.status !== 401 || path === 'sessions' || !this.renew) throw fault;
      await this.renew();
      return this.once<T>(method, path, body);
    }
  }

  private async once<T>(method: string, path: string, body?: unknown): Promise<T> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    let response: Response;
    try {
      response = await fetch(`${this.base}/api/v1/widget/${path}`, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(this.token && { authorization: `Bearer ${this.token}` }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: stop.signal,
      });
    } catch {
      throw new Fault('offline', 0, '');
    } finally {
      clearTimeout(timer);
    }
    const answer = (await response.json().catch(() => null)) as T & Partial<Problem>;
    if (response.ok) return answer;
    throw new Fault(answer?.code ?? 'unknown', response.status, answer?.detail ?? '', answer?.request_id);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function query(of: Record<string, string | number | null>): string {
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(of)) if (value !== null && value !== '') q.set(key, String(value));
  return q.toString();
}
