/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of notices: a row for each piece of news that nobody was told yet, stored in the unit of work of what it is about and
 * taken away in the unit of work that tells it.
 */

#include "store/store.h"

struct notice_row {
    int64_t tenant_id;
    struct str key;       /**< "case/12/3", "action/77": once */
    int64_t case_id, seq; /**< the event; 0: an action's */
    struct str name;      /**< of an action: "action.order.cancel" */
    struct str buyer, order_id, ticket;
    int64_t amount_cents, due_ms;
    bool answered;        /**< of an action: the buyer was answered in the chat */
    int64_t try_ms;       /**< when it is told */
};

/** 1: stored; 0: its key is there; STORE_FAULT. */
must_use int notice_put(struct tx *tx, const struct notice_row *row);
/** Rows whose time has come, earliest first, at most @p limit, in @p a. 0, or STORE_FAULT. */
must_use int notice_due(struct tx *tx, struct arena *a, int64_t now_ms, int limit, struct notice_row **ret, size_t *ret_n);
/** 1: taken away; 0: somebody else has told it; STORE_FAULT. */
must_use int notice_take(struct tx *tx, int64_t tenant_id, struct str key);
/** Lets it be tried again later. 1, 0 or STORE_FAULT. */
must_use int notice_put_off(struct tx *tx, int64_t tenant_id, struct str key, int64_t try_ms);
