/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Use cases of after-sale cases: open one, move one, let timers fire. Each is one unit of work: the case, its event with
 * actor, reason and the rules it went by, its timer, and the money in the ledger are stored together or not at all.
 *
 * The bot and people's screens call the same functions: trade/ decides, whoever asks. Amounts come from the order and the
 * rules; an amount that is asked for can only be smaller.
 */

#include "store/store.h"
#include "trade/case_store.h"

/** Who asks, proven by who calls. */
struct case_who {
    enum case_actor actor;
    int64_t person_id;  /**< the colleague, or 0 */
    struct str buyer;   /**< of a buyer and of the bot on a buyer's behalf: another's order or case is not found */
    bool confirmed;     /**< what is about to happen was shown and said yes to */
};

/** What is asked for; 0 and empty texts: what the order says. */
struct case_request {
    int64_t tenant_id;
    int64_t id;                  /**< of the case to be; 0: a new one */
    struct case_who who;
    struct str order_id, sub_id; /**< no sub_id: the order's only one */
    enum case_type type;
    struct str reason;
    bool says_received;          /**< the buyer says that the goods are there; a delivered order's are, else */
    bool says_not_received;
    int64_t quantity, amount_cents, evidence_count;
    bool good_record;            /**< of the buyer, as the caller knows it */
    bool by_hand;                /**< no rule alone pays: what was paid so today is enough, and a person decides */
    int64_t now_ms;
};

struct case_action {
    int64_t tenant_id, case_id;
    struct case_who who;
    enum case_event event;
    int64_t seen_version; /**< 0: whatever it is now */
    int64_t amount_cents;
    struct str reason;    /**< for people, kept with the event */
    struct str waybill;
    int64_t now_ms;
};

/** The order as it is now says that its goods have left: a refund that was asked for before that is over. 0, or STORE_FAULT. */
must_use int case_goods_left_in(struct tx *tx, struct arena *a, int64_t tenant_id, const struct order *o, int64_t now_ms);
/** Inside the caller's unit of work, which must be undone for anything but CASE_OK. @param ret  the case, in @p a */
must_use enum case_answer case_open_in(struct tx *tx, struct arena *a, const struct case_request *r,
                                       struct case_row_stored *ret);
must_use enum case_answer case_take_in(struct tx *tx, struct arena *a, const struct case_action *action,
                                       struct case_row_stored *ret);
/** What would come of it, to the end of what follows of itself. Stores nothing. @param tx  a read or a unit of work */
must_use enum case_answer case_open_try(struct tx *tx, struct arena *a, const struct case_request *r,
                                        struct case_row_stored *ret);
must_use enum case_answer case_take_try(struct tx *tx, struct arena *a, const struct case_action *action,
                                        struct case_row_stored *ret);
/** In a unit of work of their own; when they return CASE_OK it is durable. Any thread but the writer's. */
must_use enum case_answer case_open_now(struct store *store, struct arena *a, const struct case_request *r,
                                        struct case_row_stored *ret);
must_use enum case_answer case_take(struct store *store, struct arena *a, const struct case_action *action,
                                    struct case_row_stored *ret);
/**
 * Fires the timers that are due, in order, each once, also when another server does the same. Costs one look into an index
 * when none is. One caller at a time a process; not the writer's thread.
 * @return how many fired, or STORE_FAULT
 */
int case_tick(struct store *store, int64_t now_ms);
/** Whether the stored history of a case leads to what is stored of it. 1, 0, or STORE_FAULT. */
must_use int case_history_holds(struct tx *tx, struct arena *a, const struct case_row_stored *row);
