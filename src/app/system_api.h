/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Routes of the program itself: health, readiness, metrics, and the document of all routes. Open to all; they reveal
 * nothing about people.
 */

#include "app/outgoing.h"
#include "net/route.h"

struct system_room {
    struct home *home;
    const struct outgoing *outgoing;
    struct str document; /**< the OpenAPI document, written once at start */
};

extern const struct route system_routes[];
extern const size_t system_route_count;
