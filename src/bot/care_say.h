/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The words of care: a sentence with stored dates and amounts, the order's card, and buttons. Nothing is read here.
 */

#include "account/shop.h"
#include "bot/care.h"
#include "chat/responder.h"
#include "trade/case_store.h"
#include "trade/catalog.h"

/** What the words are made of. */
struct care_words {
    const struct care *care;
    const struct shop *shop;
    const struct catalog *catalog;
    const struct order *order;            /**< with its address */
    struct str language;                  /**< of a pack */
    int64_t until_ms;                     /**< closes, ships, is over; 0: not known */
    int64_t compensation_cents;           /**< that the rules grant for a late shipment, as far as it is to be said; 0: none */
    const struct trade_case *returned;    /**< the case that waits for the goods; NULL: none */
    struct str closes_by;                 /**< key of the rule that `until_ms` comes from; or empty */
    int64_t now_ms;
};

/** The messages, in turn.say. Memory in @p a. */
void care_say(struct arena *a, const struct care_words *w, struct turn *ret);
