/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Intents: for each of the 150 things that a buyer may want, how the bot goes about it. The table is in intent.c; the
 * names that people read are in packs/LANG/intents.tsv. Immutable; any thread.
 */

#include "base/str.h"

/** How an intent is answered. */
enum flow {
    FLOW_KNOWLEDGE, /**< by a stored entry; without one a person is offered */
    FLOW_ORDER,     /**< by the facts of one of the buyer's orders: asks which one when that is open */
    FLOW_SHIPPING,  /**< by the order's facts when one order is plainly meant, otherwise by a stored entry */
    FLOW_PRODUCT,   /**< by the attributes of one product: asks which one when that is open */
    FLOW_SIZE,      /**< by the product's size chart and the buyer's measures */
    FLOW_STOCK,
    FLOW_PRICE,
    FLOW_RULE,      /**< by a rule that the product carries: seven days, warranty */
    FLOW_SEARCH,    /**< by product cards */
    FLOW_COMPARE,   /**< by two products side by side */
    FLOW_TASK,      /**< by doing it, along a plan (bot/flow_plan.h); without one by a stored entry */
    FLOW_MISSING,   /**< an order that the buyer does not find: shows those there are */
    FLOW_TALK,      /**< by a sentence of our own */
    FLOW_STEER,     /**< about the conversation itself: yes, no, queue, hours, language */
    FLOW_PERSON,    /**< hands over at once */
    FLOW_URGENT,    /**< hands over at once, before the ordinary */
    FLOW_SAFETY,    /**< a life may be in danger */
    FLOW_UNCLEAR,   /**< asks back */
};

/** What has to be read before it can be decided. */
enum need {
    NEED_ORDERS = 1 << 0,
    NEED_PRODUCT = 1 << 1,
    NEED_KNOWLEDGE = 1 << 2,
    NEED_DUTY = 1 << 3,
};

struct intent {
    const char *id;
    enum flow flow;
    const char *action; /**< contract.md, section 2; NULL: none */
    unsigned needs;     /**< enum need bits */
    const char *skill;  /**< group that takes it */
    bool offer;         /**< the bot can explain but not do it: a person is offered beside the answer */
};

/** True for what a conversation can be about: small talk, steering and asking for a person leave the topic as it was. */
bool intent_is_topic(const struct intent *in);
/** NULL for an id that is none of the 150. */
const struct intent *intent_find(struct str id);
/** The intent that says "nothing was understood". */
const struct intent *intent_unclear(void);
/** All of them, for tests and lists. */
const struct intent *intent_all(size_t *ret_n);
/** What people call it in @p language; the id when no pack names it. Borrowed for ever. */
struct str intent_name(struct str language, struct str id);
/**
 * The plainest way to ask it: stored answers are looked up by it when the intent is certain, but the buyer's own words
 * found none. Empty when no pack has it. Borrowed for ever.
 */
struct str intent_question(struct str language, struct str id);
