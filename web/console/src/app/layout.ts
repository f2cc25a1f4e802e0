// SPDX-License-Identifier: Apache-2.0
//
// Which of three shapes the window has room for: `wide` shows three panes, `medium` puts the right one into a
// drawer, `narrow` shows one page at a time. The same limits stand in style.css.
import { useSyncExternalStore } from 'react';

export type Layout = 'wide' | 'medium' | 'narrow';

const wide = window.matchMedia('(min-width: 1180px)');
const narrow = window.matchMedia('(max-width: 759.98px)');

function subscribe(listener: () => void): () => void {
  wide.addEventListener('change', listener);
  narrow.addEventListener('change', listener);
  return () => {
    wide.removeEventListener('change', listener);
    narrow.removeEventListener('change', listener);
  };
}

const read = (): Layout => (narrow.matches ? 'narrow' : wide.matches ? 'wide' : 'medium');

export const useLayout = () => useSyncExternalStore(subscribe, read);
