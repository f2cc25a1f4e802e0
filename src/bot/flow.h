/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Flow: walks a plan (flow_plan.h) for one turn of the buyer: what is asked, confirmed, done and said next. Pure: what the data
 * says comes through two functions of the caller, what came of it goes out as lines to be said.
 *
 * Always true (flow_test.c):
 *   1. Nothing that writes is done in a turn whose buyer did not say yes to the confirmation shown last, of the same values.
 *   2. A walk ends: with a question, or with the job over. An answer that is none is asked again, then a person is offered.
 *   3. Every refusal is said: by the plan's branch, else in the words of its reason.
 */

#include "bot/flow_plan.h"
#include "bot/state.h"

#define FLOW_LINES_MOST 12

/** What the buyer's turn is to the job. */
enum flow_event {
    FLOW_NOTHING, /**< not about it */
    FLOW_STARTS,
    FLOW_TELLS,   /**< a value for it, taken into the task already */
    FLOW_YES,
    FLOW_NO,      /**< to the confirmation: not so, or not at all */
    FLOW_DROPS,
    FLOW_MISSES,  /**< no answer to what was asked */
    FLOW_RETURNS, /**< asked once more, after something else */
};

/** Whether the value of a need is known. */
enum flow_slot {
    FLOW_KNOWN,
    FLOW_OPEN,  /**< it has to be asked for */
    FLOW_NO_SUCH, /**< there is none to choose from */
};

/** What came, or would come, of an action. */
struct flow_answer {
    enum action_answer answer;
    struct str on;    /**< of a refusal: "shipped", "case.too_late" */
    const char *slot; /**< of ACTION_NEEDS_SLOT */
};

/** What the data says. */
struct flow_world {
    const struct task *task;
    bool has_order;
    enum order_status status;
    unsigned trouble;  /**< bit of enum order_trouble_kind */
    unsigned has;      /**< enum flow_has; asked again after each action */
    const char *state; /**< of the case in hand, or NULL */
    enum flow_slot (*slot)(void *arg, const struct flow_stage *s);
    /** @param sure  the buyer has said yes. @param now  takes what is so by it: `has`, `state` */
    struct flow_answer (*try)(void *arg, const struct flow_act *act, bool sure, struct flow_world *now);
    void *arg;
};

enum flow_line_kind {
    LINE_SAY,     /**< key */
    LINE_ASK,     /**< the stage's question, with its choices */
    LINE_CONFIRM, /**< the stage's key, with yes and no */
    LINE_WHY,     /**< the reason of the last refusal, in general words */
    LINE_OFFER,   /**< the stage's intents as buttons */
};

struct flow_line {
    enum flow_line_kind kind;
    const struct flow_stage *stage; /**< NULL with a key of the engine's own */
    const char *key;                /**< LINE_SAY without a stage */
};

enum flow_end {
    FLOW_WAITS,   /**< for the buyer, at `at` */
    FLOW_OVER,
    FLOW_DROPPED, /**< the buyer does not want it after all: nothing was done */
};

struct flow_outcome {
    enum flow_end end;
    struct str at;
    struct flow_line lines[FLOW_LINES_MOST];
    size_t line_count;
    const struct flow_act *act;  /**< the last that was tried; NULL: none */
    struct flow_answer answer;   /**< what came of it */
    bool does;                   /**< it is to be stored with the turn */
    bool hand_over, urgent;
    struct str skill;            /**< of the person */
    bool offers_person;          /**< the buyer may want one: a button */
    bool missed;                 /**< this turn's answer was none */
};

/** Walks @p p. @param misses  answers in a row before this turn that were none */
void flow_walk(const struct flow_plan *p, enum flow_event event, const struct flow_world *w, struct flow_outcome *ret);
/** Whether the step counts. */
bool flow_holds(const struct flow_if *when, const struct flow_world *w);
/** The step of that id on the main way, or NULL. */
const struct flow_stage *flow_stage_of(const struct flow_plan *p, struct str id);
