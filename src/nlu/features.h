/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Features: what the classifier sees of a text, as 64-bit hashes. The recipe is handbook/nlu.md section 5: tokens and
 * their neighbours, the shape of numbers, character n-grams inside words, and, where it pays, unordered pairs of tokens.
 * Beside them, concepts: words that mean much the same, from a list (packs/zh/lexicon/concepts.tsv). Pure.
 */

#include "nlu/lexicon.h"

/** A token is a Han/kana/hangul character, a word, "?" or "!". */
struct token {
    uint32_t from, to; /**< code points of the folded text */
    uint64_t hash;
    enum char_class kind;
};

enum feature_group {
    FEATURE_TOKENS,   /**< tokens and their neighbours; shapes of numbers and theirs */
    FEATURE_CHARS,    /**< character n-grams inside words */
    FEATURE_CONCEPTS, /**< concepts, and unordered pairs of them */
    FEATURE_PAIRS,    /**< unordered pairs of tokens */
    FEATURE_GROUPS,
};

/** How much a group's features count. */
extern const float feature_weights[FEATURE_GROUPS];

/** Hashes of a text, one group after another; a feature that stands twice in the text stands twice here. */
struct features {
    uint64_t *v;
    size_t n;
    size_t end[FEATURE_GROUPS]; /**< where each group ends; the last is n */
};

/** Which groups beside tokens and characters a model works with. */
struct feature_choice {
    bool pairs;
    const struct lexicon *concepts; /**< kind = concept, value = further concepts of the word; NULL: none */
};

#define FEATURE_MOST_BYTES     (48 * KIB) /* of a text; the longest message has 40,000 */
#define FEATURE_PAIR_TOKENS    24 /* pairs of the first so many tokens only: they grow with the square */
#define FEATURE_CONCEPT_COUNT  32 /* concepts of a text that are looked at, for the same reason */

/** Splits folded code points; @return the number of tokens, in @p a. */
size_t features_tokens(struct arena *a, const struct folded *f, struct token **ret);
/** Features of @p text, in @p a. */
void features_of(struct arena *a, struct str text, const struct feature_choice *choice, struct features *ret);
/** The same of a text that normalise_points() has read, of which it takes all. */
void features_of_points(struct arena *a, const struct folded *f, const struct feature_choice *choice, struct features *ret);
/** Mixes @p x into @p h: the one hash step of this folder. */
static inline uint64_t feature_mix(uint64_t h, uint64_t x)
{
    h = (h ^ x) * 0x9E3779B97F4A7C15u;
    return h ^ (h >> 29);
}
