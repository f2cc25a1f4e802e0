/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Calibration: from what held-out rows scored to "how often is a guess like this right", to the threshold from which a
 * guess may be acted on, and to thresholds for reject rates. Pure.
 */

#include "nlu/model.h"

/** What one held-out row's best guess was. */
struct held_out {
    float margin, gap; /* of the best class; to the second */
    float length;      /* model_length() of its text */
    bool right;
    bool in_scope;     /* false: a row of none of the classes */
    bool copied;       /* a near copy of it was learned: says nothing about confidence */
    bool refused;      /* the best class is "none of these": never acted on */
};

/** Few rows or none give a cautious default. @p rows is reordered. */
struct calibration calibrate(struct held_out *rows, size_t n);
