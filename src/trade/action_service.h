/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Use cases of actions: what would come of one, and doing it. The bot, the console and webhooks call the same functions.
 *
 *     action_try(tx, a, &request, &expected);     // reading only: what would come of it; for policies, buttons, wording
 *     …say it, store the turn, and in the same unit of work…
 *     action_do_in(tx, a, &request, &done);       // the same checks again, on what is stored by now, and then the effect
 *     if (!action_same(&expected, &done)) return STORE_CONFLICT;   // the unit is undone, the turn is decided again
 *
 * Always true: one effect a key, for ever (action_log); every request that was done, refused or waits is stored with who,
 * why and the rules it went by; money moves only through trade/ledger.h.
 */

#include "store/store.h"
#include "trade/action.h"
#include "trade/case_service.h"

struct action_request {
    int64_t tenant_id;
    enum action action;
    struct case_who who;        /**< actor, person, buyer, confirmed: proven by the caller */
    struct str key;             /**< of this wish, for ever: "conversation/seq/action", or the client's Idempotency-Key */
    int64_t conversation_id;    /**< 0: none */
    int64_t id;                 /**< id_new() of the caller, a new one for each wish: of the log row, work order or case, so
                                     that what is said before the unit of work is what it stores */
    struct str order_id, sub_id;
    int64_t case_id;
    /* arguments, by action; empty and 0: not given */
    struct address address;     /**< change_address: whole; change_phone: the phone only */
    struct str sku;             /**< change_sku */
    struct str text;            /**< note, invoice title, complaint, waybill "carrier number", urge's words */
    struct str tax_id;
    enum case_type type;        /**< case.open */
    enum case_event event;      /**< case.step */
    int64_t seen_version;       /**< of the case; 0: whatever it is now */
    struct str reason;
    bool says_received, says_not_received;
    int64_t quantity, amount_cents, evidence_count;
    struct str evidence;        /**< ids of uploads, "12,13" */
    int64_t approves;           /**< log row of a request that waits for a second person: a leader says yes to it */
    int64_t now_ms;
};

struct action_result {
    enum action_answer answer;
    enum action_why why;
    enum case_answer case_answer;  /**< for ACTION_WHY_CASE */
    const char *slot;              /**< for ACTION_NEEDS_SLOT: "order" "sub_id" "case" "address" "name" "phone" "sku" "text"
                                        "reason" "amount" "evidence" */
    bool has_order;
    struct order order;            /**< as it is after it (ACTION_DONE), or now */
    bool has_case;
    struct case_row_stored row;    /**< the case opened or moved */
    int64_t work_order_id;         /**< ticket to the warehouse, the carrier, finance; 0: none */
    struct str ticket;             /**< its number for people, "W-20261122-0007" */
    int64_t due_ms;                /**< of the case's or ticket's next step */
    int64_t amount_cents;          /**< of the money, or of what is due */
    struct str carrier, carrier_phone, tracking_no; /**< of the parcel it is about */
    struct str text;               /**< of ACTION_WHY_SHOP_SYSTEM, or the calculation of price protection as JSON */
    struct case_used used[CASE_USED_MOST]; /**< rules it went by */
    size_t used_count;
};

/** What would come of it. Changes nothing. @param tx  a read or a unit of work */
void action_try(struct tx *tx, struct arena *a, const struct action_request *r, struct action_result *ret);
/** The same when the order of the request was read in @p tx before, for its buyer, with its address: once is enough. */
void action_try_on(struct tx *tx, struct arena *a, const struct action_request *r, const struct order *order,
                   struct action_result *ret);
/** Does it, inside the caller's unit of work, and stores the log row, also of a refusal. Undo the unit at ACTION_FAULT.
 *  After the commit the caller says shop_cache_forget(), so that this process sees changed orders at once. */
void action_do_in(struct tx *tx, struct arena *a, const struct action_request *r, struct action_result *ret);
/** In a unit of work of its own; when it returns, it is durable. Any thread but the writer's. */
void action_do(struct store *store, struct arena *a, const struct action_request *r, struct action_result *ret);
/** A leader says no to what waits for a second person: ACTION_DONE, or refused (not there, not waiting, not theirs to say).
 *  Yes is said by action_do() with `approves`. */
void action_reject_in(struct tx *tx, struct arena *a, const struct action_request *r, struct str reason,
                      struct action_result *ret);
/**
 * The shop's own system has answered to what was ACTION_PENDING: it did it (the stored order follows, where it does not say
 * so already), or did not, for @p reason. Once: what is settled stays so.
 * @param ret  ACTION_DONE, ACTION_REFUSED with ACTION_WHY_SHOP_SYSTEM and `text`; ACTION_SAME: it was settled before
 */
void action_settle_in(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t action_id, bool done, struct str reason,
                      int64_t now_ms, struct action_result *ret);
/** Whether what was said of @p expected still holds for @p done. */
bool action_same(const struct action_result *expected, const struct action_result *done);
