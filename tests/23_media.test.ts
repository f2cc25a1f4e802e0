// SPDX-License-Identifier: Apache-2.0
//
// Photos as evidence, forms and case cards: over the wire with the real program, and on the screens of both sides in Chromium.
// SCREENSHOTS=1 writes the pictures into docs/screenshots/.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Message, Upload } from '@xiaoer/protocol/wire';
import { expectAccessible, expectFits, launch, picture, screen, type Screen } from './lib/browser.ts';
import { Buyer } from './lib/buyer.ts';
import { http, type Ask } from './lib/http.ts';
import { copyOf, drop, folder, run, until } from './lib/program.ts';
import { Server } from './lib/server.ts';
import { file } from './lib/shop.ts';
import { DEMO_PASSWORD, Staff } from './lib/staff.ts';
import consoleZh from '../web/console/src/i18n/zh-CN.json' with { type: 'json' };
import { en } from '../web/widget/src/i18n/en.ts';
import { zhCN as zh, type Dict } from '../web/widget/src/i18n/zh-CN.ts';

// ---- a photo made by hand: 4 x 2 points, lying on its side, with a place in it

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((p) => (typeof p === 'string' ? Buffer.from(p, 'latin1') : Buffer.from(p))));
const EXIF = bytes(
  [0xff, 0xe1, 0, 0x29],
  'Exif\0\0II*\0\x08\0\0\0',
  [1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0],
  'GPS 31N',
);
const PHOTO = Buffer.concat([
  bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16], 'JFIF\0', [1, 1, 0, 0, 1, 0, 1, 0, 0]),
  EXIF,
  bytes([0xff, 0xc0, 0, 11, 8, 0, 2, 0, 4, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0x3f, 0, 0x12, 0x34, 0xff, 0xd9]),
]);
const PDF = Buffer.from('%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n');

const upload = (buyer: Buyer, body: Buffer, headers: Record<string, string> = {}) =>
  buyer.api('/uploads', { method: 'POST', body, headers: { 'Content-Type': 'application/octet-stream', ...headers } });
const bytesOf = (server: Server, id: string, by: Ask) => http(server.port, `/api/v1/uploads/${id}`, by);
const AGENT = 'xiaohe';
/** The files below DATA/uploads, as paths. */
const filesOf = (data: string) =>
  (readdirSync(join(data, 'uploads'), { recursive: true }) as string[])
    .map((name) => join(data, 'uploads', name))
    .filter((path) => statSync(path).isFile());

describe('over the wire', () => {
  let server: Server;
  let buyer: Buyer;
  let other: Buyer;
  let agent: Staff;

  beforeAll(async () => {
    server = await Server.demo();
    buyer = await Buyer.open(server, 'shanxing', 'B01');
    other = await Buyer.open(server, 'shanxing', 'B02');
    agent = await Staff.signIn(server, 'shanxing', AGENT);
  });
  afterAll(async () => {
    await Promise.all([buyer.close(), other.close()]);
    await server.stop();
    const checked = run(['check', '--data', server.data]);
    expect(checked.code, checked.out).toBe(0);
    await server.close();
  });

  test('a photo is told by its bytes, and comes back without what it says of its maker', async () => {
    const sent = await upload(buyer, PHOTO, { 'Content-Type': 'text/html' });
    expect(sent.status, sent.text).toBe(201);
    expect(sent.json).toMatchObject({ kind: 'image', type: 'image/jpeg', width: 2, height: 4 });
    const { id } = sent.json as Upload;
    const back = await bytesOf(server, id, { token: buyer.session.token });
    expect(back.status).toBe(200);
    expect(back.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=31536000, immutable',
    });
    expect(back.headers['content-security-policy']).toContain('sandbox');
    expect(back.text).not.toContain('GPS');
    expect(back.text).toContain('Exif'); // the turn alone
    // At rest nobody reads it.
    expect(filesOf(server.data).some((path) => statSync(path).mode & 0o077)).toBe(false);
  });

  test.each([
    ['a page', Buffer.from('<html><script>alert(1)</script>'), 415, 'bad_type'],
    ['a drawing that can run', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 415, 'bad_type'],
    ['nothing', Buffer.from(''), 415, 'bad_type'],
    ['half a photo', PHOTO.subarray(0, 70), 422, 'broken_file'],
    ['too many bytes', Buffer.concat([PDF, Buffer.alloc(10 * 1024 * 1024)]), 413, 'too_large'],
  ])('%s is refused', async (_, body, status, code) => {
    const answer = await upload(buyer, body);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
  });

  test('a stranger may not send, and the server does not even collect it', async () => {
    const answer = await http(server.port, '/api/v1/widget/uploads', { method: 'POST', body: PHOTO, token: 'b1.x.y' });
    expect([answer.status, answer.json.code]).toEqual([401, 'not_signed_in']);
    const { cookie } = agent;
    const staff = await http(server.port, '/api/v1/widget/uploads', { method: 'POST', body: PHOTO, cookie });
    expect(staff.status).toBe(403);
  });

  test('the same key stores it once', async () => {
    const key = { 'Idempotency-Key': 'one-photo' };
    const [first, again] = [await upload(buyer, PHOTO, key), await upload(buyer, PHOTO, key)];
    expect(again.json.id).toBe(first.json.id);
    const changed = Buffer.from(PHOTO);
    changed[changed.length - 3] = 0x35; // behind many a zero byte
    const another = await upload(buyer, changed, key);
    expect([another.status, another.json.code]).toEqual([409, 'key_reused']);
  });

  test('only its buyer shows it; the shop sees it when a message does', async () => {
    const { id } = (await upload(buyer, PHOTO)).json as Upload;
    expect((await bytesOf(server, id, { token: other.session.token })).status).toBe(404);
    expect((await bytesOf(server, id, { cookie: agent.cookie })).status).toBe(404);
    expect(await other.try({ kind: 'image', upload: id })).toMatchObject({ type: 'error', code: 'not_found' });
    const sent = await buyer.try({ kind: 'image', upload: id });
    expect(sent).toMatchObject({ type: 'ack' });
    expect((await bytesOf(server, id, { cookie: agent.cookie })).status).toBe(200);
    expect((await bytesOf(server, id, { token: other.session.token })).status).toBe(404);
    const stored = (await buyer.history()).find((m) => m.image?.id === id)!;
    expect(stored).toMatchObject({ kind: 'image', text: '', image: { type: 'image/jpeg', width: 2, height: 4 } });
    await until('an answer of the bot', () => buyer.messages.some((m) => m.author.kind === 'bot'));
  });

  test('a document, and a message without a socket', async () => {
    const paper = (await upload(other, PDF)).json as Upload;
    expect(paper).toMatchObject({ kind: 'file', type: 'application/pdf', width: 0 });
    const body = { client_id: 'paper', kind: 'image', upload: paper.id };
    const first = await other.api('/messages', { method: 'POST', body });
    const again = await other.api('/messages', { method: 'POST', body });
    expect([first.status, again.status, again.json.seq]).toEqual([201, 200, first.json.seq]);
    expect((await other.history()).filter((m) => m.kind === 'file')).toHaveLength(1);
  });

  test('one buyer may send sixty an hour', async () => {
    const many = await Buyer.open(server, 'shanxing', 'B09');
    const answers = [];
    for (let i = 0; i < 61; i++) answers.push((await upload(many, PHOTO)).status);
    expect(answers.slice(0, 60).every((status) => status === 201)).toBe(true);
    expect(answers[60]).toBe(429);
    await many.close();
  }, 60_000);

  test('sixteen at a time: the next one is asked to come again, and nobody else waits', async () => {
    const slow = Array.from({ length: 16 }, () => {
      const rq = request({
        port: server.port,
        host: '127.0.0.1',
        path: '/api/v1/widget/uploads',
        method: 'POST',
        agent: false,
        headers: { Authorization: `Bearer ${buyer.session.token}`, 'Content-Length': '5000000' },
      });
      rq.on('error', () => {});
      rq.write(PHOTO);
      return rq;
    });
    const busy = await until('a full house', async () => {
      const answer = await upload(buyer, PHOTO);
      return answer.status === 503 ? answer : null;
    });
    expect([busy.json.code, busy.headers['retry-after']]).toEqual(['busy', '2']);
    expect((await buyer.ask('你好')).length).toBeGreaterThan(0);
    for (const rq of slow) rq.destroy();
    await until('room again', async () => (await upload(buyer, PHOTO)).status === 201);
  });

  test('what is filled in is stored nowhere', async () => {
    const phone = '13912345678';
    const asked = await other.ask('帮我改一下收货地址');
    const form = asked.map((m) => m.form).find(Boolean)!;
    expect(form.fields.map((f) => f.name)).toEqual(expect.arrayContaining(['phone', 'region', 'detail']));
    const values = { name: '赵钱孙', phone: '12', region: '浙江省/杭州市/西湖区', detail: '文三路 99 号 3 单元 501' };
    const fill = (more: object) => other.try({ kind: 'form', form: { id: form.id, values: { ...values, ...more } } });
    expect(await fill({})).toMatchObject({ type: 'error', code: 'bad_form', field: 'phone' });
    expect(await fill({ phone, amount_cents: '1' })).toMatchObject({ code: 'bad_form', field: 'amount_cents' });
    expect(await fill({ phone })).toMatchObject({ type: 'ack' });
    expect(await fill({ phone })).toMatchObject({ type: 'error', code: 'form_over' });
    const stored = (await other.history()).find((m) => m.form_answer)!;
    expect(stored.text).toContain('139****5678');
    expect(JSON.stringify(stored)).not.toContain(phone);
    await until('the bot goes on', () => other.messages.some((m) => m.seq > stored.seq && m.author.kind === 'bot'));
    await server.stop();
    for (const name of ['xiaoer.db', 'xiaoer.db-wal']) {
      if (!existsSync(join(server.data, name))) continue;
      const raw = readFileSync(join(server.data, name));
      for (const secret of [phone, '赵钱孙', '文三路 99 号']) expect(raw.includes(Buffer.from(secret)), secret).toBe(false);
    }
    await server.start();
    await Promise.all([buyer.reconnect(), other.reconnect()]);
  });
});

describe('on the terminal, and on the disk', () => {
  let data: string;
  let photo: string;
  beforeAll(() => {
    data = copyOf(inject('demoData'), 'media');
    photo = file('photo.jpg', PHOTO);
    return () => drop(data);
  });
  const chat = (...lines: string[]) => {
    const done = run(['chat', '--shop', 'shanxing', '--buyer', 'B01', '--json', '--data', data], {
      input: lines.join('\n') + '\n',
    });
    expect(done.code, done.err).toBe(0);
    return done.lines as { turn: number; refused?: string; messages: Message[] }[];
  };

  test('/image and /form', () => {
    const [shown, bad, none, over] = chat(`/image ${photo}`, `/image ${file('a.txt', 'no')}`, '/image /nowhere', '/form {}');
    expect(shown!.messages[0]!.text).toBeTruthy();
    expect([bad, none, over].map((turn) => turn!.refused)).toEqual(['bad_type', 'no_such_file', 'form_over']);
  });

  test('a backup holds the files, and a restore brings them back', () => {
    const [before] = filesOf(data);
    const backup = join(folder('backup'), 'all.bak');
    expect(run(['backup', backup, '--data', data]).code).toBe(0);
    const to = join(folder('restored'), 'data');
    expect(run(['restore', backup, '--data', to]).code).toBe(0);
    const [after] = filesOf(to);
    expect(after!.slice(to.length)).toBe(before!.slice(data.length));
    expect(statSync(after!).size).toBe(statSync(before!).size);
    const checked = run(['check', '--data', to]);
    expect(checked.code, checked.out).toBe(0);
  });

  test('check finds a file that is cut, one that is gone, and one that is nobody’s', () => {
    const [path] = filesOf(data);
    const breaches = () => run(['check', '--data', data]).out;
    const size = statSync(path!).size;
    truncateSync(path!, size - 1);
    expect(breaches()).toContain('its file has another size');
    rmSync(path!);
    expect(breaches()).toContain('its file is missing');
    const stray = path!.replace(/[^/]+\/[^/]+$/, '01/4194305'); // an id of long ago
    mkdirSync(join(stray, '..'), { recursive: true });
    writeFileSync(stray, 'x');
    expect(breaches()).toContain('upload 4194305: a file that no row knows');
  });
});

// ---- the screens ---------------------------------------------------------------------------------------------------

const BESIDE = { x: 640, y: 0, width: 640, height: 800 };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

/** A photo as a phone makes one: a torn sleeve, drawn, 3000 x 2250 points. */
async function drawn(page: Page, hue: number): Promise<Buffer> {
  const url = await page.evaluate((h) => {
    const c = document.createElement('canvas');
    [c.width, c.height] = [3000, 2250];
    const pen = c.getContext('2d')!;
    const sky = pen.createLinearGradient(0, 0, 3000, 2250);
    sky.addColorStop(0, `hsl(${h} 32% 62%)`);
    sky.addColorStop(1, `hsl(${h + 24} 36% 40%)`);
    pen.fillStyle = sky;
    pen.fillRect(0, 0, 3000, 2250);
    for (let i = 0; i < 900; i++) {
      pen.fillStyle = `hsl(${h} 20% ${30 + ((i * 37) % 40)}% / 0.12)`;
      pen.fillRect((i * 331) % 3000, (i * 197) % 2250, 260, 3);
    }
    pen.strokeStyle = '#f5efe4';
    pen.lineWidth = 60;
    pen.beginPath();
    pen.moveTo(700, 600);
    for (let i = 1; i < 14; i++) pen.lineTo(700 + i * 120, 600 + i * 80 + (i % 2 ? 90 : -60));
    pen.stroke();
    pen.strokeStyle = '#1f1a17';
    pen.lineWidth = 18;
    pen.stroke();
    return c.toDataURL('image/jpeg', 0.92);
  }, hue);
  return Buffer.from(url.split(',')[1]!, 'base64');
}

describe('on the screens', () => {
  let server: Server;
  let browser: Browser;
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

  const composer = (widget: FrameLocator | Page, words: Dict) => widget.getByRole('textbox', { name: words['compose.label'] });
  async function say(widget: FrameLocator | Page, words: Dict, text: string): Promise<void> {
    await composer(widget, words).fill(text);
    await widget.getByRole('button', { name: words['compose.send'], exact: true }).click();
  }
  const token = async (shop: string, buyer: string) =>
    ((await server.http(`/demo/token?shop=${shop}&buyer=${buyer}`)).json as { token: string }).token;
  /** The widget on a page of its own, as an app shows it. */
  const alone = async (page: Page, shop: string, buyer: string, locale: string) => {
    await page.goto(url(`/widget/?channel=${shop}&standalone=1&locale=${locale}#token=${await token(shop, buyer)}`));
    await page.getByRole('log').waitFor();
  };

  describe('a computer, in Chinese', () => {
    let buyer: Screen;
    let widget: FrameLocator;
    beforeAll(async () => {
      buyer = await screen(browser);
    });
    afterAll(async () => {
      expect(buyer.complaints).toEqual([]);
      await buyer.close();
    });

    test('a photo is chosen, goes, and stands in the talk', async () => {
      await buyer.page.goto(url('/demo/?shop=shanxing&buyer=B01'));
      await buyer.page.locator('#xiaoer-cs button').click();
      widget = buyer.page.frameLocator('#xiaoer-cs iframe');
      await widget.getByRole('log').waitFor();
      const files = [
        { name: '1.jpg', mimeType: 'image/jpeg', buffer: await drawn(buyer.page, 210) },
        { name: '2.jpg', mimeType: 'image/jpeg', buffer: await drawn(buyer.page, 20) },
      ];
      const [chooser] = await Promise.all([
        buyer.page.waitForEvent('filechooser'),
        widget.getByRole('button', { name: zh['compose.photo'], exact: true }).click(),
      ]);
      await chooser.setFiles(files);
      const photos = widget.getByRole('button', { name: zh['photo.enlarge'] });
      await until('both photos', async () => (await photos.count()) === 2);
      await until('both sent', async () => (await widget.getByRole('progressbar').count()) === 0);
      await widget.getByText(zh['msg.read']).or(widget.getByText(zh['msg.sent'])).first().waitFor();
      const guest = await Buyer.open(server, 'shanxing', 'B01');
      const shown = (await guest.history()).filter((m) => m.image).map((m) => m.image!);
      await guest.close();
      expect(shown).toHaveLength(2);
      expect([shown[0]!.width, shown[0]!.height]).toEqual([2048, 1536]); // made smaller on the way
      await expectAccessible(buyer.page, 'photos in the talk');
      await picture(buyer.page, 'widget-photo', BESIDE);
    });

    test('it is enlarged, and the arrows go to the other', async () => {
      await widget.getByRole('button', { name: zh['photo.enlarge'] }).first().click();
      const sheet = widget.getByRole('dialog', { name: zh.photo });
      await sheet.getByRole('img').waitFor();
      await expectAccessible(buyer.page, 'the large photo');
      await picture(buyer.page, 'widget-photo-large', BESIDE);
      await sheet.getByRole('button', { name: zh['photo.next'] }).click();
      await sheet.getByRole('img', { name: zh['photo.at'].replace('{n}', '2').replace('{of}', '2') }).waitFor();
      await buyer.page.keyboard.press('Escape');
      await until('it is put away', async () => (await sheet.count()) === 0);
    });

    test('one that is pasted, and one that is dropped', async () => {
      const count = () => widget.getByRole('button', { name: zh['photo.enlarge'] }).count();
      const before = await count();
      const data = PNG.toString('base64');
      for (const kind of ['paste', 'drop'])
        await composer(widget, zh).evaluate(
          (field, [how, text]) => {
            const raw = Uint8Array.from(atob(text!), (c) => c.charCodeAt(0));
            const carried = new DataTransfer();
            carried.items.add(new File([raw], 'p.png', { type: 'image/png' }));
            if (how === 'paste')
              return void field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: carried, bubbles: true, cancelable: true }));
            for (const name of ['dragenter', 'dragover', 'drop'])
              field.dispatchEvent(new DragEvent(name, { dataTransfer: carried, bubbles: true, cancelable: true }));
          },
          [kind, data],
        );
      await until('two more', async () => (await count()) === before + 2);
    });

    test('what is no photo is refused in words', async () => {
      const [chooser] = await Promise.all([
        buyer.page.waitForEvent('filechooser'),
        widget.getByRole('button', { name: zh['compose.photo'], exact: true }).click(),
      ]);
      await chooser.setFiles([{ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('no') }]);
      await widget.getByText(zh['file.type']).waitFor();
    });
  });

  describe('a phone, in Chinese', () => {
    let phone: Screen;
    beforeAll(async () => {
      phone = await screen(browser, PHONE);
      await alone(phone.page, 'shanxing', 'B02', 'zh-CN');
    });
    afterAll(async () => {
      expect(phone.complaints).toEqual([]);
      await phone.close();
    });

    test('the form asks, and says what does not fit', async () => {
      const { page } = phone;
      await say(page, zh, '帮我改一下收货地址');
      await page.getByRole('button', { name: zh['form.fill'] }).click();
      const sheet = page.getByRole('dialog');
      await sheet.waitFor();
      await sheet.getByLabel(zh['region.province'], { exact: true }).waitFor();
      await sheet.getByRole('textbox', { name: /手机/ }).fill('12');
      await sheet.getByRole('button', { name: '提交' }).click();
      await sheet.getByText(zh['form.missing']).first().waitFor();
      await sheet.getByText(zh['form.phone']).waitFor();
      await expectAccessible(page, 'a form with mistakes');
      await expectFits(page, 'the form');
      await picture(page, 'phone-form');
    });

    test('three lists for the region; what is sent is shown masked', async () => {
      const { page } = phone;
      const sheet = page.getByRole('dialog');
      await sheet.getByRole('textbox', { name: /收件人/ }).fill('赵小雨');
      await sheet.getByRole('textbox', { name: /手机/ }).fill('139 1234 5678');
      await sheet.getByLabel(zh['region.province'], { exact: true }).selectOption('浙江省');
      await sheet.getByLabel(zh['region.city'], { exact: true }).selectOption('杭州市');
      await sheet.getByLabel(zh['region.district'], { exact: true }).selectOption('西湖区');
      await sheet.getByRole('textbox', { name: /详细/ }).fill('文三路 99 号 3 单元');
      await sheet.getByRole('button', { name: '提交' }).click();
      await until('it is sent', async () => (await sheet.count()) === 0);
      await page.getByText('139****5678').first().waitFor();
      await page.getByRole('button', { name: zh['form.done'] }).waitFor();
      await expectAccessible(page, 'a form that was sent');
      await expectFits(page, 'the answer');
    });

    test('the change is asked for with a yes and a no', async () => {
      const { page } = phone;
      const confirm = page.locator('.confirm').last();
      await confirm.waitFor();
      await expectAccessible(page, 'confirming');
      await picture(page, 'phone-confirm');
      await confirm.getByRole('button').first().click();
      await until('it is done', async () => (await confirm.getByRole('button', { disabled: true }).count()) > 1);
    });

    test('the panel offers a photo and the camera', async () => {
      const { page } = phone;
      await page.getByRole('button', { name: zh['compose.more'] }).click();
      await page.getByRole('button', { name: zh['compose.camera'] }).waitFor();
      expect(await page.locator('input[type=file][capture]').getAttribute('accept')).toBe('image/*');
      await expectAccessible(page, 'the panel');
      await picture(page, 'phone-panel');
    });
  });

  test('a case and a photo on the desk', async () => {
    const agent = await screen(browser, { viewport: { width: 1440, height: 900 } });
    const { page } = agent;
    await page.goto(url('/console/'));
    await page.getByLabel(consoleZh.signin.shop, { exact: true }).fill('shanxing');
    await page.getByLabel(consoleZh.signin.name, { exact: true }).fill(AGENT);
    await page.getByLabel(consoleZh.signin.password, { exact: true }).fill(DEMO_PASSWORD);
    await page.getByRole('button', { name: /登\s*录/ }).click();
    await until('signed in', () => !page.url().endsWith('/sign-in'));
    const guest = await Buyer.open(server, 'shanxing', 'B01');
    const id = (await guest.history()).at(-1)!.conversation;
    await guest.close();
    await page.goto(url(`/console/conversations/${id}`));
    const photo = page.getByRole('img', { name: consoleZh.message.photo }).first();
    await photo.waitFor();
    await until('it is drawn', () => photo.evaluate((img) => (img as HTMLImageElement).naturalWidth > 1));
    await expectAccessible(page, 'photos on the desk');
    await picture(page, 'desk-photo');
    await photo.click();
    await page.locator('.ant-image-preview').waitFor();
    await agent.close();
  });

  test('a phone in English', async () => {
    const phone = await screen(browser, { ...PHONE, locale: 'en-GB' });
    await alone(phone.page, 'northpeak', 'C02', 'en');
    await say(phone.page, en, 'I want to change the delivery address');
    await phone.page.getByRole('log').waitFor();
    await expectFits(phone.page, 'English');
    await phone.close();
  });
});

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
