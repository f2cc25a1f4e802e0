/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Near: pairs of texts that say the same in almost the same words, without comparing each with each.
 *
 * Likeness is 2 × common tokens / tokens of both (1: the same tokens, in whatever order). Pure.
 */

#include "base/str.h"

/** Two texts, x < y by index, that are alike. */
struct near_pair {
    uint32_t x, y;
    float likeness;
    bool same; /**< the same tokens in the same order: the same text but for case, width, space and punctuation */
};

/**
 * Pairs of @p texts that are the same, or at least @p least (above 0) alike, by x, then y, in @p a. Of every text that is
 * the same as an earlier one the pair with the first such is given; of more than NEAR_PARTNERS further partners some are not.
 */
size_t near_find(struct arena *a, const struct str *texts, size_t n, double least, const struct near_pair **ret);

#define NEAR_PARTNERS 32
