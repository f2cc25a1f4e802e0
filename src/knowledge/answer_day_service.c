/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answer days: counts days that are over and were not counted yet, stores them, and sums.
 *
 * How          Decisions are read outside any unit of work; only the few sums of a day are written. Two who count the
 *              same day at once write the same sums: the second changes nothing.
 */
#include "knowledge/answer_day.h"

#include "base/json_doc.h"
#include "knowledge/answer_day_store.h"

/** Sums in the making, by entry. */
struct tally {
    struct arena *arena;
    struct arena scratch; /* of the decision in hand */
    ARRAY(struct answer_count) list;
    uint32_t *table; /* 1 + place in list, by hash of the id */
    size_t size;
};

#define FIRST_SIZE 1024

static uint32_t *place_of(const struct tally *t, struct str id)
{
    size_t at = str_hash(id) & (t->size - 1);
    while (t->table[at] != 0 && !str_eq(t->list.v[t->table[at] - 1].knowledge_id, id))
        at = (at + 1) & (t->size - 1);
    return &t->table[at];
}

static void grow(struct tally *t)
{
    t->size = t->size > 0 ? 2 * t->size : FIRST_SIZE;
    t->table = arena_array(t->arena, uint32_t, t->size);
    for (size_t i = 0; i < t->list.n; i++)
        *place_of(t, t->list.v[i].knowledge_id) = (uint32_t)i + 1;
}

static struct answer_count *count_of(struct tally *t, struct str id)
{
    if (t->list.n * 2 >= t->size)
        grow(t);
    uint32_t *place = place_of(t, id);
    if (*place == 0) {
        *array_push(t->arena, &t->list) = (struct answer_count){.knowledge_id = str_dup(t->arena, id)};
        *place = (uint32_t)t->list.n;
    }
    return &t->list.v[*place - 1];
}

/** The entry that a decided turn answered with, in t->scratch; empty: none. */
static struct str answered_by(struct tally *t, struct str why)
{
    arena_reset(&t->scratch);
    if (!str_has(why, STR("\"act\":\"knowledge\"")))
        return STR_NONE;
    return json_doc_str(json_doc_object(json_doc_read(&t->scratch, why), "input"), "knowledge");
}

static void take_turn(void *arg, struct str why)
{
    struct tally *t = arg;
    struct str entry = answered_by(t, why);
    count_of(t, STR_NONE)->hits++;
    if (entry.n > 0)
        count_of(t, entry)->hits++;
}

static void count_thumb(struct answer_count *count, bool helpful)
{
    count->helpful += helpful;
    count->unhelpful += !helpful;
}

static void take_thumb(void *arg, bool helpful, struct str why)
{
    struct tally *t = arg;
    struct str entry = answered_by(t, why);
    count_thumb(count_of(t, STR_NONE), helpful);
    if (entry.n > 0)
        count_thumb(count_of(t, entry), helpful);
}

static void take_sum(void *arg, const struct answer_count *sum)
{
    struct answer_count *count = count_of(arg, sum->knowledge_id);
    count->hits += sum->hits;
    count->helpful += sum->helpful;
    count->unhelpful += sum->unhelpful;
}

/** What is counted, for the unit that stores it. */
struct counting {
    int64_t tenant_id, from_day, to_day; /* to_day is today */
    struct tally days[ANSWER_DAYS]; /* of days that were not counted yet */
    bool fresh[ANSWER_DAYS];
    bool any_fresh;
    struct tally sum;
};

static int count_day(struct tx *tx, const struct counting *w, int64_t day, struct tally *into)
{
    int64_t from_ms = day * DAY_MS, to_ms = from_ms + DAY_MS;
    int rc = answer_turns(tx, w->tenant_id, from_ms, to_ms, take_turn, into);
    (void)count_of(into, STR_NONE); /* a day without turns is counted, too */
    return rc < 0 ? rc : answer_thumbs(tx, w->tenant_id, from_ms, to_ms, take_thumb, into);
}

static int read_days(struct tx *tx, void *arg)
{
    struct counting *w = arg;
    for (int64_t day = w->from_day; day < w->to_day; day++) {
        size_t i = (size_t)(day - w->from_day);
        int counted = answer_day_counted(tx, w->tenant_id, day);
        if (counted < 0)
            return STORE_FAULT;
        w->fresh[i] = counted == 0;
        w->any_fresh |= w->fresh[i];
        if (w->fresh[i] && count_day(tx, w, day, &w->days[i]) < 0)
            return STORE_FAULT;
        for (size_t k = 0; k < w->days[i].list.n; k++)
            take_sum(&w->sum, &w->days[i].list.v[k]);
    }
    if (answer_day_sums(tx, w->tenant_id, w->from_day, w->to_day - 1, take_sum, &w->sum) < 0)
        return STORE_FAULT;
    return count_day(tx, w, w->to_day, &w->sum);
}

static int keep_days(struct tx *tx, void *arg)
{
    struct counting *w = arg;
    for (int64_t day = w->from_day; day < w->to_day; day++) {
        const struct tally *t = &w->days[day - w->from_day];
        for (size_t k = 0; k < t->list.n; k++)
            if (answer_day_put(tx, w->tenant_id, day, &t->list.v[k]) < 0)
                return STORE_FAULT;
    }
    return STORE_OK;
}

int answer_counts_read(struct store *store, struct arena *a, int64_t tenant_id, int days, int64_t now_ms,
                       struct answer_counts *ret)
{
    struct counting *w = arena_new(a, struct counting);
    assert(days >= 1 && days <= ANSWER_DAYS);
    *w = (struct counting){.tenant_id = tenant_id, .to_day = now_ms / DAY_MS};
    w->from_day = w->to_day - days + 1;
    for (size_t i = 0; i < COUNT(w->days); i++)
        w->days[i].arena = a;
    w->sum.arena = a;
    int rc = store_read(store, read_days, w);
    if (rc == STORE_OK && w->any_fresh)
        rc = store_write(store, keep_days, w);
    for (size_t i = 0; i < COUNT(w->days); i++)
        arena_done(&w->days[i].scratch);
    arena_done(&w->sum.scratch);
    if (rc != STORE_OK)
        return STORE_FAULT;
    *ret = (struct answer_counts){w->sum.list.v, w->sum.list.n};
    return STORE_OK;
}

struct answer_count answer_count_of(const struct answer_counts *counts, struct str id)
{
    for (size_t i = 0; i < counts->n; i++)
        if (str_eq(counts->v[i].knowledge_id, id))
            return counts->v[i];
    return (struct answer_count){.knowledge_id = id};
}
