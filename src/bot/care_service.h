/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Use case of care: says what is due. Each message is one unit of work with its row in care_sent and its alarm taken away,
 * so that it is said once, also after a crash and with two servers.
 */

#include "chat/inbox.h"
#include "trade/catalog.h"

struct care_room {
    struct store *store;
    struct inbox *inbox;
    struct catalog_cache *catalogs;
};

/**
 * Says what is due by now, in order. Costs one look into an index when nothing is. One caller at a time a process; a worker,
 * not the writer's thread.
 * @return how many messages were sent, or STORE_FAULT
 */
int care_tick(const struct care_room *room, int64_t now_ms);
