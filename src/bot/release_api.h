/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Routes of versions of a shop's own understanding. Registered with struct release_room (bot/release_service.h). */

#include "net/route.h"

extern const struct route release_routes[];
extern const size_t release_route_count;
