/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Evaluation: how well something that names a label for a text does on rows whose label is known.
 */

#include "nlu/rows.h"

/** Names the label of @p text; false: refuses to say. */
typedef bool evaluate_fn(void *arg, struct arena *a, struct str text, struct str *ret_label);

struct evaluation {
    size_t rows;       /**< in scope: all but those labelled "oos" */
    size_t oos_rows;
    size_t rejected;   /**< in-scope rows refused; each counts as wrong */
    double accuracy;   /**< 0 … 1, of the in-scope rows */
    double macro_f1;   /**< mean over the labels of the in-scope rows */
    double oos_recall; /**< part of the oos rows refused or named "oos"; 0 when there are none */
    double queries_per_second; /**< of processor time, one thread */
};

/**
 * Asks @p guess for every row.
 * @param alternatives  a row's label may be "a|b": either is right
 * @param each          told of each row's outcome for lists of errors, may be NULL
 */
void evaluate(struct arena *a, const struct rows *rows, bool alternatives, evaluate_fn *guess, void *arg,
              void (*each)(void *arg, const struct row *row, struct str said, bool right), void *each_arg,
              struct evaluation *ret);
