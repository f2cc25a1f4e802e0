/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Routes of work orders, for people. Registered with a struct trade_room (trade/trade_api.h). */

#include "account/actor.h"
#include "net/route.h"

extern const struct route work_order_routes[];
extern const size_t work_order_route_count;
