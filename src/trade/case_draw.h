/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* docs/cases.md: a diagram of each case machine, drawn from its table. Pure. */

#include "base/str.h"

/** Writes the whole document. */
void case_draw(struct buf *out);
