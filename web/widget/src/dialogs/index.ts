// SPDX-License-Identifier: Apache-2.0
//
// The sheets, as one chunk that is loaded when the first of them is opened.
import './sheets.css';

export { FormSheet } from './FormSheet.tsx';
export { OrderSheet } from './OrderSheet.tsx';
export { PhotoSheet } from './PhotoSheet.tsx';
export { RatingSheet } from './RatingSheet.tsx';
