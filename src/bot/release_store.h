/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of a shop's own versions of understanding. All answer STORE_OK (0) or STORE_FAULT unless they say otherwise. */

#include "bot/release.h"
#include "store/store.h"

/** All of the shop, newest first, without the rows that they were trained from. */
must_use int release_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct release **ret, size_t *ret_n);
/** One, with those rows. 1: found; 0: not there; STORE_FAULT. */
must_use int release_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t number, struct release *ret);
must_use int release_add(struct tx *tx, int64_t tenant_id, const struct release *r);
/** The training is over: state, figures and failure. */
must_use int release_trained(struct tx *tx, int64_t tenant_id, const struct release *r);
must_use int release_place(struct tx *tx, int64_t tenant_id, const struct release_move *m, int64_t now_ms);
/** At start: what was in training when the program ended has failed. */
must_use int release_interrupted(struct tx *tx, int64_t now_ms);

/** A version in use, of any shop. */
struct release_key {
    int64_t tenant_id, number;
    struct str language;
};
must_use int release_in_use(struct tx *tx, struct arena *a, struct release_key **ret, size_t *ret_n);

/** The buyers' latest texts, newest conversations first. */
must_use int release_texts(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t since_ms, int limit,
                           struct str **ret, size_t *ret_n);
