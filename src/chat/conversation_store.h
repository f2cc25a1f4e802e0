/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of conversations and messages: one function a statement, decides nothing. All text read is copied into the arena.
 */

#include "chat/conversation.h"
#include "store/store.h"

enum chat_answer {
    CHAT_OK = 0,
    CHAT_NOT_FOUND = 1, /**< not there, or not this tenant's / this buyer's: callers must not tell which */
    CHAT_STALE = 2,     /**< somebody changed it since it was read: read again, decide again */
    CHAT_DUPLICATE = 3, /**< this (conversation, author, client_id) is stored already */
    CHAT_CONFLICT = 4,  /**< same client_id, another text */
    CHAT_NOT_ALLOWED = 5, /**< the present handler does not let this actor do that */
    CHAT_CLOSED = 6,
    CHAT_LIMIT = 7,     /**< cap of the agent, rate of the buyer */
    CHAT_BAD_FORM = 8,  /**< a value does not fit its field; the receipt names it */
    CHAT_FORM_OVER = 9, /**< the form was answered already, or the bot has the conversation no longer */
    CHAT_FAULT = -1,
};

must_use enum chat_answer conversation_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id,
                                           struct conversation *ret);
/** The contact's newest conversation. */
must_use enum chat_answer conversation_last_of(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t contact_id,
                                               struct conversation *ret);
/** The contact's newest conversation, if it is not closed. */
must_use enum chat_answer conversation_open_of(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t contact_id,
                                               struct conversation *ret);
must_use enum chat_answer conversation_insert(struct tx *tx, const struct conversation *c);
/** Stores @p c if its stored version is still c->version, and raises both. CHAT_STALE otherwise. */
must_use enum chat_answer conversation_update(struct tx *tx, struct conversation *c);

/** CHAT_DUPLICATE when its client_id is there already. */
must_use enum chat_answer message_insert(struct tx *tx, int64_t tenant_id, const struct message *m);
/** The stored message of that client_id, for answering a retry. */
must_use enum chat_answer message_by_client(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id,
                                            int64_t author_id, struct str client_id, struct message *ret);
/** The conversation in which something was said unasked under this key (chat/unasked.h). */
must_use enum chat_answer message_unasked_find(struct tx *tx, int64_t tenant_id, struct str key,
                                               int64_t *ret_conversation);
/** Messages with seq in (after, before), ascending when @p newest_first is false; at most @p limit. */
must_use enum chat_answer message_list(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id,
                                       int64_t after, int64_t before, int limit, bool newest_first, bool with_notes,
                                       struct message **ret, size_t *ret_n);
/** All messages of a contact that came before (conversation, seq), newest first, over all its conversations; no notes. */
must_use enum chat_answer message_history(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t contact_id,
                                          int64_t before_conversation, int64_t before_seq, int limit,
                                          struct message **ret, size_t *ret_n);
/** Stores why something was decided. @p input and @p outcome are JSON. */
must_use enum chat_answer decision_insert(struct tx *tx, int64_t tenant_id, int64_t conversation_id, int64_t seq,
                                          const char *kind, int64_t at_ms, struct str input, struct str outcome,
                                          struct str reason);
