/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of after-sale cases: one with its history and the caller's buttons, those of an order, steps by people, and a
 * buyer's own.
 *
 * Invariants   1. A buyer's routes take the buyer from the token's contact, never from the request.
 *              2. A crowd agent sees no case by itself: only what a conversation it has shows.
 */
#include "trade/action_api.h"

#include "account/contact.h"
#include "account/shop.h"
#include "base/id.h"
#include "base/limit.h"
#include "trade/action_card.h"
#include "trade/action_store.h"
#include "trade/case_card.h"
#include "trade/case_store.h"

#define DESK ((ROLES_DESK & ~(uint32_t)ROLE_CROWD) | (uint32_t)ROLE_STAFF)

enum { NOT_THERE = 1 };

struct reading {
    struct request *rq;
    int64_t case_id;
    struct str order_id, buyer;
    bool of_buyer;
    struct shop shop;
    struct case_row_stored *rows;
    size_t n;
    struct case_event_stored *events;
    size_t event_count;
    int64_t *evidence;
    size_t evidence_count;
};

static struct reply not_found(void)
{
    return reply_problem(404, "not_found", "There is no such case.");
}

static int read_one(struct tx *tx, void *arg)
{
    struct reading *r = arg;
    struct arena *a = r->rq->arena;
    int64_t tenant_id = r->rq->actor->tenant_id;
    r->rows = arena_new(a, struct case_row_stored);
    int rc = case_get(tx, a, tenant_id, r->case_id, r->rows);
    if (rc <= 0)
        return rc < 0 ? STORE_FAULT : NOT_THERE;
    if (shop_get(tx, a, tenant_id, &r->shop) != ACCOUNT_OK ||
        case_events(tx, a, tenant_id, r->case_id, &r->events, &r->event_count) < 0)
        return STORE_FAULT;
    return case_evidence_list(tx, a, tenant_id, r->case_id, &r->evidence, &r->evidence_count);
}

/** What the screen says beside the codes. */
static void texts_out(struct json_out *o, struct arena *a, const struct case_row_stored *row, const struct reading *r)
{
    struct str language = r->rq->actor->language;
    struct case_view v = {.language = language, .currency = r->shop.currency, .zone = r->shop.time_zone,
                          .now_ms = r->rq->now_ms};
    jo_kt(o, "type_text", case_type_text(row->c.type, language));
    jo_kt(o, "state_text", case_state_text(&row->c, language));
    jo_kt(o, "due_text", case_due_text(a, &row->c, &v));
}

static void buttons_out(struct json_out *o, const struct trade_case *c, enum case_actor actor)
{
    jo_key(o, "buttons");
    jo_array(o);
    for (size_t e = CASE_OPENED + 1; e < CASE_EVENTS; e++)
        if (e != CASE_TIMEOUT && case_may(c, (enum case_event)e, actor))
            jo_text(o, str_from(case_event_name((enum case_event)e)));
    jo_array_end(o);
}

static struct reply get_case(struct request *rq)
{
    struct reading r = {.rq = rq};
    if (!id_parse(rq->segment[0], &r.case_id))
        return not_found();
    int answer = store_read(rq->store, read_one, &r);
    if (answer == NOT_THERE)
        return not_found();
    if (answer != STORE_OK)
        return reply_fault();
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "case");
    case_card_full(&o, rq->arena, r.rows, r.events, r.event_count);
    texts_out(&o, rq->arena, r.rows, &r);
    buttons_out(&o, &r.rows->c, action_who(rq->actor).actor);
    jo_key(&o, "evidence");
    jo_array(&o);
    for (size_t i = 0; i < r.evidence_count; i++)
        jo_text(&o, str_fmt(rq->arena, "%lld", (long long)r.evidence[i]));
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- lists ---------------------------------------------------------------------------------------------------------------- */

/** Of a buyer only their own. */
static void keep_theirs(struct reading *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->n; i++)
        if (!r->of_buyer || (r->buyer.n > 0 && str_eq(r->rows[i].buyer, r->buyer)))
            r->rows[kept++] = r->rows[i];
    r->n = kept;
}

static int read_list(struct tx *tx, void *arg)
{
    struct reading *r = arg;
    struct arena *a = r->rq->arena;
    int64_t tenant_id = r->rq->actor->tenant_id;
    struct contact contact = {0};
    if (shop_get(tx, a, tenant_id, &r->shop) != ACCOUNT_OK)
        return STORE_FAULT;
    if (r->of_buyer && contact_get(tx, a, tenant_id, r->rq->actor->id, &contact) == ACCOUNT_FAULT)
        return STORE_FAULT;
    r->buyer = r->of_buyer ? contact.buyer : r->rq->query(r->rq, "buyer");
    int rc = r->order_id.n > 0 ? case_list_of_order(tx, a, tenant_id, r->order_id, &r->rows, &r->n)
             : r->buyer.n > 0  ? case_list_of_buyer(tx, a, tenant_id, r->buyer, LIMIT_PAGE, &r->rows, &r->n)
                               : STORE_OK;
    keep_theirs(r);
    return rc;
}

static struct reply list_reply(struct reading *r)
{
    if (store_read(r->rq->store, read_list, r) != STORE_OK)
        return reply_fault();
    struct buf b = {.arena = r->rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < r->n; i++) {
        jo_open(&o);
        jo_key(&o, "case");
        case_card(&o, &r->rows[i]);
        texts_out(&o, r->rq->arena, &r->rows[i], r);
        jo_close(&o);
    }
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

static struct reply get_cases(struct request *rq)
{
    struct reading r = {.rq = rq, .order_id = rq->query(rq, "order")};
    return list_reply(&r);
}

static struct reply get_widget_cases(struct request *rq)
{
    struct reading r = {.rq = rq, .order_id = rq->query(rq, "order"), .of_buyer = true};
    return list_reply(&r);
}

/* ---- steps ------------------------------------------------------------------------------------------------------------------ */

static struct reply post_event(struct request *rq)
{
    const json_t *b = rq->body;
    struct str key = json_str(b, "key").n > 0 ? json_str(b, "key") : rq->idempotency_key;
    struct action_request r = {
        .tenant_id = rq->actor->tenant_id, .action = ACTION_CASE_STEP, .who = action_who(rq->actor),
        .id = id_new(rq->now_ms), .amount_cents = json_int(b, "amount_cents", 0), .reason = json_str(b, "reason"),
        .seen_version = json_int(b, "seen_version", 0), .now_ms = rq->now_ms,
    };
    struct action_result ret;
    if (key.n > 0)
        r.key = str_fmt(rq->arena, "person/%lld/%.*s", (long long)rq->actor->id, STR_ARG(key));
    r.who.confirmed = json_flag(b, "confirmed", false);
    if (!id_parse(rq->segment[0], &r.case_id))
        return not_found();
    if (!case_event_from_name(json_str(b, "event"), &r.event))
        return reply_problem(422, "unknown_name", "`event` is a name of docs/cases.md.");
    action_do(rq->store, rq->arena, &r, &ret);
    if (ret.answer == ACTION_FAULT)
        return reply_fault();
    if (ret.why == ACTION_WHY_NOT_FOUND)
        return not_found();
    if (ret.case_answer == CASE_STALE)
        return reply_problem(409, "stale", "The case has changed since you saw it.");
    struct buf out = {.arena = rq->arena};
    struct json_out o = json_to(&out);
    action_card(&o, &r, &ret);
    return reply_json(&out);
}

/* ---- the table -------------------------------------------------------------------------------------------------------------- */

static const struct field list_query[] = {
    {"order", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "Of this order."},
    {"buyer", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "Of this buyer, newest first."},
    {0},
};

static const struct field own_query[] = {
    {"order", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "Of this order; else all, newest first."},
    {0},
};

static const struct field event_body[] = {
    {"event", FIELD_TEXT, true, 1, 40, NULL, "One of the case's `buttons`."},
    {"amount_cents", FIELD_INT, false, 0, INT64_C(1000000000000), NULL, "Of a change, a calculation or a ruling."},
    {"reason", FIELD_TEXT, false, 0, LIMIT_NOTE_CHARS, NULL, "For people; kept with the event."},
    {"seen_version", FIELD_INT, false, 0, INT64_C(1000000000), NULL, "Of the case, as the person sees it."},
    {"confirmed", FIELD_BOOL, false, 0, 0, NULL, "What will happen was shown and said yes to."},
    {"key", FIELD_TEXT, false, 0, LIMIT_CLIENT_ID, NULL, "Of this wish: under one key it is done once, for ever."},
    {0},
};

const struct route case_routes[] = {
    {METHOD_GET, "/api/v1/cases", get_cases, .needs = DESK, .query = list_query, .tag = "Cases",
     .help = "After-sale cases of an order or a buyer."},
    {METHOD_GET, "/api/v1/cases/:id", get_case, .needs = DESK, .tag = "Cases",
     .help = "A case: its history with who, why and by which rules, the next deadline, and what the caller may do."},
    {METHOD_POST, "/api/v1/cases/:id/events", post_event, .needs = DESK, .body = event_body, .tag = "Cases",
     .help = "A step on the shop's side; above the caller's limit it waits for a second person."},
    {METHOD_GET, "/api/v1/widget/cases", get_widget_cases, .needs = ROLE_BUYER, .query = own_query, .tag = "Buyer",
     .help = "The buyer's own cases."},
};
const size_t case_route_count = COUNT(case_routes);
