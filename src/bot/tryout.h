/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Tryout: the test box. What the bot would make of a text, and why: how it is heard, what was near, which layer won, what
 * would be said. The very turn that a buyer would get, with somebody watching; nothing is stored, nobody is told.
 */

#include "bot/bot.h"

struct tryout {
    struct str text;          /**< of the buyer */
    struct str language;      /**< of the conversation so far; empty: the shop's */
    struct str order, product; /**< that the buyer looks at, or empty */
    struct str flow;          /**< id of a flow whose draft is tried; empty: none */
    int64_t model;            /**< version to hear with; 0: the one in full use */
};

enum tryout_answer {
    TRYOUT_OK = 0,
    TRYOUT_NO_ORDER = 1,
    TRYOUT_NO_DRAFT = 3, /**< the flow has none, or it cannot be read */
    TRYOUT_NO_MODEL = 2, /**< no such version, or it cannot be loaded */
    TRYOUT_FAULT = STORE_FAULT,
};
/** Writes the explanation as one object to @p o. Blocks: workers only. */
must_use enum tryout_answer tryout_run(const struct bot *bot, struct arena *a, int64_t tenant_id,
                                       const struct tryout *what, int64_t now_ms, struct json_out *o);
