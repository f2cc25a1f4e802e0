/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Resemblance of two short texts, token by token: what retrieval's second look sees. Pure.
 */

#include "base/base.h"

#define RESEMBLE_TOKENS 48         /* of each text; the rest is not looked at */
#define RESEMBLE_NONE   UINT32_MAX /* a token that no stored text has */
#define RESEMBLE_DOUBT  0.75       /* what a token in doubt counts: docs/decisions/0009 */

/** A text as numbers of tokens, in order, and how telling each is (idf). */
struct resemble_text {
    const uint32_t *term; /**< borrowed, as idf */
    const float *idf;
    size_t n;       /**< at most RESEMBLE_TOKENS */
    double weight; /**< sum of idf */
    uint64_t some; /**< a bit for each token, by resemble_bit(): what has no bit is not there; not of what is asked */
};

#define RESEMBLE_CHAINS 64

static inline uint64_t resemble_bit(uint32_t term)
{
    return (uint64_t)1 << term % RESEMBLE_CHAINS;
}

/** A text that others are compared with one after another, so that its tokens are found at once. */
struct resemble_asked {
    struct resemble_text text;
    uint64_t doubt; /**< a bit for each token that was put in the place of an unknown one: it counts less */
    uint8_t first[RESEMBLE_CHAINS]; /**< by number of token: 1 + the place of the first one in that chain; 0: none */
    uint8_t next[RESEMBLE_TOKENS];  /**< likewise of the next one */
};
/** Makes the chains, once the text is whole. */
void resemble_chain(struct resemble_asked *x);

/** Of what was asked, x, to another text, y. */
struct resemblance {
    double match;   /**< 0 … 1: telling tokens in common, harmonic mean of both sides' covered parts */
    bool same_end;  /**< same last token: in Chinese that is where the question stands */
    size_t x_left, y_left; /**< tokens without a partner in the other text */
    double covered; /**< 0 … 1: how much of x's weight stands in y */
    bool begins;    /**< y begins with x's first token */
};

void resemble(const struct resemble_asked *asked, const struct resemble_text *y, struct resemblance *ret);
/** One number for ranking, from BM25's part of its greatest possible value and the resemblance to the query. */
double resemble_rank(double bm25, const struct resemblance *r);
/** 0 … 1: neighbours of x that are neighbours in y. */
double resemble_run(const struct resemble_text *x, const struct resemble_text *y);
/** The same for a text that is still being typed: what the other says more counts little. @param run  resemble_run() */
double resemble_rank_typed(double bm25, const struct resemblance *r, double run);
