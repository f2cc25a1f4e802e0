/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Full parts of knowledge bases, and what changed since one.
 *
 * How          Every change of an entry raises its version, so ids and versions tell what is other, whoever changed it, in
 *              which order units committed, and by which clock. Reading them is a scan of ids, not of texts.
 */
#include "knowledge/knowledge_base_full.h"

#include <pthread.h>
#include <stdlib.h>

#include "knowledge/knowledge_base_store.h"
#include "knowledge/knowledge_store.h"

#define FULL_SLOTS 1024

/* ---- a full part -------------------------------------------------------------------------------------------------- */

size_t base_documents(struct arena *a, const struct entry *entries, size_t n, uint32_t first, struct retrieval_doc **ret_docs,
                      struct str **ret_wordings)
{
    size_t count = n, at = 0;
    for (size_t i = 0; i < n; i++)
        count += entries[i].similar.n;
    struct retrieval_doc *docs = arena_array(a, struct retrieval_doc, count + 1);
    struct str *wordings = arena_array(a, struct str, count + 1);
    for (size_t i = 0; i < n; i++) {
        const struct entry *e = &entries[i];
        docs[at++] = (struct retrieval_doc){e->question, first + (uint32_t)i};
        for (size_t k = 0; k < e->similar.n; k++)
            docs[at++] = (struct retrieval_doc){e->similar.v[k], first + (uint32_t)i};
    }
    for (size_t i = 0; i < count; i++)
        wordings[i] = docs[i].text;
    *ret_docs = docs;
    *ret_wordings = wordings;
    return count;
}

static int by_id(const void *left, const void *right, void *arg)
{
    const struct entry *entries = arg;
    return str_cmp(entries[*(const uint32_t *)left].id, entries[*(const uint32_t *)right].id);
}

static void index_full(struct base_full *f)
{
    struct arena scratch = {0};
    struct retrieval_doc *docs;
    struct str *wordings;
    f->by_id = arena_array(&f->arena, uint32_t, f->n + 1);
    for (uint32_t i = 0; i < f->n; i++)
        f->by_id[i] = i;
    /* the entries are only read; glibc's type for the argument is not const */
    qsort_r(f->by_id, f->n, sizeof(*f->by_id), by_id, (void *)(uintptr_t)f->entries);
    f->wording_count = base_documents(&scratch, f->entries, f->n, 0, &docs, &wordings);
    f->wordings = arena_copy(&f->arena, wordings, f->wording_count * sizeof(*wordings));
    f->index = retrieval_build(docs, f->wording_count);
    arena_done(&scratch);
}

struct base_full *base_full_new(const struct entry *entries, size_t n)
{
    struct base_full *f = xcalloc(1, sizeof(*f));
    atomic_init(&f->holders, 1);
    f->entries = entries;
    f->n = n;
    index_full(f);
    return f;
}

struct base_full *base_full_read(struct tx *tx, int64_t tenant_id)
{
    struct base_full *f = xcalloc(1, sizeof(*f));
    struct entry *entries;
    atomic_init(&f->holders, 1);
    f->tenant_id = tenant_id;
    if (knowledge_list(tx, &f->arena, tenant_id, &entries, &f->n) < 0) {
        arena_done(&f->arena);
        free(f);
        return NULL;
    }
    f->entries = entries;
    index_full(f);
    return f;
}

struct base_full *base_full_ref(struct base_full *f)
{
    atomic_fetch_add_explicit(&f->holders, 1, memory_order_relaxed);
    return f;
}

void base_full_unref(struct base_full *f)
{
    if (f == NULL || atomic_fetch_sub_explicit(&f->holders, 1, memory_order_acq_rel) != 1)
        return;
    retrieval_free(f->index);
    arena_done(&f->arena);
    free(f);
}

size_t base_full_place(const struct base_full *f, struct str id)
{
    size_t low = 0, high = f->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(f->entries[f->by_id[middle]].id, id);
        if (order == 0)
            return f->by_id[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}

/* ---- what changed ------------------------------------------------------------------------------------------------- */

struct comparison {
    struct arena *a;
    const struct base_full *full;
    size_t most;
    ARRAY(struct str) other; /* ids that are new or of another version */
    unsigned char *same;     /* by place in the full part */
};

static bool compare_version(void *arg, struct str id, int64_t version)
{
    struct comparison *c = arg;
    size_t place = base_full_place(c->full, id);
    if (place != SIZE_MAX && c->full->entries[place].version == version)
        c->same[place] = 1;
    else if (c->other.n == c->most)
        return false;
    else
        *array_push(c->a, &c->other) = str_dup(c->a, id);
    return true;
}

int base_changes_read(struct tx *tx, struct arena *a, const struct base_full *f, size_t most, struct base_changes *ret)
{
    struct comparison c = {.a = a, .full = f, .most = most, .same = arena_array(a, unsigned char, f->n + 1)};
    int rc = knowledge_versions_each(tx, f->tenant_id, compare_version, &c);
    if (rc <= 0)
        return rc;
    ret->gone = arena_array(a, uint32_t, f->n + 1);
    ret->gone_count = 0;
    for (uint32_t i = 0; i < f->n; i++)
        if (c.same[i] == 0)
            ret->gone[ret->gone_count++] = i;
    if (ret->gone_count > most)
        return 0;
    ret->entries = arena_array(a, struct entry, c.other.n + 1);
    ret->n = 0;
    for (size_t i = 0; i < c.other.n; i++) {
        int found = knowledge_get(tx, a, f->tenant_id, c.other.v[i], &ret->entries[ret->n]);
        if (found < 0)
            return STORE_FAULT;
        ret->n += found > 0;
    }
    return 1;
}

/* ---- the newest of each tenant ------------------------------------------------------------------------------------ */

struct base_fulls {
    pthread_mutex_t lock;
    struct base_full *slots[FULL_SLOTS]; /* guarded by lock */
};

struct base_fulls *base_fulls_new(void)
{
    struct base_fulls *s = xcalloc(1, sizeof(*s));
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void base_fulls_free(struct base_fulls *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < FULL_SLOTS; i++)
        for (struct base_full *f = s->slots[i], *next; f != NULL; f = next) {
            next = f->next;
            base_full_unref(f);
        }
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* Where the tenant's part hangs, or would. */
static struct base_full **find_locked(struct base_fulls *s, int64_t tenant_id)
{
    struct base_full **at = &s->slots[((uint64_t)tenant_id * 0x9E3779B97F4A7C15u) >> 54];
    while (*at != NULL && (*at)->tenant_id != tenant_id)
        at = &(*at)->next;
    return at;
}

struct base_full *base_fulls_get(struct base_fulls *s, int64_t tenant_id)
{
    pthread_mutex_lock(&s->lock);
    struct base_full *f = *find_locked(s, tenant_id);
    if (f != NULL)
        base_full_ref(f);
    pthread_mutex_unlock(&s->lock);
    return f;
}

void base_fulls_put(struct base_fulls *s, struct base_full *f)
{
    pthread_mutex_lock(&s->lock);
    struct base_full **at = find_locked(s, f->tenant_id), *before = *at;
    f->next = before != NULL ? before->next : NULL;
    *at = base_full_ref(f);
    pthread_mutex_unlock(&s->lock);
    base_full_unref(before);
}
