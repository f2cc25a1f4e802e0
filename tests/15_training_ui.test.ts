// SPDX-License-Identifier: Apache-2.0
//
// Training as people see it, in headless Chromium against the real program: from a question that nobody answered to
// its answer in the widget; words that nobody knew, through training, comparison and grey release, to a buyer who is
// understood; an agent who corrects what the bot heard; who sees the pages at all. axe looks at every state.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectFits, launch, picture, screen, type Screen } from './lib/browser.ts';
import { Buyer } from './lib/buyer.ts';
import { run, until } from './lib/program.ts';
import { Server } from './lib/server.ts';
import { DEMO_PASSWORD, Staff } from './lib/staff.ts';
import en from '../web/console/src/i18n/en.json' with { type: 'json' };
import zh from '../web/console/src/i18n/zh-CN.json' with { type: 'json' };
import { zhCN as widgetWords } from '../web/widget/src/i18n/zh-CN.ts';

const words = zh.training;
const ANSWER = '泽塔仓库可以免费寄存滑雪板三十天。';
const QUESTIONS = [
  '滑雪板可以寄存在你们泽塔仓库吗，我电话13800001234',
  '泽塔仓库能不能寄存滑雪板',
  '泽塔仓库能寄存滑雪板吗',
];
/** What else buyers ask in a week: some of it answered, some not. */
const OTHERS = `
  发什么快递 帐篷可以租吗 运费多少 能租帐篷吗 什么时候发货
  租一个帐篷多少钱一天 包邮吗 衣服上绣个队名可以不 旧冲锋衣能不能以旧换新
  发什么快递 武功山这条路线冬天能走吗 能开发票吗 冬天走武功山穿啥 运费多少
  睡袋狗能用吗 以旧换新有活动吗 组织爬山不 包邮吗
`
  .trim()
  .split(/\s+/);
/** Words that no shipped understanding knows. */
const SLANG = ['咕噜咕噜到没', '我的咕噜到没有', '咕噜咕噜在哪', '查一下咕噜', '咕噜呢'];
/** So long ago that it was last week, and still among what is looked at. */
const NINE_DAYS = 9 * 86_400_000;
const DESK = { viewport: { width: 1440, height: 900 } };

let server: Server;
let browser: Browser;
let trainer: Screen;
const url = (path: string) => `http://127.0.0.1:${server.port}${path}`;
const page = () => trainer.page;

/** antd puts a space between two letters of a button. */
const exactly = (text: string) => new RegExp(`^${[...text].length === 2 ? [...text].join('\\s*') : text}$`);
const filled = (text: string, values: Record<string, string | number>) =>
  Object.entries(values).reduce((all, [name, value]) => all.replace(`{{${name}}}`, String(value)), text);
const button = (text: string, on: Page = page()) => on.getByRole('button', { name: exactly(text) });

async function signIn(on: Page, name: string, signin = zh.signin, shop = 'shanxing'): Promise<void> {
  await on.goto(url('/console/'));
  await on.getByLabel(signin.shop, { exact: true }).fill(shop);
  await on.getByLabel(signin.name, { exact: true }).fill(name);
  await on.getByLabel(signin.password, { exact: true }).fill(DEMO_PASSWORD);
  await on.getByRole('button', { name: exactly(signin.submit) }).click();
  await on.locator('.rail, .page-bar').filter({ visible: true }).first().waitFor();
}

/** Who is not signed in yet is told so: nothing else may go wrong. */
const faults = (shown: Screen) => shown.complaints.filter((text) => !/status of 401/.test(text));

/** Buyers who each ask one thing and go. */
async function ask(texts: string[], from = 30): Promise<void> {
  for (const [nth, text] of texts.entries()) {
    const buyer = await Buyer.open(server, 'shanxing', `B${from + nth}`);
    await buyer.ask(text);
    await buyer.close();
  }
}

/** What the bot says to a buyer in the demo shop's widget. */
async function askInWidget(buyer: string, text: string, answer: (on: Page) => Promise<unknown>): Promise<void> {
  const shown = await screen(browser);
  await shown.page.goto(url(`/demo/?shop=shanxing&buyer=${buyer}`));
  await shown.page.locator('#xiaoer-cs button').click();
  const widget = shown.page.frameLocator('#xiaoer-cs iframe');
  await widget.getByRole('log').waitFor();
  await widget.getByRole('textbox', { name: widgetWords['compose.label'] }).fill(text);
  await widget.getByRole('button', { name: widgetWords['compose.send'], exact: true }).click();
  await answer(shown.page);
  await shown.close();
}

const visit = async (section: keyof typeof words.section) => {
  await page().getByRole('link', { name: words.section[section] }).click();
};
const row = (text: string) => page().locator('.group-row', { hasText: text });
const settled = (on: Page = page()) => on.locator('.bones').first().waitFor({ state: 'detached' });

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.demo({ later: -NINE_DAYS }), launch()]);
  await ask([QUESTIONS[1]!, ...OTHERS.slice(-8)], 10);
  await server.stop();
  await server.start(0);
  await ask([...QUESTIONS, ...OTHERS]);
  trainer = await screen(browser, DESK);
});
afterAll(async () => {
  await browser?.close();
  await server.stop();
  const checked = run(['check', '--data', server.data]);
  expect(checked.code, checked.out).toBe(0);
  await server.close();
});

describe('from a question that nobody answered to its answer', () => {
  test('it stands in the list, with how often it was asked and what came near', async () => {
    await signIn(page(), 'xiaotang');
    await page().getByRole('link', { name: zh.nav.training }).click();
    await row('泽塔').first().waitFor();
    expect(await row('泽塔').first().innerText()).toMatch(new RegExp(filled(words.weeks, { now: '[23]', before: 1 })));
    await expectAccessible(page(), 'the list of what is to be learnt');
    await row('泽塔').first().getByRole('button').click();
    const detail = page().getByRole('region', { name: words.detail });
    await detail.getByText('泽塔仓库能不能寄存滑雪板').first().waitFor();
    expect(await page().content()).not.toContain('13800001234');
    await expectAccessible(page(), 'a group');
    await picture(page(), 'training-zh');
  });

  test('by keyboard: through the list, to the search and back', async () => {
    await page().locator('.split-list [data-group]').first().focus();
    const at = () => page().evaluate(() => document.activeElement?.getAttribute('data-group'));
    const first = await at();
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('k');
    await until('the first row', async () => (await at()) === first);
    await page().keyboard.press('/');
    await page().keyboard.type('泽塔');
    await until('only what was looked for', async () =>
      (await page().locator('.group-row').allInnerTexts()).every((text) => text.includes('泽塔')),
    );
    await page().getByRole('textbox', { name: words.search }).fill('');
  });

  test('groups that ask the same are merged, and apart again', async () => {
    await ask(['泽塔仓库在哪个省']);
    await page().reload();
    await row('泽塔').first().waitFor();
    const before = await page().locator('.group-row').count();
    expect(before).toBeGreaterThan(1);
    const boxes = page().locator('.group-row').getByRole('checkbox');
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await page()
      .getByRole('group', { name: filled(words.picked, { count: 2 }) })
      .getByRole('button', { name: exactly(words.deed.merge) })
      .click();
    await until('one group less', async () => (await page().locator('.group-row').count()) === before - 1);
    await button(words.undo).first().click();
    await until('both again', async () => (await page().locator('.group-row').count()) === before);
  });

  test('a trainer writes the answer, and a buyer gets it in the widget', async () => {
    await page().locator('.group-row', { hasText: /寄存/ }).first().getByRole('button').click();
    await button(words.deed.write).click();
    const dialog = page().getByRole('dialog', { name: words.dialog.write });
    await dialog.getByLabel(words.question, { exact: true }).fill('可以寄存滑雪板吗');
    const box = dialog.getByRole('textbox', { name: words.answer });
    await box.fill(ANSWER);
    await dialog.getByText(words.preview).waitFor();
    await expectAccessible(page(), 'the answer that is written');
    await dialog.getByRole('button', { name: words.submit.write }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page().getByText(words.did.write.split('{{')[0]!).first().waitFor();
    await askInWidget('B02', '泽塔仓库能不能寄存滑雪板', (on) =>
      on.frameLocator('#xiaoer-cs iframe').getByText('免费寄存滑雪板三十天').first().waitFor(),
    );
  });

  test('it is among what was dealt with, and in the history with a way back', async () => {
    await page().getByRole('button', { name: words.state.done }).click();
    await row('寄存').first().waitFor();
    await visit('records');
    await page().getByText(words.deed.write).first().waitFor();
    await page().getByText('小棠').first().waitFor();
    await expectAccessible(page(), 'the history');
    const deed = page().locator('.taught').first();
    await deed.getByRole('button', { name: exactly(words.undo) }).click();
    await deed.getByText(words.isUndone).waitFor();
    await visit('questions');
    await row('寄存').first().waitFor();
  });

  test('ignored, and found again', async () => {
    await row('寄存').first().getByRole('button').click();
    await button(words.deed.ignore).first().click();
    await until('it is gone', async () => (await row('滑雪板').count()) === 0);
    await page().getByRole('button', { name: words.state.ignored }).click();
    await row('寄存').first().waitFor();
    await page()
      .getByRole('button', { name: new RegExp(`^${words.state.open}`) })
      .click();
  });

  test('single texts are added to an entry as similar questions', async () => {
    await ask(['呱唧呱唧套餐怎么选'], 40);
    await page().reload();
    await row('呱唧').first().getByRole('button').click();
    const text = page().locator('.text-row').first();
    await text.getByRole('checkbox').check();
    await page()
      .getByText(filled(words.forTicked, { count: 1 }))
      .waitFor();
    await button(words.deed.similar).click();
    const dialog = page().getByRole('dialog', { name: words.dialog.similar });
    await dialog.getByRole('textbox').fill('发票');
    await dialog.getByRole('radio').first().check();
    await expectAccessible(page(), 'the choice of an entry');
    await dialog.getByRole('button', { name: words.submit.similar }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page().getByText(words.did.similar.split('{{')[0]!).first().waitFor();
  });
});

describe('an agent knows better', () => {
  test('the intent of a message is corrected in the workbench, and trainers see it', async () => {
    const buyer = await Buyer.open(server, 'shanxing', 'B25');
    await buyer.ask('呜啦呜啦怎么弄');
    await buyer.human();
    const agent = await screen(browser, DESK);
    const desk = agent.page;
    await signIn(desk, 'bailu');
    expect(await desk.getByRole('link', { name: zh.nav.training }).count()).toBe(0);
    await desk
      .getByRole('button', {
        name: filled(zh.status.label, { status: zh.status.offline }),
      })
      .click();
    await desk.getByRole('menuitem', { name: new RegExp(`^${zh.status.online}`) }).click();
    await desk.locator('.pane-list .row').first().click();
    const line = desk.locator('.line-buyer', { hasText: '呜啦呜啦' });
    await line.hover();
    await line
      .getByRole('button', {
        name: filled(zh.correct.message, { text: '呜啦呜啦怎么弄' }),
      })
      .click();
    const dialog = desk.getByRole('dialog', { name: zh.correct.title });
    await dialog.getByRole('combobox', { name: words.searchIntent }).fill('退货');
    await dialog.getByRole('option').first().click();
    await expectAccessible(desk, 'the correction');
    await picture(desk, 'correct-zh');
    await dialog.getByRole('button', { name: exactly(zh.correct.submit) }).click();
    await desk.getByText(zh.correct.done).waitFor();
    await dialog.waitFor({ state: 'hidden' });
    await expectAccessible(desk, 'the workbench with a way to correct');

    await desk.goto(url('/console/training/questions'));
    await desk.getByText(zh.state.forbidden).waitFor();
    await expectAccessible(desk, 'training for one who may not');
    await agent.close();
    await buyer.close();

    await page().reload();
    await row('呜啦').first().getByText(words.reason.corrected).waitFor();
  });
});

describe('words that nobody knew', () => {
  test('they are given an intent', async () => {
    await ask(SLANG, 50);
    await page().reload();
    await row('咕噜').first().waitFor();
    await page().getByRole('textbox', { name: words.search }).fill('咕噜');
    const boxes = page().locator('.group-row').getByRole('checkbox');
    for (let i = 0; i < (await boxes.count()); i++) await boxes.nth(i).check();
    const some = page().locator('.group-several');
    await some.getByRole('button', { name: exactly(words.more) }).click();
    await page().getByRole('menuitem', { name: words.deed.assign }).click();
    const dialog = page().getByRole('dialog', { name: words.dialog.assign });
    const picker = dialog.getByRole('combobox', { name: words.searchIntent });
    await until('the focus', () => picker.evaluate((box) => box === document.activeElement));
    await picker.fill('ship_track');
    await page().keyboard.press('ArrowDown');
    await expectAccessible(page(), 'the choice of an intent');
    await page().keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await until('none is left', async () => (await page().locator('.group-row').count()) === 0);
    await visit('phrases');
    await page().getByRole('textbox', { name: words.searchIntent }).fill('ship_track');
    await page().locator('.group-row').first().getByRole('button').click();
    await page().locator('.text-row', { hasText: SLANG[0] }).waitFor();
    await expectAccessible(page(), 'the wordings of an intent');
  });

  test('what must never be misheard is written down', async () => {
    await visit('cases');
    await settled();
    for (const [text, intent] of [
      ['咕噜咕噜到哪里了', 'ship_track'],
      ['我要开发票', 'ship_track'],
    ] as const) {
      await button(words.addCase).click();
      const dialog = page().getByRole('dialog', { name: words.addCase });
      await dialog.getByLabel(words.caseText).fill(text);
      await dialog.getByLabel(words.mustBeHeard).fill(intent);
      await page().locator('.ant-select-item-option').first().click();
      await dialog.getByRole('switch').click();
      await expectAccessible(page(), 'a test case');
      await dialog.getByRole('button', { name: words.saveCase }).click();
      await dialog.waitFor({ state: 'hidden' });
      await page().locator('.taught', { hasText: text }).waitFor();
    }
    await expectAccessible(page(), 'the test cases');
  });

  test('a version is trained, with progress', async () => {
    await visit('versions');
    await page().getByText(words.noVersions).waitFor();
    await page()
      .getByRole('button', {
        name: filled(words.train, { language: zh.language.zh }),
      })
      .click();
    await page()
      .getByText(filled(words.running, { number: 1 }))
      .waitFor();
    const link = page().getByRole('link', {
      name: filled(words.version, { number: 1 }),
    });
    await page().getByText(words.version_state.draft).waitFor({ timeout: 60_000 });
    await expectAccessible(page(), 'the versions');
    await link.click();
  });

  test('a case that must pass stops the release, until it is right', async () => {
    await page()
      .getByText(filled(words.blocked, { count: 1 }))
      .waitFor({ timeout: 30_000 });
    expect(await page().getByRole('button', { name: words.releaseFull }).isDisabled()).toBe(true);
    await page().locator('.compared-row', { hasText: '我要开发票' }).waitFor();
    await expectAccessible(page(), 'a release that is stopped');
    await page().getByLabel(words.override).fill('试一下');
    expect(await page().getByRole('button', { name: words.releaseFull }).isDisabled()).toBe(false);

    await visit('cases');
    const wrong = page().locator('.taught', { hasText: '我要开发票' });
    await wrong
      .getByRole('button', {
        name: filled(words.dropOne, { text: '我要开发票' }),
      })
      .click();
    await page()
      .locator('.ant-popconfirm')
      .getByRole('button', { name: exactly(words.drop) })
      .click();
    await wrong.waitFor({ state: 'detached' });
    await visit('versions');
    await page()
      .getByRole('link', { name: filled(words.version, { number: 1 }) })
      .click();
    await page()
      .getByRole('button', { name: new RegExp(`^${words.list.changed}`) })
      .click();
    await page().locator('.compared-row', { hasText: '咕噜' }).first().waitFor();
  });

  test('what buyers said becomes a case with one press', async () => {
    const changed = page().locator('.compared-row', { hasText: '咕噜' }).first();
    await changed.getByRole('button').click();
    const dialog = page().getByRole('dialog', { name: words.toCaseShort });
    await expectAccessible(page(), 'a turn that becomes a case');
    await dialog.getByRole('button', { name: words.saveCase }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page()
      .getByRole('button', { name: new RegExp(`^${words.list.better}`) })
      .waitFor();
    await page().locator('.ant-message-notice').first().waitFor({ state: 'detached' });
    await picture(page(), 'training-release-zh');
  });

  test('grey for a share, then for all; a buyer is understood', async () => {
    await page()
      .getByRole('button', { name: filled(words.releaseGrey, { share: 5 }) })
      .click();
    await page().getByText(`${words.version_state.grey} 5%`).waitFor();
    await page().getByRole('button', { name: words.releaseFull }).click();
    await page().locator('.ant-popconfirm').getByRole('button', { name: words.releaseFull }).click();
    await page().getByText(words.version_state.full, { exact: true }).waitFor();
    await expectAccessible(page(), 'a version in use');
    await askInWidget('B01', SLANG[0]!, (on) =>
      on.frameLocator('#xiaoer-cs iframe').getByRole('region', { name: '订单 E10001' }).waitFor(),
    );
  });

  test('one step back', async () => {
    await visit('versions');
    await button(words.rollBack).click();
    await page()
      .locator('.ant-popconfirm')
      .getByRole('button', { name: exactly(words.rollBack) })
      .click();
    await page().getByText(words.version_state.retired).waitFor();
    const staff = await Staff.signIn(server, 'shanxing', 'xiaotang');
    const { items } = await staff.get<{ items: { state: string }[] }>('/models');
    expect(items[0]!.state).toBe('retired');
  });

  test('nothing was complained about', () => expect(faults(trainer)).toEqual([]));
});

describe('every page, in both languages and on a phone', () => {
  const PATHS = ['questions', 'phrases', 'phrases/ship_track', 'cases', 'versions', 'versions/1', 'records'];

  test.each([
    ['zh-CN', 390, zh],
    ['en-US', 390, en],
    ['en-US', 1440, en],
    ['zh-CN', 320, zh],
  ] as const)('%s, %d px', async (locale, width, all) => {
    const shown = await screen(browser, {
      locale,
      viewport: { width, height: 844 },
    });
    await signIn(shown.page, 'laocheng', all.signin);
    for (const path of PATHS) {
      await shown.page.goto(url(`/console/training/${path}`));
      await shown.page.getByRole('heading', { level: 1, name: all.training.title }).waitFor({ state: 'attached' });
      await settled(shown.page);
      await expectFits(shown.page, `${path} at ${width} px`);
      await expectAccessible(shown.page, `${path} at ${width} px in ${locale}`);
    }
    expect(faults(shown)).toEqual([]);
    await shown.close();
  });

  test('a group on a phone: opened, and back', async () => {
    await ask(['泽塔滑板车能租吗'], 60);
    const shown = await screen(browser, {
      viewport: { width: 390, height: 844 },
    });
    await signIn(shown.page, 'xiaotang');
    await shown.page.goto(url('/console/training/questions'));
    await shown.page.locator('[data-group]').first().click();
    await shown.page.locator('.text-row').first().waitFor();
    await expectFits(shown.page, 'a group at 390 px');
    await expectAccessible(shown.page, 'a group at 390 px');
    await picture(shown.page, 'training-phone');
    await button(words.back, shown.page).click();
    await shown.page.locator('[data-group]').first().waitFor();
    await shown.close();
  });
});
