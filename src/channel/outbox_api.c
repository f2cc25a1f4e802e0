/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of the outbox.
 */
#include "channel/outbox_api.h"

#include "account/actor.h"
#include "account/audit.h"
#include "base/id.h"
#include "base/limit.h"
#include "channel/mail_out.h"
#include "channel/sms_out.h"
#include "trade/order.h"

enum { PAGE = 50, NOT_THERE = 1 };

/* ---- the list ----------------------------------------------------------------------------------------------------------- */

struct listing {
    struct request *rq;
    enum outbox_state state;
    int64_t before_id;
    int limit;
    struct outbox_item *items;
    size_t n;
};

static int read_list(struct tx *tx, void *arg)
{
    struct listing *l = arg;
    return outbox_list(tx, l->rq->arena, l->rq->actor->tenant_id, l->state, l->before_id, l->limit + 1, &l->items, &l->n);
}

static void write_item(struct json_out *o, struct arena *a, const struct outbox_item *i)
{
    jo_open(o);
    jo_kid(o, "id", i->id);
    jo_kc(o, "kind", outbox_kind_name(i->kind));
    jo_kc(o, "state", outbox_state_name(i->state));
    jo_kt(o, "subject", i->subject);
    jo_kt(o, "to", i->kind == OUTBOX_MAIL ? mail_mask(a, i->to) : mask_phone(a, i->to));
    jo_kn(o, "attempts", i->attempts);
    jo_kt(o, "error", i->error);
    jo_kt(o, "report", i->report);
    jo_kat(o, "created_at", i->created_ms);
    jo_kat(o, "due_at", i->state == OUTBOX_WAITING ? i->due_ms : 0);
    jo_kat(o, "settled_at", i->settled_ms);
    jo_close(o);
}

static struct reply get_outbox(struct request *rq)
{
    struct listing l = {.rq = rq, .state = OUTBOX_DEAD, .limit = PAGE};
    int64_t limit;
    struct str state = rq->query(rq, "state"), cursor = rq->query(rq, "cursor");
    if (state.n > 0 && !outbox_state_from_name(state, &l.state))
        return reply_problem(422, "bad_state", "`state` is one of waiting, sent, dead, dropped.");
    if (cursor.n > 0 && !id_parse(cursor, &l.before_id))
        return reply_problem(422, "bad_cursor", "Take `cursor` from the `next` of an earlier answer.");
    if (str_int(rq->query(rq, "limit"), &limit))
        l.limit = (int)limit;
    if (store_read(rq->store, read_list, &l) != STORE_OK)
        return reply_fault();
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    size_t shown = MIN(l.n, (size_t)l.limit);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < shown; i++)
        write_item(&o, rq->arena, &l.items[i]);
    jo_array_end(&o);
    if (l.n > shown)
        jo_kid(&o, "next", l.items[shown - 1].id);
    else
        jo_kc(&o, "next", NULL);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- again, or never ---------------------------------------------------------------------------------------------------- */

struct deed {
    struct request *rq;
    int64_t id;
    bool retry;
    struct outbox_item item;
};

static int do_deed(struct tx *tx, void *arg)
{
    struct deed *d = arg;
    const struct actor *who = d->rq->actor;
    struct arena *a = d->rq->arena;
    int rc = d->retry ? outbox_retry(tx, who->tenant_id, d->id, d->rq->now_ms)
                      : outbox_drop(tx, who->tenant_id, d->id, d->rq->now_ms);
    if (rc <= 0)
        return rc < 0 ? STORE_FAULT : NOT_THERE;
    if (outbox_get(tx, a, who->tenant_id, d->id, &d->item) <= 0)
        return STORE_FAULT;
    enum account_answer noted =
        audit_add(tx, who->tenant_id, d->rq->now_ms, str_fmt(a, "person:%lld", (long long)who->id),
                  d->retry ? "outbox_retried" : "outbox_dropped", str_fmt(a, "outbox:%lld", (long long)d->id), STR_NONE);
    return noted == ACCOUNT_OK ? STORE_OK : STORE_FAULT;
}

static struct reply decide(struct request *rq, bool retry)
{
    struct deed d = {.rq = rq, .retry = retry};
    int rc = id_parse(rq->segment[0], &d.id) ? store_write(rq->store, do_deed, &d) : NOT_THERE;
    if (rc == NOT_THERE)
        return reply_problem(404, "not_found", "There is no dead item of that id; it may be on its way again.");
    if (rc != STORE_OK)
        return reply_fault();
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    write_item(&o, rq->arena, &d.item);
    return reply_json(&b);
}

static struct reply post_retry(struct request *rq)
{
    return decide(rq, true);
}

static struct reply post_drop(struct request *rq)
{
    return decide(rq, false);
}

/* ---- what the gateway says ---------------------------------------------------------------------------------------------- */

struct reporting {
    int64_t tenant_id, id;
    const char *report;
    bool last_word;
};

static int store_report(struct tx *tx, void *arg)
{
    const struct reporting *r = arg;
    return outbox_report(tx, r->tenant_id, r->id, str_from(r->report), r->last_word) < 0 ? STORE_FAULT : STORE_OK;
}

static struct reply get_report(struct request *rq)
{
    struct reporting r;
    int64_t type;
    if (!sms_report_read(rq->arena, rq->segment[0], &r.tenant_id, &r.id))
        return reply_problem(404, "not_found", "No report was asked for under this address.");
    r.report = str_int(rq->query(rq, "type"), &type) ? sms_report_name(type) : NULL;
    if (r.report == NULL)
        return reply_problem(422, "bad_type", "`type` is 1, 2, 4, 8 or 16.");
    r.last_word = type == 1 || type == 2 || type == 16;
    return store_write(rq->store, store_report, &r) == STORE_OK ? reply_status(204) : reply_fault();
}

/* ---- table -------------------------------------------------------------------------------------------------------------- */

static shape list_query = {
    {"state", FIELD_CHOICE, .choices = "waiting|sent|dead|dropped", .help = "default: dead"},
    {"cursor", FIELD_ID, .help = "`next` of an earlier answer"},
    {"limit", FIELD_INT, .min = 1, .max = LIMIT_PAGE, .help = "default: 50"},
    {0},
};
static shape report_query = {
    {"type", FIELD_INT, .required = true, .min = 1, .max = 16, .help = "what became of it: 1 2 4 8 16"}, {0}};
static shape list_gives = {{"items", FIELD_ARRAY, .required = true, .help = "newest first; recipients masked"},
                           {"next", FIELD_TEXT, .help = "cursor of the next page, or null"},
                           {0}};
static shape item_gives = {{"id", FIELD_ID, .required = true},
                           {"kind", FIELD_CHOICE, .required = true, .choices = "mail|sms|shop"},
                           {"state", FIELD_CHOICE, .required = true, .choices = "waiting|sent|dead|dropped"},
                           {"subject", FIELD_TEXT, .help = "what it is about"},
                           {"to", FIELD_TEXT, .help = "masked"},
                           {"attempts", FIELD_INT, .help = "tries so far"},
                           {"error", FIELD_TEXT, .help = "what the last try met"},
                           {"report", FIELD_TEXT, .help = "what the gateway said of it later"},
                           {"created_at", FIELD_TEXT, .help = "RFC 3339"},
                           {"due_at", FIELD_TEXT, .help = "next try"},
                           {"settled_at", FIELD_TEXT, .help = "sent, dead or given up since"},
                           {0}};

#define LEADERS ((uint32_t)(ROLE_LEADER | ROLE_OWNER))

const struct route outbox_routes[] = {
    {METHOD_GET, "/api/v1/outbox", get_outbox, .needs = LEADERS, .query = list_query, .gives = list_gives, .tag = "Outbox",
     .help = "Mail, SMS and wishes to the shop's system that wait, were sent, or cannot be sent, and why."},
    {METHOD_POST, "/api/v1/outbox/:id/retry", post_retry, .needs = LEADERS, .gives = item_gives, .tag = "Outbox",
     .help = "Sends a dead item on its way again."},
    {METHOD_POST, "/api/v1/outbox/:id/drop", post_drop, .needs = LEADERS, .gives = item_gives, .tag = "Outbox",
     .help = "Gives a dead item up."},
    {METHOD_GET, "/api/v1/sms/reports/:token", get_report, .query = report_query, .tag = "Outbox",
     .help = "An SMS gateway reports what became of a message; the path was given to it with the message."},
};
const size_t outbox_route_count = COUNT(outbox_routes);
