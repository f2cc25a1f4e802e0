// SPDX-License-Identifier: Apache-2.0
//
// 猜你想问 from the key press to the answer: what the route offers to whom, when and how often; and the widget in Chromium,
// on a desk and on a phone, in both languages.
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectFits, launch, picture, screen } from './lib/browser.ts';
import { Buyer } from './lib/buyer.ts';
import { Server } from './lib/server.ts';
import { load, openShops, orderRow, productRow, shopRow } from './lib/shop.ts';
import { until } from './lib/program.ts';
import { en } from '../web/widget/src/i18n/en.ts';
import { zhCN as zh } from '../web/widget/src/i18n/zh-CN.ts';

const entry = (id: string, shop: string, question: string, more: object = {}) => ({
  id,
  shop,
  layer: 'shop',
  question,
  answer: `答案${id}`,
  ...more,
});
const day = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString();

describe('the route', () => {
  let server: Server;
  let shops: ReturnType<typeof openShops>;
  const buyers: Buyer[] = [];
  const open = async (shop: string, id: string | null) => {
    const buyer = new Buyer(server, shop, id, shops.secrets[shop]);
    await buyer.signIn();
    buyers.push(buyer);
    return buyer;
  };
  const ask = async (buyer: Buyer, q: string, more: Record<string, string> = {}) => {
    const answer = await buyer.api(`/suggest?${new URLSearchParams({ q, ...more })}`);
    expect(answer.status, answer.text).toBe(200);
    return answer.json as { items: string[]; off?: boolean };
  };
  const items = async (...a: Parameters<typeof ask>) => (await ask(...a)).items;

  beforeAll(async () => {
    shops = openShops([shopRow('S1'), shopRow('S2'), shopRow('S3', { suggest: false })]);
    load(shops.data, 'products', [productRow('P1', 'S1'), productRow('P2', 'S1', { aliases: ['帐篷'], title: '双人帐篷' })]);
    load(shops.data, 'orders', [
      orderRow('E1', 'S1', 'B1', { status: 'shipped' }),
      orderRow('E2', 'S1', 'B2', { status: 'finished' }),
    ]);
    load(shops.data, 'knowledge', [
      entry('K1', 'S1', '怎么申请退款', { similar: ['退款流程是什么'] }),
      entry('K2', 'S1', '退款多久到账'),
      entry('K3', 'S1', '退货运费谁出'),
      entry('K4', 'S1', '已经发货了怎么退款', { conditions: { order_status: ['shipped'] } }),
      entry('K5', 'S1', '没买过能退款吗', { conditions: { order_status: ['none'] } }),
      entry('K6', 'S1', '冲锋衣怎么洗涤', { conditions: { product: ['P1'] } }),
      entry('K7', 'S1', '双十一能退款吗', { valid_from: day(-30), valid_to: day(-20) }),
      entry('K8', 'S1', 'How do I return an item?'),
      ...[1, 2, 3, 4, 5, 6, 7].map((n) => entry(`M${n}`, 'S1', `优惠券第${n}种怎么领`)),
      entry('K1', 'S2', '别家的退款'),
      entry('K1', 'S3', '怎么申请退款'),
    ]);
    server = await Server.start({ data: shops.data });
  });
  afterAll(async () => {
    await server.close();
  });

  test('offers what goes on from the words, half a word, pinyin and a wrong character', async () => {
    const b = await open('S1', null);
    expect(await items(b, '退款')).toContain('退款多久到账');
    expect((await items(b, '怎么申'))[0]).toBe('怎么申请退款');
    expect((await items(b, '退款流'))[0]).toBe('退款流程是什么');
    expect((await items(b, 'how do i ret'))[0]).toBe('How do I return an item?');
    expect(await items(b, 'tuikuan')).toContain('退款多久到账');
    expect((await items(b, '怎么申请退宽'))[0]).toBe('怎么申请退款');
    expect(await items(b, '大熊猫')).toEqual([]);
    expect(await items(b, ' ')).toEqual([]);
  });

  test('at most five, each once, none of another shop', async () => {
    const b = await open('S1', null);
    const got = await items(b, '优惠券');
    expect(got).toHaveLength(5);
    expect(new Set(got).size).toBe(5);
    expect(await items(b, '别家')).toEqual([]);
  });

  test('only what holds now, for this buyer, on this page', async () => {
    const guest = await open('S1', null);
    const [shipped, finished] = [await open('S1', 'B1'), await open('S1', 'B2')];
    expect(await items(guest, '双十一能退')).not.toContain('双十一能退款吗');
    expect(await items(guest, '没买过')).toContain('没买过能退款吗');
    expect(await items(shipped, '没买过')).not.toContain('没买过能退款吗');
    expect(await items(shipped, '已经发货')).toContain('已经发货了怎么退款');
    expect(await items(finished, '已经发货')).not.toContain('已经发货了怎么退款');
    // somebody else's order says nothing
    expect(await items(finished, '已经发货', { order: 'E1' })).not.toContain('已经发货了怎么退款');
    expect(await items(guest, '冲锋衣怎么', { product: 'P1' })).toContain('冲锋衣怎么洗涤');
    expect(await items(guest, '冲锋衣怎么', { product: 'P2' })).not.toContain('冲锋衣怎么洗涤');
    expect(await items(guest, '冲锋衣怎么', { product: '不存在' })).not.toContain('冲锋衣怎么洗涤');
  });

  test('a shop can switch it off', async () => {
    const b = await open('S3', null);
    expect(await ask(b, '退款')).toEqual({ items: [], off: true });
  });

  test('what is imported meanwhile is offered, what is changed is not any more', async () => {
    const b = await open('S1', null);
    expect(await items(b, '企业团购')).toEqual([]);
    load(shops.data, 'knowledge', [entry('K9', 'S1', '企业团购怎么谈')]);
    await until('the new question', async () => (await items(b, '企业团购')).includes('企业团购怎么谈'), 8_000, 400);
    load(shops.data, 'knowledge', [entry('K9', 'S1', '大单采购怎么谈')]);
    await until('the changed one', async () => (await items(b, '大单采购')).includes('大单采购怎么谈'), 8_000, 400);
    expect(await items(b, '企业团购')).toEqual([]);
  });

  test('refuses what is too long or nothing, and who asks too often', async () => {
    const b = await open('S1', null);
    expect((await b.api('/suggest')).status).toBe(422);
    expect((await b.api('/suggest?q=')).json).toEqual({ items: [] });
    expect((await b.api(`/suggest?q=${'x'.repeat(201)}`)).status).toBe(422);
    const answers = await Promise.all(Array.from({ length: 80 }, () => b.api('/suggest?q=ab')));
    const refused = answers.filter((a) => a.status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(18);
    expect(refused[0]!.json.code).toBe('rate_limited');
    expect(Number(refused[0]!.headers['retry-after'])).toBeGreaterThan(0);
    const other = await open('S1', null);
    expect((await other.api('/suggest?q=ab')).status).toBe(200);
  });
});

describe('the widget', () => {
  let server: Server;
  let browser: Browser;
  const url = (path: string) => `http://127.0.0.1:${server.port}${path}`;

  beforeAll(async () => {
    [server, browser] = await Promise.all([Server.demo(), launch()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server.close();
  });

  const standalone = async (page: Page, shop: string, locale: string) => {
    await page.goto(url(`/widget/?channel=${shop}&standalone=1&locale=${locale}`));
    await page.getByRole('log').waitFor();
  };

  test('by keys: arrows mark, Enter sends, the answer comes', async () => {
    const { page, complaints, close } = await screen(browser, { viewport: { width: 420, height: 760 } });
    await standalone(page, 'shanxing', 'zh-CN');
    const field = page.getByRole('textbox', { name: zh['compose.label'] });
    await field.pressSequentially('发什么');
    const list = page.getByRole('listbox', { name: zh.suggest });
    await list.waitFor();
    const first = (await list.getByRole('option').first().textContent())!;
    expect(first).toContain('发什么');
    expect(await list.getByRole('option').count()).toBeLessThanOrEqual(5);
    await field.press('ArrowDown');
    await page.locator('[role=option][aria-selected=true]').waitFor();
    expect(await field.getAttribute('aria-activedescendant')).toBe(await list.getByRole('option').first().getAttribute('id'));
    await expectAccessible(page, 'suggestions in the widget');
    await expectFits(page, 'suggestions');
    await picture(page, 'suggest-zh');
    await field.press('Enter');
    await page.locator('.bubble', { hasText: first }).first().waitFor();
    await list.waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('');
    expect(complaints).toEqual([]);
    await close();
  });

  test('Esc puts them away and leaves the words', async () => {
    const { page, close } = await screen(browser);
    await page.goto(url('/demo/?shop=shanxing'));
    await page.locator('#xiaoer-cs button').click();
    const frame: FrameLocator = page.frameLocator('#xiaoer-cs iframe');
    await frame.getByRole('log').waitFor();
    const field = frame.getByRole('textbox', { name: zh['compose.label'] });
    await field.pressSequentially('退货');
    await frame.getByRole('listbox').waitFor();
    await field.press('Escape');
    await frame.getByRole('listbox').waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('退货');
    expect(await page.locator('#xiaoer-cs iframe').isVisible()).toBe(true);
    await close();
  });

  test('an input method composes in peace', async () => {
    const { page, close } = await screen(browser, { viewport: { width: 420, height: 760 } });
    await standalone(page, 'shanxing', 'zh-CN');
    const asked: string[] = [];
    page.on('request', (r) => {
      const at = new URL(r.url());
      if (at.pathname.endsWith('/suggest')) asked.push(at.searchParams.get('q')!);
    });
    const field = page.getByRole('textbox', { name: zh['compose.label'] });
    await field.focus();
    const ime = await page.context().newCDPSession(page);
    for (const text of ['t', 'tui', 'tui h', 'tui huo'])
      await ime.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await page.waitForTimeout(500); // that nothing happens takes time
    expect(asked).toEqual([]);
    await ime.send('Input.insertText', { text: '退货' });
    await page.getByRole('listbox').waitFor();
    expect(asked).toEqual(['退货']);
    await close();
  });

  test('on a phone, in English, by a tap', async () => {
    const { page, complaints, close } = await screen(browser, {
      viewport: { width: 360, height: 640 },
      locale: 'en-US',
      hasTouch: true,
      isMobile: true,
    });
    await standalone(page, 'northpeak', 'en');
    const field = page.getByRole('textbox', { name: en['compose.label'] });
    await field.pressSequentially('how long do ref');
    const list = page.getByRole('listbox', { name: en.suggest });
    await list.waitFor();
    await expectAccessible(page, 'suggestions on a phone');
    await expectFits(page, 'suggestions on a phone');
    await picture(page, 'suggest-phone-en');
    const option = list.getByRole('option').first();
    expect((await option.boundingBox())!.height).toBeGreaterThanOrEqual(42);
    const text = (await option.textContent())!;
    await option.tap();
    await page.locator('.bubble', { hasText: text }).first().waitFor();
    expect(complaints).toEqual([]);
    await close();
  });
});
