// SPDX-License-Identifier: Apache-2.0
//
// The bot on the terminal, on the demo shop: it answers with this buyer's own data or says that it has none.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { copyOf, drop, run } from './lib/program.ts';
import { file, jsonl, load } from './lib/shop.ts';

interface Turn {
  turn: number;
  handler: string;
  conversation: string;
  messages: { kind: string; text: string; order_id?: string; product_id?: string; choices?: string[] }[];
  understood: {
    language: string;
    intent: string;
    confidence: number;
    emotion: string;
    slots: Record<string, string>;
    source: string;
  } | null;
  action: { name: string; status: string; reason?: string } | null;
  sources: { kind: string; id: string }[];
}

let data: string;
beforeAll(() => {
  data = copyOf(inject('demoData'), 'chat');
  return () => drop(data);
});

function chat(shop: string, buyer: string | null, lines: string[], ...more: string[]): Turn[] {
  const who = buyer ? ['--buyer', buyer] : [];
  const done = run(['chat', '--shop', shop, ...who, '--json', '--data', data, ...more], {
    input: lines.join('\n') + '\n',
  });
  expect(done.code, done.err).toBe(0);
  expect(done.lines).toHaveLength(lines.length);
  return done.lines as Turn[];
}

const order = (id: string) => run(['show', 'order', id, '--data', data]).json;
const said = (turn: Turn) => turn.messages.map((m) => m.text).join('\n');
const lastEvent = (id: string) => order(id).parcels.at(-1).events.at(-1) as { text: string; at: string };

describe('parcels and orders', () => {
  test('the example of the issue: the real last event, then the queue', () => {
    const [first, second] = chat('shanxing', 'B01', ['我的快递到哪了', '转人工']) as [Turn, Turn];
    expect(first).toMatchObject({
      turn: 1,
      handler: 'bot',
      understood: { language: 'zh', intent: 'ship_track', slots: { order_id: 'E10001' }, source: 'flow' },
      action: { name: 'logistics.track', status: 'done' },
      sources: [{ kind: 'order', id: 'E10001' }],
    });
    expect(said(first)).toContain(lastEvent('E10001').text);
    expect(first.messages).toContainEqual(
      expect.objectContaining({ kind: 'order_card', order_id: 'E10001', status: 'shipped' }),
    );
    expect(second).toMatchObject({ turn: 2, handler: 'queue', action: { name: 'human.request', status: 'done' } });
    expect(second.conversation).toBe(first.conversation);
  });

  test('several likely orders: a list to choose from, and the choice is understood', () => {
    const [list, chosen] = chat('shanxing', 'B02', ['我的快递到哪了', '第二个']) as [Turn, Turn];
    const choices = list.messages.find((m) => m.kind === 'choices')!.choices!;
    expect(choices.length).toBeGreaterThan(1);
    for (const id of list.sources.map((s) => s.id)) expect(order(id).buyer).toBe('B02');
    expect(list.action).toMatchObject({ status: 'needs_slot' });
    const id = chosen.understood!.slots['order_id']!;
    expect(choices[1]).toContain(id);
    expect(said(chosen)).toContain(lastEvent(id).text);
  });

  test('a stale parcel, an exception, an unshipped late order: each by its own data', () => {
    expect(said(chat('shanxing', 'B03', ['我的快递怎么不动了'])[0]!)).toContain(lastEvent('E10007').text);
    expect(said(chat('shanxing', 'B05', ['快递到哪了'])[0]!)).toContain(lastEvent('E10011').text);
    const late = chat('shanxing', 'B04', ['怎么还不发货'])[0]!;
    expect(late.understood!.intent).toMatch(/^ship_(urge|time)$/);
    expect(late.sources).toContainEqual({ kind: 'order', id: 'E10009' });
  });

  test("another buyer's order, and one that nobody has, get the same answer", () => {
    const theirs = chat('shanxing', 'B02', ['查一下订单 E10001'])[0]!;
    const nobodys = chat('shanxing', 'B02', ['查一下订单 E99999'])[0]!;
    for (const turn of [theirs, nobodys]) {
      expect(turn.action).toMatchObject({ status: 'refused', reason: 'not_found' });
      expect(turn.sources.filter((s) => s.kind === 'order')).toEqual([]);
      expect(turn.messages.filter((m) => m.kind === 'order_card')).toEqual([]);
    }
    // The wording turns from talk to talk; what is told is the same.
    const told = (turn: Turn) => [turn.messages.map((m) => [m.kind, m.choices]), turn.understood?.slots, turn.action];
    expect(told(theirs)).toEqual(told(nobodys));
    for (const turn of [theirs, nobodys]) expect(said(turn)).toMatch(/没有在您名下找到订单|不在您这个账号下/);
    expect(said(theirs)).not.toMatch(/冲锋衣|成都|中通/);
  });

  test('a guest sees no orders, and is told how to', () => {
    const turn = chat('shanxing', null, ['我的快递到哪了'])[0]!;
    expect(turn.sources).toEqual([]);
    expect(said(turn)).toMatch(/登录/);
    const other = chat('shanxing', null, ['订单 E10001 到哪了'])[0]!;
    expect(said(other)).not.toMatch(/冲锋衣|成都|中通/);
  });

  test('in English, for a shop that speaks it', () => {
    const [first, second] = chat('northpeak', 'C01', ['Where is my parcel?', 'Can I talk to a real person please']) as [
      Turn,
      Turn,
    ];
    expect(first.understood).toMatchObject({ language: 'en', intent: 'ship_track' });
    expect(said(first)).toContain(lastEvent('N20001').text);
    expect(said(first)).not.toMatch(/[\u4e00-\u9fff]/);
    expect(second.action?.name).toMatch(/^(human\.request|callback\.book)$/);
    expect(said(second)).not.toMatch(/[\u4e00-\u9fff]/);
  });

  test('a person in the closed hours: no queue that nobody sees, a promise instead', () => {
    // Sunday noon in New York is within 09:00-18:00; two hours before dawn is not.
    const night = new Date(Date.now() + 48 * 3600_000);
    night.setUTCHours(8, 0, 0, 0);
    const turn = chat('northpeak', 'C03', ['I want to talk to a human'], '--at', night.toISOString())[0]!;
    expect(turn.handler).toBe('bot');
    expect(turn.action).toMatchObject({ name: 'callback.book', status: 'done' });
    expect(said(turn)).toMatch(/9:00/);
    const noon = new Date(night.getTime() + 8 * 3600_000);
    expect(chat('northpeak', 'C04', ['I want to talk to a human'], '--at', noon.toISOString())[0]!.handler).toBe(
      'queue',
    );
  });
});

describe('products', () => {
  test('size advice from the size chart', () => {
    const chart = run(['show', 'product', 'P101', '--data', data]).json.size_chart as {
      尺码: string;
      身高cm: number[];
      体重kg: number[];
    }[];
    const right = chart.filter(
      (r) => r.身高cm[0]! <= 172 && 172 <= r.身高cm[1]! && r.体重kg[0]! <= 65 && 65 <= r.体重kg[1]!,
    );
    const turn = chat('shanxing', 'B06', ['轻量冲锋衣身高172体重65公斤穿什么码'])[0]!;
    expect(turn.action).toEqual({ name: 'product.size', status: 'done' });
    expect(turn.sources).toEqual([{ kind: 'product', id: 'P101' }]);
    expect(right.map((r) => r.尺码)).toContain(/选\s*(\w+)/.exec(said(turn))?.[1]);
  });

  test('asks for what is missing, and goes on from the answer', () => {
    const [asked, told] = chat('shanxing', 'B06', ['轻量冲锋衣我穿什么码', '172 65kg']) as [Turn, Turn];
    expect(asked.action).toMatchObject({ name: 'product.size', status: 'needs_slot' });
    expect(told.action).toMatchObject({ name: 'product.size', status: 'done' });
  });

  test('stock by colour and size', () => {
    const product = run(['show', 'product', 'P101', '--data', data]).json as { skus: { id: string; stock: number }[] };
    const stock = product.skus.find((s) => s.id === 'P101-BK-L')!.stock;
    expect(said(chat('shanxing', 'B06', ['轻量冲锋衣黑色L码还有货吗'])[0]!)).toContain(String(stock));
    const out = chat('shanxing', 'B06', ['冲锋衣橙红色2XL码还有货吗'])[0]!;
    expect(said(out)).toMatch(/没有?货|缺货|无货|售罄|暂无/);
  });

  test('an attribute from the data; one that the data lacks is a gap', () => {
    expect(said(chat('shanxing', 'B06', ['轻量冲锋衣是什么材质的'])[0]!)).toContain('锦纶 100%');
    const lacking = chat('shanxing', 'B06', ['冲锋衣的蓝牙版本是多少'])[0]!;
    expect(lacking.action).toMatchObject({ status: 'refused', reason: 'not_in_data' });
    const gaps = execFileSync('sqlite3', [join(data, 'xiaoer.db'), 'SELECT text FROM learning_item']).toString();
    expect(gaps).toContain('蓝牙版本');
  });
});

describe('knowledge', () => {
  test('an answer comes from its entry and names it', () => {
    const turn = chat('shanxing', 'B06', ['发什么快递'])[0]!;
    expect(turn.understood!.source).toBe('knowledge');
    expect(turn.sources).toEqual([{ kind: 'knowledge', id: 'K038' }]);
  });

  test('entries hold only within their window', () => {
    const days = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString();
    expect(chat('shanxing', 'B06', ['现在有什么活动'])[0]!.sources).toEqual([{ kind: 'knowledge', id: 'K163' }]);
    expect(chat('shanxing', 'B06', ['现在有什么活动'], '--at', days(-40))[0]!.sources).toEqual([
      { kind: 'knowledge', id: 'K164' },
    ]);
    expect(chat('shanxing', 'B06', ['现在有什么活动'], '--at', days(13))[0]!.sources).toEqual([
      { kind: 'knowledge', id: 'K165' },
    ]);
    expect(chat('shanxing', 'B06', ['嘉兴仓大风天气会影响发货吗'])[0]!.sources).toEqual([
      { kind: 'knowledge', id: 'K001' },
    ]);
    expect(chat('shanxing', 'B06', ['嘉兴仓大风天气会影响发货吗'], '--at', days(30))[0]!.sources).not.toContainEqual({
      kind: 'knowledge',
      id: 'K001',
    });
  });

  test('what is imported is answered at the next question', () => {
    const entry = {
      id: 'KX1',
      shop: 'shanxing',
      layer: 'shop',
      question: '门店在哪里可以试穿',
      similar: ['线下店地址'],
      answer: '嘉兴秀洲体验店，每天十点到二十点。',
    };
    load(data, 'knowledge', [entry]);
    const turn = chat('shanxing', 'B06', ['门店在哪里可以试穿'])[0]!;
    expect(turn.sources).toEqual([{ kind: 'knowledge', id: 'KX1' }]);
    expect(said(turn)).toContain(entry.answer);
  });

  test('an override of the shop stands above the industry', () => {
    const rows = [
      { id: 'KI', shop: 'shanxing', layer: 'industry', question: '雨天能露营吗', answer: '行业说法。' },
      { id: 'KS', shop: 'shanxing', layer: 'shop', question: '雨天能露营吗', answer: '本店说法。', override: true },
    ];
    expect(load(data, 'knowledge', rows).added).toBe(2);
    expect(chat('shanxing', 'B06', ['雨天能露营吗'])[0]!.sources).toEqual([{ kind: 'knowledge', id: 'KS' }]);
  });
});

describe('a bot with manners', () => {
  test('says that it is a bot', () => {
    expect(said(chat('shanxing', 'B06', ['你是真人吗'])[0]!)).toMatch(/机器人/);
    expect(said(chat('northpeak', 'C06', ['are you a robot?'])[0]!)).toMatch(/bot/i);
  });

  test.each([
    ['shanxing', 'B01', '我的快递到哪了'],
    ['shanxing', 'B06', '发什么快递'],
    ['shanxing', 'B06', '呜哩哇啦嘟噜噜'],
    ['shanxing', 'B06', '你好'],
    ['shanxing', 'B06', '？？？'],
    ['shanxing', 'B04', '怎么还不发货'],
    ['shanxing', null, '轻量冲锋衣多少钱'],
    ['northpeak', 'C01', 'where is my parcel'],
    ['northpeak', null, 'asdf qwer zxcv'],
  ])('%s %s: "%s" five times is never answered twice in the same words', (shop, buyer, line) => {
    const turns = chat(shop, buyer, Array<string>(5).fill(line));
    for (let i = 1; i < turns.length; i++) {
      const [before, now] = [said(turns[i - 1]!), said(turns[i]!)];
      // Who waits for a person and has been told so may be left in peace.
      if (turns[i - 1]!.handler === 'bot') expect(now).not.toBe('');
      if (now !== '') expect(now, `turn ${i + 1}`).not.toBe(before);
    }
    // The same question again and again is a person's work: offered after one repeat, fetched after the next.
    const offered = turns.flatMap((t) => t.messages).some((m) => m.choices?.some((c) => /人工|person|human/i.test(c)));
    if (line !== '你好') expect(offered || turns[4]!.handler === 'queue').toBe(true);
  });

  test.each([
    '转人工',
    '人工',
    '我要找真人客服',
    '别让机器人回复了，叫人来',
    '能不能换个活人',
    '帮我接人工服务',
    '我想和客服小姐姐说话',
  ])('a person in own words: %s', (line) => {
    expect(chat('shanxing', 'B07', [line])[0]!.handler).toBe('queue');
  });

  test('a person is offered after two misses', () => {
    const turns = chat('shanxing', 'B06', ['呜哩哇啦嘟噜噜', '噼里啪啦乒乓球拍卖', '叽叽喳喳']);
    const offered = turns.findIndex(
      (t) => t.handler === 'queue' || t.messages.some((m) => m.choices?.includes('转人工')),
    );
    expect(offered).toBeGreaterThanOrEqual(0);
    expect(offered).toBeLessThanOrEqual(1);
  });

  test('lines of every sort are survived', () => {
    const lines = [
      'a'.repeat(5000),
      '好'.repeat(3000),
      '😀😃👨‍👩‍👧‍👦',
      '<script>alert(1)</script>',
      "'; DROP TABLE message; --",
      '%s%n%x',
      '\t  x',
      '{"type":"auth"}',
      '１２３４５',
      '\u202e反向\u202c',
      '\u0000',
      'NULL',
      '-1',
      '订单 ' + '9'.repeat(200),
      'E10001 E10002 E10003',
    ].filter((l) => l.trim() !== '');
    const input = Buffer.concat([
      Buffer.from(lines.join('\n') + '\n'),
      Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0x0a]),
      Buffer.from('你好\n'),
    ]);
    const done = run(['chat', '--shop', 'shanxing', '--buyer', 'B06', '--json', '--data', data], { input });
    expect(done.code, done.err).toBe(0);
    expect(done.lines.length).toBeGreaterThanOrEqual(lines.length);
    expect(done.err).toMatch(/not UTF-8/);
    const checked = run(['check', '--data', data]);
    expect(checked.code, checked.out).toBe(0);
  });

  test('a clock that is set back opens no second conversation', () => {
    const later = new Date(Date.now() + 86_400_000).toISOString();
    chat('shanxing', 'B08', ['你好'], '--at', later);
    const turns = chat('shanxing', 'B08', ['你好', '你好', '你好']);
    expect(new Set(turns.map((t) => t.conversation)).size).toBe(1);
    const checked = run(['check', '--data', data]);
    expect(checked.code, checked.out).toBe(0);
  });

  test('without --json it reads like a talk', () => {
    const done = run(['chat', '--shop', 'shanxing', '--buyer', 'B01', '--data', data], { input: '我的快递到哪了\n' });
    expect(done.code).toBe(0);
    expect(done.out).toMatch(/^<< .*E10001/m);
    const unknown = run(['chat', '--shop', 'nowhere', '--data', data], { input: '你好\n' });
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('nowhere');
  });

  test('a shop of one product and no knowledge says what it does not know', () => {
    const id = 'tiny';
    run([
      'import',
      'shops',
      file(
        's.jsonl',
        jsonl([{ id, name: 'Tiny', language: 'en', currency: 'EUR', time_zone: 'Europe/Paris', self_operated: true }]),
      ),
      '--data',
      data,
    ]);
    const turns = chat(id, 'X1', ['Where is my parcel?', 'Do you ship to Norway?']);
    expect(turns[0]!.sources).toEqual([]);
    expect(turns[1]!.understood!.source).not.toBe('knowledge');
    expect(turns[1]!.sources).toEqual([]);
  });
});
