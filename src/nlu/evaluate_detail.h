/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Detail of an evaluation: which labels are weak, which are taken for each other, and whether the confidence tells the
 * truth. Pure; made from outcomes. Rows labelled "oos" count here as rows of a label like any other.
 */

#include "nlu/evaluate.h"

#define DETAIL_BINS     10
#define DETAIL_EXAMPLES 5

/** One label. */
struct label_figures {
    struct str label;
    size_t support; /**< rows that are of it */
    size_t said;    /**< rows that it was said to */
    size_t right;   /**< both */
};

/** What was said to rows of another label. */
struct confusion {
    struct str truth, said;
    size_t n;
    const struct outcome *examples[DETAIL_EXAMPLES]; /**< the most confident first */
    size_t example_count;
};

/** Rows whose confidence lies in one tenth. */
struct reliability {
    size_t n, right;
    double confidence; /**< mean; 0 when n is */
};

struct detail {
    const struct label_figures *labels; /**< every label that a row has or that was said, by name */
    size_t label_count;
    const struct confusion *confusions; /**< the most frequent first, then by names */
    size_t confusion_count;
    struct reliability bins[DETAIL_BINS];
    double calibration_error; /**< mean distance of confidence and accuracy over the rows, 0 … 1 */
    double coverage;          /**< part of the rows that it is sure of */
    double sure_accuracy;     /**< of these, the part that is right; 0 when there are none */
};

double label_precision(const struct label_figures *l);
double label_recall(const struct label_figures *l);
double label_f1(const struct label_figures *l);

/** Refused rows take part in the bins with what they would have said counted as wrong. In @p a. */
void evaluate_detail(struct arena *a, const struct outcome *v, size_t n, struct detail *ret);
