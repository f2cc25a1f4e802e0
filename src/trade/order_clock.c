/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of an order's clocks: in which statuses one runs, from when, and by which rule.
 */
#include "trade/order_clock.h"

#include "base/base.h"

typedef int64_t since_fn(const struct order *o);
typedef struct str event_fn(struct arena *a, const struct order *o);

static int64_t since_created(const struct order *o)
{
    return o->created_ms;
}

static int64_t since_paid(const struct order *o)
{
    return o->paid_ms;
}

static int64_t since_shipped(const struct order *o)
{
    return o->shipped_ms;
}

static int64_t since_delivered(const struct order *o)
{
    const struct parcel_event *last = order_last_event(o, NULL);
    if (o->delivered_ms != 0)
        return o->delivered_ms;
    return last != NULL && last->kind == PARCEL_DELIVERED ? last->at_ms : 0;
}

static bool is_wrong(const struct parcel_event *e)
{
    return e->kind == PARCEL_EXCEPTION || e->kind == PARCEL_RETURNED;
}

/** The newest thing that went wrong with a parcel and is the last that was heard of it. */
static const struct parcel_event *wrong_event(const struct order *o, const struct parcel **ret_parcel)
{
    const struct parcel_event *found = NULL;
    for (size_t i = 0; i < o->parcel_count; i++) {
        const struct parcel *p = &o->parcels[i];
        const struct parcel_event *last = p->event_count > 0 ? &p->events[p->event_count - 1] : NULL;
        if (last == NULL || !is_wrong(last) || (found != NULL && last->at_ms <= found->at_ms))
            continue;
        found = last;
        *ret_parcel = p;
    }
    return found;
}

static int64_t since_wrong(const struct order *o)
{
    const struct parcel *p = NULL;
    const struct parcel_event *e = wrong_event(o, &p);
    return e != NULL ? e->at_ms : 0;
}

/** Of several parcels, the one that was heard of least lately, unless it is there or is in another trouble. */
static int64_t since_heard(const struct order *o, const struct parcel **ret_parcel)
{
    int64_t oldest = 0;
    for (size_t i = 0; i < o->parcel_count; i++) {
        const struct parcel *p = &o->parcels[i];
        const struct parcel_event *last = p->event_count > 0 ? &p->events[p->event_count - 1] : NULL;
        if (last == NULL || last->kind == PARCEL_DELIVERED || is_wrong(last))
            continue;
        if (oldest != 0 && last->at_ms >= oldest)
            continue;
        oldest = last->at_ms;
        *ret_parcel = p;
    }
    return oldest;
}

static struct str event_of(struct arena *a, const struct parcel *p, int64_t at_ms)
{
    return str_fmt(a, "%.*s/%lld", STR_ARG(p != NULL ? p->tracking_no : STR_NONE), (long long)at_ms);
}

static struct str wrong_name(struct arena *a, const struct order *o)
{
    const struct parcel *p = NULL;
    const struct parcel_event *e = wrong_event(o, &p);
    return event_of(a, p, e != NULL ? e->at_ms : 0);
}

static struct str stale_name(struct arena *a, const struct order *o)
{
    const struct parcel *p = NULL;
    int64_t at_ms = since_heard(o, &p);
    return event_of(a, p, at_ms != 0 ? at_ms : o->shipped_ms);
}

#define UNPAID ORDER_BIT(ORDER_UNPAID)
#define PAID   ORDER_BIT(ORDER_PAID)
#define SENT   ORDER_BIT(ORDER_SHIPPED)
#define THERE  ORDER_BIT(ORDER_DELIVERED)

static const struct row {
    const char *name;
    enum order_clock_kind kind;
    unsigned statuses;
    since_fn *since;
    event_fn *event;
    const char *rule;
} rows[ORDER_CLOCKS] = {
    [ORDER_CLOCK_UNPAID_CLOSE] = {"unpaid_close", ORDER_CLOCK_ORDER, UNPAID, since_created, NULL, "order.unpaid_close"},
    [ORDER_CLOCK_AUTO_CONFIRM] = {"auto_confirm", ORDER_CLOCK_ORDER, SENT | THERE, since_shipped, NULL, "order.auto_confirm"},
    [ORDER_CLOCK_LONGSTOP] = {"longstop", ORDER_CLOCK_ORDER, PAID, since_paid, NULL, "order.unshipped_longstop"},
    [ORDER_CLOCK_LATE] = {"late", ORDER_CLOCK_ORDER, PAID, since_paid, NULL, "ship.promise_default"},
    [ORDER_CLOCK_CARE_PAYMENT] = {"care_payment", ORDER_CLOCK_CARE, UNPAID, since_created, NULL, "care.payment.after"},
    [ORDER_CLOCK_CARE_ADDRESS] = {"care_address", ORDER_CLOCK_CARE, PAID, since_paid, NULL, "care.address.after"},
    [ORDER_CLOCK_CARE_LATE_SOON] = {"care_late_soon", ORDER_CLOCK_CARE, PAID, since_paid, NULL, "care.late_soon.before"},
    [ORDER_CLOCK_CARE_LATE] = {"care_late", ORDER_CLOCK_CARE, PAID, since_paid, NULL, "ship.promise_default"},
    [ORDER_CLOCK_CARE_PARCEL] = {"care_parcel", ORDER_CLOCK_CARE, SENT, since_wrong, wrong_name, "care.parcel.after"},
    [ORDER_CLOCK_CARE_STALE] = {"care_stale", ORDER_CLOCK_CARE, SENT, since_shipped, stale_name, "logistics.stale"},
    [ORDER_CLOCK_CARE_SIGNED] = {"care_signed", ORDER_CLOCK_CARE, THERE, since_delivered, NULL, "care.signed.after"},
    [ORDER_CLOCK_CARE_RETURN] = {"care_return", ORDER_CLOCK_CARE, 0, NULL, NULL, NULL},
};

const char *order_clock_name(enum order_clock c)
{
    return rows[c].name;
}

bool order_clock_from_name(struct str name, enum order_clock *ret)
{
    for (size_t i = 0; i < ORDER_CLOCKS; i++) {
        if (str_eq_c(name, rows[i].name)) {
            *ret = (enum order_clock)i;
            return true;
        }
    }
    return false;
}

enum order_clock_kind order_clock_kind(enum order_clock c)
{
    return rows[c].kind;
}

const char *order_clock_kind_name(enum order_clock_kind k)
{
    return k == ORDER_CLOCK_ORDER ? "order" : "care";
}

const char *order_clock_rule(enum order_clock c)
{
    return rows[c].rule;
}

static int64_t term_end(const struct order_terms *t, enum order_clock c, int64_t from_ms)
{
    return policy_due_ms(&t->of[c].v, from_ms, t->zone, t->calendar);
}

/** When the parcel counts as stale: by its last event, or by the shipment that nobody has seen. */
static int64_t stale_at(const struct order *o, const struct order_terms *t)
{
    const struct parcel *p = NULL;
    int64_t heard = since_heard(o, &p);
    if (heard != 0)
        return t->clocks.stale_ms > 0 ? heard + t->clocks.stale_ms : 0;
    bool silent = order_last_event(o, NULL) == NULL && o->shipped_ms != 0;
    return silent && t->clocks.no_trace_ms > 0 ? o->shipped_ms + t->clocks.no_trace_ms : 0;
}

/** When the alarm is due; 0: it does not run. */
static int64_t due_of(const struct order *o, const struct order_terms *t, enum order_clock c)
{
    if ((rows[c].statuses & ORDER_BIT(o->status)) == 0)
        return 0;
    int64_t since = rows[c].since(o), promise = since + t->clocks.ship_promise_ms;
    const int64_t broken = 1; /* it is kept up to its last millisecond */
    if (c == ORDER_CLOCK_CARE_STALE)
        return stale_at(o, t);
    if (since == 0)
        return 0;
    if (c == ORDER_CLOCK_LATE || c == ORDER_CLOCK_CARE_LATE)
        return t->clocks.ship_promise_ms > 0 ? promise + broken : 0;
    if (!t->of[c].runs)
        return 0;
    if (c == ORDER_CLOCK_CARE_LATE_SOON)
        return t->clocks.ship_promise_ms > t->of[c].v.number ? promise - t->of[c].v.number : 0;
    return term_end(t, c, since) + (c == ORDER_CLOCK_AUTO_CONFIRM ? o->extended_ms : 0);
}

struct order_alarms order_alarms(struct arena *a, const struct order *o, const struct order_terms *t)
{
    ARRAY(struct order_alarm) list = {0};
    for (size_t i = 0; i < ORDER_CLOCKS; i++) {
        enum order_clock c = (enum order_clock)i;
        int64_t due_ms = due_of(o, t, c);
        bool each_item = c == ORDER_CLOCK_LONGSTOP || c == ORDER_CLOCK_LATE;
        if (due_ms == 0)
            continue;
        for (size_t k = 0; k < (each_item ? o->item_count : 1); k++) {
            struct str event = each_item ? o->items[k].sub_id : rows[c].event != NULL ? rows[c].event(a, o) : STR_NONE;
            *array_push(a, &list) = (struct order_alarm){c, due_ms, event};
        }
    }
    return (struct order_alarms){list.v, list.n};
}

int64_t order_clock_paused(int64_t due_ms, const struct order_pause *pauses, size_t n, int64_t least_ms, int64_t now_ms,
                           bool *ret_open)
{
    int64_t running_from = 0;
    *ret_open = false;
    for (size_t i = 0; i < n; i++) {
        int64_t stopped = MAX(pauses[i].opened_ms, running_from);
        if (stopped >= due_ms)
            break; /* it had ended before */
        int64_t left = MAX(due_ms - stopped, least_ms);
        if (pauses[i].closed_ms == 0) {
            *ret_open = true;
            return MAX(now_ms, stopped) + left;
        }
        if (pauses[i].closed_ms <= stopped)
            continue; /* another one lasted longer */
        running_from = pauses[i].closed_ms;
        due_ms = running_from + left;
    }
    return due_ms;
}
