/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Catalog: all products of a shop in one arena, found by id, by SKU and by words.
 *
 * How          Words go through the search index first (titles and aliases), then the few candidates are looked at closely
 *              by product_named(). So a question costs the same with 10 products as with 10,000.
 * Invariants   Immutable once built; what it gives is valid while it is held.
 */
#include "trade/catalog.h"

#include <stdlib.h>

#include "account/shop.h"
#include "base/snapshot.h"
#include "nlu/normalise.h"
#include "nlu/retrieval.h"
#include "trade/name_pairs.h"
#include "trade/product_store.h"
#include "trade/spelling.h"

/** Below the best by less than this, a product is as good a guess. */
#define RIVAL_MARGIN 0.03

/** Ids that are looked for in one text. */
#define WRITTEN_MOST 4

/** What is named in other letters is named a little less; what may be another word is only worth asking about. */
#define MENDED 0.95
#define DOUBTED 0.55

struct sku_place {
    struct str sku_id;
    size_t product;
};

struct catalog {
    struct snapshot snapshot; /* first: the cache knows it by this */
    struct arena arena;
    struct str currency;
    ARRAY(struct product) products; /* in order of ids */
    struct sku_place *skus;         /* in order of SKU ids */
    size_t sku_count;
    struct retrieval *index;
    struct spelling *spelling;
    struct name_pairs pairs;
};

struct catalog_cache {
    struct snapshots *snapshots;
};

static void catalog_free(struct catalog *c)
{
    if (c == NULL)
        return;
    retrieval_free(c->index);
    spelling_free(c->spelling);
    arena_done(&c->arena);
    free(c);
}

static void catalog_destroy(struct snapshot *s)
{
    catalog_free((struct catalog *)s);
}

struct catalog_cache *catalog_cache_new(void)
{
    struct catalog_cache *cc = xcalloc(1, sizeof(*cc));
    cc->snapshots = snapshots_new(catalog_destroy);
    return cc;
}

void catalog_cache_free(struct catalog_cache *cc)
{
    if (cc == NULL)
        return;
    snapshots_free(cc->snapshots);
    free(cc);
}

/* ---- building ----------------------------------------------------------------------------------------------------- */

static void add_product(void *arg, const json_t *body)
{
    struct catalog *c = arg;
    product_read(&c->arena, body, array_push(&c->arena, &c->products));
}

static int by_product_id(const void *x, const void *y)
{
    const struct product *a = x, *b = y;
    return str_cmp(a->id, b->id);
}

static int by_sku_id(const void *x, const void *y)
{
    const struct sku_place *a = x, *b = y;
    return str_cmp(a->sku_id, b->sku_id);
}

static void index_skus(struct catalog *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->products.n; i++)
        n += c->products.v[i].sku_count;
    c->skus = arena_array(&c->arena, struct sku_place, n);
    for (size_t i = 0; i < c->products.n; i++)
        for (size_t k = 0; k < c->products.v[i].sku_count; k++)
            c->skus[c->sku_count++] = (struct sku_place){c->products.v[i].skus[k].id, i};
    if (n > 0)
        qsort(c->skus, n, sizeof(*c->skus), by_sku_id);
}

static void index_words(struct catalog *c)
{
    struct arena scratch = {0};
    ARRAY(struct retrieval_doc) docs = {0};
    for (size_t i = 0; i < c->products.n; i++) {
        const struct product *p = &c->products.v[i];
        *array_push(&scratch, &docs) = (struct retrieval_doc){p->title, (uint32_t)i};
        for (size_t k = 0; k < p->alias_count; k++)
            *array_push(&scratch, &docs) = (struct retrieval_doc){p->aliases[k], (uint32_t)i};
    }
    c->index = retrieval_build(docs.v, docs.n);
    arena_done(&scratch);
}

typedef ARRAY(struct str) name_list;

/** The values that its SKUs have; 黑 is written 黑色. */
static void add_values(struct arena *scratch, const struct product *p, name_list *names)
{
    for (size_t i = 0; i < p->sku_count; i++) {
        for (size_t k = 0; k < p->skus[i].attribute_count; k++) {
            struct str value = p->skus[i].attributes[k].value;
            bool lone = value.n > 1 && str_code_points(value) == 1;
            *array_push(scratch, names) = lone ? str_fmt(scratch, "%.*s色", STR_ARG(value)) : value;
        }
    }
}

static void index_spelling(struct catalog *c)
{
    struct arena scratch = {0};
    name_list names = {0};
    for (size_t i = 0; i < c->products.n; i++) {
        const struct product *p = &c->products.v[i];
        *array_push(&scratch, &names) = p->title;
        for (size_t k = 0; k < p->alias_count; k++)
            *array_push(&scratch, &names) = p->aliases[k];
        add_values(&scratch, p, &names);
    }
    c->spelling = spelling_build(names.v, names.n);
    arena_done(&scratch);
}

static struct snapshot *catalog_build(void *arg, int64_t tenant_id)
{
    struct tx *tx = arg;
    struct catalog *c = xcalloc(1, sizeof(*c));
    struct shop shop;
    if (shop_get(tx, &c->arena, tenant_id, &shop) != ACCOUNT_OK || product_each(tx, tenant_id, add_product, c) < 0) {
        catalog_free(c);
        return NULL;
    }
    c->currency = shop.currency;
    if (c->products.n > 0) /* by bytes, whatever order the database keeps */
        qsort(c->products.v, c->products.n, sizeof(*c->products.v), by_product_id);
    for (size_t i = 0; i < c->products.n; i++)
        name_pairs_add(&c->pairs, &c->products.v[i]);
    index_skus(c);
    index_words(c);
    index_spelling(c);
    return &c->snapshot;
}

const struct catalog *catalog_hold(struct catalog_cache *cc, struct tx *tx, int64_t tenant_id)
{
    int64_t version;
    if (product_version(tx, tenant_id, &version) <= 0)
        return NULL;
    return catalog_hold_at(cc, tx, tenant_id, version);
}

const struct catalog *catalog_hold_at(struct catalog_cache *cc, struct tx *tx, int64_t tenant_id, int64_t version)
{
    return (const struct catalog *)snapshots_hold(cc->snapshots, tenant_id, version, catalog_build, tx);
}

void catalog_release(struct catalog_cache *cc, const struct catalog *c)
{
    if (c == NULL)
        return;
    /* the count of holders is the cache's own; the catalog itself stays as it is */
    snapshots_release(cc->snapshots, (struct snapshot *)(uintptr_t)&c->snapshot);
}

/* ---- asking ------------------------------------------------------------------------------------------------------- */

struct str catalog_currency(const struct catalog *c)
{
    return c->currency;
}

size_t catalog_count(const struct catalog *c)
{
    return c->products.n;
}

const struct product *catalog_at(const struct catalog *c, size_t i)
{
    assert(i < c->products.n);
    return &c->products.v[i];
}

const struct product *catalog_product(const struct catalog *c, struct str product_id)
{
    struct product key = {.id = product_id};
    if (product_id.n == 0 || c->products.n == 0)
        return NULL;
    return bsearch(&key, c->products.v, c->products.n, sizeof(key), by_product_id);
}

const struct product *catalog_product_of_sku(const struct catalog *c, struct str sku_id)
{
    struct sku_place key = {.sku_id = sku_id};
    if (sku_id.n == 0 || c->sku_count == 0)
        return NULL;
    const struct sku_place *found = bsearch(&key, c->skus, c->sku_count, sizeof(key), by_sku_id);
    return found != NULL ? &c->products.v[found->product] : NULL;
}

static inline bool is_id_char(char c)
{
    if ((unsigned char)c >= 0x80)
        return false; /* most of a text */
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

static bool is_among(const struct product *p, const struct product_hit *hits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (hits[i].product == p)
            return true;
    return false;
}

/** The products whose id, or a SKU's, is written in the text, in its order. */
static size_t written_in(const struct catalog *c, struct str text, struct product_hit ret[WRITTEN_MOST])
{
    size_t n = 0;
    for (size_t from = 0; from < text.n && n < WRITTEN_MOST; from++) {
        size_t to = from;
        if (!is_id_char(text.p[from]))
            continue;
        while (to < text.n && is_id_char(text.p[to]))
            to++;
        struct str run = str_sub(text, from, to - from);
        const struct product *p = run.n >= 2 ? catalog_product(c, run) : NULL;
        if (p == NULL && run.n >= 2)
            p = catalog_product_of_sku(c, run);
        if (p != NULL && !is_among(p, ret, n))
            ret[n++] = (struct product_hit){p, 1, 1, true};
        from = to;
    }
    return n;
}

static bool is_better(const struct product_hit *a, const struct product_hit *b)
{
    double left = a->named >= PRODUCT_NAMED ? a->named : 0, right = b->named >= PRODUCT_NAMED ? b->named : 0;
    if (left != right)
        return left > right;
    return a->match != b->match ? a->match > b->match : str_cmp(a->product->id, b->product->id) < 0;
}

/** Puts @p hit among the @p n there are, best first; those before @p first keep their places. */
static void insert(struct product_hit *hits, size_t first, size_t n, struct product_hit hit)
{
    for (; n > first && is_better(&hit, &hits[n - 1]); n--)
        hits[n] = hits[n - 1];
    hits[n] = hit;
}

/** What the words as they stand are about. */
static size_t find_words(const struct catalog *c, struct arena *a, struct str text, struct product_hit *ret, size_t max)
{
    const struct arena_mark before = arena_mark(a);
    struct retrieval_hit found[CATALOG_HITS];
    struct product_hit hits[CATALOG_HITS + WRITTEN_MOST];
    struct product_words words = product_words(normalise(a, text));
    size_t kept = written_in(c, text, hits), n = kept;
    size_t count = retrieval_find(c->index, a, text, NULL, NULL, found, CATALOG_HITS);
    for (size_t i = 0; i < count; i++) {
        const struct product *p = &c->products.v[found[i].item];
        if (!is_among(p, hits, kept))
            insert(hits, kept, n++, (struct product_hit){p, product_named(p, &words), found[i].match, false});
    }
    arena_rewind(a, before);
    n = MIN(n, max);
    for (size_t i = 0; i < n; i++)
        ret[i] = hits[i];
    return n;
}

/** @p text with what is misspelled put right, all of it or what leaves no doubt; empty when there is nothing to mend. */
static struct str mended(struct arena *a, struct str text, const struct misspelling *found, size_t n, bool doubtful)
{
    struct misspelling mend[MISSPELLINGS];
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (found[i].sure || doubtful)
            mend[kept++] = found[i];
    return kept > 0 ? spelling_mended(a, text, mend, kept) : STR_NONE;
}

struct str catalog_mended(const struct catalog *c, struct arena *a, struct str text)
{
    struct misspelling found[MISSPELLINGS];
    size_t n = spelling_find(c->spelling, a, text, found);
    struct str words = mended(a, text, found, n, false);
    return words.n > 0 ? words : text;
}

/** The same of words that are misspelled; what @p ret holds stays when that names no product either. */
static size_t find_mended(const struct catalog *c, struct arena *a, struct str text, const struct misspelling *found,
                          size_t misspelled, struct product_hit *ret, size_t n, size_t max)
{
    for (int doubtful = 0; doubtful < 2; doubtful++) {
        struct product_hit hits[CATALOG_HITS];
        if (n > 0 && ret[0].named >= PRODUCT_NAMED)
            return n;
        struct str words = mended(a, text, found, misspelled, doubtful == 1);
        size_t count = words.n > 0 ? find_words(c, a, words, hits, MIN(max, (size_t)CATALOG_HITS)) : 0;
        if (count == 0 || hits[0].named < PRODUCT_NAMED)
            continue;
        for (size_t i = 0; i < count; i++) {
            hits[i].named = doubtful == 1 ? MIN(hits[i].named, DOUBTED) : hits[i].named * MENDED;
            ret[i] = hits[i];
        }
        n = count;
    }
    return n;
}

size_t catalog_find(const struct catalog *c, struct arena *a, struct str text, struct product_hit *ret, size_t max)
{
    struct misspelling found[MISSPELLINGS];
    size_t n = find_words(c, a, text, ret, max);
    if (max == 0 || (n > 0 && ret[0].named >= PRODUCT_NAMED))
        return n;
    size_t misspelled = spelling_find(c->spelling, a, text, found);
    return misspelled > 0 ? find_mended(c, a, text, found, misspelled, ret, n, max) : n;
}

bool catalog_may_name(const struct catalog *c, struct arena *a, struct str text)
{
    struct product_hit written[WRITTEN_MOST];
    struct misspelling found[MISSPELLINGS];
    const struct arena_mark before = arena_mark(a);
    bool may = name_pairs_may_name(&c->pairs, normalise(a, text)) || written_in(c, text, written) > 0 ||
               spelling_find(c->spelling, a, text, found) > 0;
    arena_rewind(a, before);
    return may;
}

const struct product *catalog_meant_among(const struct product_hit *hits, size_t n, size_t *ret_rivals)
{
    size_t rivals = 0;
    bool named = n > 0 && hits[0].named >= PRODUCT_NAMED;
    for (size_t i = 1; i < n && named && !hits[0].written; i++)
        rivals += hits[i].named >= PRODUCT_NAMED && hits[i].named > hits[0].named - RIVAL_MARGIN;
    *ret_rivals = rivals > 0 ? rivals + 1 : 0;
    return named && rivals == 0 ? hits[0].product : NULL;
}

const struct product *catalog_meant(const struct catalog *c, struct arena *a, struct str text, size_t *ret_rivals)
{
    struct product_hit hits[CATALOG_HITS];
    return catalog_meant_among(hits, catalog_find(c, a, text, hits, CATALOG_HITS), ret_rivals);
}
