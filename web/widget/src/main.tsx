// SPDX-License-Identifier: Apache-2.0
//
// The app in the iframe starts here: reads its address, joins the chat with the page around it, and draws.
// A token in the address (standalone only) leaves the address before anything else happens.
import { render } from 'preact';
import { App } from './app.tsx';
import { Bridge } from './bridge.ts';
import { Chat } from './chat.ts';
import { localeOf, setLocale } from './i18n/index.ts';
import { paint } from './theme.ts';
import './style.css';

const params = new URLSearchParams(location.search);
const hash = new URLSearchParams(location.hash.slice(1));
const token = hash.get('token') ?? undefined;
if (location.hash) history.replaceState(null, '', location.pathname + location.search);

const bridge = new Bridge(params);
const theme = params.get('theme');
paint(theme ?? '');

const chat = new Chat({
  base: location.origin,
  channel: params.get('channel') ?? '',
  locale: params.get('locale') ?? undefined,
  token: bridge.standalone ? token : undefined,
  tell: (event, data) => bridge.tell(event, data),
  paint: (colour) => {
    paint(colour);
    bridge.tell('theme', colour);
  },
});
if (theme) chat.setTheme(theme);
await setLocale(localeOf(params.get('locale') ?? navigator.language));

if (bridge.standalone) {
  chat.show(true, matchMedia('(pointer: coarse)').matches);
  chat.setContext({ page: document.referrer, product: params.get('product'), order: params.get('order') });
  void chat.start();
} else {
  bridge.listen({
    init: (d: {
      locale?: string;
      theme?: string;
      token?: string;
      context: Record<string, unknown>;
      open: boolean;
      phone: boolean;
    }) => {
      chat.show(d.open, d.phone);
      if (d.theme) chat.setTheme(d.theme);
      chat.setContext(d.context);
      void chat.begin({ locale: d.locale, token: d.token });
    },
    show: (d: { open: boolean; phone: boolean }) => chat.show(d.open, d.phone),
    identify: (d: { token: string }) => chat.identify(d.token),
    logout: () => chat.logout(),
    context: (d: Record<string, unknown>) => chat.setContext(d),
    card: (d: Record<string, unknown>) => chat.offer(d),
    prefill: (d: string) => chat.write(d),
    human: (d?: string) => chat.callPerson(d),
    group: (d: string) => chat.setGroup(d),
    locale: (d: string) => void chat.speak(d),
    theme: (d: string) => chat.setTheme(d),
  });
}

addEventListener('online', chat.reconnect);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'visible') return;
  chat.reconnect();
  chat.markRead();
});

render(<App chat={chat} bridge={bridge} />, document.getElementById('app')!);
