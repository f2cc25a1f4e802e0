/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Planes of a linear classifier.
 */
#include "nlu/planes.h"

#include <linear.h>
#include <math.h>
#include <stdlib.h>

struct planes planes_new(const struct vectors *v, size_t class_count)
{
    struct planes p = {.class_count = class_count, .feature_count = v->feature_count};
    p.weights = xcalloc((v->feature_count + 1) * class_count, sizeof(*p.weights));
    return p;
}

void planes_done(struct planes *p)
{
    free(p->weights);
    *p = (struct planes){0};
}

void planes_add(struct planes *p, const struct planes *other, float share)
{
    size_t n = (p->feature_count + 1) * p->class_count;
    for (size_t i = 0; i < n; i++)
        p->weights[i] += share * other->weights[i];
}

void planes_centre(struct planes *p)
{
    for (size_t f = 0; f <= p->feature_count; f++) {
        float *w = p->weights + f * p->class_count, sum = 0;
        for (size_t c = 0; c < p->class_count; c++)
            sum += w[c];
        for (size_t c = 0; c < p->class_count; c++)
            w[c] -= sum / (float)p->class_count;
    }
}

void planes_score(const struct planes *p, const struct vectors *v, size_t row, double *ret)
{
    double squares = 0;
    for (size_t c = 0; c < p->class_count; c++)
        ret[c] = 0;
    const struct feature_node *x = v->rows[row];
    for (; x->index <= (int)p->feature_count; x++) {
        const float *w = p->weights + (size_t)(x->index - 1) * p->class_count;
        bool seen = false;
        for (size_t c = 0; c < p->class_count; c++) {
            seen |= fabsf(w[c]) > 0;
            ret[c] += x->value * (double)w[c];
        }
        squares += seen ? x->value * x->value : 0;
    }
    const float *bias = p->weights + p->feature_count * p->class_count;
    for (size_t c = 0; c < p->class_count; c++)
        ret[c] = (squares > 0 ? ret[c] / sqrt(squares) : 0) + (double)bias[c];
}
