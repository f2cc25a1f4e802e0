/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The tables of the case machines, for who walks them: case.c, the drawing, the tests. Const.
 */

#include "trade/case.h"

/** In `to`: the state that the case began in, for its type and where the goods are. */
#define CASE_START CASE_NONE
/** In `becomes`: the type stays. */
#define CASE_SAME_TYPE CASE_TYPES

enum case_flag {
    CASE_TAKES_AMOUNT = 1 << 0,  /**< the event brings a new amount, within what is left */
    CASE_APPROVES = 1 << 1,      /**< the actor's limit of approval holds */
    CASE_KEEPS_TIMER = 1 << 2,
    CASE_WHILE_PAUSED = 1 << 3,  /**< may also happen while the case is paused, which ends the pause */
    CASE_COUNTS_REOPEN = 1 << 4,
};

struct case_row {
    enum case_state from;
    enum case_event event;
    unsigned by; /**< CASE_BY() of who may */
    enum case_state to;
    enum case_money money;
    unsigned flags;
    unsigned becomes; /**< enum case_type, or CASE_SAME_TYPE */
};

/** A type's own rows. */
struct case_machine {
    enum case_type type;
    const struct case_row *rows;
    size_t n;
    enum ledger_payer payer;
    enum case_state start[3]; /**< by enum case_goods; CASE_NONE: this type makes no sense then */
    unsigned statuses;        /**< ORDER_BIT() of the orders it may be opened for */
    unsigned by;              /**< who may open it */
};

/** A state: who has to move, by which rule's time, and whether the platform may be asked in. */
struct case_state_row {
    const char *name;
    const char *rule; /**< of its timer; NULL: final */
    enum case_actor owner;
    bool evidence;     /**< may be paused for evidence */
    bool buyer_asks;   /**< the buyer may ask the platform in */
    const char *seller_asks; /**< rule after which the seller may; NULL: never */
};

/** How a pause begins and ends; looked at before the machine. A pause that goes on to a state leaves it for good. */
struct case_pause_row {
    enum case_pause from;
    enum case_event event;
    unsigned by;
    enum case_pause to;
    enum case_state state; /**< CASE_NONE: it stays in its state */
    enum case_money money;
    unsigned flags;
    unsigned becomes;
};

extern const struct case_machine case_machines[CASE_TYPES];
extern const struct case_state_row case_states[CASE_STATES];
extern const struct case_row case_pay_rows[];    /**< of every machine that pays */
extern const size_t case_pay_row_count;
extern const struct case_row case_closed_rows[]; /**< of every after-sale machine */
extern const size_t case_closed_row_count;
extern const struct case_pause_row case_pause_rows[];
extern const size_t case_pause_row_count;
extern const char *const case_pause_rules[3]; /**< of the timer of a pause, by enum case_pause */

/** The row for an event, or NULL. */
const struct case_row *case_row_find(enum case_type type, enum case_state from, enum case_event event);
/** Calls @p each for all rows of a type: its own, then the shared ones. */
void case_rows_each(enum case_type type, void (*each)(void *arg, const struct case_row *row), void *arg);
