/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an action is judged by: who asks and in which role, which order or case it is on, what the policies of today say.
 * Reads, decides nothing.
 */
#include "trade/action_private.h"

#include "account/contact.h"
#include "account/person.h"
#include "base/time.h"
#include "chat/conversation_store.h"

/* ---- what the hands share ------------------------------------------------------------------------------------------------ */

int64_t deed_rule_today(struct deed *d, const char *key, enum policy_kind kind, int64_t otherwise)
{
    int64_t n;
    return case_rule_number(&d->f.rules, key, kind, d->r->now_ms, &n, &d->used) ? n : otherwise;
}

int64_t deed_rule(struct deed *d, const char *key, enum policy_kind kind, int64_t otherwise)
{
    int64_t n;
    return case_rule_number(&d->f.rules, key, kind, d->f.order.created_ms, &n, &d->used) ? n : otherwise;
}

void deed_needs(struct deed *d, const char *slot)
{
    d->ask.missing = slot;
}

bool deed_takes(struct deed *d, enum case_answer answer)
{
    if (answer == CASE_FAULT)
        return false;
    d->ask.case_answer = answer;
    if (answer != CASE_OK)
        d->ask.rule = answer == CASE_NOT_FOUND ? ACTION_WHY_NOT_FOUND : ACTION_WHY_CASE;
    return true;
}

bool deed_is_full(struct deed *d, int64_t cents, bool *ret)
{
    int64_t order, buyer, shop, day = time_day_start(d->r->now_ms, d->f.shop.time_zone);
    if (action_paid_of_order(d->tx, d->r->tenant_id, d->f.order.id, &order) < 0 ||
        action_paid(d->tx, d->r->tenant_id, d->f.order.buyer, day, &buyer, &shop) < 0)
        return false;
    *ret = order + cents > deed_rule(d, "approve.bot", POLICY_NUMBER, 0) ||
           buyer + cents > deed_rule_today(d, "approve.bot_day", POLICY_NUMBER, 0) ||
           shop + cents > deed_rule_today(d, "approve.shop_day", POLICY_NUMBER, 0);
    return true;
}

bool deed_good_record(struct deed *d, bool *ret)
{
    int64_t finished, refused;
    struct policy_value v;
    *ret = false;
    if (d->f.order.status != ORDER_PAID || !case_facts_late(&d->f, d->r->now_ms))
        return true; /* nothing would be paid at once, whatever the record */
    if (!case_rule(&d->f.rules, "refund.good_record", POLICY_BIT(POLICY_JSON), d->r->now_ms, &v, &d->used))
        return true;
    if (action_buyer_record(d->tx, d->r->tenant_id, d->f.order.buyer, &finished, &refused) < 0)
        return false;
    const struct json_node *rule = rules_kept_json(d->f.kept, v.text);
    *ret = finished >= json_doc_int(rule, "finished_orders", INT64_MAX) && refused <= json_doc_int(rule, "refused_cases", -1);
    return true;
}

/* ---- who asks, and of what -------------------------------------------------------------------------------------------------- */

bool action_is_buyers(const struct case_who *who)
{
    return who->actor == CASE_BUYER || who->actor == CASE_BOT;
}

/** An agent who only has skills before the sale is a pre-sale agent; any other is an after-sale one. */
static bool read_agent_role(struct deed *d, enum action_role *ret)
{
    struct person_skill *skills;
    size_t n;
    bool presale = false, aftersale = false;
    if (person_skills(d->tx, d->a, d->r->tenant_id, d->who.person_id, &skills, &n) != ACCOUNT_OK)
        return false;
    for (size_t i = 0; i < n; i++) {
        presale = presale || str_eq_c(skills[i].skill, "presale");
        aftersale = aftersale || !str_eq_c(skills[i].skill, "presale");
    }
    *ret = presale && !aftersale ? ROLE_OF_PRESALE : ROLE_OF_AFTERSALE;
    return true;
}

static bool read_role(struct deed *d, enum action_role *ret)
{
    static const enum action_role roles[CASE_ACTORS] = {
        [CASE_BUYER] = ROLE_OF_BOT,       [CASE_BOT] = ROLE_OF_BOT,     [CASE_CROWD] = ROLE_OF_CROWD,
        [CASE_AGENT] = ROLE_OF_AFTERSALE, [CASE_LEADER] = ROLE_OF_LEADER, [CASE_STAFF] = ROLE_OF_STAFF,
        [CASE_SYSTEM] = ROLE_OF_SYSTEM,
    };
    *ret = roles[d->who.actor];
    return d->who.actor != CASE_AGENT || read_agent_role(d, ret);
}

/** Whether the conversation of the request is the actor's now, and with the buyer of the order. */
static bool read_serves(struct deed *d)
{
    struct conversation c;
    struct contact contact;
    if (d->r->conversation_id == 0)
        return true;
    enum chat_answer found = conversation_get(d->tx, d->a, d->r->tenant_id, d->r->conversation_id, &c);
    if (found != CHAT_OK)
        return found == CHAT_NOT_FOUND;
    enum account_answer answer = contact_get(d->tx, d->a, d->r->tenant_id, c.contact_id, &contact);
    d->ask.serves = answer == ACCOUNT_OK && c.handler == HANDLER_AGENT && c.agent_id == d->who.person_id &&
                    contact.buyer.n > 0 && str_eq(contact.buyer, d->f.order.buyer);
    return answer != ACCOUNT_FAULT;
}

/** The case that is meant: the one named, or the order's only open one (of a reopening: its last closed one). */
static bool find_case(struct deed *d)
{
    struct case_row_stored *rows;
    size_t n, fits = 0;
    if (d->r->case_id != 0) {
        int rc = case_get(d->tx, d->a, d->r->tenant_id, d->r->case_id, &d->before);
        bool theirs = rc > 0 && (!action_is_buyers(&d->who) || str_eq(d->who.buyer, d->before.buyer));
        if (!theirs)
            d->before = (struct case_row_stored){0};
        return rc >= 0;
    }
    if (d->r->order_id.n == 0)
        return true;
    if (case_list_of_order(d->tx, d->a, d->r->tenant_id, d->r->order_id, &rows, &n) < 0)
        return false;
    bool closed = d->r->action == ACTION_CASE_REOPEN;
    for (size_t i = 0; i < n; i++) {
        bool open = rows[i].c.due_ms != 0, sub = d->r->sub_id.n == 0 || str_eq(d->r->sub_id, rows[i].sub_id);
        bool theirs = !action_is_buyers(&d->who) || str_eq(d->who.buyer, rows[i].buyer);
        if (!theirs || !sub || open == closed)
            continue;
        fits++;
        d->before = rows[i];
    }
    if (fits > 1 && !closed)
        deed_needs(d, "case");
    return true;
}

/** Reads what the request is on. d->ask.found stays false when there is none of it. */
bool deed_read_matter(struct deed *d)
{
    const struct action_row *row = action_row(d->r->action);
    struct str order_id = d->r->order_id;
    if (row->of_case) {
        if (!find_case(d))
            return false;
        if (d->before.id == 0)
            return true;
        order_id = d->before.order_id;
    }
    if (order_id.n == 0 && action_is_buyers(&d->who)) {
        deed_needs(d, "order");
        return true;
    }
    bool known = d->known != NULL && str_eq(d->known->id, order_id) && str_eq(d->known->buyer, d->who.buyer);
    enum case_answer answer = known ? case_facts_of(d->tx, d->a, d->r->tenant_id, d->known, &d->f)
                                    : case_facts_order(d->tx, d->a, d->r->tenant_id, &d->who, order_id, &d->f);
    if (answer != CASE_OK)
        return answer == CASE_NOT_FOUND;
    d->ask.found = true;
    d->ask.status = d->f.order.status;
    d->out.has_order = true;
    d->out.order = d->f.order;
    if (!row->of_item && !row->of_case)
        return true;
    struct str sub_id = row->of_case ? d->before.sub_id : d->r->sub_id;
    answer = case_facts_item(d->tx, d->a, d->r->tenant_id, sub_id, &d->f);
    if (answer != CASE_NOT_FOUND)
        return answer == CASE_OK;
    if (sub_id.n == 0)
        deed_needs(d, "sub_id");
    else
        d->ask.found = false;
    return true;
}

/* ---- what today's policies say ----------------------------------------------------------------------------------------------- */

static const struct json_node *read_json(struct deed *d, const char *key)
{
    struct policy_value v;
    if (!case_rule(&d->f.rules, key, POLICY_BIT(POLICY_JSON), d->r->now_ms, &v, &d->used))
        return NULL;
    return rules_kept_json(d->f.kept, v.text);
}

bool deed_read_policies(struct deed *d)
{
    enum action a = d->r->action;
    enum action_role role;
    if (!read_role(d, &role))
        return false;
    /* what the shop's own system has done is done, whatever was switched off since */
    d->ask.off = d->who.actor != CASE_SYSTEM && action_is_off(read_json(d, "action.off"), a);
    d->ask.leave = action_leave(read_json(d, "action.matrix"), role, a);
    d->ask.most = (struct action_counts){INT64_MAX, INT64_MAX, INT64_MAX};
    d->ask.most_cents = d->ask.alone_cents = INT64_MAX;
    if (d->ask.leave == LEAVE_IN_CHAT && !read_serves(d))
        return false;
    if (d->ask.leave == LEAVE_WITH_CASE) {
        struct case_row_stored *rows;
        size_t n;
        if (case_list_of_order(d->tx, d->a, d->r->tenant_id, d->f.order.id, &rows, &n) < 0)
            return false;
        d->ask.has_case = n > 0;
    }
    if (!action_is_buyers(&d->who))
        return true; /* people's limits are amounts */
    d->ask.most = action_limits(read_json(d, "action.limits"), a);
    int64_t day = time_day_start(d->r->now_ms, d->f.shop.time_zone);
    return action_count(d->tx, d->r->tenant_id, a, d->f.order.id, d->f.order.buyer, day, &d->ask.most, &d->ask.done) == STORE_OK;
}
