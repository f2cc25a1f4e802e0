/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Language table: how much each run of letters speaks for each language of one script. One int8 row a bucket of hashed
 * n-grams, made by language_learn.h while building, embedded in the program and read where it lies: no copy, no state.
 * Pure.
 */

#include "base/str.h"

#define LANGUAGE_MAX      32  /* languages of one table */
#define LANGUAGE_LETTERS  240 /* letters of a text that are looked at: a language is known long before */
#define LANGUAGE_GRAMS    ((LANGUAGE_LETTERS + 1) * 5) /* four n-grams and a whole word from each place at most */
#define LANGUAGE_UNKNOWN  "und" /* the class of what is said in any language: "ok", brands, names */
#define LANGUAGE_TITLES   "mul" /* label of English titles that stand in texts of any language: no class */

/** Scripts that several languages share, so that letters have to be weighed. */
enum language_script { LANGUAGE_LATIN, LANGUAGE_CYRILLIC };

/** The file's head; rows of @p width bytes follow, 2^bits of them. Little-endian, as all that we run on. */
struct language_head {
    char magic[8];
    uint32_t classes, width, bits; /**< width: classes rounded up to 8 */
    float scale;                   /**< weight = scale * row byte */
    uint32_t reserved[2];
    char names[LANGUAGE_MAX][4];   /**< ISO 639-1, ended by NUL */
    float bias[LANGUAGE_MAX];
};

#define LANGUAGE_MAGIC "XLANG01"

/** A table in memory that somebody else owns. */
struct language_table {
    const struct language_head *head;
    const int8_t *rows;
};

/** Letters of a text as the table sees them: small, one space between words and at both ends. */
struct language_letters {
    uint32_t cp[LANGUAGE_LETTERS + 1];
    size_t n;
};

/** Reads @p bytes in place; false when they are no table. They must lie on a multiple of 4 and stay. */
must_use bool language_table_read(struct str bytes, struct language_table *ret);
/** True for a letter (folded) of @p script. */
bool language_is_letter(enum language_script script, uint32_t cp);
/** The letters of @p script in folded code points. */
void language_letters(enum language_script script, const uint32_t *cp, size_t n, struct language_letters *ret);
/** Hashes of the n-grams of @p l into @p ret (room for LANGUAGE_GRAMS); the bucket is the top bits. @return how many */
size_t language_grams(const struct language_letters *l, uint32_t *ret);
/** How much @p l speaks for each class of @p t, as logits, into @p ret (LANGUAGE_MAX floats). @return grams seen */
size_t language_table_score(const struct language_table *t, const struct language_letters *l, float *ret);
