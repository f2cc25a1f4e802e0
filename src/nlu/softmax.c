/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Softmax regression by AdaGrad.
 *
 * How          Rows are walked in a shuffled order, some rounds; of each row, half of the features are left out at random
 *              ("dropout": no feature may be relied on alone, as in real questions none can), the classes' chances are
 *              reckoned, and the weights of the classes whose chance is off are moved against it. The step grows smaller
 *              by weight as it has been moved (AdaGrad) and to nothing as the rounds end.
 * Cost         A row costs features × classes multiplications, in vectors of eight; the moving is for the few classes whose
 *              chance is off by more than a thousandth.
 * Invariants   Own random numbers with a fixed seed, so the same rows give the same weights.
 */
#include "nlu/softmax.h"

#include <linear.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS    8
#define STEP      1.0f
#define KEPT      0.5f   /* part of a row's features that a round looks at */
#define BIAS      0.3f   /* value of the bias feature */
#define OFF_LEAST 0.001f /* a chance that is off by less moves nothing */
#define TINY      1e-8f
#define LANES     8

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

/* One training under way. */
struct fitting {
    size_t classes, stride;  /* stride: classes rounded up to whole vectors */
    lanes *weights, *squares; /* [feature][stride]; squares: of all gradients so far */
    lanes *chances;          /* [stride]: of the row at hand, then how far each is off */
    uint32_t *off;           /* classes that are off */
    uint32_t *features;      /* of the row at hand, kept ones */
    float *values;
    size_t kept;
    uint64_t random;
};

static uint32_t draw(struct fitting *f)
{
    f->random = f->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(f->random >> 32);
}

/* Notes the features of a row that this round looks at, and the bias. */
static void keep_some(struct fitting *f, const struct feature_node *x, int bias)
{
    f->kept = 0;
    for (; x->index < bias; x++) {
        if (draw(f) > (uint32_t)(KEPT * 4294967040.0f))
            continue;
        f->features[f->kept] = (uint32_t)x->index - 1;
        f->values[f->kept++] = (float)x->value / KEPT;
    }
    f->features[f->kept] = (uint32_t)bias - 1;
    f->values[f->kept++] = BIAS;
}

static void reckon_chances(struct fitting *f)
{
    size_t blocks = f->stride / LANES;
    memset(f->chances, 0, f->stride * sizeof(float));
    for (size_t i = 0; i < f->kept; i++) {
        const lanes *w = f->weights + f->features[i] * blocks;
        for (size_t b = 0; b < blocks; b++)
            f->chances[b] += w[b] * f->values[i];
    }
    float *z = (float *)f->chances, greatest = z[0], sum = 0;
    for (size_t c = 1; c < f->classes; c++)
        greatest = z[c] > greatest ? z[c] : greatest;
    for (size_t c = 0; c < f->classes; c++)
        sum += z[c] = expf(z[c] - greatest);
    for (size_t c = 0; c < f->classes; c++)
        z[c] /= sum;
}

static void move_weights(struct fitting *f, size_t truth, float step)
{
    float *off = (float *)f->chances;
    size_t n = 0;
    off[truth] -= 1;
    for (size_t c = 0; c < f->classes; c++)
        if (fabsf(off[c]) > OFF_LEAST)
            f->off[n++] = (uint32_t)c;
    for (size_t i = 0; i < f->kept; i++) {
        float *w = (float *)f->weights + f->features[i] * f->stride;
        float *squares = (float *)f->squares + f->features[i] * f->stride;
        for (size_t k = 0; k < n; k++) {
            uint32_t c = f->off[k];
            float gradient = f->values[i] * off[c];
            squares[c] += gradient * gradient;
            w[c] -= step * gradient / sqrtf(squares[c] + TINY);
        }
    }
}

static size_t longest_row(const struct vectors *v)
{
    size_t longest = 0;
    for (size_t i = 0; i < v->row_count; i++) {
        size_t n = 0;
        while (v->rows[i][n].index > 0)
            n++;
        longest = MAX(longest, n);
    }
    return longest;
}

static void *new_lanes(size_t floats)
{
    size_t bytes = floats * sizeof(float);
    void *p = aligned_alloc(sizeof(lanes), bytes);
    if (p == NULL)
        fatal("out of memory: %zu bytes", bytes);
    return memset(p, 0, bytes);
}

static struct fitting fitting_new(const struct vectors *v, size_t classes)
{
    size_t longest = longest_row(v);
    struct fitting f = {.classes = classes, .stride = (classes + LANES - 1) / LANES * LANES, .random = 42};
    f.weights = new_lanes((v->feature_count + 1) * f.stride);
    f.squares = new_lanes((v->feature_count + 1) * f.stride);
    f.chances = new_lanes(f.stride);
    f.off = xcalloc(classes, sizeof(*f.off));
    f.features = xcalloc(longest + 1, sizeof(*f.features));
    f.values = xcalloc(longest + 1, sizeof(*f.values));
    return f;
}

static void fitting_done(struct fitting *f)
{
    free(f->weights);
    free(f->squares);
    free(f->chances);
    free(f->off);
    free(f->features);
    free(f->values);
}

static void shuffle(struct fitting *f, uint32_t *order, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = draw(f) % i;
        uint32_t row = order[k];
        order[k] = order[i - 1];
        order[i - 1] = row;
    }
}

void softmax_train(const struct vectors *v, const double *class_of, size_t class_count, const bool *skip,
                   struct planes *ret)
{
    _cleanup_(fitting_done) struct fitting f = fitting_new(v, class_count);
    uint32_t *order = xcalloc(v->row_count + 1, sizeof(*order));
    size_t n = 0, bias = v->feature_count;
    for (size_t i = 0; i < v->row_count; i++)
        if (skip == NULL || !skip[i])
            order[n++] = (uint32_t)i;

    for (int round = 0; round < ROUNDS; round++) {
        shuffle(&f, order, n);
        for (size_t i = 0; i < n; i++) {
            float done = ((float)round + (float)i / (float)n) / ROUNDS;
            keep_some(&f, v->rows[order[i]], (int)bias + 1);
            reckon_chances(&f);
            move_weights(&f, (size_t)class_of[order[i]], STEP * (1 - done));
        }
    }
    *ret = planes_new(v, class_count);
    for (size_t i = 0; i <= bias; i++)
        for (size_t c = 0; c < class_count; c++)
            ret->weights[i * class_count + c] = ((const float *)f.weights)[i * f.stride + c] * (i == bias ? BIAS : 1);
    free(order);
}
