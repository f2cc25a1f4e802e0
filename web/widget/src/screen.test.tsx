// SPDX-License-Identifier: Apache-2.0
//
// The screen under a person's hands: what Enter does, what a choice does twice, what a failed message offers.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { App } from './app.tsx';
import type { Bridge } from './bridge.ts';
import { setLocale } from './i18n/index.ts';
import { conversation, Line, message, order, readyChat, serve, session, type Answers } from './testing.tsx';

const bridge = { canClose: true, close: vi.fn() };

beforeEach(() => {
  localStorage.clear();
  bridge.close.mockReset();
});
afterEach(async () => {
  cleanup();
  vi.unstubAllGlobals();
  await setLocale('zh-CN');
});

async function show(answers: Answers = {}, c = conversation()) {
  serve(answers);
  const made = await readyChat({}, c);
  render(<App chat={made.chat} bridge={bridge as unknown as Bridge} />);
  return made;
}
const field = () => screen.getByLabelText('输入消息', { selector: 'textarea' }) as HTMLTextAreaElement;
const write = (text: string) => fireEvent.input(field(), { target: { value: text } });
/** As browsers say it; testing-library's own spells it as Preact's listeners, which no browser does. */
const compose = (what: 'start' | 'end') => fireEvent(field(), new Event(`composition${what}`, { bubbles: true }));
const sent = () => Line.last.of('send').map((f) => f.text);

describe('composer', () => {
  it('sends with Enter and empties itself', async () => {
    await show();
    write('在吗');
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(sent()).toEqual(['在吗']);
    await waitFor(() => expect(field().value).toBe(''));
  });

  it('breaks the line with Shift+Enter', async () => {
    await show();
    write('在');
    fireEvent.keyDown(field(), { key: 'Enter', shiftKey: true });
    expect(sent()).toEqual([]);
  });

  it.each([
    ['while the input method composes', () => fireEvent.keyDown(field(), { key: 'Enter', isComposing: true })],
    ['that ends a composition in Safari', () => fireEvent.keyDown(field(), { key: 'Enter', keyCode: 229 })],
    [
      'between compositionstart and compositionend',
      () => {
        compose('start');
        fireEvent.keyDown(field(), { key: 'Enter' });
        compose('end');
      },
    ],
  ])('does not send at the Enter %s', async (_, press) => {
    await show();
    write('nihao');
    press();
    expect(sent()).toEqual([]);
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(sent()).toEqual(['nihao']);
  });

  it('does not send blanks, nor more than 2,000 characters, and says so', async () => {
    await show();
    write('  \n ');
    fireEvent.keyDown(field(), { key: 'Enter' });
    write('字'.repeat(2_001));
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(sent()).toEqual([]);
    await waitFor(() => expect(screen.getByText('超出 1 字')).toBeTruthy());
  });

  describe('offers questions while typing', () => {
    const items = ['怎么退货', '退货运费谁出'];
    const offered = () => screen.findByRole('listbox', { name: '猜你想问' });
    const marked = () => {
      const id = field().getAttribute('aria-activedescendant');
      return id && document.getElementById(id)!.textContent;
    };
    const press = (key: string, more = {}) => fireEvent.keyDown(field(), { key, ...more });

    it('and sends what is tapped', async () => {
      await show({ 'GET suggest': () => ({ items }) });
      write('退货');
      fireEvent.click(within(await offered()).getByText(/运费/));
      expect(sent()).toEqual(['退货运费谁出']);
      await waitFor(() => expect(screen.queryByRole('listbox')).toBeNull());
    });

    it('marks them with the arrows, and sends the marked one with Enter', async () => {
      await show({ 'GET suggest': () => ({ items }) });
      write('退货');
      await offered();
      const seen: (string | null)[] = [];
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp']) {
        const before = marked();
        press(key);
        await waitFor(() => expect(marked()).not.toBe(before));
        seen.push(marked());
      }
      expect(seen).toEqual(['怎么退货', '退货运费谁出', null, '退货运费谁出']);
      expect(screen.getAllByRole('option').map((o) => o.getAttribute('aria-selected'))).toEqual(['false', 'true']);
      press('Enter');
      expect(sent()).toEqual(['退货运费谁出']);
    });

    it('sends the words themselves when nothing is marked', async () => {
      await show({ 'GET suggest': () => ({ items }) });
      write('退货');
      await offered();
      press('Enter');
      expect(sent()).toEqual(['退货']);
    });

    it('puts them away with Esc, and leaves the widget open', async () => {
      await show({ 'GET suggest': () => ({ items }) });
      write('退货');
      await offered();
      press('Escape');
      await waitFor(() => expect(screen.queryByRole('listbox')).toBeNull());
      expect(bridge.close).not.toHaveBeenCalled();
      expect(field().value).toBe('退货');
    });

    it('asks nothing while an input method composes, and leaves its keys alone', async () => {
      const asked: string[] = [];
      await show({ 'GET suggest': (_, url) => (asked.push(url.searchParams.get('q')!), { items }) });
      compose('start');
      write('tuihuo');
      press('ArrowDown', { isComposing: true });
      await new Promise((done) => setTimeout(done, 400));
      expect(asked).toEqual([]);
      write('退货');
      compose('end');
      await offered();
      expect(asked).toEqual(['退货']);
      compose('start');
      press('ArrowDown', { isComposing: true });
      press('Escape', { keyCode: 229 });
      expect(marked()).toBeNull();
      expect(screen.queryByRole('listbox')).toBeTruthy();
    });

    it('says which product and order the page shows', async () => {
      let search = '';
      const { chat } = await show({ 'GET suggest': (_, url) => ((search = url.search), { items }) });
      chat.setContext({ product: { id: 'P1' }, order: { no: 'E1' } });
      write('退货');
      await offered();
      expect(Object.fromEntries(new URLSearchParams(search))).toEqual({ q: '退货', product: 'P1', order: 'E1' });
    });

    it('asks a shop that wants none once', async () => {
      let asked = 0;
      await show({ 'GET suggest': () => (asked++, { items: [], off: true }) });
      for (const text of ['退货', '退货运', '发票']) {
        write(text);
        await new Promise((done) => setTimeout(done, 250));
      }
      expect(asked).toBe(1);
      expect(screen.queryByRole('listbox')).toBeNull();
    });

    it('asks nothing while a person has the chat', async () => {
      let asked = 0;
      await show({ 'GET suggest': () => (asked++, { items }) }, conversation({ handler: 'agent' }));
      write('退货');
      await new Promise((done) => setTimeout(done, 300));
      expect(asked).toBe(0);
    });
  });

  it('stays usable while the line is down', async () => {
    await show();
    Line.last.onclose?.();
    write('还在吗');
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(await screen.findByText('还在吗')).toBeTruthy();
    expect(screen.getByText('发送中')).toBeTruthy();
  });
});

describe('stream', () => {
  it('lets a choice be made once', async () => {
    const { chat } = await show();
    Line.last.hear(
      message(1, { kind: 'choices', text: '哪一件？', choices: [{ label: '鞋', order_id: 'E1' }, { label: '外套' }] }),
    );
    fireEvent.click(await screen.findByRole('button', { name: '鞋' }));
    expect(Line.last.of('send')[0]).toMatchObject({
      kind: 'text',
      text: '鞋',
      choice: { label: '鞋', order_id: 'E1' },
    });
    await waitFor(() =>
      expect((screen.getByRole('button', { name: '外套' }) as HTMLButtonElement).disabled).toBe(true),
    );
    fireEvent.click(screen.getByRole('button', { name: '鞋' }));
    expect(Line.last.of('send')).toHaveLength(1);
    expect(chat.state.items.filter((i) => i.own)).toHaveLength(1);
  });

  it('offers to send again what failed', async () => {
    await show();
    write('在吗');
    fireEvent.keyDown(field(), { key: 'Enter' });
    const { client_id } = Line.last.of('send')[0]!;
    Line.last.say({ type: 'error', client_id, code: 'closed', text: '' });
    fireEvent.click(await screen.findByRole('button', { name: '重发' }));
    expect(Line.last.of('send')[1]!.client_id).toBe(client_id);
  });

  it('writes what a stranger says as text', async () => {
    await show();
    Line.last.hear(message(1, { text: '<img src=x onerror=alert(1)> [x](javascript:alert(1)) **好**' }));
    const bold = await screen.findByText('好', { selector: 'strong' });
    expect(bold.closest('.bubble')!.querySelector('img, a')).toBeNull();
    expect(bold.closest('.bubble')!.textContent).toContain('<img src=x onerror=alert(1)>');
  });

  it('says that a machine wrote it, and takes a thumb down with a reason', async () => {
    const calls = await (async () => {
      const calls = serve();
      const { chat } = await readyChat({}, conversation());
      render(<App chat={chat} bridge={bridge as unknown as Bridge} />);
      return calls;
    })();
    Line.last.hear(message(1, { ai: true }));
    expect(await screen.findByText('内容由 AI 生成')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: '没帮助' }));
    fireEvent.click(await screen.findByRole('button', { name: '答非所问' }));
    await waitFor(() =>
      expect(calls.find((c) => c.what === 'POST conversations/c1/feedback')?.body).toEqual({
        seq: 1,
        helpful: false,
        reason: 'beside',
      }),
    );
  });

  it('asks about an order from its card', async () => {
    await show();
    Line.last.hear(message(1, { kind: 'order_card', text: '', order }));
    fireEvent.click(await screen.findByText('查物流', { selector: '.card button' }));
    expect(Line.last.of('send')[0]).toMatchObject({ kind: 'text', order_id: 'E1' });
  });
});

describe('header', () => {
  it('always has the way to a person, and while one is here the way to end', async () => {
    await show();
    expect(screen.getByRole('button', { name: '转人工' })).toBeTruthy();
    Line.last.say({
      type: 'conversation',
      seq: 1,
      conversation: conversation({ handler: 'queue', queue: { position: 2, eta_seconds: 61, group: '' } }),
    });
    expect((await screen.findAllByText('排队中，第 2 位 · 约 2 分钟')).length).toBeGreaterThan(0);
    expect(screen.getByRole('button', { name: '排队中' })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: '取消排队' }));
    expect(Line.last.of('cancel_queue')).toHaveLength(1);
    Line.last.say({
      type: 'conversation',
      seq: 2,
      conversation: conversation({ handler: 'agent', agent: { name: '林小雨' } }),
    });
    expect(await screen.findByRole('heading', { name: '林小雨' })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: '更多' }));
    fireEvent.click(await screen.findByRole('menuitem', { name: '结束服务' }));
    expect(Line.last.of('end')).toHaveLength(1);
  });

  it('closes the widget with Esc', async () => {
    await show();
    fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(bridge.close).toHaveBeenCalledOnce();
  });
});

describe('rating', () => {
  it('offers words that fit the stars and sends what was chosen', async () => {
    const calls = serve({ 'POST sessions': () => session() });
    const { chat } = await readyChat({}, conversation({ handler: 'closed', rating_open: true }));
    render(<App chat={chat} bridge={bridge as unknown as Bridge} />);
    chat.openRating('c1');
    const two = await screen.findByRole('radio', { name: '2 星，不满意' });
    fireEvent.click(two);
    fireEvent.click(await screen.findByRole('button', { name: '回复太慢' }));
    fireEvent.click(screen.getByRole('radio', { name: '未解决' }));
    fireEvent.click(screen.getByRole('button', { name: '提交评价' }));
    await waitFor(() =>
      expect(calls.find((c) => c.what === 'POST conversations/c1/rating')?.body).toEqual({
        stars: 2,
        solved: false,
        tags: ['slow'],
      }),
    );
  });
});
