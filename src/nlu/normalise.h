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
    uint32_t *at; /**< n + 1 byte offsets into the text; NULL where places are lost */
    size_t n;
    bool compatible; /**< of normalise_fold(): some character has another form, which normalise_compose() puts in its place */
};

/** One code point: half width, small letter. */
uint32_t normalise_char(uint32_t cp);
/** normalise_class() of what is neither ASCII nor a common Han character. */
enum char_class normalise_class_rare(uint32_t cp);
/** What @p cp, already folded, is. */
static inline enum char_class normalise_class(uint32_t cp)
{
    if (cp >= 0x4E00 && cp <= 0x9FFF)
        return CHAR_CJK;
    if (cp >= 0x80)
        return normalise_class_rare(cp);
    if (((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z') || (cp >= '0' && cp <= '9'))
        return CHAR_WORD;
    return cp == '?' || cp == '!' ? CHAR_MARK : CHAR_OTHER;
}
/** Folds one by one, so that every character keeps its place in @p text. In @p a. */
void normalise_fold(struct arena *a, struct str text, struct folded *ret);
/** What normalise_points() gives of the text that @p f was folded from: the same code points where nothing has another form. */
void normalise_compose(struct arena *a, const struct folded *f, struct folded *ret);
/** Folds with NFKC where the text needs it: places are lost, equal looks become equal. In @p a. */
void normalise_points(struct arena *a, struct str text, struct folded *ret);
/** normalise_points() as UTF-8 in @p a. */
struct str normalise(struct arena *a, struct str text);
