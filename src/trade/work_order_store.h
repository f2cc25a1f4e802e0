/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of work orders and their histories. What people wrote in them is sealed ("work_order.text"). */

#include "store/store.h"
#include "trade/work_order.h"

/** Where a page of work orders begins: behind this one. Zero: at the first. */
struct work_cursor {
    int64_t due_ms, id;
};

struct work_event_stored {
    int64_t seq, at_ms, person_id;
    struct str event, text;
};

/** The next free number of a day. 0, or STORE_FAULT. */
must_use int work_order_next_number(struct tx *tx, int64_t tenant_id, int64_t day, int64_t *ret);
/** 1: found; 0: not there; STORE_FAULT. */
must_use int work_order_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct work_order *ret);
/** The newest of that kind on an order that is not done. 1, 0, or STORE_FAULT. */
must_use int work_order_open_of(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id, struct str kind,
                                struct work_order *ret);
/** The newest of that kind on an order, in any state. */
must_use int work_order_last_of(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id, struct str kind,
                                struct work_order *ret);
/** All of an order, newest first. 0, or STORE_FAULT. */
must_use int work_order_list_of_order(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id,
                                      struct work_order **ret, size_t *ret_n);
/** Those in a state, soonest due first, at most @p limit. 0, or STORE_FAULT. */
must_use int work_order_list(struct tx *tx, struct arena *a, int64_t tenant_id, enum work_order_state state,
                             const struct work_cursor *after, int limit, struct work_order **ret, size_t *ret_n);
must_use int work_order_events(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id,
                               struct work_event_stored **ret, size_t *ret_n);

/** 0, or STORE_FAULT; STORE_CONFLICT: the number is taken. */
must_use int work_order_insert(struct tx *tx, struct arena *a, const struct work_order *w);
/** Stores the state over version @p w->version - 1. 1: stored; 0: it has another version by now; STORE_FAULT. */
must_use int work_order_update(struct tx *tx, struct arena *a, const struct work_order *w);
must_use int work_order_event_insert(struct tx *tx, struct arena *a, const struct work_order *w,
                                     const struct work_event_stored *e);
