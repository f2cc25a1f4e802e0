/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of people at work (web/packages/protocol/src/wire.ts has the bodies). A conversation that is not there, is
 * another shop's, or may not be seen is 404, and no one can tell which.
 */
#include "desk/desk_api.h"

#include "base/id.h"
#include "base/limit.h"
#include "desk/category.h"
#include "desk/desk_json.h"
#include "desk/desk_store.h"

enum { PAGE_DEFAULT = 50, NOTE_MOST = 500 };

static struct reply not_found(void)
{
    return reply_problem(404, "not_found", "There is no such conversation.");
}

static struct reply refused(enum chat_answer answer)
{
    switch (answer) {
    case CHAT_NOT_FOUND: return not_found();
    case CHAT_NOT_ALLOWED: return reply_problem(409, "not_yours", "Somebody else has this conversation.");
    case CHAT_CLOSED: return reply_problem(409, "closed", "This conversation is closed.");
    case CHAT_BAD_FORM:
    case CHAT_FORM_OVER: break; /* buyers answer forms */
    case CHAT_LIMIT: return reply_problem(409, "cap_reached", "You have as many conversations as you may have.");
    case CHAT_CONFLICT: return reply_problem(409, "conflict", "This client_id was used for another message.");
    case CHAT_STALE: return reply_problem(409, "changed", "The conversation has changed; look again.");
    case CHAT_OK:
    case CHAT_DUPLICATE:
    case CHAT_FAULT: break;
    }
    return reply_fault();
}

static int limit_of(const struct request *rq, int otherwise)
{
    int64_t limit;
    return str_int(rq->query(rq, "limit"), &limit) ? (int)limit : otherwise;
}

/* A document that was read as text; empty: the store could not be read. */
static struct reply reply_text(struct str body)
{
    return body.n > 0 ? (struct reply){.status = 200, .body = body} : reply_fault();
}

/* ---- lists ------------------------------------------------------------------------------------------------ */

static const shape list_query = {
    {.name = "tab", .type = FIELD_CHOICE, .required = true, .choices = "mine|queue|bot|closed", .help = "Which list."},
    {.name = "q", .type = FIELD_TEXT, .max = 60, .help = "Part of the buyer's name or last text, or an id."},
    {.name = "cursor", .type = FIELD_TEXT, .max = 60, .help = "The `next` of an earlier answer."},
    {.name = "limit", .type = FIELD_INT, .min = 1, .max = LIMIT_PAGE, .help = "Items, 50 unless told."},
    {0},
};
static const shape list_gives = {
    {.name = "items", .type = FIELD_ARRAY, .help = "Rows of the list."},
    {.name = "next", .type = FIELD_TEXT, .help = "Cursor of the next page, or null."},
    {.name = "counts", .type = FIELD_OBJECT, .help = "How many there are on each tab; 1000 means that or more."},
    {0},
};

struct listing {
    struct request *rq;
    struct inbox_search search;
    bool hidden; /* crowd: nothing but their own */
    struct inbox_row *rows;
    size_t n;
    int64_t counts[INBOX_TABS];
};

static int read_list(struct tx *tx, void *arg)
{
    struct listing *w = arg;
    if (inbox_counts(tx, w->search.tenant_id, w->search.person_id, w->counts) < 0)
        return STORE_FAULT;
    if (w->hidden)
        w->counts[INBOX_QUEUE] = w->counts[INBOX_BOT] = w->counts[INBOX_CLOSED] = 0;
    if (w->hidden && w->search.tab != INBOX_MINE)
        return STORE_OK;
    return inbox_list(tx, w->rq->arena, &w->search, &w->rows, &w->n);
}

static enum inbox_tab tab_of(struct str name)
{
    static const char *const names[] = {
        [INBOX_MINE] = "mine", [INBOX_QUEUE] = "queue", [INBOX_BOT] = "bot", [INBOX_CLOSED] = "closed"};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (str_eq_c(name, names[i]))
            return (enum inbox_tab)i;
    }
    return INBOX_MINE;
}

/* "key.id" of the last row given. */
static bool read_cursor(struct str cursor, struct inbox_search *s)
{
    struct str key;
    if (cursor.n == 0)
        return true;
    s->from_cursor = true;
    return str_cut(&cursor, '.', &key) && str_int(key, &s->cursor_key) && id_parse(cursor, &s->cursor_id);
}

static struct reply get_conversations(struct request *rq)
{
    const struct actor *who = rq->actor;
    int limit = limit_of(rq, PAGE_DEFAULT);
    struct listing w = {.rq = rq,
                        .search = {.tenant_id = who->tenant_id,
                                   .person_id = who->id,
                                   .tab = tab_of(rq->query(rq, "tab")),
                                   .q = str_trim(rq->query(rq, "q")),
                                   .limit = limit + 1},
                        .hidden = (who->roles & ROLES_PEOPLE & ~(uint32_t)ROLE_CROWD) == 0};
    if (!read_cursor(rq->query(rq, "cursor"), &w.search))
        return reply_problem(422, "bad_cursor", "Take `cursor` from the `next` of an earlier answer.");
    if (store_read(rq->store, read_list, &w) < 0)
        return reply_fault();

    size_t n = MIN(w.n, (size_t)limit);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++)
        desk_write_item(&o, &w.rows[i], who->language);
    jo_array_end(&o);
    jo_key(&o, "next");
    if (w.n > n)
        jo_text(&o, str_fmt(rq->arena, "%lld.%lld", (long long)w.rows[n - 1].sort_key, (long long)w.rows[n - 1].id));
    else
        jo_null(&o);
    jo_key(&o, "counts");
    jo_open(&o);
    jo_kn(&o, "mine", w.counts[INBOX_MINE]);
    jo_kn(&o, "queue", w.counts[INBOX_QUEUE]);
    jo_kn(&o, "bot", w.counts[INBOX_BOT]);
    jo_kn(&o, "closed", w.counts[INBOX_CLOSED]);
    jo_close(&o);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- one conversation ------------------------------------------------------------------------------------- */

static const shape detail_gives = {
    {.name = "item", .type = FIELD_OBJECT, .help = "The row of the list."},
    {.name = "contact", .type = FIELD_OBJECT, .help = "Who the buyer is."},
    {.name = "entry", .type = FIELD_OBJECT, .help = "Where the buyer came from: page, product, order."},
    {.name = "summary", .type = FIELD_TEXT, .help = "What the bot knows, from stored data."},
    {.name = "understanding", .type = FIELD_OBJECT, .help = "What the last message was understood as, or null."},
    {.name = "suggestions", .type = FIELD_ARRAY, .help = "Replies that stored data gives, with their sources."},
    {.name = "reasons", .type = FIELD_ARRAY, .help = "Why it was queued, why this agent."},
    {.name = "previous", .type = FIELD_ARRAY, .help = "The buyer's other conversations."},
    {0},
};

static struct reply detail(struct request *rq, int64_t id)
{
    struct str body = STR_NONE;
    enum chat_answer answer = desk_detail_json(rq->room, rq->arena, rq->actor, id, &body);
    return answer == CHAT_OK ? reply_text(body) : refused(answer);
}

static struct reply get_conversation(struct request *rq)
{
    int64_t id;
    return id_parse(rq->segment[0], &id) ? detail(rq, id) : not_found();
}

static const shape messages_query = {
    {.name = "before", .type = FIELD_INT, .min = 0, .max = INT64_MAX, .help = "Only messages with a smaller seq."},
    {.name = "limit", .type = FIELD_INT, .min = 1, .max = LIMIT_PAGE, .help = "Items, 50 unless told."},
    {0},
};
static const shape messages_gives = {
    {.name = "items", .type = FIELD_ARRAY, .help = "Messages, newest first, notes included."},
    {.name = "next", .type = FIELD_TEXT, .help = "`before` of the next page, or null."},
    {0},
};

struct reading {
    struct request *rq;
    int64_t id, before;
    int limit;
    struct message *list;
    size_t n;
};

static int read_messages(struct tx *tx, void *arg)
{
    struct reading *w = arg;
    struct conversation c;
    enum chat_answer answer = conversation_get(tx, w->rq->arena, w->rq->actor->tenant_id, w->id, &c);
    if (answer != CHAT_OK)
        return answer;
    if (!desk_may_see(w->rq->actor, &c))
        return CHAT_NOT_FOUND;
    return message_list(tx, w->rq->arena, w->rq->actor->tenant_id, w->id, 0, w->before, w->limit + 1, true, true,
                        &w->list, &w->n);
}

static struct reply get_messages(struct request *rq)
{
    struct reading w = {.rq = rq, .limit = limit_of(rq, PAGE_DEFAULT)};
    if (!id_parse(rq->segment[0], &w.id))
        return not_found();
    if (!str_int(rq->query(rq, "before"), &w.before) || w.before == 0)
        w.before = INT64_MAX;
    enum chat_answer answer = (enum chat_answer)store_read(rq->store, read_messages, &w);
    if (answer != CHAT_OK)
        return refused(answer);

    size_t n = MIN(w.n, (size_t)w.limit);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++)
        message_write(&o, &w.list[i], false);
    jo_array_end(&o);
    jo_key(&o, "next");
    if (w.n > n)
        jo_text(&o, str_fmt(rq->arena, "%lld", (long long)w.list[n - 1].seq));
    else
        jo_null(&o);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- saying ----------------------------------------------------------------------------------------------- */

static const shape say_body = {
    {.name = "client_id", .type = FIELD_TEXT, .required = true, .min = 1, .max = LIMIT_CLIENT_ID,
     .help = "Chosen by the client, new for each message: a retry with it stores nothing twice."},
    {.name = "kind", .type = FIELD_CHOICE, .required = true, .choices = "text|note|order_card|product_card",
     .help = "A note is never shown to the buyer."},
    {.name = "text", .type = FIELD_TEXT, .max = LIMIT_TEXT_CHARS, .help = "For text and note."},
    {.name = "order_id", .type = FIELD_TEXT, .help = "For order_card: one of the buyer's orders."},
    {.name = "product_id", .type = FIELD_TEXT, .help = "For product_card."},
    {0},
};
static const shape say_gives = {
    {.name = "seq", .type = FIELD_INT, .help = "Place of the message in its conversation."},
    {0},
};

/** Where something is to be said. */
struct saying {
    struct request *rq;
    int64_t conversation_id;
};

static int may_see(struct tx *tx, void *arg)
{
    const struct saying *w = arg;
    struct conversation c;
    enum chat_answer answer = conversation_get(tx, w->rq->arena, w->rq->actor->tenant_id, w->conversation_id, &c);
    return answer == CHAT_OK && !desk_may_see(w->rq->actor, &c) ? CHAT_NOT_FOUND : answer;
}

static int note_act(struct tx *tx, void *arg)
{
    const struct request *rq = arg;
    return desk_person_acted(tx, rq->actor->tenant_id, rq->actor->id, rq->now_ms);
}

static struct reply say(struct request *rq, struct agent_message *m)
{
    const struct desk_room *room = rq->room;
    int64_t seq = 0;
    enum chat_answer answer = chat_say_as_agent(room->inbox, m, &seq);
    if (answer != CHAT_OK && answer != CHAT_DUPLICATE)
        return refused(answer);
    if (store_write(rq->store, note_act, rq) < 0)
        return reply_fault();
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kn(&o, "seq", seq);
    jo_close(&o);
    return (struct reply){.status = answer == CHAT_OK ? 201 : 200, .body = buf_view(&b)};
}

static struct reply post_message(struct request *rq)
{
    struct saying w = {.rq = rq};
    struct agent_message m = {.tenant_id = rq->actor->tenant_id,
                              .person_id = rq->actor->id,
                              .person_name = rq->actor->name,
                              .client_id = json_str(rq->body, "client_id"),
                              .may_any = true,
                              .now_ms = rq->now_ms};
    if (!id_parse(rq->segment[0], &w.conversation_id) || !message_kind_from_name(json_str(rq->body, "kind"), &m.kind))
        return not_found();
    enum chat_answer answer = (enum chat_answer)store_read(rq->store, may_see, &w);
    if (answer != CHAT_OK)
        return refused(answer);

    m.conversation_id = w.conversation_id;
    if (m.kind == MESSAGE_TEXT || m.kind == MESSAGE_NOTE) {
        m.text = str_trim(json_str(rq->body, "text"));
        return m.text.n > 0 ? say(rq, &m) : reply_problem(422, "bad_body", "Member \"text\" is empty.");
    }
    bool is_order = m.kind == MESSAGE_ORDER_CARD;
    if (!desk_card_data(rq->room, rq->arena, m.tenant_id, m.conversation_id,
                        is_order ? json_str(rq->body, "order_id") : STR_NONE,
                        is_order ? STR_NONE : json_str(rq->body, "product_id"), &m.data))
        return reply_problem(422, "unknown_card", "The buyer has no such order, or the shop no such product.");
    return say(rq, &m);
}

/* ---- handling --------------------------------------------------------------------------------------------- */

static const shape transfer_body = {
    {.name = "to_person", .type = FIELD_ID, .help = "A colleague who is online and below the cap…"},
    {.name = "to_group", .type = FIELD_TEXT, .max = 64, .help = "…or a skill that somebody of the shop has."},
    {.name = "note", .type = FIELD_TEXT, .required = true, .max = NOTE_MOST, .help = "For the colleague."},
    {0},
};
static const shape resolve_body = {
    {.name = "category", .type = FIELD_TEXT, .required = true, .min = 1, .max = 64, .help = "An id of GET /categories."},
    {.name = "note", .type = FIELD_TEXT, .max = NOTE_MOST, .help = "For colleagues."},
    {0},
};

static struct reply post_take(struct request *rq)
{
    int64_t id;
    if (!id_parse(rq->segment[0], &id))
        return not_found();
    enum chat_answer answer = desk_take(rq->room, rq->actor, id, rq->now_ms);
    return answer == CHAT_OK ? detail(rq, id) : refused(answer);
}

static struct reply transfer_refused(enum transfer_answer answer)
{
    switch (answer) {
    case TRANSFER_NOT_FOUND: return not_found();
    case TRANSFER_NOT_YOURS: return refused(CHAT_NOT_ALLOWED);
    case TRANSFER_NO_PERSON: return reply_problem(422, "no_person", "There is no such colleague who serves buyers.");
    case TRANSFER_NO_GROUP: return reply_problem(422, "no_group", "Nobody of the shop is in that group.");
    case TRANSFER_AWAY: return reply_problem(409, "person_away", "The colleague is not online.");
    case TRANSFER_FULL: return reply_problem(409, "cap_reached", "The colleague has no free place.");
    case TRANSFER_OK:
    case TRANSFER_FAULT: break;
    }
    return reply_fault();
}

static struct reply post_transfer(struct request *rq)
{
    int64_t id;
    struct transfer t = {.to_group = json_str(rq->body, "to_group"), .note = str_trim(json_str(rq->body, "note"))};
    struct str person = json_str(rq->body, "to_person");
    if (!id_parse(rq->segment[0], &id))
        return not_found();
    if ((person.n > 0) == (t.to_group.n > 0))
        return reply_problem(422, "bad_body", "Name either to_person or to_group.");
    if (person.n > 0 && !id_parse(person, &t.to_person))
        return transfer_refused(TRANSFER_NO_PERSON);
    enum transfer_answer answer = desk_transfer(rq->room, rq->actor, id, &t, rq->now_ms);
    return answer == TRANSFER_OK ? reply_status(204) : transfer_refused(answer);
}

static struct reply post_resolve(struct request *rq)
{
    int64_t id;
    struct str category = json_str(rq->body, "category");
    if (!id_parse(rq->segment[0], &id))
        return not_found();
    if (!category_known(category))
        return reply_problem(422, "unknown_category", "Take the category from GET /api/v1/categories.");
    enum chat_answer answer =
        desk_resolve(rq->room, rq->actor, id, category, str_trim(json_str(rq->body, "note")), rq->now_ms);
    return answer == CHAT_OK ? reply_status(204) : refused(answer);
}

/* ---- people ----------------------------------------------------------------------------------------------- */

static const shape status_body = {
    {.name = "status", .type = FIELD_CHOICE, .required = true, .choices = "online|busy|break|offline",
     .help = "offline hands open conversations back at once."},
    {0},
};
static const shape me_gives = {
    {.name = "id", .type = FIELD_ID, .help = "The person."},
    {.name = "name", .type = FIELD_TEXT, .help = "Name within the shop."},
    {.name = "alias", .type = FIELD_TEXT, .help = "Name that buyers see."},
    {.name = "roles", .type = FIELD_ARRAY, .help = "Roles."},
    {.name = "status", .type = FIELD_CHOICE, .choices = "online|busy|break|offline", .help = "Present status."},
    {.name = "load", .type = FIELD_INT, .help = "Conversations now."},
    {.name = "cap", .type = FIELD_INT, .help = "Conversations at most."},
    {.name = "queue_length", .type = FIELD_INT, .help = "Buyers that wait in the shop."},
    {.name = "must_change_password", .type = FIELD_BOOL, .help = "Nothing else is possible before."},
    {.name = "shop", .type = FIELD_OBJECT, .help = "The shop."},
    {.name = "skills", .type = FIELD_ARRAY, .help = "Skills with levels."},
    {.name = "languages", .type = FIELD_ARRAY, .help = "Languages."},
    {0},
};
static const shape items_gives = {
    {.name = "items", .type = FIELD_ARRAY, .help = "All of them."},
    {0},
};

static struct reply get_me(struct request *rq)
{
    return reply_text(desk_me_json(rq->room, rq->arena, rq->actor));
}

static struct reply put_status(struct request *rq)
{
    enum chat_answer answer = desk_set_status(rq->room, rq->actor, json_str(rq->body, "status"), rq->now_ms);
    return answer == CHAT_OK ? get_me(rq) : refused(answer);
}

static struct reply get_people(struct request *rq)
{
    return reply_text(desk_people_json(rq->room, rq->arena, rq->actor->tenant_id));
}

static struct reply get_groups(struct request *rq)
{
    return reply_text(desk_groups_json(rq->room, rq->arena, rq->actor->tenant_id));
}

static struct reply get_categories(struct request *rq)
{
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    category_write(&o, rq->actor->language);
    jo_close(&o);
    return reply_json(&b);
}

const struct route desk_routes[] = {
    {METHOD_GET, "/api/v1/me", get_me, .needs = ROLES_PEOPLE, .gives = me_gives, .tag = "Me",
     .help = "Who is signed in, with status and load."},
    {METHOD_PUT, "/api/v1/me/status", put_status, .needs = ROLES_DESK, .body = status_body, .gives = me_gives,
     .tag = "Me", .help = "Sets the own status."},
    {METHOD_GET, "/api/v1/conversations", get_conversations, .needs = ROLES_PEOPLE, .query = list_query,
     .gives = list_gives, .tag = "Conversations", .help = "One list of the workbench, with the counts of all."},
    {METHOD_GET, "/api/v1/conversations/:id", get_conversation, .needs = ROLES_PEOPLE, .gives = detail_gives,
     .tag = "Conversations", .help = "A conversation with all that stands around it."},
    {METHOD_GET, "/api/v1/conversations/:id/messages", get_messages, .needs = ROLES_PEOPLE, .query = messages_query,
     .gives = messages_gives, .tag = "Conversations", .help = "Its messages, newest first."},
    {METHOD_POST, "/api/v1/conversations/:id/messages", post_message, .needs = ROLES_DESK, .body = say_body,
     .gives = say_gives, .tag = "Conversations", .help = "Says something as the agent who has it, or leaves a note."},
    {METHOD_POST, "/api/v1/conversations/:id/take", post_take, .needs = ROLES_DESK, .gives = detail_gives,
     .tag = "Conversations", .help = "Takes it from the queue or from the bot."},
    {METHOD_POST, "/api/v1/conversations/:id/transfer", post_transfer, .needs = ROLES_DESK, .body = transfer_body,
     .tag = "Conversations", .help = "Hands it to a colleague or a group; it keeps its waiting time."},
    {METHOD_POST, "/api/v1/conversations/:id/resolve", post_resolve, .needs = ROLES_DESK, .body = resolve_body,
     .tag = "Conversations", .help = "Closes it with a category and asks the buyer for a rating."},
    {METHOD_GET, "/api/v1/people", get_people, .needs = ROLES_PEOPLE, .gives = items_gives, .tag = "People",
     .help = "Colleagues who serve buyers, with status and load."},
    {METHOD_GET, "/api/v1/groups", get_groups, .needs = ROLES_PEOPLE, .gives = items_gives, .tag = "People",
     .help = "Skills of the shop's people: who is online, how many wait."},
    {METHOD_GET, "/api/v1/categories", get_categories, .needs = ROLES_PEOPLE, .gives = items_gives, .tag = "People",
     .help = "What a conversation can have been about."},
};
const size_t desk_route_count = COUNT(desk_routes);
