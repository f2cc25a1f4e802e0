/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Routes of this room: a buyer's session with the widget; sign-in, invitation, password and tickets of people.
 * Registered with a struct account_room (account/account.h).
 */

#include "net/route.h"

extern const struct route account_routes[];
extern const size_t account_route_count;
