/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Vectors: the training rows as sparse vectors. Counts features over all rows, drops the rare, gives the others numbers
 * and values (group weight × idf), and makes each row a unit vector. Only training uses it; the heap holds it.
 */

#include "nlu/features.h"
#include "nlu/rows.h"

struct feature_node; /* LIBLINEAR's; only training looks inside */

struct vectors {
    size_t row_count, feature_count;
    struct feature_node **rows; /* lists as LIBLINEAR wants them: numbers from 1, rising; then the bias; then -1 */
    uint64_t *hashes;           /* feature_count, by number - 1 */
    float *values;              /* group weight × idf, by number - 1 */
    uint32_t *tokens;           /* by row: features of its tokens, known or not; how long it is */
    struct feature_node *nodes; /* owns what rows point to */
};

/**
 * Makes vectors of all rows. Free with vectors_done().
 * @param most_features  the rarest are dropped until no more than so many are left
 */
void vectors_make(const struct rows *rows, const struct feature_choice *choice, size_t most_features, struct vectors *ret);
void vectors_done(struct vectors *v);
/** Cosine of two rows: 1 the same features, 0 none in common. */
double vectors_likeness(const struct vectors *v, size_t x, size_t y);
/** What the texts of some rows are like. */
struct text_kind {
    double length; /* tokens of an average row */
    bool words;    /* most tokens are words, not Han characters and the like */
};

struct text_kind vectors_kind(const struct rows *rows);
