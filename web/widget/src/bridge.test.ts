// SPDX-License-Identifier: Apache-2.0
//
// The app's side of the line to the page: only the parent window and the named origin count.
import { afterEach, expect, it, vi } from 'vitest';
import { Bridge, type Call } from './bridge.ts';

const parent = { postMessage: vi.fn() };
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  parent.postMessage.mockReset();
});

function listen(params: string) {
  vi.spyOn(window, 'parent', 'get').mockReturnValue(parent as never);
  const heard = vi.fn();
  const bridge = new Bridge(new URLSearchParams(params));
  bridge.listen({ prefill: heard } as unknown as Record<Call, (d: never) => void>);
  return { bridge, heard };
}
function say(origin: string, source: unknown, data: unknown = { xiaoer: 'prefill', data: 'x' }) {
  const event = new MessageEvent('message', { data, origin });
  Object.defineProperty(event, 'source', { value: source });
  window.dispatchEvent(event);
}

it('speaks only to the named origin', () => {
  const { bridge } = listen('origin=https://shop.test');
  bridge.tell('unread', 2);
  expect(parent.postMessage.mock.calls).toEqual([
    [{ xiaoer: 'hello', data: undefined }, 'https://shop.test'],
    [{ xiaoer: 'unread', data: 2 }, 'https://shop.test'],
  ]);
});

it('hears only the window above, from the named origin, and only known calls', () => {
  const { heard } = listen('origin=https://shop.test');
  say('https://evil.test', parent);
  say('https://shop.test', window);
  say('https://shop.test', parent, { xiaoer: 'toString' });
  say('https://shop.test', parent, null);
  expect(heard).not.toHaveBeenCalled();
  say('https://shop.test', parent);
  expect(heard).toHaveBeenCalledWith('x');
});

it('stays silent when the address names no origin, or another than is really above', () => {
  listen('');
  expect(parent.postMessage).not.toHaveBeenCalled();
  vi.stubGlobal('location', { ancestorOrigins: ['https://evil.test'] });
  listen('origin=https://shop.test');
  expect(parent.postMessage).not.toHaveBeenCalled();
});
