/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lock: the rule, and the table of strangers.
 *
 * How          A stranger's place in the table is the hash of shop and name; who comes later takes the place over.
 *              A restart forgets the table: a known name's count, which is what protects an account, is in the store.
 * Threads      The table is guarded by `guard`.
 */
#include "account/lock.h"

#include <pthread.h>

#include "base/limit.h"

#define PLACES 4096

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static struct place {
    uint64_t who;
    struct lock lock;
} places[PLACES]; /* guarded by guard */

bool lock_attempt(struct lock *l, int64_t now_ms)
{
    if (l->until_ms > now_ms)
        return false;
    if (l->until_ms != 0)
        *l = (struct lock){0}; /* it has waited */
    l->count++;
    if (l->count >= LIMIT_SIGN_IN_FAILURES)
        l->until_ms = now_ms + LIMIT_SIGN_IN_LOCK_MS;
    return true;
}

bool lock_stranger(struct str shop_id, struct str sign_in, int64_t now_ms, int64_t *ret_until_ms)
{
    uint64_t who = str_hash(sign_in) ^ (str_hash(shop_id) * UINT64_C(0x9E3779B97F4A7C15));
    pthread_mutex_lock(&guard);
    struct place *p = &places[who % PLACES];
    if (p->who != who)
        *p = (struct place){.who = who};
    bool may = lock_attempt(&p->lock, now_ms);
    if (!may)
        *ret_until_ms = p->lock.until_ms;
    pthread_mutex_unlock(&guard);
    return may;
}
