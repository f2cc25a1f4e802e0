// SPDX-License-Identifier: Apache-2.0
//
// A running server: started on a free port, asked over HTTP, stopped, killed and started again on the same data.
import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { inject } from 'vitest';
import { http, type Answer, type Ask } from './http.ts';
import { copyOf, drop, folder, track, until, XIAOER } from './program.ts';

export interface ServerOptions {
  /** `demo` has the demo shops and the routes of the demo page. */
  verb?: 'demo' | 'serve';
  /** The data folder; without one a fresh one is made and removed with the server. */
  data?: string;
  args?: string[];
  /** Milliseconds that its clock is ahead. */
  later?: number;
  before?: string[];
  env?: Record<string, string>;
}

export class Server {
  data: string;
  port = 0;
  pid = 0;
  log = '';
  /** How far the server's clock is ahead of ours, ms. */
  later = 0;
  private child: ChildProcess | null = null;
  private readonly ownsData: boolean;

  private constructor(private readonly options: ServerOptions) {
    this.ownsData = options.data === undefined;
    this.data = options.data ?? folder();
  }

  static async start(options: ServerOptions = {}): Promise<Server> {
    const server = new Server(options);
    await server.start();
    return server;
  }

  /** A demo on its own copy of the data that was made once for all tests. */
  static async demo(options: Omit<ServerOptions, 'verb' | 'data'> = {}): Promise<Server> {
    const server = new Server({ ...options, verb: 'demo' });
    drop(server.data);
    server.data = copyOf(inject('demoData'), 'demo');
    await server.start();
    return server;
  }

  /** Starts, or starts again: on the port that it had before, with a clock that is `later` than ours. */
  async start(later = this.options.later ?? 0): Promise<void> {
    const { verb = 'serve', args = [], before = [], env } = this.options;
    this.later = later;
    const at = later !== 0 ? ['--at', new Date(Date.now() + later).toISOString()] : [];
    const words = [verb, '--listen', `127.0.0.1:${this.port}`, '--data', this.data, '--json', ...at, ...args];
    const [command, ...rest] = [...before, XIAOER, ...words] as [string, ...string[]];
    const child = spawn(command, rest, {
      env: { ...process.env, XIAOER_DATA: '', ...env },
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    track(child.pid);
    this.child = child;
    let out = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.log = (this.log + text).slice(-20_000)));
    child.stdout!.setEncoding('utf8');
    await new Promise<void>((ready, fail) => {
      const late = setTimeout(() => fail(new Error(`xiaoer ${verb} is not ready after 30 s\n${this.log}`)), 30_000);
      child.once('error', fail);
      child.once('exit', (code, signal) => fail(new StartFailed(code, signal, this.log)));
      child.stdout!.on('data', (text: string) => {
        out += text;
        const line = out.split('\n').find((l) => l.startsWith('{') && l.endsWith('}'));
        if (!line) return;
        clearTimeout(late);
        const said = JSON.parse(line) as { port: number; pid: number };
        this.port = said.port;
        this.pid = said.pid;
        track(said.pid); // another one than the child's, when something runs before it
        ready();
      });
    }).finally(() => child.removeAllListeners('exit'));
  }

  get alive(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** How the process ended: its code, or minus one when a signal ended it. */
  ended(): Promise<number> {
    const child = this.child;
    if (!child || !this.alive) return Promise.resolve(child?.exitCode ?? -1);
    return new Promise((done) => child.once('exit', (code) => done(code ?? -1)));
  }

  /** SIGTERM, as an operator stops it. */
  async stop(): Promise<number> {
    const end = this.ended();
    if (this.alive) process.kill(this.pid, 'SIGTERM');
    return end;
  }

  /** SIGKILL: the process is gone between two instructions. */
  async kill(): Promise<void> {
    const end = this.ended();
    if (this.alive) process.kill(this.pid, 'SIGKILL');
    await end;
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    const end = this.ended();
    if (this.alive) process.kill(this.pid, 'SIGTERM');
    const late = setTimeout(() => this.alive && process.kill(this.pid, 'SIGKILL'), 10_000);
    await end;
    clearTimeout(late);
    if (this.ownsData) drop(this.data);
  }

  http(path: string, ask?: Ask): Promise<Answer> {
    return http(this.port, path, ask);
  }

  /** A path below /api/v1. */
  api(path: string, ask?: Ask): Promise<Answer> {
    return http(this.port, `/api/v1${path}`, ask);
  }

  async metric(name: string): Promise<number> {
    const text = (await this.http('/metrics')).text;
    const found = new RegExp(`^${name} (\\d+)$`, 'm').exec(text);
    if (!found) throw new Error(`no metric ${name}`);
    return Number(found[1]);
  }

  ready(): Promise<unknown> {
    return until('readyz', async () => (await this.http('/readyz')).status === 200);
  }
}

export class StartFailed extends Error {
  constructor(
    readonly code: number | null,
    readonly signal: string | null,
    readonly log: string,
  ) {
    super(`the server ended before it was ready: code ${code}, signal ${signal}\n${log}`);
  }
}
