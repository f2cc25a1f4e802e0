/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Routes of policies: all versions with source and mark, a new version, and what it would touch. Registered with a struct
 * trade_room (trade/trade_api.h). */

#include "account/actor.h"
#include "net/route.h"

extern const struct route policy_routes[];
extern const size_t policy_route_count;
