// SPDX-License-Identifier: Apache-2.0
//
// The shop's colour on the page, as CSS variables. Only here do computed colours become style.
import { palette } from '@xiaoer/shared/a11y';

export function paint(theme: string): void {
  const p = palette(theme);
  const style = document.documentElement.style;
  style.setProperty('--brand', p.brand);
  style.setProperty('--on-brand', p.onBrand);
  style.setProperty('--brand-text', p.brandText);
  style.setProperty('--tint', p.tint);
  style.setProperty('--tint-text', p.tintText);
  style.setProperty('--tint-line', p.tintLine);
}
