// SPDX-License-Identifier: Apache-2.0
//
// One clock for everything on screen that counts seconds. However many pills tick, there is one timer, and none
// when nothing ticks. Times are read on the server's clock, so a wrong office PC shows the right waiting time.
import { useSyncExternalStore } from 'react';
import { useLive } from '../live/store.ts';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      listeners.forEach((tell) => tell());
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The server's time in milliseconds, new every second. */
export function useNow(): number {
  const local = useSyncExternalStore(subscribe, () => now);
  const skew = useLive((state) => state.skewMs);
  return local + skew;
}
