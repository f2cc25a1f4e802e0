/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A task: one turn of a job, from what was heard and read to what is done and said. Between the pure walk (flow.h) and the
 * turn (turn.c): it makes the walk's world out of orders, cases and actions, and keeps what is to be stored with the turn.
 */

#include "bot/flow_book.h"
#include "bot/flow_hear.h"
#include "bot/flow_slots.h"
#include "bot/gather.h"
#include "trade/action_service.h"

#define FLOW_CASES_MOST 20 /* of a buyer, looked through */

/** A job in one turn. */
struct flow_job {
    const struct flow_plan *plan;
    struct flow_heard heard;
    struct task task;            /**< as it is after the turn */
    struct task walked;          /**< as it was walked: what is said is filled from it */
    struct flow_secret secret;
    struct flow_outcome out;
    /* what it is about */
    struct order order;          /**< as stored, with its address; has_order says whether */
    bool has_order;
    const struct order_item *item;   /**< NULL: not known */
    const struct product *product;   /**< of the item, or NULL */
    struct case_row_stored *cases;   /**< that may be meant, newest first */
    size_t case_count;
    const struct case_row_stored *row; /**< the one in hand, or NULL */
    struct str freight;          /**< who pays the way back: "buyer" "seller" "carrier"; or empty */
    /* what came of it */
    struct action_request request; /**< as it was tried last */
    struct action_result result;
    int64_t id;                  /**< of what it stores */
};

/** What a task is walked with. */
struct flow_turn {
    struct arena *arena;
    struct store *store;
    const struct shop *shop;
    const struct incoming *in;
    const struct conversation *conversation;
    const struct request *request;
    const struct bot_state *state;
    const struct gather_question *question;
    const struct gathered *g;
    struct str language;
};

/** The plan of the job that @p s is at, when its time is not over and the shop still wants it; else NULL. */
const struct flow_plan *flow_open(const struct flow_book *book, const struct bot_state *s, int64_t now_ms);
/** Drops the job, but for what comes later. */
void flow_close(struct task *t);
/** True when the plan begins with an order; false: with a case, or with neither. */
bool flow_begins_with_order(const struct flow_plan *p);

/**
 * Takes what the message tells, and walks on. Reads the store.
 * @param ask_only  the order is not known yet: what was told is kept, nothing more
 * @return 0, or STORE_FAULT
 */
must_use int flow_do(const struct flow_turn *t, struct flow_job *job, bool ask_only);
/** Does it, inside the unit of work of the turn: 0, STORE_FAULT, or STORE_CONFLICT when it came out otherwise than said. */
must_use int flow_store_deed(struct tx *tx, struct arena *a, const struct action_request *r, const struct action_result *expected);

struct flow_option {
    struct str value, label;
};
#define FLOW_OPTIONS STATE_OPTIONS
/** What the step may be answered with; 0: words only. */
size_t flow_options(const struct flow_turn *t, const struct flow_job *job, const struct flow_stage *s,
                    struct flow_option ret[FLOW_OPTIONS]);
