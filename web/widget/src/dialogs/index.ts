// SPDX-License-Identifier: Apache-2.0
//
// The sheets, as one chunk that is loaded when the first of them is opened.
export { OrderSheet } from './OrderSheet.tsx';
export { RatingSheet } from './RatingSheet.tsx';
