/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A change of one conversation: collected in memory, stored in one go.
 */
#include "chat/change.h"

#include <string.h>

enum chat_answer change_load(struct tx *tx, struct change *ch, int64_t conversation_id)
{
    enum chat_answer answer =
        conversation_get(tx, ch->arena, ch->tenant_id, conversation_id, &ch->conversation);
    ch->handler_before = ch->conversation.handler;
    ch->agent_before = ch->conversation.agent_id;
    ch->said.n = 0;
    ch->reasons.n = 0;
    return answer;
}

struct message *change_say(struct change *ch, struct message m)
{
    m.text = str_dup(ch->arena, m.text);
    m.data = str_dup(ch->arena, m.data);
    m.client_id = str_dup(ch->arena, m.client_id);
    m.author_name = str_dup(ch->arena, m.author_name);
    conversation_append(&ch->conversation, &m, ch->now_ms);
    struct message *kept = array_push(ch->arena, &ch->said);
    *kept = m;
    return kept;
}

struct message *change_system(struct change *ch, const char *event, struct str text)
{
    struct buf data = {.arena = ch->arena};
    buf_printf(&data, "\"event\":\"%s\"", event);
    return change_say(ch, (struct message){.author = AUTHOR_SYSTEM,
                                           .kind = MESSAGE_SYSTEM,
                                           .text = text,
                                           .data = buf_view(&data)});
}

void change_why(struct change *ch, const char *kind, struct str input, struct str outcome, struct str text)
{
    struct reason *r = array_push(ch->arena, &ch->reasons);
    *r = (struct reason){.kind = kind, .input = input, .outcome = outcome, .text = text};
}

/* A person's shown name is stored in the message: people leave and change names, what they signed does not. */
static struct str stored_data(struct arena *a, const struct message *m)
{
    if (m->author != AUTHOR_AGENT || m->author_name.n == 0)
        return m->data;
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    buf_c(&b, "\"_by\":");
    jo_text(&o, m->author_name);
    if (m->data.n > 0) {
        buf_char(&b, ',');
        buf_str(&b, m->data);
    }
    return buf_view(&b);
}

enum chat_answer change_save(struct tx *tx, struct change *ch)
{
    struct conversation *c = &ch->conversation;
    enum chat_answer answer = ch->is_new ? conversation_insert(tx, c) : conversation_update(tx, c);
    for (size_t i = 0; i < ch->said.n && answer == CHAT_OK; i++) {
        struct message m = ch->said.v[i];
        m.data = stored_data(ch->arena, &m);
        answer = message_insert(tx, ch->tenant_id, &m);
    }
    for (size_t i = 0; i < ch->reasons.n && answer == CHAT_OK; i++) {
        const struct reason *r = &ch->reasons.v[i];
        answer = decision_insert(tx, ch->tenant_id, c->id, c->seq, r->kind, ch->now_ms, r->input, r->outcome, r->text);
    }
    return answer;
}
