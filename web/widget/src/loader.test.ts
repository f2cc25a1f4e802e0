// SPDX-License-Identifier: Apache-2.0
//
// The loader on a page: nothing is fetched before the first open, only our frame is heard, nothing is left behind.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

type CS = ((...args: unknown[]) => void) & { q?: unknown[] };
const CS = (...args: unknown[]) => (window as unknown as { CS: CS }).CS(...args);
const ORIGIN = 'https://help.test';

const host = () => document.querySelector('#xiaoer-cs');
const frame = () => host()?.shadowRoot?.querySelector('iframe') ?? null;
const button = () => host()!.shadowRoot!.querySelector('button')!;

let posted: { data: { xiaoer: string; data: unknown }; to: string }[];
function hear(data: unknown, from: { origin?: string; source?: unknown } = {}) {
  const event = new MessageEvent('message', { data, origin: from.origin ?? ORIGIN });
  Object.defineProperty(event, 'source', { value: 'source' in from ? from.source : frame()!.contentWindow });
  window.dispatchEvent(event);
}
/** Frames of the test's browser have no window: this one writes down what it is told. */
const inside = { postMessage: (data: never, to: string) => posted.push({ data, to }) };
const open = () => CS('open');

beforeEach(async () => {
  posted = [];
  vi.spyOn(HTMLIFrameElement.prototype, 'contentWindow', 'get').mockReturnValue(inside as never);
  delete (window as unknown as { CS?: CS }).CS;
  const script = document.createElement('script');
  script.setAttribute('src', `${ORIGIN}/widget/cs.js`);
  script.type = 'text/plain';
  document.head.append(script);
  const early: unknown[] = [];
  (window as unknown as { CS: CS }).CS = Object.assign((...args: unknown[]) => void early.push(args), { q: early });
  CS('boot', {
    channel: 'shop-1',
    locale: 'zh-CN',
    theme: '#ffd400',
    user: { token: 'jwt' },
    page: 'https://m.test/p',
  });
  vi.resetModules();
  await import('./loader.ts');
});
afterEach(() => {
  CS('destroy');
  document.head.replaceChildren();
  vi.restoreAllMocks();
});

describe('loader', () => {
  it('runs the calls that were made before it came, and fetches nothing yet', () => {
    expect(host()).toBeTruthy();
    expect(frame()).toBeNull();
    expect(button().getAttribute('aria-label')).toBe('联系客服');
  });

  it('opens our app for the channel and hands over who it is only after the hello', () => {
    open();
    const src = new URL(frame()!.src);
    expect(src.origin + src.pathname).toBe(`${ORIGIN}/widget/`);
    expect(Object.fromEntries(src.searchParams)).toEqual({
      channel: 'shop-1',
      locale: 'zh-CN',
      origin: location.origin,
    });
    expect(frame()!.src).not.toContain('jwt');
    expect(posted).toEqual([]);
    hear({ xiaoer: 'hello' });
    expect(posted[0]).toMatchObject({
      to: ORIGIN,
      data: { xiaoer: 'init', data: { token: 'jwt', theme: '#ffd400', open: true } },
    });
    expect(posted.every((p) => p.to === ORIGIN)).toBe(true);
  });

  it.each([
    ['another origin', { origin: 'https://evil.test' }],
    ['another window', { source: window }],
    ['no window', { source: null }],
  ])('does not hear %s', (_, from) => {
    open();
    const heard = vi.fn();
    CS('on', 'unread', heard);
    hear({ xiaoer: 'hello' }, from);
    hear({ xiaoer: 'unread', data: 3 }, from);
    expect(posted).toEqual([]);
    expect(heard).not.toHaveBeenCalled();
  });

  it('keeps calls until the app is there', () => {
    open();
    CS('prefill', '你好');
    CS('sendCard', { kind: 'product', id: 'P1' });
    hear({ xiaoer: 'hello' });
    expect(posted.map((p) => p.data.xiaoer)).toEqual(['init', 'prefill', 'card']);
    CS('setContext', { product: { id: 'P2' } });
    expect(posted[3]!.data).toEqual({
      xiaoer: 'context',
      data: expect.objectContaining({ page: 'https://m.test/p', product: { id: 'P2' } }),
    });
  });

  it('shows how many are unread and tells the page, by callback and event', () => {
    open();
    hear({ xiaoer: 'hello' });
    const heard = vi.fn();
    const event = vi.fn();
    CS('on', 'unread', heard);
    document.addEventListener('cs:unread', (e) => event((e as CustomEvent).detail));
    CS('close');
    hear({ xiaoer: 'unread', data: 120 });
    expect(button().textContent).toBe('99+');
    expect(button().getAttribute('aria-label')).toBe('联系客服, 99+ 条未读');
    expect(heard).toHaveBeenCalledWith(120);
    expect(event).toHaveBeenCalledWith(120);
    CS('off', 'unread', heard);
    hear({ xiaoer: 'unread', data: 1 });
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('closes when the app says so, and the button has the focus', () => {
    open();
    hear({ xiaoer: 'hello' });
    hear({ xiaoer: 'close' });
    expect(host()!.shadowRoot!.activeElement).toBe(button());
    const state = vi.fn();
    CS('getState', state);
    expect(state).toHaveBeenCalledWith({ open: false, unread: 0, queue: null });
  });

  it('leaves Enter and Space to the button', () => {
    for (const key of ['Enter', ' ', 'Escape']) {
      const press = new KeyboardEvent('keydown', { key, cancelable: true, bubbles: true });
      button().dispatchEvent(press);
      expect(press.defaultPrevented).toBe(false);
    }
  });

  it('warns about what it does not know and survives a listener that throws', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    CS('nonsense');
    CS('toString');
    CS('constructor');
    expect(warn).toHaveBeenCalledTimes(3);
    CS('on', 'open', () => {
      throw new Error('theirs');
    });
    CS('open');
    expect(error).toHaveBeenCalledOnce();
  });

  it('asks the app to forget at log-out, even when it was never opened on this page', () => {
    CS('logout');
    expect(frame()).toBeTruthy();
    hear({ xiaoer: 'hello' });
    expect(posted.map((p) => p.data.xiaoer)).toEqual(['init', 'logout']);
    expect(posted[0]!.data.data).toMatchObject({ token: undefined });
  });

  it('leaves nothing behind', () => {
    open();
    CS('destroy');
    expect(host()).toBeNull();
    CS('boot', { channel: 'shop-2' });
    expect(host()).toBeTruthy();
  });
});
