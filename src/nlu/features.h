/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Features: what the classifier sees of a text, as 64-bit hashes. The recipe is handbook/nlu.md section 5: tokens and
 * their neighbours, character n-grams inside words, and, for long text of words, unordered pairs of tokens. Pure.
 */

#include "nlu/normalise.h"

/** A token is a Han/kana/hangul character, a word, "?" or "!". */
struct token {
    uint32_t from, to; /**< code points of the folded text */
    uint64_t hash;
    enum char_class kind;
};

/** Hashes of a text, one group after another; a feature that stands twice in the text stands twice here. */
struct features {
    uint64_t *v;
    size_t n;
    size_t chars_from; /**< [0, chars_from) tokens and their neighbours; then character n-grams … */
    size_t pairs_from; /**< … up to here; then pairs, if asked for */
};

#define FEATURE_TOKEN_WEIGHT 1.0f
#define FEATURE_CHAR_WEIGHT  0.7f
#define FEATURE_PAIR_WEIGHT  0.7f
#define FEATURE_PAIR_TOKENS  24 /* pairs of the first so many tokens only: they grow with the square */

/** Splits folded code points; @return the number of tokens, in @p a. */
size_t features_tokens(struct arena *a, const struct folded *f, struct token **ret);
/** Features of @p text, in @p a. */
void features_of(struct arena *a, struct str text, bool pairs, struct features *ret);
/** Mixes @p x into @p h: the one hash step of this folder. */
static inline uint64_t feature_mix(uint64_t h, uint64_t x)
{
    h = (h ^ x) * 0x9E3779B97F4A7C15u;
    return h ^ (h >> 29);
}
