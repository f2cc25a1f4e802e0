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
    enum message_kind kind;    /**< text, order_card, product_card, image, file or form */
    struct str text;           /**< UTF-8, 1..LIMIT_TEXT_CHARS; of an image or file its caption, or empty; of a form the
                                    masked words that people read */
    struct str upload;         /**< of an image or file: id of the buyer's own upload, checked ("12"). With words beside it,
                                    the responder hears the kind text; without, `intent` is media_only */
    struct str form_id;        /**< of a form: which of those that the bot sent in this conversation */
    struct str form;           /**< its values as JSON {name: text}, checked by its fields. Personal data: for this turn only,
                                    nowhere stored or logged in clear, so not in a decision or the bot's state either */
    struct str order_id, product_id; /**< of the card or button pressed */
    struct str intent;         /**< of the button pressed, or empty */
    struct str page, page_product, page_order; /**< what the buyer looks at */
    struct str agreement;      /**< of the button pressed: the proposal that it answers, or empty; `agrees` says how */
    bool agrees;
    bool explain;              /**< whoever sent this is shown what was understood and done: receipt.turn */
    bool wants_human;          /**< pressed 转人工: no words needed */
    struct str last_said;      /**< of a new conversation: the last words of the one before, if the bot's; chat/ fills it */
    int undone;                /**< how often this turn was decided and could not be stored as it was: chat/ fills it */
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
    bool orders_changed;       /**< by `also`: whoever keeps the buyer's orders in memory reads them again after the commit */
    /** More to store in the same unit of work (a gap, a timer, an action), or NULL. Answers 0, STORE_FAULT, or STORE_CONFLICT:
     *  it is not as the turn says; then the unit is undone and the turn decided again, with incoming.undone raised. */
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
    /**
     * The buyer pressed the button of a proposal (in->agreement), whoever has the conversation: says what comes of it and
     * leaves in turn.also what is stored with the buyer's message. Only say and also of the turn count. As reply() otherwise.
     * NULL: such buttons are words.
     */
    int (*settle)(void *settle_room, struct store *store, struct arena *a, const struct incoming *in,
                  const struct conversation *c, struct turn *ret);
    void *settle_room;
};
