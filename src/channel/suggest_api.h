/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Route of questions for a buyer who is typing ("猜你想问"): from the shop's knowledge as it holds for this buyer, now and on
 * this page. A shop's setting "suggest": false switches it off.
 */

#include "knowledge/knowledge_base.h"
#include "net/route.h"
#include "trade/catalog.h"

enum {
    SUGGEST_MOST = 5,      /**< questions an answer */
    SUGGEST_PER_10S = 60,  /**< asked by one buyer: a fast typist's widget asks some 30 times; above: rate_limited */
};

/** What the route works with. Any thread. */
struct suggest_room;
/** Borrows the caches; they must outlive it. */
must_use struct suggest_room *suggest_room_new(struct knowledge_cache *bases, struct catalog_cache *catalogs);
/** NULL is fine. */
void suggest_room_free(struct suggest_room *room);
/** Counts an ask of this buyer. @return 0, or after how many milliseconds to ask again */
int suggest_pace_ms(struct suggest_room *room, int64_t tenant_id, int64_t contact_id, int64_t now_ms);

/** Registered with a struct suggest_room. */
extern const struct route suggest_routes[];
extern const size_t suggest_route_count;
