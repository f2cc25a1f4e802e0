/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What trainers do with versions of the shop's own understanding: compare, release to a share of the conversations or to
 * all, roll back. Blocks: workers only. A release or rollback is one unit of work; turns that run meanwhile finish with
 * what they hold (bot/ear.h), the next ones take the new.
 */

#include "account/actor.h"
#include "bot/comparison.h"
#include "bot/training.h"

/** What the routes are registered with. */
struct release_room {
    struct ears *ears;
    struct training *training;
};

/** A version beside the one in force for its language. RELEASE_NOT_READY: its file cannot be loaded; @p ret_why says why. */
must_use enum release_answer release_compare(struct store *store, struct arena *a, const struct release_room *room,
                                             const struct actor *who, int64_t number, int64_t now_ms,
                                             struct comparison *ret, char ret_why[160]);

struct release_wish {
    int64_t number, share;  /**< 1 … 100; 100: all conversations */
    struct str override;    /**< why it is released although cases that must pass fail; empty: then it is refused */
};
/** @param ret_failed  cases that must pass and fail, with RELEASE_FAILS */
must_use enum release_answer release_put(struct store *store, struct arena *a, const struct release_room *room,
                                         const struct actor *who, const struct release_wish *wish, int64_t now_ms,
                                         int64_t *ret_failed, char ret_why[160]);
/** One step back for "zh" or "en". */
must_use enum release_answer release_back(struct store *store, struct arena *a, const struct actor *who,
                                          struct str language, int64_t now_ms);
