/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People facts: a small table by shop and group. A place is taken over by the next one that falls on it; all are old once
 * anybody's status changed, which is rare beside the questions.
 */
#include "desk/people_facts.h"

#include <pthread.h>

#include "base/time.h"
#include "desk/desk_store.h"

#define KEPT_US INT64_C(1000000) /* another process may import people */
#define PLACES  256

struct kept {
    const struct store *store; /* tests open several */
    int64_t tenant_id, until_us;
    uint64_t skill, changes; /* skill: hash */
    struct people_facts facts;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct kept places[PLACES]; /* guarded by lock */
static uint64_t changes = 1;       /* guarded by lock */

static struct kept *place_of(int64_t tenant_id, uint64_t skill)
{
    return &places[((uint64_t)tenant_id / 2 + skill) % PLACES];
}

static int count(struct tx *tx, struct arena *a, int64_t tenant_id, struct str skill, struct people_facts *ret)
{
    struct desk_group *groups;
    size_t n;
    *ret = (struct people_facts){0};
    if (desk_people_count(tx, tenant_id, &ret->roster, &ret->online) < 0 || desk_groups(tx, a, tenant_id, &groups, &n) < 0)
        return STORE_FAULT;
    for (size_t i = 0; i < n; i++)
        if (str_eq(groups[i].skill, skill))
            ret->group = groups[i].facts;
    return STORE_OK;
}

int people_facts_of(struct tx *tx, const struct store *store, struct arena *a, int64_t tenant_id, struct str skill,
                    struct people_facts *ret)
{
    uint64_t hash = str_hash(skill);
    pthread_mutex_lock(&lock);
    struct kept *k = place_of(tenant_id, hash);
    uint64_t now = changes;
    bool known = k->store == store && k->tenant_id == tenant_id && k->skill == hash && k->changes == now &&
                 clock_mono_us() < k->until_us;
    if (known)
        *ret = k->facts;
    pthread_mutex_unlock(&lock);
    if (known)
        return STORE_OK;
    if (count(tx, a, tenant_id, skill, ret) < 0)
        return STORE_FAULT;
    pthread_mutex_lock(&lock); /* counted before a change: kept as of then, and so not found */
    *k = (struct kept){store, tenant_id, clock_mono_us() + KEPT_US, hash, now, *ret};
    pthread_mutex_unlock(&lock);
    return STORE_OK;
}

void people_facts_changed(void)
{
    pthread_mutex_lock(&lock);
    changes++;
    pthread_mutex_unlock(&lock);
}
