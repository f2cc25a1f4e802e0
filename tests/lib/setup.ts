// SPDX-License-Identifier: Apache-2.0
//
// Once a run: a folder for everything, and the demo data that many tests take a copy of, made by `xiaoer demo` itself.
// At the end nothing is left: processes that are still there are ended by their id, mounts and folders are removed.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { needProgram, XIAOER } from './program.ts';

async function makeDemo(data: string): Promise<void> {
  const child = spawn(XIAOER, ['demo', '--data', data, '--listen', '127.0.0.1:0', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const ready = new Promise<void>((done) => child.stdout.once('data', () => done()));
  await Promise.race([
    ready,
    ended.then((code) => Promise.reject(new Error(`xiaoer demo ended with ${code}\n${log}`))),
  ]);
  child.kill('SIGTERM');
  await ended;
}

/** Ends what is left of a process, if it is still ours: it names the run's folder on its command line. */
function end(pid: number, run: string): void {
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(run)) process.kill(pid, 'SIGKILL');
  } catch {
    // it is gone
  }
}

function cleanUp(run: string): void {
  try {
    const pids = readFileSync(join(run, 'pids'), 'utf8').split('\n').filter(Boolean);
    for (const pid of pids) end(Number(pid), run);
  } catch {
    // no process was started
  }
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const dir of mounts) if (dir.startsWith(`${run}/`)) spawnSync('umount', ['-l', dir]);
  rmSync(run, { recursive: true, force: true, maxRetries: 5 });
}

export default async function setup(project: TestProject): Promise<() => void> {
  needProgram();
  const run = mkdtempSync(join(tmpdir(), 'xiaoer-tests-'));
  const demo = join(run, 'demo-made-once');
  try {
    await makeDemo(demo);
  } catch (fault) {
    cleanUp(run);
    throw fault;
  }
  project.provide('runDir', run);
  project.provide('demoData', demo);
  return () => cleanUp(run);
}
