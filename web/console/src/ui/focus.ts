// SPDX-License-Identifier: Apache-2.0
//
// Where the keyboard is when a dialog opens and after it has closed. Dialogs here come and go with their content, so
// they have to give the focus back themselves.
import { useEffect, useState } from 'react';

/** For a dialog's `afterOpenChange`: what is marked with FIRST has the focus. */
export const focusFirst = (open: boolean): void => {
  if (open) document.querySelector<HTMLElement>('[data-first-focus]')?.focus();
};
export const FIRST = { 'data-first-focus': true } as const;

/** Gives the focus back to what opened this dialog, unless somebody else has taken it since. */
export function useReturnFocus(): void {
  const [opener] = useState(() => document.activeElement as HTMLElement | null);
  useEffect(
    () => () =>
      void requestAnimationFrame(() => {
        if (document.activeElement === document.body && opener?.isConnected) opener.focus();
      }),
    [opener],
  );
}
