/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of canned replies.
 */
#include "desk/desk_api.h"

#include "base/id.h"
#include "base/limit.h"
#include "desk/canned_service.h"
#include "desk/desk_service.h"

static const shape canned_body = {
    {.name = "scope", .type = FIELD_CHOICE, .required = true, .choices = "shop|mine", .help = "For all, or one's own."},
    {.name = "group", .type = FIELD_TEXT, .max = 40, .help = "Heading under which it stands."},
    {.name = "title", .type = FIELD_TEXT, .required = true, .min = 1, .max = 60, .help = "What it is found by."},
    {.name = "text", .type = FIELD_TEXT, .required = true, .min = 1, .max = LIMIT_TEXT_CHARS,
     .help = "The reply; {buyer}, {agent} and {shop} are filled in when it is sent."},
    {0},
};
static const shape canned_gives = {
    {.name = "id", .type = FIELD_ID, .help = "Id of the reply."},
    {.name = "scope", .type = FIELD_CHOICE, .choices = "shop|mine", .help = "For all, or one's own."},
    {.name = "group", .type = FIELD_TEXT, .help = "Heading under which it stands."},
    {.name = "title", .type = FIELD_TEXT, .help = "What it is found by."},
    {.name = "text", .type = FIELD_TEXT, .help = "The reply."},
    {0},
};
static const shape list_gives = {
    {.name = "items", .type = FIELD_ARRAY, .help = "The shop's replies and one's own."},
    {0},
};

struct listing {
    struct request *rq;
    struct canned *list;
    size_t n;
};

static int read_list(struct tx *tx, void *arg)
{
    struct listing *w = arg;
    return canned_list(tx, w->rq->arena, w->rq->actor->tenant_id, w->rq->actor->id, &w->list, &w->n);
}

static void write_canned(struct json_out *o, const struct canned *c)
{
    jo_open(o);
    jo_kid(o, "id", c->id);
    jo_kc(o, "scope", c->person_id == 0 ? "shop" : "mine");
    jo_kt(o, "group", c->team);
    jo_kt(o, "title", c->title);
    jo_kt(o, "text", c->text);
    jo_close(o);
}

static struct reply get_canned(struct request *rq)
{
    struct listing w = {.rq = rq};
    if (store_read(rq->store, read_list, &w) < 0)
        return reply_fault();
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < w.n; i++)
        write_canned(&o, &w.list[i]);
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

static struct reply refused(enum canned_answer answer)
{
    switch (answer) {
    case CANNED_NOT_FOUND: return reply_problem(404, "not_found", "There is no such reply.");
    case CANNED_NOT_ALLOWED:
        return reply_problem(403, "not_allowed", "The shop's replies are changed by leaders, owners and trainers.");
    case CANNED_FULL: return reply_problem(409, "full", "There are 500 replies already; delete some first.");
    case CANNED_OK:
    case CANNED_FAULT: break;
    }
    return reply_fault();
}

static struct reply save(struct request *rq, int64_t id)
{
    struct canned c = {.id = id,
                       .person_id = str_eq_c(json_str(rq->body, "scope"), "shop") ? 0 : rq->actor->id,
                       .team = str_trim(json_str(rq->body, "group")),
                       .title = str_trim(json_str(rq->body, "title")),
                       .text = json_str(rq->body, "text")};
    enum canned_answer answer = canned_save(rq->store, rq->actor, &c, rq->now_ms);
    if (answer != CANNED_OK)
        return refused(answer);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    write_canned(&o, &c);
    return (struct reply){.status = id == 0 ? 201 : 200, .body = buf_view(&b)};
}

static struct reply post_canned(struct request *rq)
{
    return save(rq, 0);
}

static struct reply put_canned(struct request *rq)
{
    int64_t id;
    return id_parse(rq->segment[0], &id) ? save(rq, id) : refused(CANNED_NOT_FOUND);
}

static struct reply delete_canned(struct request *rq)
{
    int64_t id;
    if (!id_parse(rq->segment[0], &id))
        return refused(CANNED_NOT_FOUND);
    enum canned_answer answer = canned_drop(rq->store, rq->actor, id);
    return answer == CANNED_OK ? reply_status(204) : refused(answer);
}

const struct route canned_routes[] = {
    {METHOD_GET, "/api/v1/canned", get_canned, .needs = ROLES_PEOPLE, .gives = list_gives, .tag = "Canned replies",
     .help = "The shop's canned replies and one's own."},
    {METHOD_POST, "/api/v1/canned", post_canned, .needs = ROLES_PEOPLE, .body = canned_body, .gives = canned_gives,
     .tag = "Canned replies", .help = "A new canned reply."},
    {METHOD_PUT, "/api/v1/canned/:id", put_canned, .needs = ROLES_PEOPLE, .body = canned_body,
     .gives = canned_gives, .tag = "Canned replies", .help = "Changes a canned reply."},
    {METHOD_DELETE, "/api/v1/canned/:id", delete_canned, .needs = ROLES_PEOPLE, .tag = "Canned replies",
     .help = "Deletes a canned reply."},
};
const size_t canned_route_count = COUNT(canned_routes);
