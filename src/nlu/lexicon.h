/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Lexicon: words with a kind and a value, from a file `kind<TAB>word<TAB>value`; finds the longest that begins at a
 * place of a folded text. Words of letters match whole words only. Immutable after reading; any thread.
 */

#include "nlu/normalise.h"

struct lexicon;

/** The kinds that code asks for by name; files may have others. */
enum word_kind {
    WORD_OTHER,
    /* rules: nlu/understand.c */
    WORD_EXACT, WORD_MEDIA,
    /* entities: nlu/entity.c, nlu/address.c, nlu/when_scan.h */
    WORD_COLOUR, WORD_REGION, WORD_PLAIN, WORD_LABEL, WORD_SURNAME, WORD_STREET, WORD_DOOR, WORD_DATE, WORD_LEAD,
    WORD_HOURS, WORD_WEEK, WORD_WEEKDAY, WORD_MONTH, WORD_PART, WORD_NUMBER, WORD_PAST, WORD_COMING,
    /* emotion: nlu/emotion.c */
    WORD_ANGRY, WORD_ANXIOUS, WORD_SAD, WORD_HAPPY, WORD_GOOD, WORD_BAD, WORD_NEGATE, WORD_STRONGER, WORD_WEAKER,
    WORD_THANKS, WORD_ASKS, WORD_ABUSE, WORD_SELF_HARM, WORD_LEGAL,
    WORD_KINDS,
};

struct lexicon_entry {
    struct str kind, word, value; /**< value may be empty */
    double number;                /**< value as a number, 0 when it is none */
    uint64_t kind_hash;           /**< str_hash() of kind */
    enum word_kind is;            /**< kind, so that it need not be read */
};

/**
 * Reads @p file; '#' begins a comment line. The same word may stand under several kinds; the first one wins.
 * @return NULL when a line has no word; else free with lexicon_free()
 */
must_use struct lexicon *lexicon_read(struct str file);
void lexicon_free(struct lexicon *l);
/** Longest word that begins at @p at and ends at *ret_end; NULL when there is none. */
const struct lexicon_entry *lexicon_at(const struct lexicon *l, const struct folded *f, size_t at, size_t *ret_end);
