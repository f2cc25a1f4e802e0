/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Snapshots: one immutable thing a tenant (its catalog, its knowledge), built from stored rows and kept under a version.
 * While one thread builds the next version, the others go on with the present one; only the very first build is waited
 * for. A thing lives as long as somebody holds it. Any thread.
 */

#include <stdatomic.h>

#include "base/base.h"

/** First member of every kept thing. Owned by the keeper; guarded by its lock, but for the count. */
struct snapshot {
    int64_t tenant_id, version;
    atomic_size_t holders; /**< the keeper is one of them while it is the newest of its tenant */
    struct snapshot *next; /**< in the keeper's list of present ones */
};

struct snapshots;

/**
 * Builds the thing of @p tenant_id. Runs outside the lock, on the thread that asked.
 * @return the thing's first member, or NULL at a fault: then the present one stays in use, if there is one
 */
typedef struct snapshot *snapshot_build_fn(void *arg, int64_t tenant_id);

/** @param destroy  frees one thing that nobody holds any more */
must_use struct snapshots *snapshots_new(void (*destroy)(struct snapshot *thing));
/** Nobody may hold a thing any more. NULL is fine. */
void snapshots_free(struct snapshots *s);
/**
 * Holds the thing of @p tenant_id, built anew when @p version is above that of the present one.
 * @return the thing, until snapshots_release(); NULL when it could not be built
 */
must_use struct snapshot *snapshots_hold(struct snapshots *s, int64_t tenant_id, int64_t version,
                                         snapshot_build_fn *build, void *arg);
/** Lets go of what snapshots_hold() gave. */
void snapshots_release(struct snapshots *s, struct snapshot *thing);
