/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of agreements. The timer of one is a row of `timer` of kind 'agreement', there exactly while the agreement waits for
 * an answer or its term. Decides nothing. STORE_OK (0) or STORE_FAULT unless said otherwise.
 */

#include "desk/agreement.h"
#include "store/store.h"

/** 1 and the row; 0: there is none; STORE_FAULT. */
must_use int agreement_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct agreement *ret);
/** Of a conversation, newest first. */
must_use int agreement_list(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id,
                            struct agreement **ret, size_t *ret_n);
must_use int agreement_insert(struct tx *tx, int64_t tenant_id, const struct agreement *g);
/** Stores @p g, and sets its timer, if it still stands in @p from. 1: stored; 0: it does not; STORE_FAULT. */
must_use int agreement_update(struct tx *tx, int64_t tenant_id, const struct agreement *g, enum agreement_state from,
                              int64_t now_ms);
/** Sets the timer; @p due_ms 0 takes it away. */
must_use int agreement_timer_set(struct tx *tx, int64_t tenant_id, int64_t id, int64_t due_ms, int64_t now_ms);

struct agreement_due {
    int64_t tenant_id, id;
};
/** Timers that are due, earliest first. */
must_use int agreement_timers_due(struct tx *tx, struct arena *a, int64_t now_ms, int limit, struct agreement_due **ret,
                                  size_t *ret_n);
