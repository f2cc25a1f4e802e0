/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Routes of orders and products: a buyer's own for the widget, a shop's for its people. Addresses leave masked. Registered
 * with a struct trade_room.
 */

#include "net/route.h"
#include "trade/catalog.h"

struct trade_room {
    struct catalog_cache *catalogs;
};

extern const struct route trade_routes[];
extern const size_t trade_route_count;
