/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Inbox: the one door by which a message comes in, for every channel. It makes the message exactly once by
 * (tenant, conversation, author, client_id), lets the responder answer while no person has the conversation, stores
 * all in one unit of work, and acknowledges only after the commit.
 *
 * Always true: turns of one contact run in order (work key = contact); what was decided from a conversation that has
 * changed meanwhile is thrown away and decided again (version guard), so a bot never speaks after a person took over.
 */

#include "base/work.h"
#include "chat/live.h"
#include "chat/responder.h"

struct inbox;

/** What became of an incoming message. Valid only during the call of inbox_done_fn. */
struct receipt {
    socket_ref from;              /**< as it was given to chat_receive(), and the message's client_id */
    struct str client_id;
    enum chat_answer answer;      /**< CHAT_OK and CHAT_DUPLICATE are acknowledged with seq */
    int64_t conversation_id, seq, at_ms;
    int retry_ms;                 /**< CHAT_LIMIT: how long to wait */
    struct str field;             /**< CHAT_BAD_FORM: the field that does not fit */
    const struct change *change;  /**< what was stored with it; NULL unless CHAT_OK */
    const struct turn *turn;      /**< what the bot decided, or NULL: it was not asked. With incoming.explain; without, nothing
                                       is in it */
};
/** Called once a message, after the commit, on the writer thread or a worker: must not block. */
typedef void inbox_done_fn(void *arg, const struct receipt *r);
/** Called after every commit that changed who waits or who is free: app/ lets the desk route the tenant. */
typedef void inbox_wants_fn(void *arg, int64_t tenant_id);

must_use struct inbox *inbox_new(struct store *store, struct work *work, struct live *live,
                                 const struct responder *responder, inbox_wants_fn *wants, void *wants_arg);
void inbox_free(struct inbox *ib);
/** How much one contact may say in ten seconds, over all its sockets and requests; 0, as at first: no limit. */
void inbox_set_limit(struct inbox *ib, int messages_per_10s);

/** From now on the bot waits a moment when a buyer's text sounds unfinished (chat/burst.h). Before any message. */
void inbox_wait_for_more(struct inbox *ib);
/** Answers what has waited long enough; INT64_MAX: all of it. Every 100 ms or so. Any thread; does not block. */
void inbox_tick(struct inbox *ib, int64_t now_ms);
/** The buyer is typing: what was begun waits a little longer. Any thread; does not block. */
void inbox_typing(struct inbox *ib, int64_t contact_id, int64_t now_ms);

/** A buyer's message. Copies @p in; @p from needs no echo (0: none); @p done hears once. Any thread; does not block. */
void chat_receive(struct inbox *ib, const struct incoming *in, socket_ref from, inbox_done_fn *done, void *arg);

/** A person's message or note, blocking until durable. */
struct agent_message {
    int64_t tenant_id, conversation_id, person_id;
    struct str person_name, client_id, text;
    struct str data;         /**< card, or empty */
    enum message_kind kind;  /**< text, note, order_card, product_card */
    bool may_any;            /**< notes: not only by who has it */
    int64_t now_ms;
};
/**
 * @return CHAT_OK or CHAT_DUPLICATE with @p ret_seq; CHAT_CONFLICT; CHAT_NOT_FOUND; CHAT_NOT_ALLOWED when another has
 *         the conversation; CHAT_CLOSED; CHAT_FAULT
 */
must_use enum chat_answer chat_say_as_agent(struct inbox *ib, const struct agent_message *m, int64_t *ret_seq);

/** Buyer leaves the queue / ends the service. Blocking. */
must_use enum chat_answer chat_cancel_queue(struct inbox *ib, int64_t tenant_id, int64_t contact_id, int64_t now_ms);
must_use enum chat_answer chat_end(struct inbox *ib, int64_t tenant_id, int64_t contact_id, int64_t now_ms);
/** Reader has seen up to @p seq: stored with the next change, told to the other side at once. */
must_use enum chat_answer chat_read(struct inbox *ib, int64_t tenant_id, int64_t conversation_id, enum author reader,
                                    int64_t seq);
