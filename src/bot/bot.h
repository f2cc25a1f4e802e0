/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Bot: answers buyers while no person has their conversation. Made once by app/, immutable then, shared by all workers.
 *
 *     struct bot *b = bot_new(&(struct bot_parts){…});
 *     struct responder r = bot_responder(b);    // for inbox_new()
 *
 * Lives longer than the inbox and the desk that use it; owns nothing of its parts.
 */

#include "bot/duty.h"
#include "bot/ear.h"
#include "chat/responder.h"
#include "knowledge/knowledge_base.h"
#include "nlu/understand.h"
#include "trade/catalog.h"

struct bot;

struct bot_parts {
    struct store *store;
    struct catalog_cache *catalogs;
    struct knowledge_cache *knowledge;
    const struct nlu *zh, *en; /**< shipped understandings; one of them may be NULL */
    struct ears *ears;         /**< shops' own versions of them; NULL: the shipped ones answer everywhere */
    duty_fn *duty;             /**< NULL: nobody is ever on duty */
    void *duty_arg;
};

must_use struct bot *bot_new(const struct bot_parts *parts);
/** NULL is fine. */
void bot_free(struct bot *b);
/** For chat/inbox.h. */
struct responder bot_responder(struct bot *b);
/** Version of understanding, intents and texts: what a turn was decided with. Borrowed. */
struct str bot_version(const struct bot *b);

/**
 * What the bot knows of a conversation, for the person who has it: writes the members "summary", "understanding" and
 * "suggestions" of the wire Detail into the object open in @p o. Fits desk_room.copilot. Reads the store.
 */
void bot_copilot(void *bot, struct arena *a, const struct conversation *c, struct json_out *o);
