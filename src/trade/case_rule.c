/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules that cases ask. Every version that was asked is noted with the outcome, so that the case can be explained
 * and replayed when the rules are others.
 */
#include "trade/case_private.h"

#include <string.h>

#include "base/json.h"

static int compare_key(const struct policy *p, struct str key)
{
    return str_cmp(p->key, key);
}

/** First row of @p key; n when there is none. The rows are sorted by key. */
static size_t first_of(const struct case_rules *rules, struct str key)
{
    size_t low = 0, high = rules->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare_key(&rules->rows[mid], key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void note(struct case_outcome *out, const char *key, const struct policy *p, struct str value)
{
    for (size_t i = 0; i < out->used_count; i++)
        if (strcmp(out->used[i].key, key) == 0)
            return;
    assert(out->used_count < CASE_USED_MOST);
    out->used[out->used_count++] = (struct case_used){key, value, p->scope, p->from_ms};
}

bool case_rule(const struct case_rules *rules, const char *key, unsigned kinds, int64_t order_ms,
               struct policy_value *ret, struct case_outcome *out)
{
    struct str text = str_from(key);
    size_t first = first_of(rules, text), n = 0;
    while (first + n < rules->n && str_eq(rules->rows[first + n].key, text))
        n++;
    if (n == 0)
        return false;
    const struct policy *p = policy_of_kind(&rules->rows[first], n, &rules->place, order_ms, kinds, ret);
    if (p == NULL)
        return false;
    note(out, key, p, ret->text);
    return true;
}

bool case_rule_number(const struct case_rules *rules, const char *key, enum policy_kind kind, int64_t order_ms,
                      int64_t *ret, struct case_outcome *out)
{
    struct policy_value v;
    if (!case_rule(rules, key, POLICY_BIT(kind), order_ms, &v, out))
        return false;
    *ret = v.number;
    return true;
}

bool case_rule_lists(const struct case_rules *rules, const char *key, struct str word, int64_t order_ms,
                     struct case_outcome *out)
{
    struct policy_value v;
    if (!case_rule(rules, key, POLICY_BIT(POLICY_JSON), order_ms, &v, out))
        return false;
    _cleanup_(json_donep) json_t *list = json_read(v.text, NULL);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (str_eq(json_text(json_array_get(list, i)), word))
            return true;
    return false;
}

bool case_rule_due(const struct case_rules *rules, const char *key, int64_t order_ms, int64_t from_ms, int64_t *ret,
                   struct case_outcome *out)
{
    struct policy_value v;
    if (!case_rule(rules, key, POLICY_TERM, order_ms, &v, out))
        return false;
    *ret = policy_due_ms(&v, from_ms, rules->zone, rules->calendar);
    return true;
}

struct str case_freight_payer(struct arena *a, struct str reason, const struct case_rules *rules, int64_t order_ms)
{
    struct case_outcome asked = {0};
    struct policy_value v;
    if (reason.n == 0 || !case_rule(rules, "return.freight", POLICY_BIT(POLICY_JSON), order_ms, &v, &asked))
        return STR_NONE;
    _cleanup_(json_donep) json_t *payers = json_read(v.text, NULL);
    return str_dup(a, json_str(payers, str_c(a, reason)));
}
