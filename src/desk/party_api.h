/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Routes of third persons in conversations; registered with a struct desk_room. */

#include "net/route.h"

extern const struct route party_routes[];
extern const size_t party_route_count;
