/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Routes of what is done to orders and cases by people: actions, their approval by a second person, cases with their history
 * and buttons, and a buyer's own cases. Registered with a struct trade_room (trade/trade_api.h).
 */

#include "account/actor.h"
#include "net/route.h"
#include "trade/action_service.h"

extern const struct route action_routes[];
extern const size_t action_route_count;
extern const struct route case_routes[];
extern const size_t case_route_count;

/** Whom a person acts as: the highest of what it is. */
struct case_who action_who(const struct actor *actor);
