/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of open cases, soonest deadline first, for people at work. One case and its steps: trade/case_api.c.
 */
#include "desk/case_list_api.h"

#include "account/actor.h"
#include "account/shop.h"
#include "base/id.h"
#include "base/limit.h"
#include "desk/case_list_store.h"
#include "trade/case_card.h"

enum { PAGE_DEFAULT = 50 };

struct listing {
    struct request *rq;
    struct case_list_cursor after;
    int limit;
    struct shop shop;
    struct case_row_stored *rows;
    size_t n;
};

static int read_open(struct tx *tx, void *arg)
{
    struct listing *l = arg;
    int64_t tenant = l->rq->actor->tenant_id;
    if (shop_get(tx, l->rq->arena, tenant, &l->shop) != ACCOUNT_OK)
        return STORE_FAULT;
    return case_list_open(tx, l->rq->arena, tenant, &l->after, l->limit + 1, &l->rows, &l->n);
}

/* "due_ms.id" of the last one looked at. */
static bool read_cursor(struct str cursor, struct case_list_cursor *ret)
{
    struct str head;
    if (cursor.n == 0)
        return true;
    return str_cut(&cursor, '.', &head) && str_int(head, &ret->due_ms) && id_parse(cursor, &ret->id);
}

/* Whose move it is; the platform's and the system's count to neither side. */
static bool is_wanted(struct str waits, const struct trade_case *c)
{
    enum case_actor owner = case_state_owner(c->state);
    if (str_eq_c(waits, "shop"))
        return owner == CASE_AGENT && c->pause == CASE_RUNNING;
    if (str_eq_c(waits, "buyer"))
        return owner == CASE_BUYER || c->pause == CASE_AWAITS_EVIDENCE;
    return true;
}

static void write_row(struct json_out *o, struct listing *l, const struct case_row_stored *row)
{
    struct str language = l->rq->actor->language;
    struct case_view v = {.language = language, .currency = l->shop.currency, .zone = l->shop.time_zone,
                          .now_ms = l->rq->now_ms};
    jo_open(o);
    jo_key(o, "case");
    case_card(o, row);
    jo_kt(o, "type_text", case_type_text(row->c.type, language));
    jo_kt(o, "state_text", case_state_text(&row->c, language));
    jo_kt(o, "due_text", case_due_text(l->rq->arena, &row->c, &v));
    jo_close(o);
}

static struct reply get_open(struct request *rq)
{
    struct listing l = {.rq = rq, .limit = PAGE_DEFAULT};
    struct str waits = rq->query(rq, "waits");
    int64_t limit;
    if (str_int(rq->query(rq, "limit"), &limit))
        l.limit = (int)limit;
    if (!read_cursor(rq->query(rq, "cursor"), &l.after))
        return reply_problem(422, "bad_cursor", "Take `cursor` from the `next` of an earlier answer.");
    if (store_read(rq->store, read_open, &l) != STORE_OK)
        return reply_fault();
    size_t n = MIN(l.n, (size_t)l.limit);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++) {
        if (is_wanted(waits, &l.rows[i].c))
            write_row(&o, &l, &l.rows[i]);
    }
    jo_array_end(&o);
    jo_key(&o, "next");
    if (l.n > n)
        jo_text(&o, str_fmt(rq->arena, "%lld.%lld", (long long)l.rows[n - 1].c.due_ms, (long long)l.rows[n - 1].id));
    else
        jo_null(&o);
    jo_close(&o);
    return reply_json(&b);
}

static const shape list_query = {
    {.name = "waits", .type = FIELD_CHOICE, .choices = "shop|buyer|all", .help = "Whose move it is; all unless told."},
    {.name = "cursor", .type = FIELD_TEXT, .max = 60, .help = "The `next` of an earlier answer."},
    {.name = "limit", .type = FIELD_INT, .min = 1, .max = LIMIT_PAGE, .help = "Cases looked at, 50 unless told."},
    {0},
};
static const shape list_gives = {
    {.name = "items", .type = FIELD_ARRAY, .help = "Cases with the words for people."},
    {.name = "next", .type = FIELD_TEXT, .help = "Cursor of the next page, or null; a page may be short."},
    {0},
};

const struct route case_list_routes[] = {
    {METHOD_GET, "/api/v1/case-list", get_open, .needs = (ROLES_DESK & ~(uint32_t)ROLE_CROWD) | (uint32_t)ROLE_STAFF,
     .query = list_query, .gives = list_gives, .tag = "Cases", .help = "Open cases, soonest deadline first."},
};
const size_t case_list_route_count = COUNT(case_list_routes);
