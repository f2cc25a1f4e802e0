/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SVM: LIBLINEAR behind our own names (its header calls its own things `struct model` and `train`). One plane a class,
 * that class against all others. Training only; the query path is nlu/model.h.
 */

#include "nlu/vectors.h"

struct svm {
    size_t class_count;   /* all classes of the job, also those that the trained rows lack */
    size_t feature_count;
    float *weights;       /* [feature][class]; the last row is the bias */
};

/**
 * Trains on the rows of @p v for which @p skip is false (NULL: all).
 *
 * @param class_of  class of each row, 0 … class_count - 1
 * @return false when the rows have fewer than two classes
 */
must_use bool svm_train(const struct vectors *v, const double *class_of, size_t class_count, const bool *skip,
                        struct svm *ret);
void svm_done(struct svm *s);
/** Margins of row @p row, which training did not see: features that it did not see either count as unknown. */
void svm_score(const struct svm *s, const struct vectors *v, size_t row, double *ret);
