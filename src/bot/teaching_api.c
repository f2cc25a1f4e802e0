/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of what a shop teaches by hand: its own utterances, settled cases, the intents that there are; and the test box.
 */
#include "account/actor.h"
#include "base/limit.h"
#include "bot/intent.h"
#include "bot/learning_api.h"
#include "bot/learning_service.h"
#include "bot/tryout.h"
#include "knowledge/knowledge_store.h"
#include "knowledge/learning_store.h"

#define TRAINERS ((uint32_t)(ROLE_OWNER | ROLE_LEADER | ROLE_TRAINER))
#define ITEMS    50

static struct reply done(enum learning_answer answer)
{
    if (answer == TAUGHT)
        return reply_status(204);
    if (answer == TAUGHT_NOT_FOUND)
        return reply_problem(404, "not_found", "There is no such row.");
    if (answer == TAUGHT_NO_INTENT)
        return reply_problem(422, "no_intent", "There is no such intent; see GET /api/v1/learning/intents.");
    if (answer == TAUGHT_NOTHING)
        return reply_problem(422, "bad_body", "Member \"text\" is empty.");
    return reply_fault();
}

static struct reply put_row(struct request *rq, enum learning_row row)
{
    return done(learning_row_put(rq->store, rq->arena, rq->actor, row, str_trim(json_str(rq->body, "text")),
                                 json_str(rq->body, "intent"), json_flag(rq->body, "must_pass", false), rq->now_ms));
}

static struct reply drop_row(struct request *rq, enum learning_row row)
{
    return done(learning_row_drop(rq->store, rq->arena, rq->actor, row, json_str(rq->body, "text"), rq->now_ms));
}

/* ---- utterances ------------------------------------------------------------------------------------------------------ */

struct utterances {
    struct request *rq;
    int limit;
    struct utterance *list;
    size_t n;
};

static int read_utterances(struct tx *tx, void *arg)
{
    struct utterances *w = arg;
    return utterance_page(tx, w->rq->arena, w->rq->actor->tenant_id, w->rq->query(w->rq, "intent"),
                          w->rq->query(w->rq, "cursor"), w->limit + 1, &w->list, &w->n);
}

static struct reply get_utterances(struct request *rq)
{
    int64_t limit;
    struct utterances w = {.rq = rq, .limit = str_int(rq->query(rq, "limit"), &limit) ? (int)limit : ITEMS};
    if (store_read(rq->store, read_utterances, &w) != STORE_OK)
        return reply_fault();
    size_t n = MIN(w.n, (size_t)w.limit);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++) {
        jo_open(&o);
        jo_kt(&o, "text", w.list[i].text);
        jo_kt(&o, "intent", w.list[i].intent);
        jo_close(&o);
    }
    jo_array_end(&o);
    jo_key(&o, "next");
    if (w.n > n)
        jo_text(&o, w.list[n - 1].text);
    else
        jo_null(&o);
    jo_close(&o);
    return reply_json(&b);
}

static struct reply post_utterance(struct request *rq)
{
    return put_row(rq, LEARNING_UTTERANCE);
}

static struct reply post_utterance_drop(struct request *rq)
{
    return drop_row(rq, LEARNING_UTTERANCE);
}

/* ---- settled cases --------------------------------------------------------------------------------------------------- */

struct cases {
    struct request *rq;
    struct learning_case *list;
    size_t n;
};

static int read_cases(struct tx *tx, void *arg)
{
    struct cases *w = arg;
    return learning_cases(tx, w->rq->arena, w->rq->actor->tenant_id, &w->list, &w->n);
}

static struct reply get_cases(struct request *rq)
{
    struct cases w = {.rq = rq};
    if (store_read(rq->store, read_cases, &w) != STORE_OK)
        return reply_fault();
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < w.n; i++) {
        jo_open(&o);
        jo_kt(&o, "text", w.list[i].text);
        jo_kt(&o, "intent", w.list[i].intent);
        jo_kb(&o, "must_pass", w.list[i].must_pass);
        jo_kat(&o, "changed_at", w.list[i].changed_ms);
        jo_close(&o);
    }
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

static struct reply post_case(struct request *rq)
{
    return put_row(rq, LEARNING_CASE);
}

static struct reply post_case_drop(struct request *rq)
{
    return drop_row(rq, LEARNING_CASE);
}

/* ---- intents --------------------------------------------------------------------------------------------------------- */

struct counting {
    struct request *rq;
    const struct intent *intents;
    size_t n;
    int64_t *own; /* by intent: utterances of the shop's */
};

static void count_one(void *arg, struct str intent, struct str text)
{
    struct counting *w = arg;
    const struct intent *found = intent_find(intent);
    (void)text; /* only counted */
    if (found != NULL && found >= w->intents && found < w->intents + w->n)
        w->own[found - w->intents]++;
}

static int count_own(struct tx *tx, void *arg)
{
    struct counting *w = arg;
    return utterance_each(tx, w->rq->actor->tenant_id, count_one, w);
}

static struct reply get_intents(struct request *rq)
{
    struct counting w = {.rq = rq};
    w.intents = intent_all(&w.n);
    w.own = arena_array(rq->arena, int64_t, w.n);
    if (store_read(rq->store, count_own, &w) != STORE_OK)
        return reply_fault();
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < w.n; i++) {
        struct str id = str_from(w.intents[i].id);
        jo_open(&o);
        jo_kt(&o, "id", id);
        jo_kt(&o, "name", intent_name(rq->actor->language, id));
        jo_kt(&o, "question", intent_question(rq->actor->language, id));
        jo_kc(&o, "action", w.intents[i].action);
        jo_kn(&o, "own", w.own[i]);
        jo_close(&o);
    }
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- the test box ---------------------------------------------------------------------------------------------------- */

static struct reply post_try(struct request *rq)
{
    const struct tryout what = {
        .text = str_trim(json_str(rq->body, "text")),
        .language = json_str(rq->body, "language"),
        .order = json_str(rq->body, "order"),
        .product = json_str(rq->body, "product"),
        .flow = json_str(rq->body, "flow"),
        .model = json_int(rq->body, "model", 0),
    };
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    if (what.text.n == 0)
        return reply_problem(422, "bad_body", "Member \"text\" is empty.");
    switch (tryout_run(rq->room, rq->arena, rq->actor->tenant_id, &what, rq->now_ms, &o)) {
    case TRYOUT_OK: return reply_json(&b);
    case TRYOUT_NO_ORDER: return reply_problem(422, "no_order", "There is no such order in the shop.");
    case TRYOUT_NO_DRAFT: return reply_problem(422, "no_draft", "There is no draft of this flow, or it cannot be read.");
    case TRYOUT_NO_MODEL: return reply_problem(422, "no_model", "There is no such version, or it cannot be loaded.");
    case TRYOUT_FAULT: break;
    }
    return reply_fault();
}

static const struct field utterances_query[] = {
    {"intent", FIELD_TEXT, false, 0, 100, NULL, "Of that intent."},
    {"cursor", FIELD_TEXT, false, 0, LIMIT_TEXT_CHARS, NULL, "The `next` of an earlier answer."},
    {"limit", FIELD_INT, false, 1, LIMIT_PAGE, NULL, "Items, 50 unless told."},
    {0},
};
static const shape utterance_body = {
    {.name = "text", .type = FIELD_TEXT, .required = true, .min = 1, .max = LIMIT_NAME_CHARS, .help = "What a buyer might say."},
    {.name = "intent", .type = FIELD_TEXT, .required = true, .min = 1, .max = 100, .help = "What it means."},
    {0},
};
static const shape case_body = {
    {.name = "text", .type = FIELD_TEXT, .required = true, .min = 1, .max = LIMIT_NAME_CHARS, .help = "What a buyer might say."},
    {.name = "intent", .type = FIELD_TEXT, .required = true, .min = 1, .max = 100, .help = "What it must be heard as."},
    {.name = "must_pass", .type = FIELD_BOOL, .help = "No version is released that fails it."},
    {0},
};
static const shape drop_body = {
    {.name = "text", .type = FIELD_TEXT, .required = true, .min = 1, .max = LIMIT_TEXT_CHARS, .help = "The row's text."},
    {0},
};
static const shape try_body = {
    {.name = "text", .type = FIELD_TEXT, .required = true, .min = 1, .max = LIMIT_TEXT_CHARS, .help = "What a buyer says."},
    {.name = "language", .type = FIELD_CHOICE, .choices = "zh|en", .help = "Of the conversation so far; the shop's unless told."},
    {.name = "order", .type = FIELD_TEXT, .max = 64, .help = "The order that the buyer looks at; answered as for its buyer."},
    {.name = "product", .type = FIELD_TEXT, .max = 64, .help = "The product that the buyer looks at."},
    {.name = "model", .type = FIELD_INT, .min = 0, .max = 1000000, .help = "The version to hear with; the one in full use unless told."},
    {"flow", FIELD_TEXT, false, 0, 64, NULL, "try the draft of this task flow"},
    {0},
};

const struct route teaching_routes[] = {
    {METHOD_POST, "/api/v1/bot/try", post_try, .needs = TRAINERS, .body = try_body, .tag = "Training",
     .help = "The test box: how a text is heard, what was near, which layer won and why, and what would be said. Stores nothing."},
    {METHOD_GET, "/api/v1/learning/intents", get_intents, .needs = ROLES_PEOPLE, .tag = "Learning",
     .help = "All intents, with the number of utterances that the shop has of its own."},
    {METHOD_GET, "/api/v1/learning/utterances", get_utterances, .needs = TRAINERS, .query = utterances_query,
     .tag = "Learning", .help = "The shop's own utterances, in order of texts."},
    {METHOD_POST, "/api/v1/learning/utterances", post_utterance, .needs = TRAINERS, .body = utterance_body,
     .tag = "Learning", .help = "Adds an utterance, or changes its intent; in use from the next training on."},
    {METHOD_POST, "/api/v1/learning/utterances/drop", post_utterance_drop, .needs = TRAINERS, .body = drop_body,
     .tag = "Learning", .help = "Takes an utterance out."},
    {METHOD_GET, "/api/v1/learning/cases", get_cases, .needs = TRAINERS, .tag = "Learning",
     .help = "Settled cases, which every new version is held against."},
    {METHOD_POST, "/api/v1/learning/cases", post_case, .needs = TRAINERS, .body = case_body, .tag = "Learning",
     .help = "Adds a settled case, or changes it."},
    {METHOD_POST, "/api/v1/learning/cases/drop", post_case_drop, .needs = TRAINERS, .body = drop_body, .tag = "Learning",
     .help = "Takes a settled case out."},
};
const size_t teaching_route_count = COUNT(teaching_routes);
