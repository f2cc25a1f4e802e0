/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Routes of agreements; registered with a struct desk_room. */

#include "net/route.h"

extern const struct route agreement_routes[];
extern const size_t agreement_route_count;
