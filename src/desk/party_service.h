/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Use cases of third persons in a conversation: ask in, come, say, go. Each is one unit of work, told to the screens after
 * the commit; coming and going are system lines that the buyer reads. All block on the store: workers only.
 */

#include "desk/desk_service.h"
#include "desk/party_store.h"

/** Asks a colleague in. Asking somebody who is asked in already changes team and note. */
must_use enum party_answer party_invite(struct desk_room *room, const struct actor *who, const struct party *wish,
                                        int64_t now_ms);
/** The guest comes: "NAME (TEAM) joined". Coming twice is PARTY_OK and says nothing. */
must_use enum party_answer party_join(struct desk_room *room, const struct actor *who, int64_t conversation_id,
                                      int64_t now_ms);
/** The guest goes, or is let go. Who never came is not missed by the buyer: nothing is said. */
must_use enum party_answer party_leave(struct desk_room *room, const struct actor *who, int64_t conversation_id,
                                       int64_t person_id, int64_t now_ms);
/** The guest says something, once a @p client_id. @param ret_seq  of the message */
must_use enum party_answer party_say(struct desk_room *room, const struct actor *who, int64_t conversation_id,
                                     struct str client_id, struct str text, int64_t now_ms, int64_t *ret_seq);

/** A guest as screens show one. */
struct party_shown {
    struct party party;
    struct str name, invited_by_name, contact_name;
};
/** Guests of a conversation that @p who may see. */
must_use enum party_answer party_all(struct desk_room *room, struct arena *a, const struct actor *who,
                                     int64_t conversation_id, struct party_shown **ret, size_t *ret_n);
/** Where @p who is asked in. */
must_use enum party_answer party_mine(struct desk_room *room, struct arena *a, const struct actor *who,
                                      struct party_shown **ret, size_t *ret_n);
