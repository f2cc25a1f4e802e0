/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Releasing versions of a shop's own understanding.
 *
 * Invariants   1. What is released could be loaded just before, and passes what must pass unless somebody said why not.
 *              2. States and the shop's catalog version change in one unit of work: that is what makes ears look again.
 */
#include "bot/release_service.h"

#include <stdio.h>

#include "account/audit.h"
#include "account/shop.h"
#include "base/json.h"
#include "bot/release_store.h"

#define RECENT_MS   (7 * DAY_MS)
#define RECENT_MOST 500

/* ---- comparing ------------------------------------------------------------------------------------------------------- */

/** What a comparison reads. */
struct reading {
    struct arena *a;
    int64_t tenant_id, number, since_ms;
    struct release release;     /* the one looked at */
    struct release in_force;    /* number 0: the shipped one */
    struct learning_case *cases;
    size_t case_count;
    struct str *texts;
    size_t text_count;
};

static int read_sides(struct tx *tx, void *arg)
{
    struct reading *w = arg;
    struct release *list;
    size_t n;
    int found = release_get(tx, w->a, w->tenant_id, w->number, &w->release);
    if (found <= 0)
        return found < 0 ? RELEASE_FAULT : RELEASE_NOT_FOUND;
    if (w->release.state == RELEASE_TRAINING || w->release.state == RELEASE_FAILED)
        return RELEASE_NOT_READY;
    if (release_list(tx, w->a, w->tenant_id, &list, &n) < 0 ||
        learning_cases(tx, w->a, w->tenant_id, &w->cases, &w->case_count) < 0 ||
        release_texts(tx, w->a, w->tenant_id, w->since_ms, RECENT_MOST, &w->texts, &w->text_count) < 0)
        return RELEASE_FAULT;
    for (size_t i = 0; i < n; i++)
        if (list[i].state == RELEASE_FULL && str_eq(list[i].language, w->release.language))
            w->in_force = list[i];
    if (w->in_force.number == w->number) /* it is in force itself: what did it change? */
        for (size_t i = 0; i < n; i++)
            if (list[i].number == w->release.previous)
                w->in_force = list[i];
    if (w->in_force.number == w->number)
        w->in_force = (struct release){.number = 0};
    return RELEASE_OK;
}

static void nlu_freep(struct nlu **n)
{
    nlu_free(*n);
}

enum release_answer release_compare(struct store *store, struct arena *a, const struct release_room *room,
                                    const struct actor *who, int64_t number, int64_t now_ms, struct comparison *ret,
                                    char ret_why[160])
{
    struct reading w = {.a = a, .tenant_id = who->tenant_id, .number = number, .since_ms = now_ms - RECENT_MS};
    snprintf(ret_why, 160, "it is in training, or its training failed");
    enum release_answer answer = (enum release_answer)store_read(store, read_sides, &w);
    if (answer != RELEASE_OK)
        return answer;
    const struct release *r = &w.release;
    _cleanup_(nlu_freep) struct nlu *after = ear_load(room->ears, w.tenant_id, number, r->language, r->source, ret_why);
    if (after == NULL)
        return RELEASE_NOT_READY;
    char unloaded[160]; /* what is in force and cannot be loaded is answered for by the shipped one, here too */
    _cleanup_(nlu_freep) struct nlu *own =
        w.in_force.number != 0
            ? ear_load(room->ears, w.tenant_id, w.in_force.number, r->language, w.in_force.source, unloaded)
            : NULL;
    const struct nlu *before = own != NULL ? own : ear_shipped(room->ears, r->language);
    compare_versions(a, before, after, r->language, w.cases, w.case_count, w.texts, w.text_count, ret);
    return RELEASE_OK;
}

/* ---- releasing ------------------------------------------------------------------------------------------------------- */

struct moving {
    struct arena *a;
    const struct actor *who;
    const struct release_wish *wish; /* NULL: back */
    struct str language;             /* when back */
    int64_t now_ms, failed;
};

static struct str detail_of(const struct moving *w, const struct release_plan *plan)
{
    struct buf b = {.arena = w->a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    if (w->wish != NULL)
        jo_kn(&o, "share", w->wish->share);
    if (w->failed > 0) {
        jo_kn(&o, "must_pass_failed", w->failed);
        jo_kt(&o, "reason", w->wish->override);
    }
    for (size_t i = 0; i < plan->n; i++)
        jo_kn(&o, release_state_name(plan->moves[i].state), plan->moves[i].number);
    jo_close(&o);
    return buf_view(&b);
}

static int move_unit(struct tx *tx, void *arg)
{
    struct moving *w = arg;
    int64_t tenant_id = w->who->tenant_id;
    struct release *list;
    struct release_plan plan;
    size_t n;
    if (release_list(tx, w->a, tenant_id, &list, &n) < 0)
        return RELEASE_FAULT;
    enum release_answer answer = w->wish != NULL ? release_plan(list, n, w->wish->number, w->wish->share, &plan)
                                                 : release_plan_back(list, n, w->language, &plan);
    if (answer != RELEASE_OK)
        return answer;
    for (size_t i = 0; i < plan.n; i++)
        if (release_place(tx, tenant_id, &plan.moves[i], w->now_ms) != STORE_OK)
            return RELEASE_FAULT;
    struct str person = str_fmt(w->a, "person:%lld", (long long)w->who->id);
    struct str object = str_fmt(w->a, "model:%lld", (long long)(w->wish != NULL ? w->wish->number : plan.moves[0].number));
    if (shop_catalog_raise(tx, tenant_id) != ACCOUNT_OK ||
        audit_add(tx, tenant_id, w->now_ms, person, w->wish != NULL ? "model_released" : "model_rolled_back", object,
                  detail_of(w, &plan)) != ACCOUNT_OK)
        return RELEASE_FAULT;
    return RELEASE_OK;
}

static enum release_answer move(struct store *store, struct moving *w)
{
    enum release_answer answer = (enum release_answer)store_write(store, move_unit, w);
    shop_cache_forget();
    return answer;
}

enum release_answer release_put(struct store *store, struct arena *a, const struct release_room *room,
                                const struct actor *who, const struct release_wish *wish, int64_t now_ms,
                                int64_t *ret_failed, char ret_why[160])
{
    struct comparison comparison;
    enum release_answer answer = release_compare(store, a, room, who, wish->number, now_ms, &comparison, ret_why);
    if (answer != RELEASE_OK)
        return answer;
    *ret_failed = comparison.must_pass_failed;
    if (comparison.must_pass_failed > 0 && wish->override.n == 0)
        return RELEASE_FAILS;
    struct moving w = {.a = a, .who = who, .wish = wish, .now_ms = now_ms, .failed = comparison.must_pass_failed};
    return move(store, &w);
}

enum release_answer release_back(struct store *store, struct arena *a, const struct actor *who, struct str language,
                                 int64_t now_ms)
{
    struct moving w = {.a = a, .who = who, .language = language, .now_ms = now_ms};
    return move(store, &w);
}
