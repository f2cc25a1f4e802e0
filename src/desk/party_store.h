/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of third persons in conversations. Decides nothing. STORE_OK (0) or STORE_FAULT unless said otherwise. */

#include "desk/party.h"
#include "store/store.h"

/** 1 and the row; 0: never asked in; STORE_FAULT. */
must_use int party_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id, int64_t person_id,
                       struct party *ret);
/** Everybody who was ever asked in, first asked first. */
must_use int party_list(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id, struct party **ret,
                        size_t *ret_n);
/** Conversations that are open and that the person is asked into and has not left, newest first, at most @p limit. */
must_use int party_list_of(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t person_id, int limit,
                           struct party **ret, size_t *ret_n);
/** Adds or changes: who left and is asked in again begins anew. */
must_use int party_put(struct tx *tx, int64_t tenant_id, const struct party *p);
