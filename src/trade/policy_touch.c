/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a change of a policy would touch.
 *
 * A case asks the rules of the timers of its own states, those of its opening, and those that every case may come to
 * (evidence, intervention, payment, approval).
 */
#include "trade/policy_touch.h"

#include "trade/case_tables.h"
#include "trade/order_store.h"
#include "trade/product_store.h"

static const char *const names[] = {"touched", "placed_outside", "other_goods", "not_asked"};

const char *policy_touch_name(enum policy_touch t)
{
    return names[t];
}

struct search {
    struct str key;
    bool found;
};

static void look_at(void *arg, const struct case_row *row)
{
    struct search *s = arg;
    const char *from = case_states[row->from].rule;
    const char *to = row->to == CASE_START ? NULL : case_states[row->to].rule;
    s->found = s->found || (from != NULL && str_eq_c(s->key, from)) || (to != NULL && str_eq_c(s->key, to));
}

bool policy_asked_by(struct str key, enum case_type type)
{
    static const struct {
        const char *prefix;
        unsigned types; /* 0: all */
    } general[] = {
        {"case.", 0}, {"dp.", 0}, {"approve.", 0}, {"refund.payout", 0}, {"pay.", 0},
        {"return.freight", 1u << CASE_REFUND_ONLY | 1u << CASE_RETURN_REFUND | 1u << CASE_EXCHANGE | 1u << CASE_REPAIR |
                               1u << CASE_RESEND | 1u << CASE_FREIGHT_INSURANCE},
        {"refund.unshipped.auto", 1u << CASE_REFUND_ONLY}, {"refund.good_record", 1u << CASE_REFUND_ONLY},
        {"nr7.", 1u << CASE_RETURN_REFUND}, {"price_protect.", 1u << CASE_PRICE_PROTECT},
        {"insure.", 1u << CASE_FREIGHT_INSURANCE}, {"ship.late.", 1u << CASE_LATE_COMPENSATION},
        {"ship.promise", 1u << CASE_LATE_COMPENSATION | 1u << CASE_REFUND_ONLY}, {"cp.", 1u << CASE_COMPLAINT},
    };
    struct search s = {.key = key};
    for (size_t i = 0; i < COUNT(general); i++)
        if (str_starts(key, str_from(general[i].prefix)))
            return general[i].types == 0 || (general[i].types & (1u << (unsigned)type)) != 0;
    case_rows_each(type, look_at, &s);
    return s.found;
}

/** Whether a rule of @p scope holds for what was bought. */
static bool holds_for(struct str scope, const struct policy_place *place)
{
    struct policy_place at = policy_place_of(scope);
    if (at.product.n > 0)
        return str_eq(at.product, place->product);
    if (at.category.n == 0)
        return true;
    return str_starts(place->category, at.category) &&
           (place->category.n == at.category.n || place->category.p[at.category.n] == '/');
}

enum policy_touch policy_touch(const struct policy *next, const struct trade_case *c, const struct policy_place *place)
{
    if (!policy_asked_by(next->key, c->type))
        return POLICY_NOT_ASKED;
    if (!holds_for(next->scope, place))
        return POLICY_OTHER_GOODS;
    bool inside = c->order_ms >= next->from_ms && (next->to_ms == 0 || c->order_ms < next->to_ms);
    return inside ? POLICY_TOUCHES : POLICY_PLACED_OUTSIDE;
}

/** What was bought: only asked for when the scope is about it. */
static int read_place(struct tx *tx, struct arena *a, const struct case_row_stored *row, struct policy_place *ret)
{
    struct order order;
    struct str body;
    int rc = order_get_any(tx, a, row->tenant_id, row->order_id, &order);
    for (size_t i = 0; rc > 0 && i < order.item_count; i++)
        if (str_eq(order.items[i].sub_id, row->sub_id))
            ret->product = order.items[i].product;
    if (rc > 0 && ret->product.n > 0)
        rc = product_text(tx, a, row->tenant_id, ret->product, &body);
    if (rc <= 0 || ret->product.n == 0)
        return rc < 0 ? STORE_FAULT : STORE_OK;
    _cleanup_(json_donep) json_t *product = json_read(body, NULL);
    ret->category = str_dup(a, json_str(product, "category"));
    return STORE_OK;
}

int policy_touched_list(struct tx *tx, struct arena *a, int64_t tenant_id, const struct policy *next, int limit,
                        struct policy_touched **ret, size_t *ret_n)
{
    struct case_row_stored *rows;
    size_t n;
    struct policy_place scope = policy_place_of(next->scope);
    if (case_newest_open(tx, a, tenant_id, limit, &rows, &n) < 0)
        return STORE_FAULT;
    struct policy_touched *list = arena_array(a, struct policy_touched, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct policy_place place = {0};
        if ((scope.product.n > 0 || scope.category.n > 0) && read_place(tx, a, &rows[i], &place) < 0)
            return STORE_FAULT;
        list[i] = (struct policy_touched){rows[i], policy_touch(next, &rows[i].c, &place)};
    }
    *ret = list;
    *ret_n = n;
    return STORE_OK;
}
