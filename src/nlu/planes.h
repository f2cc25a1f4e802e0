/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Planes: the weights of a linear classifier in the making, one plane a class. Two kinds of training make them
 * (nlu/svm.h, nlu/softmax.h); since both are sums over the same features, a mixture of both is again just one set of
 * planes and costs nothing when a question is asked. Training only; the query path is nlu/model.h.
 */

#include "nlu/vectors.h"

struct planes {
    size_t class_count, feature_count;
    float *weights; /* [feature][class]; the last row is the bias */
};

/** All weights 0. Free with planes_done(). */
struct planes planes_new(const struct vectors *v, size_t class_count);
void planes_done(struct planes *p);
/** p = p + share × other. */
void planes_add(struct planes *p, const struct planes *other, float share);
/**
 * Takes each feature's mean weight off its weights. No class gains on another; but a margin now says how far the best class
 * is ahead of all of them on average, and that tells unknown questions better than anything else that was tried.
 */
void planes_centre(struct planes *p);
/** Margins of row @p row, which training did not see: features that it did not see either count as unknown. */
void planes_score(const struct planes *p, const struct vectors *v, size_t row, double *ret);
