/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of sessions: one function a statement, decides nothing. The token's hash is the key.
 */

#include "account/account.h"
#include "base/seal.h"

must_use enum account_answer session_insert(struct tx *tx, const unsigned char hash[SEAL_HASH_BYTES],
                                            int64_t tenant_id, int64_t person_id, int64_t now_ms,
                                            int64_t expires_ms);
/** Who has the session, if it has not ended at @p now_ms; text in @p a. */
must_use enum account_answer session_actor(struct tx *tx, struct arena *a,
                                           const unsigned char hash[SEAL_HASH_BYTES], int64_t now_ms,
                                           struct actor *ret, int64_t *ret_expires_ms);
must_use enum account_answer session_extend(struct tx *tx, const unsigned char hash[SEAL_HASH_BYTES],
                                            int64_t expires_ms);
/** Ends all sessions of the person, and what has expired in the shop. */
must_use enum account_answer session_end_all(struct tx *tx, int64_t tenant_id, int64_t person_id, int64_t now_ms);
