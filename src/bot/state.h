/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * State: what the bot remembers of a conversation between two turns: what is talked about, what it asked last, what it
 * said last, how often it missed. A small flat JSON object in conversation.bot_state. Pure.
 */

#include "base/json.h"

/** What the bot's last reply asked the buyer for. Stored by name. */
enum ask {
    ASK_NOTHING,
    ASK_ORDER,   /**< a list of orders: `options` are their ids */
    ASK_PRODUCT, /**< a list of products, or which product at all */
    ASK_INTENT,  /**< a list of intents: "did you mean" */
    ASK_PERSON,  /**< whether a person shall take over */
    ASK_SIZE,    /**< height, weight or foot length */
    ASK_TASK,    /**< something for the job in `task` */
};

/** What the last list on the screen was of. Stored by name. */
enum list {
    LIST_NONE,
    LIST_ORDERS,
    LIST_PRODUCTS,
    LIST_INTENTS,
    LIST_VALUES, /**< what a step of a job may be answered with */
};

#define STATE_OPTIONS 5
#define STATE_SAID    10 /**< texts of the last reply that are remembered */
#define STATE_ASKED   4 /**< meanings asked lately */
#define STATE_VALUES  3 /**< values of a variant: colour, size, … */
#define STATE_FRESH   3 /**< turns for which a list or an open question is remembered */
#define STATE_BYTES   4600 /**< most that state_write() gives, with ids of 64 bytes */
#define STATE_SECRET_BYTES 1400 /**< most of a job's sealed values, as text */

/**
 * A job that the bot is at for the buyer (flow.h): which one, where it waits, and what is known for it. What is personal is
 * sealed, for the state lies in the database as it is.
 */
struct task {
    struct str plan;       /**< empty: none */
    struct str at;         /**< step that waits for the buyer */
    int64_t touched_ms;    /**< when the buyer last did something for it */
    struct str order, item, sku, reason, type, waybill;
    struct str files;      /**< ids of uploads, "12,13" */
    int64_t case_id;
    int64_t amount_cents;  /**< claimed instead; 0: not told */
    bool no_files;         /**< the buyer says there is none */
    bool returned;         /**< asked a second time, after another question: not a third time */
    int64_t misses;        /**< answers in a row that were none */
    struct str secret;     /**< sealed: address, phone, words of the buyer's (flow_slots.h) */
    struct str later;      /**< intent of another job, for when this one is over */
    struct str done;       /**< the job that ended last: a button of it may still be pressed */
};

struct bot_state {
    int64_t turns;             /**< buyer's turns answered so far: chooses wordings */
    struct str language;       /**< of the last reply; empty: none yet */
    bool language_fixed;       /**< the buyer asked for it */
    struct str intent;         /**< last intent that was answered */
    struct str order, product; /**< what is talked about */
    enum ask ask;
    struct str ask_intent;     /**< what the answer to `ask` is for */
    enum list list;            /**< what `options` are */
    struct str options[STATE_OPTIONS];
    size_t option_count;
    int64_t listed;            /**< turn that showed them */
    bool returned;             /**< `ask` was asked a second time, after another question: not a third time */
    enum ask aside;            /**< a question that the buyer left open by asking something else */
    struct str aside_intent;
    int64_t aside_turn;
    struct str values[STATE_VALUES]; /**< of the variant talked about, as the shop writes them: "颜色=黑" */
    size_t value_count;
    struct str region;         /**< last one named */
    int64_t misses;            /**< in a row */
    int64_t anger;             /**< turns that were angry enough to count */
    int64_t chat;              /**< small-talk turns in a row */
    int64_t rude;
    bool beside;               /**< the last reply asked whether a person shall take over, beside a list */
    bool offered;              /**< a person was offered and the buyer has not said no */
    int64_t said[STATE_SAID];  /**< hashes of the texts of the last reply */
    size_t said_count;
    int64_t asked[STATE_ASKED]; /**< meanings answered lately, newest first */
    int64_t times[STATE_ASKED]; /**< how often each */
    size_t asked_count, times_count;
    int64_t height_cm, weight_g, foot_mm; /**< 0: not told */
    int64_t callback_ms;       /**< a call back is booked for then; 0: none */
    struct str why;            /**< why it was handed over: end of a "bot.why.…" key */
    struct task task;
};

/** Reads what state_write() wrote; anything else (also the empty text) is a fresh state. Text is a view or in @p a. */
void state_read(struct arena *a, struct str json, struct bot_state *ret);
/** In @p a. */
struct str state_write(struct arena *a, const struct bot_state *s);
const char *ask_name(enum ask ask);

/** How often @p meaning was answered lately; 0: not. */
int64_t state_times(const struct bot_state *s, int64_t meaning);
/** Puts another list in place of the last one. */
void state_list(struct bot_state *s, enum list list);
/** Adds to the list begun by state_list(); false when it is full. */
bool state_option(struct bot_state *s, struct str option);
/** Takes note that @p meaning was answered once more. */
void state_note(struct bot_state *s, int64_t meaning);
/** True when a text with this hash was in the last reply. */
bool state_said(const struct bot_state *s, int64_t hash);
