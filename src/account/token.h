/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Token: what a buyer's browser holds. Stateless: signed by the master key, so that checking one costs no storage.
 *
 *   buyer token    b1.<payload>.<mac>   24 h; says tenant, contact, name and language; opens the API and the socket
 *   visitor token  v1.<payload>.<mac>   1 year; says which guest this browser was; good only for a new session
 *
 * Neither is accepted in the place of the other: each kind has its own MAC context. Pure but for the master key.
 */

#include "base/seal.h"

#define TOKEN_BUYER_MS   DAY_MS
#define TOKEN_VISITOR_MS (365 * DAY_MS)

struct token_claims {
    int64_t tenant_id, contact_id, expires_ms;
    struct str language, name; /**< empty in a visitor token */
};

/** Signs, in @p a. */
struct str token_buyer(struct arena *a, const struct token_claims *claims);
struct str token_visitor(struct arena *a, const struct token_claims *claims);

/** False for anything but an unexpired token of ours of that kind; text of @p ret is in @p a. */
must_use bool token_read_buyer(struct arena *a, struct str token, int64_t now_ms, struct token_claims *ret);
must_use bool token_read_visitor(struct arena *a, struct str token, int64_t now_ms, struct token_claims *ret);
/** Looks like a buyer token: for telling it from a staff session, proves nothing. */
bool token_is_buyer(struct str token);
