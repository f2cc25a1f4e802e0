/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Meaning: which intent a turn is about, before anything was read: a button or card beats words, an answer to what the bot
 * just asked beats a new question, and what the classifier is not sure of is asked back. Pure.
 */

#include "bot/intent.h"
#include "bot/marks.h"
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
    struct str hint;      /**< intent that words speak for when the understanding is not sure; or empty */
    struct str undone;    /**< intent of the job that was done last, when the words take it back; or empty */
    bool going;           /**< asks how far something is */
    bool keeps;           /**< names what is to stay as it is */
    bool unwanted;        /**< says that something is not wanted any more */
    struct str warning;              /**< intent of a risk word, or empty */
    int place;                       /**< place in the last list that the text names, or -1 */
    const struct marks *marks;       /**< what in the text speaks of the talk itself; NULL: nothing */
    bool corrects;                   /**< the text is what holds of a correction */
    bool names_product;              /**< what is left beside marks and values is the name of a product */
    bool names_variant;              /**< … or a value of the product in talk */
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
    BY_CORRECT, /**< "not that one, the black one": the same, in place of what was answered */
    BY_RETURN, /**< a question that was left open is taken up again */
};

struct meaning {
    const struct intent *intent; /**< never NULL */
    enum meaning_by by;
    double confidence;
    struct str order_id, product_id; /**< clicked or chosen, or empty */
    bool accepts;                    /**< yes to the offered person */
    bool refuses;
};

/** True when it is the last question again, with what is new in the text. */
static inline bool meaning_goes_on(const struct meaning *m)
{
    return m->by == BY_FOLLOW || m->by == BY_CORRECT;
}

/** What @p in means after what went before. */
void meaning_find(const struct bot_state *s, const struct said *in, struct meaning *ret);
const char *meaning_by_name(enum meaning_by by);
