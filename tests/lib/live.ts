// SPDX-License-Identifier: Apache-2.0
//
// One live socket as a test sees it: every frame is kept in order, and whoever waits looks at those first.
import type { ClientFrame, ServerFrame } from '@xiaoer/protocol/wire';
import { WebSocket, type ClientOptions } from 'ws';

type Frame<K extends ServerFrame['type']> = Extract<ServerFrame, { type: K }>;

export class Live {
  readonly frames: ServerFrame[] = [];
  closed: { code: number; reason: string } | null = null;
  onFrame: (frame: ServerFrame) => void = () => {};
  private waiters = new Set<() => void>();

  private constructor(readonly ws: WebSocket) {
    ws.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ServerFrame;
      this.frames.push(frame);
      this.onFrame(frame);
      this.wake();
    });
    ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.wake();
    });
    ws.on('error', () => {}); // `close` follows
  }

  static open(port: number, options: ClientOptions = {}): Promise<Live> {
    return new Promise((done, fail) => {
      const ws = new WebSocket(`ws://127.0.0.1:${port}/api/v1/live`, { perMessageDeflate: false, ...options });
      const live = new Live(ws);
      ws.once('open', () => done(live));
      ws.once('error', fail);
    });
  }

  private wake(): void {
    for (const look of [...this.waiters]) look();
  }

  send(frame: ClientFrame | object): void {
    this.ws.send(JSON.stringify(frame));
  }

  /** The first thing that `find` gives, among what came already or will come. */
  private look<T>(what: string, find: () => T | undefined, ms: number): Promise<T> {
    return new Promise((done, fail) => {
      const end = (act: () => void) => {
        clearTimeout(late);
        this.waiters.delete(look);
        act();
      };
      const tail = () => `\nlast frames: ${JSON.stringify(this.frames.slice(-6))}`;
      const look = () => {
        const found = find();
        if (found !== undefined) end(() => done(found));
        else if (this.closed && what !== 'close')
          end(() => fail(new Error(`the socket closed (${this.closed!.code}) before ${what}${tail()}`)));
      };
      const late = setTimeout(() => end(() => fail(new Error(`no ${what} within ${ms} ms${tail()}`))), ms);
      this.waiters.add(look);
      look();
    });
  }

  /** The first frame of the type, from frame number `from` on, for which `is` holds. */
  wait<K extends ServerFrame['type']>(
    type: K,
    is: (frame: Frame<K>) => boolean = () => true,
    ms = 8_000,
    from = 0,
  ): Promise<Frame<K>> {
    return this.look(
      `frame "${type}"`,
      () => this.frames.slice(from).find((f): f is Frame<K> => f.type === type && is(f as Frame<K>)),
      ms,
    );
  }

  /** The answer to what was sent with this client_id: an ack or an error. */
  answer(clientId: string, ms = 8_000, from = 0): Promise<Frame<'ack'> | Frame<'error'>> {
    return this.look(
      `answer to ${clientId}`,
      () =>
        this.frames
          .slice(from)
          .find(
            (f): f is Frame<'ack'> | Frame<'error'> =>
              (f.type === 'ack' || f.type === 'error') && f.client_id === clientId,
          ),
      ms,
    );
  }

  waitClose(ms = 8_000): Promise<{ code: number; reason: string }> {
    return this.look('close', () => this.closed ?? undefined, ms);
  }

  of<K extends ServerFrame['type']>(type: K): Frame<K>[] {
    return this.frames.filter((f): f is Frame<K> => f.type === type);
  }

  /** Closes and waits for it; `hard` cuts the line without a word. */
  async close(hard = false): Promise<void> {
    if (this.closed) return;
    if (hard) this.ws.terminate();
    else this.ws.close();
    await this.waitClose();
  }
}
