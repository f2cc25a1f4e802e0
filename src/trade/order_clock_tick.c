/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Firing the clocks of orders.
 *
 * How          As case_tick.c: the alarms that are due are read in their order, a few hundred at a time, and each is a unit of
 *              its own on the writer thread, so that many share a commit. A unit takes its alarm away first: whoever finds it
 *              gone was slower. Then it looks at the order as it is stored by now, and does what its clock says.
 * Invariants   1. What a unit could not do (a case that may not be opened) leaves nothing but the alarm gone.
 *              2. Every change says by which version of which rule, in the audit.
 */
#include <pthread.h>

#include "account/audit.h"
#include "base/id.h"
#include "base/json.h"
#include "base/log.h"
#include "base/time.h"
#include "trade/case_service.h"
#include "trade/order_clock_service.h"
#include "trade/order_store.h"
#include "trade/shop_system_store.h"

enum { BATCH = 256 };
#define PUT_OFF_MS (10 * SECOND_MS)

/** What came of one; everything else is a fault, or the refusal of a case. */
enum fired { FIRED = 0, GONE = 1000, SET_LATER = 1001 };

/** All of a batch; lives on the stack of order_clock_tick(). */
struct batch {
    struct store *store;
    struct arena arena;
    int64_t now_ms;
    struct order_clock_row *rows;
    size_t n;
    struct firing *firings;
    pthread_mutex_t lock;
    pthread_cond_t done;
    size_t waiting; /* guarded by lock */
    int fired;      /* guarded by lock */
};

/** One alarm on its way through the writer. */
struct firing {
    struct batch *batch;
    const struct order_clock_row *row;
    int64_t case_id; /* of a case that it opens */
};

/** One alarm in the hands of a unit of work. */
struct work {
    struct tx *tx;
    struct arena *a;
    const struct order_clock_row *row;
    int64_t now_ms, case_id;
    struct order order;
    struct order_rules rules;
    struct order_terms terms;
};

/* ---- what the clocks do ------------------------------------------------------------------------------------------------- */

static bool is_on(const struct work *w, const char *key)
{
    return order_rule_number(&w->rules, key, POLICY_SWITCH) != 0;
}

static int write_audit(const struct work *w, const char *what)
{
    const struct policy_value *v = &w->terms.of[w->row->alarm.clock].v;
    struct buf b = {.arena = w->a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kc(&o, "rule", order_clock_rule(w->row->alarm.clock));
    jo_kt(&o, "value", v->text);
    jo_kat(&o, "as_of", w->order.created_ms);
    jo_kat(&o, "due", w->row->alarm.due_ms);
    jo_close(&o);
    struct str object = str_fmt(w->a, "order:%.*s", STR_ARG(w->order.id));
    return audit_add(w->tx, w->row->tenant_id, w->now_ms, STR("system"), what, object, buf_view(&b)) == ACCOUNT_OK
               ? STORE_OK
               : STORE_FAULT;
}

/** Gives the stored order that status; @p member is when. */
static int move_order(const struct work *w, enum order_status to, const char *member, const char *what)
{
    char at[TIME_TEXT];
    struct order_row row;
    struct order moved;
    if (order_row_get(w->tx, w->a, w->row->tenant_id, w->order.id, &row) <= 0)
        return STORE_FAULT;
    _cleanup_(json_donep) json_t *body = json_read(row.body, NULL);
    int offset = time_local(w->now_ms, w->terms.zone).offset_minutes;
    json_object_set_new(body, "status", json_string(order_status_name(to)));
    json_object_set_new(body, member, json_string(time_rfc3339(w->now_ms, offset, at)));
    row.body = json_dump(w->a, body);
    if (!order_parse(w->a, row.body, row.address, &moved) ||
        order_put(w->tx, w->a, w->row->tenant_id, &moved, &row, w->now_ms) < 0 ||
        shop_orders_raise(w->tx, w->row->tenant_id) != ACCOUNT_OK)
        return STORE_FAULT;
    return write_audit(w, what);
}

/** 1: the shop's own system says how its orders stand; 0: nobody but us. */
static int has_own_system(const struct work *w)
{
    struct shop_system s;
    return shop_system_look(w->tx, w->a, w->row->tenant_id, &s);
}

static int close_unpaid(struct work *w)
{
    int own = has_own_system(w);
    return own != 0 ? MIN(own, 0) : move_order(w, ORDER_CLOSED, "closed_at", "order_closed_unpaid");
}

static int set_later(const struct work *w, int64_t due_ms)
{
    struct order_clock_row later = *w->row;
    later.alarm.due_ms = due_ms;
    return order_clock_put(w->tx, &later) < 0 ? STORE_FAULT : SET_LATER;
}

/** Not while a case about the goods is open, and with the time that cases took. */
static int confirm_receipt(struct work *w)
{
    struct case_row_stored *cases;
    size_t n, pause_n = 0;
    bool open;
    int own = has_own_system(w);
    if (own != 0)
        return MIN(own, 0);
    if (case_list_of_order(w->tx, w->a, w->row->tenant_id, w->order.id, &cases, &n) < 0)
        return STORE_FAULT;
    struct order_pause *pauses = arena_array(w->a, struct order_pause, n + 1);
    for (size_t i = 0; i < n; i++)
        if (case_is_aftersale(cases[i].c.type))
            pauses[pause_n++] = (struct order_pause){cases[i].c.opened_ms,
                                                     case_state_final(cases[i].c.state) ? cases[i].c.closed_ms : 0};
    int64_t least_ms = order_rule_number(&w->rules, "case.resume_min", POLICY_DURATION);
    int64_t due_ms = order_alarm_due(w->a, &w->order, &w->terms, &w->row->alarm);
    due_ms = order_clock_paused(due_ms, pauses, pause_n, least_ms, w->now_ms, &open);
    if (open || due_ms > w->now_ms)
        return set_later(w, MAX(due_ms, w->now_ms + SECOND_MS));
    return move_order(w, ORDER_FINISHED, "finished_at", "order_confirmed");
}

static int open_case(struct work *w, enum case_type type)
{
    struct case_row_stored row;
    struct case_request r = {
        .tenant_id = w->row->tenant_id,
        .id = w->case_id,
        .who = {.actor = CASE_SYSTEM, .confirmed = true},
        .order_id = w->order.id,
        .sub_id = w->row->alarm.event,
        .type = type,
        .reason = STR("late_shipment"),
        .now_ms = w->now_ms,
    };
    return case_open_in(w->tx, w->a, &r, &row);
}

static int refund_unshipped(struct work *w)
{
    return open_case(w, CASE_REFUND_ONLY);
}

static int compensate(struct work *w)
{
    return is_on(w, "ship.late.auto") ? open_case(w, CASE_LATE_COMPENSATION) : FIRED;
}

static int (*const deeds[])(struct work *w) = {
    [ORDER_CLOCK_UNPAID_CLOSE] = close_unpaid,
    [ORDER_CLOCK_AUTO_CONFIRM] = confirm_receipt,
    [ORDER_CLOCK_LONGSTOP] = refund_unshipped,
    [ORDER_CLOCK_LATE] = compensate,
};

/* ---- one alarm ---------------------------------------------------------------------------------------------------------- */

static int fire_in(struct work *w)
{
    int rc = order_clock_take(w->tx, w->row);
    if (rc == 1)
        rc = order_get_any(w->tx, w->a, w->row->tenant_id, w->row->order_id, &w->order);
    if (rc <= 0)
        return rc < 0 ? STORE_FAULT : GONE;
    if (order_rules_read(w->tx, w->a, w->row->tenant_id, &w->rules) < 0 ||
        order_rules_for(w->tx, w->a, &w->rules, &w->order) < 0)
        return STORE_FAULT;
    order_terms_read(w->tx, w->a, &w->rules, &w->terms);
    int64_t due_ms = order_alarm_due(w->a, &w->order, &w->terms, &w->row->alarm);
    if (due_ms == 0 || !is_on(w, "order.clocks"))
        return STORE_OK;
    return due_ms > w->now_ms ? set_later(w, due_ms) : deeds[w->row->alarm.clock](w);
}

/* A unit is kept when it answers 0: what it answers otherwise is remembered, and what was put off stays put off. */
static int fire(struct tx *tx, void *arg)
{
    const struct firing *f = arg;
    struct arena a = {0};
    struct work w = {.tx = tx, .a = &a, .row = f->row, .now_ms = f->batch->now_ms, .case_id = f->case_id};
    int answer = fire_in(&w);
    arena_done(&a);
    return answer == SET_LATER || answer == GONE ? STORE_OK : answer;
}

/** Takes away what cannot be done; what failed is tried again a little later. */
static int give_up(struct tx *tx, void *arg)
{
    const struct firing *f = arg;
    int rc = order_clock_take(tx, f->row);
    return rc < 0 ? rc : STORE_OK;
}

static int put_off(struct tx *tx, void *arg)
{
    const struct firing *f = arg;
    struct order_clock_row later = *f->row;
    int rc = order_clock_take(tx, f->row);
    if (rc <= 0)
        return rc;
    later.alarm.due_ms = f->batch->now_ms + PUT_OFF_MS;
    return order_clock_put(tx, &later);
}

static void one_done(struct batch *b, bool fired)
{
    pthread_mutex_lock(&b->lock);
    b->waiting--;
    b->fired += fired;
    if (b->waiting == 0)
        pthread_cond_signal(&b->done);
    pthread_mutex_unlock(&b->lock);
}

static void when_settled(void *arg, int answer)
{
    (void)answer; /* a fault is logged where it happened; the next tick tries again */
    one_done(((struct firing *)arg)->batch, false);
}

static void when_fired(void *arg, int answer)
{
    struct firing *f = arg;
    if (answer == STORE_OK) {
        one_done(f->batch, true);
        return;
    }
    bool later = answer < 0 || answer == CASE_NO_RULE || answer == CASE_STALE;
    if (later)
        log_event(LOG_ERROR, "an order's clock cannot be fired", "tenant=%lld order=%.*s clock=%s why=%s",
                  (long long)f->row->tenant_id, STR_ARG(f->row->order_id), order_clock_name(f->row->alarm.clock),
                  answer < 0 ? "fault" : case_answer_name((enum case_answer)answer));
    store_write_later(f->batch->store, later ? put_off : give_up, f, when_settled);
}

/* ---- all of them -------------------------------------------------------------------------------------------------------- */

static int read_due(struct tx *tx, void *arg)
{
    struct batch *b = arg;
    return order_clocks_due(tx, &b->arena, ORDER_CLOCK_ORDER, b->now_ms, BATCH, &b->rows, &b->n);
}

static void fire_all(struct batch *b)
{
    b->firings = arena_array(&b->arena, struct firing, b->n);
    b->waiting = b->n;
    for (size_t i = 0; i < b->n; i++) {
        b->firings[i] = (struct firing){b, &b->rows[i], id_new(b->now_ms)};
        store_write_later(b->store, fire, &b->firings[i], when_fired);
    }
    pthread_mutex_lock(&b->lock);
    while (b->waiting > 0)
        pthread_cond_wait(&b->done, &b->lock);
    pthread_mutex_unlock(&b->lock);
}

int order_clock_tick(struct store *store, int64_t now_ms)
{
    struct batch b = {.store = store, .now_ms = now_ms};
    bool more = true;
    int rc = STORE_OK;
    pthread_mutex_init(&b.lock, NULL);
    pthread_cond_init(&b.done, NULL);
    while (more) {
        rc = store_read(store, read_due, &b);
        if (rc != STORE_OK || b.n == 0)
            break;
        int before = b.fired;
        fire_all(&b);
        more = b.n == BATCH && b.fired > before; /* else the rest, or what was put off, is for the next tick */
        arena_reset(&b.arena);
    }
    if (b.fired > 0)
        shop_cache_forget();
    pthread_cond_destroy(&b.done);
    pthread_mutex_destroy(&b.lock);
    arena_done(&b.arena);
    return rc == STORE_OK ? b.fired : STORE_FAULT;
}
