/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vectors of the training rows.
 *
 * How          Each row's features are hashed once and kept, sorted and counted, as (hash, count, group); one table maps
 *              hash to the number of rows it stands in; what stands in enough of them gets a number in order of first
 *              appearance, so the same rows always give the same model.
 */
#include "nlu/vectors.h"

#include <linear.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MANY_ROWS 2000 /* from here on a feature must stand in two rows to count */

/* One feature of one row. */
struct item {
    uint64_t hash;
    uint32_t count;
    float weight;
};

/* One feature of all rows; an entry with rows == 0 is empty. */
struct entry {
    uint64_t hash;
    uint32_t rows;
    uint32_t number; /* from 1; 0: too rare */
    float weight;
};

struct counter {
    struct entry *v;
    size_t n, mask;
};

/* All rows' items, one after another; row i's are [from[i], from[i + 1]). */
struct items {
    struct item *v;
    size_t n, cap;
    size_t *from;
};

static struct entry *counter_at(const struct counter *c, uint64_t hash)
{
    size_t at = hash & c->mask;
    while (c->v[at].rows != 0 && c->v[at].hash != hash)
        at = (at + 1) & c->mask;
    return &c->v[at];
}

static void counter_grow(struct counter *c)
{
    struct counter bigger = {.n = c->n, .mask = c->v == NULL ? 0xFFFF : c->mask * 2 + 1};
    bigger.v = xcalloc(bigger.mask + 1, sizeof(*bigger.v));
    for (size_t i = 0; c->v != NULL && i <= c->mask; i++)
        if (c->v[i].rows != 0)
            *counter_at(&bigger, c->v[i].hash) = c->v[i];
    free(c->v);
    *c = bigger;
}

static void counter_add(struct counter *c, const struct item *item)
{
    if (c->v == NULL || c->n * 2 > c->mask)
        counter_grow(c);
    struct entry *e = counter_at(c, item->hash);
    if (e->rows == 0) {
        c->n++;
        *e = (struct entry){.hash = item->hash, .weight = item->weight};
    }
    e->rows++;
}

static int by_hash(const void *x, const void *y)
{
    const struct item *a = x, *b = y;
    return a->hash < b->hash ? -1 : a->hash > b->hash;
}

/* Adds a row's features to @p items, each once with its count. */
static void items_add(struct items *items, const struct features *f)
{
    if (f->n == 0)
        return;
    while (items->n + f->n > items->cap) {
        items->cap = items->cap > 0 ? items->cap * 2 : 65536;
        items->v = xrealloc(items->v, items->cap * sizeof(*items->v));
    }
    struct item *row = items->v + items->n;
    for (size_t i = 0, group = 0; i < f->n; i++) {
        while (i >= f->end[group])
            group++;
        row[i] = (struct item){f->v[i], 1, feature_weights[group]};
    }
    qsort(row, f->n, sizeof(*row), by_hash);
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (n > 0 && row[n - 1].hash == row[i].hash)
            row[n - 1].count++;
        else
            row[n++] = row[i];
    }
    items->n += n;
}

static void collect(const struct rows *rows, const struct feature_choice *choice, struct items *items, struct counter *counter,
                    uint32_t *ret_tokens)
{
    _cleanup_(arena_done) struct arena a = {0};
    items->from = xcalloc(rows->n + 1, sizeof(*items->from));
    for (size_t i = 0; i < rows->n; i++) {
        struct features f;
        features_of(&a, rows->v[i].text, choice, &f);
        ret_tokens[i] = (uint32_t)f.end[FEATURE_TOKENS];
        items->from[i] = items->n;
        items_add(items, &f);
        for (size_t k = items->from[i]; k < items->n; k++)
            counter_add(counter, &items->v[k]);
        arena_reset(&a);
    }
    items->from[rows->n] = items->n;
}

/* The rows that a feature must stand in: few, but so many that no more than @p most features are left. */
static uint32_t least_rows(const struct counter *counter, size_t row_count, size_t most)
{
    size_t in_rows[64] = {0}; /* features by the number of their rows; the last: so many or more */
    for (size_t i = 0; counter->v != NULL && i <= counter->mask; i++)
        in_rows[MIN(counter->v[i].rows, COUNT(in_rows) - 1)]++;
    size_t left = 0;
    uint32_t least = row_count >= MANY_ROWS ? 2 : 1;
    for (uint32_t k = COUNT(in_rows) - 1; k >= least; k--) {
        left += in_rows[k];
        if (left > most)
            return k + 1;
    }
    return least;
}

/* Numbers the features that stand in enough rows, in order of first appearance. @return nodes needed for all rows. */
static size_t number_features(const struct items *items, const struct counter *counter, uint32_t least, struct vectors *v)
{
    size_t nodes = 0;
    v->hashes = xcalloc(counter->n + 1, sizeof(*v->hashes));
    v->values = xcalloc(counter->n + 1, sizeof(*v->values));
    for (size_t i = 0; i < items->n; i++) {
        struct entry *e = counter_at(counter, items->v[i].hash);
        if (e->rows < least)
            continue;
        nodes++;
        if (e->number != 0)
            continue;
        v->hashes[v->feature_count] = e->hash;
        v->values[v->feature_count] =
            e->weight * (logf((1 + (float)v->row_count) / (1 + (float)e->rows)) + 1);
        e->number = (uint32_t)++v->feature_count;
    }
    return nodes;
}

static int by_number(const void *x, const void *y)
{
    const struct feature_node *a = x, *b = y;
    return (a->index > b->index) - (a->index < b->index);
}

/* Writes one row at @p out; @return behind its end. */
static struct feature_node *make_row(const struct vectors *v, const struct counter *counter, const struct item *item,
                                     size_t n, struct feature_node *out)
{
    struct feature_node *row = out;
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t number = counter_at(counter, item[i].hash)->number;
        if (number == 0)
            continue;
        double value = (double)v->values[number - 1] * (1 + log((double)item[i].count));
        squares += value * value;
        *out++ = (struct feature_node){(int)number, value};
    }
    for (struct feature_node *p = row; p < out; p++)
        p->value /= sqrt(squares);
    qsort(row, (size_t)(out - row), sizeof(*row), by_number);
    *out++ = (struct feature_node){(int)v->feature_count + 1, 1.0};
    *out++ = (struct feature_node){-1, 0};
    return out;
}

void vectors_make(const struct rows *rows, const struct feature_choice *choice, size_t most_features, struct vectors *ret)
{
    struct items items = {0};
    struct counter counter = {0};
    *ret = (struct vectors){.row_count = rows->n, .tokens = xcalloc(rows->n + 1, sizeof(*ret->tokens))};
    collect(rows, choice, &items, &counter, ret->tokens);

    size_t nodes = number_features(&items, &counter, least_rows(&counter, rows->n, most_features), ret);
    ret->nodes = xcalloc(nodes + 2 * rows->n, sizeof(*ret->nodes));
    ret->rows = xcalloc(rows->n, sizeof(*ret->rows));
    struct feature_node *out = ret->nodes;
    for (size_t i = 0; i < rows->n; i++) {
        ret->rows[i] = out;
        size_t n = items.from[i + 1] - items.from[i];
        out = make_row(ret, &counter, n > 0 ? items.v + items.from[i] : NULL, n, out);
    }
    free(counter.v);
    free(items.v);
    free(items.from);
}

void vectors_done(struct vectors *v)
{
    free(v->rows);
    free(v->nodes);
    free(v->hashes);
    free(v->values);
    free(v->tokens);
    *v = (struct vectors){0};
}

double vectors_likeness(const struct vectors *v, size_t x, size_t y)
{
    const struct feature_node *a = v->rows[x], *b = v->rows[y];
    int bias = (int)v->feature_count + 1;
    double sum = 0;
    while (a->index < bias && b->index < bias) {
        int left = a->index, right = b->index;
        sum += left == right ? a->value * b->value : 0;
        a += left <= right;
        b += right <= left;
    }
    return sum;
}

struct text_kind vectors_kind(const struct rows *rows)
{
    _cleanup_(arena_done) struct arena a = {0};
    size_t all = 0, words = 0;
    for (size_t i = 0; i < rows->n; i++) {
        struct folded f;
        struct token *t;
        normalise_points(&a, rows->v[i].text, &f);
        size_t n = features_tokens(&a, &f, &t);
        all += n;
        for (size_t k = 0; k < n; k++)
            words += t[k].kind == CHAR_WORD;
        arena_reset(&a);
    }
    return (struct text_kind){rows->n > 0 ? (double)all / (double)rows->n : 0, words * 2 > all};
}
