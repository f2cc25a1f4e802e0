/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of after-sale cases, their history and their timers. A case is a row of `aftersale` ("case" is a keyword); its timer
 * is a row of `timer` of kind 'aftersale', there exactly while the case is open.
 */

#include "store/store.h"
#include "trade/case.h"

/** A case as it is stored. Texts in the arena. */
struct case_row_stored {
    int64_t tenant_id, id;
    struct str order_id, sub_id, buyer, waybill;
    struct trade_case c;
    int64_t version; /**< events so far */
};

/** An event as it is stored. */
struct case_event_stored {
    int64_t seq, at_ms;
    struct str event, actor, reason, from, to, pause, money, tell; /**< names */
    int64_t actor_id, due_ms, amount_cents;
    struct str input, rules; /**< JSON */
};

/** A timer that is due. */
struct case_timer {
    int64_t tenant_id, case_id, due_ms;
};

/** What is known of a sub-order's cases, for an opening. */
struct case_counts {
    int64_t open_aftersale, open_of_type, total_aftersale, paid_of_type;
    int64_t claimed_cents; /**< of the buyer's money, by open cases that have not reserved it yet */
    int64_t pieces_gone;   /**< went back to the shop or never left it, by cases that have paid or may */
    int64_t dropped_cents; /**< of the price, by protection that has paid or may */
    int64_t called_off_ms; /**< when a refund was asked for before anything was sent, and not given up; 0: never */
};

/** 1: found; 0: not there; STORE_FAULT. */
must_use int case_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t case_id, struct case_row_stored *ret);
/** Cases of an order, oldest first, in @p a. 0, or STORE_FAULT. */
must_use int case_list_of_order(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id,
                                struct case_row_stored **ret, size_t *ret_n);
/** Newest cases of a buyer, at most @p limit. */
must_use int case_list_of_buyer(struct tx *tx, struct arena *a, int64_t tenant_id, struct str buyer, int limit,
                                struct case_row_stored **ret, size_t *ret_n);
/** Open cases of the shop, newest first, at most @p limit. */
must_use int case_newest_open(struct tx *tx, struct arena *a, int64_t tenant_id, int limit, struct case_row_stored **ret,
                            size_t *ret_n);
/** The history, oldest first. */
must_use int case_events(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t case_id, struct case_event_stored **ret,
                         size_t *ret_n);
/** Counts over a sub-order's cases but @p but_id (0: all). */
must_use int case_count(struct tx *tx, int64_t tenant_id, struct str order_id, struct str sub_id, enum case_type type,
                        int64_t but_id, struct case_counts *ret);

must_use int case_insert(struct tx *tx, const struct case_row_stored *row);
/** Stores the case over version @p row->version - 1. 1: stored; 0: it has another version by now; STORE_FAULT. */
must_use int case_update(struct tx *tx, const struct case_row_stored *row);
must_use int case_event_insert(struct tx *tx, int64_t tenant_id, int64_t case_id, const struct case_event_stored *e);

/** Sets the case's timer; @p due_ms 0 takes it away. */
must_use int case_timer_set(struct tx *tx, int64_t tenant_id, int64_t case_id, int64_t timer_id, int64_t due_ms);
/** Lets a timer that could not be fired be tried again later; it is marked, for its case says another instant. */
must_use int case_timer_put_off(struct tx *tx, int64_t tenant_id, int64_t case_id, int64_t until_ms);
/** Timers that are due, earliest first, at most @p limit, in @p a. 0, or STORE_FAULT. */
must_use int case_timers_due(struct tx *tx, struct arena *a, int64_t now_ms, int limit, struct case_timer **ret,
                             size_t *ret_n);
