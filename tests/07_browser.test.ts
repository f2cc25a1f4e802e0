// SPDX-License-Identifier: Apache-2.0
//
// The same journey as people see it: the demo shop's page with the widget, and the console, in headless Chromium.
// Every state that is shown is looked at by axe. SCREENSHOTS=1 writes the pictures into docs/screenshots/.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectFits, launch, picture, screen, type Screen } from './lib/browser.ts';
import { Buyer } from './lib/buyer.ts';
import { run, until } from './lib/program.ts';
import { Server } from './lib/server.ts';
import { DEMO_PASSWORD, Staff } from './lib/staff.ts';
import consoleEn from '../web/console/src/i18n/en.json' with { type: 'json' };
import consoleZh from '../web/console/src/i18n/zh-CN.json' with { type: 'json' };
import { en } from '../web/widget/src/i18n/en.ts';
import { zhCN as zh, type Dict } from '../web/widget/src/i18n/zh-CN.ts';

let server: Server;
let browser: Browser;
const PAUSED = consoleZh.elsewhere.text.split('。')[0]!;
/** The widget and a strip of the shop beside it. */
const BESIDE = { x: 640, y: 0, width: 640, height: 800 };
const url = (path: string) => `http://127.0.0.1:${server.port}${path}`;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.demo(), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await server.stop();
  const checked = run(['check', '--data', server.data]);
  expect(checked.code, checked.out).toBe(0);
  await server.close();
});

/** Chinese words of the console: antd puts a space between two letters of a button. */
const exactly = (text: string) => new RegExp(`^${text.length === 2 ? [...text].join('\\s*') : text}$`);
const signInWords = { zh: consoleZh.signin, en: consoleEn.signin };

async function openWidget(page: Page): Promise<FrameLocator> {
  await page.locator('#xiaoer-cs button').click();
  const frame = page.frameLocator('#xiaoer-cs iframe');
  await frame.getByRole('log').waitFor();
  return frame;
}

async function say(widget: FrameLocator | Page, words: Dict, text: string): Promise<void> {
  await widget.getByRole('textbox', { name: words['compose.label'] }).fill(text);
  await widget.getByRole('button', { name: words['compose.send'], exact: true }).click();
}

async function signIn(
  page: Page,
  shop: string,
  name: string,
  password = DEMO_PASSWORD,
  words = signInWords.zh,
): Promise<void> {
  await page.goto(url('/console/'));
  await page.getByLabel(words.shop, { exact: true }).fill(shop);
  await page.getByLabel(words.name, { exact: true }).fill(name);
  await page.getByLabel(words.password, { exact: true }).fill(password);
  await page.getByRole('button', { name: exactly(words.submit) }).click();
}

async function goOnline(page: Page, words = consoleZh.status): Promise<void> {
  const label = (status: string) => words.label.replace('{{status}}', status);
  await page.getByRole('button', { name: label(words.offline) }).click();
  await page.getByRole('menuitem', { name: new RegExp(`^${words.online}`) }).click();
  await page.getByRole('button', { name: label(words.online) }).waitFor();
}

describe('the journey in Chinese', () => {
  let buyer: Screen;
  let agent: Screen;
  let widget: FrameLocator;
  const desk = () => agent.page;

  beforeAll(async () => {
    buyer = await screen(browser);
    agent = await screen(browser);
  });
  afterAll(async () => {
    await Promise.all([buyer.close(), agent.close()]);
  });

  test('the demo shop, and the round button', async () => {
    await buyer.page.goto(url('/demo/?shop=shanxing&buyer=B01'));
    await buyer.page.getByRole('heading', { name: '好物，慢慢挑' }).waitFor();
    await buyer.page.getByText('山脊轻量防水冲锋衣').first().waitFor();
    await expectAccessible(buyer.page, 'the demo shop');
  });

  test('the widget greets; a parcel is asked for, and its card is shown', async () => {
    widget = await openWidget(buyer.page);
    await widget.getByText('我是机器人助手小山').waitFor();
    await expectAccessible(buyer.page, 'the open widget');
    await say(widget, zh, '我的快递到哪了');
    const card = widget.getByRole('region', { name: '订单 E10001' });
    await card.waitFor();
    expect(await card.innerText()).toContain('成都转运中心');
    await widget.getByText(zh.ai).last().waitFor();
    await expectAccessible(buyer.page, 'the order card');
    await picture(buyer.page, 'widget-parcel', BESIDE);
  });

  test('转人工: the place in the queue', async () => {
    await widget.getByRole('button', { name: zh.human, exact: true }).first().click();
    const bar = widget.getByRole('region', { name: zh['status.queue'] });
    await bar.waitFor();
    const said = await bar.innerText();
    expect(
      [zh['queue.first'], zh['queue.at'].replace('{n}', '1')].some((words) => said.includes(words)),
      said,
    ).toBe(true);
    await expectAccessible(buyer.page, 'the queue');
  });

  test('the console: an agent signs in, comes online, and gets the conversation', async () => {
    await agent.page.goto(url('/console/'));
    await agent.page.getByRole('heading', { name: consoleZh.signin.title }).waitFor();
    await expectAccessible(desk(), 'sign-in');
    await signIn(desk(), 'shanxing', 'bailu');
    await desk().getByText(consoleZh.inbox.none.mine).first().waitFor();
    await expectAccessible(desk(), 'the empty workbench');
    await goOnline(desk());
    const row = desk().locator('.pane-list .row').first();
    await row.waitFor();
    await row.click();
    await desk().getByRole('textbox', { name: consoleZh.composer.replyLabel }).waitFor();
    await desk().getByText('我的快递到哪了').first().waitFor();
    await widget.getByText(zh['status.agent']).waitFor();
    await expectAccessible(desk(), 'the workbench with a conversation');
  });

  test('they talk; a note stays inside', async () => {
    const box = desk().getByRole('textbox', { name: consoleZh.composer.replyLabel });
    await box.fill('您好，我是白露。包裹已到成都，今天会派送。');
    await box.press('Enter');
    await widget.getByText('您好，我是白露。包裹已到成都').waitFor();
    await say(widget, zh, '好的，谢谢，那我等着');
    await desk().getByText('好的，谢谢，那我等着').first().waitFor();
    await desk().getByRole('button', { name: consoleZh.composer.note, exact: true }).click();
    const note = desk().getByRole('textbox', { name: consoleZh.composer.noteLabel });
    await note.fill('老顾客，优先跟进');
    await note.press('Enter');
    await desk().getByText('老顾客，优先跟进').first().waitFor();
    await picture(desk(), 'console-workbench');
    await picture(buyer.page, 'widget-person', BESIDE);
    await expectAccessible(buyer.page, 'the talk with a person');
    await expectAccessible(desk(), 'the talk in the workbench');
    expect(await widget.getByText('老顾客，优先跟进').count()).toBe(0);
  });

  test('script is only text, on both sides', async () => {
    const attack = '<img src=x onerror="alert(1)"><script>alert(2)</script> [点这里](javascript:alert(3))';
    await say(widget, zh, attack);
    await desk().getByText('<img src=x').first().waitFor();
    const box = desk().getByRole('textbox', { name: consoleZh.composer.replyLabel });
    await desk().getByRole('button', { name: consoleZh.composer.reply, exact: true }).click();
    await box.fill(`回：${attack}`);
    await box.press('Enter');
    await widget.getByText('回：<img src=x').waitFor();
    for (const page of [buyer.page, desk()])
      for (const frame of page.frames())
        expect(await frame.locator('img[src="x"], a[href^="javascript"]').count()).toBe(0);
  });

  test('the tabs of the right pane hold real data', async () => {
    await desk()
      .getByRole('tab', { name: new RegExp(`^${consoleZh.aside.orders}`) })
      .click();
    await desk().getByText('E10001').first().waitFor();
    await expectAccessible(desk(), 'the orders pane');
    await desk().getByRole('tab', { name: consoleZh.aside.products }).click();
    await expectAccessible(desk(), 'the products pane');
    await desk().getByRole('tab', { name: consoleZh.aside.assist }).click();
    await desk().getByText(consoleZh.assist.reasons).waitFor();
  });

  test('a line that breaks: what is written meanwhile arrives once', async () => {
    await server.kill();
    await widget.getByText(zh['link.lost']).waitFor();
    await desk().getByText(consoleZh.line.retrying.split('{')[0]!).waitFor();
    await say(widget, zh, '断线的时候写的');
    await expectAccessible(buyer.page, 'a broken line');
    await server.start();
    await widget.getByText(zh['link.lost']).waitFor({ state: 'detached', timeout: 20_000 });
    await desk().getByText('断线的时候写的').first().waitFor({ timeout: 20_000 });
    const stored = execFileSync('sqlite3', [
      join(server.data, 'xiaoer.db'),
      "SELECT count(*) FROM message WHERE text = '断线的时候写的'",
    ])
      .toString()
      .trim();
    expect(stored).toBe('1');
    expect(await widget.getByText('断线的时候写的').count()).toBe(1);
  }, 60_000);

  test('resolved, and rated', async () => {
    await desk()
      .getByRole('button', { name: exactly(consoleZh.chat.resolve) })
      .click();
    const dialog = desk().getByRole('dialog', { name: consoleZh.resolve.title });
    await dialog.waitFor();
    await expectAccessible(desk(), 'the resolve dialog');
    const ok = dialog.getByRole('button', { name: consoleZh.resolve.submit });
    if (!(await ok.isEnabled())) {
      await dialog.getByRole('combobox', { name: consoleZh.resolve.category }).click();
      await desk().locator('.ant-select-item-option').first().click();
    }
    await ok.click();
    await dialog.waitFor({ state: 'hidden' });

    const sheet = widget.getByRole('dialog', { name: zh['rate.title'] });
    if (!(await sheet.isVisible().catch(() => false)))
      await widget.getByRole('button', { name: zh['rate.go'] }).click();
    await sheet.waitFor();
    await sheet
      .getByRole('radio', { name: zh['rate.star'].replace('{n}', '5').replace('{word}', zh['rate.5']) })
      .check({ force: true });
    await sheet.getByText(zh['rate.yes'], { exact: true }).click();
    await expectAccessible(buyer.page, 'the rating sheet');
    await picture(buyer.page, 'widget-rating', BESIDE);
    await sheet.getByRole('button', { name: zh['rate.submit'] }).click();
    await sheet.waitFor({ state: 'detached' });
    await widget.getByText(zh['rate.done'].replace('{n}', '5')).first().waitFor();
    await expectAccessible(buyer.page, 'the end');

    const rated = execFileSync('sqlite3', [
      '-separator',
      '|',
      join(server.data, 'xiaoer.db'),
      'SELECT r.stars, r.solved, p.alias FROM rating r JOIN person p ON p.person_id = r.agent_id',
    ])
      .toString()
      .trim();
    expect(rated).toBe('5|1|白露');
    await desk()
      .getByRole('button', { name: new RegExp(`^${consoleZh.inbox.tab.closed}`) })
      .first()
      .click();
    await desk().getByText(consoleZh.inbox.rated.replace('{{count}}', '5')).first().waitFor();
  });

  test('the history is there at the next visit', async () => {
    await buyer.page.reload();
    widget = await openWidget(buyer.page);
    await widget.getByText('好的，谢谢，那我等着').waitFor();
  });

  test('nothing was complained about', () => {
    const expected =
      /ERR_CONNECTION_REFUSED|WebSocket connection|net::ERR_|Failed to load resource: the server responded with a status of 401/;
    expect(buyer.complaints.filter((c) => !expected.test(c))).toEqual([]);
    expect(agent.complaints.filter((c) => !expected.test(c))).toEqual([]);
  });
});

describe('the shop in English', () => {
  test('a parcel, and a person as the hours allow', async () => {
    const { page, complaints, close } = await screen(browser, { locale: 'en-US', timezoneId: 'America/New_York' });
    await page.goto(url('/demo/?shop=northpeak&buyer=C01'));
    await page.getByText('Good things, chosen with care').waitFor();
    const widget = await openWidget(page);
    await widget.getByText("I'm Piper").waitFor();
    await say(widget, en, 'Where is my parcel?');
    const card = widget.getByRole('region', { name: /N20001/ });
    await card.waitFor();
    expect(await card.innerText()).toContain('Arrived at UPS facility');
    await expectAccessible(page, 'the English widget');
    await picture(page, 'widget-english', BESIDE);

    const buyer = new Buyer(server, 'northpeak', 'C01');
    await buyer.signIn();
    await widget.getByRole('button', { name: en.human, exact: true }).first().click();
    if (buyer.session.shop.open_now) {
      await widget.getByRole('region', { name: en['status.queue'] }).waitFor();
      const lena = await screen(browser, { locale: 'en-US', viewport: { width: 1440, height: 900 } });
      await signIn(lena.page, 'northpeak', 'lena', DEMO_PASSWORD, signInWords.en);
      await goOnline(lena.page, consoleEn.status);
      await lena.page.locator('.pane-list .row').first().click();
      await expectAccessible(lena.page, 'the English workbench');
      const box = lena.page.getByRole('textbox', { name: consoleEn.composer.replyLabel });
      await box.fill('Hi, this is Lena.');
      await box.press('Enter');
      await widget.getByText('Hi, this is Lena.').waitFor();
      await lena.close();
    } else {
      // Nobody on duty: the hours, and a call-back instead of a queue that nobody looks at.
      await widget.getByText(/9:00/).last().waitFor();
      expect(await widget.getByRole('region', { name: en['status.queue'] }).count()).toBe(0);
    }
    expect(complaints).toEqual([]);
    await close();
  });
});

describe('small windows', () => {
  async function phone(width: number, height: number, path: string, more = {}) {
    const shown = await screen(browser, {
      viewport: { width, height },
      isMobile: true,
      hasTouch: true,
      deviceScaleFactor: 2,
      ...more,
    });
    await shown.page.goto(url(path));
    return shown;
  }

  test('a phone: the widget as a page of its own', async () => {
    const token = (await server.http('/demo/token?shop=shanxing&buyer=B20')).json.token as string;
    const { page, complaints, close } = await phone(
      390,
      844,
      `/widget/?channel=shanxing&standalone=1&locale=zh-CN#token=${token}`,
    );
    await page.getByText('我是机器人助手小山').waitFor();
    expect(page.url()).not.toContain(token.slice(0, 20));
    await say(page, zh, '我的快递到哪了');
    await page
      .locator('.messages')
      .getByRole('button', { name: /E10066|E10067/ })
      .first()
      .waitFor();
    await expectFits(page, '390 px');
    await expectAccessible(page, 'the list to choose from, on a phone');
    await page
      .locator('.messages')
      .getByRole('button', { name: /E10067/ })
      .first()
      .click();
    await page.getByRole('region', { name: '订单 E10067' }).waitFor();
    await picture(page, 'phone');
    await page.getByRole('button', { name: zh['compose.more'] }).click();
    await page.getByRole('button', { name: zh['compose.order'], exact: true }).click();
    await page
      .getByRole('dialog', { name: zh['order.pick'] })
      .getByRole('button', { name: /E10068/ })
      .waitFor();
    await expectAccessible(page, 'the order sheet on a phone');
    await expectFits(page, 'the order sheet');
    expect(complaints).toEqual([]);
    await close();
  });

  test('320 px: everything is in reach, nothing sticks out', async () => {
    const token = (await server.http('/demo/token?shop=shanxing&buyer=B21')).json.token as string;
    const { page, close } = await phone(320, 568, `/widget/?channel=shanxing&standalone=1#token=${token}`);
    await page.getByText('我是机器人助手小山').waitFor();
    await say(page, zh, '我想看看轻量冲锋衣');
    await page.getByText('山脊轻量防水冲锋衣').first().waitFor();
    await say(page, zh, '发什么快递');
    await page.getByText('默认中通和圆通').waitFor();
    await expectFits(page, 'the widget at 320 px');
    const human = await page.getByRole('button', { name: zh.human, exact: true }).first().boundingBox();
    expect(human!.x + human!.width).toBeLessThanOrEqual(320);
    await expectAccessible(page, 'the widget at 320 px');
    await close();

    const shop = await phone(320, 568, '/demo/?shop=shanxing&buyer=B21');
    await shop.page.getByText('山脊轻量防水冲锋衣').first().waitFor();
    await expectFits(shop.page, 'the demo shop at 320 px');
    await shop.close();
  });

  test('the console on a narrow window', async () => {
    const buyer = await Buyer.open(server, 'shanxing', 'B22');
    await buyer.human();
    const { page, close } = await screen(browser, { viewport: { width: 390, height: 844 } });
    await signIn(page, 'shanxing', 'azhou');
    await goOnline(page);
    await page.locator('.pane-list .row').first().click();
    await page.getByRole('textbox', { name: consoleZh.composer.replyLabel }).waitFor();
    await expectFits(page, 'the console at 390 px');
    await expectAccessible(page, 'the console at 390 px');
    await close();
    await buyer.close();
  });

  test('reflow at 400 %, dark, and forced colours do not break the widget', async () => {
    const { page, close } = await screen(browser, {
      viewport: { width: 1280 / 4, height: 256 },
      colorScheme: 'dark',
      forcedColors: 'active',
    });
    await page.goto(url('/widget/?channel=shanxing&standalone=1'));
    await page.getByRole('textbox', { name: zh['compose.label'] }).waitFor();
    await expectFits(page, 'the widget at 400 %');
    await close();
  });
});

describe('pages for people', () => {
  test('the API reference is made from what the server says', async () => {
    const { page, complaints, close } = await screen(browser);
    await page.goto(url('/console/api'));
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText('/api/v1/widget/sessions').first().waitFor();
    await expectAccessible(page, 'the API reference');
    await page.setViewportSize({ width: 320, height: 568 });
    await expectFits(page, 'the API reference at 320 px');
    expect(complaints).toEqual([]);
    await close();
  });

  test('by keyboard alone: ask, and call a person', async () => {
    const { page, close } = await screen(browser);
    await page.goto(url('/widget/?channel=shanxing&standalone=1&locale=zh-CN'));
    await page.getByText('我是机器人助手小山').waitFor();
    await page.getByRole('textbox', { name: zh['compose.label'] }).focus();
    await page.keyboard.type('发什么快递');
    await page.keyboard.press('Escape'); // the suggestions
    await page.keyboard.press('Enter');
    await page.getByText('默认中通和圆通').waitFor();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Shift+Tab');
      if (await page.evaluate(() => document.activeElement?.classList.contains('human'))) break;
    }
    await page.keyboard.press('Enter');
    await page
      .getByRole('region', { name: zh['status.queue'] })
      .or(page.getByText(zh['status.agent']))
      .first()
      .waitFor();
    await close();
  });

  test('a second window of the same agent pauses the first', async () => {
    const one = await screen(browser);
    await signIn(one.page, 'shanxing', 'qinghe');
    await one.page.locator('.status-bar button').waitFor();
    const second = await one.page.context().newPage();
    await second.goto(url('/console/'));
    await second.locator('.status-bar button').or(second.getByText(PAUSED)).first().waitFor();
    await until(
      'one of them to be paused',
      async () => (await one.page.getByText(PAUSED).count()) + (await second.getByText(PAUSED).count()) === 1,
    );
    await one.close();
  });

  test('wrong credentials are told in place; a session that ended leads back to sign-in', async () => {
    const { page, close } = await screen(browser);
    await signIn(page, 'shanxing', 'achuan', 'not this one');
    await page.getByRole('alert').filter({ hasText: consoleZh.signin.wrong }).waitFor();
    await expectAccessible(page, 'a refused sign-in');
    await page.getByLabel(consoleZh.signin.password, { exact: true }).fill(DEMO_PASSWORD);
    await page.getByRole('button', { name: exactly(consoleZh.signin.submit) }).click();
    await page.locator('.status-bar button').waitFor();
    const elsewhere = await Staff.signIn(server, 'shanxing', 'achuan');
    expect((await elsewhere.post('/auth/sign-out')).status).toBe(204);
    await page.reload();
    await page.getByLabel(consoleZh.signin.name, { exact: true }).waitFor();
    await close();
  });
});
