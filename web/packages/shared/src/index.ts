// SPDX-License-Identifier: Apache-2.0
//
// Small helpers that both apps need and that know neither a framework nor the page they run in.
export * from './money.ts';
export * from './time.ts';
export * from './md-lite.ts';
export * from './a11y.ts';
export * from './rating.ts';
export * from './picture.ts';
