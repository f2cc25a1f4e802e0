/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Order clocks: what will happen to an order, or be said of it, unless it changes first: an unpaid one is closed, a shipped
 * one counts as received, one that is never shipped is refunded; and the moments at which a buyer is told something unasked
 * (bot/care.h). Pure: the alarms of an order are a function of the order and the terms in force when it was placed, so they
 * can be made anew at any time, and whoever fires one asks again whether it still holds.
 */

#include "trade/order.h"
#include "trade/policy.h"

/** Stored by name. The first ones are fired by trade/order_clock_service.h, the last by bot/care.h. */
enum order_clock {
    ORDER_CLOCK_UNPAID_CLOSE,
    ORDER_CLOCK_AUTO_CONFIRM,
    ORDER_CLOCK_LONGSTOP,      /**< a sub-order is paid and never shipped: refunded by a case */
    ORDER_CLOCK_LATE,          /**< the promise of its shipment is broken: compensation by a case */
    ORDER_CLOCK_CARE_PAYMENT,
    ORDER_CLOCK_CARE_ADDRESS,
    ORDER_CLOCK_CARE_LATE_SOON,
    ORDER_CLOCK_CARE_LATE,
    ORDER_CLOCK_CARE_PARCEL,   /**< the carrier reported something wrong */
    ORDER_CLOCK_CARE_STALE,    /**< nothing heard of the parcel */
    ORDER_CLOCK_CARE_SIGNED,
    ORDER_CLOCK_CARE_RETURN,   /**< of a case: goods are to be sent back by its deadline */
};
#define ORDER_CLOCKS 12

/** Who fires it. Stored by name: order, care. */
enum order_clock_kind { ORDER_CLOCK_ORDER, ORDER_CLOCK_CARE };

const char *order_clock_name(enum order_clock c);
bool order_clock_from_name(struct str name, enum order_clock *ret);
enum order_clock_kind order_clock_kind(enum order_clock c);
const char *order_clock_kind_name(enum order_clock_kind k);
/** The policy that says how long it runs; NULL: it is of a case. */
const char *order_clock_rule(enum order_clock c);

/** How long the clocks of an order run. One without a term does not. */
struct order_terms {
    struct {
        bool runs;
        struct policy_value v; /**< duration or working days */
    } of[ORDER_CLOCKS];
    struct order_clocks clocks;      /**< the promise, and when a parcel is stale */
    struct str zone;
    const struct calendar *calendar;
};

struct order_alarm {
    enum order_clock clock;
    int64_t due_ms;
    struct str event; /**< which of its kind: a sub-order, "ZT7788/1763535600000"; empty: an order has one */
};
struct order_alarms {
    struct order_alarm *v;
    size_t n;
};
/** The alarms of @p o, whether they are over or to come, in @p a. */
struct order_alarms order_alarms(struct arena *a, const struct order *o, const struct order_terms *t);

/** A case that was, or is, open on the order. */
struct order_pause {
    int64_t opened_ms, closed_ms; /**< closed 0: still open */
};
/**
 * When a clock that cases stop ends: what was left of it when one was opened is left when the last is closed, and at least
 * @p least_ms.
 * @param pauses   by opened_ms
 * @param ret_open true: one is open; the answer is then the earliest that it can be, if that is closed at @p now_ms
 */
int64_t order_clock_paused(int64_t due_ms, const struct order_pause *pauses, size_t n, int64_t least_ms, int64_t now_ms,
                           bool *ret_open);
