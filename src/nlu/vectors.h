/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Vectors: the training rows as sparse vectors. Counts features over all rows, drops the rare, gives the others numbers
 * and values (group weight × idf), and makes each row a unit vector. Only training uses it; the heap holds it.
 */

#include "nlu/features.h"
#include "nlu/rows.h"

struct feature_node; /* LIBLINEAR's; only vectors.c and svm.c look inside */

struct vectors {
    size_t row_count, feature_count;
    struct feature_node **rows; /* lists as LIBLINEAR wants them: numbers from 1, rising; then the bias; then -1 */
    uint64_t *hashes;           /* feature_count, by number - 1 */
    float *values;              /* group weight × idf, by number - 1 */
    struct feature_node *nodes; /* owns what rows point to */
};

/** Makes vectors of all rows. Free with vectors_done(). */
void vectors_make(const struct rows *rows, const struct feature_choice *choice, struct vectors *ret);
void vectors_done(struct vectors *v);
/** Whether pairs of tokens pay for rows like these: most tokens are words, and rows are long. */
bool vectors_want_pairs(const struct rows *rows);
