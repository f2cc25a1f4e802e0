/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Spelling: what a buyer wrote, with the shop's own words as the shop writes them: by sound (冲峰依, chongfengyi for 冲锋衣), by
 * one character that is wrong, missing or doubled in four or more (waterprof). Built with the catalog from its titles,
 * aliases and values; immutable then; any thread.
 */

#include "base/str.h"

struct spelling;

/** @param words  copied; what is too short to be told from other words is left out */
must_use struct spelling *spelling_build(const struct str *words, size_t n);
/** NULL is fine. */
void spelling_free(struct spelling *s);

/** One word of the shop that stood there in other letters. */
struct misspelling {
    size_t from, to; /**< bytes of the buyer's text */
    struct str word; /**< as the shop writes it, folded; lives as long as the spelling */
    bool sure;       /**< false: it may well be another word, worth asking */
};
#define MISSPELLINGS 8 /**< most that are found in one text */

/**
 * Finds what stands in @p text in other letters than the shop's. Costs a few microseconds, whatever the shop sells.
 * @return how many, in order of place, apart from each other
 */
size_t spelling_find(const struct spelling *s, struct arena *a, struct str text, struct misspelling ret[MISSPELLINGS]);
/** @p text with these words put right, in @p a. */
struct str spelling_mended(struct arena *a, struct str text, const struct misspelling *found, size_t n);
