/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Knowledge base: the entries of a tenant, and the search index over their questions and similar questions.
 *
 * How          Each wording is a document of the index, and points to its entry. What is out of its days or against the
 *              context is left out while searching, so that it takes no place among the hits.
 *              What changes after a base was built costs only what changed: the next one shares the full part
 *              (knowledge_base_full.h) and holds the changes beside it, until they are many; then all is built again.
 * Invariants   Immutable once built, but for the kept answers; what it gives is valid while it is held.
 * Threads      Any. The kept answers (knowledge_ask.c) are guarded by their lock.
 */
#include <stdlib.h>
#include <string.h>

#include "knowledge/knowledge_base_private.h"
#include "knowledge/knowledge_store.h"

#define CHANGES_LEAST 64  /* so many changes are always taken beside the full part … */
#define CHANGES_SHARE 16  /* … and up to one entry of so many */

struct knowledge_cache {
    struct snapshots *snapshots;
    struct base_fulls *fulls;
};

static struct answers *answers_new(void)
{
    struct answers *kept = xcalloc(1, sizeof(*kept));
    pthread_mutex_init(&kept->lock, NULL);
    return kept;
}

static void answers_free(struct answers *kept)
{
    if (kept == NULL)
        return;
    for (size_t i = 0; i < KEPT_ANSWERS; i++)
        freep(&kept->v[i].key.p);
    pthread_mutex_destroy(&kept->lock);
    free(kept);
}

void knowledge_base_free(struct knowledge_base *kb)
{
    if (kb == NULL)
        return;
    retrieval_free(kb->index);
    base_full_unref(kb->full);
    answers_free(kb->answers);
    arena_done(&kb->arena);
    free(kb);
}

static void base_destroy(struct snapshot *s)
{
    knowledge_base_free((struct knowledge_base *)s);
}

struct knowledge_cache *knowledge_cache_new(void)
{
    struct knowledge_cache *kc = xcalloc(1, sizeof(*kc));
    kc->snapshots = snapshots_new(base_destroy);
    kc->fulls = base_fulls_new();
    return kc;
}

void knowledge_cache_free(struct knowledge_cache *kc)
{
    if (kc == NULL)
        return;
    snapshots_free(kc->snapshots);
    base_fulls_free(kc->fulls);
    free(kc);
}

static int by_time(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static bool is_gone(const struct knowledge_base *kb, size_t place)
{
    return kb->gone != NULL && place < kb->full->n && kb->gone[place] != 0;
}

/** Notes which entries are not for everybody and ever, and the instants at which they begin and end to be valid. */
static void index_conditions(struct knowledge_base *kb)
{
    kb->turns = arena_array(&kb->arena, int64_t, 2 * kb->n);
    kb->limited = arena_array(&kb->arena, uint32_t, kb->n);
    for (size_t i = 0; i < kb->n; i++) {
        const struct entry *e = &kb->entries[i];
        if (is_gone(kb, i))
            continue;
        if (!entry_is_for_all(e))
            kb->limited[i] = ++kb->limited_count;
        if (e->valid_from_ms != 0)
            kb->turns[kb->turn_count++] = e->valid_from_ms;
        if (e->valid_to_ms != 0)
            kb->turns[kb->turn_count++] = e->valid_to_ms;
    }
    if (kb->turn_count > 0)
        qsort(kb->turns, kb->turn_count, sizeof(*kb->turns), by_time);
}

/** A base that is what its full part is; takes over the caller's hold of it. */
static struct knowledge_base *base_of(struct base_full *full)
{
    struct knowledge_base *kb = xcalloc(1, sizeof(*kb));
    kb->full = full;
    kb->entries = full->entries;
    kb->n = full->n;
    kb->index = retrieval_renew(full->index, NULL, 0, NULL, 0);
    return kb;
}

/** Puts what changed beside the full part. */
static void take_changes(struct knowledge_base *kb, const struct base_changes *changes)
{
    struct retrieval_doc *docs;
    const struct base_full *full = kb->full;
    size_t n = base_documents(&kb->arena, changes->entries, changes->n, (uint32_t)full->n, &docs, &kb->late_wordings);
    struct entry *all = arena_array(&kb->arena, struct entry, full->n + changes->n);
    memcpy(all, full->entries, full->n * sizeof(*all));
    memcpy(all + full->n, changes->entries, changes->n * sizeof(*all));
    kb->entries = all;
    kb->n = full->n + changes->n;
    kb->gone = arena_array(&kb->arena, unsigned char, full->n + 1);
    kb->gone_count = changes->gone_count;
    for (size_t i = 0; i < changes->gone_count; i++)
        kb->gone[changes->gone[i]] = 1;
    retrieval_free(kb->index);
    kb->index = retrieval_renew(full->index, changes->gone, changes->gone_count, docs, n);
}

static struct knowledge_base *finished(struct knowledge_base *kb)
{
    index_conditions(kb);
    kb->answers = answers_new();
    return kb;
}

struct knowledge_base *knowledge_base_new(const struct entry *entries, size_t n)
{
    return finished(base_of(base_full_new(entries, n)));
}

/** The full part with what changed since; NULL: there is none, too much changed, or a fault. */
static struct knowledge_base *renewed(struct tx *tx, struct base_fulls *fulls, int64_t tenant_id)
{
    struct base_full *full = base_fulls_get(fulls, tenant_id);
    if (full == NULL)
        return NULL;
    struct knowledge_base *kb = base_of(full);
    struct base_changes changes;
    size_t most = MAX((size_t)CHANGES_LEAST, full->n / CHANGES_SHARE);
    if (base_changes_read(tx, &kb->arena, full, most, &changes) <= 0) {
        knowledge_base_free(kb);
        return NULL;
    }
    if (changes.n > 0 || changes.gone_count > 0)
        take_changes(kb, &changes);
    return finished(kb);
}

/** What base_build() needs. */
struct building {
    struct tx *tx;
    struct base_fulls *fulls;
};

static struct snapshot *base_build(void *arg, int64_t tenant_id)
{
    const struct building *b = arg;
    struct knowledge_base *kb = renewed(b->tx, b->fulls, tenant_id);
    if (kb != NULL)
        return &kb->snapshot;
    struct base_full *full = base_full_read(b->tx, tenant_id);
    if (full == NULL)
        return NULL;
    base_fulls_put(b->fulls, full);
    return &finished(base_of(full))->snapshot;
}

const struct knowledge_base *knowledge_hold(struct knowledge_cache *kc, struct tx *tx, int64_t tenant_id)
{
    int64_t version;
    if (knowledge_version(tx, tenant_id, &version) <= 0)
        return NULL;
    return knowledge_hold_at(kc, tx, tenant_id, version);
}

const struct knowledge_base *knowledge_hold_at(struct knowledge_cache *kc, struct tx *tx, int64_t tenant_id,
                                               int64_t version)
{
    struct building b = {tx, kc->fulls};
    return (const struct knowledge_base *)snapshots_hold(kc->snapshots, tenant_id, version, base_build, &b);
}

void knowledge_release(struct knowledge_cache *kc, const struct knowledge_base *kb)
{
    if (kb == NULL)
        return;
    /* the count of holders is the cache's own; the base itself stays as it is */
    snapshots_release(kc->snapshots, (struct snapshot *)(uintptr_t)&kb->snapshot);
}

/* ---- entries --------------------------------------------------------------------------------------------------------- */

size_t knowledge_count(const struct knowledge_base *kb)
{
    return kb->n - kb->gone_count;
}

const struct entry *knowledge_entry(const struct knowledge_base *kb, struct str id)
{
    for (size_t i = kb->full->n; i < kb->n; i++)
        if (str_eq(kb->entries[i].id, id))
            return &kb->entries[i];
    size_t place = base_full_place(kb->full, id);
    return place == SIZE_MAX || is_gone(kb, place) ? NULL : &kb->entries[place];
}
