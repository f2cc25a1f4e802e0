/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of task flows. Trying a draft is the test box's: POST /api/v1/bot/try with `flow`.
 */
#include "bot/flow_api.h"

#include "account/actor.h"
#include "account/shop.h"
#include "base/texts.h"
#include "bot/flow_draw.h"
#include "bot/flow_service.h"
#include "bot/intent.h"

#define READERS ((uint32_t)(ROLE_OWNER | ROLE_LEADER | ROLE_TRAINER))
#define WRITERS ((uint32_t)(ROLE_OWNER | ROLE_LEADER | ROLE_TRAINER))

static struct reply refused(struct request *rq, enum flow_change answer, const struct flow_findings *f)
{
    switch (answer) {
    case FLOW_UNKNOWN: return reply_problem(404, "not_found", "There is no such flow.");
    case FLOW_NO_DRAFT: return reply_problem(409, "no_draft", "There is no draft of this flow.");
    case FLOW_NOTHING: return reply_problem(409, "nothing_published", "The shipped version is in use; there is nothing to go back from.");
    case FLOW_BAD:
        return reply_problem(422, "bad_flow", str_c(rq->arena, f != NULL && f->list.n > 0 ? f->list.v[0] : STR("It cannot be read.")));
    case FLOW_CHANGED:
    case FLOW_CHANGE_FAULT: break;
    }
    return reply_fault();
}

/* ---- list ---------------------------------------------------------------------------------------------------------- */

static void write_intents(struct json_out *o, const struct flow_plan *p, struct str language)
{
    jo_key(o, "intents");
    jo_array(o);
    for (size_t i = 0; i < p->intents.n; i++) {
        jo_open(o);
        jo_kt(o, "id", p->intents.v[i]);
        jo_kt(o, "name", intent_name(language, p->intents.v[i]));
        jo_close(o);
    }
    jo_array_end(o);
}

static const struct flow_version *version_in(const struct flow_version *list, size_t n, struct str id, const char *state)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].flow_id, id) && str_eq_c(list[i].state, state))
            return &list[i];
    return NULL;
}

/** Whether the shop's own version switches it off. */
static bool is_off(struct arena *a, const struct flow_version *live)
{
    _cleanup_(json_donep) json_t *doc = live != NULL ? json_read(live->doc, NULL) : NULL;
    (void)a;
    return doc != NULL && json_flag(doc, "off", false);
}

static struct reply get_flows(struct request *rq)
{
    struct flow_version *own;
    struct shop shop;
    size_t n, plans;
    if (flow_own(rq->store, rq->arena, rq->actor->tenant_id, &own, &n) != STORE_OK ||
        shop_of(rq->store, rq->arena, rq->actor->tenant_id, &shop) != ACCOUNT_OK)
        return reply_fault();
    const struct flow_plan *const *all = flow_book_plans(flow_book_shipped(), &plans);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "flows");
    jo_array(&o);
    for (size_t i = 0; i < plans; i++) {
        const struct flow_version *live = version_in(own, n, all[i]->id, "live"), *draft = version_in(own, n, all[i]->id, "draft");
        jo_open(&o);
        jo_kt(&o, "id", all[i]->id);
        jo_kt(&o, "name", intent_name(shop.language, all[i]->intents.v[0]));
        write_intents(&o, all[i], shop.language);
        jo_kn(&o, "steps", (int64_t)all[i]->main_count);
        jo_kb(&o, "on", !is_off(rq->arena, live));
        jo_kn(&o, "live", live != NULL ? live->number : 0);
        jo_kn(&o, "draft", draft != NULL ? draft->number : 0);
        jo_kat(&o, "changed_at", live != NULL ? live->changed_ms : 0);
        jo_close(&o);
    }
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- one ----------------------------------------------------------------------------------------------------------- */

static void write_doc(struct json_out *o, const char *key, struct str doc)
{
    jo_key(o, key);
    if (doc.n > 0)
        jo_raw(o, doc);
    else
        jo_null(o);
}

/** The key of the text that a step says or asks; empty: none of its own. */
static struct str key_of(struct arena *a, const struct flow_stage *s)
{
    if (s->kind == FLOW_NEED && s->key.n == 0 && s->is.n == 0)
        return str_fmt(a, "flow.ask.%s", flow_want_name(s->want));
    return str_starts(s->key, STR("flow.")) ? s->key : STR_NONE;
}

static bool said_before(struct arena *a, const struct flow_plan *p, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_eq(key_of(a, &p->stages[k]), key_of(a, &p->stages[i])))
            return true;
    return false;
}

/** The texts that the plan's steps name, as they are said now: the shop's own, else the pack's. */
static void write_texts(struct request *rq, struct json_out *o, const struct flow_plan *p)
{
    static const char *const languages[] = {"zh", "en"};
    jo_key(o, "texts");
    jo_open(o);
    for (size_t k = 0; k < COUNT(languages); k++) {
        jo_key(o, languages[k]);
        jo_open(o);
        for (size_t i = 0; i < p->stage_count; i++) {
            struct str key = key_of(rq->arena, &p->stages[i]);
            if (key.n == 0 || said_before(rq->arena, p, i))
                continue;
            struct str language = str_from(languages[k]);
            struct str own = flow_own_text(p, language, str_c(rq->arena, key));
            jo_key_text(o, key);
            jo_text(o, own.n > 0 ? own : texts_get(language, str_c(rq->arena, key)));
        }
        jo_close(o);
    }
    jo_close(o);
}

static void write_versions(struct json_out *o, const struct flow_detail *d)
{
    jo_key(o, "versions");
    jo_array(o);
    for (size_t i = 0; i < d->version_count; i++) {
        jo_open(o);
        jo_kn(o, "number", d->versions[i].number);
        jo_kt(o, "state", d->versions[i].state);
        jo_kid(o, "person_id", d->versions[i].person_id);
        jo_kat(o, "changed_at", d->versions[i].changed_ms);
        jo_close(o);
    }
    jo_array_end(o);
}

/** The version that is looked at: the draft, else the live one, else the shipped one. */
static bool plan_of(struct request *rq, const struct flow_detail *d, struct flow_plan *ret)
{
    char error[160];
    struct str doc = d->draft.n > 0 ? d->draft : d->live.n > 0 ? d->live : d->shipped;
    _cleanup_(json_donep) json_t *j = json_read(doc, error);
    return j != NULL && flow_plan_read(rq->arena, j, ret, error);
}

static struct reply get_flow(struct request *rq)
{
    struct flow_detail d;
    struct flow_plan plan;
    struct shop shop;
    enum flow_change answer = flow_read(rq->store, rq->arena, rq->actor->tenant_id, rq->segment[0], &d);
    if (answer != FLOW_CHANGED)
        return refused(rq, answer, NULL);
    if (shop_of(rq->store, rq->arena, rq->actor->tenant_id, &shop) != ACCOUNT_OK)
        return reply_fault();
    bool readable = plan_of(rq, &d, &plan);
    if (!readable)
        plan = *flow_book_plan(flow_book_shipped(), rq->segment[0]);
    struct buf b = {.arena = rq->arena}, picture = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    flow_draw(&plan, shop.language, &picture);
    jo_open(&o);
    jo_kt(&o, "id", rq->segment[0]);
    jo_kt(&o, "name", intent_name(shop.language, plan.intents.v[0]));
    write_intents(&o, &plan, shop.language);
    jo_kb(&o, "readable", readable);
    write_doc(&o, "shipped", d.shipped);
    write_doc(&o, "live", d.live);
    write_doc(&o, "draft", d.draft);
    write_texts(rq, &o, &plan);
    jo_kt(&o, "picture", buf_view(&picture));
    write_versions(&o, &d);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- changing ------------------------------------------------------------------------------------------------------ */

static struct reply put_draft(struct request *rq)
{
    struct flow_findings f = {.arena = rq->arena};
    enum flow_change answer = flow_save(rq->store, rq->arena, rq->actor, rq->segment[0], json_object_get(rq->body, "doc"),
                                        rq->now_ms, &f);
    return answer == FLOW_CHANGED ? get_flow(rq) : refused(rq, answer, &f);
}

static struct reply delete_draft(struct request *rq)
{
    enum flow_change answer = flow_discard(rq->store, rq->arena, rq->actor, rq->segment[0]);
    return answer == FLOW_CHANGED ? get_flow(rq) : refused(rq, answer, NULL);
}

static struct reply post_publish(struct request *rq)
{
    struct flow_findings f = {.arena = rq->arena};
    enum flow_change answer = flow_publish(rq->store, rq->arena, rq->actor, rq->segment[0], rq->now_ms, &f);
    return answer == FLOW_CHANGED ? get_flow(rq) : refused(rq, answer, &f);
}

static struct reply post_back(struct request *rq)
{
    enum flow_change answer = flow_back(rq->store, rq->arena, rq->actor, rq->segment[0], rq->now_ms);
    return answer == FLOW_CHANGED ? get_flow(rq) : refused(rq, answer, NULL);
}

static const shape draft_body = {
    {"doc", FIELD_OBJECT, true, 0, FLOW_DOC_BYTES, NULL, "the whole flow, as packs/flows holds them, with `texts` and `off` of one's own"},
    {0},
};

const struct route flow_routes[] = {
    {METHOD_GET, "/api/v1/flows", get_flows, .needs = READERS, .tag = "Flows",
     .help = "Task flows: what the bot does for buyers, whether it is on, and which own versions there are."},
    {METHOD_GET, "/api/v1/flows/:id", get_flow, .needs = READERS, .tag = "Flows",
     .help = "One flow: the shipped, live and draft documents, its texts in both languages, its picture (Mermaid), its versions."},
    {METHOD_PUT, "/api/v1/flows/:id/draft", put_draft, .needs = WRITERS, .body = draft_body, .tag = "Flows",
     .help = "Keeps a draft; refused with what is wrong when a rule of flows does not hold. Nothing changes for buyers yet."},
    {METHOD_DELETE, "/api/v1/flows/:id/draft", delete_draft, .needs = WRITERS, .tag = "Flows", .help = "Throws the draft away."},
    {METHOD_POST, "/api/v1/flows/:id/publish", post_publish, .needs = WRITERS, .tag = "Flows",
     .help = "The draft serves buyers from now on."},
    {METHOD_POST, "/api/v1/flows/:id/back", post_back, .needs = WRITERS, .tag = "Flows",
     .help = "One version back; before the first own one lies the shipped one."},
};
const size_t flow_route_count = COUNT(flow_routes);
