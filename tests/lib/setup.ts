// SPDX-License-Identifier: Apache-2.0
//
// Once a run: makes the demo data that many tests take a copy of, through `xiaoer demo` itself.
import type { TestProject } from 'vitest/node';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needProgram, XIAOER } from './program.ts';

declare module 'vitest' {
  interface ProvidedContext {
    demoData: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  needProgram();
  const data = mkdtempSync(join(tmpdir(), 'xiaoer-test-demo-data-'));
  const child = spawn(XIAOER, ['demo', '--data', data, '--listen', '127.0.0.1:0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((ready, fail) => {
    child.once('exit', (code) => fail(new Error(`xiaoer demo ended with ${code}`)));
    child.stdout.once('data', () => ready());
  });
  child.removeAllListeners('exit');
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await ended;
  project.provide('demoData', data);
  return () => rmSync(data, { recursive: true, force: true });
}
