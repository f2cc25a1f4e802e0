/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of agreements. The buyer's answer comes by the button of the card, as a message (chat/inbox.h).
 */
#include "desk/agreement_api.h"

#include "base/id.h"
#include "base/limit.h"
#include "base/time.h"
#include "desk/agreement_service.h"

static struct reply refused(enum agreement_answer answer)
{
    switch (answer) {
    case AGREEMENT_NOT_FOUND: return reply_problem(404, "not_found", "There is no such conversation or agreement.");
    case AGREEMENT_NOT_YOURS: return reply_problem(409, "not_yours", "Somebody else has this conversation.");
    case AGREEMENT_NO_STEP: return reply_problem(409, "no_such_step", "The agreement is not where this can be done.");
    case AGREEMENT_CLOSED: return reply_problem(409, "closed", "This conversation is closed.");
    case AGREEMENT_BAD_TERM: return reply_problem(422, "bad_term", "The term is over already, or later than the rules allow.");
    case AGREEMENT_BAD_AMOUNT: return reply_problem(422, "bad_amount", "An amount is not negative.");
    case AGREEMENT_OVER_LIMIT: return reply_problem(422, "over_limit", "This is more than your role may promise.");
    case AGREEMENT_NO_ORDER: return reply_problem(422, "no_order", "The buyer has no such order.");
    case AGREEMENT_NO_RULE: return reply_problem(409, "no_rule", "A rule that this goes by cannot be read.");
    case AGREEMENT_CONFLICT: return reply_problem(409, "conflict", "This client_id was used for another message.");
    case AGREEMENT_OK:
    case AGREEMENT_FAULT: break;
    }
    return reply_fault();
}

static void write_agreement(struct json_out *o, const struct agreement *g)
{
    jo_open(o);
    jo_kid(o, "id", g->id);
    jo_kid(o, "conversation", g->conversation_id);
    jo_kt(o, "order_id", g->order_id);
    jo_kt(o, "text", g->text);
    jo_kn(o, "amount_cents", g->amount_cents);
    jo_kc(o, "state", agreement_state_name(g->state));
    jo_kat(o, "due_at", g->due_ms);
    jo_kat(o, "answer_by", g->answer_ms);
    jo_kid(o, "proposed_by", g->proposed_by);
    jo_kat(o, "proposed_at", g->proposed_ms);
    jo_kat(o, "answered_at", g->answered_ms);
    jo_kn(o, "answered_seq", g->answered_seq);
    jo_kat(o, "settled_at", g->settled_ms);
    jo_kt(o, "note", g->note);
    if (g->work_order_id != 0)
        jo_kid(o, "work_order", g->work_order_id);
    jo_close(o);
}

static struct reply one(struct request *rq, int status, const struct agreement *g)
{
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    write_agreement(&o, g);
    return (struct reply){.status = status, .body = buf_view(&b)};
}

static struct reply get_all(struct request *rq)
{
    struct agreement *list;
    size_t n;
    int64_t id;
    if (!id_parse(rq->segment[0], &id))
        return refused(AGREEMENT_NOT_FOUND);
    enum agreement_answer answer = agreement_all(rq->room, rq->arena, rq->actor, id, &list, &n);
    if (answer != AGREEMENT_OK)
        return refused(answer);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++)
        write_agreement(&o, &list[i]);
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

static struct reply post_proposal(struct request *rq)
{
    struct agreement g;
    struct agreement_wish w = {.client_id = json_str(rq->body, "client_id"), .text = str_trim(json_str(rq->body, "text")),
                               .order_id = json_str(rq->body, "order_id"),
                               .amount_cents = json_int(rq->body, "amount_cents", 0)};
    if (!id_parse(rq->segment[0], &w.conversation_id))
        return refused(AGREEMENT_NOT_FOUND);
    if (w.text.n == 0)
        return reply_problem(422, "bad_body", "Member \"text\" is empty.");
    if (!time_parse(json_str(rq->body, "due_at"), &w.due_ms))
        return reply_problem(422, "bad_body", "Member \"due_at\" is a time of RFC 3339 with an offset.");
    enum agreement_answer answer = agreement_propose(rq->room, rq->arena, rq->actor, &w, rq->now_ms, &g);
    return answer == AGREEMENT_OK ? one(rq, 201, &g) : refused(answer);
}

static struct reply settle(struct request *rq, enum agreement_event e)
{
    struct agreement g;
    int64_t id;
    if (!id_parse(rq->segment[0], &id))
        return refused(AGREEMENT_NOT_FOUND);
    enum agreement_answer answer = agreement_settle(rq->room, rq->arena, rq->actor, id, e,
                                                    str_trim(json_str(rq->body, "note")), rq->now_ms, &g);
    return answer == AGREEMENT_OK ? one(rq, 200, &g) : refused(answer);
}

static struct reply post_withdraw(struct request *rq)
{
    return settle(rq, AGREEMENT_WITHDRAW);
}

static struct reply post_keep(struct request *rq)
{
    return settle(rq, AGREEMENT_KEEP);
}

static const shape items_gives = {
    {.name = "items", .type = FIELD_ARRAY, .help = "Newest first: words, sum, term, state, when it was answered."},
    {0},
};
static const shape propose_body = {
    {.name = "client_id", .type = FIELD_TEXT, .required = true, .min = 1, .max = LIMIT_CLIENT_ID,
     .help = "Chosen by the client, new for each proposal."},
    {.name = "text", .type = FIELD_TEXT, .required = true, .min = 1, .max = AGREEMENT_TEXT_MOST,
     .help = "What the shop promises."},
    {.name = "due_at", .type = FIELD_TEXT, .required = true, .max = 40, .help = "To be done by; RFC 3339."},
    {.name = "amount_cents", .type = FIELD_INT, .min = 0, .max = INT32_MAX, .help = "A sum within the limits of the role."},
    {.name = "order_id", .type = FIELD_TEXT, .help = "An order of the buyer that it is about."},
    {0},
};
static const shape note_body = {
    {.name = "note", .type = FIELD_TEXT, .max = AGREEMENT_TEXT_MOST, .help = "For colleagues."},
    {0},
};

const struct route agreement_routes[] = {
    {METHOD_GET, "/api/v1/conversations/:id/agreements", get_all, .needs = ROLES_PEOPLE, .gives = items_gives,
     .tag = "Agreements", .help = "What was agreed with the buyer in a conversation."},
    {METHOD_POST, "/api/v1/conversations/:id/agreements", post_proposal, .needs = ROLES_DESK | ROLE_STAFF,
     .body = propose_body, .tag = "Agreements", .help = "Proposes an agreement: a card with two buttons for the buyer."},
    {METHOD_POST, "/api/v1/agreements/:id/withdraw", post_withdraw, .needs = ROLES_DESK | ROLE_STAFF, .body = note_body,
     .tag = "Agreements", .help = "Takes a proposal back before the buyer has agreed."},
    {METHOD_POST, "/api/v1/agreements/:id/keep", post_keep, .needs = ROLES_DESK | ROLE_STAFF, .body = note_body,
     .tag = "Agreements", .help = "Says that what was agreed has been done."},
};
const size_t agreement_route_count = COUNT(agreement_routes);
