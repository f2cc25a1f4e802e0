/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flow books: the shipped one, and a list of shops that have versions of their own.
 *
 * Invariants   1. A stored version that cannot be read is passed over: the shipped one serves, and the log says so.
 *              2. A book is freed when a newer one took its place and nobody holds it.
 * Threads      The list and the counts of holders are guarded by the cache's lock; the store is read outside of it.
 */
#include "bot/flow_book.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/asset.h"
#include "base/log.h"
#include "bot/flow_store.h"

struct flow_book {
    struct flow_book *next;
    int64_t tenant_id, version;
    const struct flow_plan *plans[FLOW_PLANS_MOST];
    size_t count;
    size_t holders;
    bool placed;
    struct arena arena; /* of the shop's own plans */
};

/** A shop without own flows, as of a version: nothing has to be held for it. */
struct plain {
    int64_t tenant_id, version;
};
#define PLAINS 1021 /* a prime */

struct flow_cache {
    pthread_mutex_t lock;
    struct flow_book *books;      /* of shops with own versions */
    struct plain plain[PLAINS];
};

/** Written once under `once`, read by all. */
static struct flow_book shipped;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* ---- the shipped ones --------------------------------------------------------------------------------------------- */

static void add_shipped(void *arg, struct str name, struct str bytes)
{
    char error[160] = "";
    (void)arg;
    _cleanup_(json_donep) json_t *doc = json_read(bytes, error);
    struct flow_plan *p = arena_new(&shipped.arena, struct flow_plan);
    if (doc == NULL || !flow_plan_read(&shipped.arena, doc, p, error))
        fatal("%.*s: %s", STR_ARG(name), error); /* it is part of the program: flow_test.c reads it */
    if (shipped.count == FLOW_PLANS_MOST)
        fatal("more than %d flows in packs/flows", FLOW_PLANS_MOST);
    shipped.plans[shipped.count++] = p;
}

static void read_shipped(void)
{
    asset_each(STR("packs/flows/"), add_shipped, NULL);
}

const struct flow_book *flow_book_shipped(void)
{
    pthread_once(&once, read_shipped);
    return &shipped;
}

struct str flow_shipped_doc(struct str id)
{
    struct arena a = {0};
    struct str doc = asset_find(str_fmt(&a, "packs/flows/%.*s.json", STR_ARG(id)));
    arena_done(&a);
    return doc;
}

/* ---- a shop's own ------------------------------------------------------------------------------------------------- */

static void replace(struct flow_book *b, const struct flow_plan *p)
{
    for (size_t i = 0; i < b->count; i++) {
        if (!str_eq(b->plans[i]->id, p->id))
            continue;
        b->plans[i] = p;
        return;
    }
}

static void copy_plans(struct flow_book *to, const struct flow_book *from)
{
    for (size_t i = 0; i < from->count; i++)
        to->plans[i] = from->plans[i];
    to->count = from->count;
}

static void take_live(struct flow_book *b, const struct flow_version *v)
{
    char error[160] = "";
    _cleanup_(json_donep) json_t *doc = json_read(v->doc, error);
    struct flow_plan *p = arena_new(&b->arena, struct flow_plan);
    if (doc != NULL && flow_plan_read(&b->arena, doc, p, error))
        replace(b, p);
    else
        log_event(LOG_ERROR, "flow unreadable", "flow=%.*s number=%lld why=%s", STR_ARG(v->flow_id), (long long)v->number,
                  error);
}

/** Reads the shop's live versions; @p ret NULL: it has none. */
static int read_book(struct tx *tx, int64_t tenant_id, int64_t version, struct flow_book **ret)
{
    _cleanup_(arena_done) struct arena a = {0};
    struct flow_version *list;
    size_t n;
    *ret = NULL;
    if (flow_list(tx, &a, tenant_id, &list, &n) != STORE_OK)
        return STORE_FAULT;
    struct flow_book *b = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!str_eq_c(list[i].state, "live"))
            continue;
        if (b == NULL) {
            b = xcalloc(1, sizeof(*b));
            b->tenant_id = tenant_id;
            b->version = version;
            copy_plans(b, flow_book_shipped());
        }
        take_live(b, &list[i]);
    }
    *ret = b;
    return STORE_OK;
}

static void book_free(struct flow_book *b)
{
    arena_done(&b->arena);
    free(b);
}

struct flow_cache *flow_cache_new(void)
{
    struct flow_cache *fc = xcalloc(1, sizeof(*fc));
    pthread_mutex_init(&fc->lock, NULL);
    return fc;
}

void flow_cache_free(struct flow_cache *fc)
{
    if (fc == NULL)
        return;
    while (fc->books != NULL) {
        struct flow_book *b = fc->books;
        fc->books = b->next;
        book_free(b);
    }
    pthread_mutex_destroy(&fc->lock);
    free(fc);
}

/** Takes the tenant's old book out of the list; to be freed when it is given back. */
static struct flow_book *take_out(struct flow_cache *fc, int64_t tenant_id)
{
    for (struct flow_book **at = &fc->books; *at != NULL; at = &(*at)->next) {
        struct flow_book *b = *at;
        if (b->tenant_id != tenant_id)
            continue;
        *at = b->next;
        b->placed = false;
        return b->holders == 0 ? b : NULL;
    }
    return NULL;
}

static const struct flow_book *find(struct flow_cache *fc, int64_t tenant_id, int64_t version)
{
    const struct plain *p = &fc->plain[(uint64_t)tenant_id % PLAINS];
    if (p->tenant_id == tenant_id && p->version == version)
        return &shipped;
    for (struct flow_book *b = fc->books; b != NULL; b = b->next) {
        if (b->tenant_id != tenant_id || b->version != version)
            continue;
        b->holders++;
        return b;
    }
    return NULL;
}

const struct flow_book *flow_book_hold(struct flow_cache *fc, struct tx *tx, int64_t tenant_id, int64_t version)
{
    const struct flow_book *plain = flow_book_shipped();
    pthread_mutex_lock(&fc->lock);
    const struct flow_book *there = find(fc, tenant_id, version);
    pthread_mutex_unlock(&fc->lock);
    if (there != NULL)
        return there;
    struct flow_book *fresh;
    if (read_book(tx, tenant_id, version, &fresh) != STORE_OK)
        return NULL;
    pthread_mutex_lock(&fc->lock);
    struct flow_book *old = take_out(fc, tenant_id);
    if (fresh == NULL) {
        fc->plain[(uint64_t)tenant_id % PLAINS] = (struct plain){tenant_id, version};
    } else {
        fresh->next = fc->books;
        fresh->holders = 1;
        fresh->placed = true;
        fc->books = fresh;
    }
    pthread_mutex_unlock(&fc->lock);
    if (old != NULL)
        book_free(old);
    return fresh != NULL ? fresh : plain;
}

void flow_book_release(struct flow_cache *fc, const struct flow_book *book)
{
    if (book == NULL || book == &shipped || book->tenant_id == 0)
        return;
    struct flow_book *b = (struct flow_book *)(uintptr_t)book; /* only the count of holders changes, under the lock */
    pthread_mutex_lock(&fc->lock);
    bool last = --b->holders == 0 && !b->placed;
    pthread_mutex_unlock(&fc->lock);
    if (last)
        book_free(b);
}

const struct flow_book *flow_book_with(struct arena *a, const struct flow_book *base, const struct flow_plan *plan)
{
    struct flow_book *b = arena_new(a, struct flow_book);
    *b = (struct flow_book){.tenant_id = 0};
    copy_plans(b, base);
    replace(b, plan);
    return b;
}

/* ---- looking things up ----------------------------------------------------------------------------------------------- */

const struct flow_plan *flow_book_for(const struct flow_book *book, struct str intent)
{
    for (size_t i = 0; i < book->count; i++)
        if (flow_list_has(&book->plans[i]->intents, intent))
            return book->plans[i]->off ? NULL : book->plans[i];
    return NULL;
}

const struct flow_plan *flow_book_plan(const struct flow_book *book, struct str id)
{
    for (size_t i = 0; i < book->count; i++)
        if (str_eq(book->plans[i]->id, id))
            return book->plans[i];
    return NULL;
}

const struct flow_plan *const *flow_book_plans(const struct flow_book *book, size_t *ret_n)
{
    *ret_n = book->count;
    return book->plans;
}
