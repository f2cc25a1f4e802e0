/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Training: rows of label and text become a model. An SVM by LIBLINEAR (L2-loss dual, C 1, eps .1, bias feature) with a
 * little softmax regression mixed in, held-out rows for the confidence, int8 rows for the result. The same rows give the
 * same bytes. Memory and time are bounded whatever the file: a larger one is thinned, class by class.
 *
 * Not for two threads at once: LIBLINEAR draws from the C library's rand().
 */

#include "nlu/rows.h"

#define TRAIN_OOS_LABEL "oos" /* rows that are of none of the classes: a class of their own, reported as unclear */

enum train_pairs { TRAIN_PAIRS_AUTO, TRAIN_PAIRS_ON, TRAIN_PAIRS_OFF };
enum train_quality {
    TRAIN_QUALITY_AUTO, /* BEST where it pays for rows like these */
    TRAIN_FAST,         /* the SVM alone: half the time */
    TRAIN_BEST,         /* a mixture of SVM and softmax regression: some tenths of a percent to a whole one better */
};

struct train_options {
    struct str concepts;    /* lexicon file of words that mean much the same (packs/zh/lexicon); may be empty */
    enum train_pairs pairs; /* pairs of tokens as features; AUTO: where they pay for rows like these */
    enum train_quality quality;
    size_t most_bytes;      /* size of the model, labels and concepts apart; 0: 14.5 MB */
    void (*progress)(const char *what, int64_t done, int64_t total); /* may be NULL */
};

struct train_report {
    size_t rows, classes, features;
    size_t rows_used;         /* fewer than rows when the file was thinned */
    size_t contradictions;    /* rows whose text stands under another label too */
    bool pairs, mixed;        /* pairs of tokens are features; softmax regression is mixed in */
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
