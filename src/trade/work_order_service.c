/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Use cases of work orders.
 *
 * Invariants   1. A work order has version events, and the first is "opened".
 *              2. Its number is the next of its day: two that are made at once get two numbers, for units are stored one
 *                 after the other.
 */
#include "trade/work_order_service.h"

#include "account/audit.h"
#include "base/time.h"

enum work_order_answer work_order_make(struct tx *tx, struct arena *a, const struct shop *shop, int64_t term_ms, int64_t now_ms,
                                 bool dry, struct work_order *w)
{
    w->day = work_order_day(now_ms, shop->time_zone);
    w->state = WORK_ORDER_OPEN;
    w->due_ms = work_due_ms(&shop->hours, shop->time_zone, now_ms, term_ms);
    w->created_ms = now_ms;
    w->version = 1;
    if (work_order_next_number(tx, w->tenant_id, w->day, &w->number) < 0)
        return WORK_ORDER_FAULT;
    if (dry)
        return WORK_ORDER_OK;
    struct work_event_stored e = {.seq = 1, .at_ms = now_ms, .event = STR("opened"), .person_id = w->asked_by};
    if (work_order_insert(tx, a, w) < 0 || work_order_event_insert(tx, a, w, &e) < 0)
        return WORK_ORDER_FAULT;
    return WORK_ORDER_OK;
}

/** What a step leaves on the work order beside its state. */
static void mark(struct work_order *w, const struct work_step *s)
{
    switch (s->event) {
    case WORK_TAKE:
        w->taken_by = s->person_id;
        w->taken_ms = s->now_ms;
        break;
    case WORK_ANSWER:
        w->answer = s->text;
        w->answered_ms = s->now_ms;
        break;
    case WORK_FINISH: w->done_ms = s->now_ms; break;
    case WORK_COMMENT: break;
    }
}

enum work_order_answer work_order_take_in(struct tx *tx, struct arena *a, const struct work_step *s, struct work_order *ret)
{
    struct work_order w;
    int rc = work_order_get(tx, a, s->tenant_id, s->id, &w);
    if (rc <= 0)
        return rc < 0 ? WORK_ORDER_FAULT : WORK_ORDER_NOT_FOUND;
    if (s->seen_version != 0 && s->seen_version != w.version)
        return WORK_ORDER_STALE;
    if (!work_order_step(w.state, s->event, &w.state))
        return WORK_ORDER_NO_SUCH_STEP;
    mark(&w, s);
    w.version++;
    struct work_event_stored e = {.seq = w.version, .at_ms = s->now_ms, .event = str_from(work_event_name(s->event)),
                                  .person_id = s->person_id, .text = s->text};
    rc = work_order_update(tx, a, &w);
    if (rc == 0)
        return WORK_ORDER_STALE;
    struct str actor = str_fmt(a, "person:%lld", (long long)s->person_id);
    struct str object = str_fmt(a, "work_order:%lld", (long long)w.id);
    struct str detail = str_fmt(a, "{\"event\":\"%s\"}", work_event_name(s->event));
    if (rc < 0 || work_order_event_insert(tx, a, &w, &e) < 0 ||
        audit_add(tx, w.tenant_id, s->now_ms, actor, "work_order", object, detail) != ACCOUNT_OK)
        return WORK_ORDER_FAULT;
    *ret = w;
    return WORK_ORDER_OK;
}

struct unit {
    struct arena *a;
    const struct work_step *step;
    struct work_order *ret;
};

static int run_unit(struct tx *tx, void *arg)
{
    struct unit *u = arg;
    return work_order_take_in(tx, u->a, u->step, u->ret);
}

enum work_order_answer work_order_take(struct store *store, struct arena *a, const struct work_step *s, struct work_order *ret)
{
    struct unit u = {a, s, ret};
    return (enum work_order_answer)store_write(store, run_unit, &u);
}
