/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of shops' own systems. Secrets are sealed ("shop_system.secret"). */

#include "store/store.h"
#include "trade/adapter.h"
#include "trade/shop_system.h"

/** A shop's system as it is stored. Texts in the arena. */
struct shop_system {
    int64_t tenant_id;
    enum shop_system_kind kind;
    struct str url;
    bool private_ok;               /**< the operator has named this address: it may lie in a private network */
    struct str secret[ADAPTER_SECRETS]; /**< opened: the present one, the one before or empty */
    int64_t old_until_ms;          /**< until when the one before holds */
    struct str actions;            /**< JSON array that it answered to the check; empty: not asked yet */
    struct str orders_cursor, products_cursor;
    int64_t pull_ms, pulled_ms, checked_ms;
    struct str error;
};

/** 1: found; 0: the shop is built in; STORE_FAULT. */
must_use int shop_system_get(struct tx *tx, struct arena *a, int64_t tenant_id, struct shop_system *ret);
/** The same without secrets: for what is asked in a turn. */
must_use int shop_system_look(struct tx *tx, struct arena *a, int64_t tenant_id, struct shop_system *ret);
/** Adds or changes all of it. 0, or STORE_FAULT. */
must_use int shop_system_put(struct tx *tx, struct arena *a, const struct shop_system *s, int64_t now_ms);
/** The shop is built in again. 0, or STORE_FAULT. */
must_use int shop_system_remove(struct tx *tx, int64_t tenant_id);
/** What a check or a pull found; empty @p actions: as they were. */
must_use int shop_system_note(struct tx *tx, int64_t tenant_id, struct str actions, struct str error, int64_t now_ms);
/** Where the pull goes on, and when. */
must_use int shop_system_pulled(struct tx *tx, int64_t tenant_id, struct str orders_cursor, struct str products_cursor);
must_use int shop_system_pull_at(struct tx *tx, int64_t tenant_id, int64_t pull_ms, int64_t pulled_ms);
/** Shops whose pull is due, over all tenants, in @p a. 0, or STORE_FAULT. */
must_use int shop_systems_due(struct tx *tx, struct arena *a, int64_t now_ms, int limit, int64_t **ret, size_t *ret_n);

/** Takes a message's id. 1: it is new; 0: it was taken before; STORE_FAULT. */
must_use int shop_webhook_take(struct tx *tx, int64_t tenant_id, struct str id, int64_t now_ms);
/** Forgets ids taken before. 0, or STORE_FAULT. */
must_use int shop_webhook_forget(struct tx *tx, int64_t tenant_id, int64_t before_ms);
/** Takes a version of an order or product. 1: newer than what was taken; 0: not newer; STORE_FAULT. */
must_use int shop_version_take(struct tx *tx, int64_t tenant_id, const char *kind, struct str id, int64_t version);

/** What was handed on. */
struct shop_wish {
    int64_t tenant_id, id;
    struct str key, action, order_id, buyer;
    int64_t case_id, conversation_id;
    enum shop_wish_state state;
    struct str code, reason, reference, ticket;
    int64_t asked_ms, settled_ms;
    int64_t tell_ms;               /**< 0: the buyer has heard all */
    int64_t told;
};

/** 0, or STORE_FAULT; STORE_CONFLICT: its key or id is taken. */
must_use int shop_wish_insert(struct tx *tx, const struct shop_wish *w);
/** 1, 0, or STORE_FAULT. */
must_use int shop_wish_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct shop_wish *ret);
must_use int shop_wish_of_key(struct tx *tx, struct arena *a, int64_t tenant_id, struct str key, struct shop_wish *ret);
/** The newest of a case's payments. 1, 0, or STORE_FAULT. */
must_use int shop_wish_of_case(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t case_id, struct shop_wish *ret);
/** How many wait. */
must_use int64_t shop_wish_waiting(struct tx *tx, int64_t tenant_id);
/** Stores state, code, reason, reference, ticket and the times. 0, or STORE_FAULT. */
must_use int shop_wish_settle(struct tx *tx, const struct shop_wish *w);
/** The buyer has heard as often as @p told; next at @p tell_ms (0: never). 1; 0: somebody told it meanwhile; STORE_FAULT. */
must_use int shop_wish_heard(struct tx *tx, int64_t tenant_id, int64_t id, int64_t told, int64_t tell_ms);
/** Wishes of which a buyer is to hear by now, over all shops, in @p a. 0, or STORE_FAULT. */
must_use int shop_wishes_to_tell(struct tx *tx, struct arena *a, int64_t now_ms, int limit, struct shop_wish **ret,
                                 size_t *ret_n);
