/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Link: the line to shops' own systems while the server runs. What was handed on is sent (as the outbox's sender of kind
 * shop), what changed there is pulled, and buyers hear what became of their wishes.
 *
 *     l = shop_link_new(store, inbox);
 *     sender_set(sender, OUTBOX_SHOP, &how);  // how = shop_link_sender(l)
 *     shop_link_tick(l, now);                 // every second or so, on a worker
 *     shop_link_stop(l);  …the sender's threads end…  shop_link_free(l);
 *
 * Always true: no turn, request or unit of work waits for a shop. A shop that does not answer is left alone for a while
 * (trade/adapter.h: the breaker), so that it takes no thread from the others.
 */

#include "chat/inbox.h"
#include "store/outbox.h"

struct shop_link;

must_use struct shop_link *shop_link_new(struct store *store, struct inbox *inbox);
/** Breaks off the calls that are on their way; none begins any more. Any thread. */
void shop_link_stop(struct shop_link *l);
/** Ends the pulls. NULL is fine. */
void shop_link_free(struct shop_link *l);
struct outbox_sender shop_link_sender(struct shop_link *l);
/** Tells what is to be told by now, and begins the pulls that are due. Costs two looks into an index when nothing is. One
 *  caller at a time; not the writer's thread, not the loop's. */
void shop_link_tick(struct shop_link *l, int64_t now_ms);
/** Whether the shop is left alone just now, for people's screens. Any thread. */
bool shop_link_is_open(struct shop_link *l, int64_t tenant_id, int64_t now_ms);
