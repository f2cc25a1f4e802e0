/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules in force. The shipped defaults are read once, on first use, and are immutable then; a fault of the store is
 * logged there, and a rule that cannot be read is a rule that is not there, so that nothing is promised by mistake.
 *
 * How          The clocks of a shop are wanted on every turn about an order, for today and for the day it was placed. A
 *              cache keeps what they are from each day on which one of their rules begins or ends, so that both are looked
 *              up in memory; it is at most two seconds behind the store, as the cache of shops is.
 * Threads      A cache is guarded by its lock, which is never held while the store is read.
 */
#include "trade/rules.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "account/shop.h"
#include "base/asset.h"
#include "base/time.h"
#include "trade/policy_store.h"

#define DEFAULTS "packs/policies.jsonl"

/** Written once under `once`. */
static struct {
    struct arena arena;
    ARRAY(struct policy) rows;
} defaults;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void take_line(struct str line)
{
    struct arena *a = &defaults.arena;
    _cleanup_(json_donep) json_t *row = json_read(line, NULL);
    const json_t *value = json_object_get(row, "value");
    struct policy p = {.tenant_id = POLICY_SHIPPED};
    struct policy_value v;
    p.value = json_is_string(value) ? str_dup(a, json_text(value)) : json_dump(a, value);
    bool ends = json_str(row, "to").n > 0;
    if (row == NULL || !time_parse(json_str(row, "from"), &p.from_ms) || !policy_read(p.value, &v) ||
        (ends && !time_parse(json_str(row, "to"), &p.to_ms)))
        fatal("%s: a line is no policy: %.*s", DEFAULTS, STR_ARG(line));
    p.key = str_dup(a, json_str(row, "key"));
    p.scope = str_dup(a, json_str(row, "scope"));
    p.source = str_dup(a, json_str(row, "source"));
    p.mark = str_dup(a, json_str(row, "mark"));
    p.meaning = str_dup(a, json_str(row, "meaning"));
    *array_push(a, &defaults.rows) = p;
}

static int by_key_and_start(const void *x, const void *y)
{
    const struct policy *a = x, *b = y;
    int c = str_cmp(a->key, b->key);
    return c != 0 ? c : (a->from_ms > b->from_ms) - (a->from_ms < b->from_ms);
}

static void load(void)
{
    struct str rest = asset_find(STR(DEFAULTS)), line;
    while (str_cut(&rest, '\n', &line))
        if (str_trim(line).n > 0)
            take_line(line);
    if (defaults.rows.n > 0)
        qsort(defaults.rows.v, defaults.rows.n, sizeof(*defaults.rows.v), by_key_and_start);
}

const struct policy *rules_shipped(size_t *ret_n)
{
    pthread_once(&once, load);
    *ret_n = defaults.rows.n;
    return defaults.rows.v;
}

/** The shipped versions of a key: they stand together. */
static const struct policy *versions_of(struct str key, size_t *ret_n)
{
    size_t n, first = 0, last;
    const struct policy *rows = rules_shipped(&n);
    while (first < n && !str_eq(rows[first].key, key))
        first++;
    for (last = first; last < n && str_eq(rows[last].key, key); last++)
        ;
    *ret_n = last - first;
    return &rows[first];
}

static const struct policy *default_of(struct str key, int64_t at_ms)
{
    size_t n;
    const struct policy *rows = versions_of(key, &n);
    return policy_in_force(rows, n, NULL, at_ms);
}

/** What was stored, then what ships, as one list in @p a. */
static struct policy *join(struct arena *a, const struct policy *stored, size_t stored_n, const struct policy *shipped,
                           size_t shipped_n)
{
    struct policy *all = arena_array(a, struct policy, stored_n + shipped_n + 1);
    if (stored_n > 0)
        memcpy(all, stored, stored_n * sizeof(*all));
    if (shipped_n > 0)
        memcpy(all + stored_n, shipped, shipped_n * sizeof(*all));
    return all;
}

/** Both are by key and start; so is what they give. */
static void merge(const struct policy *x, size_t x_n, const struct policy *y, size_t y_n, struct policy *ret)
{
    size_t i = 0, k = 0;
    while (i < x_n && k < y_n)
        *ret++ = by_key_and_start(&x[i], &y[k]) <= 0 ? x[i++] : y[k++];
    if (i < x_n)
        memcpy(ret, &x[i], (x_n - i) * sizeof(*ret));
    if (k < y_n)
        memcpy(ret, &y[k], (y_n - k) * sizeof(*ret));
}

int rules_all(struct tx *tx, struct arena *a, int64_t tenant_id, struct policy **ret, size_t *ret_n)
{
    struct policy *stored;
    size_t stored_n, shipped_n;
    const struct policy *shipped = rules_shipped(&shipped_n);
    if (policy_list_all(tx, a, tenant_id, &stored, &stored_n) < 0)
        return STORE_FAULT;
    if (stored_n > 0)
        qsort(stored, stored_n, sizeof(*stored), by_key_and_start);
    *ret = arena_raw(a, (stored_n + shipped_n + 1) * sizeof(**ret));
    *ret_n = stored_n + shipped_n;
    merge(stored, stored_n, shipped, shipped_n, *ret);
    return STORE_OK;
}

int rules_get(struct tx *tx, struct arena *a, int64_t tenant_id, const char *key, struct str scope, int64_t at_ms,
              struct policy_value *ret)
{
    struct policy *rows;
    size_t n, shipped_n;
    const struct policy *shipped = versions_of(str_from(key), &shipped_n);
    struct policy_place place = policy_place_of(scope);
    int rc = policy_list(tx, a, tenant_id, str_from(key), &rows, &n);
    if (rc < 0)
        return rc;
    const struct policy *p = policy_in_force(join(a, rows, n, shipped, shipped_n), n + shipped_n, &place, at_ms);
    return p != NULL && policy_read(p->value, ret) ? 1 : 0;
}

int64_t rules_number(struct tx *tx, struct arena *a, int64_t tenant_id, const char *key, enum policy_kind kind,
                     int64_t at_ms, int64_t otherwise)
{
    struct policy_value v;
    int rc = rules_get(tx, a, tenant_id, key, STR_NONE, at_ms, &v);
    return rc > 0 && v.kind == kind ? v.number : otherwise;
}

/* ---- clocks --------------------------------------------------------------------------------------------------------- */

#define FRESH_US INT64_C(2000000)
#define PLACES   1024

static const struct {
    const char *key;
    size_t at; /* of the clock that it sets */
} clock_rules[] = {
    {"logistics.stale", offsetof(struct order_clocks, stale_ms)},
    {"ship.no_trace", offsetof(struct order_clocks, no_trace_ms)},
    {"ship.promise_default", offsetof(struct order_clocks, ship_promise_ms)},
};

/** All versions of what the clocks of a shop are set by. */
struct clock_set {
    struct {
        struct policy *rows;
        size_t n;
    } rules[COUNT(clock_rules)];
    bool promises; /* in its settings, which come before the policy */
    int64_t promise_ms;
};

/** What the clocks are from an instant on, until the next one. */
struct clock_span {
    int64_t from_ms;
    struct order_clocks clocks;
};

/** The clocks of a shop at any time. */
struct kept_clocks {
    int64_t tenant_id, read_us;
    struct clock_span *spans; /* by start; the first is from ever */
    size_t n;
};

struct rules_cache {
    pthread_mutex_t lock;
    struct kept_clocks *places[PLACES]; /* guarded by lock; a place is of one shop at a time */
};

static int read_set(struct tx *tx, struct arena *a, int64_t tenant_id, struct clock_set *ret)
{
    struct shop shop;
    for (size_t i = 0; i < COUNT(clock_rules); i++)
        if (policy_list(tx, a, tenant_id, str_from(clock_rules[i].key), &ret->rules[i].rows, &ret->rules[i].n) < 0)
            return STORE_FAULT;
    ret->promises = shop_get(tx, a, tenant_id, &shop) == ACCOUNT_OK &&
                    time_duration(shop_setting(a, &shop, "ship_promise"), &ret->promise_ms);
    return STORE_OK;
}

static int64_t clock_of(const struct clock_set *set, size_t rule, int64_t at_ms)
{
    struct policy_value v;
    const struct policy *p = policy_in_force(set->rules[rule].rows, set->rules[rule].n, NULL, at_ms);
    if (p == NULL)
        p = default_of(str_from(clock_rules[rule].key), at_ms);
    return p != NULL && policy_read(p->value, &v) && v.kind == POLICY_DURATION ? v.number : 0;
}

static struct order_clocks clocks_at(const struct clock_set *set, int64_t at_ms)
{
    struct order_clocks c = {0};
    for (size_t i = 0; i < COUNT(clock_rules); i++)
        *(int64_t *)(void *)((char *)&c + clock_rules[i].at) = clock_of(set, i, at_ms);
    if (set->promises)
        c.ship_promise_ms = set->promise_ms;
    return c;
}

struct order_clocks rules_clocks(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t at_ms)
{
    struct clock_set set = {.promises = false};
    return read_set(tx, a, tenant_id, &set) == STORE_OK ? clocks_at(&set, at_ms) : (struct order_clocks){0};
}

/** A span for each instant at which one of @p rows begins or ends. */
static size_t add_starts(struct clock_span *spans, const struct policy *rows, size_t n)
{
    size_t added = 0;
    for (size_t i = 0; i < n; i++) {
        spans[added++].from_ms = rows[i].from_ms;
        if (rows[i].to_ms != 0)
            spans[added++].from_ms = rows[i].to_ms;
    }
    return added;
}

static int by_start(const void *x, const void *y)
{
    const struct clock_span *a = x, *b = y;
    return (a->from_ms > b->from_ms) - (a->from_ms < b->from_ms);
}

static struct kept_clocks *keep(const struct clock_set *set, int64_t tenant_id, int64_t read_us)
{
    struct kept_clocks *kept = xcalloc(1, sizeof(*kept));
    size_t shipped_n, most = 1;
    for (size_t i = 0; i < COUNT(clock_rules); i++) {
        (void)versions_of(str_from(clock_rules[i].key), &shipped_n);
        most += 2 * (set->rules[i].n + shipped_n);
    }
    *kept = (struct kept_clocks){tenant_id, read_us, xcalloc(most, sizeof(*kept->spans)), 1};
    kept->spans[0].from_ms = INT64_MIN;
    for (size_t i = 0; i < COUNT(clock_rules); i++) {
        const struct policy *shipped = versions_of(str_from(clock_rules[i].key), &shipped_n);
        kept->n += add_starts(kept->spans + kept->n, set->rules[i].rows, set->rules[i].n);
        kept->n += add_starts(kept->spans + kept->n, shipped, shipped_n);
    }
    qsort(kept->spans, kept->n, sizeof(*kept->spans), by_start);
    for (size_t i = 0; i < kept->n; i++)
        kept->spans[i].clocks = clocks_at(set, kept->spans[i].from_ms);
    return kept;
}

/** What was kept for an instant: that of the last span begun. */
static struct order_clocks kept_at(const struct kept_clocks *kept, int64_t at_ms)
{
    size_t i = kept->n - 1;
    while (i > 0 && kept->spans[i].from_ms > at_ms)
        i--;
    return kept->spans[i].clocks;
}

struct rules_cache *rules_cache_new(void)
{
    struct rules_cache *rc = xcalloc(1, sizeof(*rc));
    pthread_mutex_init(&rc->lock, NULL);
    return rc;
}

static void kept_free(struct kept_clocks *kept)
{
    if (kept == NULL)
        return;
    free(kept->spans);
    free(kept);
}

void rules_cache_free(struct rules_cache *rc)
{
    if (rc == NULL)
        return;
    for (size_t i = 0; i < PLACES; i++)
        kept_free(rc->places[i]);
    pthread_mutex_destroy(&rc->lock);
    free(rc);
}

/* Ids differ in their low, random bits; the lowest is always 1. */
static struct kept_clocks **place_of(struct rules_cache *rc, int64_t tenant_id)
{
    return &rc->places[(uint64_t)tenant_id / 2 % PLACES];
}

static bool take_fresh(struct rules_cache *rc, int64_t tenant_id, int64_t at_ms, struct order_clocks *ret)
{
    int64_t now_us = clock_mono_us();
    pthread_mutex_lock(&rc->lock);
    const struct kept_clocks *kept = *place_of(rc, tenant_id);
    bool fresh = kept != NULL && kept->tenant_id == tenant_id && now_us - kept->read_us < FRESH_US;
    if (fresh)
        *ret = kept_at(kept, at_ms);
    pthread_mutex_unlock(&rc->lock);
    return fresh;
}

static void put(struct rules_cache *rc, struct kept_clocks *kept)
{
    struct kept_clocks **place = place_of(rc, kept->tenant_id);
    pthread_mutex_lock(&rc->lock);
    struct kept_clocks *before = *place;
    *place = kept;
    pthread_mutex_unlock(&rc->lock);
    kept_free(before);
}

struct order_clocks rules_cache_clocks(struct rules_cache *rc, struct tx *tx, int64_t tenant_id, int64_t at_ms)
{
    _cleanup_(arena_done) struct arena memory = {0};
    struct order_clocks clocks;
    struct clock_set set = {.promises = false};
    if (take_fresh(rc, tenant_id, at_ms, &clocks))
        return clocks;
    int64_t read_us = clock_mono_us();
    if (read_set(tx, &memory, tenant_id, &set) != STORE_OK)
        return (struct order_clocks){0};
    put(rc, keep(&set, tenant_id, read_us));
    return clocks_at(&set, at_ms);
}
