/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The shipped rules and a good case to begin with, for the tests of the case machines. */

#include <string.h>

#include "base/time.h"
#include "trade/calendar.h"
#include "trade/case.h"
#include "trade/rules.h"

/** An instant of RFC 3339. */
static inline int64_t instant(const char *text)
{
    int64_t at = 0;
    if (!time_parse(str_from(text), &at))
        fatal("no time: %s", text);
    return at;
}

static inline struct case_rules shipped_rules(void)
{
    struct case_rules r = {.zone = STR("Asia/Shanghai"), .calendar = calendar_of_zone(STR("Asia/Shanghai"))};
    r.rows = rules_shipped(&r.n);
    return r;
}

/** An order of 2026-11-18 that was paid 100 yuan for, delivered two days later, and a case of @p type that fits it. */
static inline struct case_ask good_ask(enum case_type type)
{
    struct case_ask ask = {
        .type = type,
        .actor = CASE_BUYER,
        .reason = type == CASE_COMPLAINT ? STR("agent_attitude") : STR("other"),
        .goods = GOODS_RECEIVED,
        .quantity = 1,
        .amount_cents = 4000,
        .limit_cents = 10000,
        .now_ms = instant("2026-11-21T10:00:00+08:00"),
        .status = ORDER_DELIVERED,
        .order_ms = instant("2026-11-18T10:00:00+08:00"),
        .paid_ms = instant("2026-11-18T10:05:00+08:00"),
        .delivered_ms = instant("2026-11-20T15:00:00+08:00"),
        .price_protect_days = -1,
        .warranty_days = -1,
        .freight_insured = true,
        .promise_missed = type == CASE_LATE_COMPENSATION,
    };
    if (type == CASE_FREIGHT_INSURANCE)
        ask.actor = CASE_SYSTEM;
    return ask;
}

static inline bool same_case(const struct trade_case *a, const struct trade_case *b)
{
    return a->type == b->type && a->state == b->state && a->goods == b->goods && a->pause == b->pause &&
           str_eq(a->reason, b->reason) && a->quantity == b->quantity && a->claimed_cents == b->claimed_cents &&
           a->reserved_cents == b->reserved_cents && a->refunded_cents == b->refunded_cents &&
           a->payments == b->payments && a->due_ms == b->due_ms && a->remaining_ms == b->remaining_ms &&
           a->evidence_asked == b->evidence_asked && a->reopened == b->reopened && a->order_ms == b->order_ms &&
           a->opened_ms == b->opened_ms && a->sent_ms == b->sent_ms && a->changed_ms == b->changed_ms &&
           a->closed_ms == b->closed_ms;
}
