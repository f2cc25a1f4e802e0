/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resemblance.
 *
 * The weights were fitted on our own packs alone (softmax over the 12 best by BM25; every tenth utterance asked of the
 * others, Chinese and English; the right one is of the same intent) and checked on the packs' validation rows:
 * docs/decisions/0009-retrieval-what-was-tried.md, with what else was tried.
 */
#include "nlu/resemble.h"

#include <string.h>

static const struct {
    double match, same_end, x_left, y_left;
} weights = {0.355, 0.016, -0.019, -0.0047};

/* Chosen, not fitted: what was typed must be there, then run on as typed, then from the start; the rest breaks ties. */
static const struct {
    double run, begins, match, bm25;
} typed = {0.5, 0.15, 0.2, 0.05};

void resemble_chain(struct resemble_asked *x)
{
    memset(x->first, 0, sizeof(x->first));
    for (size_t k = x->text.n; k-- > 0;) {
        uint8_t *first = &x->first[x->text.term[k] % RESEMBLE_CHAINS];
        x->next[k] = *first;
        *first = (uint8_t)(k + 1);
    }
}

/* The first token of @p x that is this one and has no partner yet: 1 + its place; 0: none. */
static size_t partner_of(const struct resemble_asked *x, uint32_t term, uint64_t taken)
{
    size_t k = x->first[term % RESEMBLE_CHAINS];
    while (k != 0 && (x->text.term[k - 1] != term || (taken >> (k - 1) & 1) != 0))
        k = x->next[k - 1];
    return k;
}

/* Gives each token of @p y its own partner in @p x, if there is one. @return idf of those that have one, in y and in x. */
static double partner_up(const struct resemble_asked *x, const struct resemble_text *y, size_t *ret_count, double *ret_of_x)
{
    uint64_t taken = 0; /* bit per token of x: RESEMBLE_TOKENS is below 64 */
    double sum = 0, sum_x = 0;
    size_t count = 0;
    for (size_t i = 0; i < y->n; i++) {
        size_t k = partner_of(x, y->term[i], taken);
        if (k == 0)
            continue;
        double trust = (x->doubt >> (k - 1) & 1) != 0 ? RESEMBLE_DOUBT : 1;
        taken |= (uint64_t)1 << (k - 1);
        count++;
        sum += trust * (double)y->idf[i];
        sum_x += trust * (double)x->text.idf[k - 1];
    }
    *ret_count = count;
    *ret_of_x = sum_x;
    return sum;
}

double resemble_run(const struct resemble_text *x, const struct resemble_text *y)
{
    size_t both = 0;
    if (x->n < 2)
        return 1;
    for (size_t i = 0; i + 1 < x->n; i++)
        for (size_t k = (~y->some & (resemble_bit(x->term[i]) | resemble_bit(x->term[i + 1]))) == 0 ? 0 : y->n;
             k + 1 < y->n; k++)
            if (x->term[i] == y->term[k] && x->term[i + 1] == y->term[k + 1]) {
                both++;
                break;
            }
    return (double)both / (double)(x->n - 1);
}

void resemble(const struct resemble_asked *asked, const struct resemble_text *y, struct resemblance *ret)
{
    const struct resemble_text *x = &asked->text;
    *ret = (struct resemblance){.x_left = x->n, .y_left = y->n};
    double all = x->weight + y->weight, of_x;
    if (x->n == 0 || y->n == 0 || all <= 0)
        return;
    size_t partners;
    ret->match = 2 * partner_up(asked, y, &partners, &of_x) / all;
    ret->same_end = x->term[x->n - 1] == y->term[y->n - 1];
    ret->x_left = x->n - partners;
    ret->y_left = y->n - partners;
    ret->covered = x->weight > 0 ? of_x / x->weight : 0;
    ret->begins = x->term[0] == y->term[0];
}

double resemble_rank(double bm25, const struct resemblance *r)
{
    return bm25 + weights.match * r->match + (r->same_end ? weights.same_end : 0) +
           weights.x_left * (double)r->x_left + weights.y_left * (double)r->y_left;
}

double resemble_rank_typed(double bm25, const struct resemblance *r, double run)
{
    return r->covered + typed.run * run + (r->begins ? typed.begins : 0) + typed.match * r->match +
           typed.bm25 * bm25;
}
