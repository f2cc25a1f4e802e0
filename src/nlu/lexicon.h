/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Lexicon: words with a kind and a value, from a file `kind<TAB>word<TAB>value`; finds the longest that begins at a
 * place of a folded text. Words of letters match whole words only. Immutable after reading; any thread.
 */

#include "nlu/normalise.h"

struct lexicon;

struct lexicon_entry {
    struct str kind, word, value; /**< value may be empty */
    double number;                /**< value as a number, 0 when it is none */
};

/**
 * Reads @p file; '#' begins a comment line. The same word may stand under several kinds; the first one wins.
 * @return NULL when a line has no word; else free with lexicon_free()
 */
must_use struct lexicon *lexicon_read(struct str file);
void lexicon_free(struct lexicon *l);
/** Longest word that begins at @p at and ends at *ret_end; NULL when there is none. */
const struct lexicon_entry *lexicon_at(const struct lexicon *l, const struct folded *f, size_t at, size_t *ret_end);
