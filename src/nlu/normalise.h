/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Normalising: the form in which language is compared. Full width becomes half width, capitals become small,
 * compatibility forms (ligatures, circled digits, half-width kana, composed accents) become the plain ones, as NFKC
 * has it. Pure; never fails: bytes that are no UTF-8 count as a space.
 */

#include "base/str.h"

/** What a character is to us. */
enum char_class {
    CHAR_OTHER, /**< splits: space, punctuation, symbols */
    CHAR_WORD,  /**< letter or digit of a script that writes words */
    CHAR_CJK,   /**< Han, kana, hangul: a token by itself */
    CHAR_MARK,  /**< ? or !: kept, because they carry meaning */
};

/** Code points of a text, each folded. */
struct folded {
    uint32_t *cp; /**< n folded code points */
    uint32_t *at; /**< n + 1 byte offsets into the text; NULL from normalise() */
    size_t n;
};

/** One code point: half width, small letter. */
uint32_t normalise_char(uint32_t cp);
/** What @p cp, already folded, is. */
enum char_class normalise_class(uint32_t cp);
/** Folds one by one, so that every character keeps its place in @p text. In @p a. */
void normalise_fold(struct arena *a, struct str text, struct folded *ret);
/** Folds with NFKC where the text needs it: places are lost, equal looks become equal. In @p a. */
void normalise_points(struct arena *a, struct str text, struct folded *ret);
/** normalise_points() as UTF-8 in @p a. */
struct str normalise(struct arena *a, struct str text);
