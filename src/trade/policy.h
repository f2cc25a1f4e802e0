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

#define POLICY_BIT(kind) (1u << (unsigned)(kind))
#define POLICY_TERM      (POLICY_BIT(POLICY_DURATION) | POLICY_BIT(POLICY_WORKDAYS)) /**< kinds that a timer can run by */
#define POLICY_ANY       (POLICY_TERM | POLICY_BIT(POLICY_RATE) | POLICY_BIT(POLICY_NUMBER) | POLICY_BIT(POLICY_SWITCH) | \
                          POLICY_BIT(POLICY_JSON))

#define POLICY_SHIPPED (-1) /**< as a tenant: the defaults that ship with the program */

/** One version of one rule. */
struct policy {
    int64_t tenant_id; /**< 0: the platform's; POLICY_SHIPPED */
    struct str key, scope;
    int64_t from_ms, to_ms; /**< in force in [from, to); to 0: open */
    struct str value;
    struct str source, mark, meaning; /**< where it comes from, how far that is to be trusted, what it says to people */
};

/** What a rule is asked for. Either may be empty. */
struct policy_place {
    struct str product;  /**< its id */
    struct str category; /**< a path, "服饰/户外": a rule for "category:服饰" holds in it too */
};

/** Reads a value; false for what is none of the kinds. */
must_use bool policy_read(struct str text, struct policy_value *ret);
/**
 * The version in force at @p at_ms among @p rows of one key. The closest scope holds: the product's, the shop's (its own
 * category's before its general one), the category's (the longest path), the platform's. Within a scope the shop's own
 * comes before the platform's and that before the shipped one, and the latest start last. NULL when none was in force.
 * @param place  NULL: general rules only
 */
const struct policy *policy_in_force(const struct policy *rows, size_t n, const struct policy_place *place,
                                     int64_t at_ms);
/**
 * The same among the rows whose value is of one of @p kinds (POLICY_BIT), so that a value that makes no sense for a rule
 * changes nothing. An instant before the first version is judged by the first shipped one: a rule that somebody adds with
 * a later start never changes what was before it.
 * @param ret  its value
 */
const struct policy *policy_of_kind(const struct policy *rows, size_t n, const struct policy_place *place, int64_t at_ms,
                                    unsigned kinds, struct policy_value *ret);
/** "product:P1" or "category:鞋靴" as a place; anything else is no place in particular. */
struct policy_place policy_place_of(struct str scope);

/** Days without work of a zone: midnights, and days that are worked although they fall on a weekend. */
struct calendar {
    const int64_t *holidays; /**< local date as yyyymmdd, rising */
    size_t holiday_count;
    const int64_t *workdays;
    size_t workday_count;
};
/** When a duration or a number of working days, begun at @p from_ms, ends. Working days end at the end of the day. */
int64_t policy_due_ms(const struct policy_value *v, int64_t from_ms, struct str zone, const struct calendar *c);
