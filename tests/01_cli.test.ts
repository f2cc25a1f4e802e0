// SPDX-License-Identifier: Apache-2.0
//
// The command line as contract.md promises it: help, exit codes, JSON, files in and out.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { copyOf, drop, folder, run, runLater, sleep, track, XIAOER, type Ran } from './lib/program.ts';
import { Server } from './lib/server.ts';
import { Buyer } from './lib/buyer.ts';
import { file, jsonl, load, openShops, orderRow, personRow, productRow, shopRow } from './lib/shop.ts';

const VERBS = ['serve', 'demo', 'import', 'chat', 'show', 'nlu', 'faq', 'check', 'backup', 'restore', 'bench'];

/** Wrong use: code 2, nothing on standard output, one line that says what. */
function expectUsage(done: Ran): string {
  expect(done.code, done.out + done.err).toBe(2);
  expect(done.out).toBe('');
  expect(done.err.trim().split('\n')).toHaveLength(1);
  expect(done.err).toMatch(/^xiaoer/);
  return done.err;
}

describe('help and wrong use', () => {
  test('the program lists its commands', () => {
    const done = run(['--help']);
    expect(done.code).toBe(0);
    for (const verb of VERBS) expect(done.out).toMatch(new RegExp(`^  ${verb} `, 'm'));
    expect(run(['--version']).out).toMatch(/^xiaoer \d+\.\d+/);
  });

  test.each(VERBS)('%s --help explains it', (verb) => {
    const done = run([verb, '--help']);
    expect(done.code).toBe(0);
    expect(done.err).toBe('');
    expect(done.out).toContain(`xiaoer ${verb}`);
    for (const option of ['--data', '--at', '--json', '--help']) expect(done.out).toContain(option);
  });

  test('wrong use is code 2 and one line', () => {
    expect(run([]).code).toBe(2);
    expect(expectUsage(run(['frobnicate']))).toContain('frobnicate');
    expect(expectUsage(run(['check', '--bogus']))).toContain('--bogus');
    expect(expectUsage(run(['check', '--data']))).toContain('--data');
    expect(expectUsage(run(['check', '--at', 'yesterday']))).toContain('yesterday');
    expectUsage(run(['import', 'shops']));
    expect(expectUsage(run(['import', 'ships', '-']))).toContain('ships');
    expectUsage(run(['import', 'shops', '/nonexistent.jsonl']));
    expectUsage(run(['import', 'shops', '/tmp']));
    expectUsage(run(['nlu']));
    expectUsage(run(['nlu', 'sing']));
    expectUsage(run(['nlu', 'train', 'one.tsv']));
    expectUsage(run(['faq', 'eval', 'one.tsv']));
    expectUsage(run(['serve', '--listen', 'nowhere', '--data', folder()]));
    expectUsage(run(['serve', '--config', '/nonexistent', '--data', folder()]));
    const empty = folder();
    for (const words of [['check'], ['show', 'order', 'E1'], ['backup', join(empty, 'b')], ['chat', '--shop', 'S1']])
      expectUsage(run([...words, '--data', empty]));
  });

  test('a port that is taken, and data that cannot be used, are faults: code 3', async () => {
    const server = await Server.start();
    const done = run(['serve', '--listen', `127.0.0.1:${server.port}`, '--data', folder(), '--json']);
    await server.close();
    expect(done.code).toBe(3);
    expect(done.out).toBe('');
    expect(done.err).toContain(String(server.port));

    expect(run(['check', '--data', file('xiaoer.db', 'x')]).code).toBe(2);
    const damaged = folder();
    execFileSync('sh', ['-c', `head -c 20000 /dev/urandom > ${damaged}/xiaoer.db`]);
    expect([2, 3]).toContain(run(['check', '--data', damaged]).code);
    expect(run(['serve', '--listen', '127.0.0.1:0', '--data', '/proc/nowhere']).code).toBe(3);
  });

  test('XIAOER_DATA names the data folder', () => {
    const data = folder();
    const done = run(['import', 'shops', '-'], { input: jsonl([shopRow('S1')]), env: { XIAOER_DATA: data } });
    expect(done.code, done.err).toBe(0);
    expect(existsSync(join(data, 'xiaoer.db'))).toBe(true);
    expect(statSync(join(data, 'master.key')).mode & 0o077).toBe(0);
  });
});

describe('import', () => {
  const knowledge = {
    id: 'K1',
    shop: 'S1',
    layer: 'shop',
    question: '发什么快递',
    similar: ['用的哪家快递'],
    answer: '默认中通快递',
    conditions: { order_status: ['paid'] },
    valid_from: null,
    valid_to: null,
  };

  test('every kind, in the shapes of the contract; a second time changes nothing', () => {
    const { data, secrets } = openShops([shopRow('S1')]);
    expect(secrets['S1']).toMatch(/.{20,}/);
    const kinds: [string, object[]][] = [
      ['products', [productRow('P1', 'S1'), productRow('P2', 'S1', { title: '登山包', aliases: [] })]],
      ['orders', [orderRow('E1001', 'S1', 'B1')]],
      ['knowledge', [knowledge]],
      ['policies', [{ key: 'refund.unshipped.seller', value: '24h', from: '2026-01-01', scope: 'platform' }]],
      ['people', [personRow('A01', 'S1', ['agent'])]],
      ['utterances', [{ shop: 'S1', intent: 'ship_track', text: '我的包裹走到哪里啦' }]],
    ];
    for (const [kind, rows] of kinds) {
      const first = load(data, kind, rows);
      expect(first, kind).toMatchObject({ rows: rows.length, added: rows.length, changed: 0, refused: 0 });
      expect(load(data, kind, rows), kind).toMatchObject({ rows: rows.length, added: 0, changed: 0, refused: 0 });
    }
    expect(load(data, 'products', [productRow('P1', 'S1', { price_cents: 39900 })])).toMatchObject({ changed: 1 });
    expect(run(['check', '--data', data]).code).toBe(0);
  });

  test('an invitation is printed once, and not again', () => {
    const { data } = openShops([shopRow('S1')]);
    const person = personRow('A01', 'S1', ['agent']);
    expect(load(data, 'people', [person]).once[0]!.text).toMatch(/invitation/);
    expect(load(data, 'people', [person]).once).toEqual([]);
  });

  test('CSV and TSV where the shape is flat', () => {
    const { data } = openShops([shopRow('S1')]);
    const csv = file(
      'k.csv',
      'id,shop,layer,question,similar,answer\r\nK1,S1,shop,发什么快递,用的哪家快递|走什么物流,"默认中通，""顺丰""要补差价"\r\n' +
        'K2,S1,shop,"两行的\n问题",,答案\r\n',
    );
    let done = run(['import', 'knowledge', csv, '--data', data, '--json']);
    expect(done.code, done.out + done.err).toBe(0);
    expect(done.json).toMatchObject({ rows: 2, added: 2, refused: 0 });
    done = run(['import', 'utterances', file('u.tsv', 'ship_track\t我的包裹走到哪里啦\n'), '--data', data, '--json']);
    expect(done.code, done.out + done.err).toBe(0);
    expect(done.json).toMatchObject({ rows: 1, added: 1 });
    done = run([
      'import',
      'policies',
      file('p.csv', 'key,value,from,scope\nship.x,48h,2026-01-01,platform\n'),
      '--data',
      data,
    ]);
    expect(done.code, done.out + done.err).toBe(0);
  });

  test('each refused row is named with its line and reason, and nothing is stored', () => {
    const { data } = openShops([shopRow('S1')]);
    const good = productRow('P1', 'S1');
    const lines = [
      JSON.stringify(good),
      '{"id":"P2"',
      JSON.stringify({ ...good, id: 'P3', colour: 'red' }),
      JSON.stringify({ ...good, id: 'P4', price_cents: '459' }),
      JSON.stringify({ ...good, id: 'P1' }),
      '',
      JSON.stringify({ ...good, id: 'P5', shop: 'S9' }),
      JSON.stringify({ ...good, id: 'P6', seven_day: 'perhaps' }),
      '[1,2]',
      '"text"',
      JSON.stringify({ shop: 'S1', title: 'no id' }),
      JSON.stringify({ ...good, id: 'P7', price_cents: -1 }),
      JSON.stringify({ ...good, id: 'P8', price_cents: 1e300 }),
      JSON.stringify({ ...good, id: '' }),
      '{"id":"P9","shop":"S1","title":"\\ud800"}',
      '{"id":"P10","shop":"S1","title":"a\\u0000b"}',
      JSON.stringify({ ...good, id: 'P11' }),
    ];
    const bad = Buffer.concat([
      Buffer.from(lines.join('\n') + '\n'),
      Buffer.from('{"id":"P12","shop":"S1","title":"'),
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from('"}\n'),
    ]);
    const path = file('bad.jsonl', bad);
    const done = run(['import', 'products', path, '--data', data, '--json']);
    expect(done.code).toBe(1);
    const report = done.json as {
      rows: number;
      refused: number;
      imported: boolean;
      refusals: { line: number; reason: string }[];
    };
    expect(report.imported).toBe(false);
    expect(report.refusals.map((r) => r.line)).toEqual([2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18]);
    expect(report.refused).toBe(15);
    const reason = (line: number) => report.refusals.find((r) => r.line === line)!.reason;
    expect(reason(3)).toContain('colour');
    expect(reason(4)).toContain('price_cents');
    expect(reason(5)).toMatch(/\b1\b/); // where it stood before
    expect(reason(7)).toContain('S9');
    expect(reason(8)).toContain('seven_day');
    expect(reason(11)).toContain('"id"');
    expect(run(['show', 'product', 'P1', '--data', data]).code).toBe(1);

    const plain = run(['import', 'products', path, '--data', data]);
    expect(plain.code).toBe(1);
    expect(plain.out).toMatch(/^line 3: .*colour/m);
    expect(plain.err).toContain('--skip-bad');

    const skipped = run(['import', 'products', path, '--data', data, '--json', '--skip-bad']);
    expect(skipped.code, skipped.out).toBe(0);
    expect(skipped.json).toMatchObject({ added: 2, refused: 15, imported: true });
    expect(run(['show', 'product', 'P1', '--data', data]).json).toMatchObject(good);
    expect(run(['show', 'product', 'P11', '--data', data]).code).toBe(0);
    expect(run(['show', 'product', 'P4', '--data', data]).code).toBe(1);
  });

  test('a line of 100 MB is one refused row, in little memory', async () => {
    const { data } = openShops([shopRow('S1')]);
    const path = join(folder('long'), 'long.jsonl');
    const fd = openSync(path, 'w');
    writeSync(fd, JSON.stringify(productRow('P1', 'S1')) + '\n{"id":"P2","shop":"S1","title":"');
    const block = Buffer.alloc(1 << 20, 'x');
    for (let i = 0; i < 100; i++) writeSync(fd, block);
    writeSync(fd, '"}\n' + JSON.stringify(productRow('P3', 'S1')) + '\n');
    closeSync(fd);
    // 200 MB of address space beside what the program maps: no room for the line.
    const done = await runLater(['import', 'products', path, '--data', data, '--json', '--skip-bad'], {
      before: ['prlimit', `--data=${150 << 20}`],
    });
    expect(done.code, done.out + done.err).toBe(0);
    expect(done.json).toMatchObject({ rows: 3, added: 2, refused: 1 });
    expect(done.json.refusals[0]).toMatchObject({ line: 2 });
  });

  test('an empty file, blank lines, a byte order mark and Windows line ends', () => {
    const { data } = openShops([shopRow('S1')]);
    expect(run(['import', 'products', '-', '--data', data], { input: '' }).code).toBe(0);
    const rows = [productRow('P1', 'S1'), productRow('P2', 'S1')].map((r) => JSON.stringify(r)).join('\r\n\r\n');
    const done = run(['import', 'products', '-', '--data', data, '--json'], { input: `\ufeff${rows}` });
    expect(done.code, done.out).toBe(0);
    expect(done.json).toMatchObject({ rows: 2, added: 2 });
  });

  test('people: no passwords, known roles, skills of 1 to 5', () => {
    const { data } = openShops([shopRow('S1')]);
    const rows = [
      personRow('A1', 'S1', ['agent'], { password: 'secret' }),
      personRow('A2', 'S1', ['king']),
      personRow('A3', 'S1', ['agent'], { skills: [{ skill: 'x', level: 9 }] }),
      personRow('A4', 'S1', ['agent'], { concurrency: 0 }),
      personRow('A5', 'S1', ['agent'], { time_zone: 'Mars/Olympus' }),
    ];
    const done = run(['import', 'people', '-', '--data', data, '--json'], { input: jsonl(rows) });
    expect(done.code).toBe(1);
    expect(done.json.refusals.map((r: { line: number }) => r.line)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('show', () => {
  test('gives the import shape back, with what became of it', () => {
    const { data } = openShops([shopRow('S1')]);
    const order = orderRow('E1001', 'S1', 'B1');
    load(data, 'products', [productRow('P1', 'S1')]);
    load(data, 'orders', [order]);
    const shown = run(['show', 'order', 'E1001', '--data', data]);
    expect(shown.code, shown.err).toBe(0);
    expect(shown.json).toMatchObject(order);
    expect(shown.json.cases).toEqual([]);
    expect(shown.json.refunded_cents).toBe(0);
    expect(run(['show', 'product', 'P1', '--data', data]).json).toMatchObject(productRow('P1', 'S1'));
    const none = run(['show', 'order', 'E9999', '--data', data]);
    expect(none.code).toBe(1);
    expect(none.out).toBe('');
    expect(run(['show', 'case', 'C1', '--data', data]).code).toBe(1);
    expectUsage(run(['show', 'ship', 'X', '--data', data]));
  });

  test('the address is sealed in the data folder', () => {
    const { data } = openShops([shopRow('S1')]);
    load(data, 'orders', [
      orderRow('E1001', 'S1', 'B1', {
        address: { name: '欧阳独孤', phone: '13812349876', region: '浙江', detail: '独一无二路 77 号' },
      }),
    ]);
    expect(run(['show', 'order', 'E1001', '--data', data]).json.address.phone).toBe('13812349876');
    for (const name of ['xiaoer.db', 'xiaoer.db-wal']) {
      if (!existsSync(join(data, name))) continue;
      const bytes = readFileSync(join(data, name));
      for (const secret of ['13812349876', '欧阳独孤', '独一无二路'])
        expect(bytes.includes(secret), `${secret} stands readable in ${name}`).toBe(false);
    }
  });
});

describe('nlu and faq', () => {
  const rows = (label: string, texts: string[]) => texts.map((text) => `${label}\t${text}\n`).join('');
  const train =
    rows('track', [
      '我的快递到哪了',
      '包裹走到哪里了',
      '物流信息查一下',
      '快递到哪儿了呀',
      '查一下我的包裹',
      '物流怎么还没动',
    ]) +
    rows('size', [
      '我该穿多大码',
      '身高175穿什么码',
      '尺码怎么选',
      '体重70公斤穿几码',
      '这个偏大还是偏小',
      '选L还是XL',
    ]) +
    rows('refund', ['我要退款', '怎么退货', '申请退货退款', '不想要了能退吗', '退款什么时候到', '七天无理由退货']);

  test('train, eval and predict', () => {
    const model = join(folder('model'), 'shop.model');
    const trained = run(['nlu', 'train', file('train.tsv', train), model, '--json']);
    expect(trained.code, trained.err).toBe(0);
    expect(trained.json).toMatchObject({ rows: 18, classes: 3 });
    expect(trained.json.bytes).toBe(statSync(model).size);
    expect(trained.json.seconds).toBeGreaterThanOrEqual(0);

    const questions = file(
      'test.tsv',
      'track\t我的快递在哪里\nsize\t身高168选什么尺码\nrefund\t我想退货\noos\t今天天气怎么样\n',
    );
    const measured = run(['nlu', 'eval', model, questions, '--json']);
    expect(measured.code, measured.err).toBe(0);
    expect(measured.json.rows).toBe(4);
    expect(measured.json.accuracy).toBeGreaterThan(0.6);
    expect(Object.keys(measured.json)).toEqual(
      expect.arrayContaining(['rows', 'accuracy', 'macro_f1', 'queries_per_second', 'rejected', 'oos_recall']),
    );
    expect(run(['nlu', 'eval', model, questions, '--reject-rate', '0.1', '--json']).code).toBe(0);
    expectUsage(run(['nlu', 'eval', model, questions, '--reject-rate', '7']));

    const said = run(['nlu', 'predict', model], { input: '我的快递到哪了\n我要退款\n' });
    expect(said.out).toMatch(/^track\t[01]\.\d+\nrefund\t[01]\.\d+\n$/);
  });

  test('files that are no models and no rows are named', () => {
    const rowless = expectUsage(run(['nlu', 'train', file('empty.tsv', ''), '/tmp/never.model']));
    expect(rowless).toContain('no rows');
    expectUsage(run(['nlu', 'train', file('one.tsv', 'a\tb\n'), '/tmp/never.model']));
    expectUsage(run(['nlu', 'predict', file('x.model', 'this is no model')]));
    expectUsage(run(['nlu', 'predict', '/nonexistent']));
    expect(existsSync('/tmp/never.model')).toBe(false);
  });

  test('intents: the shipped understanding, alternatives allowed', () => {
    const done = run([
      'nlu',
      'intents',
      file('i.tsv', 'ship_track\t我的快递到哪了\nship_track|order_status\t我的包裹走到哪里了\nhuman_request\t转人工\n'),
      '--json',
    ]);
    expect(done.code, done.err).toBe(0);
    expect(done.json.rows).toBe(3);
    expect(done.json.accuracy).toBe(1);
  });

  test('sentiment, polarity and language: a line in, a line out', () => {
    const felt = run(['nlu', 'sentiment'], { input: '气死我了，什么破店，垃圾！！\n谢谢，太好了\n请问几点发货\n' });
    expect(felt.code).toBe(0);
    const labels = felt.out
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[0]);
    expect(labels).toEqual(['angry', 'happy', 'neutral']);
    const sides = run(['nlu', 'sentiment', '--polarity'], { input: '质量太差了\n非常满意\n' });
    expect(
      sides.out
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0]),
    ).toEqual(['negative', 'positive']);
    const tongues = run(['nlu', 'language'], {
      input: '我的快递到哪了\nWhere is my parcel?\nどこにありますか\n내 소포 어디에 있어요\n',
    });
    expect(
      tongues.out
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0]),
    ).toEqual(['zh', 'en', 'ja', 'ko']);
    expect(run(['nlu', 'language', '--json'], { input: 'hello there\n' }).json[0].label).toBe('en');
    const odd = Buffer.from([0xff, 0xfe, 0x0a, 0xed, 0xa0, 0x80, 0x0a, 0x0a]);
    expect(run(['nlu', 'sentiment'], { input: odd }).out.trim().split('\n')).toHaveLength(3);
  });

  test('faq eval', () => {
    const kb = file('kb.tsv', 'K1\t发什么快递\nK1\t用的哪家快递\nK2\t怎么退货\nK3\t可以开发票吗\n');
    const done = run([
      'faq',
      'eval',
      kb,
      file('q.tsv', 'K1\t你们用哪个快递\nK2\t我要退货怎么弄\nK3\t能开发票不\n'),
      '--json',
    ]);
    expect(done.code, done.err).toBe(0);
    expect(done.json).toMatchObject({ entries: 4, queries: 3, top1: 1, top3: 1, mrr: 1 });
    expect(done.json.microseconds_per_query).toBeGreaterThan(0);
  });
});

describe('check, backup, restore', () => {
  test('check finds nothing in the demo data, and finds what was broken', () => {
    const data = copyOf(inject('demoData'));
    const fine = run(['check', '--data', data, '--json']);
    expect(fine.code, fine.out + fine.err).toBe(0);
    expect(fine.json).toMatchObject({ breaches: 0, found: [] });

    expect(run(['chat', '--shop', 'shanxing', '--buyer', 'B01', '--data', data], { input: '你好\n' }).code).toBe(0);
    execFileSync('sqlite3', [join(data, 'xiaoer.db'), 'DELETE FROM message WHERE seq = 1']);
    const broken = run(['check', '--data', data]);
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(/message_order/);
  });

  test('a backup taken while the server works restores to what was acknowledged', async () => {
    const server = await Server.demo();
    const buyer = await Buyer.open(server, 'shanxing', 'B03');
    const before = [];
    for (let i = 0; i < 5; i++) before.push(await buyer.say(`备份之前 ${i}`));
    const talking = (async () => {
      for (let i = 0; i < 10; i++) {
        await buyer.say(`备份当中 ${i}`);
        await sleep(20);
      }
    })();
    const copy = join(folder('backup'), 'copy.xiaoer');
    const done = await runLater(['backup', copy, '--data', server.data, '--json']);
    expect(done.code, done.err).toBe(0);
    expect(done.json.bytes).toBe(statSync(copy).size);
    expect(statSync(copy).mode & 0o077).toBe(0);
    await talking;
    expectUsage(await runLater(['backup', copy, '--data', server.data]));
    await buyer.close();
    await server.close();

    const back = folder('restored');
    drop(back);
    const restored = run(['restore', copy, '--data', back]);
    expect(restored.code, restored.err).toBe(0);
    expectUsage(run(['restore', copy, '--data', back]));
    expect(run(['check', '--data', back]).code).toBe(0);
    const shown = run(['show', 'conversation', before[0]!.conversation, '--data', back]);
    expect(shown.code, shown.err).toBe(0);
    for (const { seq } of before)
      expect(shown.json.messages.filter((m: { seq: number }) => m.seq === seq)).toHaveLength(1);
    // What is sealed opens again: the key came along.
    expect(run(['show', 'order', 'E10001', '--data', back]).json.address.phone).toBe('13800000001');
    const again = await Server.start({ data: back });
    await again.close();
    drop(back);
  });

  test('what is no backup is refused, and leaves nothing behind', () => {
    const back = folder('restored');
    expectUsage(run(['restore', file('x.xiaoer', 'no backup at all'), '--data', back]));
    expectUsage(run(['restore', '/nonexistent', '--data', back]));
    expect(existsSync(join(back, 'xiaoer.db'))).toBe(false);
    expect(existsSync(join(back, 'restoring.db'))).toBe(false);
  });
});

describe('serve, demo, bench', () => {
  /** Runs until its output holds the text, then stops it as an operator does. */
  async function until(args: string[], text: string) {
    const child = spawn(XIAOER, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    track(child.pid);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (err += part));
    const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
    const began = Date.now();
    while (!out.includes(text) && child.exitCode === null && Date.now() - began < 20_000) await sleep(10);
    const ms = Date.now() - began;
    child.kill('SIGTERM');
    return { code: await ended, out, err, ms };
  }

  test('demo says where everything is, and the second start is quick', async () => {
    const data = folder();
    const first = await until(['demo', '--data', data, '--listen', '127.0.0.1:0'], 'Ctrl-C');
    expect(first.code, first.err).toBe(0);
    expect(first.out).toMatch(/http:\/\/127\.0\.0\.1:\d+\/demo\/\?shop=shanxing/);
    expect(first.out).toMatch(/shop=northpeak/);
    expect(first.out).toMatch(/\/console\//);
    expect(first.out).toContain('demo-2026');
    const second = await until(['demo', '--data', data, '--listen', '127.0.0.1:0'], 'Ctrl-C');
    expect(second.code).toBe(0);
    expect(second.ms).toBeLessThan(3_000);
    const count = (kind: string) =>
      Number(execFileSync('sqlite3', [join(data, 'xiaoer.db'), `SELECT count(*) FROM ${kind}`]));
    expect(count('product')).toBeGreaterThanOrEqual(40);
    expect(count('shop_order')).toBeGreaterThanOrEqual(120);
    expect(count('knowledge')).toBeGreaterThanOrEqual(150);
    expect(count('person')).toBeGreaterThanOrEqual(12);
    expect(run(['check', '--data', data]).code).toBe(0);
  });

  test('serve takes its settings from a file; a wrong one is named with its line', async () => {
    const config = file('xiaoer.conf', '# of this shop\nlisten = 127.0.0.1:0\nlog_level = warn\n');
    const served = await until(['serve', '--config', config, '--data', folder()], 'http://');
    expect(served.code, served.err).toBe(0);
    expect(served.err).not.toContain('level=info');
    const wrong = file('wrong.conf', 'listen = 127.0.0.1:0\nlitsen = 1\n');
    expect(expectUsage(run(['serve', '--config', wrong, '--data', folder()]))).toMatch(/line 2/);
  });

  test('bench turns prints the figures of the contract', async () => {
    const words = ['bench', 'turns', '--connections', '8', '--seconds', '2', '--json', '--dir', folder('bench')];
    const done = await runLater(words, { timeout: 60_000 });
    expect(done.code, done.err).toBe(0);
    for (const name of [
      'connections',
      'turns_per_second',
      'fdatasync_per_second',
      'turns_per_fdatasync',
      'p50_ms',
      'p99_ms',
      'cpu_us_per_turn',
    ])
      expect(done.json[name], name).toBeGreaterThan(0);
    expect(done.json.connections).toBe(8);
  }, 60_000);
});
