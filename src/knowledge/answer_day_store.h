/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of answer days. All answer STORE_OK (0) or STORE_FAULT unless they say otherwise. */

#include "knowledge/answer_day.h"

/** 1: the day has been counted; 0: not yet; STORE_FAULT. */
must_use int answer_day_counted(struct tx *tx, int64_t tenant_id, int64_t day);
must_use int answer_day_put(struct tx *tx, int64_t tenant_id, int64_t day, const struct answer_count *count);
/** Calls @p each with the sums of every entry over [from, to] days. */
must_use int answer_day_sums(struct tx *tx, int64_t tenant_id, int64_t from, int64_t to,
                             void (*each)(void *arg, const struct answer_count *sum), void *arg);

/**
 * Calls @p each with the decision of every turn in [from_ms, to_ms), as JSON with the members input and outcome; of a turn
 * that moved the conversation with an empty text: those give no stored answer that is counted.
 */
must_use int answer_turns(struct tx *tx, int64_t tenant_id, int64_t from_ms, int64_t to_ms,
                          void (*each)(void *arg, struct str why), void *arg);
/** Calls @p each with every thumb in [from_ms, to_ms) and the decision of the turn that it is about, likewise. */
must_use int answer_thumbs(struct tx *tx, int64_t tenant_id, int64_t from_ms, int64_t to_ms,
                           void (*each)(void *arg, bool helpful, struct str why), void *arg);
