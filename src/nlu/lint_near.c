/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Near.
 *
 * How          A text is the set of its tokens, a token that stands twice being two. Tokens are numbered from the rarest to
 *              the commonest. Two texts that are likely enough alike must share one of their rarest tokens: of n tokens
 *              all but least / (2 - least) × n may be missing in the partner, so looking at one token more than that finds
 *              every partner. Only these few stand in the index, and rare tokens have short lists: 18,000 short texts take
 *              a fraction of a second. Equal texts are found by a hash, so that none is missed however common its words.
 * Limits       Of a token that very many texts begin with in this order, only the newest LOOKED_AT texts are looked at: a
 *              file of a million rows takes seconds, and may have near pairs that are not told.
 * Not goals    Likeness of meaning: two wordings of one wish are welcome.
 */
#include "nlu/lint_near.h"

#include <math.h>
#include <stdlib.h>

#include "nlu/features.h"

#define LOOKED_AT 256 /* texts under one token that are looked at for one text */

/* A text's tokens as ranks, rarest first. */
struct bag {
    uint32_t *rank;
    uint32_t n;
    uint64_t order; /* hash of the tokens in the order of the text */
};

struct token_use {
    uint64_t hash;
    uint32_t text;
};

/* One text under one of its rare tokens. */
struct posting {
    uint32_t text, next; /* next: a posting + 1, 0 ends */
};

static int by_token(const void *x, const void *y)
{
    const struct token_use *a = x, *b = y;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->text > b->text) - (a->text < b->text);
}

static int by_value(const void *x, const void *y)
{
    const uint64_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static int by_rank(const void *x, const void *y)
{
    const uint32_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

/* Hashes of the tokens of a text; the second of the same token gets another hash. ? and ! are no words. */
static size_t hashes_of(struct arena *a, struct str text, uint64_t **ret, uint64_t *ret_order)
{
    struct folded f;
    struct token *t;
    normalise_points(a, text, &f);
    size_t n = features_tokens(a, &f, &t), count = 0;
    uint64_t *v = arena_array(a, uint64_t, n + 1), order = 1;
    for (size_t i = 0; i < n; i++)
        if (t[i].kind != CHAR_MARK) {
            v[count++] = t[i].hash;
            order = feature_mix(order, t[i].hash);
        }
    if (count == 0) { /* emoji, punctuation: the text itself is its only token */
        order = str_hash(text);
        v[count++] = order;
    }
    qsort(v, count, sizeof(*v), by_value);
    uint64_t before = 0, times = 0;
    for (size_t i = 0; i < count; i++) {
        times = i > 0 && v[i] == before ? times + 1 : 0;
        before = v[i];
        v[i] = feature_mix(feature_mix(1, before), times);
    }
    *ret = v;
    *ret_order = order;
    return count;
}

/* A token's uses in all texts: v[from..to) of the sorted uses. */
struct token_run {
    uint32_t from, to;
};

static int rarest_first(const void *x, const void *y)
{
    const struct token_run *a = x, *b = y;
    if (a->to - a->from != b->to - b->from)
        return a->to - a->from < b->to - b->from ? -1 : 1;
    return (a->from > b->from) - (a->from < b->from);
}

/* Fills the bags; @return how many different tokens there are. */
static size_t fill_bags(struct arena *a, const struct str *texts, size_t n, struct bag *bags)
{
    ARRAY(struct token_use) uses = {0};
    _cleanup_(arena_done) struct arena scratch = {0};
    for (size_t i = 0; i < n; i++) {
        uint64_t *hashes;
        size_t count = hashes_of(&scratch, texts[i], &hashes, &bags[i].order);
        for (size_t k = 0; k < count; k++)
            *array_push(a, &uses) = (struct token_use){hashes[k], (uint32_t)i};
        bags[i].rank = arena_array(a, uint32_t, count);
        arena_reset(&scratch);
    }
    if (uses.n == 0)
        return 0;
    qsort(uses.v, uses.n, sizeof(*uses.v), by_token);
    struct token_run *runs = arena_array(a, struct token_run, uses.n);
    size_t tokens = 0;
    for (uint32_t i = 0; i < uses.n; i++) {
        if (i == 0 || uses.v[i].hash != uses.v[i - 1].hash)
            runs[tokens++] = (struct token_run){i, i};
        runs[tokens - 1].to = i + 1;
    }
    qsort(runs, tokens, sizeof(*runs), rarest_first);
    for (uint32_t rank = 0; rank < tokens; rank++)
        for (uint32_t i = runs[rank].from; i < runs[rank].to; i++) {
            struct bag *bag = &bags[uses.v[i].text];
            bag->rank[bag->n++] = rank;
        }
    for (size_t i = 0; i < n; i++)
        qsort(bags[i].rank, bags[i].n, sizeof(*bags[i].rank), by_rank);
    return tokens;
}

static float likeness_of(const struct bag *x, const struct bag *y)
{
    uint32_t common = 0;
    for (uint32_t i = 0, k = 0; i < x->n && k < y->n;) {
        if (x->rank[i] == y->rank[k]) {
            common++;
            i++;
            k++;
        } else if (x->rank[i] < y->rank[k]) {
            i++;
        } else {
            k++;
        }
    }
    return 2.0f * (float)common / (float)(x->n + y->n);
}

static int by_pair(const void *x, const void *y)
{
    const struct near_pair *a = x, *b = y;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    return (a->y > b->y) - (a->y < b->y);
}

/* The index in the making. */
struct index {
    const struct bag *bags;
    uint32_t *heads;  /* by rank: newest posting + 1 */
    uint32_t *seen;   /* by text: the last one that met it, + 1 */
    uint32_t *equals; /* by order, open addressing: first text of that order + 1 */
    size_t mask;
    ARRAY(struct posting) postings;
    ARRAY(struct near_pair) pairs;
};

static void add_pair(struct arena *a, struct index *ix, uint32_t x, uint32_t y, float likeness)
{
    bool same = ix->bags[x].order == ix->bags[y].order;
    *array_push(a, &ix->pairs) = (struct near_pair){x, y, likeness, same};
}

/* Pairs @p y with the first text that is equal to it, if there is one. */
static void find_equal(struct arena *a, struct index *ix, uint32_t y)
{
    size_t at = ix->bags[y].order & ix->mask;
    while (ix->equals[at] != 0 && ix->bags[ix->equals[at] - 1].order != ix->bags[y].order)
        at = (at + 1) & ix->mask;
    if (ix->equals[at] == 0) {
        ix->equals[at] = y + 1;
        return;
    }
    ix->seen[ix->equals[at] - 1] = y + 1;
    add_pair(a, ix, ix->equals[at] - 1, y, 1);
}

/* Partners of @p y under its token @p rank; @return how many. */
static uint32_t find_under(struct arena *a, struct index *ix, uint32_t y, uint32_t rank, float least, uint32_t most)
{
    const struct bag *bag = &ix->bags[y];
    uint32_t partners = 0, looked = 0;
    for (uint32_t p = ix->heads[rank]; p != 0 && partners < most && looked < LOOKED_AT; p = ix->postings.v[p - 1].next) {
        uint32_t x = ix->postings.v[p - 1].text;
        looked++;
        if (ix->seen[x] == y + 1)
            continue;
        ix->seen[x] = y + 1;
        float likeness = likeness_of(&ix->bags[x], bag);
        if (likeness < least)
            continue;
        add_pair(a, ix, x, y, likeness);
        partners++;
    }
    return partners;
}

size_t near_find(struct arena *a, const struct str *texts, size_t n, double least, const struct near_pair **ret)
{
    struct bag *bags = arena_array(a, struct bag, n + 1);
    size_t tokens = fill_bags(a, texts, n, bags);
    struct index ix = {.bags = bags, .mask = 1023};
    while (ix.mask < n * 2)
        ix.mask = ix.mask * 2 + 1;
    ix.heads = arena_array(a, uint32_t, tokens + 1);
    ix.seen = arena_array(a, uint32_t, n + 1);
    ix.equals = arena_array(a, uint32_t, ix.mask + 1);
    for (uint32_t y = 0; y < n; y++) {
        /* A hair less, so that rounding never asks for one token more than is needed. */
        uint32_t shared = (uint32_t)ceil((double)bags[y].n * least / (2 - least) - 1e-9), partners = 0;
        find_equal(a, &ix, y);
        for (uint32_t i = 0; i + shared <= bags[y].n; i++) {
            uint32_t rank = bags[y].rank[i];
            partners += find_under(a, &ix, y, rank, (float)least, NEAR_PARTNERS - MIN(partners, NEAR_PARTNERS));
            *array_push(a, &ix.postings) = (struct posting){y, ix.heads[rank]};
            ix.heads[rank] = (uint32_t)ix.postings.n;
        }
    }
    if (ix.pairs.n > 0)
        qsort(ix.pairs.v, ix.pairs.n, sizeof(*ix.pairs.v), by_pair);
    *ret = ix.pairs.v;
    return ix.pairs.n;
}
