/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What trainers do with items to learn from: give them an intent, an entry, or a new one; merge, ignore, undo. And what an
 * agent does: say what a buyer meant. Each is one unit of work with its audit. Blocks: workers only.
 */

#include "account/actor.h"
#include "base/import.h"
#include "knowledge/entry.h"
#include "knowledge/learning.h"
#include "store/store.h"

enum learning_answer {
    TAUGHT = 0,
    TAUGHT_NOT_FOUND = 1,     /**< no such group, item, action or message, or not theirs to see */
    TAUGHT_NO_INTENT = 2,     /**< no such intent */
    TAUGHT_NO_ENTRY = 3,      /**< no such entry in use */
    TAUGHT_NOTHING = 4,       /**< nothing open among what was named */
    TAUGHT_FULL = 5,          /**< more wordings than an entry may have */
    TAUGHT_UNDONE = 6,        /**< it is undone already */
    TAUGHT_CHANGED = 7,       /**< something was built on it since: it cannot be undone any more */
    TAUGHT_FAULT = STORE_FAULT,
};

/** Most different wordings that one deed gives on; the items beside them are closed as well. */
#define LEARNING_TEXTS 200

struct learning_wish {
    enum learning_deed deed;
    const json_t *groups;  /**< array of ids: their open items; for a merge all of each */
    const json_t *items;   /**< array of "conversation.seq" */
    struct str intent;     /**< to assign */
    struct str entry_id;   /**< for similar questions */
    const struct entry *entry; /**< to write: question and answer; wordings become its similar questions */
};
/**
 * @param ret_id      of the action
 * @param ret_target  intent, entry or group, in @p a
 * @param ret_items   how many were closed or moved
 */
must_use enum learning_answer learning_do(struct store *store, struct arena *a, const struct actor *who,
                                          const struct learning_wish *wish, int64_t now_ms, int64_t *ret_id,
                                          struct str *ret_target, int64_t *ret_items);
must_use enum learning_answer learning_undo(struct store *store, struct arena *a, const struct actor *who, int64_t id,
                                            int64_t now_ms);

/** A buyer's message means @p intent, says who reads it. */
must_use enum learning_answer learning_correct(struct store *store, struct arena *a, const struct actor *who,
                                               int64_t conversation_id, int64_t seq, struct str intent,
                                               int64_t now_ms);

/** An utterance or settled case of the shop's, by hand. */
enum learning_row { LEARNING_UTTERANCE, LEARNING_CASE };
must_use enum learning_answer learning_row_put(struct store *store, struct arena *a, const struct actor *who,
                                               enum learning_row row, struct str text, struct str intent,
                                               bool must_pass, int64_t now_ms);
must_use enum learning_answer learning_row_drop(struct store *store, struct arena *a, const struct actor *who,
                                                enum learning_row row, struct str text, int64_t now_ms);

/** "conversation.seq" */
must_use bool learning_key_parse(struct str text, int64_t *ret_conversation, int64_t *ret_seq);
