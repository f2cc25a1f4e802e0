/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules in force. The shipped defaults are read once, on first use, and are immutable then; a fault of the store is
 * logged there, and a rule that cannot be read is a rule that is not there, so that nothing is promised by mistake.
 */
#include "trade/rules.h"

#include <pthread.h>

#include "account/shop.h"
#include "base/asset.h"
#include "base/time.h"
#include "trade/policy_store.h"

#define DEFAULTS "packs/policies.jsonl"

/** Written once under `once`. */
static struct {
    struct arena arena;
    ARRAY(struct policy) rows;
} defaults;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void take_line(struct str line)
{
    _cleanup_(json_donep) json_t *row = json_read(line, NULL);
    struct policy p = {.scope = STR("platform")};
    if (row == NULL || !time_parse(json_str(row, "from"), &p.from_ms))
        fatal("%s: a line is no policy: %.*s", DEFAULTS, STR_ARG(line));
    p.key = str_dup(&defaults.arena, json_str(row, "key"));
    p.value = str_dup(&defaults.arena, json_str(row, "value"));
    *array_push(&defaults.arena, &defaults.rows) = p;
}

static void load(void)
{
    struct str rest = asset_find(STR(DEFAULTS)), line;
    while (str_cut(&rest, '\n', &line))
        if (str_trim(line).n > 0)
            take_line(line);
}

static const struct policy *default_of(struct arena *a, struct str key, int64_t at_ms)
{
    pthread_once(&once, load);
    struct policy *rows = arena_array(a, struct policy, defaults.rows.n);
    size_t n = 0;
    for (size_t i = 0; i < defaults.rows.n; i++)
        if (str_eq(defaults.rows.v[i].key, key))
            rows[n++] = defaults.rows.v[i];
    return policy_in_force(rows, n, STR_NONE, at_ms);
}

int rules_get(struct tx *tx, struct arena *a, int64_t tenant_id, const char *key, struct str scope, int64_t at_ms,
              struct policy_value *ret)
{
    struct policy *rows;
    size_t n;
    int rc = policy_list(tx, a, tenant_id, str_from(key), &rows, &n);
    if (rc < 0)
        return rc;
    const struct policy *p = policy_in_force(rows, n, scope, at_ms);
    if (p == NULL)
        p = default_of(a, str_from(key), at_ms);
    return p != NULL && policy_read(p->value, ret) ? 1 : 0;
}

int64_t rules_number(struct tx *tx, struct arena *a, int64_t tenant_id, const char *key, enum policy_kind kind,
                     int64_t at_ms, int64_t otherwise)
{
    struct policy_value v;
    int rc = rules_get(tx, a, tenant_id, key, STR_NONE, at_ms, &v);
    return rc > 0 && v.kind == kind ? v.number : otherwise;
}

struct order_clocks rules_clocks(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t at_ms)
{
    struct order_clocks c = {
        .stale_ms = rules_number(tx, a, tenant_id, "logistics.stale", POLICY_DURATION, at_ms, 0),
        .no_trace_ms = rules_number(tx, a, tenant_id, "ship.no_trace", POLICY_DURATION, at_ms, 0),
    };
    struct shop shop;
    if (shop_get(tx, a, tenant_id, &shop) == ACCOUNT_OK &&
        time_duration(shop_setting(a, &shop, "ship_promise"), &c.ship_promise_ms))
        return c;
    c.ship_promise_ms = rules_number(tx, a, tenant_id, "ship.promise_default", POLICY_DURATION, at_ms, 0);
    return c;
}
