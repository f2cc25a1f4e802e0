/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Routes of shops' own systems: the door for their webhooks, and for the shop's owner how the system is reached. Registered
 * with a struct webhook_room.
 */

#include "net/route.h"
#include "trade/shop_system_link.h"

struct webhook_room {
    struct shop_link *link;
};

extern const struct route webhook_routes[];
extern const size_t webhook_route_count;
