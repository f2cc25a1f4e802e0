/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Calibration: from what held-out rows scored to "how often is a guess like this right" and to reject thresholds. Pure.
 */

#include "nlu/model.h"

/** What one held-out row's best guess was. */
struct held_out {
    float margin, gap; /* of the best class; to the second */
    bool right;
    bool in_scope;     /* false: a row of none of the classes; it teaches the confidence, not the quantiles */
};

/** Few rows or none give a cautious default. @p rows is reordered. */
struct calibration calibrate(struct held_out *rows, size_t n);
