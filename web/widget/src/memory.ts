// SPDX-License-Identifier: Apache-2.0
//
// What the browser keeps between visits: the visitor's name for themselves, one for each shop, and nothing else.
// A browser may forbid storing; then every visit is a new one, and nothing else changes.
export const memory = {
  get: (channel: string): string | undefined => {
    try {
      return localStorage.getItem(`xiaoer:visitor:${channel}`) ?? undefined;
    } catch {
      return undefined;
    }
  },
  set: (channel: string, visitor: string): void => {
    try {
      localStorage.setItem(`xiaoer:visitor:${channel}`, visitor);
    } catch {
      // private mode: nothing to do
    }
  },
  clear: (): void => {
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith('xiaoer:')) localStorage.removeItem(key);
    } catch {
      // as above
    }
  },
};
