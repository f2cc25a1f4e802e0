/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Responder: who answers while no person has the conversation. chat/ knows only this shape; app/ gives it the bot at
 * start, so that chat/ never includes bot/.
 */

#include "chat/change.h"

/** What the buyer did, checked at the door. */
struct incoming {
    int64_t tenant_id, contact_id;
    struct str buyer;          /**< the merchant's buyer id; empty for a guest */
    struct str buyer_name;
    struct str language;       /**< of a new conversation: the widget's locale or the shop's language */
    struct str channel;        /**< "web", "cli" */
    int64_t conversation_id;   /**< that the client named; 0: its open one, or a new one */
    struct str client_id;
    enum message_kind kind;    /**< text, order_card or product_card */
    struct str text;           /**< UTF-8, 1..LIMIT_TEXT_CHARS */
    struct str order_id, product_id; /**< of the card or button pressed */
    struct str intent;         /**< of the button pressed, or empty */
    struct str page, page_product, page_order; /**< what the buyer looks at */
    bool wants_human;          /**< pressed 转人工: no words needed */
    struct str last_said;      /**< of a new conversation: the last words of the one before, if the bot's; chat/ fills it */
    int64_t now_ms;
};

/** Copies all text of @p in into @p a. */
void incoming_copy(struct arena *a, struct incoming *in);

/** What the responder decided. All text in the turn's arena. */
struct turn {
    ARRAY(struct message) say; /**< author bot or system; seq and time are given by change_say() */
    struct str bot_state;      /**< new state, JSON */
    struct str language;       /**< the conversation goes on in this one; empty: unchanged */
    struct str topic;          /**< intent id */
    bool wants_person;         /**< hand over: the conversation goes to the queue of `skill` */
    struct str skill;
    bool urgent;
    bool needs_person;         /**< shown to supervisors although the bot goes on */
    bool wants_close;          /**< buyer said goodbye: rating is asked, conversation closes */
    struct str version;        /**< of the bot: rated and replayed with it */
    struct str input, outcome, reason; /**< kept as the decision; input and outcome are JSON */
    bool moves;                        /**< the decision hands over: people read its reason beside the conversation */
    struct str understood, action, sources; /**< JSON of contract.md section 2, for `xiaoer chat --json` */
    /** More to store in the same unit of work (a gap, a timer), or NULL. Answers 0 or STORE_FAULT. */
    int (*also)(struct tx *tx, void *arg, const struct conversation *c);
    void *also_arg;
};

struct responder {
    void *room;
    /**
     * Decides the answer to @p in. Runs on a worker, outside any unit of work; may read the store.
     * @param c    the conversation as read just now (handler bot or queue); a new one has seq 0
     * @param ret  zeroed; filled
     * @return 0, or STORE_FAULT: then nothing is said and the buyer is told to try again
     */
    int (*reply)(void *room, struct store *store, struct arena *a, const struct incoming *in,
                 const struct conversation *c, struct turn *ret);
    /**
     * The card of in->order_id or in->product_id as the inside of a JSON object (`"order":{…}`), in @p a.
     * @return false when the buyer has no such order, or the shop no such product
     */
    bool (*card)(void *room, struct store *store, struct arena *a, const struct incoming *in, struct str *ret_data);
};
