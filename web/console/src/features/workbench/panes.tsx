// SPDX-License-Identifier: Apache-2.0
//
// The bar between two panes. It is dragged with a pointer or moved with the arrow keys, a double click sets the
// usual width again, and the width is remembered.
import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { WIDTHS, usePreferences } from '../../app/preferences.ts';

const STEP = 16;

export function PaneBar({ pane }: { pane: 'list' | 'aside' }) {
  const { t } = useTranslation();
  const key = pane === 'list' ? 'listWidth' : 'asideWidth';
  const width = usePreferences((state) => state[key]);
  const { least, most, usual } = WIDTHS[pane];
  const drag = useRef<{ x: number; width: number } | null>(null);
  /** The list grows to the right, the right pane to the left. */
  const towards = pane === 'list' ? 1 : -1;

  const resize = (to: number) =>
    usePreferences.getState().set({ [key]: Math.round(Math.min(most, Math.max(least, to))) });

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (drag.current) resize(drag.current.width + (event.clientX - drag.current.x) * towards);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    resize(width + by * towards);
  };

  return (
    <div
      className={`pane-bar pane-bar-${pane}`}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t(`pane.${pane}`)}
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
      onDoubleClick={() => resize(usual)}
      onKeyDown={onKeyDown}
    />
  );
}
