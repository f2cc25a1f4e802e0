/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SVM: LIBLINEAR behind our own names (its header calls its own things `struct model` and `train`). One plane a class,
 * that class against all others.
 */

#include "nlu/planes.h"

/**
 * Trains on all rows of @p v.
 *
 * @param class_of  class of each row, 0 … class_count - 1; two different ones at least
 */
void svm_train(const struct vectors *v, const double *class_of, size_t class_count, struct planes *ret);
/**
 * The planes that training without the rows of @p skip would have made, at a tenth of its cost: a plane depends only on
 * the rows near it, so each is trained on those that @p whole, trained on all, has within reach.
 */
void svm_train_without(const struct vectors *v, const double *class_of, const struct planes *whole, const bool *skip,
                       struct planes *ret);
