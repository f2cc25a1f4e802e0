/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Account: what the files of this room share: the answers of its use cases, and what other rooms lend its routes.
 */

#include "account/actor.h"
#include "store/store.h"

/** What came of a use case or statement of this room. */
enum account_answer {
    ACCOUNT_OK = 0,
    ACCOUNT_NOT_FOUND = 1, /**< not there, or another tenant's: callers must not tell which */
    ACCOUNT_WRONG = 2,     /**< name, password, code or token is not right; never told which of them */
    ACCOUNT_LOCKED = 3,    /**< too many failures: wait */
    ACCOUNT_TAKEN = 4,     /**< the sign-in name belongs to a colleague */
    ACCOUNT_WEAK = 5,      /**< the new password is refused (account/password.h says why) */
    ACCOUNT_FAULT = -1,    /**< storage; logged where it happened */
};

/**
 * What the routes of this room are registered with (request.room). The functions come from rooms that stand
 * above this one; app/ fills them in. Each may be NULL: then null, 0 or null is answered in their place.
 */
struct account_room {
    struct store *store;
    /** The contact's open conversation as wire `Conversation`, JSON in the arena; empty when there is none. */
    struct str (*conversation_json)(void *arg, struct arena *a, int64_t tenant_id, int64_t contact_id);
    /** What a buyer of that id will ask most likely: a JSON list of questions, and the order that they are about or "null". */
    void (*guess)(void *arg, struct arena *a, int64_t tenant_id, struct str buyer, struct str language, int64_t now_ms,
                  struct str *ret_guess, struct str *ret_order);
    /** People of the shop who are online and connected. */
    int (*agents_online)(void *arg, int64_t tenant_id);
    /** Wire `Me` of a person, JSON in the arena; empty when it could not be read. */
    struct str (*me_json)(void *arg, struct arena *a, const struct actor *who);
    /** All sessions of the person have ended: what their screens still hear must end, too. */
    void (*sessions_ended)(void *arg, int64_t tenant_id, int64_t person_id);
    void *arg;
};
