/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Reply: builds what the bot says in one turn: sentences from packs/LANG/texts/bot.tsv, cards, buttons, and the sources
 * that they rest on.
 *
 *     struct reply r;
 *     reply_start(&r, a, language, state, turn);
 *     SAY(&r, "bot.order.paid", {"order", o->id}, {"paid", when});   // a sentence; wordings are KEY, KEY.1, KEY.2, …
 *     reply_end_text(&r);                                             // … and the sentences are one message
 *     reply_choice(&r, (struct choice){.label = …});                  // buttons, sent by reply_finish()
 *     reply_finish(&r);
 *
 * Always true: no sentence of a reply was in the reply before it; the wording is changed until that holds.
 */

#include "base/texts.h"
#include "bot/state.h"
#include "chat/responder.h"

/** A button. */
struct choice {
    struct str label, order_id, product_id, intent;
    bool human;
    const char *style; /**< "primary": what most will press; NULL: as any */
};

/** A sentence that waits for its wording. */
struct sentence {
    const char *key;   /**< NULL: `text` as it is */
    struct str text;
    const struct text_value *values;
    size_t value_count;
    bool new_line;     /**< begins a line */
};

struct source {
    const char *kind;
    struct str id;
};

struct reply {
    struct arena *arena;
    struct str language;
    const struct bot_state *state;
    struct turn *turn;
    ARRAY(struct sentence) text;     /**< of the message being built */
    ARRAY(struct choice) choices;
    ARRAY(struct source) sources;
    const char *choices_key;         /**< sentence above the buttons */
    struct str choices_text;         /**< … in these words; or empty */
    int64_t said[STATE_SAID];        /**< hashes of what this reply says */
    size_t said_count;
};

/** What a text is remembered as, so that it is not said again at once (bot_state.said). */
int64_t reply_hash(struct str text);

void reply_start(struct reply *r, struct arena *a, struct str language, const struct bot_state *state,
                 struct turn *turn);

/** Adds a sentence. @p values are copied; their texts are borrowed until reply_finish(). */
void reply_say(struct reply *r, const char *key, const struct text_value *values, size_t n);
#define SAY(r, key, ...)                                                                           \
    reply_say((r), (key), (const struct text_value[]){__VA_ARGS__},                                \
              sizeof((const struct text_value[]){__VA_ARGS__}) / sizeof(struct text_value))
/** Adds a text as it is: a stored answer. */
void reply_say_text(struct reply *r, struct str text);
/** The next sentence begins a line. */
void reply_line(struct reply *r, struct str line);
/** Makes one message of the sentences so far; nothing when there are none. */
void reply_end_text(struct reply *r);

/** A card with its text; an order's is left out when the last reply showed the same. @p data as in message.data. */
void reply_card(struct reply *r, enum message_kind kind, struct str text, struct str data);
void reply_choice(struct reply *r, struct choice c);
/** The sentence above the buttons; the last one named counts. */
void reply_ask(struct reply *r, const char *key);
/** The same as it is. Borrowed until reply_finish(). */
void reply_ask_text(struct reply *r, struct str text);
/** A source, once. Text is borrowed. */
void reply_source(struct reply *r, const char *kind, struct str id);

/** Sends what is open: text, then buttons. Writes turn.sources. */
void reply_finish(struct reply *r);
