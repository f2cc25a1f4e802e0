/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Roles: what the bits of an actor mean. Only sign-in (account/) makes an actor; every data call takes its tenant from
 * it, never from what a client wrote.
 */

#include "net/actor.h"

/** Roles as bits, so that a route's needs and a person's roles meet in one `&`. */
enum role {
    ROLE_BUYER = 1 << 0,
    ROLE_AGENT = 1 << 1,
    ROLE_CROWD = 1 << 2,
    ROLE_LEADER = 1 << 3,
    ROLE_OWNER = 1 << 4,
    ROLE_STAFF = 1 << 5,
    ROLE_TRAINER = 1 << 6,
    ROLE_INSPECTOR = 1 << 7,
};
#define ROLES_DESK   ((uint32_t)(ROLE_AGENT | ROLE_CROWD | ROLE_LEADER | ROLE_OWNER)) /**< who may serve buyers */
#define ROLES_PEOPLE ((uint32_t)(ROLES_DESK | ROLE_STAFF | ROLE_TRAINER | ROLE_INSPECTOR))


/** "agent" … as in contract.md; 0 for an unknown name. */
uint32_t role_from_name(struct str name);
const char *role_name(enum role role);
/** Bits of a JSON array of names; unknown names are skipped. */
uint32_t roles_from_json(struct str array);
