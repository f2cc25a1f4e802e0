/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Evaluation: how well something that names a label for a text does on rows whose label is known. One figure for the
 * whole here; per label, pair and confidence in evaluate_detail.h; one against another in compare.h.
 */

#include "nlu/rows.h"

#define EVALUATE_OOS "oos" /* label of rows that are of no class, and of what was refused */

/** What was said to a text. */
struct said {
    struct str label;  /**< lives in the arena given, or longer */
    double confidence; /**< calibrated, 0 … 1 */
    bool refused;      /**< says that it cannot tell: the label does not count */
    bool sure;         /**< it would act on it without asking back */
};

typedef void evaluate_fn(void *arg, struct arena *a, struct str text, struct said *ret);

/** What came of one row. */
struct outcome {
    const struct row *row;
    struct str truth;  /**< the row's label; of "a|b" the one that was said, else the first */
    struct str said;   /**< equal to truth when right; EVALUATE_OOS when refused */
    double confidence;
    bool in_scope;     /**< the truth is not EVALUATE_OOS */
    bool refused, sure, right;
};

struct evaluation {
    size_t rows;       /**< in scope: all but those labelled "oos" */
    size_t oos_rows;
    size_t rejected;   /**< in-scope rows refused; each counts as wrong */
    size_t sure, sure_and_wrong; /**< of all rows */
    double accuracy;   /**< 0 … 1, of the in-scope rows */
    double macro_f1;   /**< mean over the labels of the in-scope rows */
    double oos_recall; /**< part of the oos rows refused or named "oos"; 0 when there are none */
    double queries_per_second; /**< of processor time, one thread; 0 when not measured */
};

/**
 * Asks @p guess for every row.
 * @param alternatives  a row's label may be "a|b": either is right
 * @param speed         ask on for a quarter of a second to measure it
 * @return rows->n outcomes in @p a, in the order of the rows, whose labels are views into @p a or the rows
 */
const struct outcome *evaluate(struct arena *a, const struct rows *rows, bool alternatives, bool speed,
                               evaluate_fn *guess, void *arg, struct evaluation *ret);
