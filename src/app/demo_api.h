/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Routes of the demo's shop page, which stands in for a merchant's own site: its products, its buyers, a buyer's orders,
 * and the token that the merchant's server would sign. Registered by `xiaoer demo` alone.
 */

#include "net/route.h"
#include "trade/catalog.h"

struct demo_room {
    struct catalog_cache *catalogs;
};

extern const struct route demo_routes[];
extern const size_t demo_route_count;
