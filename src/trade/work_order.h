/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Work orders: something that a team of the shop, or the carrier through it, has to do by a time: chase a parcel, bring one
 * back, write an invoice. It has a number that people can say. Pure; trade/work_order_store.h keeps them.
 *
 * Always true: a work order has a due time for its first answer, in the shop's opening hours; what is done stays done.
 */

#include "account/hours.h"
#include "trade/action.h"

enum work_team { TEAM_WAREHOUSE, TEAM_LOGISTICS, TEAM_FINANCE, TEAM_SYSTEM, TEAM_SERVICE }; /**< system: the shop's own */
#define WORK_TEAMS 5
enum work_order_state { WORK_ORDER_OPEN, WORK_ORDER_TAKEN, WORK_ORDER_ANSWERED, WORK_ORDER_DONE };
#define WORK_ORDER_STATES 4
enum work_event { WORK_TAKE, WORK_ANSWER, WORK_COMMENT, WORK_FINISH };
#define WORK_EVENTS 4

struct work_order {
    int64_t tenant_id, id;
    int64_t day, number;      /**< 20261122, 7 */
    enum work_team team;
    struct str kind;          /**< the name of the action that made it, or "other" */
    enum work_order_state state;
    struct str order_id, sub_id, buyer;
    int64_t case_id, conversation_id;
    struct str text, answer;  /**< sealed at rest */
    int64_t asked_by, taken_by;
    int64_t due_ms;           /**< of the first answer */
    int64_t created_ms, taken_ms, answered_ms, done_ms;
    int64_t version;
};

const char *work_team_name(enum work_team t);
bool work_team_from_name(struct str name, enum work_team *ret);
const char *work_state_name(enum work_order_state s);
bool work_state_from_name(struct str name, enum work_order_state *ret);
const char *work_event_name(enum work_event e);

/** "W-20261122-0007", in @p a. */
struct str work_order_ticket(struct arena *a, int64_t day, int64_t number);
/** The day of an instant as yyyymmdd, by the zone's clock. */
int64_t work_order_day(int64_t at_ms, struct str zone);
/** Open or taken, and its first answer is late. */
bool work_order_overdue(const struct work_order *w, int64_t now_ms);
/** Whether the step is one of those that are listed. @param ret  the state after it; untouched otherwise */
must_use bool work_order_step(enum work_order_state from, enum work_event e, enum work_order_state *ret);
/** When @p term_ms of opening hours are over, counted from @p from_ms; of a shop that never opens, natural time. */
int64_t work_due_ms(const struct hours *h, struct str zone, int64_t from_ms, int64_t term_ms);
