// SPDX-License-Identifier: Apache-2.0
//
// The knowledge page as trainers use it, in headless Chromium against the real program: find, write, try, mend, take
// back, archive, import; by mouse, by keyboard, on a phone, in both languages; and what others may see of it.
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectFits, launch, picture, screen, type Screen } from './lib/browser.ts';
import { Buyer } from './lib/buyer.ts';
import { run, until } from './lib/program.ts';
import { Server } from './lib/server.ts';
import { DEMO_PASSWORD, Staff } from './lib/staff.ts';
import en from '../web/console/src/i18n/en.json' with { type: 'json' };
import zh from '../web/console/src/i18n/zh-CN.json' with { type: 'json' };

let server: Server;
let browser: Browser;
const words = zh.knowledge;
const WIDE = { viewport: { width: 1440, height: 900 } };

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

/** The cookie of a person who signed in over the API: sign-in itself is tested elsewhere. */
async function open(path: string, name = 'xiaotang', shop = 'shanxing', options: object = WIDE): Promise<Screen> {
  const staff = await Staff.signIn(server, shop, name, DEMO_PASSWORD);
  const shown = await screen(browser, options);
  const [cookie, value] = staff.cookie.split('=') as [string, string];
  const url = `http://127.0.0.1:${server.port}`;
  await shown.page.context().addCookies([{ name: cookie, value, url, httpOnly: true, sameSite: 'Strict' }]);
  await shown.page.goto(`${url}/console${path}`);
  return shown;
}

const row = (page: Page, text: string) => page.locator('.kb-row').filter({ hasText: text });
const question = (page: Page) => page.getByRole('textbox', { name: words.question, exact: true });
const answer = (page: Page) => page.getByRole('textbox', { name: words.answer, exact: true });
const button = (within: Page | Locator, name: string) =>
  within.getByRole('button', { name: new RegExp(`^${name.length === 2 ? [...name].join('\\s*') : name}`) });
const save = (page: Page) => button(page.locator('.kb-save'), words.save);
const saved = (page: Page) => page.locator('.kb-save').getByText(words.allSaved);

async function tryOut(page: Page, text: string): Promise<Locator> {
  const box = page.getByRole('dialog', { name: zh.tryout.title });
  if (!(await box.isVisible())) await button(page.locator('.kb-head'), words.try).click();
  const asked = box.getByRole('textbox', { name: zh.tryout.text });
  await asked.fill(text);
  await asked.press('Enter');
  await box.locator('.buyer-words').filter({ hasText: text }).waitFor();
  await box.locator('.try-result[aria-busy="false"]').waitFor();
  return box;
}

describe('a trainer in Chinese', () => {
  let shown: Screen;
  let page: Page;

  beforeAll(async () => {
    shown = await open('/conversations');
    page = shown.page;
  });
  afterAll(() => shown?.close());

  test('finds the page in the menu, and entries by keyboard', async () => {
    await page.getByRole('navigation', { name: zh.nav.label }).getByRole('link', { name: zh.nav.knowledge }).click();
    await row(page, '发什么快递').or(page.locator('.kb-row')).first().waitFor();
    await expectAccessible(page, 'the list of entries');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const second = await page.evaluate(() => document.activeElement?.id);
    await page.keyboard.press('ArrowUp');
    expect(await page.evaluate(() => document.activeElement?.id)).not.toBe(second);
    await page.keyboard.press('Enter');
    await question(page).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText(words.choose).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('发什么快递');
    await until('the list to be short', async () => (await page.locator('.kb-row').count()) < 8);
    await row(page, '默认中通和圆通').first().click();
    await until('the entry', async () => (await question(page).inputValue()) === '发什么快递');
    await expectAccessible(page, 'an entry');
  });

  test('layers, expired entries, and nothing found', async () => {
    const search = page.getByRole('textbox', { name: words.search });
    await search.fill('没有这样的知识');
    await page.getByText(words.notFound.replace('{{q}}', '没有这样的知识')).waitFor();
    await search.fill('');
    await page.getByRole('combobox', { name: words.layerLabel, exact: true }).first().click();
    await page.getByTitle(words.layer.emergency, { exact: true }).click();
    await row(page, '有人冒充客服让我转账退款').waitFor();
    expect(await page.locator('.kb-row .layer:not(.layer-emergency)').count()).toBe(0);
    expect(await row(page, '中通部分网点爆仓').count()).toBe(0);
    await page.getByRole('button', { name: words.tab.over, exact: true }).click();
    await row(page, '中通部分网点爆仓').locator('.pill-over').waitFor();
    await page.getByRole('button', { name: words.tab.in_use, exact: true }).click();
    await page.getByRole('combobox', { name: words.layerLabel, exact: true }).first().click();
    await page.getByTitle(words.allLayers, { exact: true }).click();
  });

  test('the test box tells which entry won and why; data may know better than an entry', async () => {
    const box = await tryOut(page, '发什么快递');
    await box.locator('.try-origin').getByText(zh.tryout.origin.knowledge).waitFor();
    await box.locator('.try-winner').getByText(zh.tryout.standing.won).waitFor();
    expect(await box.locator('.bot-bubble').first().innerText()).toContain('默认中通和圆通');
    await expectAccessible(page, 'the test box');
    await tryOut(page, '冲锋衣怎么洗');
    await box.locator('.try-origin').getByText(zh.tryout.origin.product).waitFor();
    await box.getByText(zh.tryout.standing.spare).waitFor();
    await tryOut(page, '火星探测器咕噜咕噜哔哔');
    await box.locator('.try-origin').getByText(zh.tryout.origin.fallback).waitFor();
    await box.getByRole('link', { name: zh.tryout.write }).click();
    await until('a new entry', async () => (await question(page).inputValue()) === '火星探测器咕噜咕噜哔哔');
  });

  test('what is not saved is not lost unasked', async () => {
    await page.locator('.kb-row').first().click();
    const ask = page.getByRole('dialog', { name: words.leaveTitle });
    await ask.waitFor();
    await expectAccessible(page, 'the question before leaving');
    await button(ask, words.stay).click();
    expect(await question(page).inputValue()).toContain('火星探测器');
    await page.getByRole('textbox', { name: words.search }).focus();
    await page.keyboard.press('Escape');
    await page.locator('.kb-row').first().click();
    await button(ask, words.leave).click();
    await until('another entry', async () => !(await question(page).inputValue()).includes('火星探测器'));
  });

  test('a new entry: wordings at once, a warning of twins, the preview; then buyers get it', async () => {
    await button(page.locator('.kb-head'), words.new).click();
    await until('an empty editor', async () => (await question(page).inputValue()) === ''); // not the one before it
    await save(page).waitFor();
    await question(page).pressSequentially('发什么快递', { delay: 60 }); // as people write: each key asks again
    await page.locator('.kb-same').getByRole('link', { name: '发什么快递' }).waitFor();
    await question(page).fill('可以寄存滑雪板吗');
    await page.locator('.kb-same').waitFor({ state: 'detached' });
    const more = page.getByPlaceholder(words.similarHint);
    await more.fill('- 滑雪板能存你们那吗\n- 雪板寄存\n- 可以寄存滑雪板吗');
    await more.press('Enter');
    await until('two wordings', async () => (await page.locator('.kb-similar li').count()) === 2);
    await answer(page).fill('可以，**免费**寄存三十天：\n- 请带上订单号\n- 周末也能取');
    const view = page.locator('.kb-side .buyers-view');
    expect(await view.locator('strong').innerText()).toBe('免费');
    expect(await view.locator('li').count()).toBe(2);
    await expectAccessible(page, 'a new entry');
    await answer(page).press('Control+Enter');
    await page.getByText(words.created).waitFor();
    await saved(page).waitFor();
    expect(page.url()).toMatch(/\/knowledge\/K\d+$/);

    const box = await tryOut(page, '雪板寄存');
    await box.locator('.try-winner').getByText('可以寄存滑雪板吗').waitFor();
    const buyer = await Buyer.open(server, 'shanxing', 'B11');
    const said = await buyer.ask('雪板寄存');
    expect(said.map((m) => m.text).join()).toContain('寄存三十天');
    await buyer.close();
    await box
      .getByRole('button', { name: /close|关闭/i })
      .first()
      .click();
  });

  test('an answer is changed, looked at, and taken back', async () => {
    await answer(page).fill('可以，**免费**寄存六十天。');
    await save(page).click();
    const told = page.locator('.ant-message').getByText(words.saved);
    await told.waitFor();
    await saved(page).waitFor();
    const versions = page.locator('.kb-versions');
    await until('two versions', async () => (await versions.locator('li').count()) === 2);
    await button(versions.locator('li').first(), words.look).click();
    const difference = page.getByRole('dialog', { name: words.lookTitle.replace('{{number}}', '2') });
    expect(await difference.locator('del').first().innerText()).toBe('三');
    expect(await difference.locator('ins').first().innerText()).toBe('六');
    await expectAccessible(page, 'what a version changed');
    await page.keyboard.press('Escape');
    await difference.waitFor({ state: 'hidden' });
    await page.locator('.ant-message').getByRole('button', { name: words.undo }).click();
    await until('the answer before', async () => (await answer(page).inputValue()).includes('三十天'));
    await until('three versions', async () => (await versions.locator('li').count()) === 3);
    await button(versions.locator('li').nth(1), words.restore).click();
    await button(page.locator('.ant-popover'), words.restore).click();
    await until('the answer after', async () => (await answer(page).inputValue()).includes('六十天'));
  });

  test('days and conditions: an entry that is not yet valid says so', async () => {
    await page.getByRole('radio', { name: words.timed }).check();
    const from = page.getByRole('textbox', { name: words.from, exact: true });
    await from.fill('明天');
    await save(page).click();
    await page.getByText(words.problem.daysUnread).waitFor();
    await from.fill('2099/1/2 9:30');
    await from.blur();
    expect(await from.inputValue()).toBe('2099-01-02 09:30');
    await button(page, words.addCondition).click();
    await page.getByRole('menuitem', { name: words.condition.order_status }).click();
    await page.getByRole('combobox', { name: words.condition.order_status }).click();
    await page.locator('.ant-select-item-option').filter({ hasText: words.status.paid }).click();
    await page.keyboard.press('Escape');
    await save(page).click();
    await saved(page).waitFor();
    await page.locator('.kb-entry-head .pill-warn').waitFor();
    await expectAccessible(page, 'an entry for some days');
    const box = await tryOut(page, '雪板寄存');
    await box.getByText(zh.tryout.standing.not_yet).waitFor();
    await box
      .getByRole('button', { name: /close|关闭/i })
      .first()
      .click();
    const stored = await Staff.signIn(server, 'shanxing', 'laocheng');
    const entry = await stored.get(`/knowledge/${page.url().split('/').at(-1)}`);
    expect(entry.valid_from).toBe('2099-01-02T01:30:00Z');
    expect(entry.conditions).toEqual({ order_status: ['paid'] });
  });

  test('archived with a way back', async () => {
    const id = page.url().split('/').at(-1);
    await button(page.locator('.kb-entry-head'), words.archive).click();
    await button(page.locator('.ant-popover:visible'), words.archive).click();
    await page.locator('.ant-message').getByText(words.archived).waitFor();
    await page.getByText(words.choose).waitFor();
    await page.goto(`http://127.0.0.1:${server.port}/console/knowledge/${id}`);
    await page.getByText(words.archivedNotice).waitFor();
    await expectAccessible(page, 'an archived entry');
    await button(page, words.unarchive).click();
    await question(page).waitFor();
  });

  test('the shop’s answer beats the industry’s only when it is told to', async () => {
    const owner = await Staff.signIn(server, 'shanxing', 'laocheng');
    const made = await owner.post('/knowledge', {
      entry: { layer: 'shop', question: '透湿指数是什么意思', answer: '本店说法：数字越大越不闷。' },
    });
    expect(made.status, made.text).toBe(201);
    await page.goto(`http://127.0.0.1:${server.port}/console/knowledge/${made.json.id}`);
    let box = await tryOut(page, '透湿指数是什么意思');
    await box.locator('.try-winner .layer-industry').waitFor();
    await box.locator('.try-won').getByText(zh.tryout.by.layer).waitFor();
    await page.getByRole('checkbox', { name: words.override }).check();
    await save(page).click();
    await saved(page).waitFor();
    box = await tryOut(page, '透湿指数是什么意思');
    await box.locator('.try-winner .layer-shop').waitFor();
    await box.locator('.try-won').getByText(zh.tryout.by.override).waitFor();
    await expectAccessible(page, 'why an entry won');
  });

  test('somebody else’s change is not overwritten unnoticed', async () => {
    await page
      .getByRole('dialog', { name: zh.tryout.title })
      .getByRole('button', { name: /close|关闭/i })
      .first()
      .click();
    const id = page.url().split('/').at(-1);
    const owner = await Staff.signIn(server, 'shanxing', 'laocheng');
    await answer(page).fill('我这边改的说法。');
    const theirs = await owner.api(`/knowledge/${id}`, {
      method: 'PUT',
      body: { entry: { layer: 'shop', question: '透湿指数是什么意思', answer: '店主改的说法。', override: true } },
    });
    expect(theirs.status, theirs.text).toBe(200);
    await save(page).click();
    await page.locator('.kb-save').getByText(zh.code.changed_since).waitFor();
    expect((await owner.get(`/knowledge/${id}`)).answer).toBe('店主改的说法。');
    await button(page.locator('.kb-save'), words.saveOver).click();
    await saved(page).waitFor();
    expect((await owner.get(`/knowledge/${id}`)).answer).toBe('我这边改的说法。');
    expect(await page.locator('.kb-versions').innerText()).toContain('程远山');
  });

  test('many at once: first a report, then the good rows', async () => {
    await button(page.locator('.kb-head'), words.more).click();
    await page.getByRole('menuitem', { name: words.import }).click();
    const dialog = page.getByRole('dialog', { name: zh.importer.title.knowledge });
    await dialog.waitFor();
    await expectAccessible(page, 'the import');
    const [sample] = await Promise.all([page.waitForEvent('download'), button(dialog, zh.importer.sample).click()]);
    await dialog.locator('input[type=file]').setInputFiles(await sample.path());
    await button(dialog, zh.importer.check).click();
    await dialog.getByText(zh.importer.allGood).waitFor();
    expect(await dialog.locator('.import-figures dd').allInnerTexts()).toEqual(['2', '0', '0', '0']);
    await button(dialog, zh.importer.other).click();
    const rows = [
      'id,layer,question,similar,answer,conditions',
      'KX01,shop,雪具能邮寄保养吗,雪板打蜡|雪板保养,可以，来回运费自理。,',
      'KX02,shopp,写错层级的,,答案,',
      'KX03,shop,没有答案的,,,',
      'K015,industry,颜色和图片一样吗,有没有色差,不同屏幕看起来会有轻微差别。,',
    ];
    await dialog.locator('input[type=file]').setInputFiles({
      name: '知识.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(rows.join('\r\n')),
    });
    await dialog.getByText('知识.csv').waitFor();
    await button(dialog, zh.importer.check).click();
    await dialog.locator('.import-figures').waitFor();
    expect(await dialog.locator('.import-figures dd').allInnerTexts()).toEqual(['1', '1', '0', '2']);
    const report = await dialog.locator('.import-table').innerText();
    expect(report).toContain(zh.refusal.empty.replace('{{field}}', zh.field.answer));
    expect(report).toContain('KX02');
    await expectAccessible(page, 'the report of an import');
    await page.locator('.ant-message').getByText(words.saved).waitFor({ state: 'hidden', timeout: 15_000 });
    await picture(page, 'knowledge-import-zh');
    await button(dialog, zh.importer.storeGood.replace('{{number}}', '2')).click();
    await dialog.getByText(zh.importer.stored.replace('{{number}}', '2')).waitFor();
    await button(dialog, zh.importer.done).click();
    await page.getByRole('textbox', { name: words.search }).fill('雪具');
    await row(page, '雪具能邮寄保养吗').waitFor();
    await page.getByRole('textbox', { name: words.search }).fill('');
  });

  test('how an entry did is told in the list', async () => {
    const ask = async (who: string, text: string, helpful: boolean) => {
      const buyer = await Buyer.open(server, 'shanxing', who);
      const last = (await buyer.ask(text)).at(-1)!;
      const told = await buyer.api(`/conversations/${last.conversation}/feedback`, {
        method: 'POST',
        body: { seq: last.seq, helpful },
      });
      expect(told.status, told.text).toBe(201);
      await buyer.close();
    };
    await ask('B12', '你们用的哪家快递', true);
    await ask('B13', '发什么快递', true);
    await ask('B14', '走的什么物流', false);
    await page.goto(`http://127.0.0.1:${server.port}/console/knowledge/K038`);
    await page.getByRole('textbox', { name: words.search }).fill('快递');
    const used = row(page, '默认中通和圆通').locator('.used');
    await until('three answers', async () => (await used.innerText()).includes('3 次'));
    expect(await used.locator('.thumb-up').innerText()).toContain('2');
    expect(await used.locator('.thumb-down').innerText()).toContain('1');
    await tryOut(page, '用的是哪家快递呀');
    await page.locator('.try-winner').waitFor();
    await expectAccessible(page, 'an entry with its figures');
    await picture(page, 'knowledge-zh');
  });

  test('nothing was complained about', () => {
    const expected = /status of 40[14]|status of 409|status of 422|a dialog: /;
    expect(shown.complaints.filter((c) => !expected.test(c))).toEqual([]);
  });
});

describe('others', () => {
  test('an agent reads and searches, and changes nothing', async () => {
    const { page, complaints, close } = await open('/knowledge/K038', 'bailu');
    await page.getByRole('heading', { name: '发什么快递' }).waitFor();
    await page.locator('.buyers-view').getByText('默认中通和圆通').waitFor();
    expect(
      await page.getByRole('button', { name: new RegExp(`^(${words.new}|${words.try}|${words.archive})`) }).count(),
    ).toBe(0);
    expect(await page.locator('.kb-save').count()).toBe(0);
    await expectAccessible(page, 'an entry as an agent sees it');
    await page.goto(`http://127.0.0.1:${server.port}/console/knowledge/new`);
    await page.getByText(words.readOnly).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('an entry that is not there', async () => {
    const { page, close } = await open('/knowledge/NOPE');
    await page.getByText(words.gone).waitFor();
    await button(page, words.back).click();
    await page.getByText(words.choose).waitFor();
    await close();
  });

  test('in English', async () => {
    const { page, complaints, close } = await open('/knowledge', 'dana', 'northpeak', {
      ...WIDE,
      locale: 'en-US',
      timezoneId: 'America/New_York',
    });
    await row(page, 'Which carriers do you use?').or(page.locator('.kb-row')).first().waitFor();
    await page.getByRole('textbox', { name: en.knowledge.search }).fill('carriers');
    await row(page, 'Which carriers do you use?').click();
    await page.getByRole('textbox', { name: en.knowledge.question, exact: true }).waitFor();
    await page.getByRole('button', { name: en.knowledge.tryThis }).click();
    const box = page.getByRole('dialog', { name: en.tryout.title });
    await box.locator('.try-winner').getByText(en.tryout.standing.won).waitFor();
    await expectAccessible(page, 'the page in English');
    await picture(page, 'knowledge-en');
    expect(complaints).toEqual([]);
    await close();
  });

  test('on a phone', async () => {
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
    const { page, complaints, close } = await open('/knowledge', 'xiaotang', 'shanxing', phone);
    await page.locator('.kb-row').first().waitFor();
    await expectFits(page, 'the list at 390 px');
    await expectAccessible(page, 'the list on a phone');
    await page.getByRole('textbox', { name: words.search }).fill('单号发我');
    await row(page, '我的包裹到哪了').tap();
    await question(page).waitFor();
    await expectFits(page, 'an entry at 390 px');
    await expectAccessible(page, 'an entry on a phone');
    await picture(page, 'knowledge-phone');
    await page.getByRole('button', { name: words.tryThis }).click();
    const box = page.getByRole('dialog', { name: zh.tryout.title });
    await box.locator('.try-list').waitFor();
    await expectFits(page, 'the test box at 390 px');
    await expectAccessible(page, 'the test box on a phone');
    await box.locator('.try-list a').nth(2).click();
    await box.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: words.back }).click();
    await page.locator('.kb-row').first().waitFor();
    await page.setViewportSize({ width: 320, height: 568 });
    await expectFits(page, 'the list at 320 px');
    expect(complaints).toEqual([]);
    await close();
  });
});
