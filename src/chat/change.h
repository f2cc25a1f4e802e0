/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Change: the one way in which a conversation is altered, by whichever room. Inside a unit of work: load, step and
 * append, save; after the commit: publish, and every live screen that may see it gets what is new.
 *
 *     struct change ch = {.arena = a, .tenant_id = t, .now_ms = now};
 *     answer = change_load(tx, &ch, conversation_id);
 *     conversation_step(&ch.conversation, …);
 *     change_say(&ch, (struct message){…});            // any number; each gets the next seq
 *     change_why(&ch, "route", input, outcome, reason); // kept beside the last message
 *     answer = change_save(tx, &ch);
 *     …after store_write() returned 0:  live_publish(live, &ch);
 */

#include "chat/conversation_store.h"

struct reason {
    const char *kind;
    struct str input, outcome, text;
};

struct change {
    struct arena *arena;
    int64_t tenant_id, now_ms;
    struct conversation conversation;
    enum handler handler_before;
    int64_t agent_before;
    ARRAY(struct message) said;
    ARRAY(struct reason) reasons;
    bool is_new; /**< conversation was not stored yet: change_save() inserts it */
};

must_use enum chat_answer change_load(struct tx *tx, struct change *ch, int64_t conversation_id);
/** Appends @p m: gives it seq and time, returns it. Text is copied into the arena. */
struct message *change_say(struct change *ch, struct message m);
/** A system line of @p event ("queued", "assigned", …) with text in the conversation's language. */
struct message *change_system(struct change *ch, const char *event, struct str text);
void change_why(struct change *ch, const char *kind, struct str input, struct str outcome, struct str text);
/** Stores conversation, messages, reasons. CHAT_STALE, CHAT_DUPLICATE or CHAT_FAULT undo the unit. */
must_use enum chat_answer change_save(struct tx *tx, struct change *ch);
