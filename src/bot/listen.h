/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Listening: from a message to the requests in it, each with its meaning: usually one; two when the text holds two; and
 * of a correction only what holds. Reads the catalog when a short text may name a product, nothing else.
 */

#include "bot/ear.h"
#include "bot/gather.h"
#include "bot/words.h"
#include "chat/responder.h"

#define LISTEN_REQUESTS 2

/** One thing that is wanted. */
struct request {
    struct str text;    /**< its words; empty: none */
    struct str wording; /**< what stored answers are looked up by, when that is more than the text; or empty */
    struct understanding heard; /**< of the text; zero without words */
    struct words words;         /**< found in it; none without words */
    struct marks marks;
    struct meaning meaning;
    bool corrects;      /**< it is what holds of a correction */
    bool names_product; /**< what it says beside marks and values is the name of a product */
};

struct listened {
    bool has_words;
    struct understanding heard; /**< of the whole text */
    struct request requests[LISTEN_REQUESTS]; /**< in the order of the text */
    size_t count;               /**< at least 1 */
};

/** What is listened with. */
struct listen_input {
    struct arena *arena;
    const struct ear *ear;
    const struct incoming *in;
    const struct bot_state *before;
    struct str hint;                        /**< language of the talk so far */
    const struct gather_question *question; /**< where products are looked up: the shop and its state are read, no more */
};

void listen_to(const struct listen_input *l, struct listened *ret);
