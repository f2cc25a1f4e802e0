/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has a conversation: each legal move is one row, what is not listed is refused.
 *
 * Invariants   1. agent_id is set exactly when handler is HANDLER_AGENT.
 *              2. queued_ms is set when it first waits and kept until it is closed or goes back to the bot, so that a
 *                 transfer or a return keeps its seniority.
 *              3. seq only rises, by one a message.
 */
#include "chat/conversation.h"

static const char *const names[] = {
    [HANDLER_BOT] = "bot", [HANDLER_QUEUE] = "queue", [HANDLER_AGENT] = "agent", [HANDLER_CLOSED] = "closed"};

static const struct row {
    enum handler from;
    enum handler_event event;
    enum handler to;
} rows[] = {
    {HANDLER_BOT,   HANDLER_WANTS_PERSON, HANDLER_QUEUE },
    {HANDLER_BOT,   HANDLER_ASSIGN,       HANDLER_AGENT }, /* a person takes over from the bot */
    {HANDLER_BOT,   HANDLER_CLOSE,        HANDLER_CLOSED},
    {HANDLER_QUEUE, HANDLER_ASSIGN,       HANDLER_AGENT },
    {HANDLER_QUEUE, HANDLER_CANCEL_WAIT,  HANDLER_BOT   },
    {HANDLER_QUEUE, HANDLER_RETURN,       HANDLER_QUEUE }, /* waits for another group */
    {HANDLER_QUEUE, HANDLER_CLOSE,        HANDLER_CLOSED},
    {HANDLER_AGENT, HANDLER_ASSIGN,       HANDLER_AGENT }, /* transfer to a person */
    {HANDLER_AGENT, HANDLER_RETURN,       HANDLER_QUEUE },
    {HANDLER_AGENT, HANDLER_CLOSE,        HANDLER_CLOSED},
};

const char *handler_name(enum handler h)
{
    return names[h];
}

bool handler_from_name(struct str name, enum handler *ret)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (str_eq_c(name, names[i])) {
            *ret = (enum handler)i;
            return true;
        }
    }
    return false;
}

static const struct row *row_of(enum handler from, enum handler_event event)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].from == from && rows[i].event == event)
            return &rows[i];
    }
    return NULL;
}

enum handler_answer conversation_step(struct conversation *c, enum handler_event event, int64_t agent_id,
                                      struct str skill, int64_t now_ms)
{
    const struct row *row = row_of(c->handler, event);
    if (row == NULL)
        return HANDLER_NO_SUCH_STEP;
    assert((event == HANDLER_ASSIGN) == (agent_id != 0));

    c->handler = row->to;
    c->agent_id = row->to == HANDLER_AGENT ? agent_id : 0;
    if (skill.n > 0)
        c->skill = skill;
    switch (row->to) {
    case HANDLER_BOT:
        c->queued_ms = 0;
        c->front = false;
        c->skill = STR_NONE;
        break;
    case HANDLER_QUEUE:
        if (c->queued_ms == 0)
            c->queued_ms = now_ms;
        c->needs_person = false;
        break;
    case HANDLER_AGENT:
        c->assigned_ms = now_ms;
        c->front = false;
        c->needs_person = false;
        break;
    case HANDLER_CLOSED:
        c->closed_ms = now_ms;
        c->front = false;
        c->waiting_ms = 0;
        break;
    }
    return HANDLER_OK;
}

void conversation_append(struct conversation *c, struct message *m, int64_t now_ms)
{
    m->conversation_id = c->id;
    m->seq = ++c->seq;
    m->at_ms = now_ms;
    if (m->kind == MESSAGE_NOTE)
        return; /* nobody outside sees it: the conversation has not moved */
    c->last_ms = now_ms;
    if (m->author == AUTHOR_SYSTEM || m->kind == MESSAGE_RATING_REQUEST)
        return;
    c->last_author = m->author;
    c->last_text = str_clip(m->text, 80);
    switch (m->author) {
    case AUTHOR_BUYER:
        c->unread++;
        if (c->waiting_ms == 0)
            c->waiting_ms = now_ms;
        break;
    case AUTHOR_AGENT:
        c->unread = 0;
        c->waiting_ms = 0;
        c->agent_read = m->seq;
        break;
    case AUTHOR_BOT:
        if (c->handler == HANDLER_BOT) { /* answered: nobody waits for a person */
            c->unread = 0;
            c->waiting_ms = 0;
        }
        break;
    case AUTHOR_SYSTEM: break;
    }
}
