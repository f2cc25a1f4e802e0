/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Comparison of two evaluations of the same rows: is the one better than the other, or was it luck, and which rows moved.
 * Pure; the same outcomes give the same figures.
 */

#include "nlu/evaluate.h"

struct comparison {
    size_t rows;              /**< in scope: what the difference is of */
    double accuracy, other;   /**< of either */
    double difference;        /**< accuracy less other's, -1 … 1 */
    double low, high;         /**< in 95 of 100 samples of such rows it lies between these */
    const uint32_t *regressions;  /**< rows, rising, that only the other has right; oos rows are among them */
    size_t regression_count;
    const uint32_t *improvements; /**< rows that only this one has right */
    size_t improvement_count;
};

/** Holds @p this against @p other, row by row: both of the same n rows. In @p a. */
void compare(struct arena *a, const struct outcome *this, const struct outcome *other, size_t n, struct comparison *ret);
