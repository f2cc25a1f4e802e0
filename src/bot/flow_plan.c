/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plans: from JSON to steps that can be walked, and the reason when a document is none.
 *
 * Invariants   1. What is read has at least one step, known names only, and unique step ids.
 *              2. Branches hold no step that waits for the buyer: a job ends with them.
 */
#include "bot/flow_plan.h"

#include <stdio.h>
#include <string.h>

#include "trade/policy.h"

static const struct flow_act acts[] = {
    {"order.cancel", ACTION_ORDER_CANCEL, true},
    {"order.change_address", ACTION_ORDER_CHANGE_ADDRESS, true},
    {"order.change_phone", ACTION_ORDER_CHANGE_PHONE, true},
    {"order.change_sku", ACTION_ORDER_CHANGE_SKU, true},
    {"order.add_note", ACTION_ORDER_ADD_NOTE, true},
    {"order.extend_receipt", ACTION_ORDER_EXTEND_RECEIPT, true},
    {"logistics.urge", ACTION_LOGISTICS_URGE, true},
    {"logistics.intercept", ACTION_LOGISTICS_INTERCEPT, true},
    {"case.open", ACTION_CASE_OPEN, true},
    {"case.cancel", ACTION_CASE_CANCEL, true},
    {"case.modify", ACTION_CASE_MODIFY, true},
    {"case.add_waybill", ACTION_CASE_ADD_WAYBILL, true},
    {"case.add_evidence", ACTION_CASE_ADD_EVIDENCE, true},
    {"case.reopen", ACTION_CASE_REOPEN, true},
    {"price.protect", ACTION_PRICE_PROTECT, true},
    {"invoice.request", ACTION_INVOICE_REQUEST, true},
    {"complaint.open", ACTION_COMPLAINT_OPEN, true},
    {"compensation.lookup", ACTION_COMPENSATION_LOOKUP, false},
    {"case.show", ACTION_NONE, false},
    {"invoice.show", ACTION_NONE, false},
};

static const char *const kinds[FLOW_KINDS] = {"need", "check", "confirm", "act", "say", "offer", "hand_over"};
static const char *const wants[FLOW_WANTS] = {"order", "item", "case",     "address", "phone",   "sku",
                                              "reason", "type", "evidence", "text",    "waybill", "title",
                                              "amount"};
static const char *const has_names[] = {"case",          "evidence", "variants", "parcel",
                                        "carrier_phone", "deadline", "amount",   "ticket",
                                        "case_now"};
static const char *const troubles[] = {"none", "unfinished", "stale", "no_trace", "late", "returned", "exception"};

/** One document being read. */
struct reading {
    struct arena *a;
    struct flow_plan *plan;
    char *error; /* char[160] */
};

static bool bad(struct reading *r, const char *what, struct str where)
{
    snprintf(r->error, 160, "%s: \"%.*s\"", what, (int)MIN(where.n, (size_t)60), where.p);
    return false;
}

static bool place_in(struct str name, const char *const *names, size_t n, size_t *ret)
{
    for (size_t i = 0; i < n; i++) {
        if (!str_eq_c(name, names[i]))
            continue;
        *ret = i;
        return true;
    }
    return false;
}

static bool read_list(struct reading *r, const json_t *j, struct flow_list *ret)
{
    size_t i;
    const json_t *one;
    if (j == NULL)
        return true;
    if (!json_is_array(j) || json_array_size(j) > FLOW_LIST_MOST)
        return bad(r, "a list of at most 12 names is wanted", json_dump(r->a, j));
    json_array_foreach(j, i, one) {
        if (!json_is_string(one))
            return bad(r, "a list holds names", json_dump(r->a, one));
        ret->v[ret->n++] = str_dup(r->a, json_text(one));
    }
    return true;
}

/** A list of names as bits. */
static bool read_bits(struct reading *r, const json_t *j, const char *const *names, size_t n, unsigned *ret)
{
    struct flow_list list = {.n = 0};
    size_t place;
    if (!read_list(r, j, &list))
        return false;
    for (size_t i = 0; i < list.n; i++) {
        if (!place_in(list.v[i], names, n, &place))
            return bad(r, "no such condition", list.v[i]);
        *ret |= 1u << place;
    }
    return true;
}

static bool read_if(struct reading *r, const json_t *j, struct flow_if *ret)
{
    static const char *const known[] = {"status", "trouble", "type", "reason", "state", "has", "no"};
    const char *key;
    const json_t *value;
    size_t place;
    struct flow_list statuses = {.n = 0};
    json_object_foreach((json_t *)(uintptr_t)j, key, value)
        if (!place_in(str_from(key), known, COUNT(known), &place))
            return bad(r, "no such condition", str_from(key));
    if (!read_list(r, json_object_get(j, "status"), &statuses) ||
        !read_bits(r, json_object_get(j, "trouble"), troubles, COUNT(troubles), &ret->troubles) ||
        !read_bits(r, json_object_get(j, "has"), has_names, COUNT(has_names), &ret->has) ||
        !read_bits(r, json_object_get(j, "no"), has_names, COUNT(has_names), &ret->no))
        return false;
    for (size_t i = 0; i < statuses.n; i++) {
        enum order_status status;
        if (!order_status_from_name(statuses.v[i], &status))
            return bad(r, "no such order status", statuses.v[i]);
        ret->statuses |= ORDER_BIT(status);
    }
    return read_list(r, json_object_get(j, "type"), &ret->types) &&
           read_list(r, json_object_get(j, "reason"), &ret->reasons) &&
           read_list(r, json_object_get(j, "state"), &ret->states);
}

/** The one member that says what kind of step it is. */
static bool read_kind(struct reading *r, const json_t *j, struct flow_stage *s, const json_t **ret_value)
{
    size_t found = 0;
    for (size_t i = 0; i < FLOW_KINDS; i++) {
        const json_t *value = json_object_get(j, kinds[i]);
        if (value == NULL)
            continue;
        s->kind = (enum flow_kind)i;
        *ret_value = value;
        found++;
    }
    return found == 1 || bad(r, "a step is one of need, check, confirm, act, say, offer, hand_over", json_dump(r->a, j));
}

static bool read_value(struct reading *r, const json_t *value, struct flow_stage *s)
{
    struct str name = str_dup(r->a, json_text(value));
    if (s->kind == FLOW_OFFER)
        return read_list(r, value, &s->of) && (s->of.n > 0 || bad(r, "nothing is offered", STR("offer")));
    if (name.n == 0)
        return bad(r, "a step names something", str_from(kinds[s->kind]));
    if (s->kind == FLOW_NEED)
        return flow_want_from_name(name, &s->want) || bad(r, "nothing that can be needed", name);
    if (s->kind != FLOW_CHECK && s->kind != FLOW_ACT) {
        s->key = name;
        return true;
    }
    s->act = flow_act_find(name);
    return s->act != NULL || bad(r, "no such action", name);
}

static bool id_taken(const struct flow_plan *p, struct str id)
{
    for (size_t i = 0; i < p->stage_count; i++)
        if (str_eq(p->stages[i].id, id))
            return true;
    return false;
}

/** A step without an id is called after what it is, with a number when that is taken. */
static struct str id_of(struct reading *r, const json_t *j, const struct flow_stage *s)
{
    struct str given = json_str(j, "id");
    struct str plain = given.n > 0 ? str_dup(r->a, given)
                                   : str_from(s->kind == FLOW_NEED ? wants[s->want] : kinds[s->kind]);
    struct str id = plain;
    for (int n = 2; id_taken(r->plan, id); n++)
        id = str_fmt(r->a, "%.*s-%d", STR_ARG(plain), n);
    return id;
}

static bool read_stage(struct reading *r, const json_t *j, bool branch)
{
    struct flow_plan *p = r->plan;
    struct flow_stage s = {.kind = FLOW_SAY};
    const json_t *value = NULL;
    if (p->stage_count == FLOW_STAGES_MOST)
        return bad(r, "too many steps", p->id);
    if (!json_is_object(j) || !read_kind(r, j, &s, &value) || !read_value(r, value, &s) ||
        !read_if(r, json_object_get(j, "if"), &s.when))
        return false;
    if (s.kind == FLOW_NEED) {
        if (!read_list(r, json_object_get(j, "of"), &s.of))
            return false;
        s.key = str_dup(r->a, json_str(j, "ask"));
        s.is = str_dup(r->a, json_str(j, "is"));
        s.take_all = str_eq_c(json_str(j, "take"), "all");
        s.take_after = str_eq_c(json_str(j, "take"), "after");
    }
    s.optional = json_flag(j, "optional", false);
    s.urgent = json_flag(j, "urgent", false);
    if (branch && s.kind != FLOW_SAY && s.kind != FLOW_OFFER && s.kind != FLOW_HAND_OVER)
        return bad(r, "a branch only says, offers and hands over", str_from(kinds[s.kind]));
    s.id = id_of(r, j, &s);
    p->stages[p->stage_count++] = s;
    return true;
}

static bool read_stages(struct reading *r, const json_t *list, bool branch)
{
    size_t i;
    const json_t *one;
    if (!json_is_array(list) || json_array_size(list) == 0)
        return bad(r, "steps are a list of at least one", r->plan->id);
    json_array_foreach(list, i, one)
        if (!read_stage(r, one, branch))
            return false;
    return true;
}

static bool read_branches(struct reading *r, const json_t *on)
{
    struct flow_plan *p = r->plan;
    const char *key;
    const json_t *list;
    json_object_foreach((json_t *)(uintptr_t)on, key, list) {
        if (p->branch_count == FLOW_BRANCHES_MOST)
            return bad(r, "too many branches", p->id);
        struct flow_branch *b = &p->branches[p->branch_count];
        *b = (struct flow_branch){.on = str_dup(r->a, str_from(key)), .from = p->stage_count};
        if (!read_stages(r, list, true))
            return false;
        b->n = p->stage_count - b->from;
        p->branch_count++;
    }
    return true;
}

static bool read_text(struct reading *r, const char *language, const char *key, const json_t *text)
{
    struct flow_plan *p = r->plan;
    struct str words = json_text(text);
    if (p->text_count == FLOW_TEXTS_MOST)
        return bad(r, "too many texts", p->id);
    if (words.n == 0 || str_code_points(words) > FLOW_TEXT_CHARS)
        return bad(r, "a text has 1 to 600 characters", str_from(key));
    p->texts[p->text_count++] = (struct flow_words){.language = str_dup(r->a, str_from(language)),
                                                    .key = str_dup(r->a, str_from(key)),
                                                    .text = str_dup(r->a, words)};
    return true;
}

static bool read_texts(struct reading *r, const json_t *texts)
{
    const char *language, *key;
    const json_t *pack, *text;
    json_object_foreach((json_t *)(uintptr_t)texts, language, pack) {
        if (strcmp(language, "zh") != 0 && strcmp(language, "en") != 0)
            return bad(r, "texts are in zh and en", str_from(language));
        json_object_foreach((json_t *)(uintptr_t)pack, key, text)
            if (!read_text(r, language, key, text))
                return false;
    }
    return true;
}

bool flow_plan_read(struct arena *a, const json_t *doc, struct flow_plan *ret, char ret_error[160])
{
    struct reading r = {.a = a, .plan = ret, .error = ret_error};
    struct policy_value idle;
    *ret = (struct flow_plan){.id = str_dup(a, json_str(doc, "id")),
                              .stages = arena_array(a, struct flow_stage, FLOW_STAGES_MOST),
                              .texts = arena_array(a, struct flow_words, FLOW_TEXTS_MOST),
                              .off = json_flag(doc, "off", false)};
    if (ret->id.n == 0)
        return bad(&r, "a flow has an id", STR("id"));
    if (!read_list(&r, json_object_get(doc, "intents"), &ret->intents))
        return false;
    if (ret->intents.n == 0)
        return bad(&r, "a flow serves at least one intent", ret->id);
    if (!policy_read(json_str(doc, "idle"), &idle) || idle.kind != POLICY_DURATION || idle.number <= 0)
        return bad(&r, "idle is how long the flow waits, as \"30m\"", json_str(doc, "idle"));
    ret->idle_ms = idle.number;
    if (!read_stages(&r, json_object_get(doc, "steps"), false))
        return false;
    ret->main_count = ret->stage_count;
    return read_branches(&r, json_object_get(doc, "on")) && read_texts(&r, json_object_get(doc, "texts"));
}

/* ---- looking things up ------------------------------------------------------------------------------------------- */

const struct flow_act *flow_acts(size_t *ret_n)
{
    *ret_n = COUNT(acts);
    return acts;
}

const struct flow_act *flow_act_find(struct str name)
{
    for (size_t i = 0; i < COUNT(acts); i++)
        if (str_eq_c(name, acts[i].name))
            return &acts[i];
    return NULL;
}

const char *flow_kind_name(enum flow_kind k)
{
    return kinds[k];
}

const char *flow_want_name(enum flow_want w)
{
    return wants[w];
}

bool flow_want_from_name(struct str name, enum flow_want *ret)
{
    size_t place;
    if (!place_in(name, wants, FLOW_WANTS, &place))
        return false;
    *ret = (enum flow_want)place;
    return true;
}

const char *const *flow_has_names(size_t *ret_n)
{
    *ret_n = COUNT(has_names);
    return has_names;
}

const struct flow_branch *flow_branch_of(const struct flow_plan *p, struct str on)
{
    for (size_t i = 0; i < p->branch_count; i++)
        if (str_eq(p->branches[i].on, on))
            return &p->branches[i];
    return NULL;
}

bool flow_wants(const struct flow_plan *p, enum flow_want want)
{
    for (size_t i = 0; i < p->main_count; i++)
        if (p->stages[i].kind == FLOW_NEED && p->stages[i].want == want)
            return true;
    return false;
}

const char *flow_main_act(const struct flow_plan *p)
{
    const char *name = NULL;
    for (size_t i = 0; i < p->main_count; i++)
        if (p->stages[i].kind == FLOW_ACT)
            name = p->stages[i].act->name;
    return name;
}

bool flow_list_has(const struct flow_list *l, struct str v)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->v[i], v))
            return true;
    return false;
}

struct str flow_own_text(const struct flow_plan *p, struct str language, const char *key)
{
    for (size_t i = 0; i < p->text_count; i++)
        if (str_eq(p->texts[i].language, language) && str_eq_c(p->texts[i].key, key))
            return p->texts[i].text;
    return STR_NONE;
}
