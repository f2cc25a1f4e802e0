/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Agreements: what the shop promises one buyer (an alteration by Friday, three yuan back for a small flaw), in words, with a
 * term, confirmed by the buyer with a button. Proposed by who has the conversation, within limits of their role; kept with
 * who agreed when and by which message; followed up when its term is over. Pure.
 *
 * Always true: nothing that a buyer writes changes the words, the sum or the term: the button only says yes or no to what
 * was proposed. An agreement that is settled (declined, withdrawn, lapsed, kept) stays so. One that is not has one timer.
 */

#include "account/actor.h"
#include "base/str.h"

/** Stored by name. */
enum agreement_state {
    AGREEMENT_PROPOSED,
    AGREEMENT_AGREED,
    AGREEMENT_DECLINED,
    AGREEMENT_WITHDRAWN, /**< by the shop, before the buyer agreed */
    AGREEMENT_LAPSED,    /**< not answered in time */
    AGREEMENT_OVERDUE,   /**< agreed, and its term is over */
    AGREEMENT_KEPT,
};
#define AGREEMENT_STATES 7

enum agreement_event {
    AGREEMENT_YES,      /**< the buyer's button */
    AGREEMENT_NO,
    AGREEMENT_WITHDRAW, /**< the shop */
    AGREEMENT_KEEP,     /**< the shop says that it did what was promised */
    AGREEMENT_TIMEOUT,
};
#define AGREEMENT_EVENTS 5

enum agreement_answer {
    AGREEMENT_OK = 0,
    AGREEMENT_NOT_FOUND,   /**< none, another shop's or another buyer's */
    AGREEMENT_NOT_YOURS,   /**< only who has the conversation, leaders, owners and staff */
    AGREEMENT_NO_STEP,     /**< it is settled already, or not so far */
    AGREEMENT_CLOSED,      /**< the conversation is over */
    AGREEMENT_BAD_TERM,    /**< in the past, or later than the rules allow */
    AGREEMENT_BAD_AMOUNT,  /**< negative */
    AGREEMENT_OVER_LIMIT,  /**< more than this role may promise */
    AGREEMENT_NO_ORDER,    /**< the buyer has no such order */
    AGREEMENT_NO_RULE,     /**< a rule that must exist cannot be read */
    AGREEMENT_CONFLICT,    /**< the client_id was used for another message */
    AGREEMENT_FAULT = -1,
};

#define AGREEMENT_TEXT_MOST 500 /**< code points */

struct agreement {
    int64_t id, conversation_id, contact_id;
    struct str order_id; /**< empty: about none */
    struct str text;
    int64_t due_ms, amount_cents;
    enum agreement_state state;
    int64_t proposed_by, proposed_ms, answer_ms; /**< to be answered by */
    int64_t answered_ms, answered_in, answered_seq; /**< by which message of which conversation; 0: not yet */
    int64_t settled_by, settled_ms;
    struct str note;
    int64_t work_order_id;
    struct str rules; /**< JSON */
};

/** The limits that a proposal is judged by, from policies. */
struct agreement_limits {
    int64_t answer_ms, term_most_ms, agent_cents, leader_cents;
};

/** Whether a proposal is within the limits of @p who. */
enum agreement_answer agreement_check(const struct actor *who, const struct agreement_limits *l, int64_t due_ms,
                                      int64_t amount_cents, int64_t now_ms);
/** The state that @p e leads to. @param ret  untouched unless true */
must_use bool agreement_step(enum agreement_state from, enum agreement_event e, enum agreement_state *ret);
/** When its timer ends: the answer's, then the term's; 0: it is settled, or overdue and with people. */
int64_t agreement_timer_ms(const struct agreement *g);

const char *agreement_state_name(enum agreement_state s);
bool agreement_state_from_name(struct str name, enum agreement_state *ret);
