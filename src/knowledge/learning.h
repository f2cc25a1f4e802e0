/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Learning: what buyers said and the bot did not serve well, as items for a trainer. A turn leaves at most one, in its own
 * unit of work; an ordinary turn leaves none. Texts are masked (knowledge/masking.h).
 *
 * An item is open until a trainer makes something of it (an action), and open again when that is undone.
 */

#include "base/str.h"

/** Why a text is worth a look. */
enum learning_reason {
    LEARNING_UNANSWERED, /**< understood, and nothing stored answers it */
    LEARNING_ASKED_BACK, /**< asked what was meant */
    LEARNING_REJECTED,   /**< the same, because the best guess was below the reject rate */
    LEARNING_REPEATED,   /**< asked again: the first answer did not help */
    LEARNING_THUMBED,    /**< the buyer said that the answer did not help */
    LEARNING_HANDED,     /**< a person had to take over after it */
    LEARNING_CORRECTED,  /**< a person said what was meant */
};
const char *learning_reason_name(enum learning_reason r);
bool learning_reason_from_name(struct str name, enum learning_reason *ret);

enum learning_state { LEARNING_OPEN, LEARNING_DONE, LEARNING_IGNORED };
const char *learning_state_name(enum learning_state s);
bool learning_state_from_name(struct str name, enum learning_state *ret);

struct learning_item {
    int64_t conversation_id, seq; /**< of the buyer's message: the item's key */
    int64_t at_ms;
    struct str text, language;
    enum learning_reason reason;
    struct str intent;            /**< as understood, or "unclear" */
    double confidence;
    struct str entry;             /**< id of the stored entry that came nearest, or empty */
    double match;
    struct str about;             /**< "P1/充电时间": product and attribute asked for, or empty */
    struct str corrected;         /**< intent that an agent set, or empty */
    enum learning_state state;
    int64_t group_id;             /**< 0: not grouped yet */
};

/** What a trainer does with items. */
enum learning_deed {
    LEARNING_ASSIGN,  /**< they mean an intent: utterances of the shop's own */
    LEARNING_SIMILAR, /**< they ask what an entry answers: its similar questions */
    LEARNING_WRITE,   /**< a new entry answers them */
    LEARNING_MERGE,   /**< groups are one */
    LEARNING_IGNORE,
};
const char *learning_deed_name(enum learning_deed d);
