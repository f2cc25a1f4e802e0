/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The hand of the policy: whether an action may be done, by whom, on what, how often, for how much. Pure; the service reads
 * the facts and stores what comes of it.
 *
 * Always true: nothing here is asked of a text that a buyer wrote, but whether it is fit to be stored (a phone, a street). A
 * role that the matrix does not name, or a rule that cannot be read, permits nothing.
 */

#include "base/json_doc.h"
#include "trade/action.h"

/** Whose row of the matrix holds (domain.md 2.3). */
enum action_role { ROLE_OF_BOT, ROLE_OF_PRESALE, ROLE_OF_AFTERSALE, ROLE_OF_LEADER, ROLE_OF_CROWD, ROLE_OF_STAFF, ROLE_OF_SYSTEM };
#define ACTION_ROLES 7
const char *action_role_name(enum action_role r);

/** What the matrix says of a role and an action. */
enum action_leave {
    LEAVE_NO,
    LEAVE_YES,
    LEAVE_ASK,       /**< when who it is for has confirmed */
    LEAVE_IN_CHAT,   /**< for the buyer that the actor is serving now */
    LEAVE_WITH_CASE, /**< for an order that has a case */
};
/** Reads it out of the value of `action.matrix`. The system itself may do everything. */
enum action_leave action_leave(const struct json_node *matrix, enum action_role role, enum action a);
/** Whether the value of `action.off`, a list of names or an object of switches, names it. */
bool action_is_off(const struct json_node *off, enum action a);

/** How often: INT64_MAX when the rules set no limit. */
struct action_counts {
    int64_t order, buyer_day, shop_day;
};
/** Reads the limits of an action out of the value of `action.limits`. */
struct action_counts action_limits(const struct json_node *limits, enum action a);

/** Everything that is judged. */
struct action_ask {
    enum action action;
    enum case_actor actor;
    bool confirmed;
    bool approved;              /**< a second person has said yes */
    bool off;
    bool found;                 /**< the order, or the case, is there and theirs */
    enum action_leave leave;
    bool serves, has_case;      /**< for LEAVE_IN_CHAT, LEAVE_WITH_CASE */
    enum order_status status;
    const char *missing;        /**< the first argument that is not there, or NULL */
    enum action_why rule;       /**< what the action's own rule says */
    enum case_answer case_answer;
    bool confirm;               /**< asks for a confirmation although its row does not */
    struct action_counts done, most;
    int64_t amount_cents;       /**< of the shop's own money, that a person gives */
    int64_t alone_cents, most_cents; /**< what this role may give alone, and at all */
};

struct action_verdict {
    enum action_answer answer; /**< ACTION_DONE: may be done */
    enum action_why why;
    const char *slot;
};
/** The first check that fails, in the order of trade/action.h. */
struct action_verdict action_decide(const struct action_ask *ask);

/* ---- the rules of single actions --------------------------------------------------------------------------------- */

/** Seven to fifteen ASCII digits, with a plus before and single spaces or hyphens between. */
bool action_phone_ok(struct str phone);
/** A name or number of a tax payer: 6 to 20 ASCII letters and digits. */
bool action_tax_id_ok(struct str id);
/** The address as it would be: parts that were not said stay. ACTION_WHY_NONE, BAD_VALUE or SAME_VALUE. */
enum action_why action_judge_address(const struct address *now, const struct address *wanted, struct address *ret);
enum action_why action_judge_phone(const struct address *now, struct str phone);

/** Another variant of what was bought. */
struct action_variant {
    bool known;           /**< the product has it */
    bool same;            /**< it is the one that was bought */
    int64_t stock, quantity;
    int64_t price_cents, price_bought_cents; /**< of a piece now: of it, and of the one that was bought */
};
enum action_why action_judge_variant(const struct action_variant *v);

/** One extension more. */
struct action_extension {
    int64_t count, most_count;
    int64_t given_ms, add_ms, most_ms;
};
enum action_why action_judge_extension(const struct action_extension *e);
