/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Actions: what can be done for a buyer beyond talking, and the hand of the policy over it. Pure.
 *
 * Whoever wants something done (the bot for a buyer, a colleague at the console, the shop's own system) makes a request; what
 * comes of it is decided here from the request, stored facts and dated rules, never from what anybody wrote. An amount, a
 * recipient or a permission is not part of a request that a buyer's words can fill: amounts come from the order and the
 * rules, money goes back to who paid, and who asks is proven by who calls.
 *
 * Order of checks: switched off, whose order, role (domain.md 2.3), order's status, arguments, the rule of the action itself,
 * limits (a buyer's day, the shop's day, an amount), confirmation, second person. The first that fails is the answer.
 */

#include "trade/case.h"
#include "trade/order.h"
#include "trade/policy.h"

/** Every action of contract.md section 2 that touches orders, parcels and cases. Stored by name. */
enum action {
    ACTION_NONE,
    ACTION_ORDER_CANCEL,         /**< unpaid: closes it; paid and unshipped: a refund-only case */
    ACTION_ORDER_CHANGE_ADDRESS,
    ACTION_ORDER_CHANGE_PHONE,
    ACTION_ORDER_CHANGE_SKU,
    ACTION_ORDER_ADD_NOTE,
    ACTION_ORDER_EXTEND_RECEIPT,
    ACTION_LOGISTICS_URGE,       /**< unshipped: the warehouse; on the way: the carrier. A work order with a number */
    ACTION_LOGISTICS_INTERCEPT,
    ACTION_CASE_OPEN,
    ACTION_CASE_CANCEL,
    ACTION_CASE_MODIFY,
    ACTION_CASE_ADD_WAYBILL,
    ACTION_CASE_ADD_EVIDENCE,
    ACTION_CASE_REOPEN,
    ACTION_PRICE_PROTECT,
    ACTION_INVOICE_REQUEST,
    ACTION_COMPENSATION_LOOKUP,  /**< reads: what the rules grant, and what was granted */
    ACTION_COMPLAINT_OPEN,
    ACTION_GOODWILL,             /**< people only: a small amount of the shop's own money */
    ACTION_CASE_STEP,            /**< people only: the shop's side of a case: agree, refuse, received, … */
};
#define ACTIONS 21

enum action_answer {
    ACTION_DONE,
    ACTION_PENDING,       /**< handed to the shop's own system; what became of it comes later */
    ACTION_SAME,          /**< done before under this key: the result is that one's */
    ACTION_NEEDS_SLOT,    /**< an argument is missing: `slot` */
    ACTION_NEEDS_CONFIRM, /**< may be done: show it, and ask again with `confirmed` */
    ACTION_NEEDS_SECOND,  /**< above what this role may do alone: kept for a leader to approve */
    ACTION_REFUSED,       /**< `reason` says why */
    ACTION_FAULT = -1,    /**< storage; logged where it happened */
};

/** Why not. For programs, and part of the key of the text that says it to people ("action.why." + name). Reasons of
 *  after-sale cases are those of enum case_answer and come as ACTION_WHY_CASE with `case_answer`. */
enum action_why {
    ACTION_WHY_NONE,
    ACTION_WHY_SWITCHED_OFF,  /**< the shop's kill switch */
    ACTION_WHY_NOT_FOUND,     /**< no such order or case, or another buyer's */
    ACTION_WHY_ROLE,
    ACTION_WHY_STATUS,        /**< the order is not in a status where this can be done */
    ACTION_WHY_SHIPPED,       /**< it has left: intercept or return instead */
    ACTION_WHY_NO_PARCEL,
    ACTION_WHY_SAME_VALUE,    /**< it is so already */
    ACTION_WHY_BAD_VALUE,     /**< an address without a street, a phone that is none, … */
    ACTION_WHY_NO_STOCK,
    ACTION_WHY_OTHER_PRICE,   /**< the other variant costs more or less: a new order, or a person */
    ACTION_WHY_TOO_SOON,      /**< urged a short while ago: the ticket is still open */
    ACTION_WHY_TOO_OFTEN,     /**< as often as the rules allow */
    ACTION_WHY_BUYER_DAY,     /**< the buyer's limit of a day */
    ACTION_WHY_SHOP_DAY,
    ACTION_WHY_AMOUNT,        /**< above what may be approved at all */
    ACTION_WHY_NOTHING_DUE,
    ACTION_WHY_CASE,
    ACTION_WHY_SHOP_SYSTEM,   /**< the shop's own system said no; `text` is its reason */
};
#define ACTION_WHYS 19

/** Where the goods of the order must be, as ORDER_BIT()s of its status; what the action is about. */
struct action_row {
    const char *name;
    const char *may;     /**< what the matrix of roles (policy `action.matrix`) calls it */
    unsigned statuses;   /**< in which it can be done; 0: the case decides */
    bool writes;         /**< changes something */
    bool confirm;        /**< asks for a confirmation before it does, whoever asks */
    bool external;       /**< a shop with a system of its own does it there */
    bool of_case;        /**< on a case that is there */
    bool of_item;        /**< on one sub-order: which one must be said when there are several */
};
/** Const, for ever. @p a is not ACTION_NONE */
const struct action_row *action_row(enum action a);

const char *action_name(enum action a); /**< "order.change_address" */
bool action_from_name(struct str name, enum action *ret);
const char *action_answer_name(enum action_answer a);
bool action_answer_from_name(struct str name, enum action_answer *ret);
const char *action_why_name(enum action_why w);
bool action_why_from_name(struct str name, enum action_why *ret);
