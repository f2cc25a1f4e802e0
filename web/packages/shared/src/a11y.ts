// SPDX-License-Identifier: Apache-2.0
//
// Colour that people can read. A shop gives one colour; from it come the six that a screen needs, each with the
// contrast that WCAG 2.2 AA asks for (4.5:1 for text, 3:1 for shapes), whatever the shop chose.

export type Rgb = readonly [number, number, number];
export const WHITE: Rgb = [255, 255, 255];
export const INK: Rgb = [17, 24, 39];

/** "#d4380d" or "#d43"; null when it is neither. */
export function parseColour(text: string): Rgb | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (!hex) return null;
  const full = hex.length === 3 ? [...hex].map((c) => c + c).join('') : hex;
  const n = parseInt(full, 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

export const hex = (c: Rgb): string => '#' + c.map((v) => Math.round(v).toString(16).padStart(2, '0')).join('');

export function luminance(c: Rgb): number {
  const [r, g, b] = c.map((v) => {
    const s = v / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

export const mix = (a: Rgb, b: Rgb, share: number): Rgb =>
  [0, 1, 2].map((i) => a[i]! + (b[i]! - a[i]!) * share) as unknown as Rgb;

/** The colour itself, or as little darker as it must be, to have `least` contrast on `ground`. */
export function darkenUntil(colour: Rgb, ground: Rgb, least: number): Rgb {
  for (let share = 0; share < 1; share += 0.04) {
    const darker = mix(colour, [0, 0, 0], share);
    if (contrast(darker, ground) >= least) return darker;
  }
  return [0, 0, 0];
}

export interface Palette {
  brand: string; // fills: own bubbles, main buttons
  onBrand: string; // text on it
  brandText: string; // brand-coloured text and outlines on white
  tint: string; // a breath of the brand: avatars, chosen tags
  tintText: string; // text on the tint
  tintLine: string;
}

const FALLBACK: Rgb = [212, 56, 13];

/** White on the brand when that can be read, else ink, else the brand made darker until white can be read. */
export function palette(theme: string): Palette {
  const given = parseColour(theme) ?? FALLBACK;
  const white = contrast(given, WHITE) >= 4.5;
  const ink = contrast(given, INK) >= 4.5;
  const brand = white || ink ? given : darkenUntil(given, WHITE, 4.5);
  const tint = mix(WHITE, given, 0.08);
  return {
    brand: hex(brand),
    onBrand: hex(white || !ink ? WHITE : INK),
    brandText: hex(darkenUntil(given, [244, 245, 247], 4.5)),
    tint: hex(tint),
    tintText: hex(darkenUntil(given, tint, 5.5)),
    tintLine: hex(darkenUntil(given, tint, 3)),
  };
}
