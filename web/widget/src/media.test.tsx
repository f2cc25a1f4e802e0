// SPDX-License-Identifier: Apache-2.0
//
// Photos, forms, cases and confirming, under a person's hands.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CaseCard, Form, FormField } from '@xiaoer/protocol';
import { App } from './app.tsx';
import type { Bridge } from './bridge.ts';
import { divisions } from './forms/divisions.ts';
import { check, masked, tidy } from './forms/check.ts';
import { setLocale } from './i18n/index.ts';
import { sortFiles } from './media/files.ts';
import { AT, conversation, Line, message, readyChat, serve } from './testing.tsx';

/** An upload held in the hand. */
class Upload {
  static all: Upload[] = [];
  upload: { onprogress?: (e: unknown) => void } = {};
  status = 0;
  responseText = '';
  onload?: () => void;
  onerror?: () => void;
  open() {}
  setRequestHeader() {}
  send() {
    Upload.all.push(this);
  }
  part(loaded: number) {
    this.upload.onprogress?.({ lengthComputable: true, loaded, total: 100 });
  }
  answer(status: number, body: object) {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload?.();
  }
}

beforeEach(() => {
  localStorage.clear();
  Upload.all = [];
  vi.stubGlobal('XMLHttpRequest', Upload);
});
afterEach(async () => {
  cleanup();
  vi.unstubAllGlobals();
  await setLocale('zh-CN');
});

async function show() {
  serve();
  const made = await readyChat({}, conversation());
  render(<App chat={made.chat} bridge={{ canClose: true, close: vi.fn() } as unknown as Bridge} />);
  return made;
}
const photo = (name = 'a.jpg', type = 'image/jpeg') => new File(['x'.repeat(100)], name, { type });
const stored = { id: '77', kind: 'image', type: 'image/jpeg', bytes: 88, width: 4, height: 2 };
const uploading = () => waitFor(() => expect(Upload.all.length).toBeGreaterThan(0));

describe('photos', () => {
  it('is in the list at once, tells how far it is, and is sent when it has arrived', async () => {
    const { chat } = await show();
    chat.attach([photo()]);
    await uploading();
    Upload.all[0]!.part(40);
    await waitFor(() => expect(screen.getByRole('progressbar').textContent).toBe('40%'));
    expect(Line.last.of('send')).toEqual([]);
    Upload.all[0]!.answer(201, stored);
    await waitFor(() => expect(Line.last.of('send')).toMatchObject([{ kind: 'image', upload: '77' }]));
    expect(screen.queryByRole('progressbar')).toBeNull();
    expect(screen.getByRole('button', { name: '查看大图' })).toBeTruthy();
  });

  it('says why it failed, and goes the same way again', async () => {
    const { chat } = await show();
    chat.attach([photo()]);
    await uploading();
    Upload.all[0]!.onerror!();
    await waitFor(() => expect(screen.getByText('上传失败，请检查网络')).toBeTruthy());
    fireEvent.click(screen.getByRole('button', { name: '重发' }));
    await waitFor(() => expect(Upload.all.length).toBe(2));
    Upload.all[1]!.answer(201, stored);
    await waitFor(() => expect(Line.last.of('send')).toMatchObject([{ upload: '77' }]));
  });

  it('takes nothing but photos and PDF, nine at a time, and says so', async () => {
    await show();
    expect(sortFiles([photo(), photo('b.exe', 'application/x-dos')])).toMatchObject([[{ name: 'a.jpg' }], 'file.type']);
    expect(sortFiles(Array.from({ length: 12 }, () => photo()))[1]).toBe('file.nine');
    const large = new File([new Uint8Array(11 * 1024 * 1024)], 'a.gif', { type: 'image/gif' });
    expect(sortFiles([large])).toEqual([[], 'file.large']);
  });

  it('takes a picture that is pasted', async () => {
    await show();
    const field = screen.getByLabelText('输入消息', { selector: 'textarea' });
    fireEvent.paste(field, { clipboardData: { files: [photo()] } });
    await uploading();
  });

  it('is shown large, with the arrows to the others', async () => {
    await show();
    for (const seq of [1, 2])
      Line.last.hear(
        message(seq, {
          kind: 'image',
          text: '',
          author: { kind: 'buyer', name: '' },
          image: { ...stored, id: `${seq}` },
        }),
      );
    const open = await screen.findAllByRole('button', { name: '查看大图' });
    expect(open).toHaveLength(2);
    fireEvent.click(open[1]!);
    const sheet = await screen.findByRole('dialog', { name: '照片' }, { timeout: 5_000 });
    expect(within(sheet).getByRole('button', { name: '上一张' })).toBeTruthy();
    expect(within(sheet).queryByRole('button', { name: '下一张' })).toBeNull();
  });
});

const fields: FormField[] = [
  { name: 'name', label: '收件人', type: 'name', required: true, max: 60 },
  { name: 'phone', label: '手机号', type: 'phone', required: true, max: 32 },
  { name: 'note', label: '备注', type: 'textarea', required: false, max: 10 },
];
const form: Form = { id: 'f1', title: '新的收货地址', submit: '提交', fields };
const asks = () => Line.last.hear(message(1, { kind: 'form', text: '请填写', form }));

describe('forms', () => {
  it('is opened by hand, checks each field, and sends what fits', async () => {
    await show();
    asks();
    fireEvent.click(await screen.findByRole('button', { name: '填写' }, { timeout: 5_000 }));
    const sheet = await screen.findByRole('dialog', { name: '新的收货地址' }, { timeout: 5_000 });
    const type = (label: string, value: string) =>
      fireEvent.input(within(sheet).getByLabelText(new RegExp(label)), { target: { value } });
    const submit = () => fireEvent.click(within(sheet).getByRole('button', { name: '提交' }));
    submit();
    await waitFor(() => expect(within(sheet).getAllByText('请填写这一项')).toHaveLength(2));
    type('收件人', '张三丰');
    type('手机号', '12');
    submit();
    await waitFor(() => expect(within(sheet).getByText('请填写正确的手机号或电话')).toBeTruthy());
    expect(within(sheet).getByLabelText('手机号').getAttribute('aria-invalid')).toBe('true');
    type('手机号', '138 0000 1234');
    submit();
    await waitFor(() =>
      expect(Line.last.of('send')).toMatchObject([
        { kind: 'form', form: { id: 'f1', values: { name: '张三丰', phone: '13800001234', note: '' } } },
      ]),
    );
    const { client_id } = Line.last.of('send')[0]!;
    Line.last.say({ type: 'ack', client_id, conversation: 'c1', seq: 2, at: AT });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(screen.getByText('138****1234')).toBeTruthy(); // and nowhere the number itself
    expect(document.body.textContent).not.toContain('13800001234');
    expect(screen.getByRole('button', { name: '已提交' }).hasAttribute('disabled')).toBe(true);
  });

  it('shows which field the server did not take, and takes nothing for said', async () => {
    const { chat } = await show();
    asks();
    fireEvent.click(await screen.findByRole('button', { name: '填写' }, { timeout: 5_000 }));
    const sheet = await screen.findByRole('dialog', { name: '新的收货地址' }, { timeout: 5_000 });
    fireEvent.input(within(sheet).getByLabelText('收件人'), { target: { value: '张三' } });
    fireEvent.input(within(sheet).getByLabelText('手机号'), { target: { value: '13800001234' } });
    fireEvent.click(within(sheet).getByRole('button', { name: '提交' }));
    await waitFor(() => expect(Line.last.of('send')).toHaveLength(1));
    const { client_id } = Line.last.of('send')[0]!;
    Line.last.say({ type: 'error', client_id, code: 'bad_form', text: 'no', field: 'phone' });
    await waitFor(() => expect(within(sheet).getByText('这一项没有通过，请检查')).toBeTruthy());
    expect(chat.state.items.some((i) => i.own)).toBe(false);
  });

  it('keeps what was typed while it is put away', async () => {
    await show();
    asks();
    const open = await screen.findByRole('button', { name: '填写' }, { timeout: 5_000 });
    fireEvent.click(open);
    const sheet = await screen.findByRole('dialog', {}, { timeout: 5_000 });
    fireEvent.input(within(sheet).getByLabelText('收件人'), { target: { value: '张三' } });
    fireEvent.click(within(sheet).getByRole('button', { name: '稍后再填' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    fireEvent.click(open);
    const again = await screen.findByRole('dialog');
    expect((within(again).getByLabelText('收件人') as HTMLInputElement).value).toBe('张三');
  });

  it.each([
    ['full-width digits', 'phone', '１３８00001234', '13800001234', null],
    ['a plus in the middle', 'phone', '138+00001234', '138x00001234', 'phone'],
    ['blanks', 'name', '   ', '', 'missing'],
    ['slashes of a region', 'region', '浙江省 / 杭州市/', '浙江省/杭州市', null],
    ['nothing but slashes', 'region', '/ /', '', 'region'],
  ] as const)('reads %s', (_, type, text, want, wrong) => {
    const field: FormField = { name: 'x', label: 'x', type, required: true, max: 40 };
    expect(tidy(field, text)).toBe(want);
    expect(check(field, text)).toBe(wrong);
  });

  it('masks as the server does', () => {
    const of = (type: FormField['type'], text: string) =>
      masked({ name: 'x', label: 'x', type, required: true, max: 40 }, text);
    expect([
      of('name', '张三丰'),
      of('phone', '13800001234'),
      of('region', '浙江省'),
      of('text', '文三路 1 号'),
      of('text', '东'),
    ]).toEqual(['张**', '138****1234', '浙江省', '文三****', '****']);
  });

  it('knows the divisions of the shop’s country', () => {
    const all = divisions();
    expect(all).toHaveLength(34);
    const zhejiang = all.find((d) => d.name === '浙江省')!;
    expect(zhejiang.parts.find((d) => d.name === '杭州市')!.parts.map((d) => d.name)).toContain('西湖区');
    expect(all.find((d) => d.name === '上海市')!.parts[0]!.name).toBe('上海市');
  });
});

const of: CaseCard = {
  case_id: '12',
  order_id: 'E1',
  type: 'return_refund',
  type_text: '退货退款',
  state: 'wait_return',
  state_text: '等您寄回商品',
  amount_cents: 42900,
  currency: 'CNY',
  due_at: AT,
  due_text: '请在 11月29日 14:00 前寄回并填写运单号，逾期将关闭',
  steps: [
    { text: '提交申请', done: true, now: false, at: AT },
    { text: '商家处理', done: true, now: false, at: AT },
    { text: '寄回商品', done: false, now: true, at: null },
    { text: '退款到账', done: false, now: false, at: null },
  ],
};

describe('cases and confirming', () => {
  it('says where a case stands and until when', async () => {
    await show();
    Line.last.hear(message(1, { kind: 'case_card', text: '退货退款', case: of }));
    const card = await screen.findByRole('group', { name: '退货退款：等您寄回商品' }, { timeout: 5_000 });
    expect(within(card).getByText('寄回商品').closest('li')!.getAttribute('aria-current')).toBe('step');
    expect(within(card).getByText(of.due_text)).toBeTruthy();
    expect(card.textContent).toContain('¥429.00');
  });

  it('asks for a yes with large buttons that work once', async () => {
    await show();
    const choices = [{ label: '确认修改', style: 'primary' as const }, { label: '先不改' }];
    Line.last.hear(message(1, { kind: 'choices', text: '确认吗？', choices }));
    const yes = await screen.findByRole('button', { name: '确认修改' });
    expect(yes.className).toContain('main');
    fireEvent.click(yes);
    expect(Line.last.of('send')).toMatchObject([{ text: '确认修改' }]);
    await waitFor(() => expect(screen.getByRole('button', { name: '先不改' }).hasAttribute('disabled')).toBe(true));
  });
});
