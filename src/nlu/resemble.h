/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Resemblance of two short texts, token by token: what retrieval's second look sees. Pure.
 */

#include "base/base.h"

#define RESEMBLE_TOKENS 48         /* of each text; the rest is not looked at */
#define RESEMBLE_NONE   UINT32_MAX /* a token that no stored text has */

/** A text as numbers of tokens, in order, and how telling each is (idf). */
struct resemble_text {
    uint32_t term[RESEMBLE_TOKENS];
    float idf[RESEMBLE_TOKENS];
    size_t n;
    double weight; /**< sum of idf */
    uint64_t some; /**< a bit for each token, by resemble_bit(): what has no bit is not there */
};

static inline uint64_t resemble_bit(uint32_t term)
{
    return (uint64_t)1 << (term & 63);
}

struct resemblance {
    double match;   /**< 0 … 1: telling tokens in common, harmonic mean of both sides' covered parts */
    double pairs;   /**< 0 … 1: neighbours in common */
    bool same_end;  /**< same last token: in Chinese that is where the question stands */
    size_t x_left, y_left; /**< tokens without a partner in the other text */
};

void resemble(const struct resemble_text *x, const struct resemble_text *y, struct resemblance *ret);
/** One number for ranking, from BM25's part of its greatest possible value and the resemblance to the query (x). */
double resemble_rank(double bm25, const struct resemblance *r);
