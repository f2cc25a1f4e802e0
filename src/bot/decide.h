/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Decide: what the bot does with a turn. Pure: state, what was understood and what was read go in; a decision and the
 * check that made it come out. The order of checks is the domain handbook's: safety, an explicit wish for a person, risk,
 * repeats and misses, emotion, and only then the answer.
 */

#include "bot/duty.h"
#include "bot/meaning.h"
#include "chat/conversation.h"
#include "knowledge/entry.h"
#include "trade/order.h"

/* ---- what is decided ----------------------------------------------------------------------------------------------- */

/** Whether it is known which product is meant. */
enum product_known { PRODUCT_NOT_KNOWN, PRODUCT_SEVERAL, PRODUCT_KNOWN };
/** What the data says to the question of the flow. */
enum data_known { DATA_NONE, DATA_NEEDS_SLOT, DATA_FOUND };

/** What was read, as far as the decision goes. */
struct facts {
    bool guest;
    enum pick_reason pick;  /**< when NEED_ORDERS */
    bool order_fits;        /**< the picked order is in a status that the intent is about */
    bool order_trouble;     /**< it is late, stuck, astray or coming back */
    enum product_known product;
    bool product_named;     /**< in this very text */
    enum data_known data;
    enum knowledge_answer knowledge;
    bool emergency;         /**< the entry found is an emergency one */
    bool small_talk;        /**< … is small talk */
    double match;
    bool open;              /**< something is being waited for: a call back */
    bool task;              /**< there is a plan for the job (bot/flow_book.h) */
    bool task_order;        /**< … which begins with an order */
    bool task_goes_on;      /**< … and the buyer is in the middle of it */
    bool asks_how;          /**< the words ask how something is done, not that it be done */
    bool resumes;           /**< the words want the reminders back */
    int64_t meaning;        /**< hash of what would be answered; 0: cannot repeat */
};

struct mood {
    enum emotion emotion;
    double strength;
    bool abuse; /**< it insults whoever reads it */
};

enum act {
    ACT_SILENT,
    ACT_TALK,          /**< the intent's own sentence */
    ACT_ANSWER,        /**< the flow's data */
    ACT_KNOWLEDGE,     /**< a stored entry */
    ACT_SHOW_PRODUCT,  /**< a product was shown or named, nothing asked */
    ACT_ASK_ORDER,
    ACT_ASK_PRODUCT,
    ACT_ASK_SIZE,
    ACT_ASK_INTENT,    /**< did you mean */
    ACT_SIGN_IN,
    ACT_NO_ORDERS,
    ACT_NOT_FOUND,     /**< an order number that is not this buyer's */
    ACT_NOT_IN_DATA,   /**< the product data does not say */
    ACT_NEEDS_PERSON,  /**< nothing stored answers it */
    ACT_URGENT_WORD,   /**< safety advice, while a person is on the way already */
    ACT_QUEUE,         /**< place and wait */
    ACT_HOURS,
    ACT_LANGUAGE,
    ACT_YES,
    ACT_NO,
    ACT_HAND_OVER,     /**< nothing but handing over */
    ACT_TASK,          /**< a job, as far as it goes (bot/flow_task.h) */
    ACT_TASK_ASK,      /**< a job that waits for the buyer */
};

enum offer { OFFER_NONE, OFFER_BUTTON, OFFER_ASKED };

struct decision {
    enum act act;
    const char *check;  /**< which check made it: "safety" "asked" "risk" "repeat" "miss" "emotion" "answer" "waiting" */
    bool hand_over;     /**< a person shall take it; how is for duty to say */
    bool urgent;
    const char *why;    /**< of a hand-over: end of a "bot.why.…" key; NULL otherwise */
    enum offer offer;   /**< a person: not, by a button beside, or as the question that ends the reply */
    bool sorry;         /**< a word to the buyer's mood first */
    bool again;         /**< it was answered before: other words */
    bool enough;        /**< small talk went on long enough */
    bool miss;          /**< not understood */
    bool gap;           /**< worth an answer by a trainer */
    bool needs_person;  /**< shown to supervisors although the bot goes on */
    bool close;
};

struct decision decide(const struct bot_state *s, const struct meaning *m, struct mood mood, const struct facts *f,
                       enum handler handler);
const char *act_name(enum act act);

/** True for acts that ask the buyer to choose or to tell something. */
bool decide_asks(enum act act);
/** True for acts that give the buyer something: worth saying even when a person takes over after it. */
bool decide_gives(enum act act);
/** True when the job that waits is to be asked for again, once, behind what @p d does. @param s  state after the turn so far */
bool decide_returns_to_task(const struct bot_state *s, const struct decision *d, enum handler handler);
/**
 * True when an open question that was set aside is to be taken up again, once, behind what @p d does.
 * @param s  state after the turn so far
 */
bool decide_returns(const struct bot_state *s, const struct decision *d, enum handler handler);

/** Takes into @p s what the turn changes: counters, what was asked for, what is talked about. */
void decide_remember(struct bot_state *s, const struct meaning *m, struct mood mood, const struct facts *f,
                     const struct decision *d);

/* ---- how it is handed over -------------------------------------------------------------------------------------------- */

enum way {
    WAY_WAIT,    /**< queue, with an expected wait */
    WAY_ONLINE,  /**< queue, somebody is there, wait not known */
    WAY_NOBODY,  /**< queue, in hours, nobody online yet */
    WAY_CLOSED,  /**< outside the hours: a call back at the next opening */
    WAY_BOOKED,  /**< the same, booked before */
    WAY_NEVER,   /**< the shop names no hours at all */
};

/** Never a faked hand-over: outside the hours only the urgent is queued, and only when somebody is there. */
enum way handover_way(const struct duty *duty, const struct bot_state *s, bool urgent, int64_t now_ms);
const char *way_name(enum way way);
static inline bool way_queues(enum way way)
{
    return way <= WAY_NOBODY;
}
