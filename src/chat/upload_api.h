/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Routes of uploads. Registered with a struct uploads. */

#include "chat/upload_service.h"
#include "net/route.h"

extern const struct route upload_routes[];
extern const size_t upload_route_count;
