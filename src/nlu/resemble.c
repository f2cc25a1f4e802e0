/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resemblance.
 *
 * The weights were fitted (softmax over the 24 best by BM25) on 888 questions held out of a base's own clusters, in two
 * halves against each other: top-1 85.3 → 87.5 there. Common order (LCS), the same beginning, and the idf of what is
 * left over were tried as well and added nothing.
 */
#include "nlu/resemble.h"

static const struct {
    double match, pairs, same_end, x_left, y_left;
} weights = {0.40, 0.37, 0.035, -0.020, -0.008};

/* Gives each token of @p y its own partner in @p x, if there is one. @return idf of those that have one. */
static double partner_up(const struct resemble_text *x, const struct resemble_text *y, size_t *ret_count)
{
    uint64_t taken = 0; /* bit per token of x: RESEMBLE_TOKENS is below 64 */
    double sum = 0;
    for (size_t i = 0; i < y->n; i++)
        for (size_t k = (x->some & resemble_bit(y->term[i])) != 0 ? 0 : x->n; k < x->n; k++) {
            if (x->term[k] != y->term[i] || (taken >> k & 1) != 0)
                continue;
            taken |= (uint64_t)1 << k;
            sum += (double)y->idf[i];
            break;
        }
    *ret_count = (size_t)__builtin_popcountll(taken);
    return sum;
}

static double pairs_of(const struct resemble_text *x, const struct resemble_text *y)
{
    size_t both = 0;
    for (size_t i = 0; i + 1 < x->n; i++)
        for (size_t k = (~y->some & (resemble_bit(x->term[i]) | resemble_bit(x->term[i + 1]))) == 0 ? 0 : y->n;
             k + 1 < y->n; k++)
            if (x->term[i] == y->term[k] && x->term[i + 1] == y->term[k + 1]) {
                both++;
                break;
            }
    size_t longer = MAX(x->n, y->n);
    return longer > 1 ? (double)both / (double)(longer - 1) : 0;
}

void resemble(const struct resemble_text *x, const struct resemble_text *y, struct resemblance *ret)
{
    *ret = (struct resemblance){.x_left = x->n, .y_left = y->n};
    double all = x->weight + y->weight;
    if (x->n == 0 || y->n == 0 || all <= 0)
        return;
    size_t partners;
    ret->match = 2 * partner_up(x, y, &partners) / all;
    ret->pairs = pairs_of(x, y);
    ret->same_end = x->term[x->n - 1] == y->term[y->n - 1];
    ret->x_left = x->n - partners;
    ret->y_left = y->n - partners;
}

double resemble_rank(double bm25, const struct resemblance *r)
{
    return bm25 + weights.match * r->match + weights.pairs * r->pairs + (r->same_end ? weights.same_end : 0) +
           weights.x_left * (double)r->x_left + weights.y_left * (double)r->y_left;
}
