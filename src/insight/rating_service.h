/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Giving a rating or a thumb, as the buyer whose conversation it is. Workers only.
 */

#include "chat/live.h"
#include "insight/rating.h"

/** What the routes of this room are registered with. */
struct rating_room {
    struct live *live; /**< NULL: nobody listens */
};

/** Which conversation, and whose: a contact's own, or it is not found. */
struct rating_of {
    int64_t tenant_id, contact_id, conversation_id;
    int64_t now_ms;
};

/**
 * Gives or changes a rating. Of @p r only stars, solved, tags and text are read.
 * @return RATING_OK, RATING_NOT_FOUND, RATING_LATE, RATING_FAULT
 */
must_use enum rating_answer rating_give(struct store *store, struct live *live, const struct rating_of *of,
                                        const struct rating *r);
/** Thumbs a message of the bot. RATING_BAD: the message is not the bot's. */
must_use enum rating_answer feedback_give(struct store *store, const struct rating_of *of, int64_t seq, bool helpful,
                                          struct str reason);
/** Was it rated? False at a fault. Fits live_hooks.rated; @p room is the struct desk_room that all hooks share. */
bool rating_is_rated(void *room, struct arena *a, int64_t tenant_id, int64_t conversation_id);
