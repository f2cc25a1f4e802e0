// SPDX-License-Identifier: Apache-2.0
//
// A stand-in picture for a product that the wire gives no picture of: two calm colours that always are the same
// for the same id, so that a buyer knows "the blue one" again in the shop, the card and the order list.

export function hueOf(id: string): number {
  let h = 2166136261;
  for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 16777619);
  // The last mixing of Murmur3: ids that differ in one figure would else get neighbouring colours.
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) % 360;
}

/** A CSS gradient. */
export function picture(id: string): string {
  const hue = hueOf(id);
  return `linear-gradient(135deg, hsl(${hue} 70% 88%), hsl(${(hue + 60) % 360} 68% 76%))`;
}
