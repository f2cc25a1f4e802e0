/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Follow-ups: "换成红色的呢", "and to Hawaii?": a text that is nothing but a value goes on with the last question, when a
 * value of that kind can go on with it at all. Pure tables.
 */

#include "bot/intent.h"
#include "bot/marks.h"

/** Kinds of values that a text may consist of. */
enum slot {
    SLOT_COLOUR = 1 << 0,  /**< or another value of a variant */
    SLOT_SIZE = 1 << 1,
    SLOT_BODY = 1 << 2,    /**< height, weight, foot length */
    SLOT_REGION = 1 << 3,
    SLOT_NUMBER = 1 << 4,  /**< of an order or parcel */
    SLOT_DAY = 1 << 5,     /**< a past one: of an order */
    SLOT_OTHER = 1 << 6,   /**< "the other one" */
    SLOT_PRODUCT = 1 << 7, /**< one of the shop's is named */
};

/** The kinds in a text, as far as its understanding and marks know them. */
unsigned follow_slots(const struct understanding *u, const struct marks *m);
/** What is asked when values of these kinds come after @p last; NULL when none of them goes on with it. */
const struct intent *follow_intent(const struct intent *last, unsigned slots);
/** What "why?" asks for after @p last: never NULL. */
const struct intent *follow_why(const struct intent *last);
/** True for intents that a classifier gives to bare values: they do not stand against the last question. */
bool follow_is_vague(const struct intent *in);
