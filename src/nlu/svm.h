/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SVM: LIBLINEAR behind our own names (its header calls its own things `struct model` and `train`). One plane a class,
 * that class against all others. Training only; the query path is nlu/model.h.
 */

#include "nlu/vectors.h"

struct svm {
    size_t class_count;
    size_t feature_count;
    float *weights;       /* [feature][class]; the last row is the bias */
};

/**
 * Trains on all rows of @p v.
 *
 * @param class_of  class of each row, 0 … class_count - 1; two different ones at least
 */
void svm_train(const struct vectors *v, const double *class_of, size_t class_count, struct svm *ret);
/**
 * The planes that training without the rows of @p skip would have made, at a tenth of its cost: a plane depends only on
 * the rows near it, so each is trained on those that @p whole, trained on all, has within reach.
 */
void svm_train_without(const struct vectors *v, const double *class_of, const struct svm *whole, const bool *skip,
                       struct svm *ret);
void svm_done(struct svm *s);
/** Margins of row @p row, which training did not see: features that it did not see either count as unknown. */
void svm_score(const struct svm *s, const struct vectors *v, size_t row, double *ret);
