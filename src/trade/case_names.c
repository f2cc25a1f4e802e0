/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of what a case is made of, as they are stored and as programs read them.
 */
#include "trade/case_tables.h"

static const char *const types[CASE_TYPES] = {
    "refund_only",       "return_refund",     "exchange",  "repair", "resend", "price_protect",
    "freight_insurance", "late_compensation", "complaint",
};
static const char *const events[CASE_EVENTS] = {
    [CASE_OPENED] = "opened",
    [CASE_AGREE] = "agree",
    [CASE_AGREE_NO_RETURN] = "agree_no_return",
    [CASE_AGREE_RETURN] = "agree_return",
    [CASE_REFUSE] = "refuse",
    [CASE_MODIFY] = "modify",
    [CASE_WITHDRAW] = "withdraw",
    [CASE_SHIPPED] = "shipped",
    [CASE_WAYBILL] = "waybill",
    [CASE_SIGNED] = "signed",
    [CASE_RECEIVED] = "received",
    [CASE_RESENT] = "resent",
    [CASE_NO_STOCK] = "no_stock",
    [CASE_CONFIRM] = "confirm",
    [CASE_NOT_RECEIVED] = "not_received",
    [CASE_CALCULATED] = "calculated",
    [CASE_NOTHING_DUE] = "nothing_due",
    [CASE_DELAY_AGREED] = "delay_agreed",
    [CASE_OBJECT] = "object",
    [CASE_REPLY] = "reply",
    [CASE_ACCEPT] = "accept",
    [CASE_NOT_SATISFIED] = "not_satisfied",
    [CASE_UPHOLD] = "uphold",
    [CASE_EXECUTED] = "executed",
    [CASE_PAID] = "paid",
    [CASE_PAY_FAILED] = "pay_failed",
    [CASE_VOID] = "void",
    [CASE_ASK_EVIDENCE] = "ask_evidence",
    [CASE_EVIDENCE] = "evidence",
    [CASE_INTERVENE] = "intervene",
    [CASE_SETTLE] = "settle",
    [CASE_RULE_REFUND] = "rule_refund",
    [CASE_RULE_RETURN] = "rule_return",
    [CASE_RULE_REJECT] = "rule_reject",
    [CASE_REOPEN] = "reopen",
    [CASE_TIMEOUT] = "timeout",
};
static const char *const actors[CASE_ACTORS] = {"buyer", "bot", "crowd", "agent", "leader", "staff", "system"};
static const char *const goods_names[] = {"not_shipped", "not_received", "received"};
static const char *const pauses[] = {"none", "evidence", "intervention"};
static const char *const moneys[] = {"none", "reserve", "commit", "void"};
static const char *const answers[] = {
    [CASE_OK] = "ok",
    [CASE_NO_SUCH_STEP] = "no_such_step",
    [CASE_FORBIDDEN] = "forbidden",
    [CASE_IS_PAUSED] = "is_paused",
    [CASE_NEEDS_CONFIRM] = "needs_confirm",
    [CASE_OVER_LIMIT] = "over_limit",
    [CASE_BAD_AMOUNT] = "bad_amount",
    [CASE_TOO_MUCH] = "too_much",
    [CASE_TOO_EARLY] = "too_early",
    [CASE_TOO_LATE] = "too_late",
    [CASE_TOO_OFTEN] = "too_often",
    [CASE_NOT_FOR_STATUS] = "not_for_status",
    [CASE_EXCLUDED] = "excluded",
    [CASE_NO_EVIDENCE] = "no_evidence",
    [CASE_UNKNOWN_REASON] = "unknown_reason",
    [CASE_NOT_INSURED] = "not_insured",
    [CASE_ALREADY_OPEN] = "already_open",
    [CASE_NO_RULE] = "no_rule",
    [CASE_NOT_FOUND] = "not_found",
    [CASE_STALE] = "stale",
};

/** Position of @p name; false when it is none of them. */
static bool find_name(struct str name, const char *const *names, size_t n, size_t *ret)
{
    for (size_t i = 0; i < n; i++) {
        if (!str_eq_c(name, names[i]))
            continue;
        *ret = i;
        return true;
    }
    return false;
}

/* The pair of functions of an enum: its name, and the value of a name. */
#define NAMES(noun, type, names)                                                                                   \
    const char *noun##_name(enum type v)                                                                           \
    {                                                                                                              \
        return names[v];                                                                                           \
    }                                                                                                              \
    bool noun##_from_name(struct str name, enum type *ret)                                                         \
    {                                                                                                              \
        size_t i;                                                                                                  \
        if (!find_name(name, names, COUNT(names), &i))                                                             \
            return false;                                                                                          \
        *ret = (enum type)i;                                                                                       \
        return true;                                                                                               \
    }

NAMES(case_type, case_type, types)
NAMES(case_event, case_event, events)
NAMES(case_actor, case_actor, actors)
NAMES(case_goods, case_goods, goods_names)
NAMES(case_pause, case_pause, pauses)

const char *case_state_name(enum case_state s)
{
    return case_states[s].name;
}

bool case_state_from_name(struct str name, enum case_state *ret)
{
    for (size_t i = CASE_NONE + 1; i < CASE_STATES; i++) {
        if (!str_eq_c(name, case_states[i].name))
            continue;
        *ret = (enum case_state)i;
        return true;
    }
    return false;
}

const char *case_money_name(enum case_money m)
{
    return moneys[m];
}

const char *case_answer_name(enum case_answer a)
{
    return a == CASE_FAULT ? "fault" : answers[a];
}
