/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Snapshots: the present thing of each tenant; replaced ones live on until their last holder lets go.
 *
 * How          A hash of lists of present things by tenant. A builder writes itself down, builds outside the lock, swaps.
 *              Every turn holds three things and lets them go: holding takes the lock, letting go only counts.
 * Invariants   1. A thing is destroyed exactly when it is neither present nor held: by whoever lets go last, and the keeper
 *                 lets go of what is replaced. It is held anew only under the lock, while it is present.
 *              2. At most one builder a tenant; others take what is there, and wait only when nothing is.
 * Threads      Everything under `lock`, but building, letting go and destroying.
 */
#include "base/snapshot.h"

#include <pthread.h>
#include <stdlib.h>

#define SNAPSHOT_SLOTS 1024 /* a node serves hundreds of shops */

/** On the stack of the thread that builds. */
struct building {
    int64_t tenant_id;
    struct building *next;
};

struct snapshots {
    pthread_mutex_t lock;
    pthread_cond_t built;
    struct snapshot *slots[SNAPSHOT_SLOTS];
    struct building *builders;
    void (*destroy)(struct snapshot *thing);
};

static struct snapshot **slot_of(struct snapshots *s, int64_t tenant_id)
{
    return &s->slots[((uint64_t)tenant_id * 0x9E3779B97F4A7C15u) >> 54];
}

static struct snapshot *present_locked(struct snapshots *s, int64_t tenant_id)
{
    struct snapshot *one = *slot_of(s, tenant_id);
    while (one != NULL && one->tenant_id != tenant_id)
        one = one->next;
    return one;
}

static bool is_building_locked(const struct snapshots *s, int64_t tenant_id)
{
    for (const struct building *b = s->builders; b != NULL; b = b->next)
        if (b->tenant_id == tenant_id)
            return true;
    return false;
}

static void builder_ends_locked(struct snapshots *s, const struct building *mine)
{
    struct building **at = &s->builders;
    while (*at != mine)
        at = &(*at)->next;
    *at = mine->next;
    pthread_cond_broadcast(&s->built);
}

/** Makes @p fresh the present one. @return the one before, which the caller lets go unlocked; NULL: none */
static struct snapshot *swap_locked(struct snapshots *s, struct snapshot *fresh)
{
    struct snapshot **at = slot_of(s, fresh->tenant_id);
    while (*at != NULL && (*at)->tenant_id != fresh->tenant_id)
        at = &(*at)->next;
    struct snapshot *before = *at;
    fresh->next = before != NULL ? before->next : NULL;
    *at = fresh;
    return before;
}

struct snapshots *snapshots_new(void (*destroy)(struct snapshot *thing))
{
    struct snapshots *s = xcalloc(1, sizeof(*s));
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->built, NULL);
    s->destroy = destroy;
    return s;
}

void snapshots_free(struct snapshots *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < SNAPSHOT_SLOTS; i++) {
        for (struct snapshot *one = s->slots[i], *next; one != NULL; one = next) {
            next = one->next;
            assert(atomic_load(&one->holders) == 1);
            s->destroy(one);
        }
    }
    pthread_cond_destroy(&s->built);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static void hold_locked(struct snapshot *one)
{
    if (one != NULL)
        atomic_fetch_add_explicit(&one->holders, 1, memory_order_relaxed);
}

/** Builds and swaps; what is present then is held and given, or NULL. */
static struct snapshot *rebuild(struct snapshots *s, int64_t tenant_id, int64_t version, snapshot_build_fn *build,
                                void *arg, struct building *mine)
{
    struct snapshot *fresh = build(arg, tenant_id), *before = NULL;

    pthread_mutex_lock(&s->lock);
    if (fresh != NULL) {
        fresh->tenant_id = tenant_id;
        fresh->version = version;
        atomic_init(&fresh->holders, 1);
        before = swap_locked(s, fresh);
    } else {
        fresh = present_locked(s, tenant_id);
    }
    hold_locked(fresh);
    builder_ends_locked(s, mine);
    pthread_mutex_unlock(&s->lock);

    if (before != NULL)
        snapshots_release(s, before);
    return fresh;
}

struct snapshot *snapshots_hold(struct snapshots *s, int64_t tenant_id, int64_t version, snapshot_build_fn *build,
                                void *arg)
{
    pthread_mutex_lock(&s->lock);
    struct snapshot *one = present_locked(s, tenant_id);
    while (one == NULL && is_building_locked(s, tenant_id)) {
        pthread_cond_wait(&s->built, &s->lock);
        one = present_locked(s, tenant_id);
    }
    /* a caller whose read is older than the present thing is served by the newer one too */
    bool stale = one == NULL || one->version < version;
    if (stale && !is_building_locked(s, tenant_id)) {
        struct building mine = {.tenant_id = tenant_id, .next = s->builders};
        s->builders = &mine;
        pthread_mutex_unlock(&s->lock);
        return rebuild(s, tenant_id, version, build, arg, &mine);
    }
    hold_locked(one);
    pthread_mutex_unlock(&s->lock);
    return one;
}

void snapshots_release(struct snapshots *s, struct snapshot *thing)
{
    size_t held = atomic_fetch_sub_explicit(&thing->holders, 1, memory_order_acq_rel);
    assert(held > 0);
    if (held == 1)
        s->destroy(thing);
}
