/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Message: one thing said in a conversation, as stored and as it travels (web/packages/protocol/src/wire.ts).
 * Plain data; text is UTF-8 without mark-up that anyone would render as HTML.
 */

#include "base/json.h"

enum author { AUTHOR_BUYER, AUTHOR_BOT, AUTHOR_AGENT, AUTHOR_SYSTEM };
enum message_kind {
    MESSAGE_TEXT,
    MESSAGE_ORDER_CARD,
    MESSAGE_PRODUCT_CARD,
    MESSAGE_CHOICES,
    MESSAGE_SYSTEM,
    MESSAGE_RATING_REQUEST,
    MESSAGE_NOTE, /**< internal: never shown or sent to a buyer */
    MESSAGE_IMAGE,     /**< a photo: `"image":{…}` (chat/upload.h) */
    MESSAGE_FILE,      /**< a document: `"file":{…}` */
    MESSAGE_FORM,      /**< the bot's: `"form":{…}`; the buyer's: `"form_answer":{…}`, masked (chat/form.h) */
    MESSAGE_CASE_CARD, /**< `"case":{…}` (trade/case_card.h) */
};

struct message {
    int64_t conversation_id;
    int64_t seq;
    enum author author;
    int64_t author_id; /**< contact or person; 0 for bot and system */
    struct str author_name; /**< shown name, kept in data so that history needs no join */
    enum message_kind kind;
    struct str text;
    struct str data; /**< members of the wire Message beside the common ones, as the inside of a JSON object:
                          `"order":{…},"ai":true`. Empty: none. Made by the writers of cards. */
    struct str client_id;
    int64_t at_ms;
    struct str decision; /**< JSON: why the bot's turn that ends here is as it is. Stored, never read for a screen */
};

const char *author_name(enum author a);
bool author_from_name(struct str name, enum author *ret);
const char *message_kind_name(enum message_kind k);
bool message_kind_from_name(struct str name, enum message_kind *ret);

/** Writes the wire Message. @p for_buyer hides an agent's id. */
void message_write(struct json_out *o, const struct message *m, bool for_buyer);
