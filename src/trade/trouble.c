/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trouble: what is wrong with an order now. One table of rules over (order, parcel, now, clocks); the worst that holds is
 * the answer. Pure.
 *
 * Invariants   1. Times come from the clocks given, which come from policies; a clock of 0 switches its rule off.
 *              2. A closed or finished order is never in trouble: what is left then is an after-sale case.
 */
#include "trade/order.h"

#include <string.h>

/** What a rule looks at: the order and one of its parcels. */
struct view {
    const struct order *order;
    const struct parcel_event *last; /* of this parcel; NULL: none yet */
    const struct order_clocks *clocks;
    int64_t now_ms;
};

static bool is_on_the_way(const struct view *v)
{
    return v->order->status == ORDER_SHIPPED;
}

static bool is_exception(const struct view *v, int64_t *since)
{
    if (v->last == NULL || v->last->kind != PARCEL_EXCEPTION)
        return false;
    *since = v->last->at_ms;
    return true;
}

static bool is_returned(const struct view *v, int64_t *since)
{
    if (v->last == NULL || v->last->kind != PARCEL_RETURNED)
        return false;
    *since = v->last->at_ms;
    return true;
}

static bool is_late(const struct view *v, int64_t *since)
{
    const struct order *o = v->order;
    if (o->status != ORDER_PAID || o->shipped_ms != 0 || o->paid_ms == 0 || v->clocks->ship_promise_ms == 0)
        return false;
    *since = o->paid_ms + v->clocks->ship_promise_ms;
    return v->now_ms > *since;
}

static bool is_without_trace(const struct view *v, int64_t *since)
{
    if (!is_on_the_way(v) || v->last != NULL || v->order->shipped_ms == 0 || v->clocks->no_trace_ms == 0)
        return false;
    *since = v->order->shipped_ms;
    return v->now_ms - *since >= v->clocks->no_trace_ms;
}

static bool is_stale(const struct view *v, int64_t *since)
{
    if (!is_on_the_way(v) || v->last == NULL || v->last->kind == PARCEL_DELIVERED || v->clocks->stale_ms == 0)
        return false;
    *since = v->last->at_ms;
    return v->now_ms - *since >= v->clocks->stale_ms;
}

static bool is_unfinished(const struct view *v, int64_t *since)
{
    bool came = v->last != NULL && v->last->kind == PARCEL_DELIVERED;
    if (!came && v->order->status != ORDER_DELIVERED)
        return false;
    *since = came ? v->last->at_ms : v->order->delivered_ms;
    return true;
}

/** Worst first. */
static const struct {
    enum order_trouble_kind kind;
    const char *name;
    int severity;
    bool (*holds)(const struct view *v, int64_t *since);
} rules[] = {
    {TROUBLE_EXCEPTION, "exception", 90, is_exception},
    {TROUBLE_RETURNED, "returned", 80, is_returned},
    {TROUBLE_LATE, "late", 70, is_late},
    {TROUBLE_NO_TRACE, "no_trace", 60, is_without_trace},
    {TROUBLE_STALE, "stale", 50, is_stale},
    {TROUBLE_UNFINISHED, "unfinished", 10, is_unfinished},
};

static struct order_trouble worst_of(const struct view *v)
{
    for (size_t i = 0; i < COUNT(rules); i++) {
        int64_t since = 0;
        if (rules[i].holds(v, &since))
            return (struct order_trouble){rules[i].kind, rules[i].severity, since};
    }
    return (struct order_trouble){.kind = TROUBLE_NONE};
}

struct order_trouble order_trouble(const struct order *o, const struct order_clocks *clocks, int64_t now_ms)
{
    struct view v = {.order = o, .clocks = clocks, .now_ms = now_ms};
    if (o->status == ORDER_UNPAID || o->status == ORDER_FINISHED || o->status == ORDER_CLOSED)
        return (struct order_trouble){.kind = TROUBLE_NONE};
    if (o->parcel_count == 0)
        return worst_of(&v);
    struct order_trouble worst = {.kind = TROUBLE_NONE};
    for (size_t i = 0; i < o->parcel_count; i++) {
        const struct parcel *p = &o->parcels[i];
        v.last = p->event_count > 0 ? &p->events[p->event_count - 1] : NULL;
        struct order_trouble t = worst_of(&v);
        if (t.severity > worst.severity)
            worst = t;
    }
    return worst;
}

const char *order_trouble_name(enum order_trouble_kind k)
{
    for (size_t i = 0; i < COUNT(rules); i++)
        if (rules[i].kind == k)
            return rules[i].name;
    return "none";
}
