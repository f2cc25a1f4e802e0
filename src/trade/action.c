/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Actions: their names, and what each one is, as a table.
 *
 * `statuses` says where an order must be for the action to make sense at all; what is finer (a parcel that came, a window
 * that is over) is asked by its own rule. Actions on cases leave the order's status to trade/case_open.c.
 */
#include "trade/action.h"

#define UNPAID    ORDER_BIT(ORDER_UNPAID)
#define PAID      ORDER_BIT(ORDER_PAID)
#define SHIPPED   ORDER_BIT(ORDER_SHIPPED)
#define DELIVERED ORDER_BIT(ORDER_DELIVERED)
#define FINISHED  ORDER_BIT(ORDER_FINISHED)
#define BEFORE    (UNPAID | PAID)

enum { READS = 0, WRITES = 1 };
enum { AT_ONCE = 0, CONFIRM = 1 };
enum { HERE = 0, OUTSIDE = 1 };

static const struct action_row rows[ACTIONS] = {
    [ACTION_NONE] = {"none", "none", 0, READS, AT_ONCE, HERE, false, false},
    [ACTION_ORDER_CANCEL] = {"order.cancel", "cancel_order", BEFORE, WRITES, CONFIRM, OUTSIDE, false, false},
    [ACTION_ORDER_CHANGE_ADDRESS] = {"order.change_address", "change_address", BEFORE, WRITES, CONFIRM, OUTSIDE, false,
                                     false},
    [ACTION_ORDER_CHANGE_PHONE] = {"order.change_phone", "change_address", BEFORE, WRITES, CONFIRM, OUTSIDE, false, false},
    [ACTION_ORDER_CHANGE_SKU] = {"order.change_sku", "change_sku", BEFORE, WRITES, CONFIRM, OUTSIDE, false, true},
    [ACTION_ORDER_ADD_NOTE] = {"order.add_note", "add_note", BEFORE, WRITES, AT_ONCE, OUTSIDE, false, false},
    [ACTION_ORDER_EXTEND_RECEIPT] = {"order.extend_receipt", "extend_receipt", SHIPPED | DELIVERED, WRITES, CONFIRM, OUTSIDE,
                                     false, false},
    [ACTION_LOGISTICS_URGE] = {"logistics.urge", "urge", PAID | SHIPPED, WRITES, AT_ONCE, HERE, false, false},
    [ACTION_LOGISTICS_INTERCEPT] = {"logistics.intercept", "intercept", SHIPPED, WRITES, CONFIRM, HERE, false, false},
    [ACTION_CASE_OPEN] = {"case.open", "open_case", 0, WRITES, CONFIRM, HERE, false, true},
    [ACTION_CASE_CANCEL] = {"case.cancel", "move_case", 0, WRITES, CONFIRM, HERE, true, false},
    [ACTION_CASE_MODIFY] = {"case.modify", "move_case", 0, WRITES, CONFIRM, HERE, true, false},
    [ACTION_CASE_ADD_WAYBILL] = {"case.add_waybill", "move_case", 0, WRITES, AT_ONCE, HERE, true, false},
    [ACTION_CASE_ADD_EVIDENCE] = {"case.add_evidence", "move_case", 0, WRITES, AT_ONCE, HERE, true, false},
    [ACTION_CASE_REOPEN] = {"case.reopen", "move_case", 0, WRITES, CONFIRM, HERE, true, false},
    [ACTION_PRICE_PROTECT] = {"price.protect", "open_case", 0, WRITES, CONFIRM, HERE, false, true},
    [ACTION_INVOICE_REQUEST] = {"invoice.request", "invoice", PAID | SHIPPED | DELIVERED | FINISHED, WRITES, CONFIRM, HERE,
                                false, false},
    [ACTION_COMPENSATION_LOOKUP] = {"compensation.lookup", "read_order", 0, READS, AT_ONCE, HERE, false, true},
    [ACTION_COMPLAINT_OPEN] = {"complaint.open", "complain", 0, WRITES, CONFIRM, HERE, false, true},
    [ACTION_GOODWILL] = {"goodwill.give", "goodwill", PAID | SHIPPED | DELIVERED | FINISHED, WRITES, CONFIRM, OUTSIDE, false,
                         false},
    [ACTION_CASE_STEP] = {"case.step", "decide_case", 0, WRITES, AT_ONCE, HERE, true, false},
};

static const char *const answers[] = {
    [ACTION_DONE] = "done",
    [ACTION_PENDING] = "pending",
    [ACTION_SAME] = "same",
    [ACTION_NEEDS_SLOT] = "needs_slot",
    [ACTION_NEEDS_CONFIRM] = "needs_confirmation",
    [ACTION_NEEDS_SECOND] = "needs_second",
    [ACTION_REFUSED] = "refused",
};

static const char *const whys[ACTION_WHYS] = {
    [ACTION_WHY_NONE] = "none",
    [ACTION_WHY_SWITCHED_OFF] = "switched_off",
    [ACTION_WHY_NOT_FOUND] = "not_found",
    [ACTION_WHY_ROLE] = "role",
    [ACTION_WHY_STATUS] = "status",
    [ACTION_WHY_SHIPPED] = "shipped",
    [ACTION_WHY_NO_PARCEL] = "no_parcel",
    [ACTION_WHY_SAME_VALUE] = "same_value",
    [ACTION_WHY_BAD_VALUE] = "bad_value",
    [ACTION_WHY_NO_STOCK] = "no_stock",
    [ACTION_WHY_OTHER_PRICE] = "other_price",
    [ACTION_WHY_TOO_SOON] = "too_soon",
    [ACTION_WHY_TOO_OFTEN] = "too_often",
    [ACTION_WHY_BUYER_DAY] = "buyer_day",
    [ACTION_WHY_SHOP_DAY] = "shop_day",
    [ACTION_WHY_AMOUNT] = "amount",
    [ACTION_WHY_NOTHING_DUE] = "nothing_due",
    [ACTION_WHY_CASE] = "case",
    [ACTION_WHY_SHOP_SYSTEM] = "shop_system",
};

const struct action_row *action_row(enum action a)
{
    return &rows[a];
}

const char *action_name(enum action a)
{
    return rows[a].name;
}

bool action_from_name(struct str name, enum action *ret)
{
    for (size_t i = ACTION_NONE + 1; i < ACTIONS; i++) {
        if (!str_eq_c(name, rows[i].name))
            continue;
        *ret = (enum action)i;
        return true;
    }
    return false;
}

const char *action_answer_name(enum action_answer a)
{
    return a == ACTION_FAULT ? "fault" : answers[a];
}

bool action_answer_from_name(struct str name, enum action_answer *ret)
{
    for (size_t i = 0; i < COUNT(answers); i++) {
        if (!str_eq_c(name, answers[i]))
            continue;
        *ret = (enum action_answer)i;
        return true;
    }
    return false;
}

const char *action_why_name(enum action_why w)
{
    return whys[w];
}

bool action_why_from_name(struct str name, enum action_why *ret)
{
    for (size_t i = 0; i < ACTION_WHYS; i++) {
        if (!str_eq_c(name, whys[i]))
            continue;
        *ret = (enum action_why)i;
        return true;
    }
    return false;
}
