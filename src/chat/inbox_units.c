/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people and buyers do besides a buyer's message: blocking units of work, told to the screens after the commit.
 */
#include "chat/inbox_private.h"

#include "base/texts.h"

struct agent_unit {
    const struct agent_message *m;
    struct change change;
    int64_t seq;
};

static int agent_says(struct tx *tx, void *arg)
{
    struct agent_unit *u = arg;
    const struct agent_message *m = u->m;
    enum chat_answer answer = change_load(tx, &u->change, m->conversation_id);
    if (answer != CHAT_OK)
        return answer;
    struct message stored;
    answer = message_by_client(tx, u->change.arena, m->tenant_id, m->conversation_id, m->person_id, m->client_id, &stored);
    if (answer == CHAT_OK) {
        u->seq = stored.seq;
        return str_eq(stored.text, m->text) && stored.kind == m->kind ? CHAT_DUPLICATE : CHAT_CONFLICT;
    }
    if (answer != CHAT_NOT_FOUND)
        return answer;
    const struct conversation *c = &u->change.conversation;
    bool note = m->kind == MESSAGE_NOTE;
    if (c->handler == HANDLER_CLOSED && !note)
        return CHAT_CLOSED;
    if (!(note && m->may_any) && (c->handler != HANDLER_AGENT || c->agent_id != m->person_id))
        return CHAT_NOT_ALLOWED;
    u->seq = change_say(&u->change, (struct message){.author = AUTHOR_AGENT, .author_id = m->person_id,
                                                     .author_name = m->person_name, .kind = m->kind, .text = m->text,
                                                     .data = m->data, .client_id = m->client_id})
                 ->seq;
    return change_save(tx, &u->change);
}

enum chat_answer chat_say_as_agent(struct inbox *ib, const struct agent_message *m, int64_t *ret_seq)
{
    struct arena a = {0};
    struct agent_unit u = {.m = m, .change = {.arena = &a, .tenant_id = m->tenant_id, .now_ms = m->now_ms}};
    enum chat_answer answer = (enum chat_answer)store_write(ib->store, agent_says, &u);
    if (answer == CHAT_OK)
        live_publish(ib->live, &u.change);
    if (answer == CHAT_OK || answer == CHAT_DUPLICATE)
        *ret_seq = u.seq;
    arena_done(&a);
    return answer;
}

struct buyer_unit {
    struct change change;
    int64_t contact_id;
    enum handler_event event;
};

static int buyer_steps(struct tx *tx, void *arg)
{
    struct buyer_unit *u = arg;
    struct change *ch = &u->change;
    struct conversation open;
    enum chat_answer answer = conversation_open_of(tx, ch->arena, ch->tenant_id, u->contact_id, &open);
    if (answer == CHAT_OK)
        answer = change_load(tx, ch, open.id);
    if (answer != CHAT_OK)
        return answer;
    struct str language = ch->conversation.language;
    if (conversation_step(&ch->conversation, u->event, 0, STR_NONE, ch->now_ms) != HANDLER_OK)
        return CHAT_NOT_ALLOWED;
    if (u->event == HANDLER_CANCEL_WAIT) {
        change_system(ch, "cancelled", texts_get(language, "chat.queue_left"));
    } else {
        change_system(ch, "closed", texts_get(language, "chat.ended_by_buyer"));
        change_say(ch, (struct message){.author = AUTHOR_SYSTEM, .kind = MESSAGE_RATING_REQUEST,
                                        .text = texts_get(language, "chat.rate_please")});
    }
    return change_save(tx, ch);
}

static enum chat_answer buyer_does(struct inbox *ib, int64_t tenant_id, int64_t contact_id, enum handler_event event,
                                   int64_t now_ms)
{
    struct arena a = {0};
    struct buyer_unit u = {.change = {.arena = &a, .tenant_id = tenant_id, .now_ms = now_ms},
                           .contact_id = contact_id, .event = event};
    enum chat_answer answer = (enum chat_answer)store_write(ib->store, buyer_steps, &u);
    if (answer == CHAT_OK) {
        live_publish(ib->live, &u.change);
        if (ib->wants != NULL)
            ib->wants(ib->wants_arg, tenant_id);
    }
    arena_done(&a);
    return answer;
}

enum chat_answer chat_cancel_queue(struct inbox *ib, int64_t tenant_id, int64_t contact_id, int64_t now_ms)
{
    return buyer_does(ib, tenant_id, contact_id, HANDLER_CANCEL_WAIT, now_ms);
}

enum chat_answer chat_end(struct inbox *ib, int64_t tenant_id, int64_t contact_id, int64_t now_ms)
{
    return buyer_does(ib, tenant_id, contact_id, HANDLER_CLOSE, now_ms);
}

struct read_unit {
    struct arena arena;
    int64_t tenant_id, conversation_id, seq;
    enum author reader;
};

static int read_upto(struct tx *tx, void *arg)
{
    struct read_unit *u = arg;
    struct conversation c;
    enum chat_answer answer = conversation_get(tx, &u->arena, u->tenant_id, u->conversation_id, &c);
    if (answer != CHAT_OK)
        return answer;
    int64_t *mark = u->reader == AUTHOR_AGENT ? &c.agent_read : &c.buyer_read;
    int64_t seq = MIN(u->seq, c.seq);
    if (seq <= *mark)
        return CHAT_OK;
    *mark = seq;
    if (u->reader == AUTHOR_AGENT && seq == c.seq)
        c.unread = 0;
    return conversation_update(tx, &c);
}

enum chat_answer chat_read(struct inbox *ib, int64_t tenant_id, int64_t conversation_id, enum author reader, int64_t seq)
{
    struct read_unit u = {.tenant_id = tenant_id, .conversation_id = conversation_id, .seq = seq, .reader = reader};
    enum chat_answer answer = (enum chat_answer)store_write(ib->store, read_upto, &u);
    if (answer == CHAT_OK && reader == AUTHOR_AGENT)
        live_tell_inbox(ib->live, tenant_id, conversation_id);
    arena_done(&u.arena);
    return answer;
}
