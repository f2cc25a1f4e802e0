/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The shop's own system: orders live in a commerce server that is not ours; docs/shop-system.md is the contract with it.
 *
 * Reading is always local: the shop's orders and products come in by webhooks and are mended by a periodic pull, so no turn
 * ever waits for anybody. Writing is handed on: in the unit of work of the turn the wish is stored as waiting beside a
 * message in the outbox; a pool of its own calls the shop, and the answer settles the wish in one unit of work with the
 * action, the case, the local copy of the order, and what the buyer is told.
 *
 *     built_in   no system: trade/ does it all itself, on its own tables
 *     http       any shop that speaks the contract
 *     vendure    the same contract, spoken by adapters/vendure
 *
 * Always true: one effect a key, however often it is sent, answered or announced; an older version of an order or product
 * never replaces a newer one; a wish that the shop does not answer ends with people, and the buyer hears so.
 */

#include "base/import.h"
#include "store/store.h"
#include "trade/action_service.h"

enum shop_system_kind { SHOP_SYSTEM_BUILT_IN, SHOP_SYSTEM_HTTP, SHOP_SYSTEM_VENDURE };

/** Where a wish stands. Stored by name. `given_up` is with people, and may still be answered. */
enum shop_wish_state { SHOP_WISH_WAITING, SHOP_WISH_DONE, SHOP_WISH_REFUSED, SHOP_WISH_GIVEN_UP };

#define SHOP_PAYMENT "payment.refund" /**< what a payment is called in the contract, beside the names of actions */

const char *shop_system_kind_name(enum shop_system_kind k);
bool shop_system_kind_from_name(struct str name, enum shop_system_kind *ret);
const char *shop_wish_state_name(enum shop_wish_state s);
/**
 * Whether a system does an action at all. Pure.
 * @param name     an action's, or SHOP_PAYMENT
 * @param actions  JSON array of what it said that it can do; empty: not asked yet, so all that the contract has
 */
bool shop_system_can(struct str actions, struct str name);

/* ---- for actions and cases ------------------------------------------------------------------------------------------ */

/**
 * 1: this action of this shop is its own system's to do; 0: it is ours; STORE_FAULT.
 * @param status  of the order: one that is paid is not cancelled but refunded, and that is a case's
 */
must_use int shop_system_takes(struct tx *tx, struct arena *a, int64_t tenant_id, enum action action,
                               enum order_status status);
/**
 * Hands an action on, inside the unit of work that stores it as pending: `r->id` is its log row's. What it asks for was
 * judged by the caller.
 * @param buyer    whose order it is
 * @param address  whole, as it shall be, of a change of address or phone; NULL: r->address
 * @return STORE_OK, or STORE_FAULT: undo the unit
 */
must_use int shop_system_ask(struct tx *tx, struct arena *a, const struct action_request *r, struct str buyer,
                             const struct address *address);
/**
 * Hands the payment on that a case has reserved (policy `pay.external`), in the unit of work that brought it to `paying`.
 * The answer is the case's event paid or pay_failed. Asked again after nobody could say what became of it, the key is the
 * same; after a refusal it is a new one. A shop without a system of its own: nothing happens, whoever pays says so.
 */
must_use int shop_system_pay(struct tx *tx, struct arena *a, const struct case_row_stored *row, int64_t now_ms);

/** Whether the shop has a payment of the case in hand and has not answered: nobody can say that it is not made. 1, 0, or
 *  STORE_FAULT. */
must_use int shop_system_is_paying(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t case_id);

/* ---- for its answers and its news ----------------------------------------------------------------------------------- */

struct adapter_answer;

/**
 * What became of the wish under @p key: the action's log row, or the case's step, and the local copy of the order. A second
 * answer changes nothing. 1: settled; 0: it was already, or there is no such wish; STORE_FAULT. In the caller's unit of work.
 */
must_use int shop_system_settle(struct tx *tx, struct arena *a, int64_t tenant_id, struct str key,
                                const struct adapter_answer *answer, int64_t now_ms);
/** Nobody answers any more: a work order for people, the buyer will hear, a payment goes to review. 0, or STORE_FAULT. */
must_use int shop_system_give_up(struct tx *tx, struct arena *a, int64_t tenant_id, struct str key, struct str why,
                                 int64_t now_ms);

/** What became of a message of the shop's. */
enum shop_news {
    SHOP_NEWS_TAKEN,
    SHOP_NEWS_SAME,     /**< nothing new: taken before under its id, or not newer than what is here */
    SHOP_NEWS_REFUSED,  /**< no such thing can be taken: the sentence says why */
    SHOP_NEWS_FAULT = -1,
};
/**
 * Takes a webhook's payload that was proven to be the shop's, in a unit of work of its own.
 * @param id       webhook-id
 * @param ret_why  sentence for SHOP_NEWS_REFUSED, in @p a
 */
enum shop_news shop_system_hear(struct store *store, struct arena *a, int64_t tenant_id, struct str id, struct str type,
                                const json_t *data, int64_t now_ms, struct str *ret_why);
/**
 * Takes one changed order or product in the caller's unit of work; the caller forgets the shops' cache after the commit.
 * @param kind     "order" or "product"
 * @param version  of the object in the shop's own count
 */
enum shop_news shop_system_take(struct tx *tx, struct arena *a, int64_t tenant_id, const char *kind, int64_t version,
                                const json_t *object, struct str *ret_why);

extern const struct import_kind shop_system_import; /**< `xiaoer import systems`: how shops' systems are reached */
