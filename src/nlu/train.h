/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Training: rows of label and text become a model. Uses LIBLINEAR (L2-loss dual SVM, C 1, eps .1, bias feature), held-
 * out rows for the confidence, int8 rows for the result. The same rows give the same bytes.
 *
 * Not for two threads at once: LIBLINEAR draws from the C library's rand().
 */

#include "nlu/rows.h"

#define TRAIN_OOS_LABEL "oos" /* rows that are of none of the classes: a class of their own, reported as unclear */

enum train_pairs { TRAIN_PAIRS_AUTO, TRAIN_PAIRS_ON, TRAIN_PAIRS_OFF };

struct train_options {
    struct str concepts;    /* lexicon file of words that mean much the same (packs/zh/lexicon); may be empty */
    enum train_pairs pairs; /* pairs of tokens as features; AUTO: when most text is words, in long rows */
    void (*progress)(const char *what, int64_t done, int64_t total); /* may be NULL */
};

struct train_report {
    size_t rows, classes, features;
    bool pairs;
    double seconds;           /* processor time of this call */
    double held_out_accuracy; /* of the rows left out for calibration; an estimate, not a test */
};

/**
 * Trains on @p rows.
 * @param ret_error  a sentence: too few classes, too many; untouched on success
 * @return the model file's bytes on the heap (caller frees .p), or STR_NONE
 */
must_use struct str train_model(const struct rows *rows, const struct train_options *options,
                                struct train_report *ret, char ret_error[160]);
