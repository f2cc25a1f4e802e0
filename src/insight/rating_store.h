/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of ratings and of thumbs on single messages. One function a statement, decides nothing.
 */

#include "insight/rating.h"
#include "store/store.h"

/** RATING_NOT_FOUND when it was not rated yet. */
must_use enum rating_answer rating_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id,
                                       struct rating *ret);
/** Stores it, over an earlier one. */
must_use enum rating_answer rating_put(struct tx *tx, int64_t tenant_id, int64_t conversation_id, int64_t contact_id,
                                       const struct rating *r);
/** The person who said something last in the conversation, notes apart; 0: nobody did; or -1 at a fault. */
must_use int64_t rating_served_by(struct tx *tx, int64_t tenant_id, int64_t conversation_id);
/** Author's kind of a message in @p a; RATING_NOT_FOUND when there is no such message. */
must_use enum rating_answer rating_author_of(struct tx *tx, struct arena *a, int64_t tenant_id,
                                             int64_t conversation_id, int64_t seq, struct str *ret);
must_use enum rating_answer feedback_put(struct tx *tx, int64_t tenant_id, int64_t conversation_id, int64_t seq,
                                         bool helpful, struct str reason, int64_t now_ms);
