/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Lint: what is wrong with training rows, before anybody trains on them. Each finding says where and what to do.
 *
 * Errors are what makes a model worse or a measurement untrue; warnings are worth a look. Pure.
 */

#include "nlu/frame.h"

enum lint_kind {
    LINT_COLUMNS,            /**< a line that is not label<TAB>text */
    LINT_UNKNOWN_INTENT,     /**< a label that nothing acts on */
    LINT_DUPLICATE,          /**< the same text twice under one label */
    LINT_CONTRADICTION,      /**< the same text under two labels */
    LINT_LEAK,               /**< a validation text stands among the training rows, or almost */
    LINT_FRAME,              /**< more than LINT_FRAME_MOST sentences of one intent are one sentence */
    LINT_FEW,                /**< an intent with too few rows */
    LINT_NEAR_DUPLICATE,     /**< two texts of a label in almost the same words */
    LINT_NEAR_CONTRADICTION, /**< two texts of two labels in almost the same words */
    LINT_EASY,               /**< an intent that one word gives away: the model learns the word */
    LINT_IMBALANCE,          /**< an intent with far more or fewer rows than the middle one */
    LINT_KINDS,
};

#define LINT_FRAME_MOST 3    /* sentences that may share a frame */
#define LINT_LIKENESS   0.9  /* from here on two texts are near */

struct lint_file {
    struct str name, bytes;
    bool held_out; /**< validation rows: looked at for leaks, columns and intents only */
};

struct lint_options {
    struct framer *framer;
    const struct str *intents; /**< ids that a row may have, "oos" among them; sorted */
    size_t intent_count;
    size_t least_rows;         /**< an intent has at least so many … */
    bool whole;                /**< … and a lack is an error, for all of @p intents: these are all rows of a language */
};

/** One thing to mend. */
struct lint_finding {
    enum lint_kind kind;
    struct str file;
    size_t line;        /**< 0: the finding is about an intent as a whole */
    struct str intent;  /**< may be empty */
    struct str message; /**< a sentence in English, naming other lines where there are any */
};

struct lint_report {
    size_t rows, held_out_rows, intents; /**< read well; labels of training rows */
    size_t errors, warnings, by_kind[LINT_KINDS];
    const struct lint_finding *v;        /**< by file in the order given, line and kind */
    size_t n;
};

/** The findings of @p files, in @p a. */
void lint(struct arena *a, const struct lint_file *files, size_t n, const struct lint_options *options,
          struct lint_report *ret);
/** "duplicate"… */
const char *lint_kind_name(enum lint_kind kind);
bool lint_is_error(const struct lint_options *options, enum lint_kind kind);
/** Why frames of @p intent are not held against it; NULL when they are. */
const char *lint_frame_exemption(struct str intent);
