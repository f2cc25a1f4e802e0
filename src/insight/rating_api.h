/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Routes of ratings. Registered with a struct rating_room (insight/rating_service.h).
 */

#include "net/route.h"

extern const struct route rating_routes[];
extern const size_t rating_route_count;
