/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Softmax regression: planes that are trained all together, so that they share out one certainty among the classes, where
 * the SVM's planes know nothing of each other. Weaker than the SVM alone; a little of it mixed into the SVM's planes is
 * better than either (docs/decisions/0008-nlu-what-was-tried.md).
 */

#include "nlu/planes.h"

/**
 * Trains on the rows of @p v that are not in @p skip (NULL: on all). The same rows give the same weights.
 *
 * @param class_of  class of each row, 0 … class_count - 1
 */
void softmax_train(const struct vectors *v, const double *class_of, size_t class_count, const bool *skip,
                   struct planes *ret);
