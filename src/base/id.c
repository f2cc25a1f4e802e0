/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ids from time, chance and counting: a process begins its low bits by chance and counts on from there, so that two of its
 * own never meet. By chance alone they did, once in a minute at six a millisecond.
 */
#include "base/id.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

#define ID_EPOCH_MS INT64_C(1704067200000) /* 2024-01-01 */
#define STEP        UINT32_C(0x13c6ee)     /* twice an odd number: all bits but the lowest go round before any comes again,
                                              and neighbours lie far apart: some ids are made by adding 2 to another */

static atomic_uint_fast32_t next;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void begin_by_chance(void)
{
    atomic_store(&next, randombytes_random());
}

int64_t id_new(int64_t now_ms)
{
    int64_t t = now_ms > ID_EPOCH_MS ? now_ms - ID_EPOCH_MS : 0;
    pthread_once(&once, begin_by_chance);
    return (t << 21) | (int64_t)(atomic_fetch_add_explicit(&next, STEP, memory_order_relaxed) & 0x1fffff) | 1;
}

int64_t id_at_ms(int64_t id)
{
    return (id >> 21) + ID_EPOCH_MS;
}

bool id_parse(struct str text, int64_t *ret_id)
{
    int64_t v;
    if (!str_int(text, &v) || v <= 0)
        return false;
    *ret_id = v;
    return true;
}
