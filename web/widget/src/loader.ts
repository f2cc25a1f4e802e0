// SPDX-License-Identifier: Apache-2.0
//
// cs.js: what a merchant's page takes in. It draws the round button, makes the iframe when it is first needed,
// and carries calls in and events out. It holds no conversation and no secret beyond the token it was handed.
//
// Always true: a message counts only when it comes from our iframe's window and our server's origin, and is only
// ever sent to that origin; an unknown call warns and never throws; without a first open (or `preload`) nothing
// but this file is fetched; nothing is left on the page after destroy.

type Any = Record<string, unknown>;
interface Boot extends Any {
  channel: string;
  locale?: string;
  theme?: string;
  position?: 'left' | 'right';
  user?: { token?: string };
  page?: string;
  product?: unknown;
  order?: unknown;
  extra?: unknown;
  hideLauncher?: boolean;
  preload?: boolean;
  label?: string;
}
type Listener = (data?: unknown) => void;
type CS = ((...args: unknown[]) => void) & { q?: ArrayLike<unknown>[]; v?: number };

(() => {
  const w = window as unknown as { CS?: CS };
  const d = document;
  if (w.CS?.v) return; // taken in twice
  const me =
    (d.currentScript as HTMLScriptElement | null) ?? d.querySelector<HTMLScriptElement>('script[src*="/widget/cs.js"]');
  const base = new URL('./', me?.src || location.href);

  const CSS = `:host{all:initial}*{box-sizing:border-box}
.b,.p{position:fixed;z-index:2147483000;right:20px;bottom:calc(20px + env(safe-area-inset-bottom,0px))}
.b{min-width:56px;height:56px;padding:0 15px;border:0;border-radius:28px;display:flex;align-items:center;gap:8px;cursor:pointer;background:var(--c);color:var(--o);font:600 15px system-ui;box-shadow:0 6px 20px #11182740}
.b:hover{filter:brightness(.94)}.b:focus-visible{outline:3px solid #1d4ed8;outline-offset:3px}
svg{width:26px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.n{position:absolute;top:-4px;right:-4px;min-width:22px;padding:0 5px;border-radius:11px;background:#c81e1e;color:#fff;border:2px solid #fff;font-size:12px;line-height:18px;text-align:center}
.p{bottom:calc(88px + env(safe-area-inset-bottom,0px));width:400px;height:min(720px,100dvh - 108px);border-radius:16px;overflow:hidden;background:#f3f4f6;box-shadow:0 12px 48px #11182738;animation:i .18s}
.h .p{bottom:20px}.l>*{right:auto;left:20px}
iframe{border:0;width:100%;height:100%;display:block}[hidden],span:empty{display:none!important}
@keyframes i{from{opacity:0;transform:translateY(12px)}}
@media(max-width:640px),(max-height:480px){.p{inset:0!important;width:100%;height:100dvh;border-radius:0}.o .b{display:none}}
@media(prefers-reduced-motion:reduce){.p{animation:none}}`;
  const PHONE = '(max-width:640px),(max-height:480px)';
  let boot: Boot | null = null;
  let host: HTMLElement | undefined;
  let box: HTMLElement, button: HTMLButtonElement, label: HTMLElement, badge: HTMLElement, shape: SVGPathElement;
  let panel: HTMLElement;
  let frame: HTMLIFrameElement | null = null;
  let greeted = false; // the app said hello: from now on calls go straight to it
  let waiting: [string, unknown][] = [];
  let back: Element | null = null; // had the focus before we opened
  let overflow = '';
  let context: Any = {};
  const state = { open: false, unread: 0, queue: null as unknown };
  const listeners: Record<string, Listener[]> = {};

  const zh = () => (boot?.locale || navigator.language || '').startsWith('zh');
  const el = <T extends HTMLElement>(tag: string, cls: string): T =>
    Object.assign(d.createElement(tag), { className: cls }) as T;

  /** White or ink, whichever reads better on the shop's colour (the app computes the full palette). */
  function ink(colour: string): string {
    const n = parseInt(colour.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3').slice(1), 16);
    const part = (shift: number, weight: number) => weight * (((n >> shift) & 255) / 255) ** 2.2;
    return part(16, 0.2126) + part(8, 0.7152) + part(0, 0.0722) > 0.183 ? '#111827' : '#fff';
  }

  /** A fault on this side of the line must not stop the merchant's page. */
  function safely(act: (...a: never[]) => void, ...args: unknown[]): void {
    try {
      act(...(args as never[]));
    } catch (fault) {
      console.error(fault);
    }
  }

  function tell(event: string, data?: unknown): void {
    for (const cb of [...(listeners[event] ?? [])]) safely(cb, data);
    d.dispatchEvent(new CustomEvent('cs:' + event, { detail: data }));
  }

  const post = (call: string, data?: unknown) => frame?.contentWindow?.postMessage({ xiaoer: call, data }, base.origin);
  /** To the app, now or as soon as it is there. */
  function call(name: string, data?: unknown): void {
    if (greeted) post(name, data);
    else waiting.push([name, data]);
  }

  const shown = () => ({ open: state.open, phone: matchMedia(PHONE).matches });

  function hear(event: MessageEvent): void {
    if (!frame || event.source !== frame.contentWindow || event.origin !== base.origin) return;
    const { xiaoer: name, data } = (event.data ?? {}) as { xiaoer?: string; data?: unknown };
    if (name === 'hello') {
      greeted = true;
      post('init', { locale: boot?.locale, theme: boot?.theme, token: boot?.user?.token, context, ...shown() });
      for (const [call, data] of waiting.splice(0)) post(call, data);
    } else if (name === 'close') close();
    else if (name === 'theme') paint(boot?.theme || (data as string));
    else if (name) {
      if (name === 'unread') {
        state.unread = Number(data) || 0;
        draw();
      }
      if (name === 'queue') state.queue = data;
      tell(name, data);
    }
  }

  function paint(colour?: string): void {
    colour ||= '#d4380d';
    host?.style.setProperty('--c', colour);
    host?.style.setProperty('--o', ink(colour));
  }

  function draw(): void {
    if (!host) return;
    const n = state.unread > 99 ? '99+' : `${state.unread}`;
    box.className =
      (boot?.position === 'left' ? 'l ' : '') + (boot?.hideLauncher ? 'h ' : '') + (state.open ? 'o' : '');
    panel.hidden = !state.open;
    button.hidden = !!boot?.hideLauncher;
    shape.setAttribute('d', state.open ? 'm5 9 7 7 7-7' : 'M7.9 20A9 9 0 1 0 4 16.1L2 22Z');
    label.textContent = state.open ? '' : (boot?.label ?? '');
    badge.textContent = state.unread ? n : '';
    button.setAttribute('aria-expanded', `${state.open}`);
    const [close, ask, unread] = zh()
      ? ['收起客服窗口', '联系客服', '条未读']
      : ['Close chat', 'Chat with us', 'unread'];
    button.setAttribute(
      'aria-label',
      (state.open ? close : boot?.label || ask) + (state.unread ? `, ${n} ${unread}` : ''),
    );
  }

  function build(): void {
    host = el('div', '');
    host.id = 'xiaoer-cs';
    const root = host.attachShadow({ mode: 'open' });
    try {
      // Not a style tag: the page's CSP may forbid those.
      root.adoptedStyleSheets = [new CSSStyleSheet()];
      root.adoptedStyleSheets[0]!.replaceSync(CSS);
    } catch {
      root.append(Object.assign(d.createElement('style'), { textContent: CSS }));
    }
    box = el('div', '');
    panel = el('div', 'p');
    button = el('button', 'b');
    button.type = 'button';
    const ns = 'http://www.w3.org/2000/svg';
    const svg = d.createElementNS(ns, 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    svg.append((shape = d.createElementNS(ns, 'path')));
    label = el('span', '');
    badge = el('span', 'n');
    button.append(svg, label, badge);
    button.onclick = () => toggle();
    // Not `&&`: a handler that returns false would keep Enter and Space from pressing the button.
    button.onkeydown = (e) => {
      if (e.key === 'Escape') close();
    };
    box.append(panel, button);
    root.append(box);
    d.body.append(host);
    addEventListener('message', hear);
    paint(boot?.theme);
    draw();
  }

  function load(): void {
    if (frame || !boot) return;
    frame = d.createElement('iframe');
    frame.title = zh() ? '在线客服' : 'Customer service chat';
    const q = new URLSearchParams({ channel: boot.channel, origin: location.origin });
    if (boot.locale) q.set('locale', boot.locale);
    frame.src = base.href + '?' + q;
    panel.append(frame);
  }

  function whenBody(act: () => void): void {
    if (d.body) act();
    else d.addEventListener('DOMContentLoaded', act, { once: true });
  }

  function open(how?: Any): void {
    if (!host) return warn('boot first');
    load();
    if (how?.group) call('group', how.group);
    if (state.open) return;
    back = d.activeElement;
    state.open = true;
    draw();
    if (shown().phone) {
      overflow = d.documentElement.style.overflow;
      d.documentElement.style.overflow = 'hidden';
    }
    frame?.focus();
    if (greeted) post('show', shown());
    tell('open', how);
  }

  function close(): void {
    if (!state.open) return;
    state.open = false;
    draw();
    d.documentElement.style.overflow = overflow;
    if (greeted) post('show', shown());
    (boot?.hideLauncher ? (back as HTMLElement | null) : button)?.focus();
    tell('close');
  }

  const toggle = () => (state.open ? close() : open());
  const warn = (text: string) => console.warn('[CS] ' + text);

  const calls = {
    __proto__: null, // so that "toString" is unknown, too
    boot(options: Boot) {
      if (boot) return warn('already booted');
      if (!options?.channel) return warn('boot needs a channel');
      boot = { ...options };
      const { page, product, order, extra } = boot;
      context = { page: page || location.origin + location.pathname, product, order, extra };
      whenBody(() => {
        if (!boot) return;
        build();
        if (boot.preload) load();
      });
    },
    destroy() {
      if (state.open) close();
      removeEventListener('message', hear);
      host?.remove();
      host = undefined;
      frame = boot = null;
      greeted = false;
      waiting = [];
      state.unread = 0;
      state.queue = null;
      context = {};
    },
    open: (how: Any) => whenBody(() => open(how)),
    close,
    toggle: () => whenBody(toggle),
    identify(user: { token: string }) {
      if (!boot || !user?.token) return warn('identify needs a signed token');
      boot.user = { token: user.token };
      if (greeted) post('identify', boot.user);
    },
    logout() {
      if (!boot) return;
      boot.user = undefined;
      waiting = waiting.filter(([name]) => name === 'group');
      load(); // what an earlier page left in the iframe's storage goes, too
      call('logout');
    },
    setContext(more: Any) {
      Object.assign(context, more);
      if (greeted) post('context', context);
    },
    sendCard: (card: Any) => call('card', card),
    prefill: (text: string) => call('prefill', String(text)),
    human(group?: string) {
      open();
      call('human', group);
    },
    setLocale(locale: string) {
      if (boot) boot.locale = locale;
      if (greeted) post('locale', locale);
      draw();
    },
    setTheme(colour: string) {
      if (boot) boot.theme = colour;
      paint(colour);
      if (greeted) post('theme', colour);
    },
    on(event: string, cb: Listener) {
      (listeners[event] ??= []).push(cb);
    },
    off(event: string, cb?: Listener) {
      listeners[event] = cb ? (listeners[event] ?? []).filter((f) => f !== cb) : [];
    },
    getState(cb: Listener) {
      cb({ ...state });
    },
  } as unknown as Partial<Record<string, (...a: never[]) => void>>;

  const queued = w.CS?.q ?? [];
  const run = (args: ArrayLike<unknown>) => {
    const [name, ...rest] = Array.from(args) as [string, ...never[]];
    const act = calls[name];
    if (act) safely(act, ...rest);
    else warn('unknown call ' + name);
  };
  w.CS = Object.assign((...args: unknown[]) => run(args), { v: 1 });
  Array.from(queued).forEach(run);
})();
export {};
