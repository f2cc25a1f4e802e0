/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of chat/: what inbox.c (messages of buyers), inbox_read.c and inbox_parts.c (what such a message reads and what comes
 * with it) and inbox_units.c (what else people and buyers do) share. */

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

/** A buyer's message on its way through the door, or the later answer to some. */
struct delivery {
    struct delivery *next; /* in the list of spare ones */
    struct inbox *inbox;
    struct arena kept;     /* the incoming message: lives through retries */
    struct arena arena;    /* one try: what is stored */
    struct arena scratch;  /* one try: what the responder thought, ten times as much; back in the pool when it has decided, unless
                              the turn is needed until the end */
    struct incoming in;
    struct str heard;      /* what the bot answers: in.text, or all of a burst */
    bool waits;            /* more may come: it is stored, and answered later */
    bool late;             /* that answer: what it answers is stored already */
    socket_ref from;
    inbox_done_fn *done;
    void *done_arg;
    int tries;
    bool expected;   /* the store was told that this will be stored */
    struct change change;
    struct turn turn;
    int64_t read_version; /* of the conversation, and where it stood, when it was read */
    struct stored_place read_place;
    struct str card; /* data of the buyer's own card, picture or form, or empty */
    int64_t shows;   /* the upload that this message is the first to show; 0: none */
    bool bot_spoke;
    bool conflicts;  /* what the turn wanted to do is no longer so */
    struct publication *publication;
    struct receipt receipt;
};

/* A photo or a document: which of the two, its bytes say. */
static inline bool is_media(enum message_kind k)
{
    return k == MESSAGE_IMAGE || k == MESSAGE_FILE;
}

/** What was stored under this client_id, if anything: then @p d->receipt is the answer. */
enum chat_answer delivery_find_stored(struct tx *tx, struct delivery *d, int64_t conversation_id);
/** Reads what comes with the message into @p d->card, `shows`, `in.form`. CHAT_NOT_FOUND, CHAT_BAD_FORM, CHAT_FORM_OVER … */
enum chat_answer delivery_take_parts(struct tx *tx, struct delivery *d);
/** The whole of a try's reading, for store_read(): the conversation, the parts, the turn. */
int delivery_read(struct tx *tx, void *delivery);
