/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts for care: the order as it is now, its cases, the rules of its day, the buyer's past and conversation.
 */
#include "bot/care_facts.h"

#include <stdio.h>

#include "account/contact.h"
#include "base/time.h"
#include "chat/conversation_store.h"
#include "bot/state.h"
#include "nlu/normalise.h"
#include "trade/action_store.h"
#include "trade/card.h"
#include "trade/order_store.h"

#define CHANGES_LOOKED_AT 50

/** Being read. */
struct reading {
    struct tx *tx;
    struct arena *a;
    struct care_shop *shop;
    const struct order_clock_row *row;
    struct order_terms terms;
    int64_t now_ms;
    struct care_case *k;
};

void care_shops_done(struct care_shops *s)
{
    for (size_t i = 0; i < s->n; i++)
        catalog_release(s->catalogs, s->of[i].catalog);
    s->n = 0;
}

/* The shop's rules and products; when there is no room, the first ones make it. */
static int find_shop(struct tx *tx, struct arena *a, struct care_shops *s, int64_t tenant_id, struct care_shop **ret)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->of[i].tenant_id == tenant_id) {
            *ret = &s->of[i];
            return STORE_OK;
        }
    }
    bool full = s->n == CARE_SHOPS;
    struct care_shop *shop = &s->of[full ? (uint64_t)tenant_id / 2 % CARE_SHOPS : s->n];
    struct care_shop found = {.tenant_id = tenant_id};
    if (order_rules_read(tx, a, tenant_id, &found.rules) < 0)
        return STORE_FAULT;
    found.catalog = catalog_hold(s->catalogs, tx, tenant_id);
    if (found.catalog == NULL)
        return STORE_FAULT;
    if (full)
        catalog_release(s->catalogs, shop->catalog); /* its words were made: they are copies */
    else
        s->n++;
    *shop = found;
    *ret = shop;
    return STORE_OK;
}

static bool is_on(const struct reading *r, const char *key)
{
    return order_rule_number(&r->shop->rules, key, POLICY_SWITCH) != 0;
}

static int64_t duration(const struct reading *r, const char *key)
{
    return order_rule_number(&r->shop->rules, key, POLICY_DURATION);
}

static void read_rules(struct reading *r)
{
    struct care_facts *f = &r->k->facts;
    struct policy_value quiet;
    f->on = is_on(r, f->care->rule);
    f->every_ms = duration(r, "care.payment.every");
    f->news_ms = duration(r, "care.news");
    f->busy_ms = duration(r, "care.busy");
    f->talk_ms = duration(r, "care.talk");
    f->day_most = order_rule_number(&r->shop->rules, "care.day", POLICY_NUMBER);
    f->zone = r->shop->rules.shop.time_zone;
    if (order_rule(&r->shop->rules, "care.quiet", POLICY_BIT(POLICY_JSON), &quiet))
        (void)care_quiet_read(quiet.text, &f->quiet_from, &f->quiet_to);
}

/** An article that is never reminded of: a word of the rule stands in its title or category. */
static bool is_excluded(const struct reading *r)
{
    struct policy_value v;
    const struct order *o = &r->k->order;
    if (!r->k->facts.care->own_rhythm || !order_rule(&r->shop->rules, "care.payment.not_for", POLICY_BIT(POLICY_JSON), &v))
        return false;
    _cleanup_(json_donep) json_t *words = json_read(v.text, NULL);
    for (size_t i = 0; i < o->item_count; i++) {
        const struct product *p = catalog_product(r->shop->catalog, o->items[i].product);
        struct str title = normalise(r->a, card_item_title(&o->items[i], r->shop->catalog));
        struct str category = p != NULL ? normalise(r->a, p->category) : STR_NONE;
        for (size_t k = 0; k < json_array_size(words); k++) {
            struct str word = normalise(r->a, json_text(json_array_get(words, k)));
            if (word.n > 0 && (str_has(title, word) || str_has(category, word)))
                return true;
        }
    }
    return false;
}

/* ---- cases ---------------------------------------------------------------------------------------------------------------- */

static bool waits_for_goods(const struct trade_case *c)
{
    return c->state == CASE_WAIT_RETURN || c->state == CASE_EX_WAIT_BUYER || c->state == CASE_RP_WAIT_BUYER;
}

/** The case that an alarm of goods to send back is about. */
static void take_return(struct reading *r, const struct case_row_stored *row)
{
    struct care_case *k = r->k;
    char id[24];
    snprintf(id, sizeof(id), "%lld", (long long)row->id);
    if (k->facts.care->clock != ORDER_CLOCK_CARE_RETURN || !str_eq_c(r->row->alarm.event, id))
        return;
    k->returned = row->c;
    k->words.returned = &k->returned;
    k->words.until_ms = k->facts.over_ms = row->c.due_ms;
    k->facts.holds = waits_for_goods(&row->c) && row->c.pause == CASE_RUNNING;
    k->facts.due_ms = row->c.due_ms - duration(r, "care.return.before");
}

static int read_cases(struct reading *r)
{
    struct care_case *k = r->k;
    struct case_row_stored *cases;
    size_t n;
    if (case_list_of_order(r->tx, r->a, r->row->tenant_id, k->order.id, &cases, &n) < 0)
        return STORE_FAULT;
    for (size_t i = 0; i < n; i++) {
        const struct trade_case *c = &cases[i].c;
        if (case_state_final(c->state))
            continue;
        k->facts.in_case |= case_is_aftersale(c->type);
        k->facts.in_dispute |= c->pause == CASE_AWAITS_RULING;
        take_return(r, &cases[i]);
    }
    return STORE_OK;
}

/* ---- the order ------------------------------------------------------------------------------------------------------------- */

/** Who has had the address or the phone changed has looked at them. */
static int read_changes(struct reading *r)
{
    struct action_logged *done;
    size_t n;
    if (r->k->facts.care->clock != ORDER_CLOCK_CARE_ADDRESS)
        return STORE_OK;
    if (action_list_of_order(r->tx, r->a, r->row->tenant_id, r->k->order.id, CHANGES_LOOKED_AT, &done, &n) < 0)
        return STORE_FAULT;
    for (size_t i = 0; i < n; i++)
        if ((done[i].action == ACTION_ORDER_CHANGE_ADDRESS || done[i].action == ACTION_ORDER_CHANGE_PHONE) &&
            done[i].status == ACTION_IS_DONE)
            r->k->facts.holds = false;
    return STORE_OK;
}

/** Whether the alarm still holds, until when it is of use, and what there is to say of a late shipment. */
static int read_alarm(struct reading *r)
{
    struct care_case *k = r->k;
    enum order_clock clock = k->facts.care->clock;
    const struct order_alarm closes = {.clock = ORDER_CLOCK_UNPAID_CLOSE};
    int64_t promise = k->order.paid_ms + r->terms.clocks.ship_promise_ms;
    k->facts.due_ms = order_alarm_due(r->a, &k->order, &r->terms, &r->row->alarm);
    k->facts.holds = k->facts.due_ms != 0 && k->facts.due_ms <= r->now_ms;
    if (clock == ORDER_CLOCK_CARE_PAYMENT) {
        k->words.until_ms = k->facts.over_ms = order_alarm_due(r->a, &k->order, &r->terms, &closes);
        k->words.closes_by = STR("order.unpaid_close");
    }
    if (clock == ORDER_CLOCK_CARE_LATE_SOON || clock == ORDER_CLOCK_CARE_LATE) {
        k->words.until_ms = promise;
        k->words.closes_by = STR("ship.promise_default");
    }
    if (clock != ORDER_CLOCK_CARE_LATE_SOON && clock != ORDER_CLOCK_CARE_LATE)
        return STORE_OK;
    bool soon = clock == ORDER_CLOCK_CARE_LATE_SOON, by_itself = is_on(r, "ship.late.auto") && is_on(r, "order.clocks");
    if (soon)
        k->facts.over_ms = promise;
    if (soon != by_itself) /* granted by itself: the case says so when it is there (trade/notice_service.h) */
        return STORE_OK;
    return order_late_amount(r->tx, r->a, r->row->tenant_id, &k->order, &k->words.compensation_cents);
}

/** Language and handler of the conversation that it would be said in. */
static int read_conversation(struct reading *r)
{
    struct care_case *k = r->k;
    struct contact contact;
    struct conversation c;
    k->words.language = r->shop->rules.shop.language;
    enum account_answer known = contact_by_buyer(r->tx, r->a, r->row->tenant_id, k->order.buyer, &contact);
    if (known != ACCOUNT_OK)
        return known == ACCOUNT_FAULT ? STORE_FAULT : STORE_OK;
    k->words.language = contact.language;
    enum chat_answer answer = conversation_last_of(r->tx, r->a, r->row->tenant_id, contact.id, &c);
    if (answer != CHAT_OK)
        return answer == CHAT_FAULT ? STORE_FAULT : STORE_OK;
    k->words.language = c.language;
    k->has_open = c.handler != HANDLER_CLOSED;
    k->facts.with_person = c.handler == HANDLER_QUEUE || c.handler == HANDLER_AGENT;
    struct bot_state state;
    state_read(r->a, c.bot_state, &state);
    if (c.handler == HANDLER_BOT && state.turns > 0)
        k->facts.talked_ms = c.last_ms;
    return STORE_OK;
}

int care_facts_past(struct tx *tx, int64_t tenant_id, struct str buyer, struct str event, int64_t now_ms,
                    struct care_facts *f)
{
    struct care_past past;
    int rc = care_past_of(tx, tenant_id, buyer, str_from(f->care->name), event, time_day_start(now_ms, f->zone), &past);
    if (rc < 0)
        return rc;
    f->known = past.known;
    f->stopped = past.stopped;
    f->last_ms = past.last_ms;
    f->sent_today = past.sent;
    return STORE_OK;
}

int care_case_read(struct tx *tx, struct arena *a, struct care_shops *shops, const struct order_clock_row *row,
                   struct str event, int64_t now_ms, struct care_case *ret)
{
    struct reading r = {.tx = tx, .a = a, .row = row, .now_ms = now_ms, .k = ret};
    *ret = (struct care_case){.facts = {.care = care_of(row->alarm.clock), .on = true}};
    int rc = find_shop(tx, a, shops, row->tenant_id, &r.shop);
    if (rc == STORE_OK)
        rc = order_get_any(tx, a, row->tenant_id, row->order_id, &ret->order);
    if (rc <= 0)
        return rc; /* the order is gone: nothing holds */
    if (order_rules_for(tx, a, &r.shop->rules, &ret->order) < 0)
        return STORE_FAULT;
    order_terms_read(tx, a, &r.shop->rules, &r.terms);
    ret->words = (struct care_words){.care = ret->facts.care, .shop = &r.shop->rules.shop, .catalog = r.shop->catalog,
                                     .order = &ret->order};
    read_rules(&r);
    if (read_alarm(&r) < 0 || read_changes(&r) < 0 || read_cases(&r) < 0 || read_conversation(&r) < 0 ||
        care_facts_past(tx, row->tenant_id, ret->order.buyer, event, now_ms, &ret->facts) < 0)
        return STORE_FAULT;
    ret->facts.excluded = is_excluded(&r);
    return STORE_OK;
}
