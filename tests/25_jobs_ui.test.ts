// SPDX-License-Identifier: Apache-2.0
//
// The jobs of a buyer as a buyer does them: on a phone, in the widget, with taps and few words; what is stored afterwards is
// asked of the program itself. SCREENSHOTS=1 writes the pictures into docs/screenshots/.
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectFits, launch, picture, screen, type Screen } from './lib/browser.ts';
import { ROOT, run } from './lib/program.ts';
import { Server } from './lib/server.ts';
import { load } from './lib/shop.ts';
import { en } from '../web/widget/src/i18n/en.ts';
import { zhCN as zh, type Dict } from '../web/widget/src/i18n/zh-CN.ts';

let server: Server;
let browser: Browser;

const ago = (hours: number) => new Date(Date.now() - hours * 3600_000).toISOString();
const ADDRESS = { name: '张三', phone: '13800001234', region: '浙江省/杭州市/西湖区', detail: '文三路 1 号' };

/** One order of one buyer. */
const orderOf = (n: number, status: string, sku: string, paid_cents: number, more: object = {}) => ({
  id: `J${String(n).padStart(4, '0')}`,
  shop: 'shanxing',
  buyer: `BJ${n}`,
  status,
  created_at: ago(20),
  paid_at: ago(19),
  items: [{ sub_id: `J${String(n).padStart(4, '0')}-1`, product: sku.split('-')[0], sku, quantity: 1, paid_cents }],
  freight_cents: 0,
  freight_insured: false,
  address: ADDRESS,
  ...more,
});
const parcel = (hours: number, kind: string, text: string) => ({
  parcels: [
    {
      carrier: '中通快递',
      carrier_phone: '95311',
      tracking_no: `ZT${hours}778899`,
      events: [{ at: ago(hours), kind, place: '杭州市', text }],
    },
  ],
});
const sent = (hours = 3) => ({ shipped_at: ago(hours + 6), created_at: ago(hours + 20), paid_at: ago(hours + 19), ...parcel(hours, 'in_transit', '快件已到达【杭州转运中心】') });
const arrived = { created_at: ago(100), paid_at: ago(99), shipped_at: ago(80), delivered_at: ago(20), ...parcel(20, 'delivered', '已签收') };

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.demo(), launch()]);
  load(server.data, 'orders', [
    orderOf(1, 'paid', 'P101-BK-L', 45900),
    orderOf(2, 'shipped', 'P101-BK-L', 45900, sent()),
    orderOf(3, 'delivered', 'P101-BK-L', 45900, arrived),
    orderOf(4, 'delivered', 'P101-BK-M', 45900, arrived),
    orderOf(5, 'delivered', 'P101-BK-L', 45900, arrived),
    orderOf(6, 'paid', 'P101-BK-L', 49900),
    orderOf(7, 'shipped', 'P101-BK-L', 45900, sent(90)),
    orderOf(8, 'paid', 'P101-BK-L', 45900),
    orderOf(9, 'paid', 'P101-BK-L', 45900),
    orderOf(10, 'paid', 'P101-BK-L', 45900),
  ]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await server.stop();
  const checked = run(['check', '--data', server.data]);
  expect(checked.code, checked.out).toBe(0);
  await server.close();
});

interface Stored {
  status: string;
  address: { name: string; phone: string; region: string; detail: string };
  refunded_cents: number;
  cases: { id: string; type: string; state: string }[];
  [member: string]: unknown;
}
const stored = (n: number) =>
  run(['show', 'order', `J${String(n).padStart(4, '0')}`, '--data', server.data, '--json']).json as Stored;

/** A buyer with the widget on a phone. */
class Phone {
  private constructor(
    private readonly shown: Screen,
    readonly words: Dict,
  ) {}

  static async open(n: number, words: Dict = zh, locale = 'zh-CN'): Promise<Phone> {
    const { token } = (await server.http(`/demo/token?shop=shanxing&buyer=BJ${n}`)).json as { token: string };
    const shown = await screen(browser, {
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
      deviceScaleFactor: 2,
      locale,
    });
    await shown.page.goto(
      `http://127.0.0.1:${server.port}/widget/?channel=shanxing&standalone=1&locale=${locale}#token=${token}`,
    );
    await shown.page.getByRole('textbox', { name: words['compose.label'] }).waitFor();
    return new Phone(shown, words);
  }

  get page(): Page {
    return this.shown.page;
  }

  get messages(): Locator {
    return this.page.locator('.messages');
  }

  async say(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: this.words['compose.label'] }).fill(text);
    await this.page.getByRole('button', { name: this.words['compose.send'], exact: true }).click();
  }

  /** The newest button of that name. */
  async tap(name: string | RegExp): Promise<void> {
    await this.messages.getByRole('button', { name, exact: typeof name === 'string' }).last().click();
  }

  async hears(text: string | RegExp): Promise<void> {
    await this.messages.getByText(text).last().waitFor();
  }

  /** axe and the eye are content, and nothing was complained about. */
  async close(name: string): Promise<void> {
    await expectFits(this.page, name);
    await expectAccessible(this.page, name);
    await picture(this.page, name);
    expect(this.shown.complaints).toEqual([]);
    await this.shown.close();
  }
}

describe('jobs, on a phone', () => {
  test('the address is changed before shipment', async () => {
    const phone = await Phone.open(1);
    await phone.say('地址写错了，改成浙江省杭州市滨江区江南大道 88 号，李四 13900005678');
    await phone.hears(/滨江区/);
    expect(stored(1).address.detail).toBe('文三路 1 号');
    await phone.tap('确认');
    await phone.hears(/改好了/);
    expect(stored(1).address).toMatchObject({ region: '浙江省/杭州市/滨江区', name: '李四', phone: '13900005678' });
    await phone.close('job-address');
  });

  test('after shipment it is refused, and interception is offered', async () => {
    const phone = await Phone.open(2);
    await phone.say('我想改一下收货地址');
    await phone.hears(/已经发货，收货地址改不了/);
    await phone.tap(/拦截/);
    await phone.hears(/不能保证/);
    await phone.tap('确认');
    await phone.hears(/拦截已经提交，工单号 W/);
    await phone.close('job-intercept');
    expect(stored(2).address.detail).toBe('文三路 1 号');
  });

  test('damaged goods: a photo, a refund-only case, a person at once', async () => {
    const phone = await Phone.open(3);
    await phone.say('收到的衣服袖子破了一个洞，快递箱子都压烂了');
    await phone.hears(/照片/);
    await phone.page.locator('input[type=file]').first().setInputFiles(join(ROOT, 'docs/screenshots/widget-phone.png'));
    await phone.hears(/459/);
    await phone.tap('确认');
    await phone.hears(/已经提交/);
    expect(stored(3).cases).toMatchObject([{ type: 'refund_only' }]);
    await phone.close('job-damaged');
  });

  test('one size up', async () => {
    const phone = await Phone.open(4);
    await phone.say('衣服小了，想换大一码');
    await phone.hears(/L/);
    await phone.tap('确认');
    await phone.hears(/已经提交「换货」申请/);
    expect(stored(4).cases).toMatchObject([{ type: 'exchange' }]);
    await phone.close('job-exchange');
  });

  test('a missing part is sent after', async () => {
    const phone = await Phone.open(5);
    await phone.say('少发了一个帽子的抽绳，能补寄吗');
    await phone.hears(/照片/);
    await phone.page.locator('input[type=file]').first().setInputFiles(join(ROOT, 'docs/screenshots/widget-phone.png'));
    await phone.tap('确认');
    await phone.hears(/已经提交/);
    expect(stored(5).cases).toMatchObject([{ type: 'resend' }]);
    await phone.close('job-resend');
  });

  test('price protection shows its calculation', async () => {
    const phone = await Phone.open(6);
    await phone.say('刚买就降价了，能退差价吗');
    await phone.hears(/40/);
    await phone.tap('确认');
    await phone.hears(/价保已经提交，退差价 ¥40\.00/);
    expect(stored(6).cases).toMatchObject([{ type: 'price_protect' }]);
    await phone.close('job-price');
  });

  test('a parcel that stands still: the carrier, and a ticket', async () => {
    const phone = await Phone.open(7);
    await phone.say('物流好几天没动了，怎么回事');
    await phone.hears(/95311/);
    await phone.tap('确认');
    await phone.hears(/工单号 W/);
    await phone.close('job-urge');
  });

  test('a paid order is cancelled; the progress tells the next deadline', async () => {
    const phone = await Phone.open(8);
    await phone.say('不想要了，帮我取消订单');
    await phone.hears(/459/);
    await phone.tap('确认');
    await phone.hears(/已经为订单 J0008 提交退款/);
    expect(stored(8).cases).toMatchObject([{ type: 'refund_only' }]);
    await phone.say('退款到哪一步了');
    await phone.hears(/您的「仅退款」（订单 J0008）现在是「等待商家处理」.*商家最晚 .* 前处理/);
    await phone.close('job-cancel');
  });

  test('two jobs in one message: one after the other', async () => {
    const phone = await Phone.open(10);
    await phone.say('地址改成浙江省杭州市滨江区江南大道 88 号，李四 13900005678，再帮我开张发票');
    await phone.hears(/从「/);
    await phone.tap('确认');
    await phone.hears(/改好了/);
    await phone.hears(/发票抬头/);
    expect(stored(10).address.detail).toContain('江南大道');
    await phone.say('个人，李四');
    await phone.hears(/抬头「/);
    await phone.tap('确认');
    await phone.hears(/发票申请已提交，编号 W-/);
    await phone.close('job-two');
  });

  test("another buyer's order is not found", async () => {
    const phone = await Phone.open(9);
    await phone.say('帮我取消订单 J0001');
    await phone.hears(/没有在您名下找到订单 J0001/);
    expect(stored(1).status).toBe('paid');
    expect(stored(1).cases ?? []).toEqual([]);
    await phone.close('job-not-yours');
  });

  test('the same in English', async () => {
    const phone = await Phone.open(9, en, 'en-US');
    await phone.say('please change my delivery address');
    await phone.hears(/Please tell me the new delivery address/);
    await phone.close('job-address-en');
  });
});
