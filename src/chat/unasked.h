/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Unasked: something is said to a buyer that answers no message: the news of a case, what the shop's system made of a wish,
 * a care message. Stored like all that is said, in one unit of work with whatever it belongs to, and told to the screens
 * after the commit.
 *
 * Always true: once a key. While a person has the conversation, or it waits for one, the bot stays silent: what is said then
 * is a system line. Nothing reopens a conversation that a person closed: a new one begins with the bot.
 */

#include "chat/inbox.h"

#define UNASKED_MOST 8 /* messages of one */

struct unasked {
    int64_t tenant_id;
    int64_t conversation_id;   /**< where it belongs; a closed one, or 0: the contact's open one, else a new one */
    int64_t contact_id;        /**< or 0 and */
    struct str buyer;          /**< the merchant's id: the contact is made if it never wrote */
    struct str key;            /**< once for ever in the shop: kept as the first message's client_id. Not empty */
    const struct message *say; /**< author is set here; kinds text, choices, cards, system */
    size_t n;                  /**< 1..UNASKED_MOST */
    bool new_conversation;     /**< false: when there is no open conversation, nothing is said (CHAT_NOT_FOUND) */
    struct str bot_state;      /**< new state, or empty */
    /** More in the same unit of work, run once the key is known to be new and before anything is said; anything but 0 undoes
     *  all. Runs on the writer thread, and may run twice (store_write_later()). NULL: none. */
    int (*also)(struct tx *tx, void *arg);
    void *also_arg;
    int64_t now_ms;
};

/**
 * Blocking until durable; told to live screens. Any thread but the writer's and the loop's.
 * @return CHAT_OK with @p ret_conversation; CHAT_DUPLICATE: said before under this key; CHAT_NOT_FOUND; CHAT_FAULT; or what
 *         `also` answered when that was not 0
 */
must_use int chat_tell(struct inbox *ib, const struct unasked *u, int64_t *ret_conversation);
/**
 * The same for many at once, whose units share commits: each is stored, or not, by itself. Answers and conversations (0: none)
 * are of the places of @p list. In order for each contact.
 */
void chat_tell_many(struct inbox *ib, const struct unasked *list, size_t n, int *ret_answers, int64_t *ret_conversations);
