/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a delivery reads, in one snapshot: the conversation that it goes to, what comes with it, what the bot hears of it
 * and what the responder decides from all that.
 *
 * How          The conversation may be known from the turn before (chat/recent.h); the version guard of the unit of work says
 *              when it was no longer so, and the next try reads the store. What a buyer sends in pieces is heard as one
 *              (chat/unanswered.h).
 * Threads      On a worker, on its own read connection. Stores nothing.
 */
#include "chat/inbox_private.h"

#include "base/id.h"
#include "base/time.h"
#include "chat/burst.h"
#include "chat/recent.h"
#include "chat/unanswered.h"

/* What was stored under this client_id, if anything: then @p d->receipt is the answer. */
enum chat_answer delivery_find_stored(struct tx *tx, struct delivery *d, int64_t conversation_id)
{
    struct message m;
    enum chat_answer answer = message_by_client(tx, &d->arena, d->in.tenant_id, conversation_id, d->in.contact_id,
                                                d->in.client_id, &m);
    if (answer != CHAT_OK)
        return answer;
    bool same = (m.kind == d->in.kind || (is_media(m.kind) && is_media(d->in.kind))) &&
                (m.kind == MESSAGE_FORM || str_eq(m.text, d->in.text)); /* a form's text is made of it, here */
    d->receipt = (struct receipt){.answer = same ? CHAT_DUPLICATE : CHAT_CONFLICT,
                                  .conversation_id = conversation_id,
                                  .seq = m.seq,
                                  .at_ms = m.at_ms};
    return d->receipt.answer;
}

/* Its id is above all earlier ones of the contact, also when the clock was set back since: the open one is the newest. */
static void begin_conversation(struct delivery *d)
{
    int64_t newest = d->change.conversation.id;
    int64_t id = id_new(d->in.now_ms);
    d->change.is_new = true;
    d->change.conversation = (struct conversation){
        .tenant_id = d->in.tenant_id,
        .id = MAX(id, newest + 1),
        .contact_id = d->in.contact_id,
        .channel = d->in.channel,
        .language = d->in.language,
        .handler = HANDLER_BOT,
        .opened_ms = d->in.now_ms,
        .bot_state = STR("{}"),
        .entry = STR("{}"),
    };
}

/* Finds the conversation that the message goes to: the named one while it is open, else the open one, else a new one.
 * A retry that names a closed conversation is answered from there and never says the thing twice. */
static int read_conversation(struct tx *tx, void *arg)
{
    struct delivery *d = arg;
    struct conversation *c = &d->change.conversation;
    d->in.last_said = STR_NONE; /* of an earlier try: that arena is gone */
    if (d->tries == 0 && d->in.kind != MESSAGE_FORM && recent_find(d->inbox->recent, &d->arena, d->in.tenant_id, d->in.contact_id, c) &&
        (d->in.conversation_id == 0 || d->in.conversation_id == c->id))
        return CHAT_OK; /* when it is no longer so, the guard says it and the next try reads */
    *c = (struct conversation){0};
    if (d->in.conversation_id != 0) {
        enum chat_answer answer = conversation_get(tx, &d->arena, d->in.tenant_id, d->in.conversation_id, c);
        if (answer == CHAT_FAULT)
            return CHAT_FAULT;
        if (answer == CHAT_NOT_FOUND || c->contact_id != d->in.contact_id)
            return CHAT_NOT_FOUND;
        if (c->handler != HANDLER_CLOSED)
            return CHAT_OK;
        answer = delivery_find_stored(tx, d, c->id);
        if (answer != CHAT_NOT_FOUND)
            return answer;
    }
    enum chat_answer answer = conversation_last_of(tx, &d->arena, d->in.tenant_id, d->in.contact_id, c);
    if (answer == CHAT_FAULT || (answer == CHAT_OK && c->handler != HANDLER_CLOSED))
        return answer;
    if (answer == CHAT_OK) { /* closed: a late retry that names no conversation is answered from there, too */
        d->in.last_said = c->last_author == AUTHOR_BOT ? c->last_text : STR_NONE;
        answer = delivery_find_stored(tx, d, c->id);
        if (answer != CHAT_NOT_FOUND)
            return answer;
    }
    begin_conversation(d);
    return CHAT_OK;
}

/* What the buyer wrote within the last minute and nobody answered, before this message: a restart forgot it. */
static struct str forgotten_texts(struct tx *tx, struct delivery *d)
{
    enum { MOST = 8 };
    const struct conversation *c = &d->change.conversation;
    struct message *list;
    size_t n, from = 0;
    if (c->last_author != AUTHOR_BUYER || d->change.is_new ||
        message_list(tx, &d->arena, d->in.tenant_id, c->id, c->seq - MOST, INT64_MAX, MOST, false, false, &list, &n) != CHAT_OK)
        return d->in.text;
    struct burst_text texts[MOST + 1];
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (list[i].author != AUTHOR_BUYER || list[i].kind != MESSAGE_TEXT || list[i].at_ms < d->in.now_ms - MINUTE_MS)
            from = i + 1;
    for (size_t i = from; i < n; i++)
        texts[count++] = (struct burst_text){list[i].text, list[i].at_ms};
    texts[count++] = (struct burst_text){d->in.text, d->in.now_ms};
    return str_dup(&d->kept, burst_join(&d->arena, texts, count));
}

/* Sets what the bot hears, and whether more may come before it answers. Decided once: a try that is run again keeps it. */
static void hear(struct tx *tx, struct delivery *d)
{
    struct unanswered *u = d->inbox->unanswered;
    const struct incoming *in = &d->in;
    const struct conversation *c = &d->change.conversation;
    if (d->tries > 0)
        return;
    d->heard = in->text;
    if (u == NULL || d->late)
        return;
    bool plain = in->kind == MESSAGE_TEXT && in->intent.n == 0 && in->order_id.n == 0 && in->product_id.n == 0 && !in->wants_human && in->agreement.n == 0;
    if (!plain || c->handler != HANDLER_BOT) {
        struct str before = unanswered_take(u, &d->kept, in->contact_id);
        if (is_media(in->kind) && before.n > 0) /* the words that a photo was sent for */
            d->heard = str_fmt(&d->kept, "%.*s%s%.*s", STR_ARG(before), in->text.n > 0 ? "\n" : "", STR_ARG(in->text));
        return; /* a button says what was meant; a person reads it all */
    }
    struct str last_said = c->last_author == AUTHOR_BOT ? c->last_text : STR_NONE;
    d->waits = unanswered_add(u, &d->kept, in, last_said, &d->heard);
    if (!d->waits && d->heard.p == in->text.p)
        d->heard = forgotten_texts(tx, d);
}

/* All that a turn reads, the responder's facts too, is one snapshot. */
int delivery_read(struct tx *tx, void *arg)
{
    struct delivery *d = arg;
    const struct responder *r = &d->inbox->responder;
    int answer = read_conversation(tx, d);
    if (answer == CHAT_OK)
        answer = delivery_take_parts(tx, d);
    if (answer != CHAT_OK)
        return answer;
    struct conversation *c = &d->change.conversation;
    d->change.handler_before = d->change.is_new ? HANDLER_BOT : c->handler;
    d->change.agent_before = c->agent_id;
    hear(tx, d);
    if (d->in.agreement.n > 0 && r->settle != NULL) { /* a button, not words: whoever has the conversation need not answer */
        d->bot_spoke = true;
        return r->settle(r->settle_room, d->inbox->store, &d->scratch, &d->in, c, &d->turn) == 0 ? CHAT_OK : CHAT_FAULT;
    }
    bool speaks = c->handler == HANDLER_BOT || c->handler == HANDLER_QUEUE;
    bool answered = d->late && (c->handler != HANDLER_BOT || c->last_author != AUTHOR_BUYER); /* meanwhile, or taken over */
    d->bot_spoke = speaks && !answered && !d->waits;
    struct incoming heard = d->in;
    heard.text = d->heard;
    if (is_media(heard.kind) && heard.text.n > 0)
        heard.kind = MESSAGE_TEXT; /* words, and a picture beside them */
    else if (is_media(heard.kind))
        heard.intent = STR("media_only");
    if (d->bot_spoke && r->reply(r->room, d->inbox->store, &d->scratch, &heard, c, &d->turn) != 0)
        return CHAT_FAULT;
    return CHAT_OK;
}
