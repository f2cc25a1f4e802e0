// SPDX-License-Identifier: Apache-2.0
//
// A socket without manners, for what no WebSocket library sends: broken frames, bytes that are no text, silence.
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface FrameOptions {
  opcode?: number;
  fin?: boolean;
  mask?: boolean;
  /** What the header says, when it lies. */
  length?: number;
  rsv?: number;
}

/** One WebSocket frame, well made unless told otherwise. */
export function frame(payload: Buffer | string, o: FrameOptions = {}): Buffer {
  const body = Buffer.from(payload);
  const n = o.length ?? body.length;
  const mask = o.mask ?? true;
  const first = ((o.fin ?? true) ? 0x80 : 0) | (o.rsv ?? 0) | (o.opcode ?? 1);
  const bit = mask ? 0x80 : 0;
  let head: Buffer;
  if (n < 126) head = Buffer.from([first, bit | n]);
  else if (n < 65536) {
    head = Buffer.from([first, bit | 126, 0, 0]);
    head.writeUInt16BE(n, 2);
  } else {
    head = Buffer.alloc(10);
    head[0] = first;
    head[1] = bit | 127;
    head.writeBigUInt64BE(BigInt(n), 2);
  }
  if (!mask) return Buffer.concat([head, body]);
  const key = randomBytes(4);
  return Buffer.concat([head, key, body.map((byte, i) => byte ^ key[i & 3]!)]);
}

export class Raw {
  received = Buffer.alloc(0);
  closed = false;
  private ended: Promise<void>;

  private constructor(readonly socket: Socket) {
    socket.on('data', (part) => (this.received = Buffer.concat([this.received, part])));
    socket.on('error', () => {});
    this.ended = new Promise((done) =>
      socket.once('close', () => {
        this.closed = true;
        done();
      }),
    );
  }

  static connect(port: number): Promise<Raw> {
    return new Promise((done, fail) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('error', fail);
      socket.once('connect', () => {
        socket.off('error', fail);
        done(new Raw(socket));
      });
    });
  }

  /** A socket that has become a WebSocket. */
  static async upgrade(port: number, headers: Record<string, string> = {}): Promise<Raw> {
    const raw = await Raw.connect(port);
    raw.handshake(port, headers);
    await raw.until((text) => text.includes('\r\n\r\n'));
    const text = raw.received.toString('latin1');
    if (!text.startsWith('HTTP/1.1 101')) throw new Error(`no upgrade: ${text.slice(0, 200)}`);
    raw.received = raw.received.subarray(raw.received.indexOf('\r\n\r\n') + 4);
    return raw;
  }

  handshake(port: number, headers: Record<string, string> = {}): void {
    const all = {
      Host: `127.0.0.1:${port}`,
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      'Sec-WebSocket-Version': '13',
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    this.write(`GET /api/v1/live HTTP/1.1\r\n${lines.join('')}\r\n`);
  }

  write(bytes: Buffer | string): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  json(value: unknown): void {
    this.write(frame(JSON.stringify(value)));
  }

  async until(is: (text: string) => boolean, ms = 5_000): Promise<string> {
    const end = Date.now() + ms;
    for (;;) {
      const text = this.received.toString('utf8');
      if (is(text)) return text;
      if (this.closed) throw new Error(`closed before it came: ${text.slice(-300)}`);
      if (Date.now() > end) throw new Error(`not within ${ms} ms: ${text.slice(-300)}`);
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  /** True when the other side closed within the time. */
  async closes(ms = 5_000): Promise<boolean> {
    const late = new Promise<void>((done) => setTimeout(done, ms).unref());
    await Promise.race([this.ended, late]);
    return this.closed;
  }

  end(): void {
    this.socket.destroy();
  }
}
