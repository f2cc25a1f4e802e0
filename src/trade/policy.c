/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies: reading a value, choosing the version in force, and when a term ends. Pure.
 *
 * Invariants   The version in force depends only on the rows and the instant asked for, never on today.
 */
#include "trade/policy.h"

#include <string.h>

#include "base/time.h"

/** Digits with at most two behind a point, as hundredths: "2.5" gives 250. */
static bool read_hundredths(struct str text, int64_t *ret)
{
    struct str rest = text, whole = STR_NONE, part = STR_NONE;
    int64_t units = 0, hundredths = 0;
    str_cut(&rest, '.', &whole);
    if (!str_int(whole, &units) || units < 0 || units > 1000000)
        return false;
    if (rest.p != NULL) {
        part = rest;
        if (part.n < 1 || part.n > 2 || !str_int(part, &hundredths) || hundredths < 0)
            return false;
        if (part.n == 1)
            hundredths *= 10;
    }
    *ret = units * 100 + hundredths;
    return true;
}

static bool read_number(struct str text, int64_t *ret)
{
    return str_int(text, ret);
}

static bool read_workdays(struct str text, int64_t *ret)
{
    int64_t days;
    if (!str_ends(text, STR("wd")) || !str_int(str_sub(text, 0, text.n - 2), &days) || days < 0 || days > 3660)
        return false;
    *ret = days;
    return true;
}

static bool read_rate(struct str text, int64_t *ret)
{
    return str_ends(text, STR("%")) && read_hundredths(str_sub(text, 0, text.n - 1), ret);
}

static bool read_switch(struct str text, int64_t *ret)
{
    bool on = str_eq_c(text, "on");
    if (!on && !str_eq_c(text, "off"))
        return false;
    *ret = on;
    return true;
}

static bool read_json(struct str text, int64_t *ret)
{
    *ret = 0;
    return str_starts(text, STR("{")) || str_starts(text, STR("["));
}

bool policy_read(struct str text, struct policy_value *ret)
{
    static const struct {
        enum policy_kind kind;
        bool (*read)(struct str text, int64_t *ret);
    } readers[] = {
        {POLICY_SWITCH, read_switch},     {POLICY_NUMBER, read_number}, {POLICY_WORKDAYS, read_workdays},
        {POLICY_DURATION, time_duration}, {POLICY_RATE, read_rate},     {POLICY_JSON, read_json},
    };
    text = str_trim(text);
    for (size_t i = 0; i < COUNT(readers); i++) {
        int64_t number;
        if (!readers[i].read(text, &number))
            continue;
        *ret = (struct policy_value){readers[i].kind, number, text};
        return true;
    }
    return false;
}

struct policy_place policy_place_of(struct str scope)
{
    struct policy_place place = {0};
    if (str_starts(scope, STR("product:")))
        place.product = str_sub(scope, strlen("product:"), scope.n);
    else if (str_starts(scope, STR("category:")))
        place.category = str_sub(scope, strlen("category:"), scope.n);
    return place;
}

/** Bytes of @p path that @p category covers: the whole or its beginning up to a slash; 0 when it lies elsewhere. */
static int covers(struct str category, struct str path)
{
    bool inside = str_starts(path, category) && (path.n == category.n || path.p[category.n] == '/');
    return inside ? (int)category.n : 0;
}

/** How close a row is to what is asked; -1 when it does not apply. */
static int rank_of(const struct policy *p, const struct policy_place *place)
{
    enum { PLATFORM = 0, CATEGORY = 10000, SHOP = 20000, SHOP_CATEGORY = 30000, PRODUCT = 40000 };
    bool own = p->tenant_id > 0;
    int owner = own ? 2 : p->tenant_id == 0;
    struct policy_place at = policy_place_of(p->scope);
    if (at.product.n > 0)
        return place != NULL && str_eq(at.product, place->product) ? PRODUCT + owner : -1;
    if (at.category.n > 0) {
        int deep = place != NULL ? covers(at.category, place->category) : 0;
        return deep > 0 ? (own ? SHOP_CATEGORY : CATEGORY) + deep * 3 + owner : -1;
    }
    bool general = p->scope.n == 0 || str_eq_c(p->scope, "platform") || str_eq_c(p->scope, "shop");
    return general ? (own ? SHOP : PLATFORM) + owner : -1;
}

static bool runs(const struct policy *p, int64_t at_ms)
{
    return at_ms >= p->from_ms && (p->to_ms == 0 || at_ms < p->to_ms);
}

const struct policy *policy_in_force(const struct policy *rows, size_t n, const struct policy_place *place, int64_t at_ms)
{
    const struct policy *best = NULL;
    int best_rank = -1;
    for (size_t i = 0; i < n; i++) {
        const struct policy *p = &rows[i];
        int rank = rank_of(p, place);
        if (rank < 0 || !runs(p, at_ms))
            continue;
        if (best == NULL || rank > best_rank || (rank == best_rank && p->from_ms >= best->from_ms)) {
            best = p;
            best_rank = rank;
        }
    }
    return best;
}

static bool is_of(const struct policy *p, unsigned kinds, struct policy_value *ret)
{
    struct policy_value v;
    if (!policy_read(p->value, &v) || (POLICY_BIT(v.kind) & kinds) == 0)
        return false;
    *ret = v;
    return true;
}

/** A row that applies is closer: in force before not, then the closer scope, then the later start (the earlier one of
 *  those that had not begun). */
static bool is_closer(const struct policy *p, int rank, const struct policy *best, int best_rank, int64_t at_ms)
{
    bool now = runs(p, at_ms), before = runs(best, at_ms);
    if (now != before)
        return now;
    if (!now && p->from_ms != best->from_ms)
        return p->from_ms < best->from_ms;
    return rank != best_rank ? rank > best_rank : p->from_ms >= best->from_ms;
}

const struct policy *policy_of_kind(const struct policy *rows, size_t n, const struct policy_place *place, int64_t at_ms,
                                    unsigned kinds, struct policy_value *ret)
{
    const struct policy *best = NULL;
    int best_rank = -1;
    for (size_t i = 0; i < n; i++) {
        const struct policy *p = &rows[i];
        struct policy_value v;
        int rank = rank_of(p, place);
        bool first = p->tenant_id == POLICY_SHIPPED && at_ms < p->from_ms;
        bool can = rank >= 0 && (runs(p, at_ms) || first);
        if (!can || !is_of(p, kinds, &v) || (best != NULL && !is_closer(p, rank, best, best_rank, at_ms)))
            continue;
        best = p;
        best_rank = rank;
        *ret = v;
    }
    return best;
}

static bool holds_date(const int64_t *dates, size_t n, int64_t date)
{
    size_t low = 0;
    while (low < n) {
        size_t mid = low + (n - low) / 2;
        if (dates[mid] == date)
            return true;
        if (dates[mid] < date)
            low = mid + 1;
        else
            n = mid;
    }
    return false;
}

static bool is_workday(const struct local_time *t, const struct calendar *c)
{
    int64_t date = (int64_t)t->year * 10000 + t->month * 100 + t->day;
    if (c != NULL && holds_date(c->workdays, c->workday_count, date))
        return true;
    if (c != NULL && holds_date(c->holidays, c->holiday_count, date))
        return false;
    return t->weekday <= 5;
}

int64_t policy_due_ms(const struct policy_value *v, int64_t from_ms, struct str zone, const struct calendar *c)
{
    if (v->kind != POLICY_WORKDAYS)
        return from_ms + v->number;
    int64_t day = time_day_start(from_ms, zone);
    int64_t left = v->number;
    /* the day it began on does not count; noon is on the right day whatever the clocks are set to that night */
    while (left > 0) {
        day = time_day_start(day + 36 * HOUR_MS, zone);
        struct local_time t = time_local(day + 12 * HOUR_MS, zone);
        left -= is_workday(&t, c);
    }
    return time_day_start(day + 36 * HOUR_MS, zone);
}
