// SPDX-License-Identifier: Apache-2.0
//
// The one way from the console to /api/v1. The session travels in an HttpOnly cookie that no script can read;
// every write carries `X-Xiaoer: 1`, which a foreign page cannot add, and an `Idempotency-Key`, so that a retry
// does nothing twice.
//
// Always true: whatever goes wrong, the caller gets one `Fault` with a status, a stable code, a sentence for
// people and the request id to quote. Status 0 means that no answer came at all.
import type { Problem } from '@xiaoer/protocol/wire';

const BASE = '/api/v1';
const TIMEOUT_MS = 20_000;

export class Fault extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  /** Seconds until another try makes sense; 0 when the server said nothing about it. */
  readonly retryAfterSeconds: number;

  constructor(problem: Partial<Problem>, retryAfterSeconds = 0) {
    super(problem.detail || problem.title || problem.code || 'fault');
    this.name = 'Fault';
    this.status = problem.status ?? 0;
    this.code = problem.code ?? 'unknown';
    this.requestId = problem.request_id ?? '';
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const isFault = (error: unknown, status?: number): error is Fault =>
  error instanceof Fault && (status === undefined || error.status === status);

let onSignedOut: () => void = () => {};
let language = 'zh-CN';

/** Called whenever the server no longer knows this session. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** The language in which the server should write the sentences that people read. */
export function askInLanguage(tag: string): void {
  language = tag;
}

interface Options {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  query?: Record<string, string | number | undefined>;
  signal?: AbortSignal;
  /** A 401 is an answer to this request (wrong password) and not the end of the session. */
  anonymous?: boolean;
}

export async function api<T>(path: string, options: Options = {}): Promise<T> {
  const response = await reach(path, options);
  if (response.status === 204) return undefined as T;

  const body = await readJson(response);
  if (response.ok) return body as T;

  const fault = new Fault(
    { ...(body as Partial<Problem>), status: response.status, request_id: requestIdOf(response, body) },
    retryAfterOf(response, body),
  );
  if (fault.status === 401 && !options.anonymous) onSignedOut();
  throw fault;
}

export const get = <T>(path: string, query?: Options['query'], signal?: AbortSignal) => api<T>(path, { query, signal });
export const post = <T>(path: string, body: unknown = {}) => api<T>(path, { method: 'POST', body });
export const put = <T>(path: string, body: unknown) => api<T>(path, { method: 'PUT', body });
export const remove = (path: string) => api<void>(path, { method: 'DELETE' });

async function reach(path: string, { method = 'GET', body, query, signal }: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language };
  if (method !== 'GET') {
    headers['X-Xiaoer'] = '1';
    headers['Idempotency-Key'] = newId();
  }
  if (body !== undefined) headers['Content-Type'] = 'application/json';

  const limit = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(BASE + path + queryOf(query), {
      method,
      headers,
      credentials: 'same-origin',
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Fault({ status: 0, code: limit.aborted ? 'timeout' : 'unreachable' });
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    // A proxy's HTML error page, for instance: the status still tells what happened.
    return { title: response.statusText, code: 'not_json' };
  }
}

function requestIdOf(response: Response, body: unknown): string {
  return (body as Partial<Problem>)?.request_id ?? response.headers.get('X-Request-Id') ?? '';
}

function retryAfterOf(response: Response, body: unknown): number {
  const said = (body as { retry_after?: number })?.retry_after ?? Number(response.headers.get('Retry-After'));
  return Number.isFinite(said) && said > 0 ? Math.ceil(said) : 0;
}

export function queryOf(query: Options['query']): string {
  const pairs = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') pairs.set(key, String(value));
  }
  const text = pairs.toString();
  return text === '' ? '' : `?${text}`;
}

/** A new random id; also where the page came over plain HTTP and `randomUUID` is missing. */
export function newId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
