/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Routes of the buyer's side of a conversation. Registered with a struct chat_room.
 */

#include "chat/inbox.h"

struct chat_room {
    struct inbox *inbox;
    struct live *live;
};

extern const struct route chat_routes[];
extern const size_t chat_route_count;
