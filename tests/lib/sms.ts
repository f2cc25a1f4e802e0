// SPDX-License-Identifier: Apache-2.0
//
// An SMS gateway: Debian's Kannel (bearerbox and smsbox) with its fake SMSC, on ports of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { folder, track, until } from './program.ts';

const FAKESMSC = '/usr/lib/kannel/test/fakesmsc';

export interface Sms {
  from: string;
  to: string;
  text: string;
}

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

const answers = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });

/** "%90%00k" as bytes, and those as UTF-16, high byte first. */
function ucs2(escaped: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] === '%') {
      bytes.push(parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(escaped[i] === '+' ? 0x20 : escaped.charCodeAt(i));
  }
  return Buffer.from(bytes).swap16().toString('utf16le');
}

export class SmsGateway {
  static readonly user = 'tester';
  static readonly password = 'secret & more';
  sendPort = 0;
  private out = '';
  private readonly children: ChildProcess[] = [];

  get url(): string {
    return `http://127.0.0.1:${this.sendPort}/cgi-bin/sendsms`;
  }

  private run(command: string, ...args: string[]): ChildProcess {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    track(child.pid);
    this.children.push(child);
    return child;
  }

  static async start(): Promise<SmsGateway> {
    if (!existsSync(FAKESMSC)) throw new Error(`${FAKESMSC} is not there: run tools/setup test`);
    const gateway = new SmsGateway();
    const dir = folder('kannel');
    const [admin, box, smsc, send] = [await freePort(), await freePort(), await freePort(), await freePort()];
    gateway.sendPort = send;
    const conf = join(dir, 'kannel.conf');
    writeFileSync(
      conf,
      `group = core
admin-port = ${admin}
admin-password = none
admin-interface = 127.0.0.1
smsbox-port = ${box}
smsbox-interface = 127.0.0.1
log-file = ${dir}/bearerbox.log
box-allow-ip = 127.0.0.1
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = fake
port = ${smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = ${box}
sendsms-port = ${send}
sendsms-interface = 127.0.0.1
log-file = ${dir}/smsbox.log

group = sendsms-user
username = ${SmsGateway.user}
password = ${SmsGateway.password}
max-messages = 4
concatenation = true
`,
    );
    gateway.run('/usr/sbin/bearerbox', '-v', '4', conf);
    await until('bearerbox', async () => (await answers(box)) && (await answers(smsc)));
    const fake = gateway.run(FAKESMSC, '-H', '127.0.0.1', '-r', String(smsc), '-m', '0', '1 2 text none');
    const hear = (text: Buffer) => (gateway.out += text.toString('latin1'));
    fake.stdout!.on('data', hear);
    fake.stderr!.on('data', hear);
    gateway.run('/usr/sbin/smsbox', '-v', '4', conf);
    await until('smsbox', () => answers(send));
    return gateway;
  }

  /** What the fake SMSC has got. */
  messages(): Sms[] {
    const found = [...this.out.matchAll(/Got message \d+: <(\S+) (\S+) ucs-2 ([^>]*)>/g)];
    return found.map(([, from, to, text]) => ({ from: from!, to: to!, text: ucs2(text!) }));
  }

  about(order: string): Sms[] {
    return this.messages().filter((sms) => sms.text.includes(order));
  }

  close(): void {
    for (const child of this.children) child.kill('SIGKILL');
  }
}
