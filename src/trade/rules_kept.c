/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules kept by a thread: a table of places, a shop's by its id; another shop of the same place takes it over.
 *
 * Invariants   What stands in a place was read under its token, and nothing of it changes but by being read further.
 */
#include "trade/rules_kept.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#include "trade/case_record.h"
#include "trade/policy_store.h"
#include "trade/rules.h"

#define PLACES    32
#define SETS_MOST 64 /* actions ask some ten different ones */

/** A value, read. */
struct document {
    const char *text; /* where it stands in its row: no two rows share one */
    const struct json_node *json;
};

struct set {
    const char *values[CASE_USED_MOST];
    size_t n;
    struct rules_asked asked;
};

struct place {
    struct rules_kept kept; /* the first member: rules_kept_json() finds the rest by it */
    int64_t tenant_id;      /* 0: empty */
    int64_t token;
    ARRAY(struct document) documents;
    ARRAY(struct set) sets;
    struct arena memory; /* owns all of it */
};

static pthread_key_t of_thread;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void free_places(void *arg)
{
    struct place *places = arg;
    for (size_t i = 0; i < PLACES; i++)
        arena_done(&places[i].memory);
    free(places);
}

static void make_key(void)
{
    if (pthread_key_create(&of_thread, free_places) != 0)
        fatal("no thread key for kept rules");
}

/* Ids differ in their low, random bits; the lowest is always 1. */
static struct place *place_of(int64_t tenant_id)
{
    pthread_once(&once, make_key);
    struct place *places = pthread_getspecific(of_thread);
    if (places == NULL) {
        places = xcalloc(PLACES, sizeof(*places));
        pthread_setspecific(of_thread, places);
    }
    return &places[(uint64_t)tenant_id / 2 % PLACES];
}

static int fill(struct tx *tx, struct place *p, int64_t tenant_id, int64_t token)
{
    struct arena memory = p->memory;
    struct policy *rows;
    arena_reset(&memory);
    *p = (struct place){.memory = memory};
    if (rules_all(tx, &p->memory, tenant_id, &rows, &p->kept.n) < 0)
        return STORE_FAULT;
    p->kept.rows = rows;
    p->tenant_id = tenant_id;
    p->token = token;
    return STORE_OK;
}

int rules_keep(struct tx *tx, int64_t tenant_id, struct rules_kept **ret)
{
    int64_t token;
    struct place *p = place_of(tenant_id);
    if (policy_token(tx, &token) < 0)
        return STORE_FAULT;
    bool same = p->tenant_id == tenant_id && p->token == token;
    if (!same && fill(tx, p, tenant_id, token) < 0)
        return STORE_FAULT;
    *ret = &p->kept;
    return STORE_OK;
}

const struct json_node *rules_kept_json(struct rules_kept *k, struct str value)
{
    struct place *p = (struct place *)(void *)k;
    for (size_t i = 0; i < p->documents.n; i++)
        if (p->documents.v[i].text == value.p)
            return p->documents.v[i].json;
    struct document d = {value.p, json_doc_read(&p->memory, value)};
    *array_push(&p->memory, &p->documents) = d;
    return d.json;
}

static bool is_same(const struct set *s, const struct case_outcome *used)
{
    bool same = s->n == used->used_count;
    for (size_t i = 0; same && i < s->n; i++)
        same = s->values[i] == used->used[i].value.p;
    return same;
}

static struct rules_asked name_set(struct arena *a, const struct case_outcome *used)
{
    enum { BYTES = 16 };
    unsigned char digest[BYTES];
    char hex[2 * BYTES + 1];
    struct str json = case_used_json(a, used);
    crypto_generichash(digest, BYTES, (const unsigned char *)json.p, json.n, NULL, 0);
    return (struct rules_asked){json, str_dup(a, str_from(sodium_bin2hex(hex, sizeof(hex), digest, BYTES)))};
}

struct rules_asked rules_kept_asked(struct rules_kept *k, struct arena *a, const struct case_outcome *used)
{
    struct place *p = (struct place *)(void *)k;
    for (size_t i = 0; i < p->sets.n; i++)
        if (is_same(&p->sets.v[i], used))
            return p->sets.v[i].asked;
    if (p->sets.n == SETS_MOST)
        return name_set(a, used); /* nothing is given back here before a rule changes */
    struct set s = {.n = used->used_count, .asked = name_set(&p->memory, used)};
    for (size_t i = 0; i < s.n; i++)
        s.values[i] = used->used[i].value.p;
    *array_push(&p->memory, &p->sets) = s;
    return s.asked;
}
