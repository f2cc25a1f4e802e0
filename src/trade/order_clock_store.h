/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of order clocks, and of what was said by them: one function a statement, decides nothing.
 */

#include "store/store.h"
#include "trade/order_clock.h"

/** An alarm as it is stored. */
struct order_clock_row {
    int64_t tenant_id;
    struct str order_id;
    struct order_alarm alarm;
};

/** 1: the order is stored; 0: it is not; STORE_FAULT. */
must_use int order_clock_knows(struct tx *tx, int64_t tenant_id, struct str order_id);
/** The category of a product, in @p a; empty when there is none. 0, or STORE_FAULT. */
must_use int order_clock_category(struct tx *tx, struct arena *a, int64_t tenant_id, struct str product_id, struct str *ret);
/** Alarms of an order that are stored, those of its cases apart. 0, or STORE_FAULT. */
must_use int order_clock_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id,
                              struct order_clock_row **ret, size_t *ret_n);
/** Takes them all away, those of its cases apart. */
must_use int order_clock_clear(struct tx *tx, int64_t tenant_id, struct str order_id);
/** Sets one, over the one of its clock and event. */
must_use int order_clock_put(struct tx *tx, const struct order_clock_row *row);
/** 1: taken away; 0: it is not there at that time any more: somebody else was quicker, or it was set anew. */
must_use int order_clock_take(struct tx *tx, const struct order_clock_row *row);
/** Takes the alarm of a clock's event away, whenever it is due. */
must_use int order_clock_drop(struct tx *tx, int64_t tenant_id, struct str order_id, enum order_clock clock, struct str event);
/** Alarms that are due, earliest first, at most @p limit, in @p a. 0, or STORE_FAULT. */
must_use int order_clocks_due(struct tx *tx, struct arena *a, enum order_clock_kind kind, int64_t now_ms, int limit,
                              struct order_clock_row **ret, size_t *ret_n);

/** 1: the orders of this database have had their clocks set; 0: not yet; STORE_FAULT. */
must_use int order_clocks_adopted(struct tx *tx);
must_use int order_clocks_adopted_set(struct tx *tx);
/** Orders of all shops that are not over, after that one in order of their keys, at most @p limit; `alarm` is not set. */
must_use int order_clock_orders(struct tx *tx, struct arena *a, int64_t after_tenant, struct str after_order, int limit,
                                struct order_clock_row **ret, size_t *ret_n);
