// SPDX-License-Identifier: Apache-2.0
//
// The console where jobs are finished, in headless Chromium against the real program: actions on an order with their
// sheets, a second person, the timeline of a case, solutions, work orders, a third person and an agreement with the
// buyer; rules, flows and what could not be delivered; in both languages, by keyboard, on a phone, and by role.
import type { Message } from '@xiaoer/protocol/wire';
import { randomUUID } from 'node:crypto';
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
const WIDE = { viewport: { width: 1440, height: 900 } };
const PHONE = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  deviceScaleFactor: 2,
};
const ENGLISH = { ...WIDE, locale: 'en-US', timezoneId: 'America/New_York' };

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
async function open(path: string, name: string, shop = 'shanxing', options: object = WIDE): Promise<Screen> {
  const staff = await Staff.signIn(server, shop, name, DEMO_PASSWORD);
  const shown = await screen(browser, options);
  const [cookie, value] = staff.cookie.split('=') as [string, string];
  const url = `http://127.0.0.1:${server.port}`;
  await shown.page.context().addCookies([{ name: cookie, value, url, httpOnly: true, sameSite: 'Strict' }]);
  await shown.page.goto(`${url}/console${path}`);
  return shown;
}

/** antd puts a space between the two characters of a short Chinese word on a button. */
const named = (name: string) => new RegExp(`^${name.length === 2 ? [...name].join('\\s*') : name}`);
const button = (within: Page | Locator, name: string) => within.getByRole('button', { name: named(name) });
const dialog = (page: Page, title: string | RegExp) => page.getByRole('dialog', { name: title });
const told = (page: Page, text: string) => page.locator('.ant-message').getByText(text).first().waitFor();

/** A buyer who is with this agent. */
async function served(buyerId: string, agent: Staff, words: string): Promise<{ buyer: Buyer; id: string }> {
  const buyer = await Buyer.open(server, 'shanxing', buyerId);
  const said = await buyer.say(words);
  await buyer.human();
  const answer = await agent.post(`/conversations/${said.conversation}/take`);
  expect([200, 409]).toContain(answer.status);
  await buyer.handler('agent');
  return { buyer, id: said.conversation };
}

const orderPanel = (page: Page, id: string) => page.getByRole('region', { name: zh.order.label.replace('{{id}}', id) });

async function showOrder(page: Page, id: string): Promise<Locator> {
  await page.getByRole('tab', { name: new RegExp(`^${zh.aside.orders}`) }).click();
  const panel = orderPanel(page, id);
  const fold = panel.locator('.order-fold');
  await fold.waitFor();
  if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click();
  await panel.locator('.order-deeds .deed-buttons').waitFor();
  return panel;
}

describe('an agent at the order panel', () => {
  let nanxing: Staff;
  let buyer: Buyer;
  let id: string;
  let shown: Screen;
  let page: Page;

  beforeAll(async () => {
    nanxing = await Staff.online(server, 'shanxing', 'nanxing');
    ({ buyer, id } = await served('B08', nanxing, '我的订单 E10016 怎么还不发货'));
    shown = await open(`/conversations/${id}`, 'nanxing');
    page = shown.page;
  });
  afterAll(async () => {
    expect(shown.complaints).toEqual([]);
    await shown.close();
    await nanxing.close();
    await buyer.close();
  });

  test('sees what may be done with the order, and why the rest may not', async () => {
    const panel = await showOrder(page, 'E10016');
    await button(panel, zh.work.action.order.change_address).waitFor();
    await button(panel, zh.work.action.logistics.urge).waitFor();
    expect(await button(panel.locator('.deed-buttons'), zh.work.action.logistics.intercept).count()).toBe(0);
    await panel.locator('.deed-more').click();
    const off = panel.locator('.deeds-off li').filter({ hasText: zh.work.action.logistics.intercept });
    expect(await off.innerText()).toContain(zh.work.why.status);
    await expectAccessible(page, 'the order panel');
    await picture(page, 'order-panel-zh');
  });

  test('changes the address: old and new are shown first, then it is done once', async () => {
    const panel = orderPanel(page, 'E10016');
    await button(panel, zh.work.action.order.change_address).click();
    const sheet = dialog(page, new RegExp(zh.work.action.order.change_address));
    await sheet.getByLabel(zh.work.field.name).fill('林深');
    await sheet.getByLabel(zh.work.field.phone).fill('13800005678');
    await sheet.getByLabel(zh.work.field.region).fill('浙江省/杭州市/西湖区');
    await sheet.getByLabel(zh.work.field.detail).fill('文三路 2 号');
    await button(sheet, zh.work.look).click();
    await sheet.getByRole('status', { name: zh.work.preview }).waitFor();
    expect(await sheet.locator('.change ins').innerText()).toContain('文三路 2 号');
    await expectAccessible(page, 'the sheet of an action');
    await picture(page, 'action-sheet-zh');
    await button(sheet, zh.work.do).click();
    await sheet.waitFor({ state: 'hidden' });
    await until('the new address', async () => (await panel.locator('.address').innerText()).includes('林'));
    const { done } = await nanxing.get<{
      done: { action: string; status: string }[];
    }>(`/orders/E10016/actions`);
    expect(done.filter((one) => one.action === 'order.change_address')).toMatchObject([{ status: 'done' }]);
  });

  test('is told what is missing and what the rules refuse', async () => {
    const panel = orderPanel(page, 'E10016');
    await button(panel, zh.work.action.order.change_phone).click();
    const sheet = dialog(page, new RegExp(zh.work.action.order.change_phone));
    await sheet.getByLabel(zh.work.field.phone).fill('12');
    await button(sheet, zh.work.look).click();
    await sheet.getByRole('alert').getByText(zh.work.why.bad_value).waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
  });

  test('one wish in two windows is done once', async () => {
    const key = randomUUID();
    const wish = {
      action: 'order.add_note',
      text: '请放门口',
      confirmed: true,
      key,
    };
    const both = await Promise.all([1, 2].map(() => nanxing.post('/orders/E10016/actions', wish)));
    const answers = both.map((one) => (one.json as { answer: string }).answer).sort();
    expect(answers).toEqual(['done', 'same']);
    const { done } = await nanxing.get<{
      done: { action: string; status: string }[];
    }>(`/orders/E10016/actions`);
    expect(done.filter((one) => one.action === 'order.add_note' && one.status === 'done').length).toBe(1);
  });

  test('urges the warehouse: a ticket with a due time stands at the order', async () => {
    const panel = orderPanel(page, 'E10016');
    await button(panel, zh.work.action.logistics.urge).click();
    const sheet = dialog(page, new RegExp(zh.work.action.logistics.urge));
    await button(sheet, zh.work.look).click();
    await button(sheet, zh.work.do).click();
    await sheet.waitFor({ state: 'hidden' });
    await panel.locator('.tickets li').first().waitFor();
    expect(await panel.locator('.tickets').innerText()).toMatch(/W-\d{8}-\d{4}/);
  });

  test('opens a case for a delivered order; its timeline says who, why and by which rule', async () => {
    const panel = await showOrder(page, 'E10017');
    await button(panel, zh.work.action.case.open).click();
    const sheet = dialog(page, new RegExp(zh.work.action.case.open));
    await sheet.getByLabel(zh.work.field.type).click();
    await page.getByTitle(zh.cases.type.return_refund, { exact: true }).click();
    const item = sheet.getByLabel(zh.work.field.sub_order, { exact: true });
    if ((await item.count()) > 0) {
      await item.click();
      await page.locator('.ant-select-item-option').last().click();
    }
    await sheet.getByLabel(zh.work.field.reason).click();
    await page.getByTitle(zh.work.reason.no_reason_7d, { exact: true }).click();
    await sheet.getByText(zh.work.field.receivedYes).click();
    await button(sheet, zh.work.look).click();
    await sheet.getByRole('status', { name: zh.work.preview }).waitFor();
    await button(sheet, zh.work.do).click();
    await sheet.waitFor({ state: 'hidden' });
    await panel.locator('.case-row').first().click();
    const drawer = dialog(page, new RegExp('E10017'));
    await drawer.locator('.case-timeline li').first().waitFor();
    expect(await drawer.innerText()).toContain(zh.cases.event.opened);
    expect(await drawer.locator('.sheet-rules code').count()).toBeGreaterThan(0);
    await drawer.locator('.case-state .pill').first().waitFor();
    await expectAccessible(page, 'the timeline of a case');
    await picture(page, 'case-zh');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
  });

  test('gets ranked solutions with reasons; the one that is taken is counted', async () => {
    await page.getByRole('tab', { name: zh.aside.assist }).click();
    const first = page.locator('.solution').first();
    await first.waitFor();
    expect(await first.innerText()).toContain('催仓库发货');
    await button(first, zh.solutions.words).click();
    await until('the words in the composer', async () =>
      (await page.getByRole('textbox', { name: zh.composer.replyLabel }).inputValue()).includes('E10016'),
    );
    const { items } = await nanxing.get<{
      items: { id: string; used: number }[];
    }>('/solutions');
    await until('the use', async () => {
      const table = await nanxing.get<typeof items extends never ? never : { items: typeof items }>('/solutions');
      return table.items.find((one) => one.id === 'urge_warehouse')?.used === 1;
    });
    await picture(page, 'solutions-block-zh');
  });

  test('gives the warehouse a task out of the conversation', async () => {
    await button(page.locator('.chat-head'), zh.chat.more).click();
    await page.getByRole('menuitem', { name: zh.orders.new }).click();
    const form = dialog(page, zh.orders.new);
    await form.getByLabel(zh.orders.text).fill('核对 E10016 的库存位置');
    await button(form, zh.orders.submit).click();
    await form.waitFor({ state: 'hidden' });
    await told(page, 'W-');
  });

  test('by keyboard: the orders, a colleague, an agreement, a work order', async () => {
    await page.keyboard.press('Alt+r');
    await orderPanel(page, 'E10016').waitFor();
    for (const [key, title] of [
      ['Alt+g', zh.orders.new],
      ['Alt+i', zh.party.invite],
      ['Alt+y', zh.agreement.title],
    ] as const) {
      await page.keyboard.press(key);
      await dialog(page, title).waitFor();
      await page.keyboard.press('Escape');
      await dialog(page, title).waitFor({ state: 'hidden' });
    }
  });
});

describe('a second person', () => {
  test('is asked above the limit, sees the badge, and says yes once', async () => {
    const agent = await Staff.online(server, 'shanxing', 'bailu');
    const wish = {
      action: 'goodwill.give',
      amount_cents: 3000,
      text: '延误',
      confirmed: true,
      key: randomUUID(),
    };
    const asked = await agent.post('/orders/E10024/actions', wish);
    expect(asked.json).toMatchObject({ answer: 'needs_second' });

    const { page, complaints, close } = await open('/conversations', 'xiaohe');
    const rail = page.getByRole('navigation', { name: zh.nav.label });
    await rail.locator('.badge').first().waitFor();
    await rail.getByRole('link', { name: zh.nav.tasks }).click();
    const row = page.locator('.row-card').filter({ hasText: 'E10024' });
    await row.waitFor();
    expect(await row.innerText()).toContain('30');
    await expectAccessible(page, 'what waits for a second person');
    await picture(page, 'approvals-zh');
    await button(row, zh.approvals.approve).click();
    await row.waitFor({ state: 'detached' });
    const { done } = await agent.get<{
      done: { action: string; status: string }[];
    }>('/orders/E10024/actions');
    expect(done.find((one) => one.action === 'goodwill.give')?.status).toBe('done');
    expect(complaints).toEqual([]);
    await close();
    await agent.close();
  });

  test('nobody is the second person of their own request; a rejection has a reason', async () => {
    const leader = await Staff.signIn(server, 'shanxing', 'qinghe', DEMO_PASSWORD);
    const agent = await Staff.signIn(server, 'shanxing', 'bailu', DEMO_PASSWORD);
    const wish = {
      action: 'goodwill.give',
      amount_cents: 2500,
      confirmed: true,
      key: randomUUID(),
    };
    const asked = (await agent.post('/orders/E10025/actions', wish)).json as {
      id: string;
      answer: string;
    };
    expect(asked.answer).toBe('needs_second');
    expect((await agent.post(`/actions/${asked.id}/approve`)).status).toBe(403);
    const { page, close } = await open('/tasks/approvals', 'qinghe');
    const row = page.locator('.row-card').filter({ hasText: 'E10025' });
    await button(row, zh.approvals.reject).click();
    const form = dialog(page, zh.approvals.rejectTitle);
    await form.getByLabel(zh.approvals.reason).fill('先核实物流');
    await button(form, zh.approvals.reject).click();
    await row.waitFor({ state: 'detached' });
    await close();
    expect((await leader.post(`/actions/${asked.id}/approve`)).status).toBe(409);
  });
});

describe('three people in a conversation', () => {
  test('a colleague is asked in, joins, speaks; the buyer reads who; an agreement is made and kept', async () => {
    const agent = await Staff.online(server, 'shanxing', 'bailu');
    const { buyer, id } = await served('B09', agent, '裤子想改短一点可以吗');
    const lead = await open(`/conversations/${id}`, 'bailu');
    await button(lead.page.locator('.chat-head'), zh.chat.more).click();
    await lead.page.getByRole('menuitem', { name: zh.party.invite }).click();
    const form = dialog(lead.page, zh.party.invite);
    await form.getByLabel(zh.party.person).fill('知秋');
    await lead.page.locator('.ant-select-item-option').first().click();
    await form.getByLabel(zh.party.team).fill('工坊');
    await form.getByLabel(zh.party.note).fill('买家想改短裤脚');
    await expectAccessible(lead.page, 'asking a colleague in');
    await button(form, zh.party.submit).click();
    await form.waitFor({ state: 'hidden' });
    await lead.page.locator('.party-chips').getByText(zh.party.invited).waitFor();

    const guest = await open('/tasks/invitations', 'zhiqiu');
    await button(guest.page.locator('.row-card'), zh.orders.openConversation).click();
    await button(guest.page, zh.party.join).click();
    const words = guest.page.getByRole('textbox', { name: zh.party.write });
    await words.fill('裤脚可以改短 3 厘米,两天做好。');
    await words.press('Enter');
    const heard = (text: string) => until(`"${text}"`, () => buyer.messages.find((one) => one.text.includes(text)));
    await heard('知秋');
    expect((await heard('裤脚可以改短')).author.name).toContain('工坊');
    await expectAccessible(guest.page, 'a guest in a conversation');

    await button(lead.page.locator('.chat-head'), zh.chat.more).click();
    await lead.page.getByRole('menuitem', { name: zh.agreement.title }).click();
    const proposal = dialog(lead.page, zh.agreement.title);
    await proposal.getByLabel(zh.agreement.text).fill('裤脚改短 3 厘米,免费寄回');
    const due = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 16);
    await proposal.getByLabel(zh.agreement.due).fill(due);
    await proposal.getByLabel(/补偿金额/).fill('5');
    await expectAccessible(lead.page, 'proposing an agreement');
    await button(proposal, zh.agreement.submit).click();
    await proposal.waitFor({ state: 'hidden' });
    const card = (await heard('裤脚改短 3 厘米')) as Message;
    const yes = card.choices!.find((one) => one.agree)!;
    await picture(lead.page, 'party-zh');
    await buyer.say(yes.label, { choice: yes });
    await heard('约定已达成');
    const bar = lead.page.locator('.agreement-bar');
    await bar.getByText(zh.agreement.state.agreed).waitFor();
    await buyer.say(yes.label, { choice: yes }); // the other window
    await heard('不能再确认');
    await expectAccessible(lead.page, 'a conversation with an agreement');
    await picture(lead.page, 'agreement-zh');
    await button(bar, zh.agreement.keep).click();
    await button(lead.page.locator('.ant-popconfirm'), zh.agreement.keep).click();
    await bar.waitFor({ state: 'detached' });
    await heard('约定已完成');
    expect([...lead.complaints, ...guest.complaints]).toEqual([]);
    await guest.close();
    await lead.close();
    await agent.close();
    await buyer.close();
  });

  test('more than the role may promise is refused, in words', async () => {
    const agent = await Staff.online(server, 'shanxing', 'nanxing');
    const { buyer, id } = await served('B10', agent, '能补偿我吗');
    const body = {
      client_id: randomUUID(),
      text: '补偿',
      due_at: new Date(Date.now() + 86_400_000).toISOString(),
    };
    const answer = await agent.post(`/conversations/${id}/agreements`, {
      ...body,
      amount_cents: 1001,
    });
    expect(answer.status).toBe(422);
    expect((answer.json as { code: string }).code).toBe('over_limit');
    await agent.close();
    await buyer.close();
  });
});

describe('tasks', () => {
  test('open cases by deadline, and a work order from taken to done', async () => {
    const { page, complaints, close } = await open('/tasks/cases', 'nanxing');
    await page.getByRole('button', { name: zh.cases.side.all }).click();
    await page.locator('.case-wide').first().waitFor();
    await expectAccessible(page, 'the list of cases');
    await picture(page, 'cases-zh');
    await page
      .getByRole('navigation', { name: zh.tasks.title })
      .getByRole('link', { name: zh.tasks.section['work-orders'] })
      .click();
    const row = page.locator('.row-button').filter({ hasText: '核对 E10016' });
    await row.waitFor();
    await expectAccessible(page, 'work orders');
    await picture(page, 'work-orders-zh');
    await row.click();
    const drawer = dialog(page, /W-/);
    await button(drawer, zh.orders.take).click();
    await drawer.getByText(zh.orders.state.taken).first().waitFor();
    await drawer.getByRole('textbox', { name: zh.orders.say }).fill('在 3 号仓,今天发');
    await button(drawer, zh.orders.answer).click();
    await drawer.getByText('在 3 号仓,今天发').first().waitFor();
    await expectAccessible(page, 'a work order');
    await button(drawer, zh.orders.done).click();
    await drawer.getByText(zh.orders.state.done).first().waitFor();
    expect(complaints).toEqual([]);
    await close();
  });
});

describe('rules', () => {
  test('a version from a day to come, with what it would touch; none for what was ordered before', async () => {
    const { page, complaints, close } = await open('/rules/policies', 'laocheng');
    await page.locator('.policy').first().waitFor();
    await expectAccessible(page, 'the rules');
    await picture(page, 'policies-zh');
    await page.getByRole('textbox', { name: zh.policies.search }).fill('return.buyer_send');
    const rule = page.locator('.policy').filter({ has: page.getByText('return.buyer_send', { exact: true }) });
    await until('few rules', async () => (await page.locator('.policy').count()) < 4);
    await rule.locator('.policy-fold').click();
    await rule.locator('.policy-versions li').first().waitFor();
    await button(rule, zh.policies.change).click();
    const form = dialog(page, zh.policies.changeTitle);
    await form.getByLabel(zh.policies.newValue).first().fill('10');
    await form.getByLabel(zh.policies.touchedTitle).waitFor();
    await form.getByText(zh.policies.shortNotice).waitFor();
    expect(await form.getByLabel(zh.policies.touchedTitle).innerText()).toContain(
      zh.policies.touched.replace('{{count}}', '0'),
    );
    await expectAccessible(page, 'changing a rule');
    await picture(page, 'policy-change-zh');
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 16);
    await form.getByLabel(zh.policies.begins).fill(yesterday);
    await form.getByText(zh.policies.tooSoon).waitFor();
    expect(await button(form, zh.policies.save).isDisabled()).toBe(true);
    const later = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 16);
    await form.getByLabel(zh.policies.begins).fill(later);
    await form.getByText(zh.policies.shortNotice).waitFor({ state: 'detached' });
    await button(form, zh.policies.save).click();
    await form.waitFor({ state: 'hidden' });
    await rule.getByText(zh.policies.toCome).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('a kill switch stops an action at once, and lets it again', async () => {
    const agent = await Staff.signIn(server, 'shanxing', 'nanxing', DEMO_PASSWORD);
    const may = async () => {
      const { items } = await agent.get<{
        items: { action: string; may: boolean; why: string | null }[];
      }>('/orders/E10029/actions');
      return items.find((one) => one.action === 'order.change_address')!;
    };
    expect((await may()).may).toBe(true);
    const { page, complaints, close } = await open('/rules/policies', 'laocheng');
    const flip = page.locator('.kill').getByRole('switch', { name: zh.work.action.order.change_address });
    await flip.click();
    await button(page.locator('.ant-modal-confirm'), zh.policies.kill.off).click();
    await until('the switch', async () => (await may()).why === 'switched_off');
    await page.locator('.kill-off').waitFor();
    await flip.click();
    await button(page.locator('.ant-modal-confirm').last(), zh.policies.kill.on).click();
    await until('the switch', async () => (await may()).may);
    expect(complaints).toEqual([]);
    await close();
  });

  test('a flow: its words changed, placeholders checked, tried, published, taken back', async () => {
    const { page, complaints, close } = await open('/rules/flows', 'xiaotang');
    await page.locator('.flow-row').first().waitFor();
    await page.locator('.flow-row[href$="/order_cancel"]').click();
    await page.locator('.picture .node').first().waitFor();
    await expectAccessible(page, 'a task flow');
    await picture(page, 'flow-zh');
    const text = page.locator('.flow-texts li').filter({ hasText: 'flow.cancel.shipped' });
    const chinese = text.locator('textarea[lang="zh"]');
    const before = await chinese.inputValue();
    await chinese.fill(`${before} {nonsense}`);
    await page.locator('.form-error').filter({ hasText: '{nonsense}' }).waitFor();
    expect(await button(page, zh.flows.keep).isDisabled()).toBe(true);
    await chinese.fill(`亲,${before}`);
    await button(page, zh.flows.keep).click();
    await page.getByText(zh.flows.isDraft).waitFor();
    await button(page, zh.flows.try).click();
    const box = dialog(page, zh.tryout.title);
    await box.getByRole('textbox', { name: zh.tryout.text }).fill('取消订单');
    await box.getByRole('textbox', { name: zh.tryout.text }).press('Enter');
    await box.locator('.bot-bubble').first().waitFor();
    await box.locator('.ant-drawer-close').click();
    await button(page.locator('.flow-deeds'), zh.flows.publish).click();
    await button(page.locator('.ant-popconfirm'), zh.flows.publish).click();
    await page.getByText(zh.flows.isOwn).waitFor();
    await button(page.locator('.flow-deeds'), zh.flows.back).click();
    await button(page.locator('.ant-popconfirm'), zh.flows.back).click();
    await page.getByText(zh.flows.isShipped).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('the table of solutions: one is changed and had back', async () => {
    const { page, complaints, close } = await open('/rules/solutions', 'xiaotang');
    const row = page.locator('.solution-row').filter({ hasText: '登记开票' });
    await row.waitFor();
    await expectAccessible(page, 'the table of solutions');
    await picture(page, 'solutions-zh');
    await button(row, zh.solutions.edit.replace('{{title}}', '登记开票')).click();
    const form = dialog(page, zh.solutions.editTitle);
    await form.getByLabel(zh.solutions.name, { exact: true }).fill('登记开票给财务');
    await expectAccessible(page, 'changing a solution');
    await button(form, zh.canned.save).click();
    await form.waitFor({ state: 'hidden' });
    const own = page.locator('.solution-row').filter({ hasText: '登记开票给财务' });
    await own.getByText(zh.solutions.own, { exact: true }).waitFor();
    await button(own, zh.solutions.dropOne.replace('{{title}}', '登记开票给财务')).click();
    await button(page.locator('.ant-popconfirm'), zh.solutions.drop).click();
    await own.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
    await close();
  });

  test('what could not be delivered', async () => {
    const { page, complaints, close } = await open('/rules/outbox', 'laocheng');
    await page.getByText(zh.outbox.none.dead).waitFor();
    await expectAccessible(page, 'nothing failed');
    await page.getByRole('button', { name: zh.outbox.state.sent }).click();
    await page.getByRole('list', { name: zh.outbox.title }).or(page.getByText(zh.outbox.none.sent)).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });
});

describe('others', () => {
  test('an agent finds no approvals, flows or deliveries; a trainer no tasks', async () => {
    const agent = await open('/rules/outbox', 'nanxing');
    await agent.page.locator('.policy').first().waitFor();
    expect(agent.page.url()).toContain('/rules/policies');
    expect(
      await agent.page.getByRole('navigation', { name: zh.rules.title }).getByRole('link').allInnerTexts(),
    ).toEqual([zh.rules.section.policies, zh.rules.section.solutions]);
    expect(await button(agent.page.locator('.policy').first(), zh.policies.change).count()).toBe(0);
    await agent.page.goto(`http://127.0.0.1:${server.port}/console/tasks/approvals`);
    await agent.page.getByRole('heading', { name: zh.cases.title }).waitFor();
    await agent.close();
    const trainer = await open('/rules/flows', 'xiaotang');
    await trainer.page.locator('.flow-row').first().waitFor();
    const rail = trainer.page.getByRole('navigation', { name: zh.nav.label });
    expect(await rail.getByRole('link', { name: zh.nav.tasks }).count()).toBe(0);
    await trainer.close();
  });

  test('the workbench in English', async () => {
    const priya = await Staff.online(server, 'northpeak', 'priya');
    const buyer = await Buyer.open(server, 'northpeak', 'C02');
    const said = await buyer.say('Why has my order N20006 not been shipped yet?');
    await buyer.human();
    await priya.post(`/conversations/${said.conversation}/take`);
    await buyer.handler('agent');
    const { page, complaints, close } = await open(
      `/conversations/${said.conversation}`,
      'priya',
      'northpeak',
      ENGLISH,
    );
    await page.locator('.solution').first().waitFor();
    await expectAccessible(page, 'solutions in English');
    await picture(page, 'solutions-block-en');
    await page.getByRole('tab', { name: new RegExp(`^${en.aside.orders}`) }).click();
    await page.locator('.order-deeds .deed-buttons').first().waitFor();
    await expectAccessible(page, 'the order panel in English');
    await picture(page, 'order-panel-en');
    expect(complaints).toEqual([]);
    await close();
    await priya.close();
    await buyer.close();
  });

  test('in English', async () => {
    const { page, complaints, close } = await open('/rules/policies', 'dana', 'northpeak', ENGLISH);
    await page.locator('.policy').first().waitFor();
    await expectAccessible(page, 'the rules in English');
    await picture(page, 'policies-en');
    await page.getByRole('link', { name: en.rules.section.flows }).click();
    await page.locator('.flow-row[href$="/order_cancel"]').click();
    await page.locator('.picture .node').first().waitFor();
    await expectAccessible(page, 'a flow in English');
    await picture(page, 'flow-en');
    await page.getByRole('link', { name: en.rules.section.solutions }).click();
    await page.locator('.solution-row').first().waitFor();
    await picture(page, 'solutions-en');
    expect(complaints).toEqual([]);
    await close();
  });

  test('on a phone', async () => {
    const { page, complaints, close } = await open('/tasks/cases', 'xiaohe', 'shanxing', PHONE);
    await page.getByRole('button', { name: zh.cases.side.all }).click();
    await page.locator('.case-wide').first().waitFor();
    await expectFits(page, 'cases at 390 px');
    await expectAccessible(page, 'cases on a phone');
    await page.locator('.case-wide').first().click();
    await page.locator('.case-timeline li').first().waitFor();
    await expectFits(page, 'a case at 390 px');
    await expectAccessible(page, 'a case on a phone');
    await picture(page, 'case-phone');
    await page.goto(`http://127.0.0.1:${server.port}/console/rules/policies`);
    await page.locator('.policy').first().waitFor();
    await expectFits(page, 'rules at 390 px');
    await expectAccessible(page, 'rules on a phone');
    await picture(page, 'policies-phone');
    await page.setViewportSize({ width: 320, height: 568 });
    await expectFits(page, 'rules at 320 px');
    await page.goto(`http://127.0.0.1:${server.port}/console/rules/flows/order_cancel`);
    await page.locator('.picture .node').first().waitFor();
    await expectFits(page, 'a flow at 320 px');
    expect(complaints).toEqual([]);
    await close();
  });
});
