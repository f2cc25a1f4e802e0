/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * "猜你想问": the questions that a signed-in buyer has most likely, before anything is written: of the order that is in
 * trouble, or was touched last. One order is shown with its card only when it stands out; otherwise a question of each.
 */

#include "bot/bot.h"
#include "trade/case.h"
#include "trade/order.h"

#define GUESS_MOST   4
#define GUESS_ORDERS 3 /* of which one question each is offered, when none stands out */

/** How an order stands, as far as its buyer's questions go. */
enum guess_standing {
    GUESS_NOTHING, /**< closed, or long over */
    GUESS_EXCEPTION,
    GUESS_RETURNED,
    GUESS_LATE,
    GUESS_NO_TRACE,
    GUESS_STALE,
    GUESS_SEND_BACK, /**< a case waits for the goods */
    GUESS_CASE,      /**< a case is open */
    GUESS_UNPAID,
    GUESS_PAID,
    GUESS_SHIPPED,
    GUESS_DELIVERED,
    GUESS_FINISHED,
};

/** An order of the buyer, with what is known of it. */
struct guess_order {
    const struct order *order;
    struct order_trouble trouble;
    bool has_case;
    enum case_state state; /**< of its open after-sale case */
};

/** A question: the text of `key`, asked of that order. */
struct care_question {
    const char *key, *intent;
    const struct order *order;
};
struct care_questions {
    struct care_question of[GUESS_MOST];
    size_t n;
    const struct order *sure; /**< the order that stands out, or NULL */
};

enum guess_standing guess_standing(const struct guess_order *o, int64_t over_ms, int64_t now_ms);
/**
 * @param orders   newest first
 * @param over_ms  so long after its end nothing is asked of an order any more
 */
struct care_questions care_guess(const struct guess_order *orders, size_t n, int64_t over_ms, int64_t now_ms);

/**
 * What the widget's first screen shows @p buyer of: `[{label, intent, order_id}…]`, and an OrderCard or `null`; JSON in @p a.
 * Reads the store. A guest and a fault have none.
 */
void bot_guess(const struct bot *b, struct arena *a, int64_t tenant_id, struct str buyer, struct str language, int64_t now_ms,
               struct str *ret_guess, struct str *ret_order);
