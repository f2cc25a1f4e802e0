/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Saying what is due.
 *
 * How          A few hundred alarms at a time: in one snapshot each is judged (care_facts.c, care_decide()) and put into
 *              words; then those that are said are told together, and the others are put off or taken away in one unit.
 * Invariants   1. The unit that says it takes the alarm away and judges again by what was sent until then: of two alarms of a
 *                 buyer in one batch the second one sees the first.
 *              2. What changed meanwhile stays as it is and is judged anew at the next tick.
 */
#include "bot/care_service.h"

#include "bot/bot_private.h"
#include "bot/care_facts.h"
#include "bot/care_say.h"
#include "chat/unasked.h"

enum { BATCH = 256 };
#define PUT_OFF_MS (10 * SECOND_MS)

/** What a unit answers when it leaves things as they are. */
enum { MEANWHILE = 1000 };

/** One alarm of a batch. */
struct one {
    const struct order_clock_row *row;
    struct care_case found;
    struct care_decision decision;
    struct turn turn;
    struct str event, key, state;
    int64_t now_ms;
};

struct batch {
    const struct care_room *room;
    struct arena arena;
    int64_t now_ms;
    struct order_clock_row *rows;
    size_t n;
    struct one *ones;
    struct care_shops shops;
};

/* ---- judging: one read ---------------------------------------------------------------------------------------------------- */

/* "E1001", "E1001/ZT7788/1763535600000": what it is once of, for ever. */
static struct str event_of(struct arena *a, const struct order_clock_row *row)
{
    struct str event = row->alarm.event;
    return event.n > 0 ? str_fmt(a, "%.*s/%.*s", STR_ARG(row->order_id), STR_ARG(event)) : row->order_id;
}

static void put_into_words(struct batch *b, struct one *o)
{
    struct arena *a = &b->arena;
    const struct care_case *k = &o->found;
    struct care_words w = k->words;
    w.now_ms = b->now_ms;
    w.language = bot_language(w.language);
    care_say(a, &w, &o->turn);
    if (!k->has_open) { /* what the buyer answers is about this order */
        struct bot_state s = {.order = k->order.id};
        o->state = state_write(a, &s);
    }
}

static int judge_all(struct tx *tx, void *arg)
{
    struct batch *b = arg;
    struct arena *a = &b->arena;
    if (order_clocks_due(tx, a, ORDER_CLOCK_CARE, b->now_ms, BATCH, &b->rows, &b->n) < 0)
        return STORE_FAULT;
    b->ones = b->n > 0 ? arena_array(a, struct one, b->n) : NULL;
    for (size_t i = 0; i < b->n; i++) {
        struct one *o = &b->ones[i];
        *o = (struct one){.row = &b->rows[i], .now_ms = b->now_ms};
        o->event = event_of(a, o->row);
        if (care_case_read(tx, a, &b->shops, o->row, o->event, b->now_ms, &o->found) < 0)
            return STORE_FAULT;
        o->key = str_fmt(a, "care/%s/%.*s", o->found.facts.care->name, STR_ARG(o->event));
        o->decision = care_decide(&o->found.facts, b->now_ms);
        if (o->decision.outcome == CARE_SEND)
            put_into_words(b, o);
    }
    return STORE_OK;
}

static int judge(struct tx *tx, void *arg)
{
    struct batch *b = arg;
    b->shops = (struct care_shops){.catalogs = b->room->catalogs};
    int rc = judge_all(tx, b);
    care_shops_done(&b->shops);
    return rc;
}

/* ---- saying --------------------------------------------------------------------------------------------------------------- */

static struct care_row row_of(const struct one *o, enum care_outcome outcome)
{
    return (struct care_row){
        .tenant_id = o->row->tenant_id,
        .buyer = o->found.order.buyer,
        .care = str_from(o->found.facts.care->name),
        .event = o->event,
        .outcome = str_from(care_outcome_name(outcome)),
        .at_ms = o->now_ms,
        .order_id = o->row->order_id,
    };
}

/* With the words, in their unit of work. */
static int take_note(struct tx *tx, void *arg)
{
    const struct one *o = arg;
    struct care_facts f = o->found.facts;
    struct care_row row = row_of(o, CARE_SEND);
    int rc = order_clock_take(tx, o->row);
    if (rc <= 0)
        return rc < 0 ? CHAT_FAULT : MEANWHILE;
    if (care_facts_past(tx, o->row->tenant_id, row.buyer, o->event, o->now_ms, &f) < 0)
        return CHAT_FAULT;
    if (care_decide(&f, o->now_ms).outcome != CARE_SEND)
        return MEANWHILE;
    rc = care_put(tx, &row);
    return rc < 0 ? CHAT_FAULT : rc == 0 ? MEANWHILE : CHAT_OK;
}

static int say_all(struct batch *b)
{
    struct arena *a = &b->arena;
    struct unasked *list = arena_array(a, struct unasked, b->n + 1);
    struct one **said = arena_array(a, struct one *, b->n + 1);
    size_t n = 0;
    int sent = 0;
    for (size_t i = 0; i < b->n; i++) {
        struct one *o = &b->ones[i];
        if (o->decision.outcome != CARE_SEND)
            continue;
        said[n] = o;
        list[n++] = (struct unasked){
            .tenant_id = o->row->tenant_id, .buyer = o->found.order.buyer, .key = o->key, .say = o->turn.say.v,
            .n = o->turn.say.n, .new_conversation = true, .bot_state = o->state, .also = take_note, .also_arg = o,
            .now_ms = b->now_ms,
        };
    }
    int *answers = arena_array(a, int, n + 1);
    int64_t *conversations = arena_array(a, int64_t, n + 1);
    chat_tell_many(b->room->inbox, list, n, answers, conversations);
    for (size_t i = 0; i < n; i++) {
        sent += answers[i] == CHAT_OK;
        if (answers[i] == CHAT_DUPLICATE)
            said[i]->decision.outcome = CARE_KNOWN; /* it goes the way of the others */
        else if (answers[i] != CHAT_OK && answers[i] != MEANWHILE)
            said[i]->decision = (struct care_decision){CARE_WAIT, b->now_ms + PUT_OFF_MS};
    }
    return sent;
}

/* ---- the others: one unit --------------------------------------------------------------------------------------------------- */

static int settle_one(struct tx *tx, const struct one *o)
{
    enum care_outcome outcome = o->decision.outcome;
    if (outcome == CARE_SEND)
        return STORE_OK;
    int rc = order_clock_take(tx, o->row);
    if (rc <= 0)
        return rc; /* it was set anew */
    if (outcome == CARE_WAIT) {
        struct order_clock_row later = *o->row;
        later.alarm.due_ms = o->decision.until_ms;
        return order_clock_put(tx, &later);
    }
    if (outcome == CARE_OFF || outcome == CARE_OVER || outcome == CARE_KNOWN)
        return STORE_OK;
    struct care_row row = row_of(o, outcome);
    return care_put(tx, &row) < 0 ? STORE_FAULT : STORE_OK;
}

static int settle(struct tx *tx, void *arg)
{
    const struct batch *b = arg;
    for (size_t i = 0; i < b->n; i++)
        if (settle_one(tx, &b->ones[i]) < 0)
            return STORE_FAULT;
    return STORE_OK;
}

int care_tick(const struct care_room *room, int64_t now_ms)
{
    struct batch b = {.room = room, .now_ms = now_ms};
    int total = 0, rc = STORE_OK;
    bool more = true;
    while (more && rc == STORE_OK) {
        rc = store_read(room->store, judge, &b);
        if (rc != STORE_OK || b.n == 0)
            break;
        int sent = say_all(&b);
        size_t left = 0;
        for (size_t i = 0; i < b.n; i++)
            left += b.ones[i].decision.outcome != CARE_SEND;
        if (left > 0)
            rc = store_write(room->store, settle, &b);
        total += sent;
        more = b.n == BATCH && (sent > 0 || left > 0); /* else what changed meanwhile is for the next tick */
        arena_reset(&b.arena);
    }
    arena_done(&b.arena);
    return rc == STORE_OK ? total : STORE_FAULT;
}
