/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of third persons in conversations.
 */
#include "desk/party_api.h"

#include "base/id.h"
#include "base/limit.h"
#include "desk/party_service.h"

static struct reply refused(enum party_answer answer)
{
    switch (answer) {
    case PARTY_NOT_FOUND: return reply_problem(404, "not_found", "There is no such conversation or invitation.");
    case PARTY_NOT_YOURS:
        return reply_problem(403, "not_allowed", "Only who has the conversation, leaders, owners and staff do that.");
    case PARTY_CLOSED: return reply_problem(409, "closed", "This conversation is closed.");
    case PARTY_NO_PERSON: return reply_problem(422, "no_person", "This person cannot be asked in.");
    case PARTY_FULL: return reply_problem(409, "full", "Four guests are there already.");
    case PARTY_NOT_JOINED: return reply_problem(409, "not_joined", "This person is not in the conversation.");
    case PARTY_CONFLICT: return reply_problem(409, "conflict", "This client_id was used for another message.");
    case PARTY_OK:
    case PARTY_FAULT: break;
    }
    return reply_fault();
}

static void write_guest(struct json_out *o, const struct party_shown *g)
{
    jo_open(o);
    jo_kid(o, "conversation", g->party.conversation_id);
    jo_kt(o, "contact", g->contact_name);
    jo_key(o, "person");
    jo_open(o);
    jo_kid(o, "id", g->party.person_id);
    jo_kt(o, "name", g->name);
    jo_close(o);
    jo_kt(o, "team", g->party.team);
    jo_kt(o, "note", g->party.note);
    jo_kt(o, "invited_by", g->invited_by_name);
    jo_kat(o, "invited_at", g->party.invited_ms);
    jo_kat(o, "joined_at", g->party.joined_ms);
    jo_kat(o, "left_at", g->party.left_ms);
    jo_close(o);
}

static struct reply guests_reply(struct request *rq, const struct party_shown *list, size_t n)
{
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++)
        write_guest(&o, &list[i]);
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

static struct reply get_guests(struct request *rq)
{
    struct party_shown *list;
    size_t n;
    int64_t id;
    if (!id_parse(rq->segment[0], &id))
        return refused(PARTY_NOT_FOUND);
    enum party_answer answer = party_all(rq->room, rq->arena, rq->actor, id, &list, &n);
    return answer == PARTY_OK ? guests_reply(rq, list, n) : refused(answer);
}

static struct reply get_mine(struct request *rq)
{
    struct party_shown *list;
    size_t n;
    enum party_answer answer = party_mine(rq->room, rq->arena, rq->actor, &list, &n);
    return answer == PARTY_OK ? guests_reply(rq, list, n) : refused(answer);
}

static struct reply post_invite(struct request *rq)
{
    struct party wish = {.team = str_trim(json_str(rq->body, "team")), .note = str_trim(json_str(rq->body, "note"))};
    if (!id_parse(rq->segment[0], &wish.conversation_id))
        return refused(PARTY_NOT_FOUND);
    if (!id_parse(json_str(rq->body, "person"), &wish.person_id))
        return refused(PARTY_NO_PERSON);
    enum party_answer answer = party_invite(rq->room, rq->actor, &wish, rq->now_ms);
    return answer == PARTY_OK ? reply_status(204) : refused(answer);
}

static struct reply post_join(struct request *rq)
{
    int64_t id;
    if (!id_parse(rq->segment[0], &id))
        return refused(PARTY_NOT_FOUND);
    enum party_answer answer = party_join(rq->room, rq->actor, id, rq->now_ms);
    return answer == PARTY_OK ? reply_status(204) : refused(answer);
}

static struct reply post_leave(struct request *rq)
{
    int64_t id, person_id;
    if (!id_parse(rq->segment[0], &id) || !id_parse(rq->segment[1], &person_id))
        return refused(PARTY_NOT_FOUND);
    enum party_answer answer = party_leave(rq->room, rq->actor, id, person_id, rq->now_ms);
    return answer == PARTY_OK ? reply_status(204) : refused(answer);
}

static struct reply post_say(struct request *rq)
{
    int64_t id, seq = 0;
    struct str text = str_trim(json_str(rq->body, "text"));
    if (!id_parse(rq->segment[0], &id))
        return refused(PARTY_NOT_FOUND);
    if (text.n == 0)
        return reply_problem(422, "bad_body", "Member \"text\" is empty.");
    enum party_answer answer =
        party_say(rq->room, rq->actor, id, json_str(rq->body, "client_id"), text, rq->now_ms, &seq);
    if (answer != PARTY_OK)
        return refused(answer);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kn(&o, "seq", seq);
    jo_close(&o);
    return (struct reply){.status = 201, .body = buf_view(&b)};
}

static const shape items_gives = {
    {.name = "items", .type = FIELD_ARRAY, .help = "Guests: person, team, note, who asked them, when they came and left."},
    {0},
};
static const shape invite_body = {
    {.name = "person", .type = FIELD_ID, .required = true, .help = "A colleague who is not crowd."},
    {.name = "team", .type = FIELD_TEXT, .max = PARTY_TEAM_MOST, .help = "As the buyer is told: workshop."},
    {.name = "note", .type = FIELD_TEXT, .max = PARTY_NOTE_MOST, .help = "Why, for the colleague."},
    {0},
};
static const shape say_body = {
    {.name = "client_id", .type = FIELD_TEXT, .required = true, .min = 1, .max = LIMIT_CLIENT_ID,
     .help = "Chosen by the client, new for each message."},
    {.name = "text", .type = FIELD_TEXT, .required = true, .min = 1, .max = LIMIT_TEXT_CHARS, .help = "What is said."},
    {0},
};
static const shape say_gives = {
    {.name = "seq", .type = FIELD_INT, .help = "Place of the message in its conversation."},
    {0},
};

const struct route party_routes[] = {
    {METHOD_GET, "/api/v1/parties", get_mine, .needs = ROLES_PEOPLE, .gives = items_gives, .tag = "Parties",
     .help = "Open conversations that one is asked into."},
    {METHOD_GET, "/api/v1/conversations/:id/party", get_guests, .needs = ROLES_PEOPLE, .gives = items_gives,
     .tag = "Parties", .help = "Third persons of a conversation."},
    {METHOD_POST, "/api/v1/conversations/:id/party", post_invite, .needs = ROLES_DESK | ROLE_STAFF, .body = invite_body,
     .tag = "Parties", .help = "Asks a colleague into the conversation."},
    {METHOD_POST, "/api/v1/conversations/:id/party/join", post_join, .needs = ROLES_PEOPLE, .tag = "Parties",
     .help = "Comes; the buyer reads it."},
    {METHOD_POST, "/api/v1/conversations/:id/party/messages", post_say, .needs = ROLES_PEOPLE, .body = say_body,
     .gives = say_gives, .tag = "Parties", .help = "Says something as a guest."},
    {METHOD_DELETE, "/api/v1/conversations/:id/party/:person", post_leave, .needs = ROLES_PEOPLE, .tag = "Parties",
     .help = "Goes, or is let go."},
};
const size_t party_route_count = COUNT(party_routes);
