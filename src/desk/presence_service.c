/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Presence: who of the shop is there, and what happens to the conversations of who is not.
 *
 * How          A live socket means "here"; its loss is stored with the time. Nothing new is routed to who is not here.
 *              Three minutes later (a reload, a lift, a tunnel are over by then) open conversations go back, to the
 *              front of their queue and with their waiting time, and the person counts as offline. Going offline by
 *              choice does the same at once.
 * Invariants   A conversation of somebody who is gone is back in the queue within three minutes and one tick.
 * Threads      Workers; presence of one shop in order.
 */
#include "desk/desk_service.h"

#include "account/person.h"
#include "base/log.h"
#include "base/texts.h"
#include "desk/agreement_service.h"
#include "desk/desk_store.h"
#include "desk/people_facts.h"

#define GRACE_MS (3 * MINUTE_MS)
#define CALLBACKS_AT_ONCE 100

/** Something about one person, and the conversations that it moved. */
struct stir {
    struct arena arena;
    int64_t tenant_id, person_id, now_ms;
    struct str status; /* new one; empty: unchanged */
    bool here;
    const char *why;   /* key of the reason, when conversations are handed back */
    ARRAY(struct change *) changes;
};

/* ---- telling ---------------------------------------------------------------------------------------------- */

struct me {
    struct arena arena;
    int64_t tenant_id, person_id;
    struct person person;
    int64_t load, waiting;
};

static int read_me(struct tx *tx, void *arg)
{
    struct me *w = arg;
    enum account_answer answer = person_get(tx, &w->arena, w->tenant_id, w->person_id, &w->person);
    w->load = desk_load(tx, w->tenant_id, w->person_id);
    w->waiting = desk_waiting_count(tx, w->tenant_id);
    return answer != ACCOUNT_OK || w->load < 0 || w->waiting < 0 ? STORE_FAULT : STORE_OK;
}

void desk_tell_person(struct desk_room *room, int64_t tenant_id, int64_t person_id)
{
    if (room->live == NULL)
        return;
    struct me w = {.tenant_id = tenant_id, .person_id = person_id};
    if (store_read(room->store, read_me, &w) == STORE_OK)
        live_tell_me(room->live, tenant_id, person_id, w.person.status, (int)w.load, (int)w.person.concurrency,
                     (int)w.waiting);
    arena_done(&w.arena);
}

static void tell(struct desk_room *room, struct stir *s)
{
    for (size_t i = 0; i < s->changes.n; i++)
        live_publish(room->live, s->changes.v[i]);
    desk_tell_person(room, s->tenant_id, s->person_id);
    desk_route_soon(room, s->tenant_id, s->now_ms);
}

/* ---- handing back ----------------------------------------------------------------------------------------- */

static enum chat_answer hand_back(struct tx *tx, struct stir *s, int64_t conversation_id)
{
    struct change *ch = arena_new(&s->arena, struct change);
    *ch = (struct change){.arena = &s->arena, .tenant_id = s->tenant_id, .now_ms = s->now_ms};
    enum chat_answer answer = change_load(tx, ch, conversation_id);
    if (answer != CHAT_OK)
        return answer;
    struct conversation *c = &ch->conversation;
    if (conversation_step(c, HANDLER_RETURN, 0, STR_NONE, s->now_ms) != HANDLER_OK)
        return CHAT_STALE;
    c->front = true;
    (void)change_system(ch, "returned", texts_get(c->language, "desk.returned"));
    change_why(ch, "return", str_fmt(&s->arena, "{\"agent\":\"%lld\"}", (long long)s->person_id), STR("{}"),
               texts_get(c->language, s->why));
    answer = change_save(tx, ch);
    if (answer == CHAT_OK)
        *array_push(&s->arena, &s->changes) = ch;
    return answer;
}

static enum chat_answer hand_all_back(struct tx *tx, struct stir *s)
{
    int64_t *ids;
    size_t n;
    if (desk_conversations_of(tx, &s->arena, s->tenant_id, s->person_id, &ids, &n) < 0)
        return CHAT_FAULT;
    for (size_t i = 0; i < n; i++) {
        enum chat_answer answer = hand_back(tx, s, ids[i]);
        if (answer != CHAT_OK)
            return answer;
    }
    return CHAT_OK;
}

static enum chat_answer chat_from(enum account_answer answer)
{
    return answer == ACCOUNT_OK ? CHAT_OK : answer == ACCOUNT_NOT_FOUND ? CHAT_NOT_FOUND : CHAT_FAULT;
}

/* ---- status and sockets ----------------------------------------------------------------------------------- */

static int set_status(struct tx *tx, void *arg)
{
    struct stir *s = arg;
    enum chat_answer answer = chat_from(person_set_status(tx, s->tenant_id, s->person_id, s->status, s->now_ms));
    if (answer == CHAT_OK && str_eq_c(s->status, "online"))
        answer = chat_from(person_set_free(tx, s->tenant_id, s->person_id, s->now_ms));
    if (answer == CHAT_OK && str_eq_c(s->status, "offline"))
        answer = hand_all_back(tx, s);
    return answer;
}

enum chat_answer desk_set_status(struct desk_room *room, const struct actor *who, struct str status, int64_t now_ms)
{
    struct stir s = {.tenant_id = who->tenant_id, .person_id = who->id, .now_ms = now_ms, .status = status,
                     .why = "desk.why.went_offline"};
    enum chat_answer answer = (enum chat_answer)store_write(room->store, set_status, &s);
    people_facts_changed();
    if (answer == CHAT_OK)
        tell(room, &s);
    arena_done(&s.arena);
    return answer;
}

static int set_presence(struct tx *tx, void *arg)
{
    const struct stir *s = arg;
    return chat_from(person_set_gone(tx, s->tenant_id, s->person_id, s->here ? 0 : s->now_ms));
}

enum chat_answer desk_presence(struct desk_room *room, int64_t tenant_id, int64_t person_id, bool here,
                               int64_t now_ms)
{
    struct stir s = {.tenant_id = tenant_id, .person_id = person_id, .now_ms = now_ms, .here = here};
    enum chat_answer answer = (enum chat_answer)store_write(room->store, set_presence, &s);
    people_facts_changed();
    if (answer == CHAT_OK && here)
        tell(room, &s);
    arena_done(&s.arena);
    return answer;
}

static int forget_all(struct tx *tx, void *arg)
{
    const struct stir *s = arg;
    return desk_all_gone(tx, s->now_ms);
}

enum chat_answer desk_start(struct desk_room *room, int64_t now_ms)
{
    struct stir s = {.now_ms = now_ms};
    enum chat_answer answer = store_write(room->store, forget_all, &s) == STORE_OK ? CHAT_OK : CHAT_FAULT;
    people_facts_changed();
    return answer;
}

/* ---- every few seconds ------------------------------------------------------------------------------------ */

/** What one tick found to do. */
struct round {
    struct arena arena;
    int64_t now_ms;
    struct desk_key *vanished, *shops;
    size_t vanished_count, shop_count;
    struct desk_timer *callbacks;
    size_t callback_count;
};

static int look(struct tx *tx, void *arg)
{
    struct round *r = arg;
    if (desk_vanished(tx, &r->arena, r->now_ms - GRACE_MS, &r->vanished, &r->vanished_count) < 0 ||
        desk_callbacks_due(tx, &r->arena, r->now_ms, CALLBACKS_AT_ONCE, &r->callbacks, &r->callback_count) < 0)
        return STORE_FAULT;
    return desk_shops_waiting(tx, &r->arena, &r->shops, &r->shop_count);
}

/* Looks again inside the unit: the person may be back since the tick looked. */
static int sweep_person(struct tx *tx, void *arg)
{
    struct stir *s = arg;
    struct person p;
    enum chat_answer answer = chat_from(person_get(tx, &s->arena, s->tenant_id, s->person_id, &p));
    if (answer != CHAT_OK)
        return answer;
    if (p.gone_ms == 0 || p.gone_ms > s->now_ms - GRACE_MS)
        return CHAT_NOT_FOUND;
    answer = hand_all_back(tx, s);
    if (answer == CHAT_OK)
        answer = chat_from(person_set_status(tx, s->tenant_id, s->person_id, STR("offline"), s->now_ms));
    return answer;
}

static void sweep(struct desk_room *room, const struct desk_key *key, int64_t now_ms)
{
    struct stir s = {.tenant_id = key->tenant_id, .person_id = key->id, .now_ms = now_ms,
                     .why = "desk.why.vanished"};
    if (store_write(room->store, sweep_person, &s) == CHAT_OK) {
        people_facts_changed();
        log_event(LOG_INFO, "person gone", "tenant=%lld person=%lld returned=%zu", (long long)s.tenant_id,
                  (long long)s.person_id, s.changes.n);
        tell(room, &s);
    }
    arena_done(&s.arena);
}

/** A callback that is due. */
struct callback {
    struct arena arena;
    const struct desk_timer *timer;
    int64_t now_ms;
    struct change change;
    bool queued;
};

static int call_back(struct tx *tx, void *arg)
{
    struct callback *k = arg;
    const struct desk_timer *t = k->timer;
    k->change = (struct change){.arena = &k->arena, .tenant_id = t->tenant_id, .now_ms = k->now_ms};
    enum chat_answer answer = change_load(tx, &k->change, t->conversation_id);
    if (answer == CHAT_FAULT)
        return CHAT_FAULT;
    struct conversation *c = &k->change.conversation;
    /* Closed, or with a person already: the promise was kept another way. */
    k->queued = answer == CHAT_OK && conversation_step(c, HANDLER_WANTS_PERSON, 0, t->skill, k->now_ms) == HANDLER_OK;
    if (k->queued) {
        (void)change_system(&k->change, "queued", texts_get(c->language, "desk.callback"));
        change_why(&k->change, "callback", str_fmt(&k->arena, "{\"timer\":\"%lld\"}", (long long)t->id), STR("{}"),
                   texts_get(c->language, "desk.why.callback"));
        answer = change_save(tx, &k->change);
        if (answer != CHAT_OK)
            return answer;
    }
    return desk_callback_drop(tx, t->tenant_id, t->id) < 0 ? CHAT_FAULT : CHAT_OK;
}

static void keep_promise(struct desk_room *room, const struct desk_timer *t, int64_t now_ms)
{
    struct callback k = {.timer = t, .now_ms = now_ms};
    if (store_write(room->store, call_back, &k) == CHAT_OK && k.queued) {
        live_publish(room->live, &k.change);
        desk_route_soon(room, t->tenant_id, now_ms);
    }
    arena_done(&k.arena);
}

void desk_tick(struct desk_room *room, int64_t now_ms)
{
    struct round r = {.now_ms = now_ms};
    if (store_read(room->store, look, &r) >= 0) {
        for (size_t i = 0; i < r.vanished_count; i++)
            sweep(room, &r.vanished[i], now_ms);
        for (size_t i = 0; i < r.callback_count; i++)
            keep_promise(room, &r.callbacks[i], now_ms);
        /* Contacts may widen their group with time; and a doorbell that was lost costs seconds, not the place. */
        for (size_t i = 0; i < r.shop_count; i++)
            desk_route_soon(room, r.shops[i].tenant_id, now_ms);
    }
    arena_done(&r.arena);
    agreement_tick(room, now_ms);
}
