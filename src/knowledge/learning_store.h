/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of learning: items, actions, settled cases. All answer STORE_OK (0) or STORE_FAULT unless they say otherwise.
 */

#include "base/json_doc.h"
#include "knowledge/learning.h"
#include "store/store.h"

/* ---- items ---- */

/** Stores an item (its text is masked already); a further reason for the same message takes the place of the first. */
must_use int learning_add(struct tx *tx, int64_t tenant_id, const struct learning_item *item);
/** The conversation's newest item made a person necessary. Nothing when it has none. */
must_use int learning_hand_over(struct tx *tx, int64_t tenant_id, int64_t conversation_id);

/** The newest items of conversations with ids above @p after_conversation, at most @p limit; oldest first. */
must_use int learning_recent(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t after_conversation, int limit,
                             struct learning_item **ret, size_t *ret_n);

/** Which items: of a group, in a state (NULL: any). */
struct learning_filter {
    int64_t group_id;
    const enum learning_state *state;
};
/** In order of keys, after (@p after_conversation, @p after_seq), text in @p a. */
must_use int learning_list(struct tx *tx, struct arena *a, int64_t tenant_id, const struct learning_filter *f,
                           int64_t after_conversation, int64_t after_seq, int limit, struct learning_item **ret,
                           size_t *ret_n);
/** 1: found, text in @p a; 0: not there; STORE_FAULT. */
must_use int learning_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id, int64_t seq,
                          struct learning_item *ret);
/** Puts an item that has no group into one; leaves one that has. */
must_use int learning_group(struct tx *tx, int64_t tenant_id, const struct learning_item *item, int64_t group_id,
                            enum learning_state state);
/** Closes an open item by @p action_id. 1: it was open; 0: not; STORE_FAULT. */
must_use int64_t learning_close(struct tx *tx, int64_t tenant_id, int64_t conversation_id, int64_t seq,
                                enum learning_state state, int64_t action_id);
/** All items of a group go to another, by @p action_id. @return how many, or STORE_FAULT */
must_use int64_t learning_merge(struct tx *tx, int64_t tenant_id, int64_t from, int64_t to, int64_t action_id);
/** Opens what an action closed, and takes apart what it merged. @return how many items, or STORE_FAULT */
must_use int64_t learning_reopen(struct tx *tx, int64_t tenant_id, int64_t action_id);

/** A thumb down on a message of the bot, with the buyer's words before it. */
struct thumbed {
    int64_t conversation_id, seq, at_ms; /**< seq of the buyer's message */
    struct str text, language;
    struct str why; /**< the turn's decision, or its input alone, JSON; may be empty: learning_heard() */
};
/** What the turn behind a message was decided from, in @p a; finds nothing in what has none. */
const struct json_node *learning_heard(struct arena *a, const struct thumbed *t);
/** Thumbs down since @p since_ms whose question is no item yet. */
must_use int learning_thumbed(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t since_ms, struct thumbed **ret,
                              size_t *ret_n);
/** A buyer's message and the input of the bot's decision about it, for a correction. 1: found; 0: not; STORE_FAULT. */
must_use int learning_message(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id, int64_t seq,
                              struct thumbed *ret);

/* ---- actions ---- */

struct learning_action {
    int64_t id, at_ms, person_id;
    struct str kind, target;
    struct str texts; /**< JSON array */
    int64_t items, undone_ms;
};
must_use int learning_action_add(struct tx *tx, int64_t tenant_id, const struct learning_action *action);
/** Newest first, ids below @p before. */
must_use int learning_actions(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t before, int limit,
                              struct learning_action **ret, size_t *ret_n);
/** 1: found; 0: not there; STORE_FAULT. */
must_use int learning_action_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id,
                                 struct learning_action *ret);
must_use int learning_action_undone(struct tx *tx, int64_t tenant_id, int64_t id, int64_t at_ms);

/* ---- settled cases ---- */

struct learning_case {
    struct str text, intent;
    bool must_pass;
    int64_t changed_ms;
};
/** 1: added; 2: changed; 0: it was the same; STORE_FAULT. */
must_use int learning_case_put(struct tx *tx, int64_t tenant_id, const struct learning_case *c, int64_t person_id);
/** All, in order of texts. */
must_use int learning_cases(struct tx *tx, struct arena *a, int64_t tenant_id, struct learning_case **ret,
                            size_t *ret_n);
/** 1: it was there; 0: not; STORE_FAULT. */
must_use int64_t learning_case_drop(struct tx *tx, int64_t tenant_id, struct str text);
