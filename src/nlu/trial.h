/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Trial: training rows are left out, fold by fold, and asked of planes made from the others. What they score becomes the
 * model's confidence and its thresholds. Training only.
 */

#include "nlu/model.h"
#include "nlu/planes.h"
#include "nlu/rows.h"

struct trial {
    const struct rows *rows;
    const struct vectors *vectors; /* of rows */
    const double *class_of;
    const struct planes *whole; /* SVM planes of all rows */
    size_t row_count;           /* rows that are tried: the first so many */
    size_t oos;                 /* class of rows that are of none, or SIZE_MAX */
    bool mix;                   /* the planes that ship are a mixture: so are these */
};

/** How the held-out rows' best guesses did. @param ret_accuracy  part of the rows in scope that were right */
struct calibration trial_run(const struct trial *t, double *ret_accuracy);

/**
 * From SVM planes to those that answer: mixed with softmax regression, as much as pays, if @p mix; then centred.
 * @param skip  rows that are left out, or NULL
 */
void trial_finish(const struct vectors *v, const double *class_of, const bool *skip, bool mix, struct planes *planes);
