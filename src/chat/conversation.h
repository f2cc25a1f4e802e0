/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Conversation: one piece of service for one buyer, from the first message to the close. Who has it (`handler`) is
 * one of four and changes only by the rows of the table in conversation.c. Pure; chat/conversation_store.h keeps it.
 */

#include "chat/message.h"

enum handler { HANDLER_BOT, HANDLER_QUEUE, HANDLER_AGENT, HANDLER_CLOSED };

/** What can happen to the ownership of a conversation. */
enum handler_event {
    HANDLER_WANTS_PERSON, /**< asked for, offered and taken, or by rule */
    HANDLER_ASSIGN,       /**< routing gave it to an agent, or one took it */
    HANDLER_RETURN,       /**< the agent vanished, or handed it to a group */
    HANDLER_CANCEL_WAIT,  /**< buyer left the queue: the bot has it again */
    HANDLER_CLOSE,
};

/** The columns by which queues, people's lists and routing are found, as they are stored. */
struct stored_place {
    bool known;
    enum handler handler;
    int64_t agent_id, queued_ms, assigned_ms, closed_ms;
    bool front, urgent;
    uint64_t skill; /**< str_hash() */
};

struct conversation {
    int64_t tenant_id, id, contact_id;
    struct str channel, language;
    enum handler handler;
    int64_t agent_id; /**< not 0 exactly when handler is HANDLER_AGENT */
    struct str skill; /**< group that it waits for or is with */
    int64_t seq, version;
    int64_t opened_ms, last_ms, queued_ms, assigned_ms, closed_ms; /**< 0: not yet */
    bool front, urgent, needs_person;
    int64_t waiting_ms, unread, agent_read, buyer_read;
    struct str topic, category, bot_state, bot_version, entry;
    enum author last_author;
    struct str last_text;
    struct stored_place stored; /**< conversation_store.c's own: what conversation_update() need not touch */
};

const char *handler_name(enum handler h);
bool handler_from_name(struct str name, enum handler *ret);

enum handler_answer { HANDLER_OK, HANDLER_NO_SUCH_STEP };
/**
 * Applies @p event to @p c: handler, agent, queue and times in one move, so that they never disagree.
 * @param agent_id  for HANDLER_ASSIGN
 * @param skill     for HANDLER_WANTS_PERSON and HANDLER_RETURN: the group it shall wait for (empty: unchanged)
 * @return HANDLER_NO_SUCH_STEP when the table has no row for it; @p c is then untouched
 */
must_use enum handler_answer conversation_step(struct conversation *c, enum handler_event event, int64_t agent_id,
                                               struct str skill, int64_t now_ms);

/**
 * Takes note of a message that is about to be appended: seq, last_*, unread, waiting_ms.
 * Gives @p m its seq and time.
 */
void conversation_append(struct conversation *c, struct message *m, int64_t now_ms);
