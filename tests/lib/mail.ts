// SPDX-License-Identifier: Apache-2.0
//
// A mail server: Debian's Exim, with a configuration of its own in a folder of its own. It needs no rights: a small listener
// here gives each connection to one `exim4 -bs`, which speaks SMTP on its standard input and delivers into a maildir. So the
// server can be down, and what it says can be held back on the line.
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server as Listener, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drop } from './program.ts';

const EXIM = '/usr/sbin/exim4';
const NOBODY = 65534;

export interface Mail {
  headers: Record<string, string>;
  /** Decoded. */
  subject: string;
  from: string;
  text: string;
  raw: string;
}

const words = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, base64: string) => Buffer.from(base64, 'base64').toString('latin1'))
    .replace(/[\x80-\xff]+/g, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'));

function parse(raw: string): Mail {
  const end = raw.search(/\r?\n\r?\n/);
  const headers: Record<string, string> = {};
  for (const line of raw.slice(0, end).replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const at = line.indexOf(':');
    if (at > 0) headers[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim();
  }
  const text = Buffer.from(raw.slice(end), 'base64').toString('utf8').replace(/\r\n/g, '\n');
  return { headers, subject: words(headers['subject'] ?? ''), from: words(headers['from'] ?? ''), text, raw };
}

export class MailServer {
  port = 0;
  /** Set: what the server says once it has taken a mail is not passed on. */
  hold = false;
  private readonly dir: string;
  private readonly uid: number;
  private listener: Listener | null = null;
  private readonly open = new Set<Socket>();
  private readonly children = new Set<ChildProcess>();

  constructor() {
    if (!existsSync(EXIM)) throw new Error(`${EXIM} is not there: run tools/setup test`);
    const root = process.getuid?.() === 0; // Exim delivers nothing as root
    this.uid = root ? NOBODY : process.getuid!();
    const gid = root ? NOBODY : process.getgid!();
    this.dir = mkdtempSync(join(tmpdir(), 'xiaoer-mail-')); // not below the run's folder, which is closed to others
    process.once('exit', () => drop(this.dir));
    for (const name of ['spool', 'log', 'mail']) mkdirSync(join(this.dir, name));
    writeFileSync(this.conf, this.configuration(gid));
    if (root) {
      chmodSync(this.dir, 0o755);
      for (const name of ['.', 'spool', 'log', 'mail', 'exim.conf']) chownSync(join(this.dir, name), this.uid, gid);
    }
  }

  private get conf(): string {
    return join(this.dir, 'exim.conf');
  }

  private configuration(gid: number): string {
    return `
exim_user = ${this.uid}
exim_group = ${gid}
spool_directory = ${this.dir}/spool
log_file_path = ${this.dir}/log/%slog
primary_hostname = mail.example.com
qualify_domain = example.com
domainlist local_domains = example.com
untrusted_set_sender = *
local_from_check = false
never_users =
keep_environment =
tls_advertise_hosts =
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  deny  condition = \${if exists{${this.dir}/closed}}
        message = <$local_part@$domain>: no such user here
  accept domains = +local_domains
  deny  message = relay not permitted
begin routers
box:
  driver = accept
  transport = maildir
begin transports
maildir:
  driver = appendfile
  maildir_format
  directory = ${this.dir}/mail
  user = ${this.uid}
  group = ${gid}
begin retry
* * F,1h,1m
`;
  }

  private serve(socket: Socket): void {
    this.open.add(socket);
    const id = process.getuid?.() === 0 ? { uid: this.uid, gid: NOBODY } : {};
    const exim = spawn(EXIM, ['-C', this.conf, '-bs', '-odf'], { stdio: ['pipe', 'pipe', 'ignore'], cwd: this.dir, ...id });
    this.children.add(exim);
    exim.stdin!.on('error', () => {}); // it may end first
    exim.on('exit', () => {
      this.children.delete(exim);
      socket.end();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.open.delete(socket);
      exim.stdin!.end();
    });
    socket.pipe(exim.stdin!);
    exim.stdout!.on('data', (said: Buffer) => {
      const taken = said.toString('latin1').includes('250 OK id=');
      if (!taken || !this.hold) socket.write(said);
    });
  }

  /** Listens, on the port that it had before. */
  async start(): Promise<void> {
    const listener = createServer((socket) => this.serve(socket));
    this.listener = listener;
    await new Promise<void>((ready, fail) => {
      listener.once('error', fail);
      listener.listen(this.port, '127.0.0.1', ready);
    });
    this.port = (listener.address() as { port: number }).port;
  }

  /** Refuses everybody for good, from now on, or takes them again. */
  refuse(all: boolean): void {
    if (all) writeFileSync(join(this.dir, 'closed'), '');
    else drop(join(this.dir, 'closed'));
  }

  /** Nobody is there any more. */
  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise<void>((done) => (this.listener ? this.listener.close(() => done()) : done()));
    this.listener = null;
  }

  /** What lies in the mailbox, oldest first. */
  mails(): Mail[] {
    const box = join(this.dir, 'mail', 'new');
    if (!existsSync(box)) return [];
    return readdirSync(box)
      .sort()
      .map((name) => parse(readFileSync(join(box, name), 'latin1')));
  }

  about(order: string): Mail[] {
    return this.mails().filter((mail) => mail.subject.includes(order));
  }

  async close(): Promise<void> {
    await this.stop();
    for (const child of this.children) child.kill('SIGKILL');
    drop(this.dir);
  }
}
