/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Likeness: vectors and groups.
 *
 * How          How many shipped utterances have a feature is counted once (about 11,000 rows). A feature of more than one
 *              in COMMON of them tells nothing and is left out, which also keeps the lists below short.
 *              Groups are an inverted index: for each feature, the groups that have it and the sum of its weights there.
 *              A text is held against a group by the cosine to that sum; only groups that share a feature are looked at.
 * Invariants   The same texts in the same order give the same groups.
 */
#include "knowledge/likeness.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/asset.h"
#include "nlu/features.h"
#include "nlu/rows.h"
#include "nlu/shipped.h"

/* How much the kinds of features count; measured on packs/LANG. */
#define WORD_WEIGHT    1.0f
#define HAN_WEIGHT     0.6f
#define NEXT_WEIGHT    0.4f
#define CONCEPT_WEIGHT 1.2f
#define CONCEPTS       48 /* of a text that are looked at */

#define SEED_TOKEN   UINT64_C(0x51)
#define SEED_NEXT    UINT64_C(0x52)
#define SEED_CONCEPT UINT64_C(0x53)

#define COMMON 12 /* a feature that every 12th utterance has is not looked at */

/* ---- how rare a feature is ------------------------------------------------------------------------------------------- */

/** How many shipped utterances have each feature. Written once, under `once`; immutable then. */
static struct {
    struct lexicon *zh, *en; /* concepts */
    uint64_t *feature;
    uint32_t *count;
    size_t size, used;       /* slots, a power of two; slots taken */
    size_t rows;
} shipped;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static size_t slot_of(uint64_t feature)
{
    size_t at = (size_t)(feature ^ (feature >> 32)) & (shipped.size - 1);
    while (shipped.count[at] != 0 && shipped.feature[at] != feature)
        at = (at + 1) & (shipped.size - 1);
    return at;
}

static void make_room(void)
{
    if (2 * shipped.used < shipped.size)
        return;
    uint64_t *feature = shipped.feature;
    uint32_t *count = shipped.count;
    size_t size = shipped.size;
    shipped.size = size > 0 ? 2 * size : 4096;
    shipped.feature = xcalloc(shipped.size, sizeof(*shipped.feature));
    shipped.count = xcalloc(shipped.size, sizeof(*shipped.count));
    for (size_t i = 0; i < size; i++) {
        if (count[i] == 0)
            continue;
        size_t at = slot_of(feature[i]);
        shipped.feature[at] = feature[i];
        shipped.count[at] = count[i];
    }
    free(feature);
    free(count);
}

static void count_feature(uint64_t feature)
{
    make_room();
    size_t at = slot_of(feature);
    shipped.used += shipped.count[at] == 0;
    shipped.feature[at] = feature;
    shipped.count[at]++;
}

static bool has_han(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] >= 0xe3 && (unsigned char)text.p[i] <= 0xe9)
            return true;
    return false;
}

/** A feature and how much its kind counts. */
struct seen {
    uint64_t feature;
    float weight;
};

static int by_feature(const void *x, const void *y)
{
    const struct seen *a = x, *b = y;
    return (a->feature > b->feature) - (a->feature < b->feature);
}

static void note(struct seen *list, size_t *n, uint64_t feature, float weight)
{
    list[(*n)++] = (struct seen){feature, weight};
}

/** Words and characters, and each with the one after it. */
static void note_tokens(const struct token *t, size_t count, struct seen *list, size_t *n)
{
    for (size_t i = 0; i < count; i++) {
        note(list, n, feature_mix(SEED_TOKEN, t[i].hash), t[i].kind == CHAR_WORD ? WORD_WEIGHT : HAN_WEIGHT);
        if (i + 1 < count)
            note(list, n, feature_mix(feature_mix(SEED_NEXT, t[i].hash), t[i + 1].hash), NEXT_WEIGHT);
    }
}

/** What words mean, from the list of words that mean much the same. */
static void note_concepts(const struct lexicon *concepts, const struct folded *f, struct seen *list, size_t *n)
{
    size_t end, found = 0;
    for (size_t at = 0; at < f->n && found < CONCEPTS; at++) {
        const struct lexicon_entry *e = lexicon_at(concepts, f, at, &end);
        if (e == NULL)
            continue;
        note(list, n, feature_mix(SEED_CONCEPT, str_hash(e->kind)), CONCEPT_WEIGHT);
        found++;
    }
}

/** The different features of @p text, rising, each with the weight of its kind. */
static size_t features_in(struct arena *a, struct str text, struct seen **ret)
{
    struct folded f;
    struct token *t;
    normalise_points(a, text, &f);
    size_t tokens = features_tokens(a, &f, &t), all = 0, n = 0;
    struct seen *list = arena_array(a, struct seen, 2 * tokens + CONCEPTS + 1);
    note_tokens(t, tokens, list, &all);
    note_concepts(has_han(text) ? shipped.zh : shipped.en, &f, list, &all);
    qsort(list, all, sizeof(*list), by_feature);
    for (size_t i = 0; i < all; i++)
        if (n == 0 || list[n - 1].feature != list[i].feature)
            list[n++] = list[i];
    *ret = list;
    return n;
}

static void count_file(void *arg, struct str name, struct str bytes)
{
    struct arena *a = arg;
    struct rows rows = {0};
    char error[160];
    if (!str_has(name, STR("/utterances/")) || !rows_read(a, bytes, &rows, error))
        return;
    struct arena scratch = {0};
    for (size_t i = 0; i < rows.n; i++) {
        struct seen *seen;
        size_t n = features_in(&scratch, rows.v[i].text, &seen);
        for (size_t k = 0; k < n; k++)
            count_feature(seen[k].feature);
        arena_reset(&scratch);
    }
    shipped.rows += rows.n;
    arena_done(&scratch);
}

static void count_shipped(void)
{
    struct arena a = {0};
    make_room();
    shipped.zh = shipped_lexicon("zh", "concepts");
    shipped.en = shipped_lexicon("en", "concepts");
    asset_each(STR("packs/"), count_file, &a);
    arena_done(&a);
}

/* ---- vectors --------------------------------------------------------------------------------------------------------- */

/** How telling a feature is; 0: it stands everywhere. */
static float telling(uint64_t feature)
{
    size_t at = slot_of(feature);
    size_t count = shipped.count[at];
    return count * COMMON > shipped.rows ? 0 : logf((float)(shipped.rows + 2) / (float)(count + 1));
}

struct wording wording_of(struct arena *a, struct str text)
{
    struct arena scratch = {0}; /* of many texts at once only the vectors are kept */
    struct seen *seen;
    pthread_once(&once, count_shipped);
    size_t n = features_in(&scratch, text, &seen), kept = 0;
    uint64_t *feature = arena_array(a, uint64_t, n + 1);
    float *weight = arena_array(a, float, n + 1);
    float sum = 0;
    for (size_t i = 0; i < n; i++) {
        float w = seen[i].weight * telling(seen[i].feature);
        if (w <= 0)
            continue;
        feature[kept] = seen[i].feature;
        weight[kept++] = w;
        sum += w * w;
    }
    for (size_t i = 0; i < kept; i++)
        weight[i] /= sqrtf(sum);
    arena_done(&scratch);
    return (struct wording){feature, weight, kept};
}

double wording_likeness(const struct wording *x, const struct wording *y)
{
    double sum = 0;
    for (size_t i = 0, k = 0; i < x->n && k < y->n;) {
        if (x->feature[i] == y->feature[k])
            sum += (double)x->weight[i++] * (double)y->weight[k++];
        else if (x->feature[i] < y->feature[k])
            i++;
        else
            k++;
    }
    return sum;
}

/* ---- groups ---------------------------------------------------------------------------------------------------------- */

/** A group's share of a feature. */
struct share {
    uint32_t group;
    float sum;
};

struct posting {
    uint64_t feature;
    ARRAY(struct share) shares; /* in the order in which groups got the feature */
    bool taken;
};

struct groups {
    struct arena arena;
    struct posting *table;
    size_t size, used;
    ARRAY(double) squares; /* by group: squared length of its sum */
    double *scores;        /* by group; all 0 between two searches */
    size_t scores_cap;
    ARRAY(uint32_t) met;   /* groups whose score is not 0 */
};

struct groups *groups_new(void)
{
    struct groups *g = xcalloc(1, sizeof(*g));
    g->size = 4096;
    g->table = xcalloc(g->size, sizeof(*g->table));
    return g;
}

void groups_free(struct groups *g)
{
    if (g == NULL)
        return;
    free(g->table);
    free(g->scores);
    arena_done(&g->arena);
    free(g);
}

static struct posting *posting_of(const struct groups *g, uint64_t feature)
{
    size_t at = (size_t)(feature ^ (feature >> 32)) & (g->size - 1);
    while (g->table[at].taken && g->table[at].feature != feature)
        at = (at + 1) & (g->size - 1);
    return &g->table[at];
}

static void grow(struct groups *g)
{
    struct posting *old = g->table;
    size_t size = g->size;
    g->size = 2 * size;
    g->table = xcalloc(g->size, sizeof(*g->table));
    for (size_t i = 0; i < size; i++)
        if (old[i].taken)
            *posting_of(g, old[i].feature) = old[i];
    free(old);
}

uint32_t groups_open(struct groups *g)
{
    *array_push(&g->arena, &g->squares) = 0;
    if (g->squares.n > g->scores_cap) {
        size_t cap = g->scores_cap > 0 ? 2 * g->scores_cap : 256;
        g->scores = xrealloc(g->scores, cap * sizeof(*g->scores));
        memset(g->scores + g->scores_cap, 0, (cap - g->scores_cap) * sizeof(*g->scores));
        g->scores_cap = cap;
    }
    return (uint32_t)g->squares.n - 1;
}

/** The group's share of a feature, made when it has none. The newest groups are at the end: the search begins there. */
static struct share *share_of(struct groups *g, uint64_t feature, uint32_t group)
{
    if (2 * g->used >= g->size)
        grow(g);
    struct posting *p = posting_of(g, feature);
    g->used += !p->taken;
    p->taken = true;
    p->feature = feature;
    for (size_t i = p->shares.n; i > 0; i--)
        if (p->shares.v[i - 1].group == group)
            return &p->shares.v[i - 1];
    struct share *fresh = array_push(&g->arena, &p->shares);
    *fresh = (struct share){group, 0};
    return fresh;
}

void groups_add(struct groups *g, uint32_t group, const struct wording *w)
{
    for (size_t i = 0; i < w->n; i++) {
        struct share *s = share_of(g, w->feature[i], group);
        double before = (double)s->sum, after = before + (double)w->weight[i];
        s->sum = (float)after;
        g->squares.v[group] += after * after - before * before;
    }
}

uint32_t groups_find(struct groups *g, const struct wording *w)
{
    g->met.n = 0;
    for (size_t i = 0; i < w->n; i++) {
        const struct posting *p = posting_of(g, w->feature[i]);
        for (size_t k = 0; p->taken && k < p->shares.n; k++) {
            const struct share *s = &p->shares.v[k];
            if (g->scores[s->group] <= 0)
                *array_push(&g->arena, &g->met) = s->group;
            g->scores[s->group] += (double)s->sum * (double)w->weight[i];
        }
    }
    uint32_t best = GROUPS_NONE;
    double nearest = GROUPS_LIKE;
    for (size_t i = 0; i < g->met.n; i++) {
        uint32_t group = g->met.v[i];
        double likeness = g->scores[group] / sqrt(g->squares.v[group]);
        g->scores[group] = 0;
        if (likeness > nearest || (likeness >= nearest && group < best)) {
            nearest = likeness;
            best = group;
        }
    }
    return best;
}

double groups_likeness(const struct groups *g, uint32_t group, const struct wording *w)
{
    double sum = 0;
    for (size_t i = 0; i < w->n; i++) {
        const struct posting *p = posting_of(g, w->feature[i]);
        for (size_t k = 0; p->taken && k < p->shares.n; k++)
            if (p->shares.v[k].group == group)
                sum += (double)p->shares.v[k].sum * (double)w->weight[i];
    }
    return g->squares.v[group] > 0 ? sum / sqrt(g->squares.v[group]) : 0;
}
