/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Routes of solutions; registered with a struct desk_room. */

#include "net/route.h"

extern const struct route solution_routes[];
extern const size_t solution_route_count;
