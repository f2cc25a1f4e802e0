/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the service files of this room share. */

#include "bot/bot.h"
#include "bot/gather.h"

struct bot {
    struct bot_parts parts;
    struct rules_cache *rules;
    struct order_cache *orders;
    struct arena arena; /* owns the version's text */
    struct str version;
};

/**
 * Understands @p text with the model of its script: Han goes to the Chinese one, letters to the English one, and what has
 * neither to that of @p hint. False when no model is loaded at all.
 */
must_use bool bot_understand(const struct bot *b, struct arena *a, struct str text, struct str hint,
                             struct understanding *ret);
/** "zh" or "en": the pack in which a buyer of @p language is answered. */
struct str bot_language(struct str language);
/** Duty of a group, or nobody's when app/ lent no function. */
struct duty bot_duty(const struct bot *b, struct arena *a, const struct duty_question *q);
/** What gather() is asked with, as far as the bot itself knows it. */
struct gather_question bot_question(const struct bot *b, const struct shop *shop);

/** Decides and says: struct responder's reply. */
int bot_turn(void *room, struct store *store, struct arena *a, const struct incoming *in,
             const struct conversation *c, struct turn *ret);
