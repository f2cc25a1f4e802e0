/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Routes of task flows: list, one with its texts and picture, draft, publish, back. No room of their own. */

#include "net/route.h"

extern const struct route flow_routes[];
extern const size_t flow_route_count;
