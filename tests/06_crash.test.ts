// SPDX-License-Identifier: Apache-2.0
//
// Acknowledged means stored: through kill -9 at random moments under load, a full disk, disks that fail.
// CRASH_CYCLES sets the number of kills (30 unless told), CRASH_BUYERS the number of buyers who talk.
import { randomInt, randomUUID } from 'node:crypto';
import { cpSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, test, type TestContext } from 'vitest';
import { Buyer, type Sent } from './lib/buyer.ts';
import { can, drop, folder, run, sleep, until } from './lib/program.ts';
import { Server, StartFailed } from './lib/server.ts';
import { load, openShops, personRow, productRow, shopRow } from './lib/shop.ts';
import { Staff } from './lib/staff.ts';

const CYCLES = Number(process.env.CRASH_CYCLES ?? 30);
const BUYERS = Number(process.env.CRASH_BUYERS ?? 16);
const PASSWORD = 'correct horse battery';

const WORDS = [
  '你好',
  '我的快递到哪了',
  '冲锋衣多少钱',
  '发什么快递',
  '转人工',
  '谢谢',
  '身高172体重65穿什么码',
  '呜哩哇啦',
  '有货吗',
];

/** A buyer who goes on talking whatever happens to the server, and writes down what was acknowledged. */
class Talker {
  readonly acked: (Sent & { text: string })[] = [];
  /** Sent, and not answered: to be sent again with the same id. */
  private open: { client_id: string; text: string; conversation?: string } | null = null;
  retried = 0;
  refused = 0;
  private count = 0;
  private stopped = false;

  constructor(
    readonly buyer: Buyer,
    private readonly pause: () => number,
  ) {}

  stop(): void {
    this.stopped = true;
  }

  /** Talks until the line breaks or it is told to stop. */
  async talk(): Promise<void> {
    this.stopped = false;
    while (!this.stopped && !this.buyer.live.closed) {
      if (this.open) this.retried++;
      else {
        const conversation = this.buyer.conversation?.handler === 'closed' ? undefined : this.buyer.conversation?.id;
        const text = `${WORDS[this.count % WORDS.length]} ${this.count++}`;
        this.open = { client_id: randomUUID(), text, ...(conversation ? { conversation } : {}) };
      }
      const answer = await this.buyer.try(this.open, 20_000).catch(() => null);
      if (answer?.type === 'ack') {
        this.acked.push({ ...(answer as Sent), text: this.open.text });
        this.open = null;
        await sleep(this.pause());
      } else if (answer?.type === 'error') {
        if (answer.code !== 'storage') throw new Error(`refused: ${JSON.stringify(answer)}`);
        this.refused++;
        await sleep(50);
      }
    }
  }

  async comeBack(): Promise<void> {
    await this.buyer.live.close(true);
    await this.buyer.connect();
  }

  /** Everything that was acknowledged is there, once, in its place; and there is no gap. */
  async verify(): Promise<number> {
    const history = await this.buyer.history();
    const byPlace = new Map(history.map((m) => [`${m.conversation}/${m.seq}`, m]));
    expect(byPlace.size).toBe(history.length);
    for (const sent of this.acked) {
      const stored = byPlace.get(`${sent.conversation}/${sent.seq}`);
      expect(stored, `acknowledged and lost: ${JSON.stringify(sent)}`).toBeDefined();
      expect(stored!.text).toBe(sent.text);
    }
    const own = history.filter((m) => m.author.kind === 'buyer').map((m) => m.text);
    expect(new Set(own).size, 'something was said twice').toBe(own.length);
    // Whatever is there beyond the acknowledged is at most the one that was on its way.
    expect(own.length - this.acked.length).toBeLessThanOrEqual(this.open ? 1 : 0);
    const numbers = own.map((text) => Number(text.split(' ').at(-1)));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    for (const id of new Set(history.map((m) => m.conversation))) {
      const seqs = history.filter((m) => m.conversation === id).map((m) => m.seq);
      expect(seqs).toEqual(seqs.map((_, i) => i + 1));
    }
    expect(this.buyer.faults).toEqual([]);
    return own.length;
  }
}

function shop() {
  const people = [
    personRow('A1', 'S1', ['agent'], { concurrency: 3 }),
    personRow('A2', 'S1', ['agent'], { concurrency: 3 }),
  ];
  const made = openShops([shopRow('S1')], people);
  load(made.data, 'products', [productRow('P1', 'S1')]);
  return { ...made, people };
}

function expectSound(data: string): void {
  const checked = run(['check', '--data', data, '--json'], { timeout: 60_000 });
  expect(checked.code, checked.out + checked.err).toBe(0);
}

describe('kill -9', () => {
  test(
    `${CYCLES} times at random moments under load: nothing acknowledged is lost, doubled or out of order`,
    async () => {
      const { data, secrets, codes, people } = shop();
      const server = await Server.start({ data, args: ['--measure'] });
      const agents = await Promise.all(
        people.map((p) => Staff.join(server, 'S1', codes[p.id]!, `name.${p.id}`, PASSWORD)),
      );
      const talkers = await Promise.all(
        Array.from(
          { length: BUYERS },
          async (_, i) => new Talker(await Buyer.open(server, 'S1', `B${i}`, secrets['S1']!), () => randomInt(0, 12)),
        ),
      );
      let started = 0;
      let slowest = 0;
      for (let cycle = 0; cycle < CYCLES; cycle++) {
        const working = Promise.all(talkers.map((t) => t.talk()));
        // People are at work, too: they come online, are given conversations, answer and close some.
        const serving = agents.map(async (agent) => {
          try {
            await agent.connect();
            await agent.status('online');
            for (const row of (await agent.inbox('mine')).items) {
              await agent.post(`/conversations/${row.id}/messages`, {
                client_id: randomUUID(),
                kind: 'text',
                text: '我来看看',
              });
              if (randomInt(2) === 0) await agent.post(`/conversations/${row.id}/resolve`, { category: 'other' });
            }
          } catch {
            // the server was killed in between
          }
        });
        await sleep(randomInt(40, 500));
        await server.kill();
        await Promise.all([working, ...serving]);
        expectSound(data);
        const began = Date.now();
        await server.start();
        slowest = Math.max(slowest, Date.now() - began);
        started++;
        await Promise.all(talkers.map((t) => t.comeBack())).catch((fault: unknown) => {
          throw new Error(
            `cycle ${cycle}: the server ${server.alive ? 'runs' : 'is gone'}: ${String(fault)}\n${server.log}`,
          );
        });
      }
      // One last round without a kill: whatever was on its way arrives.
      const working = Promise.all(talkers.map((t) => t.talk()));
      await sleep(300);
      talkers.forEach((t) => t.stop());
      await working;
      const stored = await Promise.all(talkers.map((t) => t.verify()));
      const acked = talkers.reduce((n, t) => n + t.acked.length, 0);
      const retried = talkers.reduce((n, t) => n + t.retried, 0);
      console.log(
        `crash run: ${started} kills, ${BUYERS} buyers, ${acked} acknowledged, ${retried} retried, 0 lost, 0 doubled; slowest start ${slowest} ms`,
      );
      expect(stored.reduce((a, b) => a + b)).toBe(acked);
      expect(acked).toBeGreaterThan(CYCLES * 5);
      await Promise.all([...talkers.map((t) => t.buyer.close()), ...agents.map((a) => a.close().catch(() => {}))]);
      await server.stop();
      expectSound(data);
      await server.close();
      drop(data);
    },
    Math.max(120_000, CYCLES * 4_000),
  );

  test('in the middle of an import: all or nothing', async () => {
    const { data } = shop();
    const rows = Array.from({ length: 20_000 }, (_, i) => JSON.stringify(productRow(`X${i}`, 'S1'))).join('\n');
    const { spawn } = await import('node:child_process');
    const { XIAOER } = await import('./lib/program.ts');
    for (const ms of [30, 80, 160, 260]) {
      const child = spawn(XIAOER, ['import', 'products', '-', '--data', data], { stdio: ['pipe', 'ignore', 'ignore'] });
      child.stdin.on('error', () => {});
      child.stdin.end(rows);
      const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
      await sleep(ms);
      child.kill('SIGKILL');
      const code = await ended;
      expectSound(data);
      const count = Number(
        execFileSync('sqlite3', [
          join(data, 'xiaoer.db'),
          "SELECT count(*) FROM product WHERE product_id LIKE 'X%'",
        ]).toString(),
      );
      expect(count).toBe(code === 0 ? 20_000 : 0);
      if (code === 0) break;
    }
    drop(data);
  });
});

// ---- disks -----------------------------------------------------------------------------------------------------

const mounted = new Set<string>();
afterAll(() => {
  for (const dir of mounted) can('umount', '-l', dir);
});

/** A small file system of our own, or null where one may not mount. */
function smallDisk(size: string): string | null {
  const dir = folder('disk');
  if (!can('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dir)) {
    drop(dir);
    return null;
  }
  mounted.add(dir);
  return dir;
}

function unmount(dir: string): void {
  execFileSync('umount', [dir]);
  mounted.delete(dir);
  drop(dir);
}

const noMount = (ctx: TestContext) => ctx.skip('mounting a tmpfs needs root');

describe('a full disk', () => {
  test('sends are refused with a clear error, nothing acknowledged is lost, and it goes on when there is room', async (ctx) => {
    const disk = smallDisk('40m');
    if (!disk) return noMount(ctx);
    const { data: made, secrets } = shop();
    const data = join(disk, 'data');
    cpSync(made, data, { recursive: true });
    drop(made);
    const server = await Server.start({ data, args: ['--measure'] });
    const talkers = await Promise.all(
      Array.from(
        { length: 8 },
        async (_, i) => new Talker(await Buyer.open(server, 'S1', `B${i}`, secrets['S1']!), () => 0),
      ),
    );
    const working = Promise.all(talkers.map((t) => t.talk()));
    await sleep(300);
    // Somebody else fills the disk to the last page.
    const filler = join(disk, 'filler');
    const free = () => {
      const s = statfsSync(disk);
      return Number(s.bavail) * Number(s.bsize);
    };
    for (let i = 0; free() > 0 && i < 100; i++) {
      try {
        writeFileSync(`${filler}${i}`, Buffer.alloc(Math.max(4096, free())));
      } catch {
        // full: that is what it is for
      }
    }
    await until('all to be refused', () => talkers.every((t) => t.refused > 0), 20_000);
    expect(server.alive, server.log).toBe(true);
    expect((await server.http('/healthz')).status).toBe(200);
    await until('not ready', async () => (await server.http('/readyz')).status === 503);
    // A little may still fit where the log begins anew; then it is over for requests, too.
    const asking = await Buyer.open(server, 'S1', 'B0-http', secrets['S1']!).catch(() => null);
    const asked =
      asking &&
      (await until('a request to be refused', async () => {
        const answer = await asking.api('/messages', {
          method: 'POST',
          body: { client_id: randomUUID(), text: '在'.repeat(1500) },
        });
        return answer.status === 201 ? null : answer;
      }));
    if (asked) {
      expect(asked.status).toBe(503);
      expect(asked.json.code).toBe('storage');
      expect(asked.headers['retry-after']).toBeDefined();
    }
    // Reading goes on.
    expect((await talkers[0]!.buyer.api('/history')).status).toBe(200);

    const before = talkers.map((t) => t.acked.length);
    for (let i = 0; i < 100; i++) rmSync(`${filler}${i}`, { force: true });
    await until('all to be served again', () => talkers.every((t, i) => t.acked.length > before[i]! + 2), 20_000);
    await server.ready();
    talkers.forEach((t) => t.stop());
    await working;
    for (const t of talkers) await t.verify();
    await Promise.all(talkers.map((t) => t.buyer.close()));
    await server.stop();
    expectSound(data);
    await server.close();
    unmount(disk);
  }, 90_000);

  test('kill -9 while the disk is full: everything acknowledged is there', async (ctx) => {
    const disk = smallDisk('24m');
    if (!disk) return noMount(ctx);
    const { data: made, secrets } = shop();
    const data = join(disk, 'data');
    cpSync(made, data, { recursive: true });
    drop(made);
    const server = await Server.start({ data, args: ['--measure'] });
    const talkers = await Promise.all(
      Array.from(
        { length: 4 },
        async (_, i) => new Talker(await Buyer.open(server, 'S1', `B${i}`, secrets['S1']!), () => 0),
      ),
    );
    const working = Promise.all(talkers.map((t) => t.talk()));
    const filler = join(disk, 'filler');
    for (let i = 0; i < 100; i++) {
      const s = statfsSync(disk);
      const free = Number(s.bavail) * Number(s.bsize);
      if (free === 0) break;
      try {
        writeFileSync(`${filler}${i}`, Buffer.alloc(free));
      } catch {
        // full
      }
      await sleep(10);
    }
    await until('one to be refused', () => talkers.some((t) => t.refused > 0), 20_000);
    await server.kill();
    await working;
    for (let i = 0; i < 100; i++) rmSync(`${filler}${i}`, { force: true });
    expectSound(data);
    await server.start();
    await Promise.all(talkers.map((t) => t.comeBack()));
    for (const t of talkers) await t.verify();
    await Promise.all(talkers.map((t) => t.buyer.close()));
    await server.stop();
    await server.close();
    unmount(disk);
  }, 60_000);

  test('commands say it in one line', (ctx) => {
    const disk = smallDisk('3m');
    if (!disk) return noMount(ctx);
    const data = join(disk, 'data');
    const rows = Array.from({ length: 20_000 }, (_, i) => JSON.stringify(productRow(`X${i}`, 'S1'))).join('\n');
    expect(run(['import', 'shops', '-', '--data', data], { input: JSON.stringify(shopRow('S1')) }).code).toBe(0);
    const done = run(['import', 'products', '-', '--data', data], { input: rows });
    expect(done.code, done.out + done.err).toBe(3);
    expect(done.err).toMatch(/^xiaoer import: .*(stor|disk)/m);
    expectSound(data);
    expect(run(['show', 'product', 'X1', '--data', data]).code).toBe(1);
    unmount(disk);
  });
});

describe('a read-only file system', () => {
  test('the server does not start, and says why', async (ctx) => {
    const disk = smallDisk('40m');
    if (!disk) return noMount(ctx);
    const { data: made } = shop();
    const data = join(disk, 'data');
    cpSync(made, data, { recursive: true });
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const failed = await Server.start({ data }).then(
      (s) => s.close().then(() => null),
      (fault: unknown) => fault as StartFailed,
    );
    expect(failed).toBeInstanceOf(StartFailed);
    expect(failed!.code).toBe(3);
    expect(failed!.log.trim()).toMatch(/^xiaoer serve: .+/m);
    const imported = run(['import', 'shops', '-', '--data', data], { input: JSON.stringify(shopRow('S2')) });
    expect(imported.code, imported.err).toBe(3);
    execFileSync('mount', ['-o', 'remount,rw', disk]);
    const server = await Server.start({ data });
    await server.close();
    expectSound(data);
    drop(made);
    unmount(disk);
  });
});

describe('a disk that fails', () => {
  const strace = can('strace', '-V');

  /** Serves with system calls that fail, and gives what was acknowledged before. */
  async function failing(ctx: TestContext, inject: string) {
    if (!strace) return ctx.skip('strace is not installed');
    const { data, secrets } = shop();
    const first = await Server.start({ data, args: ['--measure'] });
    await first.stop();
    const server = await Server.start({
      data,
      args: ['--measure'],
      before: [
        'strace',
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-e',
        'trace=fdatasync,fsync,pwrite64',
        '-e',
        `inject=${inject}`,
      ],
    });
    const talkers = await Promise.all(
      Array.from(
        { length: 4 },
        async (_, i) => new Talker(await Buyer.open(server, 'S1', `B${i}`, secrets['S1']!), () => 2),
      ),
    );
    return { data, server, talkers };
  }

  test('an fsync that fails stops the process: what it acknowledged is there', async (ctx) => {
    const got = await failing(ctx, 'fdatasync:error=EIO:when=25');
    if (!got) return;
    const { data, server, talkers } = got;
    const working = Promise.all(talkers.map((t) => t.talk()));
    const ended = await Promise.race([server.ended(), sleep(20_000).then(() => 'runs on')]);
    expect(ended, server.log).not.toBe('runs on');
    expect(ended).not.toBe(0);
    expect(server.log).toMatch(/sync/i);
    await working;
    expect(talkers.reduce((n, t) => n + t.acked.length, 0)).toBeGreaterThan(0);
    expectSound(data);
    const again = await Server.start({ data, args: ['--measure'] });
    for (const t of talkers) {
      Object.assign(t.buyer.server, { port: again.port });
      await t.comeBack();
      await t.verify();
      await t.buyer.close();
    }
    await again.close();
    drop(data);
  }, 60_000);

  test('writes that fail for a while are refused, and then it goes on', async (ctx) => {
    const got = await failing(ctx, 'pwrite64:error=EIO:when=60..90');
    if (!got) return;
    const { data, server, talkers } = got;
    const working = Promise.all(talkers.map((t) => t.talk()));
    await until('a refusal or the end', () => talkers.some((t) => t.refused > 0) || !server.alive, 20_000);
    if (server.alive) {
      const before = talkers.map((t) => t.acked.length);
      await until('to go on', () => talkers.every((t, i) => t.acked.length > before[i]! + 2), 20_000);
      talkers.forEach((t) => t.stop());
      await working;
      for (const t of talkers) await t.verify();
      await Promise.all(talkers.map((t) => t.buyer.close()));
      await server.close();
    } else {
      await working;
      const again = await Server.start({ data, args: ['--measure'] });
      for (const t of talkers) {
        Object.assign(t.buyer.server, { port: again.port });
        await t.comeBack();
        await t.verify();
      }
      await again.close();
    }
    expectSound(data);
    drop(data);
  }, 60_000);
});
