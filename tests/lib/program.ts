// SPDX-License-Identifier: Apache-2.0
//
// The program under test, and folders for its data. Every process that a test starts is started here, is known by
// its id, and is gone when the test process ends.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, appendFileSync, constants, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where this run keeps its folders. */
    runDir: string;
    /** Data of the demo shops, made once a run: to be copied. */
    demoData: string;
  }
}

export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
export const XIAOER = resolve(process.env.XIAOER_BIN ?? join(ROOT, 'build/xiaoer'));

/** Says at once when there is nothing to test. */
export function needProgram(): void {
  try {
    accessSync(XIAOER, constants.X_OK);
  } catch {
    throw new Error(`${XIAOER} is not there: run \`make build\` first, or name the program with XIAOER_BIN`);
  }
}

// ---- folders and processes ------------------------------------------------------------------------------------
//
// Everything of a run lies below one folder, and its processes are written down there: what a test that failed leaves
// behind is ended and removed by the run's end (setup.ts).

/** An empty folder. It is gone after the run at the latest. */
export function folder(name = 'data'): string {
  return mkdtempSync(join(inject('runDir'), `${name}-`));
}

/** A folder with what another one holds. The other one's server must not run. */
export function copyOf(dir: string, name = 'copy'): string {
  const to = folder(name);
  cpSync(dir, to, { recursive: true });
  return to;
}

export function drop(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
}

/** Writes a process down, so that it does not outlive the run. */
export function track(pid: number | undefined): void {
  if (pid) appendFileSync(join(inject('runDir'), 'pids'), `${pid}\n`);
}

// ---- commands -----------------------------------------------------------------------------------------------

export interface Ran {
  code: number;
  out: string;
  err: string;
  /** Standard output as one JSON document. */
  json: any;
  /** Standard output as one JSON document a line. */
  lines: any[];
}

export interface RunOptions {
  input?: string | Buffer;
  env?: Record<string, string>;
  timeout?: number;
  cwd?: string;
  /** Words before the program: `prlimit`, `strace` … */
  before?: string[];
}

function ran(code: number | null, out: string, err: string): Ran {
  return {
    code: code ?? -1,
    out,
    err,
    get json() {
      return JSON.parse(out);
    },
    get lines() {
      return out
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    },
  };
}

/** Runs `xiaoer args…` to its end. Not for `serve` and `demo`: see server.ts. */
export function run(args: string[], options: RunOptions = {}): Ran {
  const [command, ...rest] = [...(options.before ?? []), XIAOER, ...args] as [string, ...string[]];
  const done = spawnSync(command, rest, {
    input: options.input ?? '',
    env: { ...process.env, XIAOER_DATA: '', ...options.env },
    cwd: options.cwd ?? tmpdir(),
    timeout: options.timeout ?? 30_000,
    killSignal: 'SIGKILL',
    maxBuffer: 64 << 20,
  });
  if (done.error) throw done.error;
  return ran(done.status, done.stdout.toString(), done.stderr.toString());
}

/** The same without holding up this process, for what runs beside a server that the test talks to. */
export function runLater(args: string[], options: RunOptions = {}): Promise<Ran> {
  const [command, ...rest] = [...(options.before ?? []), XIAOER, ...args] as [string, ...string[]];
  return new Promise((done, fail) => {
    const child = spawn(command, rest, { env: { ...process.env, XIAOER_DATA: '', ...options.env }, cwd: tmpdir() });
    track(child.pid);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('error', fail);
    child.once('close', (code) => done(ran(code, out, err)));
    child.stdin.on('error', () => {}); // it may end before it has read all
    child.stdin.end(options.input ?? '');
  });
}

/** True when a helper of the system is there and may be used. */
export function can(command: string, ...args: string[]): boolean {
  const done = spawnSync(command, args, { stdio: 'ignore' });
  return !done.error && done.status === 0;
}

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Asks until the answer is truthy. */
export async function until<T>(
  what: string,
  ask: () => Promise<T> | T,
  ms = 10_000,
  every = 50,
): Promise<NonNullable<T>> {
  const end = Date.now() + ms;
  let last: unknown;
  for (;;) {
    try {
      const got = await ask();
      if (got) return got as NonNullable<T>;
    } catch (fault) {
      last = fault;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms${last ? ` (${String(last)})` : ''}`);
    await sleep(every);
  }
}
