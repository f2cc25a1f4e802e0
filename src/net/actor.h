/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Actor: who makes a request, as proven by a token. net/ carries it from the one that checks tokens to the handlers and
 * compares role bits; what a bit means is account/actor.h's.
 */

#include "base/str.h"

struct actor {
    int64_t tenant_id;  /**< 0: anonymous */
    int64_t id;         /**< contact_id of a buyer, person_id of staff */
    uint32_t roles;     /**< bits of account/actor.h */
    struct str name;    /**< shown name: buyer's name or the agent's alias */
    struct str language; /**< "zh", "en" */
    bool must_change_password; /**< may only change it, sign out, or read /me */
};
