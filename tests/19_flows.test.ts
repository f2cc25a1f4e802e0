// SPDX-License-Identifier: Apache-2.0
//
// The bot finishes the job: task flows on the terminal, on the demo shops, to the end: what is stored is what was said.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, crc32 } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { Buyer } from './lib/buyer.ts';
import { copyOf, drop, folder, run } from './lib/program.ts';
import { Server } from './lib/server.ts';
import { load, openShops, orderRow, personRow, productRow, shopRow } from './lib/shop.ts';
import { Staff } from './lib/staff.ts';

interface Turn {
  turn: number;
  handler: string;
  messages: { kind: string; text: string; order_id?: string; choices?: string[] }[];
  understood: { intent: string; slots: Record<string, string>; source: string; also?: { intent: string }[] } | null;
  action: { name: string; status: string; reason?: string } | null;
  sources: { kind: string; id: string }[];
}

let data: string;
beforeEach(() => {
  data = copyOf(inject('demoData'), 'flows');
  return () => drop(data);
});

function talk(shop: string, buyer: string | null, ...lines: string[]): Turn[] {
  const who = buyer ? ['--buyer', buyer] : [];
  const done = run(['chat', '--shop', shop, ...who, '--json', '--data', data], { input: lines.join('\n') + '\n' });
  expect(done.code, done.err).toBe(0);
  expect(done.lines).toHaveLength(lines.length);
  return done.lines as Turn[];
}

const zh = (buyer: string | null, ...lines: string[]) => talk('shanxing', buyer, ...lines);
const en = (buyer: string, ...lines: string[]) => talk('northpeak', buyer, ...lines);
const said = (turn: Turn | undefined) => turn!.messages.map((m) => m.text).join('\n');
const choices = (turn: Turn | undefined) => turn!.messages.flatMap((m) => m.choices ?? []);
const order = (id: string) => run(['show', 'order', id, '--data', data]).json;
const kase = (id: string) => run(['show', 'case', id, '--data', data]).json;
const product = (id: string) => run(['show', 'product', id, '--data', data]).json;
const caseOf = (turn: Turn | undefined) => turn!.sources.find((s) => s.kind === 'case')!.id;

/** A picture of two by two dots. */
function photo(): string {
  const part = (type: string, body: Buffer) => {
    const head = Buffer.concat([Buffer.from(type), body]);
    const size = Buffer.alloc(4);
    const sum = Buffer.alloc(4);
    size.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(head) >>> 0);
    return Buffer.concat([size, head, sum]);
  };
  const ihdr = Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0]);
  const dots = Buffer.from([0, 255, 0, 0, 255, 0, 0, 0, 255, 0, 0, 255, 0, 0]);
  const file = join(folder('photo'), 'box.png');
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  writeFileSync(file, Buffer.concat([magic, part('IHDR', ihdr), part('IDAT', deflateSync(dots)), part('IEND', Buffer.alloc(0))]));
  return file;
}

const NEW = '改成浙江省杭州市西湖区文三路1号 张三 13800001234';

describe('the address', () => {
  test('is changed before shipment: asked for, shown old and new, confirmed, stored', () => {
    const [ask, show, done] = zh('B02', '我想改一下收货地址', NEW, '确认');
    expect(ask!.understood).toMatchObject({ intent: 'order_modify_address', source: 'flow', slots: { order_id: 'E10006' } });
    expect(ask!.action).toEqual({ name: 'order.change_address', status: 'needs_slot' });
    expect(ask!.messages.some((m) => m.kind === 'form')).toBe(true);
    expect(show!.action).toEqual({ name: 'order.change_address', status: 'needs_confirmation' });
    expect(said(show)).toMatch(/广州市.*改成.*张\*\* 138\*\*\*\*1234 浙江省杭州市西湖区文三路1号/);
    expect(said(show)).not.toContain('13800001234');
    expect(choices(show)).toEqual(['确认', '取消']);
    expect(done!.action).toEqual({ name: 'order.change_address', status: 'done' });
    expect(order('E10006').address).toEqual({
      name: '张三',
      phone: '13800001234',
      region: '浙江省/杭州市/西湖区',
      detail: '文三路1号',
    });
  });

  test('all in one sentence, and corrected at the confirmation', () => {
    const [show, mended, done] = zh('B02', `帮我改收货地址，${NEW}`, '不对，是2号楼', '是的');
    expect(show!.action!.status).toBe('needs_confirmation');
    expect(said(mended)).toContain('文三路1号2号楼');
    expect(mended!.action!.status).toBe('needs_confirmation');
    expect(done!.action!.status).toBe('done');
    expect(order('E10006').address.detail).toBe('文三路1号2号楼');
  });

  test('by a form: the street is not said again, what is stored is what was filled in', () => {
    const form = JSON.stringify({ name: '李四', phone: '13911112222', region: '浙江省/杭州市/西湖区', detail: '文三路9号' });
    const [, show, done] = zh('B02', '改地址', `/form ${form}`, '确认');
    expect(said(show)).toContain('139****2222');
    expect(said(show)).not.toMatch(/文三路9号|13911112222/);
    expect(done!.action!.status).toBe('done');
    expect(order('E10006').address.detail).toBe('文三路9号');
  });

  test('is refused after shipment, and the interception is offered and made', () => {
    const [no, ask, done] = zh('B01', '我想改一下收货地址', '帮我拦截快递', '确认');
    expect(no!.action).toEqual({ name: 'order.change_address', status: 'refused', reason: 'shipped' });
    expect(choices(no)).toContain('拦截');
    expect(ask!.action).toEqual({ name: 'logistics.intercept', status: 'needs_confirmation' });
    expect(done!.action).toEqual({ name: 'logistics.intercept', status: 'done' });
    expect(said(done)).toMatch(/W-\d{8}-\d{4}/);
  });

  test('an interruption is answered, the open step comes back once, and nothing is half done when it is given up', () => {
    const before = order('E10006').address;
    const turns = zh('B02', '我想改一下收货地址', '你们发什么快递', '是机器人吗', NEW, '算了', '确认');
    expect(said(turns[1])).toMatch(/付款|付的款/);
    expect(said(turns[1])).toContain('请把新的收货地址告诉我');
    expect(said(turns[2])).not.toContain('收货地址告诉我');
    expect(turns[3]!.action!.status).toBe('needs_confirmation');
    expect(turns[4]!.action).toEqual({ name: 'order.change_address', status: 'refused', reason: 'declined' });
    expect(turns[5]!.action).toBeNull();
    expect(order('E10006').address).toEqual(before);
  });

  test("another buyer's order, and one that nobody has: not found, in the same words", () => {
    const theirs = zh('B02', '把订单E10009的地址改一下')[0]!;
    const nobodys = zh('B02', '把订单E99999的地址改一下')[0]!;
    for (const turn of [theirs, nobodys])
      expect(turn.action).toEqual({ name: 'order.change_address', status: 'refused', reason: 'not_found' });
    expect(said(theirs)).toMatch(/没有在您名下找到订单|不在您这个账号下/);
    expect(theirs.messages.map((m) => m.kind)).toEqual(nobodys.messages.map((m) => m.kind));
  });

  test('a guest is asked to sign in', () => {
    const turn = zh(null, '我想改一下收货地址')[0]!;
    expect(turn.action).toMatchObject({ status: 'refused', reason: 'sign_in' });
  });

  test('the kill switch of the shop holds', () => {
    const before = order('E10006').address;
    load(data, 'policies', [{ key: 'action.off', value: ['order.change_address'], from: '2020-01-01', shop: 'shanxing', scope: 'shop' }]);
    const [turn] = zh('B02', '我想改一下收货地址');
    expect(turn!.action).toEqual({ name: 'order.change_address', status: 'refused', reason: 'switched_off' });
    expect(order('E10006').address).toEqual(before);
  });

  test('in English', () => {
    const [ask, show, done] = en('C02', 'I want to change my delivery address', 'Ann Lee, 12 Oak Street Apt 4, Austin, TX 78704', 'yes');
    expect(ask!.action).toEqual({ name: 'order.change_address', status: 'needs_slot' });
    expect(said(show)).toContain('12 Oak Street Apt 4');
    expect(said(show)).not.toMatch(/[\u4e00-\u9fff]/);
    expect(done!.action!.status).toBe('done');
    expect(order(ask!.understood!.slots.order_id!).address.detail).toContain('12 Oak Street');
  });

  test('in English, the town first and the street afterwards; states by name, postcodes of Britain', () => {
    const [, town, show, done] = en('C10', 'change address', 'Boise, ID 83702', '812 West Main Street Apt 5', 'yes');
    expect(town!.action).toEqual({ name: 'order.change_address', status: 'needs_slot' });
    expect(said(town)).toMatch(/missing: street/);
    expect(said(show)).toContain('812 West Main Street Apt 5, Boise, Idaho 83702');
    expect(done!.action!.status).toBe('done');
    const [named] = en('C02', 'change my address to 5 Elm St, Newark, New Jersey 07102');
    expect(said(named)).toContain('5 Elm St, Newark, New Jersey 07102');
    const [london] = en('C02', 'change my address to 221B Baker Street, London NW1 6XE');
    expect(said(london)).toContain('221B Baker Street, London NW1 6XE');
  });
});

describe('orders', () => {
  test('a paid one is cancelled: a refund case with state, amount and deadline, and its progress', () => {
    const [ask, done, progress] = zh('B02', '帮我取消订单', '确认', '退款到哪一步了');
    expect(ask!.action).toEqual({ name: 'order.cancel', status: 'needs_confirmation' });
    expect(said(ask)).toContain('¥258.00');
    expect(done!.action).toEqual({ name: 'order.cancel', status: 'done' });
    expect(done!.messages.some((m) => m.kind === 'case_card')).toBe(true);
    const stored = kase(caseOf(done));
    expect(stored).toMatchObject({ type: 'refund_only', state: 'wait_seller_unshipped' });
    expect(order('E10006').cases).toHaveLength(1);
    expect(progress!.action).toEqual({ name: 'case.show', status: 'done' });
    expect(said(progress)).toMatch(/等待商家处理.*¥258\.00.*\d+月\d+日/s);
    expect(caseOf(progress)).toBe(caseOf(done));
  });

  test('an unpaid one is closed, once', () => {
    const [, done, again] = zh('B07', '取消订单', '确认', '取消订单');
    expect(done!.action).toEqual({ name: 'order.cancel', status: 'done' });
    expect(order('E10013').status).toBe('closed');
    expect(again!.action!.status).not.toBe('done');
  });

  test('a note, a phone number', () => {
    const turns = zh('B02', '帮我备注放门卫', '确认', '收货手机号填错了', '13911112222', '确认');
    expect(turns[0]!.action).toEqual({ name: 'order.add_note', status: 'needs_confirmation' });
    expect(turns[1]!.action!.status).toBe('done');
    expect(turns[4]!.action).toEqual({ name: 'order.change_phone', status: 'done' });
    expect(order('E10006')).toMatchObject({ address: { phone: '13911112222' } });
    expect(JSON.stringify(order('E10006'))).toContain('放门卫');
  });

  test('two jobs in one message: the first is done, then the second is asked', () => {
    const turns = zh('B08', '改地址，另外帮我开张发票', NEW, '确认', '李雷', '确认');
    expect(turns[0]!.action).toEqual({ name: 'order.change_address', status: 'needs_slot' });
    expect(turns[0]!.understood!.also).toMatchObject([{ intent: 'invoice_request' }]);
    expect(turns[2]!.action).toEqual({ name: 'order.change_address', status: 'done' });
    expect(said(turns[2])).toContain('发票抬头');
    expect(turns[3]!.action).toEqual({ name: 'invoice.request', status: 'needs_confirmation' });
    expect(turns[4]!.action).toEqual({ name: 'invoice.request', status: 'done' });
    expect(said(turns[4])).toMatch(/W-\d{8}-\d{4}/);
  });
});

describe('one of several pieces', () => {
  test('what is to stay stays: the named one is paid back, the order is not cancelled', () => {
    const [show, done] = zh('B11', 'E10029 里的登山杖不要了 帐篷留着', '确认');
    expect(show!.action).toEqual({ name: 'case.open', status: 'needs_confirmation' });
    expect(said(show)).toMatch(/登山杖.*仅退款/s);
    expect(said(show)).not.toContain('等 2 件');
    expect(done!.action).toEqual({ name: 'case.open', status: 'done' });
    expect(order('E10029').status).toBe('paid');
    const turns = en('C10', 'cancel the power bank but keep the sleeping bag', 'ordered by mistake', 'yes');
    expect(said(turns[1])).toContain('Basecamp Power Bank');
    expect(said(turns[1])).not.toContain('Sleeping Bag');
    expect(turns[2]!.action).toEqual({ name: 'case.open', status: 'done' });
  });

  test('a note is what is to be noted, not the question about it', () => {
    const [asked] = zh('B08', '能备注吗');
    expect(asked!.action).toEqual({ name: 'order.add_note', status: 'needs_slot' });
    const [show] = zh('B08', '备注：放门口，可以吗？');
    expect(said(show)).toContain('「放门口」');
  });

  test('what was never bought: which order, and no other one instead', () => {
    const [boots] = en('C04', 'cancel the boots');
    expect(boots!.action).toEqual({ name: 'order.cancel', status: 'needs_slot' });
    expect(choices(boots).length).toBeGreaterThan(1);
    const [tent] = zh('B01', '帐篷坏了');
    expect(tent!.action).toEqual({ name: 'case.open', status: 'needs_slot' });
    expect(choices(tent).length).toBeGreaterThan(1);
  });
});

describe('parcels', () => {
  test('a stale one: carrier, phone, and an urge ticket with its number; not a second one at once', () => {
    const [ask, done, again] = zh('B03', '物流三天没动了', '确认', '物流三天没动了');
    expect(said(ask)).toContain('95546');
    expect(ask!.action).toEqual({ name: 'logistics.urge', status: 'needs_confirmation' });
    expect(done!.action).toEqual({ name: 'logistics.urge', status: 'done' });
    const ticket = /W-\d{8}-\d{4}/.exec(said(done))![0];
    expect(again!.action).toEqual({ name: 'logistics.urge', status: 'refused', reason: 'too_soon' });
    expect(said(again)).toContain(ticket);
  });

  test('a promise that was not kept, said without a word for the order', () => {
    for (const text of ['说好几号发,到现在没动静', '答应的日期早过了还没发']) {
      const [late] = zh('B04', text);
      expect(late!.understood).toMatchObject({ intent: 'ship_urge', slots: { order_id: 'E10009' } });
      expect(said(late)).toContain('超时还没发');
    }
  });

  test('a stored answer that is only spelt alike is none', () => {
    for (const text of ['能分开发货吗', '是单独寄吗']) {
      const [split] = zh('B01', text);
      expect(split!.understood!.intent).toBe('order_split');
      expect(said(split)).not.toContain('发票');
    }
  });

  test('an order that is late: the warehouse is asked', () => {
    const [ask, done] = zh('B04', '催一下发货', '好的');
    expect(ask!.action).toEqual({ name: 'logistics.urge', status: 'needs_confirmation' });
    expect(done!.action!.status).toBe('done');
  });
});

describe('after the sale', () => {
  test('damaged goods with a photo: refund only, and a person with priority', () => {
    const [ask, show, done] = zh('B01', '瓶子碎了油漏一箱', `/image ${photo()}`, '确认');
    expect(ask!.action).toEqual({ name: 'case.open', status: 'needs_slot' });
    expect(said(show)).toMatch(/仅退款.*运输损坏.*¥499\.00/s);
    expect(done).toMatchObject({ handler: 'queue', action: { name: 'case.open', status: 'done' } });
    expect(kase(caseOf(done))).toMatchObject({ type: 'refund_only', reason: 'damaged_in_transit' });
  });

  test('a photo before any words: asked what it is, and the job begins with it', () => {
    const [photographed, show] = zh('B01', `/image ${photo()}`, '瓶子碎了油漏一箱');
    expect(choices(photographed)).toEqual(expect.arrayContaining(['质量问题', '运输破损']));
    expect(show!.action).toEqual({ name: 'case.open', status: 'needs_confirmation' });
  });

  test('without a photo it goes to a person, and nothing is opened', () => {
    const [, done] = zh('B01', '瓶子碎了油漏一箱', '没有照片');
    expect(done).toMatchObject({ handler: 'queue', action: { status: 'refused', reason: 'no_evidence' } });
    expect(order('E10002').cases ?? []).toHaveLength(0);
  });

  test('exchange one size up', () => {
    const [show, done] = zh('B08', '鞋子小了，想换大一码', '确认');
    expect(said(show)).toContain('黑 / 43');
    expect(said(show)).toContain('黑 / 44');
    expect(done!.action).toEqual({ name: 'case.open', status: 'done' });
    expect(kase(caseOf(done))).toMatchObject({ type: 'exchange', state: 'ex_wait_seller' });
  });

  test('a missing part is sent after', () => {
    const [ask, show, done] = zh('B12', '少了一个配件，帮我补寄', `/image ${photo()}`, '确认');
    expect(ask!.action).toEqual({ name: 'case.open', status: 'needs_slot' });
    expect(said(show)).toContain('少了一个配件');
    expect(kase(caseOf(done))).toMatchObject({ type: 'resend', reason: 'missing_item' });
  });

  test('a return: reason, who pays the way back, waybill, withdrawn no more', () => {
    const turns = zh('B08', '我要退货', '七天无理由', '是的', '填退货单号', '顺丰 SF1234567890123', '确认', '撤销退款');
    expect(choices(turns[0])).toContain('七天无理由');
    expect(said(turns[1])).toContain('退货运费由您承担');
    expect(turns[2]!.action).toEqual({ name: 'case.open', status: 'done' });
    expect(turns[5]!.action).toEqual({ name: 'case.add_waybill', status: 'done' });
    expect(kase(caseOf(turns[5]))).toMatchObject({ type: 'return_refund', state: 'returning' });
    expect(turns[6]!.action).toMatchObject({ name: 'case.cancel', status: 'refused' });
  });

  test('a request is withdrawn after a confirmation', () => {
    const turns = zh('B08', '我要退货', '七天无理由', '是的', '撤销退款', '确认');
    expect(turns[3]!.action).toEqual({ name: 'case.cancel', status: 'needs_confirmation' });
    expect(turns[4]!.action).toEqual({ name: 'case.cancel', status: 'done' });
    expect(kase(caseOf(turns[2]))).toMatchObject({ state: 'closed' });
  });

  test('price protection with its sum: nothing due, then something', () => {
    const nothing = zh('B08', '鞋子刚买就降价了退差价，订单E10017')[0]!;
    expect(nothing.action).toEqual({ name: 'price.protect', status: 'refused', reason: 'nothing_due' });
    expect(said(nothing)).toMatch(/每件 ¥459\.00，现在 ¥459\.00，1 件/);
    const { in_stock: _, ...cheaper } = product('P203');
    const skus = cheaper.skus.map((s: object) => ({ ...s, price_cents: 40000 }));
    load(data, 'products', [{ ...cheaper, price_cents: 40000, skus }]);
    const [show, done] = zh('B08', '鞋子刚买就降价了退差价，订单E10017', '确认');
    expect(said(show)).toMatch(/每件 ¥459\.00，现在 ¥400\.00，1 件，差价合计 ¥59\.00/);
    expect(done!.action).toEqual({ name: 'price.protect', status: 'done' });
    expect(kase(caseOf(done))).toMatchObject({ type: 'price_protect' });
  });

  test('a second wish for the same thing is told of the first', () => {
    const turns = zh('B08', '我要退货', '七天无理由', '是的', '我要退货', '七天无理由');
    expect(turns[4]!.action).toMatchObject({ status: 'refused', reason: 'case.already_open' });
    expect(order('E10017').cases).toHaveLength(1);
  });
});

describe('as buyers talk', () => {
  test('a name with "person" in it is an invoice title; a wish for a person still leaves', () => {
    const [, , show] = zh('B01', '我要开发票', '第一个', '个人，李四');
    expect(show!.action).toEqual({ name: 'invoice.request', status: 'needs_confirmation' });
    const [, , leave] = zh('B01', '我要开发票', '第一个', '转人工');
    expect(leave!.handler).toBe('queue');
  });

  test('a brief wish and a question in one message: answered, then the first question of the job', () => {
    const [both, show] = zh('B01', '退货，再问下你们发什么快递', '尺码不合适');
    expect(said(both)).toContain('中通');
    expect(both!.action).toMatchObject({ name: 'case.open', status: 'needs_slot' });
    expect(said(show)).toMatch(/退货退款.*七天无理由/);
  });

  test('what takes a request back drops the one that is open', () => {
    const [, dropped, none] = zh('B01', '我要换货', '算了不退了', '确认');
    expect(dropped!.action).toEqual({ name: 'case.open', status: 'refused', reason: 'declined' });
    expect(said(dropped)).not.toContain('再说一遍');
    expect(none!.action).toBeNull();
  });

  test('a job that waited is forgotten when another one settled the same goods', () => {
    const turns = zh('B01', '我要换货', '退货退款吧', '不喜欢', '可以');
    expect(turns[1]!.action).toEqual({ name: 'case.open', status: 'needs_slot' });
    expect(turns[3]!.action!.status).toBe('done');
    expect(said(turns[3])).not.toContain('换货');
    const chased = zh('B03', '快递怎么还不动', '帮我拦截快递', '确认');
    expect(chased[2]!.action).toEqual({ name: 'logistics.intercept', status: 'done' });
    expect(said(chased[2])).not.toContain('催件');
  });

  test('a note is what stands behind its word, and is corrected', () => {
    const [show, mended, again] = zh('B02', '给我加个备注：不要放驿站', '不对，是放门卫', '改成放快递柜');
    expect(said(show)).toContain('「不要放驿站」');
    expect(said(mended)).toContain('「放门卫」');
    expect(said(again)).toContain('「放快递柜」');
    expect(again!.action!.status).toBe('needs_confirmation');
  });

  test('the list of orders is not shown for ever', () => {
    const turns = en('C09', 'he threw the parcel over the fence', 'yes', 'hm', 'what', 'hm');
    expect(choices(turns[2])).toContain('Talk to a person');
    expect(turns.some((t) => t.action?.name === 'human.request' || t.action?.name === 'callback.book')).toBe(true);
  });

  test('the product named is the order meant', () => {
    const [turn] = en('C07', 'my rain jacket arrived broken');
    expect(turn!.understood).toMatchObject({ intent: 'damaged_in_transit' });
    expect(turn!.action).toEqual({ name: 'case.open', status: 'needs_slot' });
  });

  test('goods for goods: no amount; a waybill is asked for only when there is one to give', () => {
    const [, done] = zh('B01', '鞋子穿着小了 能换大一码吗', '确认');
    expect(done!.action).toEqual({ name: 'case.open', status: 'done' });
    expect(said(done)).not.toContain('¥');
    expect(choices(done)).not.toContain('填退货单号');
    const progress = zh('B01', '我要换货', '42', '确认', '换货进度怎么样了')[3]!;
    expect(progress.action).toEqual({ name: 'case.show', status: 'done' });
  });

  test('the sizes beside the one bought come first', () => {
    const [ask] = zh('B01', '我要换货');
    expect(choices(ask).slice(0, 2)).toEqual(['棕 / 42', '棕 / 40']);
  });

  test('a job is done as often as it is wanted', () => {
    const lines = [4, 5, 6].flatMap((n) => [`把我的手机改成1380000123${n}`, '确认']);
    const turns = zh('B02', ...lines);
    expect(turns.map((t) => t.handler)).toEqual(Array(6).fill('bot'));
    expect(turns.filter((t) => t.action!.status === 'done')).toHaveLength(3);
    expect(turns.flatMap(choices)).not.toContain('转人工');
  });

  test('the reason said with the wish is not asked for', () => {
    expect(said(zh('B02', '保温壶不要了，退钱')[0])).toContain('原因「不想要了」');
    const [, , late] = en('C04', 'where is my tent', 'just refund me', "because you're too slow");
    expect(said(late)).toContain('reason "Shipped too late"');
  });

  test('naming the very thing is no wrong answer, and a second one without a reason goes on', () => {
    const [, again, show] = zh('B01', '我要退货', '登山鞋', '不喜欢');
    expect(said(again)).not.toContain('没看懂');
    expect(show!.action!.status).toBe('needs_confirmation');
  });

  test('the same wish again is a yes where a colleague is asked to see to it; a question is not', () => {
    const [, asked, done] = zh('B03', '快递怎么还不动', '催了没', '帮我催一下');
    expect(asked!.action!.status).toBe('needs_confirmation');
    expect(said(asked)).not.toContain('没看懂');
    expect(done!.action).toEqual({ name: 'logistics.urge', status: 'done' });
  });

  test('a choice is heard in small letters', () => {
    const turns = en('C07', "the puddle jacket's zipper is broken", 'no photo', 'refund');
    expect(said(turns[2])).not.toContain('did not understand');
  });

  test('a number without a form that is known is a phone where one is asked for', () => {
    const [, show] = en('C02', 'i want to change the phone number on my order', '2065550199');
    expect(show!.action).toEqual({ name: 'order.change_phone', status: 'needs_confirmation' });
  });

  test('a photo that there is none of is asked for twice at most', () => {
    const turns = zh('B01', '冲锋衣少发了个头灯', '没收到头灯啊', '补发');
    expect(turns[2]!.action!.status).not.toBe('needs_slot');
  });

  test('reminders stop, and come back', () => {
    const [stop, back] = en('C01', 'stop sending me reminders', 'turn the reminders back on');
    expect(stop!.action).toEqual({ name: 'reminder.stop', status: 'done' });
    expect(said(stop)).not.toContain('sorry');
    expect(back!.action).toBeNull();
    expect(said(back)).toMatch(/reminders are (back )?on/i);
  });

  test('a wish with an order number is that wish; a number of another make is none of an order', () => {
    expect(zh('B11', '帮我催下E10030')[0]!.action).toEqual({ name: 'logistics.urge', status: 'needs_confirmation' });
    const [invoice] = en('C02', 'i need an invoice for my company Acme GmbH, VAT DE123456789');
    expect(invoice!.action!.status).not.toBe('refused');
    const [nobodys] = en('C02', 'invoice for order N99999');
    expect(nobodys!.action).toEqual({ name: 'invoice.request', status: 'refused', reason: 'not_found' });
  });

  test('what is paid back is not hurried as well; who has no case hears so', () => {
    const turns = zh('B04', '怎么还不发货', '我不要了退款', '好');
    expect(turns[2]!.action).toEqual({ name: 'case.open', status: 'done' });
    expect(said(turns[2])).not.toContain('催发货');
    expect(zh('B01', '我的退款怎么还没到')[0]!.action).toMatchObject({ name: 'case.show', status: 'refused' });
  });

  test('what is shown, said once more, is no wrong answer', () => {
    const [, again] = zh('B01', '鞋子穿着小了 能换大一码吗', '42');
    expect(said(again)).not.toContain('没看懂');
    expect(again!.action!.status).toBe('needs_confirmation');
  });

  test('what was changed is changed back by the same job', () => {
    const turns = zh('B02', `我想改一下收货地址，${NEW}`, '确认', '算了还是原来的吧');
    expect(turns[2]!.action).toEqual({ name: 'order.change_address', status: 'needs_slot' });
  });

  test('a general question about refunds is answered when there is no case', () => {
    const [turn] = en('C01', 'how long do refunds take');
    expect(said(turn)).toContain('business days');
  });

  test('the amount of a refund is changed, never above what is left', () => {
    const [, , , no] = zh('B02', '保温壶不要了，退钱', '好', '我要修改退款金额', '999999');
    expect(no!.action).toEqual({ name: 'case.modify', status: 'refused', reason: 'case.too_much' });
    expect(order('E10006').cases[0]).toMatchObject({ state: 'wait_seller_unshipped' });
    drop(data);
    data = copyOf(inject('demoData'), 'flows');
    const [, , ask, show, done] = zh('B02', '保温壶不要了，退钱', '好', '我要修改退款金额', '改成88.5元', '确认');
    expect(ask!.action).toEqual({ name: 'case.modify', status: 'needs_slot' });
    expect(said(show)).toContain('¥88.50');
    expect(done!.action).toEqual({ name: 'case.modify', status: 'done' });
    expect(kase(order('E10006').cases[0].id).claimed_cents).toBe(8850);
  });

  test('a complaint: a person at once, and a record with state and deadline while waiting', () => {
    const [person, ask, text, show, done] = zh('B05', '我要投诉你们店铺', '登记投诉', '客服态度', '昨天的客服说话很难听', '确认');
    expect(person!.handler).toBe('queue');
    expect(choices(person)).toEqual(['登记投诉']);
    expect(ask!.action).toEqual({ name: 'complaint.open', status: 'needs_slot' });
    expect(text!.action).toEqual({ name: 'complaint.open', status: 'needs_slot' });
    expect(said(show)).toContain('昨天的客服说话很难听');
    expect(done!.action).toEqual({ name: 'complaint.open', status: 'done' });
    expect(done!.handler).toBe('queue');
    expect(kase(caseOf(done))).toMatchObject({ type: 'complaint', reason: 'agent_attitude' });
  });
});

describe('time', () => {
  test('a job that waits too long is dropped, silently, and nothing is half done', () => {
    const before = order('E10006').address;
    const now = Date.now();
    const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
    const say = (minutes: number, ...lines: string[]) =>
      run(['chat', '--shop', 'shanxing', '--buyer', 'B02', '--json', '--data', data, '--at', at(minutes)], {
        input: lines.join('\n') + '\n',
      }).lines as Turn[];
    const [, show] = say(0, '我想改一下收货地址', NEW);
    expect(show!.action!.status).toBe('needs_confirmation');
    const [late] = say(31, '确认');
    expect(late!.action).toBeNull();
    expect(said(late)).not.toContain('改好了');
    expect(order('E10006').address).toEqual(before);
    const [, again, done] = say(32, '我想改一下收货地址', NEW, '确认');
    expect(again!.action!.status).toBe('needs_confirmation');
    expect(done!.action!.status).toBe('done');
  });
});

describe('the command', () => {
  test('lint finds nothing in what ships, and the picture is that of the document', () => {
    const lint = run(['flow', 'lint', '--json']);
    expect(lint.code, lint.out).toBe(0);
    expect(lint.json).toMatchObject({ found: [] });
    expect(lint.json.flows).toBeGreaterThan(25);
    const draw = run(['flow', 'draw']);
    const same = spawnSync('cmp', ['-s', '-', join(import.meta.dirname, '../docs/flows.md')], { input: draw.out });
    expect(same.status, 'docs/flows.md is old: xiaoer flow draw > docs/flows.md').toBe(0);
    expect(run(['flow', 'draw', 'no_such']).code).toBe(2);
  });
});

describe('in the server', () => {
  let server: Server;
  let secret: string;
  let owner: Staff;
  let agent: Staff;
  const PASSWORD = 'kuaile-liucheng-2026';

  beforeAll(async () => {
    const made = openShops([shopRow('S1')], [personRow('O1', 'S1', ['owner']), personRow('A1', 'S1', ['agent'])]);
    load(made.data, 'products', [productRow('P1', 'S1')]);
    const unshipped = { status: 'paid', shipped_at: undefined, parcels: [] };
    load(made.data, 'orders', [orderRow('E1', 'S1', 'B1', unshipped), orderRow('E2', 'S1', 'B2', unshipped)]);
    secret = made.secrets.S1!;
    server = await Server.start({ data: made.data });
    owner = await Staff.join(server, 'S1', made.codes.O1!, 'owner', PASSWORD);
    agent = await Staff.join(server, 'S1', made.codes.A1!, 'agent', PASSWORD);
  });
  afterAll(async () => {
    await server.stop();
    const checked = run(['check', '--data', server.data]);
    expect(checked.code, checked.out).toBe(0);
    await server.close();
    drop(server.data);
  });

  const put = (id: string, doc: object) => owner.api(`/flows/${id}/draft`, { method: 'PUT', body: { doc } });
  const says = async (text: string, flow?: string) => {
    const answer = await owner.post('/bot/try', { text, order: 'E2', ...(flow ? { flow } : {}) });
    expect(answer.status, answer.text).toBe(200);
    return (answer.json as { reply: { text: string }[] }).reply.map((m) => m.text).join('\n');
  };

  test('a button pressed in two windows is one effect', async () => {
    const one = await Buyer.open(server, 'S1', 'B1', secret);
    await one.say('我想改一下收货地址');
    await one.say(NEW);
    const two = await Buyer.open(server, 'S1', 'B1', secret);
    await Promise.all([one, two].map((b) => b.say('确认', { choice: { label: '确认', intent: 'confirm_yes' } })));
    const rows = run(['show', 'order', 'E1', '--data', server.data]).json;
    expect(rows.address.detail).toBe('文三路1号');
    const done = (await owner.messages(one.conversation!.id)).filter((m) => m.text.startsWith('改好了'));
    expect(done).toHaveLength(1);
    one.live.close();
    two.live.close();
  });

  test('an owner changes a text, tries it, publishes it, and goes back', async () => {
    const list = (await owner.get<{ flows: { id: string; on: boolean; live: number }[] }>('/flows')).flows;
    expect(list.find((f) => f.id === 'order_modify_address')).toMatchObject({ on: true, live: 0 });
    const before = await owner.get('/flows/order_modify_address');
    expect(before.picture).toMatch(/^flowchart TD/);
    expect(before.texts.zh['flow.ask.address']).toContain('新的收货地址');
    const texts = { zh: { 'flow.ask.address': '亲，新地址发我呀～' }, en: { 'flow.ask.address': 'New address, please!' } };
    const drafted = await put('order_modify_address', { ...before.shipped, texts });
    expect(drafted.status, drafted.text).toBe(200);
    expect(await says('我想改一下收货地址', 'order_modify_address')).toContain('亲，新地址发我呀');
    expect(await says('我想改一下收货地址')).not.toContain('亲，新地址发我呀');
    expect((await owner.post('/flows/order_modify_address/publish')).status).toBe(200);
    expect(await says('我想改一下收货地址')).toContain('亲，新地址发我呀');
    expect((await owner.post('/flows/order_modify_address/publish')).status).toBe(409);
    expect((await owner.post('/flows/order_modify_address/back')).status).toBe(200);
    expect(await says('我想改一下收货地址')).not.toContain('亲，新地址发我呀');
    expect((await owner.post('/flows/order_modify_address/back')).status).toBe(409);
  });

  test('a flow that is switched off is answered by knowledge and people', async () => {
    const { shipped } = await owner.get('/flows/order_add_note');
    expect((await put('order_add_note', { ...shipped, off: true })).status).toBe(200);
    expect((await owner.post('/flows/order_add_note/publish')).status).toBe(200);
    expect(await says('帮我备注放门卫')).not.toContain('确认吗');
    expect((await owner.post('/flows/order_add_note/back')).status).toBe(200);
    expect(await says('帮我备注放门卫')).toContain('确认吗');
  });

  test('what would do without asking is refused, and says why', async () => {
    const { shipped } = await owner.get('/flows/order_cancel');
    const rash = { ...shipped, steps: shipped.steps.filter((s: object) => !('confirm' in s)) };
    const refused = await put('order_cancel', rash);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('without a confirmation');
    expect((await put('order_cancel', { ...shipped, intents: ['human_request'] })).status).toBe(422);
    expect((await put('no_such', shipped)).status).toBe(404);
    expect((await owner.api('/flows/order_cancel/draft', { method: 'DELETE' })).status).toBe(409);
  });

  test('an agent may not', async () => {
    expect((await agent.api('/flows')).status).toBe(403);
    expect((await agent.post('/flows/order_cancel/publish')).status).toBe(403);
  });
});
