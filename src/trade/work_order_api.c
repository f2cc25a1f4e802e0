/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of work orders.
 */
#include "trade/work_order_api.h"

#include "base/id.h"
#include "base/limit.h"
#include "trade/order_store.h"
#include "trade/rules.h"
#include "trade/work_order_service.h"

#define DESK ((ROLES_DESK & ~(uint32_t)ROLE_CROWD) | (uint32_t)ROLE_STAFF)

enum { NOT_THERE = 1 };

struct listing {
    struct request *rq;
    enum work_order_state state;
    struct work_cursor after;
    int limit;
    struct str order_id;
    struct work_order *rows;
    size_t n;
    struct work_event_stored *events;
    size_t event_count;
    int64_t id;
};

static struct reply not_found(void)
{
    return reply_problem(404, "not_found", "There is no such work order.");
}

static void members(struct json_out *o, struct arena *a, const struct work_order *w, int64_t now_ms)
{
    jo_kid(o, "id", w->id);
    jo_kt(o, "ticket", work_order_ticket(a, w->day, w->number));
    jo_kc(o, "team", work_team_name(w->team));
    jo_kt(o, "kind", w->kind);
    jo_kc(o, "state", work_state_name(w->state));
    jo_kb(o, "overdue", work_order_overdue(w, now_ms));
    jo_kt(o, "order", w->order_id);
    jo_kt(o, "sub_order", w->sub_id);
    jo_kid(o, "case", w->case_id);
    jo_kt(o, "buyer", w->buyer);
    jo_kid(o, "conversation", w->conversation_id);
    jo_kt(o, "text", w->text);
    jo_kt(o, "answer", w->answer);
    jo_kid(o, "asked_by", w->asked_by);
    jo_kid(o, "taken_by", w->taken_by);
    jo_kat(o, "due_at", w->due_ms);
    jo_kat(o, "created_at", w->created_ms);
    jo_kat(o, "taken_at", w->taken_ms);
    jo_kat(o, "answered_at", w->answered_ms);
    jo_kat(o, "done_at", w->done_ms);
    jo_kn(o, "version", w->version);
}

static struct reply one_reply(struct request *rq, const struct work_order *w, const struct work_event_stored *events, size_t n)
{
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    members(&o, rq->arena, w, rq->now_ms);
    jo_key(&o, "history");
    jo_array(&o);
    for (size_t i = 0; i < n; i++) {
        jo_open(&o);
        jo_kn(&o, "seq", events[i].seq);
        jo_kat(&o, "at", events[i].at_ms);
        jo_kt(&o, "event", events[i].event);
        jo_kid(&o, "person", events[i].person_id);
        jo_kt(&o, "text", events[i].text);
        jo_close(&o);
    }
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- lists ---------------------------------------------------------------------------------------------------------------- */

/** A cursor is "due_ms.id" of the last one looked at. */
static bool read_cursor(struct str cursor, struct work_cursor *ret)
{
    struct str head;
    if (cursor.n == 0)
        return true;
    return str_cut(&cursor, '.', &head) && str_int(head, &ret->due_ms) && id_parse(cursor, &ret->id);
}

static int read_list(struct tx *tx, void *arg)
{
    struct listing *l = arg;
    int64_t tenant_id = l->rq->actor->tenant_id;
    if (l->order_id.n > 0)
        return work_order_list_of_order(tx, l->rq->arena, tenant_id, l->order_id, &l->rows, &l->n);
    return work_order_list(tx, l->rq->arena, tenant_id, l->state, &l->after, l->limit + 1, &l->rows, &l->n);
}

/** What the query narrows the page to, beside its state. */
static bool is_wanted(const struct listing *l, const struct work_order *w)
{
    const struct request *rq = l->rq;
    struct str team = rq->query(rq, "team");
    bool team_ok = team.n == 0 || str_eq_c(team, work_team_name(w->team));
    bool mine = str_eq_c(rq->query(rq, "mine"), "true"), overdue = str_eq_c(rq->query(rq, "overdue"), "true");
    return team_ok && (!mine || w->taken_by == rq->actor->id || w->asked_by == rq->actor->id) &&
           (!overdue || work_order_overdue(w, rq->now_ms));
}

static struct reply get_work_orders(struct request *rq)
{
    struct listing l = {.rq = rq, .limit = 50, .order_id = rq->query(rq, "order")};
    struct str state = rq->query(rq, "state");
    int64_t limit;
    if (str_int(rq->query(rq, "limit"), &limit))
        l.limit = (int)limit;
    if (state.n > 0 && !work_state_from_name(state, &l.state))
        return reply_problem(422, "bad_value", "`state` is open, taken, answered or done.");
    if (!read_cursor(rq->query(rq, "cursor"), &l.after))
        return reply_problem(422, "bad_cursor", "Take `cursor` from the `next` of an earlier answer.");
    if (store_read(rq->store, read_list, &l) != STORE_OK)
        return reply_fault();
    size_t n = l.order_id.n > 0 ? l.n : MIN(l.n, (size_t)l.limit);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++) {
        if (!is_wanted(&l, &l.rows[i]))
            continue;
        jo_open(&o);
        members(&o, rq->arena, &l.rows[i], rq->now_ms);
        jo_close(&o);
    }
    jo_array_end(&o);
    jo_key(&o, "next");
    if (l.n > n)
        jo_text(&o, str_fmt(rq->arena, "%lld.%lld", (long long)l.rows[n - 1].due_ms, (long long)l.rows[n - 1].id));
    else
        jo_null(&o);
    jo_close(&o);
    return reply_json(&b);
}

static int read_one(struct tx *tx, void *arg)
{
    struct listing *l = arg;
    struct arena *a = l->rq->arena;
    l->rows = arena_new(a, struct work_order);
    int rc = work_order_get(tx, a, l->rq->actor->tenant_id, l->id, l->rows);
    if (rc <= 0)
        return rc < 0 ? STORE_FAULT : NOT_THERE;
    return work_order_events(tx, a, l->rq->actor->tenant_id, l->id, &l->events, &l->event_count);
}

static struct reply get_work_order(struct request *rq)
{
    struct listing l = {.rq = rq};
    if (!id_parse(rq->segment[0], &l.id))
        return not_found();
    int answer = store_read(rq->store, read_one, &l);
    if (answer == NOT_THERE)
        return not_found();
    return answer == STORE_OK ? one_reply(rq, l.rows, l.events, l.event_count) : reply_fault();
}

/* ---- making one ------------------------------------------------------------------------------------------------------------- */

struct making {
    struct request *rq;
    struct work_order w;
};

static int make_in(struct tx *tx, void *arg)
{
    struct making *m = arg;
    struct arena *a = m->rq->arena;
    struct shop shop;
    struct order order;
    if (shop_get(tx, a, m->w.tenant_id, &shop) != ACCOUNT_OK)
        return STORE_FAULT;
    if (m->w.order_id.n > 0) {
        int rc = order_get_any(tx, a, m->w.tenant_id, m->w.order_id, &order);
        if (rc <= 0)
            return rc < 0 ? STORE_FAULT : NOT_THERE;
        m->w.buyer = order.buyer;
    }
    int64_t term = rules_number(tx, a, m->w.tenant_id, "work_order.answer", POLICY_DURATION, m->rq->now_ms, 0);
    return work_order_make(tx, a, &shop, term, m->rq->now_ms, false, &m->w) == WORK_ORDER_OK ? STORE_OK : STORE_FAULT;
}

static struct reply post_work_order(struct request *rq)
{
    const json_t *b = rq->body;
    struct making m = {.rq = rq, .w = {
        .tenant_id = rq->actor->tenant_id, .id = id_new(rq->now_ms), .kind = STR("other"), .order_id = json_str(b, "order"),
        .sub_id = json_str(b, "sub_order"), .text = str_trim(json_str(b, "text")), .asked_by = rq->actor->id}};
    bool ids = (json_str(b, "case").n == 0 || id_parse(json_str(b, "case"), &m.w.case_id)) &&
               (json_str(b, "conversation").n == 0 || id_parse(json_str(b, "conversation"), &m.w.conversation_id));
    if (!ids || m.w.text.n == 0 || !work_team_from_name(json_str(b, "team"), &m.w.team))
        return reply_problem(422, "bad_value", "A work order has a team, a text, and ids that are ids.");
    int answer = store_write(rq->store, make_in, &m);
    if (answer == NOT_THERE)
        return reply_problem(404, "not_found", "There is no such order.");
    return answer == STORE_OK ? one_reply(rq, &m.w, NULL, 0) : reply_fault();
}

/* ---- steps ------------------------------------------------------------------------------------------------------------------ */

static struct reply step(struct request *rq, enum work_event event)
{
    struct work_order w;
    struct work_step s = {.tenant_id = rq->actor->tenant_id, .person_id = rq->actor->id, .event = event,
                          .text = str_trim(json_str(rq->body, "text")), .seen_version = json_int(rq->body, "seen_version", 0),
                          .now_ms = rq->now_ms};
    bool says = event == WORK_ANSWER || event == WORK_COMMENT;
    if (!id_parse(rq->segment[0], &s.id))
        return not_found();
    if (says && s.text.n == 0)
        return reply_problem(422, "bad_value", "An answer or a comment has a text.");
    switch (work_order_take(rq->store, rq->arena, &s, &w)) {
    case WORK_ORDER_OK: return one_reply(rq, &w, NULL, 0);
    case WORK_ORDER_NOT_FOUND: return not_found();
    case WORK_ORDER_NO_SUCH_STEP: return reply_problem(409, "no_such_step", "The work order is not where this can happen.");
    case WORK_ORDER_STALE: return reply_problem(409, "stale", "The work order has changed since you saw it.");
    case WORK_ORDER_FAULT: break;
    }
    return reply_fault();
}

static struct reply post_take(struct request *rq)
{
    return step(rq, WORK_TAKE);
}

static struct reply post_answer(struct request *rq)
{
    return step(rq, WORK_ANSWER);
}

static struct reply post_comment(struct request *rq)
{
    return step(rq, WORK_COMMENT);
}

static struct reply post_done(struct request *rq)
{
    return step(rq, WORK_FINISH);
}

/* ---- the table -------------------------------------------------------------------------------------------------------------- */

static const struct field list_query[] = {
    {"state", FIELD_CHOICE, false, 0, 0, "open|taken|answered|done", "Else open."},
    {"team", FIELD_CHOICE, false, 0, 0, "warehouse|logistics|finance|shop_system|service", "Of this team only."},
    {"mine", FIELD_CHOICE, false, 0, 0, "true|false", "Those that the caller took or asked for."},
    {"overdue", FIELD_CHOICE, false, 0, 0, "true|false", "Those whose first answer is late."},
    {"order", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "All of this order, in any state, newest first."},
    {"cursor", FIELD_TEXT, false, 0, 60, NULL, "The `next` of an earlier answer."},
    {"limit", FIELD_INT, false, 1, LIMIT_PAGE, NULL, "Items looked at."},
    {0},
};

static const struct field make_body[] = {
    {"team", FIELD_CHOICE, true, 0, 0, "warehouse|logistics|finance|shop_system|service", "Who has to do it."},
    {"text", FIELD_TEXT, true, 1, LIMIT_NOTE_CHARS, NULL, "What is to be done."},
    {"order", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "On which order."},
    {"sub_order", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "On which item of it."},
    {"case", FIELD_ID, false, 0, 0, NULL, "For which case."},
    {"conversation", FIELD_ID, false, 0, 0, NULL, "From which conversation."},
    {0},
};

static const struct field step_body[] = {
    {"text", FIELD_TEXT, false, 0, LIMIT_NOTE_CHARS, NULL, "What the team says."},
    {"seen_version", FIELD_INT, false, 0, INT64_C(1000000000), NULL, "As the person sees it."},
    {0},
};

const struct route work_order_routes[] = {
    {METHOD_GET, "/api/v1/work-orders", get_work_orders, .needs = DESK, .query = list_query, .tag = "Work orders",
     .help = "Work orders in a state, soonest due first."},
    {METHOD_POST, "/api/v1/work-orders", post_work_order, .needs = DESK, .body = make_body, .tag = "Work orders",
     .help = "Gives a team something to do; it is due in the shop's opening hours."},
    {METHOD_GET, "/api/v1/work-orders/:id", get_work_order, .needs = DESK, .tag = "Work orders",
     .help = "A work order with its history."},
    {METHOD_POST, "/api/v1/work-orders/:id/take", post_take, .needs = DESK, .body = step_body, .tag = "Work orders",
     .help = "The caller takes it."},
    {METHOD_POST, "/api/v1/work-orders/:id/answer", post_answer, .needs = DESK, .body = step_body, .tag = "Work orders",
     .help = "The team's answer, for who asked."},
    {METHOD_POST, "/api/v1/work-orders/:id/comment", post_comment, .needs = DESK, .body = step_body, .tag = "Work orders",
     .help = "A remark; its state stays."},
    {METHOD_POST, "/api/v1/work-orders/:id/done", post_done, .needs = DESK, .body = step_body, .tag = "Work orders",
     .help = "It is done."},
};
const size_t work_order_route_count = COUNT(work_order_routes);
