/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Routes of this room: what people of a shop do with conversations, who their colleagues are, canned replies.
 * Both tables are registered with a struct desk_room (desk/desk_service.h).
 */

#include "net/route.h"

extern const struct route desk_routes[];
extern const size_t desk_route_count;
extern const struct route canned_routes[];
extern const size_t canned_route_count;
