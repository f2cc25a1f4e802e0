/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of learning: groups and items, and what is done with them.
 */
#include "bot/learning_api.h"

#include "account/actor.h"
#include "base/id.h"
#include "base/limit.h"
#include "bot/intent.h"
#include "bot/learning_service.h"
#include "bot/survey.h"
#include "knowledge/learning_store.h"

#define TRAINERS ((uint32_t)(ROLE_OWNER | ROLE_LEADER | ROLE_TRAINER))
#define GROUPS   50

static struct reply refused(enum learning_answer answer)
{
    switch (answer) {
    case TAUGHT_NOT_FOUND: return reply_problem(404, "not_found", "There is no such group, item, action or message.");
    case TAUGHT_NO_INTENT: return reply_problem(422, "no_intent", "There is no such intent; see GET /api/v1/learning/intents.");
    case TAUGHT_NO_ENTRY: return reply_problem(422, "no_entry", "There is no such entry in use.");
    case TAUGHT_NOTHING: return reply_problem(409, "nothing_open", "Nothing of what was named is open.");
    case TAUGHT_FULL: return reply_problem(409, "full", "The entry would have more than 500 similar questions.");
    case TAUGHT_UNDONE: return reply_problem(409, "undone", "It is undone already.");
    case TAUGHT_CHANGED: return reply_problem(409, "changed_since", "Something was built on it since; it cannot be undone.");
    case TAUGHT:
    case TAUGHT_FAULT: break;
    }
    return reply_fault();
}

static enum learning_state state_asked(const struct request *rq)
{
    enum learning_state state = LEARNING_OPEN;
    (void)learning_state_from_name(rq->query(rq, "state"), &state); /* open unless told */
    return state;
}

static void write_intent(struct json_out *o, const char *key, struct str id, struct str language)
{
    jo_key(o, key);
    if (id.n == 0) {
        jo_null(o);
        return;
    }
    jo_open(o);
    jo_kt(o, "id", id);
    jo_kt(o, "name", intent_name(language, id));
    jo_close(o);
}

/* ---- groups ---------------------------------------------------------------------------------------------------------- */

static void write_heard(struct json_out *o, const struct survey_group *g, struct str language)
{
    jo_key(o, "intent");
    jo_open(o);
    jo_kt(o, "id", g->intent);
    jo_kt(o, "name", intent_name(language, g->intent));
    jo_kr(o, "confidence", g->confidence);
    jo_kb(o, "sure", g->sure);
    jo_close(o);
    jo_key(o, "entry");
    if (g->entry.n == 0) {
        jo_null(o);
        return;
    }
    jo_open(o);
    jo_kt(o, "id", g->entry);
    jo_kt(o, "question", g->entry_question);
    jo_kr(o, "match", g->match);
    jo_close(o);
}

static void write_group(struct json_out *o, const struct survey_group *g, struct str language)
{
    jo_open(o);
    jo_kid(o, "id", g->id);
    jo_kt(o, "text", g->best->text);
    jo_kt(o, "language", g->best->language);
    jo_kn(o, "size", g->size);
    jo_kn(o, "this_week", g->this_week);
    jo_kn(o, "last_week", g->last_week);
    jo_kr(o, "gain", g->gain);
    jo_key(o, "reasons");
    jo_open(o);
    for (size_t i = 0; i < COUNT(g->by_reason); i++)
        if (g->by_reason[i] > 0)
            jo_kn(o, learning_reason_name((enum learning_reason)i), g->by_reason[i]);
    jo_close(o);
    write_heard(o, g, language);
    write_intent(o, "corrected", g->corrected, language);
    jo_key(o, "examples");
    jo_array(o);
    for (size_t i = 0; i < g->example_count; i++)
        jo_text(o, g->examples[i]);
    jo_array_end(o);
    jo_kat(o, "first_at", g->first_ms);
    jo_kat(o, "last_at", g->last_ms);
    jo_close(o);
}

static struct reply get_groups(struct request *rq)
{
    int64_t limit;
    struct survey s;
    size_t most = str_int(rq->query(rq, "limit"), &limit) ? (size_t)limit : GROUPS;
    if (survey_read(rq->room, rq->arena, rq->actor->tenant_id, state_asked(rq), most, rq->now_ms, &s) != STORE_OK)
        return reply_fault();
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kn(&o, "groups", (int64_t)s.all);
    jo_kn(&o, "items_open", s.items);
    jo_kn(&o, "turns", s.turns);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < s.n; i++)
        write_group(&o, &s.groups[i], rq->actor->language);
    jo_array_end(&o);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- items of a group ------------------------------------------------------------------------------------------------ */

struct listing {
    struct request *rq;
    struct learning_filter filter;
    int64_t after_conversation, after_seq;
    int limit;
    struct learning_item *items;
    size_t n;
};

static int read_items(struct tx *tx, void *arg)
{
    struct listing *w = arg;
    return learning_list(tx, w->rq->arena, w->rq->actor->tenant_id, &w->filter, w->after_conversation, w->after_seq,
                         w->limit + 1, &w->items, &w->n);
}

static struct str key_of(struct arena *a, const struct learning_item *item)
{
    return str_fmt(a, "%lld.%lld", (long long)item->conversation_id, (long long)item->seq);
}

static void write_item(struct request *rq, struct json_out *o, const struct learning_item *item)
{
    jo_open(o);
    jo_kt(o, "id", key_of(rq->arena, item));
    jo_kid(o, "conversation", item->conversation_id);
    jo_kn(o, "seq", item->seq);
    jo_kt(o, "text", item->text);
    jo_kt(o, "language", item->language);
    jo_kc(o, "reason", learning_reason_name(item->reason));
    jo_kc(o, "state", learning_state_name(item->state));
    write_intent(o, "intent", item->intent, rq->actor->language);
    jo_kr(o, "confidence", item->confidence);
    jo_kt(o, "entry", item->entry);
    jo_kr(o, "match", item->match);
    jo_kt(o, "about", item->about);
    write_intent(o, "corrected", item->corrected, rq->actor->language);
    jo_kat(o, "at", item->at_ms);
    jo_close(o);
}

static struct reply get_group(struct request *rq)
{
    int64_t limit;
    struct listing w = {.rq = rq, .after_seq = INT64_MIN};
    struct str cursor = rq->query(rq, "cursor");
    enum learning_state state = state_asked(rq);
    w.limit = str_int(rq->query(rq, "limit"), &limit) ? (int)limit : GROUPS;
    w.filter.state = rq->query(rq, "state").n > 0 ? &state : NULL;
    if (!id_parse(rq->segment[0], &w.filter.group_id))
        return refused(TAUGHT_NOT_FOUND);
    if (cursor.n > 0 && !learning_key_parse(cursor, &w.after_conversation, &w.after_seq))
        return reply_problem(422, "bad_cursor", "Take `cursor` from the `next` of an earlier answer.");
    if (store_read(rq->store, read_items, &w) != STORE_OK)
        return reply_fault();
    if (w.n == 0 && cursor.n == 0 && w.filter.state == NULL)
        return refused(TAUGHT_NOT_FOUND);
    size_t n = MIN(w.n, (size_t)w.limit);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++)
        write_item(rq, &o, &w.items[i]);
    jo_array_end(&o);
    jo_key(&o, "next");
    if (w.n > n)
        jo_text(&o, key_of(rq->arena, &w.items[n - 1]));
    else
        jo_null(&o);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- actions --------------------------------------------------------------------------------------------------------- */

static struct reply post_action(struct request *rq)
{
    static const enum learning_deed deeds[] = {LEARNING_ASSIGN, LEARNING_SIMILAR, LEARNING_WRITE, LEARNING_MERGE,
                                               LEARNING_IGNORE};
    struct entry entry = {.question = str_trim(json_str(rq->body, "question")),
                          .answer = str_trim(json_str(rq->body, "answer"))};
    struct learning_wish wish = {
        .groups = json_object_get(rq->body, "groups"),
        .items = json_object_get(rq->body, "items"),
        .intent = json_str(rq->body, "intent"),
        .entry_id = json_str(rq->body, "entry"),
        .entry = &entry,
    };
    for (size_t i = 0; i < COUNT(deeds); i++)
        if (str_eq_c(json_str(rq->body, "kind"), learning_deed_name(deeds[i])))
            wish.deed = deeds[i];
    if (wish.deed == LEARNING_WRITE && entry.answer.n == 0)
        return reply_problem(422, "bad_body", "Member \"answer\" is missing: a new entry needs one.");
    int64_t id, items;
    struct str target;
    enum learning_answer answer =
        learning_do(rq->store, rq->arena, rq->actor, &wish, rq->now_ms, &id, &target, &items);
    if (answer != TAUGHT)
        return refused(answer);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kid(&o, "id", id);
    jo_kc(&o, "kind", learning_deed_name(wish.deed));
    jo_kt(&o, "target", target);
    jo_kn(&o, "items", items);
    jo_close(&o);
    return (struct reply){.status = 201, .body = buf_view(&b)};
}

struct history {
    struct request *rq;
    int64_t before;
    int limit;
    struct learning_action *list;
    size_t n;
};

static int read_actions(struct tx *tx, void *arg)
{
    struct history *w = arg;
    return learning_actions(tx, w->rq->arena, w->rq->actor->tenant_id, w->before, w->limit + 1, &w->list, &w->n);
}

static struct reply get_actions(struct request *rq)
{
    int64_t limit;
    struct history w = {.rq = rq, .before = INT64_MAX, .limit = GROUPS};
    if (str_int(rq->query(rq, "limit"), &limit))
        w.limit = (int)limit;
    if (rq->query(rq, "cursor").n > 0 && !id_parse(rq->query(rq, "cursor"), &w.before))
        return reply_problem(422, "bad_cursor", "Take `cursor` from the `next` of an earlier answer.");
    if (store_read(rq->store, read_actions, &w) != STORE_OK)
        return reply_fault();
    size_t n = MIN(w.n, (size_t)w.limit);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++) {
        const struct learning_action *action = &w.list[i];
        jo_open(&o);
        jo_kid(&o, "id", action->id);
        jo_kt(&o, "kind", action->kind);
        jo_kt(&o, "target", action->target);
        jo_key(&o, "texts");
        jo_raw(&o, action->texts);
        jo_kn(&o, "items", action->items);
        jo_kid(&o, "by", action->person_id);
        jo_kat(&o, "at", action->at_ms);
        jo_kat(&o, "undone_at", action->undone_ms);
        jo_close(&o);
    }
    jo_array_end(&o);
    jo_key(&o, "next");
    if (w.n > n)
        jo_text(&o, str_fmt(rq->arena, "%lld", (long long)w.list[n - 1].id));
    else
        jo_null(&o);
    jo_close(&o);
    return reply_json(&b);
}

static struct reply post_undo(struct request *rq)
{
    int64_t id;
    if (!id_parse(rq->segment[0], &id))
        return refused(TAUGHT_NOT_FOUND);
    enum learning_answer answer = learning_undo(rq->store, rq->arena, rq->actor, id, rq->now_ms);
    return answer == TAUGHT ? reply_status(204) : refused(answer);
}

static struct reply post_correction(struct request *rq)
{
    int64_t conversation, seq;
    if (!id_parse(rq->segment[0], &conversation) || !str_int(rq->segment[1], &seq))
        return refused(TAUGHT_NOT_FOUND);
    enum learning_answer answer = learning_correct(rq->store, rq->arena, rq->actor, conversation, seq,
                                                   json_str(rq->body, "intent"), rq->now_ms);
    return answer == TAUGHT ? reply_status(204) : refused(answer);
}

static const struct field groups_query[] = {
    {"state", FIELD_CHOICE, false, 0, 0, "open|done|ignored", "Open unless told."},
    {"limit", FIELD_INT, false, 1, LIMIT_PAGE, NULL, "Groups, 50 unless told; the largest."},
    {0},
};
static const struct field items_query[] = {
    {"state", FIELD_CHOICE, false, 0, 0, "open|done|ignored", "Any unless told."},
    {"cursor", FIELD_TEXT, false, 0, 64, NULL, "The `next` of an earlier answer."},
    {"limit", FIELD_INT, false, 1, LIMIT_PAGE, NULL, "Items, 50 unless told."},
    {0},
};
static const struct field actions_query[] = {
    {"cursor", FIELD_TEXT, false, 0, 64, NULL, "The `next` of an earlier answer."},
    {"limit", FIELD_INT, false, 1, LIMIT_PAGE, NULL, "Items, 50 unless told."},
    {0},
};
static const shape action_body = {
    {.name = "kind", .type = FIELD_CHOICE, .required = true, .choices = "assign|similar|write|merge|ignore",
     .help = "What is done with the open items."},
    {.name = "groups", .type = FIELD_ARRAY, .max = 100, .help = "Groups: all of their open items; merged into the first."},
    {.name = "items", .type = FIELD_ARRAY, .max = 1000, .help = "Single items."},
    {.name = "intent", .type = FIELD_TEXT, .max = 100, .help = "assign: what they mean; `oos`: nothing that a shop is for."},
    {.name = "entry", .type = FIELD_TEXT, .max = 64, .help = "similar: the entry whose questions they are."},
    {.name = "question", .type = FIELD_TEXT, .max = 500, .help = "write: the question; else one of the texts."},
    {.name = "answer", .type = FIELD_TEXT, .max = 5000, .help = "write: the answer."},
    {0},
};
static const shape correction_body = {
    {.name = "intent", .type = FIELD_TEXT, .required = true, .min = 1, .max = 100, .help = "What the buyer meant."},
    {0},
};

const struct route learning_routes[] = {
    {METHOD_GET, "/api/v1/learning/groups", get_groups, .needs = TRAINERS, .query = groups_query, .tag = "Learning",
     .help = "What the bot did not serve well, as groups of like texts with trend, nearest entry, intent and gain."},
    {METHOD_GET, "/api/v1/learning/groups/:id", get_group, .needs = TRAINERS, .query = items_query, .tag = "Learning",
     .help = "The texts of a group, oldest first."},
    {METHOD_POST, "/api/v1/learning/actions", post_action, .needs = TRAINERS, .body = action_body, .max_body = 128 * KIB,
     .tag = "Learning", .help = "Gives texts an intent, an entry or a new one; merges groups; ignores."},
    {METHOD_GET, "/api/v1/learning/actions", get_actions, .needs = TRAINERS, .query = actions_query, .tag = "Learning",
     .help = "What was done, newest first."},
    {METHOD_POST, "/api/v1/learning/actions/:id/undo", post_undo, .needs = TRAINERS, .tag = "Learning",
     .help = "Takes back what an action gave on, and opens its items again."},
    {METHOD_POST, "/api/v1/conversations/:id/messages/:seq/intent", post_correction, .needs = ROLES_PEOPLE & ~(uint32_t)ROLE_STAFF,
     .body = correction_body, .tag = "Learning", .help = "Says what a buyer's message meant: the bot learns from it."},
};
const size_t learning_route_count = COUNT(learning_routes);
