/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of conversations, messages and decisions.
 */
#include "chat/conversation_store.h"

#include <string.h>

#define COLUMNS                                                                                                     \
    "conversation_id, contact_id, channel, language, handler, agent_id, skill, seq, version, opened_ms, last_ms,"  \
    " queued_ms, assigned_ms, closed_ms, front, urgent, waiting_ms, unread, agent_read, buyer_read, topic,"        \
    " category, needs_person, bot_state, bot_version, entry, last_author, last_text"

static struct stored_place place_of(const struct conversation *c)
{
    return (struct stored_place){.known = true, .handler = c->handler, .agent_id = c->agent_id, .queued_ms = c->queued_ms,
                                 .assigned_ms = c->assigned_ms, .closed_ms = c->closed_ms, .front = c->front, .urgent = c->urgent, .skill = str_hash(c->skill)};
}

static bool place_is_stored(const struct conversation *c)
{
    struct stored_place now = place_of(c);
    const struct stored_place *s = &c->stored;
    return s->known && s->handler == now.handler && s->agent_id == now.agent_id && s->queued_ms == now.queued_ms &&
           s->assigned_ms == now.assigned_ms && s->closed_ms == now.closed_ms && s->front == now.front && s->urgent == now.urgent && s->skill == now.skill;
}

static enum chat_answer read_conversation(struct stmt *q, struct arena *a, int64_t tenant_id, struct conversation *ret)
{
    int rc = stmt_next(q);
    if (rc < 0)
        return CHAT_FAULT;
    if (rc == 0)
        return CHAT_NOT_FOUND;

    struct conversation c = {.tenant_id = tenant_id};
    int i = 0;
    c.id = stmt_get_int(q, i++);
    c.contact_id = stmt_get_int(q, i++);
    c.channel = stmt_copy_text(q, i++, a);
    c.language = stmt_copy_text(q, i++, a);
    bool known = handler_from_name(stmt_get_text(q, i++), &c.handler);
    c.agent_id = stmt_get_int(q, i++);
    c.skill = stmt_copy_text(q, i++, a);
    c.seq = stmt_get_int(q, i++);
    c.version = stmt_get_int(q, i++);
    c.opened_ms = stmt_get_int(q, i++);
    c.last_ms = stmt_get_int(q, i++);
    c.queued_ms = stmt_get_int(q, i++);
    c.assigned_ms = stmt_get_int(q, i++);
    c.closed_ms = stmt_get_int(q, i++);
    c.front = stmt_get_int(q, i++) != 0;
    c.urgent = stmt_get_int(q, i++) != 0;
    c.waiting_ms = stmt_get_int(q, i++);
    c.unread = stmt_get_int(q, i++);
    c.agent_read = stmt_get_int(q, i++);
    c.buyer_read = stmt_get_int(q, i++);
    c.topic = stmt_copy_text(q, i++, a);
    c.category = stmt_copy_text(q, i++, a);
    c.needs_person = stmt_get_int(q, i++) != 0;
    c.bot_state = stmt_copy_text(q, i++, a);
    c.bot_version = stmt_copy_text(q, i++, a);
    c.entry = stmt_copy_text(q, i++, a);
    known = author_from_name(stmt_get_text(q, i++), &c.last_author) && known;
    c.last_text = stmt_copy_text(q, i++, a);
    if (!known)
        return CHAT_FAULT; /* a name that this program never wrote: `xiaoer check` says which row */
    c.stored = place_of(&c);
    *ret = c;
    return CHAT_OK;
}

enum chat_answer conversation_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id,
                                  struct conversation *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM conversation WHERE tenant_id = $1 AND conversation_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return read_conversation(&q, a, tenant_id, ret);
}

enum chat_answer conversation_last_of(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t contact_id,
                                      struct conversation *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM conversation WHERE tenant_id = $1 AND contact_id = $2"
                      " ORDER BY conversation_id DESC LIMIT 1");
    stmt_int(&q, tenant_id);
    stmt_int(&q, contact_id);
    return read_conversation(&q, a, tenant_id, ret);
}

/* A contact has at most one conversation that is open, and it is the newest. */
enum chat_answer conversation_open_of(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t contact_id,
                                      struct conversation *ret)
{
    struct conversation c;
    enum chat_answer answer = conversation_last_of(tx, a, tenant_id, contact_id, &c);
    if (answer == CHAT_OK && c.handler == HANDLER_CLOSED)
        return CHAT_NOT_FOUND;
    if (answer == CHAT_OK)
        *ret = c;
    return answer;
}

enum chat_answer conversation_insert(struct tx *tx, const struct conversation *c)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO conversation (tenant_id, " COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
            " $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)");
    stmt_int(&q, c->tenant_id);
    stmt_int(&q, c->id);
    stmt_int(&q, c->contact_id);
    stmt_text(&q, c->channel);
    stmt_text(&q, c->language);
    stmt_text(&q, str_from(handler_name(c->handler)));
    stmt_int_or_null(&q, c->agent_id);
    stmt_text(&q, c->skill);
    stmt_int(&q, c->seq);
    stmt_int(&q, c->version);
    stmt_int(&q, c->opened_ms);
    stmt_int(&q, c->last_ms);
    stmt_int_or_null(&q, c->queued_ms);
    stmt_int_or_null(&q, c->assigned_ms);
    stmt_int_or_null(&q, c->closed_ms);
    stmt_int(&q, c->front);
    stmt_int(&q, c->urgent);
    stmt_int_or_null(&q, c->waiting_ms);
    stmt_int(&q, c->unread);
    stmt_int(&q, c->agent_read);
    stmt_int(&q, c->buyer_read);
    stmt_text(&q, c->topic);
    stmt_text(&q, c->category);
    stmt_int(&q, c->needs_person);
    stmt_text(&q, c->bot_state);
    stmt_text(&q, c->bot_version);
    stmt_text(&q, c->entry);
    stmt_text(&q, str_from(author_name(c->last_author)));
    stmt_text(&q, c->last_text);
    int64_t changed = stmt_run(&q);
    if (changed == STORE_CONFLICT)
        return CHAT_STALE;
    return changed < 0 ? CHAT_FAULT : CHAT_OK;
}

/* A column that is named is taken out of its indexes and put back, changed or not: where a conversation stands is written
 * only when it moved. */
static enum chat_answer update_place(struct tx *tx, const struct conversation *c)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "UPDATE conversation SET handler = $1, agent_id = $2, skill = $3, queued_ms = $4, front = $5, urgent = $6,"
            " assigned_ms = $7, closed_ms = $8 WHERE tenant_id = $9 AND conversation_id = $10 AND version = $11");
    stmt_text(&q, str_from(handler_name(c->handler)));
    stmt_int_or_null(&q, c->agent_id);
    stmt_text(&q, c->skill);
    stmt_int_or_null(&q, c->queued_ms);
    stmt_int(&q, c->front);
    stmt_int(&q, c->urgent);
    stmt_int_or_null(&q, c->assigned_ms);
    stmt_int_or_null(&q, c->closed_ms);
    stmt_int(&q, c->tenant_id);
    stmt_int(&q, c->id);
    stmt_int(&q, c->version);
    int64_t changed = stmt_run(&q);
    if (changed < 0)
        return CHAT_FAULT;
    return changed == 0 ? CHAT_STALE : CHAT_OK;
}

static enum chat_answer update_talk(struct tx *tx, const struct conversation *c)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "UPDATE conversation SET seq = $1, last_ms = $2, waiting_ms = $3, unread = $4, agent_read = $5,"
            " buyer_read = $6, topic = $7, category = $8, needs_person = $9, bot_state = $10, bot_version = $11,"
            " entry = $12, last_author = $13, last_text = $14, language = $15, version = version + 1"
            " WHERE tenant_id = $16 AND conversation_id = $17 AND version = $18");
    stmt_int(&q, c->seq);
    stmt_int(&q, c->last_ms);
    stmt_int_or_null(&q, c->waiting_ms);
    stmt_int(&q, c->unread);
    stmt_int(&q, c->agent_read);
    stmt_int(&q, c->buyer_read);
    stmt_text(&q, c->topic);
    stmt_text(&q, c->category);
    stmt_int(&q, c->needs_person);
    stmt_text(&q, c->bot_state);
    stmt_text(&q, c->bot_version);
    stmt_text(&q, c->entry);
    stmt_text(&q, str_from(author_name(c->last_author)));
    stmt_text(&q, c->last_text);
    stmt_text(&q, c->language);
    stmt_int(&q, c->tenant_id);
    stmt_int(&q, c->id);
    stmt_int(&q, c->version);
    int64_t changed = stmt_run(&q);
    if (changed < 0)
        return CHAT_FAULT;
    return changed == 0 ? CHAT_STALE : CHAT_OK;
}

enum chat_answer conversation_update(struct tx *tx, struct conversation *c)
{
    enum chat_answer answer = place_is_stored(c) ? CHAT_OK : update_place(tx, c);
    if (answer == CHAT_OK)
        answer = update_talk(tx, c);
    if (answer != CHAT_OK)
        return answer;
    c->version++;
    c->stored = place_of(c);
    return CHAT_OK;
}

enum chat_answer message_insert(struct tx *tx, int64_t tenant_id, const struct message *m)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO message (tenant_id, conversation_id, seq, author_kind, author_id, kind, text, data,"
                      " client_id, at_ms, decision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    stmt_int(&q, tenant_id);
    stmt_int(&q, m->conversation_id);
    stmt_int(&q, m->seq);
    stmt_text(&q, str_from(author_name(m->author)));
    stmt_int(&q, m->author_id);
    stmt_text(&q, str_from(message_kind_name(m->kind)));
    stmt_text(&q, m->text);
    stmt_text_or_null(&q, m->data);
    stmt_text_or_null(&q, m->client_id);
    stmt_int(&q, m->at_ms);
    stmt_text_or_null(&q, m->decision);
    int64_t changed = stmt_run(&q);
    if (changed == STORE_CONFLICT)
        return m->client_id.n > 0 ? CHAT_DUPLICATE : CHAT_STALE;
    return changed < 0 ? CHAT_FAULT : CHAT_OK;
}

#define MESSAGE_COLUMNS "seq, author_kind, author_id, kind, text, data, client_id, at_ms"

/* data is stored as the inside of an object: '"author_name":"小禾",…'. The name comes first, when there is one. */
static struct str take_author_name(struct arena *a, struct str *data)
{
    static const char head[] = "\"_by\":";
    if (!str_starts(*data, STR(head)))
        return STR_NONE;
    size_t end = sizeof(head) - 1 + 1;
    while (end < data->n && data->p[end] != '"')
        end += data->p[end] == '\\' ? 2 : 1;
    json_t *name = json_loadb(data->p + sizeof(head) - 1, end + 1 - (sizeof(head) - 1), JSON_DECODE_ANY, NULL);
    struct str found = str_dup(a, json_text(name));
    json_decref(name);
    *data = str_sub(*data, end + 1, SIZE_MAX);
    if (data->n > 0 && data->p[0] == ',')
        *data = str_sub(*data, 1, SIZE_MAX);
    return found;
}

static bool read_message(struct stmt *q, struct arena *a, int64_t conversation_id, struct message *ret)
{
    struct message m = {.conversation_id = conversation_id, .seq = stmt_get_int(q, 0)};
    if (!author_from_name(stmt_get_text(q, 1), &m.author) || !message_kind_from_name(stmt_get_text(q, 3), &m.kind))
        return false;
    m.author_id = stmt_get_int(q, 2);
    m.text = stmt_copy_text(q, 4, a);
    m.data = stmt_copy_text(q, 5, a);
    m.author_name = take_author_name(a, &m.data);
    m.client_id = stmt_copy_text(q, 6, a);
    m.at_ms = stmt_get_int(q, 7);
    *ret = m;
    return true;
}

enum chat_answer message_by_client(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id,
                                   int64_t author_id, struct str client_id, struct message *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " MESSAGE_COLUMNS " FROM message WHERE tenant_id = $1 AND conversation_id = $2"
                      " AND author_id = $3 AND client_id = $4");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    stmt_int(&q, author_id);
    stmt_text(&q, client_id);
    int rc = stmt_next(&q);
    if (rc == 0)
        return CHAT_NOT_FOUND;
    return rc > 0 && read_message(&q, a, conversation_id, ret) ? CHAT_OK : CHAT_FAULT;
}

enum chat_answer message_unasked_find(struct tx *tx, int64_t tenant_id, struct str key, int64_t *ret_conversation)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT conversation_id FROM message WHERE tenant_id = $1 AND client_id = $2"
                      " AND client_id IS NOT NULL AND author_id = 0");
    stmt_int(&q, tenant_id);
    stmt_text(&q, key);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return rc == 0 ? CHAT_NOT_FOUND : CHAT_FAULT;
    *ret_conversation = stmt_get_int(&q, 0);
    return CHAT_OK;
}

static enum chat_answer collect(struct stmt *q, struct arena *a, int64_t conversation_id, struct message **ret,
                                size_t *ret_n)
{
    ARRAY(struct message) found = {0};
    int rc;
    while ((rc = stmt_next(q)) > 0) {
        struct message *m = array_push(a, &found);
        if (!read_message(q, a, conversation_id, m))
            return CHAT_FAULT;
    }
    if (rc < 0)
        return CHAT_FAULT;
    *ret = found.v;
    *ret_n = found.n;
    return CHAT_OK;
}

enum chat_answer message_list(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id, int64_t after,
                              int64_t before, int limit, bool newest_first, bool with_notes, struct message **ret,
                              size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        newest_first
            ? stmt_open(tx, "SELECT " MESSAGE_COLUMNS " FROM message WHERE tenant_id = $1 AND conversation_id = $2"
                            " AND seq > $3 AND seq < $4 AND (kind <> 'note' OR $5 <> 0) ORDER BY seq DESC LIMIT $6")
            : stmt_open(tx, "SELECT " MESSAGE_COLUMNS " FROM message WHERE tenant_id = $1 AND conversation_id = $2"
                            " AND seq > $3 AND seq < $4 AND (kind <> 'note' OR $5 <> 0) ORDER BY seq LIMIT $6");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    stmt_int(&q, after);
    stmt_int(&q, before);
    stmt_int(&q, with_notes);
    stmt_int(&q, limit);
    return collect(&q, a, conversation_id, ret, ret_n);
}

/* The contact's newest conversation up to this one. */
static enum chat_answer conversation_up_to(struct tx *tx, int64_t tenant_id, int64_t contact_id, int64_t most,
                                           int64_t *ret_conversation)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT conversation_id FROM conversation WHERE tenant_id = $1 AND contact_id = $2"
                      " AND conversation_id <= $3 ORDER BY conversation_id DESC LIMIT 1");
    stmt_int(&q, tenant_id);
    stmt_int(&q, contact_id);
    stmt_int(&q, most);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return rc < 0 ? CHAT_FAULT : CHAT_NOT_FOUND;
    *ret_conversation = stmt_get_int(&q, 0);
    return CHAT_OK;
}

/* One conversation after the other: a join over them all would read and sort a conversation whole for its last lines. */
enum chat_answer message_history(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t contact_id,
                                 int64_t before_conversation, int64_t before_seq, int limit, struct message **ret,
                                 size_t *ret_n)
{
    struct message *found = arena_array(a, struct message, (size_t)limit);
    size_t n = 0;
    int64_t most = before_conversation, id;
    enum chat_answer answer = CHAT_OK;
    while (n < (size_t)limit && (answer = conversation_up_to(tx, tenant_id, contact_id, most, &id)) == CHAT_OK) {
        struct message *some;
        size_t count;
        int64_t before = id == before_conversation ? before_seq : INT64_MAX;
        answer = message_list(tx, a, tenant_id, id, 0, before, limit - (int)n, true, false, &some, &count);
        if (answer != CHAT_OK)
            return answer;
        if (count > 0)
            memcpy(found + n, some, count * sizeof(*some));
        n += count;
        most = id - 1;
    }
    *ret = found;
    *ret_n = n;
    return answer == CHAT_FAULT ? CHAT_FAULT : CHAT_OK;
}

enum chat_answer decision_insert(struct tx *tx, int64_t tenant_id, int64_t conversation_id, int64_t seq,
                                 const char *kind, int64_t at_ms, struct str input, struct str outcome,
                                 struct str reason)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO decision (tenant_id, conversation_id, seq, kind, at_ms, input, outcome, reason)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    stmt_int(&q, seq);
    stmt_text(&q, str_from(kind));
    stmt_int(&q, at_ms);
    stmt_text(&q, input);
    stmt_text(&q, outcome);
    stmt_text(&q, reason);
    return stmt_run(&q) < 0 ? CHAT_FAULT : CHAT_OK;
}
