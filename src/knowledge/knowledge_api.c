/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of knowledge.
 */
#include "knowledge/knowledge_api.h"

#include "account/actor.h"
#include "base/limit.h"
#include "knowledge/answer_day.h"
#include "knowledge/knowledge_json.h"
#include "knowledge/knowledge_service.h"

enum { USED_DAYS = 7 };

/* ---- entries -------------------------------------------------------------------------------------------------------- */

struct listing {
    struct request *rq;
    struct knowledge_filter filter;
    int limit;
    struct entry *entries;
    size_t n;
};

static int read_page(struct tx *tx, void *arg)
{
    struct listing *l = arg;
    struct request *rq = l->rq;
    return knowledge_page(tx, rq->arena, rq->actor->tenant_id, &l->filter, rq->query(rq, "cursor"), l->limit + 1,
                          &l->entries, &l->n);
}

static struct reply get_knowledge(struct request *rq)
{
    int64_t limit;
    struct str state = rq->query(rq, "state");
    struct listing l = {
        .rq = rq,
        .filter = {.text = str_trim(rq->query(rq, "q")), .layer = rq->query(rq, "layer"),
                   .archived = str_eq_c(state, "archived"), .past_ms = str_eq_c(state, "over") ? rq->now_ms : 0},
        .limit = str_int(rq->query(rq, "limit"), &limit) ? (int)limit : 50,
    };
    struct answer_counts used;
    if (store_read(rq->store, read_page, &l) != STORE_OK ||
        answer_counts_read(rq->store, rq->arena, rq->actor->tenant_id, USED_DAYS, rq->now_ms, &used) != STORE_OK)
        return reply_fault();
    size_t n = MIN(l.n, (size_t)l.limit);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++) {
        struct answer_count count = answer_count_of(&used, l.entries[i].id);
        jo_open(&o);
        knowledge_entry_members(&o, &l.entries[i], rq->now_ms);
        knowledge_used(&o, &count);
        jo_close(&o);
    }
    jo_array_end(&o);
    jo_key(&o, "next");
    if (l.n > n)
        jo_text(&o, l.entries[n - 1].id);
    else
        jo_null(&o);
    jo_close(&o);
    return reply_json(&b);
}

struct one {
    struct request *rq;
    struct entry entry;
    struct entry_version *versions;
    size_t n;
};

static int read_one(struct tx *tx, void *arg)
{
    struct one *w = arg;
    int64_t tenant_id = w->rq->actor->tenant_id;
    int found = knowledge_get(tx, w->rq->arena, tenant_id, w->rq->segment[0], &w->entry);
    if (found <= 0)
        return found < 0 ? STORE_FAULT : KNOWLEDGE_MISSING;
    return knowledge_versions(tx, w->rq->arena, tenant_id, w->rq->segment[0], &w->versions, &w->n);
}

static struct reply get_entry(struct request *rq)
{
    struct one w = {.rq = rq};
    struct answer_counts used;
    int rc = store_read(rq->store, read_one, &w);
    if (rc == KNOWLEDGE_MISSING)
        return reply_problem(404, "not_found", "There is no such entry.");
    if (rc != STORE_OK ||
        answer_counts_read(rq->store, rq->arena, rq->actor->tenant_id, USED_DAYS, rq->now_ms, &used) != STORE_OK)
        return reply_fault();
    struct answer_count count = answer_count_of(&used, w.entry.id);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    knowledge_entry_members(&o, &w.entry, rq->now_ms);
    knowledge_used(&o, &count);
    jo_key(&o, "versions");
    jo_array(&o);
    for (size_t i = 0; i < w.n; i++)
        knowledge_version_object(&o, &w.versions[i], rq->now_ms);
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

static const struct field knowledge_query[] = {
    {"q", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "Words of a question or an answer."},
    {"layer", FIELD_CHOICE, false, 0, 0, "emergency|industry|shop|product|activity|policy|small_talk", "Of that layer."},
    {"state", FIELD_CHOICE, false, 0, 0, "in_use|over|archived",
     "In use (unless told), in use but past their days, or taken out of use."},
    {"cursor", FIELD_TEXT, false, 0, 64, NULL, "The `next` of an earlier answer."},
    {"limit", FIELD_INT, false, 1, LIMIT_PAGE, NULL, "Items, 50 unless told."},
    {0},
};

const struct route knowledge_routes[] = {
    {METHOD_GET, "/api/v1/knowledge", get_knowledge, .needs = ROLES_PEOPLE, .query = knowledge_query,
     .tag = "Knowledge", .help = "Questions and answers of the shop, in order of ids, each with how it was used in the last seven days."},
    {METHOD_GET, "/api/v1/knowledge/:id", get_entry, .needs = ROLES_PEOPLE, .tag = "Knowledge",
     .help = "One entry with every state that it had, newest first."},
};
const size_t knowledge_route_count = COUNT(knowledge_routes);
