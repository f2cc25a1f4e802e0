// SPDX-License-Identifier: Apache-2.0
//
// Widths that the page and what lies over it must agree on.

/** Of the test box; the page gives way by as much when there is room. */
export const TRY_WIDTH = 420;
