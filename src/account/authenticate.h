/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Authenticate: from the token that a request or a socket shows to who it is. The only other makers of an actor are
 * sign-in and tickets (account/session.h).
 */

#include "account/actor.h"
#include "store/store.h"

/**
 * Reads a buyer's token (without touching the store) or a person's session (one read; its 12 h begin anew).
 *
 * @param bearer_or_cookie  what stood behind "Bearer ", or in the session cookie; untrusted
 * @param ret               text in @p a; untouched unless true
 * @return false for anything that is not good now, and when the store could not be read (logged there)
 */
must_use bool actor_authenticate(struct store *store, struct arena *a, struct str bearer_or_cookie, int64_t now_ms,
                                 struct actor *ret);
