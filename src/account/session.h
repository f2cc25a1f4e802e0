/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Session: how people of a shop prove who they are: sign-in, invitation, password change, sign-out, and the ticket
 * that opens their live socket.
 *
 * A session is a 256-bit token of which the store knows the SHA-256; it ends 12 h after its last use. Every function
 * here that takes a password computes argon2id (some 100 ms): slow pool only.
 */

#include "account/account.h"
#include "account/password.h"
#include "base/seal.h"

#define SESSION_MS   (12 * HOUR_MS) /**< since its last use */
#define TICKET_MS    (30 * SECOND_MS)
#define SESSION_COOKIE "xiaoer_session"

/** A new session. The token is said once, to its owner. */
struct session_grant {
    struct str token;
    struct actor actor;
};

/** What more is known about an answer that is not ACCOUNT_OK. */
struct session_refusal {
    int wait_s;                    /**< ACCOUNT_LOCKED: seconds to wait */
    enum password_answer password; /**< ACCOUNT_WEAK: why */
};

/**
 * @return ACCOUNT_OK, ACCOUNT_WRONG (shop, name or password: never told which, nor by the time it takes),
 *         ACCOUNT_LOCKED or ACCOUNT_FAULT
 */
must_use enum account_answer session_sign_in(struct store *store, struct arena *a, struct str shop_id,
                                             struct str sign_in, struct str password, int64_t now_ms,
                                             struct session_grant *ret, struct session_refusal *ret_why);
/** Takes an invitation: once, within its time. ACCOUNT_WRONG: no such code; ACCOUNT_TAKEN; ACCOUNT_WEAK. */
must_use enum account_answer session_accept(struct store *store, struct arena *a, struct str code,
                                            struct str sign_in, struct str password, int64_t now_ms,
                                            struct session_grant *ret, struct session_refusal *ret_why);
/** Ends all sessions of the person and opens a new one. ACCOUNT_WRONG: the old password is not it. */
must_use enum account_answer session_change_password(struct store *store, struct arena *a, const struct actor *who,
                                                     struct str old, struct str wanted, int64_t now_ms,
                                                     struct session_grant *ret, struct session_refusal *ret_why);
/** Ends all sessions of the person, wherever they are: who signs out on a shared machine means it. */
must_use enum account_answer session_sign_out(struct store *store, const struct actor *who, int64_t now_ms);

/** Set-Cookie values, in @p a. The edge adds "; Secure" when the request came by https. */
struct str session_cookie(struct arena *a, struct str token);
struct str session_cookie_end(void);

/** A ticket for @p who, in @p a: single use, TICKET_MS. Kept in memory: a restart forgets it. Any thread. */
struct str ticket_new(struct arena *a, const struct actor *who, int64_t now_ms);
/** Uses a ticket up; the person is read afresh. False for anything but a ticket that is still good. */
must_use bool ticket_use(struct store *store, struct arena *a, struct str ticket, int64_t now_ms, struct actor *ret);

/**
 * Gives everybody of the shop who has no password the demo's, for `xiaoer demo` alone: outside of it there is no
 * default password.
 */
#define DEMO_PASSWORD "demo-2026"
must_use enum account_answer account_demo_passwords(struct store *store, struct str shop_id);
