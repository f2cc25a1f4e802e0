/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Setting the clocks of orders. Firing them: order_clock_tick.c.
 */
#include "trade/order_clock_service.h"

#include "trade/calendar.h"
#include "trade/case_facts.h"
#include "trade/case_private.h"
#include "trade/rules.h"

int order_rules_read(struct tx *tx, struct arena *a, int64_t tenant_id, struct order_rules *ret)
{
    struct policy *rows;
    *ret = (struct order_rules){.shop = {.tenant_id = tenant_id}};
    enum account_answer answer = shop_get(tx, a, tenant_id, &ret->shop);
    if (answer == ACCOUNT_FAULT || rules_all(tx, a, tenant_id, &rows, &ret->rules.n) < 0)
        return STORE_FAULT;
    ret->rules.rows = rows;
    ret->rules.zone = ret->shop.time_zone;
    ret->rules.calendar = calendar_of_zone(ret->shop.time_zone);
    return STORE_OK;
}

/* A rule for the category of the first article holds for the order. */
int order_rules_for(struct tx *tx, struct arena *a, struct order_rules *r, const struct order *o)
{
    r->at_ms = o->created_ms;
    r->rules.place = (struct policy_place){.product = o->item_count > 0 ? o->items[0].product : STR_NONE};
    if (o->item_count == 0)
        return STORE_OK;
    return order_clock_category(tx, a, r->shop.tenant_id, o->items[0].product, &r->rules.place.category);
}

bool order_rule(const struct order_rules *r, const char *key, unsigned kinds, struct policy_value *ret)
{
    struct case_outcome used = {0};
    return case_rule(&r->rules, key, kinds, r->at_ms, ret, &used);
}

int64_t order_rule_number(const struct order_rules *r, const char *key, enum policy_kind kind)
{
    struct policy_value v;
    return order_rule(r, key, POLICY_BIT(kind), &v) ? v.number : 0;
}

void order_terms_read(struct tx *tx, struct arena *a, const struct order_rules *r, struct order_terms *ret)
{
    *ret = (struct order_terms){.zone = r->rules.zone, .calendar = r->rules.calendar};
    for (size_t i = 0; i < ORDER_CLOCKS; i++) {
        const char *key = order_clock_rule((enum order_clock)i);
        if (key != NULL)
            ret->of[i].runs = order_rule(r, key, POLICY_TERM, &ret->of[i].v);
    }
    ret->clocks = rules_clocks(tx, a, r->shop.tenant_id, r->at_ms);
}

int order_late_amount(struct tx *tx, struct arena *a, int64_t tenant_id, const struct order *o, int64_t *ret_cents)
{
    *ret_cents = 0;
    for (size_t i = 0; i < o->item_count; i++) {
        struct case_facts f;
        const struct case_counts alone = {.claimed_cents = 0};
        const struct case_who system = {.actor = CASE_SYSTEM};
        enum case_answer answer = case_facts_read(tx, a, tenant_id, &system, o->id, o->items[i].sub_id, &f);
        if (answer != CASE_OK)
            return answer == CASE_FAULT ? STORE_FAULT : STORE_OK;
        *ret_cents += case_facts_amount(a, &f, &alone, CASE_LATE_COMPENSATION, STR_NONE, case_facts_goods(&f),
                                        o->items[i].quantity);
    }
    return STORE_OK;
}

int64_t order_alarm_due(struct arena *a, const struct order *o, const struct order_terms *t, const struct order_alarm *alarm)
{
    struct order_alarms now = order_alarms(a, o, t);
    for (size_t i = 0; i < now.n; i++)
        if (now.v[i].clock == alarm->clock && str_eq(now.v[i].event, alarm->event))
            return now.v[i].due_ms;
    return 0;
}

/** What decides whether an alarm that is over already is set all the same. */
struct setting {
    const struct order_clock_row *before; /* set, and not fired yet */
    size_t before_n;
    int64_t late_ms; /* how old news may be */
    int64_t now_ms;
};

static bool is_set(const struct setting *s, const struct order_alarm *alarm)
{
    for (size_t i = 0; i < s->before_n; i++) {
        const struct order_alarm *b = &s->before[i].alarm;
        if (b->clock == alarm->clock && b->due_ms == alarm->due_ms && str_eq(b->event, alarm->event))
            return true;
    }
    return false;
}

static bool shall_run(const struct setting *s, const struct order_alarm *alarm)
{
    if (alarm->due_ms > s->now_ms || is_set(s, alarm))
        return true;
    return order_clock_kind(alarm->clock) == ORDER_CLOCK_CARE && s->now_ms - alarm->due_ms <= s->late_ms;
}

static int put_all(struct tx *tx, int64_t tenant_id, const struct order *o, const struct order_alarms *all,
                   const struct setting *s)
{
    for (size_t i = 0; i < all->n; i++) {
        struct order_clock_row row = {tenant_id, o->id, all->v[i]};
        if (shall_run(s, &row.alarm) && order_clock_put(tx, &row) < 0)
            return STORE_FAULT;
    }
    return STORE_OK;
}

int order_clocks_set(struct tx *tx, struct arena *a, int64_t tenant_id, const struct order *o, bool known, int64_t now_ms)
{
    struct setting s = {.now_ms = now_ms};
    struct order_clock_row *before = NULL;
    if (known && (order_clock_list(tx, a, tenant_id, o->id, &before, &s.before_n) < 0 ||
                  (s.before_n > 0 && order_clock_clear(tx, tenant_id, o->id) < 0)))
        return STORE_FAULT;
    s.before = before;
    if (o->status == ORDER_FINISHED || o->status == ORDER_CLOSED)
        return STORE_OK; /* over: no rule has to be looked up */
    struct order_rules rules;
    struct order_terms terms;
    if (order_rules_read(tx, a, tenant_id, &rules) < 0 || order_rules_for(tx, a, &rules, o) < 0)
        return STORE_FAULT;
    order_terms_read(tx, a, &rules, &terms);
    s.late_ms = order_rule_number(&rules, known ? "care.news" : "care.news_first", POLICY_DURATION);
    struct order_alarms all = order_alarms(a, o, &terms);
    return put_all(tx, tenant_id, o, &all, &s);
}

static bool waits_for_goods(const struct trade_case *c)
{
    return c->pause == CASE_RUNNING &&
           (c->state == CASE_WAIT_RETURN || c->state == CASE_EX_WAIT_BUYER || c->state == CASE_RP_WAIT_BUYER);
}

int order_clocks_set_case(struct tx *tx, struct arena *a, const struct case_row_stored *row)
{
    struct policy_value before;
    struct order_clock_row alarm = {row->tenant_id, row->order_id, {.clock = ORDER_CLOCK_CARE_RETURN}};
    alarm.alarm.event = str_fmt(a, "%lld", (long long)row->id);
    if (!waits_for_goods(&row->c))
        return order_clock_drop(tx, row->tenant_id, row->order_id, ORDER_CLOCK_CARE_RETURN, alarm.alarm.event);
    int rc = rules_get(tx, a, row->tenant_id, "care.return.before", STR_NONE, row->c.order_ms, &before);
    if (rc <= 0 || before.kind != POLICY_DURATION)
        return rc < 0 ? rc : STORE_OK;
    alarm.alarm.due_ms = row->c.due_ms - before.number;
    return order_clock_put(tx, &alarm);
}
