// SPDX-License-Identifier: Apache-2.0
//
// Conversations on the terminal, on the demo shops, as people have them: half sentences, corrections, two requests at
// once, another question in between.
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { copyOf, drop, run } from './lib/program.ts';

interface Understood {
  intent: string;
  slots: Record<string, string>;
  also?: { intent: string; slots: Record<string, string>; source: string; action: unknown }[];
}

interface Turn {
  handler: string;
  messages: { kind: string; text: string; order_id?: string; choices?: string[] }[];
  understood: Understood;
  action: { name: string; status: string } | null;
  sources: { kind: string; id: string }[];
}

let data: string;
beforeAll(() => {
  data = copyOf(inject('demoData'), 'talk');
  return () => drop(data);
});

function talk(shop: string, buyer: string, ...lines: string[]): Turn[] {
  const done = run(['chat', '--shop', shop, '--buyer', buyer, '--json', '--data', data], {
    input: lines.join('\n') + '\n',
  });
  expect(done.code, done.err).toBe(0);
  expect(done.lines).toHaveLength(lines.length);
  return done.lines as Turn[];
}

const zh = (buyer: string, ...lines: string[]) => talk('shanxing', buyer, ...lines);
const en = (buyer: string, ...lines: string[]) => talk('northpeak', buyer, ...lines);
const said = (turn: Turn) => turn.messages.map((m) => m.text).join('\n');
const kinds = (turn: Turn) => turn.messages.map((m) => m.kind);
const product = (id: string) => run(['show', 'product', id, '--data', data]).json;
const order = (id: string) => run(['show', 'order', id, '--data', data]).json;
const lastEvent = (id: string): string => order(id).parcels.at(-1).events.at(-1).text;
const stock = (id: string, sku: string): string =>
  String(product(id).skus.find((s: { id: string }) => s.id === sku).stock);

describe('what goes on', () => {
  test('another colour keeps the size, another size the colour, and shipping is about the same product', () => {
    const [first, size, colour, fee] = zh(
      'B06',
      '轻量冲锋衣黑色L码有货吗',
      '那M码呢',
      '换成藏蓝的呢',
      '那运费呢',
    ) as [Turn, Turn, Turn, Turn];
    expect(said(first)).toContain(stock('P101', 'P101-BK-L'));
    expect(size.understood).toMatchObject({ intent: 'stock_query', slots: { product_id: 'P101', size: 'M' } });
    expect(said(size)).toContain(stock('P101', 'P101-BK-M'));
    expect(colour.understood.intent).toBe('stock_query');
    expect(said(colour)).toMatch(/藏蓝 \/ M/);
    expect(fee.understood).toMatchObject({ intent: 'ship_fee', slots: { product_id: 'P101' } });
  });

  test('another product, another place, other measures', () => {
    const [price, fleece] = zh('B06', '这件冲锋衣卖多少钱', '那抓绒衣呢') as [Turn, Turn];
    expect(price.understood.intent).toBe('price_query');
    expect(fleece.understood).toMatchObject({ intent: 'price_query', slots: { product_id: 'P104' } });
    expect(said(fleece)).toContain('229');
    const [fee, tibet] = zh('B06', '运费多少', '那西藏呢') as [Turn, Turn];
    expect(fee.understood.intent).toBe('ship_fee');
    expect(tibet.understood).toMatchObject({ intent: expect.stringMatching(/^ship_(fee|region)$/), slots: { region: expect.stringContaining('西藏') } });
    expect(said(tibet)).toContain('西藏');
  });

  test('in English', () => {
    const [first, size, fleece] = en(
      'C06',
      'Is the Ridgeline Rain Jacket in stock in black M?',
      'what about size L?',
      'and the fleece jacket?',
    ) as [Turn, Turn, Turn];
    expect(said(first)).toContain(stock('NP101', 'NP101-BK-M'));
    expect(size.understood).toMatchObject({ intent: 'stock_query', slots: { product_id: 'NP101', size: 'L' } });
    expect(said(size)).toContain(stock('NP101', 'NP101-BK-L'));
    expect(fleece.understood).toMatchObject({ intent: 'stock_query', slots: { product_id: 'NP103' } });
  });
});

describe('what is taken back', () => {
  test('the other order, and the one of a day', () => {
    const [list, day, other] = zh('B02', '我的快递到哪了', '不对,是前天那单', '不对，是另一单') as [Turn, Turn, Turn];
    expect(kinds(list)).toContain('choices');
    const first = day.understood.slots['order_id']!;
    const placed = new Date(order(first).created_at).getTime();
    expect(Date.now() - placed).toBeGreaterThan(86_400_000 * 0.9);
    expect(Date.now() - placed).toBeLessThan(86_400_000 * 3.1);
    expect(day.understood.intent).toBe('ship_track');
    expect(other.understood.intent).toBe('ship_track');
    expect(other.understood.slots['order_id']).not.toBe(first);
  });

  test('another colour, another matter', () => {
    const [, black, fee] = zh('B06', '轻量冲锋衣藏蓝L码有货吗', '不是藏蓝，是黑色', '不对，我问的是运费') as Turn[];
    expect(black!.understood.intent).toBe('stock_query');
    expect(said(black!)).toContain(stock('P101', 'P101-BK-L'));
    expect(fee!.understood.intent).toBe('ship_fee');
    const [, change] = zh('B06', '我要退货', '不是退货，是换货') as Turn[];
    expect(change!.understood.intent).toBe('exchange_apply');
  });

  test('in English', () => {
    const [, fleece, black] = en(
      'C06',
      'Is the Ridgeline Rain Jacket in stock in black M?',
      'I meant the fleece jacket',
      'no, the rain jacket',
    ) as Turn[];
    expect(fleece!.understood).toMatchObject({ intent: 'stock_query', slots: { product_id: 'NP103' } });
    expect(black!.understood).toMatchObject({ intent: 'stock_query', slots: { product_id: 'NP101' } });
  });

  test('a no that is none stays what it is', () => {
    const [signed] = zh('B01', '不是我签收的') as [Turn];
    expect(signed.understood.intent).toBe('ship_signed_not_received');
  });
});

describe('two requests in one message', () => {
  test('both are answered, in their order, and the record names both', () => {
    const [turn] = zh('B06', '退货运费谁出 还有优惠券退不退') as [Turn];
    expect(turn.understood.intent).toBe('return_freight');
    expect(turn.understood.also).toMatchObject([{ intent: 'coupon_refund' }]);
    const texts = turn.messages.filter((m) => m.kind === 'text').map((m) => m.text);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toContain('运费');
    expect(texts[1]).toMatch(/券|优惠/);
    expect(turn.sources.length).toBeGreaterThanOrEqual(2);
  });

  test("where's my parcel and can I change the address?", () => {
    const [turn] = en('C01', "where's my parcel and can I change the address?") as [Turn];
    expect(turn.understood).toMatchObject({ intent: 'ship_track', slots: { order_id: 'N20001' } });
    expect(turn.understood.also).toMatchObject([{ intent: 'order_modify_address', slots: { order_id: 'N20001' } }]);
    expect(said(turn)).toContain(lastEvent('N20001'));
    expect(said(turn)).toMatch(/address/);
    expect(said(turn).indexOf(lastEvent('N20001'))).toBeLessThan(said(turn).indexOf('address'));
  });

  test('what has to be asked back comes last', () => {
    const [turn, chosen] = zh('B02', '我的快递到哪了 还有你们包邮吗', '第二个') as [Turn, Turn];
    expect(turn.understood.also).toMatchObject([{ intent: 'ship_fee' }]);
    expect(said(turn)).toContain('包邮');
    expect(kinds(turn).at(-1)).toBe('choices');
    expect(chosen.understood.intent).toBe('ship_track');
    expect(said(chosen)).toContain(lastEvent(chosen.understood.slots['order_id']!));
  });

  test('a wish for a person behind a question is heard', () => {
    const [turn] = zh('B01', '快递到哪了 还有我要转人工') as [Turn];
    expect(turn.handler).toBe('queue');
    expect(said(turn)).toContain(lastEvent('E10001'));
  });

  test.each([
    ['shanxing', 'B06', '黑色和白色哪个好'],
    ['shanxing', 'B06', '你好，我的快递到哪了'],
    ['shanxing', 'B06', '我买的冲锋衣大了，能换个小一码吗'],
    ['northpeak', 'C06', 'It arrived broken, I want to return it'],
    ['northpeak', 'C06', 'black and white, which one is better?'],
  ])('%s %s: "%s" is one', (shop, buyer, line) => {
    expect(talk(shop, buyer, line)[0]!.understood.also).toBeUndefined();
  });
});

describe('an open question', () => {
  test('is taken up once after another one, and then dropped', () => {
    const [asked, other, third] = zh('B02', '我的快递到哪了', '你们包邮吗', '退货运费谁出') as [Turn, Turn, Turn];
    const choices = asked.messages.find((m) => m.kind === 'choices')!.choices!;
    expect(other.understood.intent).toBe('ship_fee');
    expect(other.messages.at(-1)).toMatchObject({ kind: 'choices', choices });
    expect(third.messages.some((m) => m.choices?.includes(choices[0]!))).toBe(false);
  });

  test('its list still holds after another one', () => {
    const [asked, , chosen] = zh('B02', '我的快递到哪了', '轻量冲锋衣黑色L码有货吗', '第二个') as [Turn, Turn, Turn];
    const id = chosen.understood.slots['order_id']!;
    expect(asked.messages.find((m) => m.kind === 'choices')!.choices![1]).toContain(id);
    expect(chosen.understood.intent).toBe('ship_track');
  });

  test('never mind', () => {
    const [, dropped, other] = zh('B02', '我的快递到哪了', '算了', '你们包邮吗') as [Turn, Turn, Turn];
    expect(dropped.understood.intent).toBe('confirm_no');
    expect(kinds(other)).not.toContain('choices');
  });

  test('the second of what was shown', () => {
    const [found, price] = en('C06', 'NP101 and NP102, what is the difference?', 'how much is the second one?') as [Turn, Turn];
    expect(found.sources.map((s) => s.id)).toEqual(['NP101', 'NP102']);
    expect(price.understood).toMatchObject({ intent: 'price_query', slots: { product_id: 'NP102' } });
  });
});

describe('yes, no and why', () => {
  test('to nothing are harmless', () => {
    for (const turn of [...zh('B06', '好的', '不是', '是的', '不对'), ...en('C06', 'yes', 'no')]) {
      expect(turn.handler).toBe('bot');
      expect(turn.action).toBeNull();
      expect(turn.messages.length).toBeGreaterThan(0);
    }
  });

  test('yes to the offer of a person is one', () => {
    const [offered, taken] = zh('B06', '我要换绑手机号', '好的') as [Turn, Turn];
    expect(offered.messages.some((m) => m.choices?.includes('转人工'))).toBe(true);
    expect(taken.handler).toBe('queue');
  });

  test('why a parcel is held up: the same order, and who can ask the carrier', () => {
    const [track, why] = zh('B05', '快递到哪了', '怎么回事') as [Turn, Turn];
    expect(why.understood).toMatchObject({ intent: 'ship_stuck', slots: { order_id: track.understood.slots['order_id'] } });
    expect(said(why)).toContain(lastEvent(track.understood.slots['order_id']!));
    expect(why.messages.some((m) => m.choices?.includes('转人工'))).toBe(true);
  });
});
