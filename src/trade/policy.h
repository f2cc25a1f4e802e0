/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Policies: deadlines, limits and amounts of the trade as dated data. A matter is judged by the version that was in
 * force when the order was placed. Pure; trade/policy_store.h finds the rows.
 */

#include "base/str.h"

/** What a value means. */
enum policy_kind {
    POLICY_DURATION, /**< "24h" "7d": number is ms of natural time */
    POLICY_WORKDAYS, /**< "4wd": number is working days */
    POLICY_RATE,     /**< "5%": number is hundredths of a percent (500) */
    POLICY_NUMBER,   /**< "5000": number as written, amounts in minor units */
    POLICY_SWITCH,   /**< "on" "off": number is 1 or 0 */
    POLICY_JSON,     /**< anything that begins with { or [ */
};

struct policy_value {
    enum policy_kind kind;
    int64_t number;
    struct str text; /**< as written; says what to show as source */
};

/** One version of one rule. */
struct policy {
    int64_t tenant_id; /**< 0: the platform's */
    struct str key, scope;
    int64_t from_ms, to_ms; /**< in force in [from, to); to 0: open */
    struct str value;
};

/** Reads a value; false for what is none of the kinds. */
must_use bool policy_read(struct str text, struct policy_value *ret);
/**
 * The version in force at @p at_ms among @p rows of one key: the shop's own before the platform's, an exact @p scope
 * before a general one, the latest start last. NULL when none was in force.
 * @param scope  "category:鞋靴", "product:P1"; empty: general rules only
 */
const struct policy *policy_in_force(const struct policy *rows, size_t n, struct str scope, int64_t at_ms);

/** Days without work of a zone: midnights, and days that are worked although they fall on a weekend. */
struct calendar {
    const int64_t *holidays; /**< local date as yyyymmdd, rising */
    size_t holiday_count;
    const int64_t *workdays;
    size_t workday_count;
};
/** When a duration or a number of working days, begun at @p from_ms, ends. Working days end at the end of the day. */
int64_t policy_due_ms(const struct policy_value *v, int64_t from_ms, struct str zone, const struct calendar *c);
