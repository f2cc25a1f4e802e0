/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Meaning: which intent a turn is about, before anything was read: a button or card beats words, an answer to what the bot
 * just asked beats a new question, and what the classifier is not sure of is asked back. Pure.
 */

#include "bot/intent.h"
#include "bot/state.h"
#include "nlu/understand.h"

/** What came in, as far as its meaning goes. */
struct said {
    bool wants_human;                /**< pressed the button */
    struct str intent;               /**< of the button pressed, or empty */
    struct str order_id, product_id; /**< of the card or button */
    bool is_card;                    /**< a card was sent, without words */
    struct str text;
    const struct understanding *understood; /**< NULL when there were no words */
    struct str alarm;                /**< intent of a safety word in the text, or empty (bot/words.h) */
    struct str warning;              /**< intent of a risk word, or empty */
    int place;                       /**< place in the last list that the text names, or -1 */
};

/** How the meaning was found. */
enum meaning_by {
    BY_WORDS,
    BY_BUTTON,
    BY_CARD,
    BY_LIST,   /**< it answers the list that was shown */
    BY_ANSWER, /**< it answers a question of the bot */
    BY_ALARM,  /**< a word that must not be missed */
    BY_NUMBER, /**< nothing but an order or tracking number was understood */
    BY_FOLLOW, /**< "and in black?": the last intent with another value */
};

struct meaning {
    const struct intent *intent; /**< never NULL */
    enum meaning_by by;
    double confidence;
    struct str order_id, product_id; /**< clicked or chosen, or empty */
    bool accepts;                    /**< yes to the offered person */
    bool refuses;
};

/** What @p in means after what went before. */
void meaning_find(const struct bot_state *s, const struct said *in, struct meaning *ret);
const char *meaning_by_name(enum meaning_by by);
