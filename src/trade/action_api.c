/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of actions.
 *
 * How          A body becomes a request; action_try() or action_do() says what comes of it. A refusal is an answer like any
 *              other (200 with `answer` and `why`), so that a screen can say it beside the button.
 * Invariants   1. Who acts is the signed-in person, never the body.
 *              2. The key of a wish is the person's own: nobody reads the result of another's.
 */
#include "trade/action_api.h"

#include "base/id.h"
#include "base/limit.h"
#include "trade/action_card.h"
#include "trade/action_store.h"

#define DESK     (ROLES_DESK | (uint32_t)ROLE_STAFF)
#define APPROVER ((uint32_t)(ROLE_LEADER | ROLE_OWNER | ROLE_STAFF))

struct case_who action_who(const struct actor *actor)
{
    enum case_actor as = CASE_CROWD;
    if ((actor->roles & (ROLE_LEADER | ROLE_OWNER)) != 0)
        as = CASE_LEADER;
    else if ((actor->roles & ROLE_STAFF) != 0)
        as = CASE_STAFF;
    else if ((actor->roles & ROLE_AGENT) != 0)
        as = CASE_AGENT;
    return (struct case_who){.actor = as, .person_id = actor->id};
}

static struct reply result_reply(struct request *rq, const struct action_request *r, const struct action_result *ret)
{
    if (ret->answer == ACTION_FAULT)
        return reply_fault();
    if (ret->why == ACTION_WHY_NOT_FOUND)
        return reply_problem(404, "not_found", "There is no such order or case.");
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    action_card(&o, r, ret);
    return reply_json(&b);
}

/* ---- doing one ------------------------------------------------------------------------------------------------------------ */

static struct str evidence_of(struct arena *a, const json_t *list)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (i > 0)
            buf_char(&b, ',');
        buf_str(&b, json_text(json_array_get(list, i)));
    }
    return buf_view(&b);
}

static struct address address_in(const json_t *o)
{
    return (struct address){json_str(o, "name"), json_str(o, "phone"), json_str(o, "region"), json_str(o, "detail")};
}

/** An address has four texts of a line each. */
static bool address_is_ok(const json_t *o)
{
    struct address at = address_in(o);
    const struct str parts[] = {at.name, at.phone, at.region, at.detail};
    for (size_t i = 0; i < COUNT(parts); i++)
        if (str_code_points(parts[i]) > LIMIT_NAME_CHARS)
            return false;
    return true;
}

/** The key of a wish belongs to who wishes. */
static struct str key_of(const struct request *rq)
{
    struct str key = json_str(rq->body, "key");
    if (key.n == 0)
        key = rq->idempotency_key;
    return key.n > 0 ? str_fmt(rq->arena, "person/%lld/%.*s", (long long)rq->actor->id, STR_ARG(key)) : STR_NONE;
}

/** Reads the body. False with a reply when it is not right. */
static bool read_body(struct request *rq, struct action_request *ret, struct reply *ret_reply)
{
    const json_t *b = rq->body, *address = json_object_get(b, "address");
    struct action_request r = {
        .tenant_id = rq->actor->tenant_id, .who = action_who(rq->actor), .key = key_of(rq), .id = id_new(rq->now_ms),
        .order_id = rq->segment[0], .sub_id = json_str(b, "sub_order"), .address = address_in(address),
        .sku = json_str(b, "sku"), .text = json_str(b, "text"), .tax_id = json_str(b, "tax_id"),
        .reason = json_str(b, "reason"), .says_received = json_flag(b, "received", false),
        .says_not_received = json_flag(b, "not_received", false), .quantity = json_int(b, "quantity", 0),
        .amount_cents = json_int(b, "amount_cents", 0), .evidence = evidence_of(rq->arena, json_object_get(b, "evidence")),
        .seen_version = json_int(b, "seen_version", 0), .now_ms = rq->now_ms,
    };
    r.who.confirmed = json_flag(b, "confirmed", false);
    bool named = action_from_name(json_str(b, "action"), &r.action) &&
                 (json_str(b, "type").n == 0 || case_type_from_name(json_str(b, "type"), &r.type)) &&
                 (json_str(b, "event").n == 0 || case_event_from_name(json_str(b, "event"), &r.event));
    bool ids = (json_str(b, "case").n == 0 || id_parse(json_str(b, "case"), &r.case_id)) &&
               (json_str(b, "conversation").n == 0 || id_parse(json_str(b, "conversation"), &r.conversation_id));
    if (!named)
        *ret_reply = reply_problem(422, "unknown_name", "`action`, `type` and `event` are names of the API reference.");
    else if (!ids || !address_is_ok(address))
        *ret_reply = reply_problem(422, "bad_value", "An id or a part of the address is not right.");
    else
        *ret = r;
    return named && ids && address_is_ok(address);
}

struct trying {
    struct request *rq;
    const struct action_request *r;
    struct action_result *ret;
};

static int try_in(struct tx *tx, void *arg)
{
    struct trying *t = arg;
    action_try(tx, t->rq->arena, t->r, t->ret);
    return STORE_OK;
}

static struct reply post_action(struct request *rq)
{
    struct action_request r;
    struct action_result ret = {.answer = ACTION_FAULT};
    struct reply wrong;
    if (!read_body(rq, &r, &wrong))
        return wrong;
    struct trying t = {rq, &r, &ret};
    if (!json_flag(rq->body, "only_try", false))
        action_do(rq->store, rq->arena, &r, &ret);
    else if (store_read(rq->store, try_in, &t) != STORE_OK)
        return reply_fault();
    return result_reply(rq, &r, &ret);
}

/* ---- what may be done, and what was ----------------------------------------------------------------------------------------- */

#define LOGGED 50

struct listing {
    struct request *rq;
    struct action_request r;
    struct action_result results[ACTIONS];
    struct action_logged *rows;
    size_t n;
    enum action_status status;
    int64_t before_id;
    int limit;
};

static int read_order_actions(struct tx *tx, void *arg)
{
    struct listing *l = arg;
    for (size_t i = ACTION_NONE + 1; i < ACTIONS; i++) {
        l->r.action = (enum action)i;
        action_try(tx, l->rq->arena, &l->r, &l->results[i]);
        if (l->results[i].answer == ACTION_FAULT)
            return STORE_FAULT;
    }
    return action_list_of_order(tx, l->rq->arena, l->r.tenant_id, l->r.order_id, LOGGED, &l->rows, &l->n);
}

static void logged_out(struct json_out *o, const struct action_logged *l)
{
    _cleanup_(json_donep) json_t *request = json_read(l->request, NULL), *result = json_read(l->result, NULL);
    jo_open(o);
    jo_kid(o, "id", l->id);
    jo_kc(o, "action", action_name(l->action));
    jo_kc(o, "status", action_status_name(l->status));
    jo_kc(o, "why", l->why != ACTION_WHY_NONE ? action_why_name(l->why) : NULL);
    jo_kc(o, "actor", case_actor_name(l->actor));
    jo_kid(o, "person", l->person_id);
    jo_kt(o, "buyer", l->buyer);
    jo_kid(o, "conversation", l->conversation_id);
    jo_kt(o, "order", l->order_id);
    jo_kid(o, "case", l->case_id);
    jo_kid(o, "work_order", l->work_order_id);
    jo_kt(o, "ticket", json_str(result, "ticket"));
    jo_kn(o, "amount_cents", l->amount_cents);
    jo_kt(o, "event", l->action == ACTION_CASE_STEP ? json_str(request, "event") : STR_NONE);
    jo_kt(o, "reason", json_str(request, "reason"));
    bool words = l->action == ACTION_COMPLAINT_OPEN || l->action == ACTION_GOODWILL; // those of others may hold an address
    jo_kt(o, "text", words ? json_str(request, "text") : STR_NONE);
    jo_kid(o, "second_person", l->second_id);
    jo_kat(o, "at", l->at_ms);
    jo_kat(o, "settled_at", l->settled_ms);
    jo_key(o, "rules");
    jo_raw(o, l->rules);
    jo_close(o);
}

/** A button: what would be asked for next, or why it cannot be. */
static void may_out(struct json_out *o, enum action a, const struct action_result *ret)
{
    bool may = ret->answer != ACTION_REFUSED;
    jo_open(o);
    jo_kc(o, "action", action_name(a));
    jo_kb(o, "may", may);
    jo_kb(o, "confirm", action_row(a)->confirm);
    jo_kc(o, "answer", action_answer_name(ret->answer));
    jo_kc(o, "why", may ? NULL : action_why_name(ret->why));
    jo_kc(o, "case_answer", ret->case_answer != CASE_OK ? case_answer_name(ret->case_answer) : NULL);
    jo_kc(o, "slot", ret->slot);
    jo_kt(o, "ticket", ret->ticket);
    jo_kat(o, "due_at", ret->due_ms);
    jo_kn(o, "amount_cents", ret->amount_cents);
    jo_close(o);
}

static struct reply get_order_actions(struct request *rq)
{
    struct listing *l = arena_new(rq->arena, struct listing);
    l->rq = rq;
    l->r = (struct action_request){.tenant_id = rq->actor->tenant_id, .who = action_who(rq->actor),
                                   .order_id = rq->segment[0], .now_ms = rq->now_ms};
    struct str conversation = rq->query(rq, "conversation");
    if (conversation.n > 0 && !id_parse(conversation, &l->r.conversation_id))
        return reply_problem(422, "bad_value", "`conversation` is an id.");
    if (store_read(rq->store, read_order_actions, l) != STORE_OK)
        return reply_fault();
    if (!l->results[ACTION_COMPENSATION_LOOKUP].has_order)
        return reply_problem(404, "not_found", "There is no such order.");
    bool may_see = l->results[ACTION_COMPENSATION_LOOKUP].why != ACTION_WHY_ROLE;
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = ACTION_NONE + 1; i < ACTIONS; i++)
        may_out(&o, (enum action)i, &l->results[i]);
    jo_array_end(&o);
    jo_key(&o, "done");
    jo_array(&o);
    for (size_t i = 0; may_see && i < l->n; i++)
        logged_out(&o, &l->rows[i]);
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

static int read_actions(struct tx *tx, void *arg)
{
    struct listing *l = arg;
    return action_list(tx, l->rq->arena, l->rq->actor->tenant_id, l->status, l->before_id, l->limit + 1, &l->rows, &l->n);
}

static struct reply get_actions(struct request *rq)
{
    struct listing *l = arena_new(rq->arena, struct listing);
    int64_t limit = 20;
    l->rq = rq;
    l->status = ACTION_IS_WAITING;
    struct str status = rq->query(rq, "status"), cursor = rq->query(rq, "cursor");
    if (status.n > 0 && !action_status_from_name(status, &l->status))
        return reply_problem(422, "bad_value", "`status` is done, pending, waiting, refused or rejected.");
    if (cursor.n > 0 && !id_parse(cursor, &l->before_id))
        return reply_problem(422, "bad_cursor", "Take `cursor` from the `next` of an earlier answer.");
    l->limit = str_int(rq->query(rq, "limit"), &limit) ? (int)limit : 20;
    if (store_read(rq->store, read_actions, l) != STORE_OK)
        return reply_fault();
    size_t n = MIN(l->n, (size_t)l->limit);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++)
        logged_out(&o, &l->rows[i]);
    jo_array_end(&o);
    jo_key(&o, "next");
    if (l->n > n)
        jo_text(&o, str_fmt(rq->arena, "%lld", (long long)l->rows[n - 1].id));
    else
        jo_null(&o);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- the second person --------------------------------------------------------------------------------------------------------- */

static bool read_second(struct request *rq, struct action_request *ret)
{
    *ret = (struct action_request){.tenant_id = rq->actor->tenant_id, .who = action_who(rq->actor), .now_ms = rq->now_ms};
    return id_parse(rq->segment[0], &ret->approves);
}

/** A second person that may not be one is told so as a problem. */
static struct reply second_reply(struct request *rq, const struct action_request *r, const struct action_result *ret)
{
    if (ret->why == ACTION_WHY_ROLE)
        return reply_problem(403, "forbidden", "Somebody else than who asked has to say this: a leader.");
    if (ret->why == ACTION_WHY_STATUS)
        return reply_problem(409, "settled", "It does not wait any more.");
    return result_reply(rq, r, ret);
}

static struct reply post_approve(struct request *rq)
{
    struct action_request r;
    struct action_result ret;
    if (!read_second(rq, &r))
        return reply_problem(404, "not_found", "There is no such action.");
    action_do(rq->store, rq->arena, &r, &ret);
    return second_reply(rq, &r, &ret);
}

struct rejecting {
    struct request *rq;
    const struct action_request *r;
    struct action_result *ret;
};

static int reject_in(struct tx *tx, void *arg)
{
    struct rejecting *j = arg;
    action_reject_in(tx, j->rq->arena, j->r, json_str(j->rq->body, "reason"), j->ret);
    return j->ret->answer == ACTION_FAULT ? STORE_FAULT : STORE_OK;
}

static struct reply post_reject(struct request *rq)
{
    struct action_request r;
    struct action_result ret;
    if (!read_second(rq, &r))
        return reply_problem(404, "not_found", "There is no such action.");
    struct rejecting j = {rq, &r, &ret};
    if (store_write(rq->store, reject_in, &j) != STORE_OK)
        return reply_fault();
    return second_reply(rq, &r, &ret);
}

/* ---- the table ------------------------------------------------------------------------------------------------------------------- */

static const struct field action_body[] = {
    {"action", FIELD_TEXT, true, 1, 40, NULL, "Name of the action: order.change_address …"},
    {"sub_order", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "Which item, when the order has several."},
    {"case", FIELD_ID, false, 0, 0, NULL, "Which case; else the order's only open one."},
    {"address", FIELD_OBJECT, false, 0, 4000, NULL, "name, phone, region, detail; of a changed phone the phone alone."},
    {"sku", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "The other variant."},
    {"text", FIELD_TEXT, false, 0, LIMIT_NOTE_CHARS, NULL, "Note, invoice title, waybill, complaint, words to the team."},
    {"tax_id", FIELD_TEXT, false, 0, 40, NULL, "For an invoice."},
    {"type", FIELD_TEXT, false, 0, 40, NULL, "Type of the case to open."},
    {"event", FIELD_TEXT, false, 0, 40, NULL, "Of case.step: agree, refuse, received …"},
    {"reason", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "A reason's code; of case.step words for people."},
    {"received", FIELD_BOOL, false, 0, 0, NULL, "The buyer says that the goods are there."},
    {"not_received", FIELD_BOOL, false, 0, 0, NULL, "The buyer says that they are not."},
    {"quantity", FIELD_INT, false, 1, 1000000, NULL, "Pieces; else all."},
    {"amount_cents", FIELD_INT, false, 0, INT64_C(1000000000000), NULL, "Less than what the rules give; of goodwill the amount."},
    {"evidence", FIELD_ARRAY, false, 0, LIMIT_EVIDENCE, NULL, "Ids of uploads."},
    {"conversation", FIELD_ID, false, 0, 0, NULL, "In which it was asked for."},
    {"seen_version", FIELD_INT, false, 0, INT64_C(1000000000), NULL, "Of the case, as the person sees it."},
    {"confirmed", FIELD_BOOL, false, 0, 0, NULL, "What will happen was shown and said yes to."},
    {"key", FIELD_TEXT, false, 0, LIMIT_CLIENT_ID, NULL, "Of this wish: under one key it is done once, for ever."},
    {"only_try", FIELD_BOOL, false, 0, 0, NULL, "Says what would come of it and does nothing."},
    {0},
};

static const struct field conversation_query[] = {
    {"conversation", FIELD_ID, false, 0, 0, NULL, "In which it would be done; a crowd agent has to say it."},
    {0},
};

static const struct field actions_query[] = {
    {"status", FIELD_CHOICE, false, 0, 0, "done|pending|waiting|refused|rejected", "Else those that wait for a second person."},
    {"cursor", FIELD_TEXT, false, 0, 40, NULL, "The `next` of an earlier answer."},
    {"limit", FIELD_INT, false, 1, LIMIT_PAGE, NULL, "Items."},
    {0},
};

static const struct field reject_body[] = {
    {"reason", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "For who asked."},
    {0},
};

const struct route action_routes[] = {
    {METHOD_GET, "/api/v1/orders/:id/actions", get_order_actions, .needs = DESK, .query = conversation_query, .tag = "Actions",
     .help = "What the caller may do with the order now, or why not; and what was done."},
    {METHOD_POST, "/api/v1/orders/:id/actions", post_action, .needs = DESK, .body = action_body, .tag = "Actions",
     .help = "Does an action: the rules decide, `answer` and `why` say what came of it."},
    {METHOD_GET, "/api/v1/actions", get_actions, .needs = APPROVER, .query = actions_query, .tag = "Actions",
     .help = "Actions by status, newest first: those that wait for a second person unless told."},
    {METHOD_POST, "/api/v1/actions/:id/approve", post_approve, .needs = APPROVER, .tag = "Actions",
     .help = "Says yes as the second person, and does it."},
    {METHOD_POST, "/api/v1/actions/:id/reject", post_reject, .needs = APPROVER, .body = reject_body, .tag = "Actions",
     .help = "Says no as the second person."},
};
const size_t action_route_count = COUNT(action_routes);
