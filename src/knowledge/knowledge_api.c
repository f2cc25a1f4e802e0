/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of knowledge.
 */
#include "knowledge/knowledge_api.h"

#include "account/actor.h"
#include "base/limit.h"
#include "knowledge/knowledge_store.h"

enum { SUGGESTIONS = 6 };

static struct knowledge_cache *bases(const struct request *rq)
{
    const struct knowledge_room *room = rq->room;
    return room->bases;
}

/* ---- suggestions ---------------------------------------------------------------------------------------------------- */

struct suggesting {
    struct request *rq;
    const struct knowledge_base *base; /* held */
};

static int read_base(struct tx *tx, void *arg)
{
    struct suggesting *s = arg;
    s->base = knowledge_hold(bases(s->rq), tx, s->rq->actor->tenant_id);
    return s->base != NULL ? STORE_OK : STORE_FAULT;
}

static struct reply get_suggest(struct request *rq)
{
    struct suggesting s = {.rq = rq};
    struct knowledge_context ctx = {.now_ms = rq->now_ms, .language = rq->actor->language, .channel = STR("web")};
    struct str items[SUGGESTIONS];
    if (store_read(rq->store, read_base, &s) != STORE_OK)
        return reply_fault();
    size_t n = knowledge_suggest(s.base, rq->arena, str_trim(rq->query(rq, "q")), &ctx, items, SUGGESTIONS);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++)
        jo_text(&o, items[i]);
    jo_array_end(&o);
    jo_close(&o);
    knowledge_release(bases(rq), s.base);
    return reply_json(&b);
}

/* ---- entries -------------------------------------------------------------------------------------------------------- */

struct listing {
    struct request *rq;
    int limit;
    struct entry *entries;
    size_t n;
};

static int read_page(struct tx *tx, void *arg)
{
    struct listing *l = arg;
    struct request *rq = l->rq;
    return knowledge_page(tx, rq->arena, rq->actor->tenant_id, str_trim(rq->query(rq, "q")), rq->query(rq, "cursor"),
                          l->limit + 1, &l->entries, &l->n);
}

static void write_texts(struct json_out *o, const char *key, const struct texts *list)
{
    jo_key(o, key);
    jo_array(o);
    for (size_t i = 0; i < list->n; i++)
        jo_text(o, list->v[i]);
    jo_array_end(o);
}

static void write_conditions(struct json_out *o, const struct conditions *c)
{
    const struct {
        const char *name;
        const struct texts *list;
    } members[] = {
        {"order_status", &c->order_status}, {"product", &c->product}, {"category", &c->category},
        {"language", &c->language},         {"channel", &c->channel}, {"tag", &c->tag},
    };
    jo_key(o, "conditions");
    jo_open(o);
    for (size_t i = 0; i < COUNT(members); i++)
        if (members[i].list->n > 0)
            write_texts(o, members[i].name, members[i].list);
    jo_close(o);
}

static void write_entry(struct json_out *o, const struct entry *e)
{
    jo_open(o);
    jo_kt(o, "id", e->id);
    jo_kc(o, "layer", layer_name(e->layer));
    jo_kt(o, "question", e->question);
    write_texts(o, "similar", &e->similar);
    jo_kt(o, "answer", e->answer);
    write_conditions(o, &e->conditions);
    jo_kat(o, "valid_from", e->valid_from_ms);
    jo_kat(o, "valid_to", e->valid_to_ms);
    jo_kb(o, "override", e->overrides);
    jo_kn(o, "version", e->version);
    jo_kat(o, "changed_at", e->changed_ms);
    jo_close(o);
}

static struct reply get_knowledge(struct request *rq)
{
    int64_t limit;
    struct listing l = {.rq = rq, .limit = str_int(rq->query(rq, "limit"), &limit) ? (int)limit : 50};
    if (store_read(rq->store, read_page, &l) != STORE_OK)
        return reply_fault();
    size_t n = MIN(l.n, (size_t)l.limit);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++)
        write_entry(&o, &l.entries[i]);
    jo_array_end(&o);
    jo_key(&o, "next");
    if (l.n > n)
        jo_text(&o, l.entries[n - 1].id);
    else
        jo_null(&o);
    jo_close(&o);
    return reply_json(&b);
}

static const struct field suggest_query[] = {
    {"q", FIELD_TEXT, true, 1, LIMIT_NAME_CHARS, NULL, "What the buyer has typed so far."},
    {0},
};

static const struct field knowledge_query[] = {
    {"q", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "Words of a question or an answer."},
    {"cursor", FIELD_TEXT, false, 0, 64, NULL, "The `next` of an earlier answer."},
    {"limit", FIELD_INT, false, 1, LIMIT_PAGE, NULL, "Items, 50 unless told."},
    {0},
};

const struct route knowledge_routes[] = {
    {METHOD_GET, "/api/v1/widget/suggest", get_suggest, .needs = ROLE_BUYER, .query = suggest_query, .tag = "Buyer",
     .help = "Questions that the shop has an answer to, for a text that is being typed."},
    {METHOD_GET, "/api/v1/knowledge", get_knowledge, .needs = ROLES_PEOPLE, .query = knowledge_query,
     .tag = "Knowledge", .help = "Questions and answers of the shop, in order of ids."},
};
const size_t knowledge_route_count = COUNT(knowledge_routes);
