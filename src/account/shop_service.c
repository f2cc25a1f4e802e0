/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shops as other rooms ask for them, on every turn: from a cache.
 *
 * How          A shop read from the store is kept, whole, for two seconds, in the one place of a table that its tenant id
 *              says; another shop of the same place takes it over. Readers get a copy, so nothing is shared and nothing
 *              needs to be given back.
 * Threads      The table is guarded by `lock`, which is never held while the store is read.
 */
#include "account/shop.h"

#include <pthread.h>

#include "base/texts.h"
#include "base/time.h"

#define FRESH_US INT64_C(2000000)
#define PLACES   1024

/** A kept shop; the text of `shop` lies in `memory`. */
struct kept {
    const struct store *store; /* tests open several */
    int64_t read_us;           /* 0: an empty place */
    struct shop shop;
    struct arena memory;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct kept table[PLACES]; /* guarded by lock */
static uint64_t forgotten;        /* guarded by lock: how often shop_cache_forget() was called */

/* Ids differ in their low, random bits; the lowest is always 1. */
static struct kept *place_of(int64_t tenant_id)
{
    return &table[(uint64_t)tenant_id / 2 % PLACES];
}

static void copy_shop(struct arena *a, const struct shop *from, struct shop *to)
{
    *to = *from;
    to->shop_id = str_dup(a, from->shop_id);
    to->name = str_dup(a, from->name);
    to->language = str_dup(a, from->language);
    to->currency = str_dup(a, from->currency);
    to->time_zone = str_dup(a, from->time_zone);
    to->settings = str_dup(a, from->settings);
}

static bool take_fresh(const struct store *store, struct arena *a, int64_t tenant_id, struct shop *ret,
                       uint64_t *ret_read_at)
{
    pthread_mutex_lock(&lock);
    *ret_read_at = forgotten;
    const struct kept *k = place_of(tenant_id);
    bool fresh = k->read_us != 0 && k->store == store && k->shop.tenant_id == tenant_id &&
                 clock_mono_us() - k->read_us < FRESH_US;
    if (fresh)
        copy_shop(a, &k->shop, ret);
    pthread_mutex_unlock(&lock);
    return fresh;
}

/* What was read before the cache was emptied is not kept: it may be older than the commit that emptied it. */
static void keep(const struct store *store, const struct shop *s, uint64_t read_at)
{
    pthread_mutex_lock(&lock);
    if (read_at != forgotten) {
        pthread_mutex_unlock(&lock);
        return;
    }
    struct kept *k = place_of(s->tenant_id);
    arena_reset(&k->memory);
    copy_shop(&k->memory, s, &k->shop);
    k->store = store;
    k->read_us = clock_mono_us();
    pthread_mutex_unlock(&lock);
}

void shop_cache_forget(void)
{
    pthread_mutex_lock(&lock);
    forgotten++;
    for (size_t i = 0; i < PLACES; i++) {
        arena_done(&table[i].memory);
        table[i].read_us = 0;
    }
    pthread_mutex_unlock(&lock);
}

struct read_work {
    struct arena *arena;
    int64_t tenant_id; /* 0: by shop_id */
    struct str shop_id;
    struct shop *ret;
};

static int read_shop(struct tx *tx, void *arg)
{
    const struct read_work *w = arg;
    return w->tenant_id != 0 ? (int)shop_get(tx, w->arena, w->tenant_id, w->ret)
                             : (int)shop_find(tx, w->arena, w->shop_id, w->ret);
}

enum account_answer shop_of(struct store *store, struct arena *a, int64_t tenant_id, struct shop *ret)
{
    if (tenant_id == 0)
        return ACCOUNT_NOT_FOUND;
    uint64_t read_at;
    if (take_fresh(store, a, tenant_id, ret, &read_at))
        return ACCOUNT_OK;
    struct read_work w = {.arena = a, .tenant_id = tenant_id, .ret = ret};
    enum account_answer answer = (enum account_answer)store_read(store, read_shop, &w);
    if (answer == ACCOUNT_OK)
        keep(store, ret, read_at);
    return answer;
}

enum account_answer shop_named(struct store *store, struct arena *a, struct str shop_id, struct shop *ret)
{
    struct read_work w = {.arena = a, .shop_id = shop_id, .ret = ret};
    return (enum account_answer)store_read(store, read_shop, &w);
}

struct str shop_setting(struct arena *a, const struct shop *s, const char *key)
{
    _cleanup_(json_donep) json_t *settings = json_read(s->settings, NULL);
    return str_dup(a, json_str(settings, key));
}

struct str shop_hours_text(struct arena *a, const struct shop *s, struct str language)
{
    static const char *const days[] = {"day.1", "day.2", "day.3", "day.4", "day.5", "day.6", "day.7"};
    struct hours_words words = {.through = texts_get(language, "hours.through"),
                                .list = texts_get(language, "hours.list"),
                                .always = texts_get(language, "hours.always"),
                                .never = texts_get(language, "hours.never")};
    for (size_t i = 0; i < COUNT(days); i++)
        words.day[i] = texts_get(language, days[i]);
    return hours_text(a, &s->hours, &words);
}
