/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparison.
 *
 * How          Paired bootstrap: as many rows as there are are drawn with replacement, again and again, and the difference
 *              of both accuracies on the drawn rows is taken; the middle 95 % of these differences are the interval. Pairs
 *              matter: what both have right or both wrong says nothing of who is better. A fixed seed, so that two runs
 *              print the same.
 */
#include "nlu/compare.h"

#include <stdlib.h>


#define SAMPLES_MOST  2000
#define SAMPLES_LEAST 200
#define DRAWS_MOST    ((size_t)40000000) /* of all samples: about 0.1 s */
#define SEED          20260101u

static int by_value(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

/* Numbers 0 … n - 1, each as likely, one after another. */
static size_t draw(uint64_t *state, size_t n)
{
    *state += 0x9E3779B97F4A7C15u;
    uint64_t z = (*state ^ (*state >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (size_t)(((z >> 32) * (uint64_t)n) >> 32);
}

/* gain[i]: 1 where only this one is right, -1 where only the other is, 0 elsewhere. */
static void interval(struct arena *a, const int8_t *gain, size_t n, struct comparison *ret)
{
    size_t samples = MIN(SAMPLES_MOST, MAX(SAMPLES_LEAST, DRAWS_MOST / n));
    int64_t *sums = arena_array(a, int64_t, samples);
    uint64_t state = SEED;
    for (size_t s = 0; s < samples; s++)
        for (size_t i = 0; i < n; i++)
            sums[s] += gain[draw(&state, n)];
    qsort(sums, samples, sizeof(*sums), by_value);
    ret->low = (double)sums[samples * 25 / 1000] / (double)n;
    ret->high = (double)sums[samples - 1 - samples * 25 / 1000] / (double)n;
}

void compare(struct arena *a, const struct outcome *this, const struct outcome *other, size_t n, struct comparison *ret)
{
    *ret = (struct comparison){0};
    int8_t *gain = arena_array(a, int8_t, n + 1);
    uint32_t *worse = arena_array(a, uint32_t, n + 1), *better = arena_array(a, uint32_t, n + 1);
    size_t right = 0, other_right = 0;
    for (size_t i = 0; i < n; i++) {
        if (this[i].right && !other[i].right)
            better[ret->improvement_count++] = (uint32_t)i;
        if (!this[i].right && other[i].right)
            worse[ret->regression_count++] = (uint32_t)i;
        if (!this[i].in_scope)
            continue;
        gain[ret->rows++] = (int8_t)(this[i].right - other[i].right);
        right += this[i].right;
        other_right += other[i].right;
    }
    ret->regressions = worse;
    ret->improvements = better;
    if (ret->rows == 0)
        return;
    ret->accuracy = (double)right / (double)ret->rows;
    ret->other = (double)other_right / (double)ret->rows;
    ret->difference = ret->accuracy - ret->other;
    interval(a, gain, ret->rows, ret);
}
