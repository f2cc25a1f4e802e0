/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the service files of this room share. */

#include "bot/bot.h"
#include "bot/flow_book.h"
#include "bot/gather.h"

struct bot {
    struct bot_parts parts;
    struct rules_cache *rules;
    struct order_cache *orders;
    struct flow_cache *flows;
    struct arena arena; /* owns the versions' texts */
    struct str version;
    struct str data;    /* version of intents and texts */
};

/** With what this conversation is heard: until bot_ear_done(). */
must_use struct ear bot_ear(const struct bot *b, const struct shop *shop, int64_t conversation_id);
void bot_ear_done(const struct bot *b, struct ear *ear);
/** bot_version() as far as this ear differs from it. In @p a, or borrowed. */
struct str bot_version_with(const struct bot *b, struct arena *a, const struct ear *ear);
/** "zh" or "en": the pack in which a buyer of @p language is answered. */
struct str bot_language(struct str language);
/** Duty of a group, or nobody's when app/ lent no function. */
struct duty bot_duty(const struct bot *b, struct arena *a, const struct duty_question *q);
/** What gather() is asked with, as far as the bot itself knows it. */
struct gather_question bot_question(const struct bot *b, const struct shop *shop);

/** Somebody who looks at a turn while what it was decided from is still held; and hears with another ear, if wanted. */
struct turn_watch {
    const struct ear *ear; /**< NULL: the conversation's own */
    const struct flow_plan *draft; /**< in the place of the plan of its id; NULL: none */
    void (*see)(void *arg, const struct understanding *heard, const struct meaning *meaning, const struct gathered *g);
    void *arg;
};
/** bot_turn(), watched. @p watch may be NULL. Nothing is stored by either. */
must_use int bot_turn_watched(const struct bot *bot, struct store *store, struct arena *a, const struct incoming *in,
                              const struct conversation *c, const struct turn_watch *watch, struct turn *ret);

/** Decides and says: struct responder's reply. */
int bot_turn(void *room, struct store *store, struct arena *a, const struct incoming *in,
             const struct conversation *c, struct turn *ret);
