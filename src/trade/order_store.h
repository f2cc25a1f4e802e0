/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of orders. The address is sealed ("order.address") and kept apart from the rest. A buyer's read always names the
 * buyer, so another buyer's order is never found.
 */

#include "store/store.h"
#include "trade/order.h"

#define ORDER_LIST 20

/** Where a page of orders begins: after this one, newest first. Zero: at the newest. */
struct order_cursor {
    int64_t created_ms;
    struct str id;
};

/** The buyer's newest orders, at most ORDER_LIST, without addresses. 0, or STORE_FAULT. */
must_use int order_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct str buyer, struct order **ret,
                        size_t *ret_n);
/** A page of the buyer's orders, with addresses. 0, or STORE_FAULT. */
must_use int order_page(struct tx *tx, struct arena *a, int64_t tenant_id, struct str buyer,
                        const struct order_cursor *after, int limit, struct order **ret, size_t *ret_n);
/** 1: found, with its address; 0: not there or another buyer's (callers cannot tell which); STORE_FAULT. */
must_use int order_get(struct tx *tx, struct arena *a, int64_t tenant_id, struct str buyer, struct str order_id,
                       struct order *ret);
/** For people of the shop: by id alone. */
must_use int order_get_any(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id, struct order *ret);
/** Number of the buyer's orders, or STORE_FAULT. */
must_use int64_t order_count(struct tx *tx, int64_t tenant_id, struct str buyer);

/** An order as it is stored: for the import and for `xiaoer show`. Text in the arena. */
struct order_row {
    struct str body;    /**< import shape without the address, JSON */
    struct str address; /**< opened, JSON; empty: none */
};
/** 1: found; 0: not there; STORE_FAULT, also when the address does not open. */
must_use int order_row_get(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id,
                           struct order_row *ret);
/** Adds or changes an order; seals the address, and sets its clocks (trade/order_clock_service.h). The one door for
 *  all that clocks run by. */
must_use int order_put(struct tx *tx, struct arena *a, int64_t tenant_id, const struct order *o,
                       const struct order_row *row, int64_t now_ms);
/**
 * Changes the address of a stored order, JSON, and nothing else of it: no clock runs by an address, so none is set anew, and
 * order_list() gives none, so kept lists stay true. 0, or STORE_FAULT, also when there is no such order.
 */
must_use int order_address_put(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id, struct str address,
                               int64_t now_ms);
/** When the order that was stored longest ago was stored, 0 when there is none. 0, or STORE_FAULT. */
must_use int order_oldest_change(struct tx *tx, int64_t tenant_id, int64_t *ret_ms);
