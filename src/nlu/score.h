/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Scoring: the inner loop of the classifier. Sums int8 rows, each times a 16-bit factor, in 32-bit integers, so that
 * all versions agree in every bit: plain C, and one for each generation of x86-64. Pure.
 */

#include "base/base.h"

#define SCORE_BLOCK 32 /* classes a step: rows are padded to a multiple of it */

/** Two rows and their factors: what a multiply-add takes at once. A lone last row stands beside any other, times 0. */
struct score_pair {
    const int8_t *row[2];
    int16_t factor[2]; /**< -32767 … 32767 */
};

/** Greatest factor that cannot overflow the sums of @p n rows. */
static inline int32_t score_factor_limit(size_t n)
{
    size_t limit = n > 0 ? (size_t)16900000 / n : 32767; /* 16.9e6 * 127 < 2^31 */
    return limit > 32767 ? 32767 : (int32_t)limit;
}

/** ret[c] = sum of factor * row[c] over @p n pairs, for @p stride classes, a multiple of SCORE_BLOCK. */
typedef void score_fn(const struct score_pair *p, size_t n, size_t stride, int32_t *ret);

/** One version of the loop. */
struct score_path {
    const char *name; /**< "plain C", "SSE4.1", "AVX2", "AVX-512", "AVX-512 VNNI" */
    score_fn *run;
};

/** The versions that this machine can run, slowest first; there is always one. @return how many, 5 at most. */
size_t score_paths(struct score_path ret[5]);
/** The last of them. */
score_fn *score_best(void);
