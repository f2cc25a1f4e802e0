/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Snapshots: the present thing of each tenant; replaced ones live on until their last holder lets go.
 *
 * How          A hash of lists of present things by tenant. A builder writes itself down, builds outside the lock, swaps.
 * Invariants   1. A thing is destroyed exactly when it is neither present nor held.
 *              2. At most one builder a tenant; others take what is there, and wait only when nothing is.
 * Threads      Everything under `lock`, but building and destroying.
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

/** Makes @p fresh the present one. @return the one before, when nobody holds it: the caller destroys it unlocked */
static struct snapshot *swap_locked(struct snapshots *s, struct snapshot *fresh)
{
    struct snapshot **at = slot_of(s, fresh->tenant_id);
    while (*at != NULL && (*at)->tenant_id != fresh->tenant_id)
        at = &(*at)->next;
    struct snapshot *before = *at;
    fresh->next = before != NULL ? before->next : NULL;
    fresh->present = true;
    *at = fresh;
    if (before == NULL)
        return NULL;
    before->present = false;
    return before->holders == 0 ? before : NULL;
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
            assert(one->holders == 0);
            s->destroy(one);
        }
    }
    pthread_cond_destroy(&s->built);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/** Builds and swaps; what is present then is held and given, or NULL. */
static struct snapshot *rebuild(struct snapshots *s, int64_t tenant_id, int64_t version, snapshot_build_fn *build,
                                void *arg, struct building *mine)
{
    struct snapshot *fresh = build(arg, tenant_id), *unused = NULL;

    pthread_mutex_lock(&s->lock);
    if (fresh != NULL) {
        fresh->tenant_id = tenant_id;
        fresh->version = version;
        fresh->holders = 0;
        unused = swap_locked(s, fresh);
    } else {
        fresh = present_locked(s, tenant_id);
    }
    if (fresh != NULL)
        fresh->holders++;
    builder_ends_locked(s, mine);
    pthread_mutex_unlock(&s->lock);

    if (unused != NULL)
        s->destroy(unused);
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
    if (one != NULL)
        one->holders++;
    pthread_mutex_unlock(&s->lock);
    return one;
}

void snapshots_release(struct snapshots *s, struct snapshot *thing)
{
    pthread_mutex_lock(&s->lock);
    assert(thing->holders > 0);
    bool unused = --thing->holders == 0 && !thing->present;
    pthread_mutex_unlock(&s->lock);
    if (unused)
        s->destroy(thing);
}
