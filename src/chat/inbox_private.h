/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of chat/: what inbox.c (messages of buyers) and inbox_units.c (what else people and buyers do) share. */

#include "base/arena.h"
#include "chat/inbox.h"

#include <pthread.h>

/** What a contact has said in the present ten seconds. Two contacts of one slot take it from each other. */
struct pace {
    int64_t contact_id, begin_ms;
    int count;
};

struct inbox {
    struct store *store;
    struct work *work;
    struct live *live;
    struct responder responder;
    inbox_wants_fn *wants;
    void *wants_arg;
    pthread_mutex_t lock;
    struct delivery *spare; /* guarded by lock */
    size_t spare_n;
    size_t in_hand;         /* guarded by lock: deliveries that are not done */
    int limit;              /* before any message, then unchanged */
    struct pace *paces;     /* guarded by lock */
    struct arena_pool scratch;
    struct recent *recent;
    struct unanswered *unanswered; /* NULL: everything is answered at once */
};
