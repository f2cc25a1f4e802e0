/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arena: a chain of chunks, bump allocation, each chunk twice the one before.
 */
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define POISON(p, n)   ((void)0)
#define UNPOISON(p, n) ((void)0)
#endif

struct arena_chunk {
    struct arena_chunk *older;
    size_t size; /* bytes in data */
    _Alignas(16) unsigned char data[];
};

#define FIRST_CHUNK (4 * KIB)

static void add_chunk(struct arena *a, size_t need)
{
    size_t size = a->chunk != NULL ? a->chunk->size * 2 : FIRST_CHUNK;
    if (size > MIB)
        size = MIB;
    while (size < need)
        size *= 2;
    if (a->total + size > (a->limit > 0 ? a->limit : ARENA_LIMIT))
        fatal("arena limit: %zu bytes wanted beside %zu", size, a->total);

    struct arena_chunk *c = xmalloc(sizeof(*c) + size);
    c->older = a->chunk;
    c->size = size;
    POISON(c->data, size);
    a->chunk = c;
    a->used = 0;
    a->total += size;
}

void *arena_raw(struct arena *a, size_t n)
{
    size_t need = (n + 15) & ~(size_t)15;
    assert(need >= n);
    if (need == 0)
        need = 16;
    if (a->chunk == NULL || a->chunk->size - a->used < need)
        add_chunk(a, need);

    void *p = a->chunk->data + a->used;
    a->used += need;
    UNPOISON(p, n);
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    return memset(arena_raw(a, n), 0, n);
}

void *arena_copy(struct arena *a, const void *p, size_t n)
{
    void *q = arena_raw(a, n);
    if (n > 0)
        memcpy(q, p, n);
    return q;
}

void arena_reset(struct arena *a)
{
    /* Keep the newest (largest) chunk unless it is a giant from one odd request. */
    if (a->chunk == NULL)
        return;
    struct arena_chunk *keep = a->chunk->size <= MIB ? a->chunk : NULL;
    struct arena_chunk *c = keep != NULL ? keep->older : a->chunk;
    while (c != NULL) {
        struct arena_chunk *older = c->older;
        UNPOISON(c->data, c->size);
        free(c);
        c = older;
    }
    a->chunk = keep;
    a->used = 0;
    a->total = 0;
    if (keep != NULL) {
        keep->older = NULL;
        a->total = keep->size;
        POISON(keep->data, keep->size);
    }
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->chunk, a->used};
}

void arena_rewind(struct arena *a, struct arena_mark before)
{
    if (before.chunk == NULL && a->chunk != NULL) { /* it was empty: keep the first chunk for what comes next */
        arena_reset(a);
        return;
    }
    while (a->chunk != before.chunk) {
        struct arena_chunk *older = a->chunk->older;
        a->total -= a->chunk->size;
        UNPOISON(a->chunk->data, a->chunk->size);
        free(a->chunk);
        a->chunk = older;
        a->used = before.used;
    }
    assert(a->used >= before.used);
    a->used = before.used;
    if (a->chunk != NULL)
        POISON(a->chunk->data + a->used, a->chunk->size - a->used);
}

void arena_done(struct arena *a)
{
    if (a == NULL)
        return;
    while (a->chunk != NULL) {
        struct arena_chunk *older = a->chunk->older;
        UNPOISON(a->chunk->data, a->chunk->size);
        free(a->chunk);
        a->chunk = older;
    }
    a->used = a->total = 0;
}

void arena_pool_init(struct arena_pool *pool, size_t chunk)
{
    *pool = (struct arena_pool){.chunk = chunk};
    pthread_mutex_init(&pool->lock, NULL);
}

void arena_pool_done(struct arena_pool *pool)
{
    while (pool->n > 0)
        arena_done(&pool->spare[--pool->n]);
    pthread_mutex_destroy(&pool->lock);
}

struct arena arena_take(struct arena_pool *pool)
{
    struct arena a = {0};
    pthread_mutex_lock(&pool->lock);
    if (pool->n > 0)
        a = pool->spare[--pool->n];
    pthread_mutex_unlock(&pool->lock);
    if (a.chunk == NULL)
        add_chunk(&a, pool->chunk);
    return a;
}

void arena_give(struct arena_pool *pool, struct arena *a)
{
    if (a->chunk == NULL)
        return;
    arena_reset(a);
    pthread_mutex_lock(&pool->lock);
    if (pool->n < ARENAS_KEPT) {
        pool->spare[pool->n++] = *a;
        *a = (struct arena){0};
    }
    pthread_mutex_unlock(&pool->lock);
    arena_done(a);
}

void *array_grow(struct arena *a, const void *old, size_t n, size_t *cap, size_t size)
{
    size_t grown = *cap > 0 ? *cap * 2 : 8;
    void *p = arena_alloc(a, grown * size);
    if (n > 0)
        memcpy(p, old, n * size);
    *cap = grown;
    return p;
}
