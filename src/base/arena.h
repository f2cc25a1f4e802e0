/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Arena: memory of one request, turn or parse, given back all at once.
 *
 * An arena is used by one thread at a time. What it gives is valid until arena_reset() or arena_done().
 * Under AddressSanitizer what was reset is poisoned, so a late reader is seen.
 */

#include <pthread.h>

#include "base/base.h"

struct arena_chunk;

/** In place; zero-initialised is a valid empty arena. */
struct arena {
    struct arena_chunk *chunk; /**< newest chunk, or NULL */
    size_t used;               /**< bytes used in the newest chunk */
    size_t total;              /**< bytes held in all chunks */
    size_t limit;              /**< aborts above this many bytes; 0: ARENA_LIMIT */
};

#define ARENA_LIMIT (512 * MIB)

/** Gives @p n zeroed bytes, aligned for any type, in @p a. Never NULL. */
must_use void *arena_alloc(struct arena *a, size_t n) __attribute__((malloc, returns_nonnull));
/** The same, not zeroed: for who writes all of it at once. */
must_use void *arena_raw(struct arena *a, size_t n) __attribute__((malloc, returns_nonnull));
/** Copies @p n bytes into @p a. */
must_use void *arena_copy(struct arena *a, const void *p, size_t n);
/** Forgets all, keeps one chunk for the next user. */
void arena_reset(struct arena *a);

/** A moment in an arena's life. */
struct arena_mark {
    struct arena_chunk *chunk;
    size_t used;
};

/**
 * What is needed only within a function is taken from the caller's arena and given back before it returns: the next one
 * gets the same memory, still in the cache, and a turn stays small.
 *
 *     const struct arena_mark before = arena_mark(a);
 *     … work that leaves nothing in a …
 *     arena_rewind(a, before);
 */
must_use struct arena_mark arena_mark(const struct arena *a);
/** Forgets what was taken since. Marks are given back in the reverse order of their taking, and none survives a reset. */
void arena_rewind(struct arena *a, struct arena_mark before);
/** Frees all; the arena can be used again. NULL is fine. */
void arena_done(struct arena *a);

#define ARENAS_KEPT 64

/** Arenas for work that many threads do in turn: the one given back last is the next one taken, so that few are used, and
 *  their memory is still in the cache. In place. */
struct arena_pool {
    size_t chunk;                    /**< bytes that an arena begins with */
    pthread_mutex_t lock;
    struct arena spare[ARENAS_KEPT]; /**< guarded by lock; empty, but for a chunk each */
    size_t n;                        /**< guarded by lock */
};

/** @p chunk: what most of the work fits in. */
void arena_pool_init(struct arena_pool *pool, size_t chunk);
/** Frees what was given back. */
void arena_pool_done(struct arena_pool *pool);
/** An empty arena, for the caller to keep in a place of its own until it gives it back. Any thread, as arena_give(). */
must_use struct arena arena_take(struct arena_pool *pool);
/** Forgets all that is in @p a and leaves it empty; one that holds nothing costs nothing. */
void arena_give(struct arena_pool *pool, struct arena *a);

#define arena_new(a, type)          ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc((a), sizeof(type) * (count)))

/*
 * A growing array in an arena: struct { T *v; size_t n, cap; }. array_push() gives a pointer to the new, zeroed
 * element. The old block stays in the arena until reset: fine for what a request builds.
 */
#define ARRAY(type)                                                                                \
    struct {                                                                                       \
        type *v;                                                                                   \
        size_t n, cap;                                                                             \
    }
#define array_push(a, arr)                                                                         \
    ((arr)->n == (arr)->cap                                                                        \
         ? ((arr)->v = array_grow((a), (arr)->v, (arr)->n, &(arr)->cap, sizeof(*(arr)->v)),       \
            &(arr)->v[(arr)->n++])                                                                 \
         : &(arr)->v[(arr)->n++])
/** For array_push() only. */
must_use void *array_grow(struct arena *a, const void *old, size_t n, size_t *cap, size_t size);
