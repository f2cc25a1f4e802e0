/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the desk's screens read: the wire shapes InboxItem, Detail, Me and Colleague
 * (web/packages/protocol/src/wire.ts), written from stored rows.
 */

#include "desk/desk_service.h"
#include "desk/inbox_store.h"

/** Writes an InboxItem as one value; topics are named in @p language. */
void desk_write_item(struct json_out *o, const struct inbox_row *r, struct str language);
/** InboxItem of a conversation as text in @p a; empty when there is none. Fits live_hooks.inbox_item. */
struct str desk_inbox_item(void *room, struct arena *a, int64_t tenant_id, int64_t conversation_id);
/** Wire Me, in @p a; empty at a store fault. Fits account_room.me_json. */
struct str desk_me_json(void *room, struct arena *a, const struct actor *who);
/**
 * Wire Detail of a conversation that @p who may see.
 * @return CHAT_OK with @p ret in @p a, CHAT_NOT_FOUND or CHAT_FAULT
 */
must_use enum chat_answer desk_detail_json(struct desk_room *room, struct arena *a, const struct actor *who,
                                           int64_t conversation_id, struct str *ret);
/** {"items": Colleague[]}: everybody of the shop who serves buyers. Empty at a store fault. */
struct str desk_people_json(struct desk_room *room, struct arena *a, int64_t tenant_id);
/** {"items": [{skill, online, waiting}]}. Empty at a store fault. */
struct str desk_groups_json(struct desk_room *room, struct arena *a, int64_t tenant_id);
