/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Live: who is connected, and telling them what was committed. A socket belongs to a buyer (one conversation at a
 * time) or to a person of the shop (their own conversations, those they watch, and the rows of the inbox).
 *
 * live_publish() is called after the commit, from any thread. What a socket sees never depends on whether it was
 * connected: it has a cursor per conversation and reads what it missed from the store.
 */

#include "base/work.h"
#include "chat/change.h"
#include "net/server.h"

struct live;

/** A place in a queue. */
struct queue_place {
    int64_t conversation_id;
    int position;     /**< 1 is next; 0: does not wait */
    int eta_seconds;
};

/** What chat/ does not know and app/ wires: called on workers, may read the store, answers in @p a. */
struct live_hooks {
    void *arg;
    struct str (*agent_name)(void *arg, struct arena *a, int64_t tenant_id, int64_t person_id);
    bool (*rated)(void *arg, struct arena *a, int64_t tenant_id, int64_t conversation_id);
    struct queue_place (*place)(void *arg, struct arena *a, int64_t tenant_id, int64_t conversation_id);
    struct str (*inbox_item)(void *arg, struct arena *a, int64_t tenant_id, int64_t conversation_id);
};

must_use struct live *live_new(struct store *store, struct work *work, const struct live_hooks *hooks);
void live_free(struct live *l);
/** Gives the server that frames leave by. Before any socket; without one, publishing does nothing. */
void live_attach(struct live *l, struct server *s);

/* ---- any thread; nothing here blocks but the store reads of a changed handler's names ---- */

/** What a committed change looks like to the screens. Made before the commit, told after it. */
struct publication;
/** Renders @p ch, which is not stored yet, for the screens. NULL without a server. @p skip: a socket that needs no echo of
 *  its own message (it gets an acknowledgement), or 0. */
must_use struct publication *live_prepare(struct live *l, const struct change *ch, socket_ref skip);
/** Tells it: call after the commit. Takes @p p over; NULL is fine. */
void live_tell(struct live *l, struct publication *p);
/** Throws it away: the commit failed. */
void live_forget(struct publication *p);
/** Renders and tells a change that is stored. */
void live_publish(struct live *l, const struct change *ch);

/** Status, load or queue length of a person changed: their screens get a `me` frame. */
void live_tell_me(struct live *l, int64_t tenant_id, int64_t person_id, struct str status, int load, int cap,
                  int queue_length);
/** Queue places of waiting buyers: `conversation` frames with new positions. */
void live_tell_places(struct live *l, int64_t tenant_id, const struct queue_place *places, size_t n);
/** Row of the inbox changed without a change (read, rated). */
void live_tell_inbox(struct live *l, int64_t tenant_id, int64_t conversation_id);
/** Closes the person's live sockets: whoever may come back signs in anew. */
void live_end_person(struct live *l, int64_t tenant_id, int64_t person_id);
/** Number of live sockets of a person (0: gone). */
int live_sockets_of(struct live *l, int64_t tenant_id, int64_t person_id);
/** The wire Conversation of @p c for its buyer. On a worker. */
void live_write_conversation(struct live *l, struct arena *a, struct json_out *o, const struct conversation *c);
/** The same of a contact's open conversation as text, or "null". */
struct str live_conversation_json(struct live *l, struct arena *a, int64_t tenant_id, int64_t contact_id);

/* ---- loop thread only: the doors in channel/ ---- */

/** Which state of a conversation a screen shows: version stored, then how late its place in the queue was looked at. */
struct shown {
    int64_t version;
    uint64_t look;
};

/** Who stands behind a socket. */
struct peer {
    socket_ref socket;
    bool signed_in, is_buyer, catching, behind;
    uint32_t roles;
    int64_t tenant_id, id;
    int64_t conversation_id, cursor; /**< buyer: what it follows, and the last seq it was given */
    struct shown shown;              /**< buyer: the conversation as it was last shown */
    struct watch *watches;           /**< staff: what it looks at */
    int64_t opened_ms;
    bool proving;                    /**< has shown a token; once is enough */
    int64_t pace_ms, paced;          /**< its frames since pace_ms: LIMIT_FRAMES_PER_10S */
    char *name, *buyer, *language;   /**< shown name, the merchant's buyer id ("" for a guest), locale */
};

struct peer *live_peer(struct live *l, socket_ref s);
void live_opened(struct live *l, socket_ref s, int64_t now_ms);
void live_closed(struct live *l, socket_ref s);
void live_tick(struct live *l, int64_t now_ms);
/** The socket proved who it is. A buyer's gets what it missed after (conversation, since), then `ready`. */
void live_sign_in(struct live *l, socket_ref s, const struct actor *who, struct str buyer, int64_t conversation_id,
                  int64_t since);
void live_watch(struct live *l, struct peer *p, int64_t conversation_id, int64_t since);
void live_unwatch(struct live *l, struct peer *p, int64_t conversation_id);
/** Passes a frame on to the other side of a conversation: typing, read. */
void live_pass_on(struct live *l, const struct peer *from, int64_t conversation_id, struct str frame);
/** Called when a person's first socket came or last one went. Loop thread: must not block. */
void live_on_presence(struct live *l, void (*fn)(void *arg, int64_t tenant_id, int64_t person_id, bool here), void *arg);
