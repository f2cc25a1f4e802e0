/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Saying what nobody asked for.
 *
 * How          All of it is one unit of work on the writer thread: whether the key was used, whatever else belongs to it, the
 *              contact, the conversation, the words. Nothing is decided outside, so nothing can be stale. Many at once are
 *              queued together and share commits; each is told to the screens after its own.
 * Invariants   1. A buyer's question that waits for the bot's answer still waits for it: unasked words answer nothing
 *                 (chat/burst.h holds answers back for a moment).
 *              2. The first message carries the key; `message_unasked` makes it once in a shop, whichever conversation.
 */
#include "chat/unasked.h"

#include <pthread.h>

#include "account/contact.h"
#include "base/id.h"
#include "chat/inbox_private.h"
#include "chat/recent.h"

#define TRIES_MOST 5

struct telling_all;

/** One on its way through the writer. */
struct telling {
    const struct unasked *u;
    struct telling_all *all;
    int tries;
    struct arena arena;
    struct change change;
    int64_t conversation_id; /* of what was said, now or before */
    int answer;
};

struct telling_all {
    struct store *store;
    pthread_mutex_t lock;
    pthread_cond_t done;
    size_t waiting; /* guarded by lock */
};

static enum chat_answer find_contact(struct tx *tx, struct arena *a, const struct unasked *u, struct contact *ret)
{
    enum account_answer answer = u->contact_id != 0 ? contact_get(tx, a, u->tenant_id, u->contact_id, ret)
                                                    : contact_by_buyer(tx, a, u->tenant_id, u->buyer, ret);
    if (answer == ACCOUNT_NOT_FOUND && u->contact_id == 0 && u->buyer.n > 0 && u->new_conversation) {
        struct shop shop;
        answer = shop_get(tx, a, u->tenant_id, &shop);
        if (answer == ACCOUNT_OK) {
            answer = contact_open(tx, a, &shop, &(struct contact_who){.buyer = u->buyer}, u->now_ms, ret);
            if (answer != ACCOUNT_OK && answer != ACCOUNT_FAULT)
                return CHAT_STALE; /* its new id was taken */
        }
    }
    if (answer == ACCOUNT_FAULT)
        return CHAT_FAULT;
    return answer == ACCOUNT_OK ? CHAT_OK : CHAT_NOT_FOUND;
}

/* As inbox.c begins one: its id is above all earlier ones of the contact. */
static void begin_conversation(struct change *ch, const struct unasked *u, const struct contact *contact,
                               const struct conversation *before)
{
    int64_t id = id_new(u->now_ms);
    ch->is_new = true;
    ch->handler_before = HANDLER_BOT;
    ch->agent_before = 0;
    ch->said.n = ch->reasons.n = 0;
    ch->conversation = (struct conversation){
        .tenant_id = u->tenant_id,
        .id = MAX(id, before->id + 1),
        .contact_id = contact->id,
        .channel = before->channel.n > 0 ? before->channel : STR("web"),
        .language = before->language.n > 0 ? before->language : contact->language,
        .handler = HANDLER_BOT,
        .opened_ms = u->now_ms,
        .bot_state = STR("{}"),
        .entry = STR("{}"),
    };
}

/* The contact's open conversation, or a new one. */
static enum chat_answer open_by_contact(struct tx *tx, struct telling *t, const struct unasked *u)
{
    struct contact contact;
    struct conversation last = {0};
    enum chat_answer answer = find_contact(tx, &t->arena, u, &contact);
    if (answer != CHAT_OK)
        return answer;
    answer = conversation_last_of(tx, &t->arena, u->tenant_id, contact.id, &last);
    if (answer == CHAT_OK && last.handler != HANDLER_CLOSED)
        return change_load(tx, &t->change, last.id);
    if (answer == CHAT_FAULT || !u->new_conversation)
        return answer == CHAT_FAULT ? CHAT_FAULT : CHAT_NOT_FOUND;
    begin_conversation(&t->change, u, &contact, &last);
    return CHAT_OK;
}

static enum chat_answer open_conversation(struct tx *tx, struct telling *t)
{
    struct unasked u = *t->u;
    if (u.conversation_id != 0) {
        enum chat_answer answer = change_load(tx, &t->change, u.conversation_id);
        if (answer != CHAT_OK || t->change.conversation.handler != HANDLER_CLOSED)
            return answer;
        u.contact_id = t->change.conversation.contact_id;
    }
    return open_by_contact(tx, t, &u);
}

/* With the bot it is the bot's word; otherwise a line of the system, whatever it was made as. */
static void say_one(struct change *ch, const struct unasked *u, size_t i)
{
    struct message m = u->say[i];
    bool bot = ch->conversation.handler == HANDLER_BOT;
    if (m.kind == MESSAGE_SYSTEM || !bot) {
        m.author = AUTHOR_SYSTEM;
        m.data = m.kind == MESSAGE_SYSTEM && m.data.n > 0 ? m.data : STR("\"event\":\"notice\"");
        m.kind = MESSAGE_SYSTEM;
    } else {
        m.author = AUTHOR_BOT;
    }
    m.author_id = 0;
    m.client_id = i == 0 ? u->key : STR_NONE;
    change_say(ch, m);
}

static void say_all(struct change *ch, const struct unasked *u)
{
    struct conversation *c = &ch->conversation;
    struct conversation before = *c;
    for (size_t i = 0; i < u->n; i++)
        say_one(ch, u, i);
    if (before.seq > 0 && before.last_author == AUTHOR_BUYER) { /* its question is not answered by this */
        c->last_author = before.last_author;
        c->last_text = before.last_text;
        c->unread = before.unread;
        c->waiting_ms = before.waiting_ms;
    }
    if (u->bot_state.n > 0 && c->handler == HANDLER_BOT)
        c->bot_state = str_dup(ch->arena, u->bot_state);
}

static int tell_unit(struct tx *tx, void *arg)
{
    struct telling *t = arg;
    const struct unasked *u = t->u;
    arena_reset(&t->arena); /* it may be the second time */
    t->change = (struct change){.arena = &t->arena, .tenant_id = u->tenant_id, .now_ms = u->now_ms};
    enum chat_answer answer = message_unasked_find(tx, u->tenant_id, u->key, &t->conversation_id);
    if (answer != CHAT_NOT_FOUND)
        return answer == CHAT_OK ? CHAT_DUPLICATE : CHAT_FAULT;
    int also = u->also != NULL ? u->also(tx, u->also_arg) : 0;
    if (also != 0)
        return also;
    answer = open_conversation(tx, t);
    if (answer != CHAT_OK)
        return answer;
    say_all(&t->change, u);
    t->conversation_id = t->change.conversation.id;
    return change_save(tx, &t->change);
}

/* On the writer thread. What was undone because of chance (two new ids that are the same) is tried again. */
static void told(void *arg, int answer)
{
    struct telling *t = arg;
    struct telling_all *all = t->all;
    t->answer = answer;
    if (answer == CHAT_STALE && ++t->tries < TRIES_MOST) {
        store_write_later(all->store, tell_unit, t, told);
        return;
    }
    pthread_mutex_lock(&all->lock);
    if (--all->waiting == 0)
        pthread_cond_signal(&all->done);
    pthread_mutex_unlock(&all->lock);
}

static void store_all(struct inbox *ib, struct telling *list, size_t n)
{
    struct telling_all all = {.store = ib->store, .waiting = n};
    pthread_mutex_init(&all.lock, NULL);
    pthread_cond_init(&all.done, NULL);
    for (size_t i = 0; i < n; i++) {
        list[i].all = &all;
        store_write_later(ib->store, tell_unit, &list[i], told);
    }
    pthread_mutex_lock(&all.lock);
    while (all.waiting > 0)
        pthread_cond_wait(&all.done, &all.lock);
    pthread_mutex_unlock(&all.lock);
    pthread_cond_destroy(&all.done);
    pthread_mutex_destroy(&all.lock);
}

void chat_tell_many(struct inbox *ib, const struct unasked *list, size_t n, int *ret_answers, int64_t *ret_conversations)
{
    struct arena a = {0};
    struct telling *tellings = n > 0 ? arena_array(&a, struct telling, n) : NULL;
    for (size_t i = 0; i < n; i++) {
        assert(list[i].key.n > 0 && list[i].n > 0 && list[i].n <= UNASKED_MOST);
        tellings[i] = (struct telling){.u = &list[i]};
    }
    if (n > 0)
        store_all(ib, tellings, n);
    for (size_t i = 0; i < n; i++) {
        struct telling *t = &tellings[i];
        if (t->answer == CHAT_OK) {
            recent_forget(ib->recent, list[i].tenant_id, t->change.conversation.contact_id);
            live_publish(ib->live, &t->change);
        }
        ret_answers[i] = t->answer;
        ret_conversations[i] = t->answer == CHAT_OK || t->answer == CHAT_DUPLICATE ? t->conversation_id : 0;
        arena_done(&t->arena);
    }
    arena_done(&a);
}

int chat_tell(struct inbox *ib, const struct unasked *u, int64_t *ret_conversation)
{
    int answer = CHAT_FAULT;
    int64_t conversation_id = 0;
    chat_tell_many(ib, u, 1, &answer, &conversation_id);
    if (conversation_id != 0)
        *ret_conversation = conversation_id;
    return answer;
}
