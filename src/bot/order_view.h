/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Inside of bot/: how an order stands, and sentences filled with what is stored of it, for tell_order.c. Any thread.
 */

#include "bot/tell.h"

/** How an order stands: its status, refined by its parcels and its trouble. */
enum standing {
    STANDING_UNPAID,
    STANDING_PAID,
    STANDING_PAID_PROMISE,
    STANDING_PAID_LATE,
    STANDING_NO_EVENT,
    STANDING_NO_TRACE,
    STANDING_MOVING,
    STANDING_STALE,
    STANDING_EXCEPTION,
    STANDING_RETURNED,
    STANDING_DELIVERED,
    STANDING_DELIVERED_BARE,
    STANDING_FINISHED,
    STANDING_CLOSED,
};

/** An order with what is said of it. */
struct order_view {
    const struct order *order;
    const struct parcel_event *last; /* or NULL */
    const struct parcel *parcel;     /* of that event, else the first; or NULL */
    enum standing standing;
};

/** The picked order. */
struct order_view order_view_of(const struct tell *t);
/** Says @p key, with whatever it names of the order. */
void order_view_say(const struct tell *t, const struct order_view *v, const char *key);
/** A line on where one parcel is. */
void tell_parcel(const struct tell *t, const struct parcel *p);
/** The text @p key with values, in the buyer's language. */
struct str tell_fill(const struct tell *t, const char *key, const struct text_value *values, size_t n);
/** "Ridge jacket", "Ridge jacket and 3 items in all". */
struct str tell_items(const struct tell *t, const struct order *o);
