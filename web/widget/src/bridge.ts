// SPDX-License-Identifier: Apache-2.0
//
// The line between this iframe and the page that the loader runs in. Only the window above us, and only the
// origin that the loader named in our address, is heard and spoken to; where the browser can tell who really is
// above us and it is somebody else, we stay silent. Standalone there is no page: events go to the JSBridge of a
// mobile shell, when there is one.
export type Call =
  'init' | 'show' | 'identify' | 'logout' | 'context' | 'card' | 'prefill' | 'human' | 'group' | 'locale' | 'theme';
export type Happening =
  'ready' | 'unread' | 'message' | 'queue' | 'assigned' | 'ended' | 'rated' | 'error' | 'theme' | 'close';

interface Shell {
  JSBridge?: { close?: () => void; emit?: (event: string, data: string) => void };
}

export class Bridge {
  readonly standalone: boolean;
  private readonly origin: string;

  constructor(params: URLSearchParams) {
    this.standalone = params.get('standalone') === '1' || window.parent === window;
    const named = params.get('origin') ?? '';
    const real = location.ancestorOrigins?.[0];
    this.origin = real && real !== named ? '' : named;
  }

  listen(calls: Record<Call, (data: never) => void>): void {
    if (this.standalone || !this.origin) return;
    addEventListener('message', (event: MessageEvent) => {
      if (event.source !== window.parent || event.origin !== this.origin) return;
      const { xiaoer, data } = (event.data ?? {}) as { xiaoer?: Call; data?: never };
      if (xiaoer && Object.hasOwn(calls, xiaoer)) calls[xiaoer](data as never);
    });
    this.post('hello');
  }

  tell(event: Happening, data?: unknown): void {
    if (this.standalone) (window as Shell).JSBridge?.emit?.(event, JSON.stringify(data ?? null));
    else this.post(event, data);
  }

  /** Whether pressing × would do anything. */
  get canClose(): boolean {
    return this.standalone ? !!(window as Shell).JSBridge?.close : !!this.origin;
  }

  close(): void {
    if (this.standalone) (window as Shell).JSBridge?.close?.();
    else this.post('close');
  }

  private post(xiaoer: string, data?: unknown): void {
    if (this.origin) window.parent.postMessage({ xiaoer, data }, this.origin);
  }
}
