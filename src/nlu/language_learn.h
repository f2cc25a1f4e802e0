/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Learning languages: phrases become a language table, while building. From each phrase many pieces are made, as
 * shoppers write them: whole, cut short, without marks on letters, with a foreign title in them, Serbian in both of its
 * scripts. Softmax regression on hashed n-grams; the same phrases give the same bytes. Pure; not for the running server.
 */

#include "nlu/language_table.h"
#include "nlu/rows.h"

struct language_learning {
    enum language_script script; /**< phrases in another script are passed over */
    uint32_t bits;               /**< 2^bits buckets */
    bool hold_out;               /**< leaves every eighth phrase out and asks for it: an estimate, not a test */
};

struct language_report {
    size_t phrases, pieces, languages;
    size_t asked, right;              /**< of the phrases left out, cut to 20 characters */
    size_t asked_of[LANGUAGE_MAX], right_of[LANGUAGE_MAX];
    char names[LANGUAGE_MAX][4];
};

/**
 * Learns from @p phrases (label: ISO 639-1 code, "und" or "mul").
 * @param ret_error  a sentence; untouched on success
 * @return the table's bytes on the heap (caller frees .p), or STR_NONE
 */
must_use struct str language_learn(const struct rows *phrases, const struct language_learning *how,
                                   struct language_report *ret, char ret_error[160]);
