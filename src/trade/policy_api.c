/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of policies.
 *
 * Invariants   1. A version is added, never taken out: what was decided by one can always be explained. Its end can be set.
 *              2. A new version is of the kind that the rule is read as, else it would be a rule that nobody asks.
 */
#include "trade/policy_api.h"

#include "account/audit.h"
#include "base/limit.h"
#include "base/time.h"
#include "trade/policy_store.h"
#include "trade/policy_touch.h"
#include "trade/rules.h"

#define READERS ((ROLES_DESK & ~(uint32_t)ROLE_CROWD) | (uint32_t)(ROLE_STAFF | ROLE_TRAINER | ROLE_INSPECTOR))
#define WRITERS ((uint32_t)(ROLE_OWNER | ROLE_LEADER))

enum { TOUCHED_MOST = 500 };

struct listing {
    struct request *rq;
    struct policy *rows;
    size_t n;
    struct policy next;
    struct policy_touched *touched;
};

static const char *owner_of(const struct policy *p)
{
    return p->tenant_id == POLICY_SHIPPED ? "shipped" : p->tenant_id == 0 ? "platform" : "shop";
}

static const char *kind_of(const struct policy *p)
{
    static const char *const kinds[] = {"duration", "workdays", "rate", "number", "switch", "json"};
    struct policy_value v;
    return policy_read(p->value, &v) ? kinds[v.kind] : NULL;
}

static void version_out(struct json_out *o, const struct policy *p, bool in_force)
{
    jo_open(o);
    jo_kt(o, "key", p->key);
    jo_kt(o, "value", p->value);
    jo_kc(o, "kind", kind_of(p));
    jo_kt(o, "scope", p->scope);
    jo_kc(o, "owner", owner_of(p));
    jo_kat(o, "from", p->from_ms);
    jo_kat(o, "to", p->to_ms);
    jo_kb(o, "in_force", in_force);
    jo_kt(o, "meaning", p->meaning);
    jo_kt(o, "source", p->source);
    jo_kt(o, "mark", p->mark);
    jo_close(o);
}

static int read_all(struct tx *tx, void *arg)
{
    struct listing *l = arg;
    return rules_all(tx, l->rq->arena, l->rq->actor->tenant_id, &l->rows, &l->n);
}

/** The versions of a key stand together. */
static size_t same_key(const struct listing *l, size_t first)
{
    size_t n = 1;
    while (first + n < l->n && str_eq(l->rows[first].key, l->rows[first + n].key))
        n++;
    return n;
}

/** In force now for the matters of its own scope. */
static bool in_force(const struct listing *l, size_t first, size_t n, const struct policy *p)
{
    struct policy_place place = policy_place_of(p->scope);
    return policy_in_force(&l->rows[first], n, &place, l->rq->now_ms) == p;
}

static struct reply get_policies(struct request *rq)
{
    struct listing l = {.rq = rq};
    struct str key = rq->query(rq, "key"), words = rq->query(rq, "q");
    if (store_read(rq->store, read_all, &l) != STORE_OK)
        return reply_fault();
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0, n; i < l.n; i += n) {
        n = same_key(&l, i);
        if (key.n > 0 && !str_eq(key, l.rows[i].key))
            continue;
        for (size_t k = i; k < i + n; k++)
            if (words.n == 0 || str_has(l.rows[k].key, words) || str_has(l.rows[k].meaning, words))
                version_out(&o, &l.rows[k], in_force(&l, i, n, &l.rows[k]));
    }
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- a new version ------------------------------------------------------------------------------------------------------- */

/** A value that the rule's readers understand: of the kind of its shipped versions; terms of either kind. */
static bool fits_kind(struct str key, struct str value, struct str *ret_meaning)
{
    size_t n;
    const struct policy *shipped = rules_shipped(&n);
    struct policy_value wanted, is;
    if (!policy_read(value, &wanted))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(shipped[i].key, key) || !policy_read(shipped[i].value, &is))
            continue;
        *ret_meaning = shipped[i].meaning;
        bool terms = (POLICY_BIT(is.kind) & POLICY_TERM) != 0 && (POLICY_BIT(wanted.kind) & POLICY_TERM) != 0;
        if (terms || is.kind == wanted.kind)
            return true;
    }
    return false;
}

static bool scope_is_ok(struct str scope)
{
    struct policy_place at = policy_place_of(scope);
    return str_eq_c(scope, "shop") || at.product.n > 0 || at.category.n > 0;
}

static bool read_version(const struct request *rq, struct policy *ret)
{
    const json_t *b = rq->body;
    struct policy p = {.tenant_id = rq->actor->tenant_id, .key = json_str(b, "key"), .value = str_trim(json_str(b, "value")),
                       .scope = json_str(b, "scope"), .source = json_str(b, "source"), .mark = STR("D")};
    if (p.scope.n == 0)
        p.scope = STR("shop");
    if (p.source.n == 0)
        p.source = str_fmt(rq->arena, "set by %.*s", STR_ARG(rq->actor->name));
    bool ends = json_str(b, "to").n > 0;
    if (!time_parse(json_str(b, "from"), &p.from_ms) || (ends && !time_parse(json_str(b, "to"), &p.to_ms)) ||
        (ends && p.to_ms <= p.from_ms) || !scope_is_ok(p.scope) || !fits_kind(p.key, p.value, &p.meaning))
        return false;
    *ret = p;
    return true;
}

static int put_in(struct tx *tx, void *arg)
{
    struct listing *l = arg;
    const struct policy *p = &l->next;
    struct str actor = str_fmt(l->rq->arena, "person:%lld", (long long)l->rq->actor->id);
    struct str object = str_fmt(l->rq->arena, "policy:%.*s", STR_ARG(p->key));
    struct buf b = {.arena = l->rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "value", p->value);
    jo_kt(&o, "scope", p->scope);
    jo_kat(&o, "from", p->from_ms);
    jo_close(&o);
    if (policy_put(tx, p) < 0 ||
        audit_add(tx, p->tenant_id, l->rq->now_ms, actor, "policy_changed", object, buf_view(&b)) != ACCOUNT_OK)
        return STORE_FAULT;
    return STORE_OK;
}

/** Rules that say what a leader may do, and for how much: who is bound by them does not set them. */
static bool binds_leaders(struct str key)
{
    static const char *const starts[] = {"approve.", "goodwill.", "agreement.amount", "action.matrix", "action.limits",
                                         "refund.good_record", "insure.max"};
    for (size_t i = 0; i < COUNT(starts); i++)
        if (str_starts(key, str_from(starts[i])))
            return true;
    return false;
}

static struct reply post_policy(struct request *rq)
{
    struct listing l = {.rq = rq};
    if ((rq->actor->roles & ROLE_OWNER) == 0 && binds_leaders(json_str(rq->body, "key")))
        return reply_problem(403, "forbidden", "What people may do, and for how much, is the owner's to set.");
    if (!read_version(rq, &l.next))
        return reply_problem(422, "bad_policy", "A version has a key that is there, a value of its kind (24h, 4wd, 5%, 5000, on, JSON), "
                                                "a scope (shop, category:…, product:…), and a start before its end.");
    if (store_write(rq->store, put_in, &l) != STORE_OK)
        return reply_fault();
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    bool runs = rq->now_ms >= l.next.from_ms && (l.next.to_ms == 0 || rq->now_ms < l.next.to_ms);
    version_out(&o, &l.next, runs);
    return reply_json(&b);
}

/* ---- what it would touch --------------------------------------------------------------------------------------------------- */

static int read_touched(struct tx *tx, void *arg)
{
    struct listing *l = arg;
    return policy_touched_list(tx, l->rq->arena, l->rq->actor->tenant_id, &l->next, TOUCHED_MOST, &l->touched, &l->n);
}

static struct reply get_touched(struct request *rq)
{
    struct listing l = {.rq = rq, .next = {.key = rq->segment[0], .scope = rq->query(rq, "scope")}};
    struct str to = rq->query(rq, "to");
    if (!time_parse(rq->query(rq, "from"), &l.next.from_ms) || (to.n > 0 && !time_parse(to, &l.next.to_ms)))
        return reply_problem(422, "bad_value", "`from` and `to` are RFC 3339.");
    if (store_read(rq->store, read_touched, &l) != STORE_OK)
        return reply_fault();
    int64_t touched = 0;
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < l.n; i++) {
        const struct case_row_stored *row = &l.touched[i].row;
        touched += l.touched[i].touch == POLICY_TOUCHES;
        jo_open(&o);
        jo_kid(&o, "case", row->id);
        jo_kc(&o, "type", case_type_name(row->c.type));
        jo_kc(&o, "state", case_state_name(row->c.state));
        jo_kt(&o, "order", row->order_id);
        jo_kat(&o, "order_at", row->c.order_ms);
        jo_kb(&o, "touched", l.touched[i].touch == POLICY_TOUCHES);
        jo_kc(&o, "why", policy_touch_name(l.touched[i].touch));
        jo_close(&o);
    }
    jo_array_end(&o);
    jo_kn(&o, "touched", touched);
    jo_kn(&o, "untouched", (int64_t)l.n - touched);
    jo_kb(&o, "all", l.n < TOUCHED_MOST);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- the table --------------------------------------------------------------------------------------------------------------- */

static const struct field list_query[] = {
    {"key", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "Of this rule only."},
    {"q", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "Words of the key or the meaning."},
    {0},
};

static const struct field version_body[] = {
    {"key", FIELD_TEXT, true, 1, LIMIT_NAME_CHARS, NULL, "The rule."},
    {"value", FIELD_TEXT, true, 1, 8000, NULL, "24h, 7d, 4wd, 5%, a number (minor units), on, off, or JSON."},
    {"scope", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "shop unless told; category:PATH, product:ID."},
    {"from", FIELD_TEXT, true, 1, 40, NULL, "In force from, RFC 3339."},
    {"to", FIELD_TEXT, false, 0, 40, NULL, "And until; else without an end."},
    {"source", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "Where it comes from."},
    {0},
};

static const struct field touched_query[] = {
    {"from", FIELD_TEXT, true, 1, 40, NULL, "Start of the new version."},
    {"to", FIELD_TEXT, false, 0, 40, NULL, "Its end."},
    {"scope", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "Its scope; the shop unless told."},
    {0},
};

const struct route policy_routes[] = {
    {METHOD_GET, "/api/v1/policies", get_policies, .needs = READERS, .query = list_query, .tag = "Policies",
     .help = "All versions of all rules: shipped, the platform's, the shop's; with source and mark."},
    {METHOD_POST, "/api/v1/policies", post_policy, .needs = WRITERS, .body = version_body, .tag = "Policies",
     .help = "A new version of a rule for the shop, or another value or end of one that begins at the same time. What people may "
             "do, and for how much, only the owner sets."},
    {METHOD_GET, "/api/v1/policies/:key/touched", get_touched, .needs = READERS, .query = touched_query, .tag = "Policies",
     .help = "Which open cases a new version would and would not touch: a case goes by the rules of its order's day."},
};
const size_t policy_route_count = COUNT(policy_routes);
