/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of chat/: what live.c (who is here), publication.c (what they are told of conversations), telling.c (what else) and
 * catching.c (what they missed) share. Loop thread, but for `listening`, `staff` and `looks`. */

#include "chat/live.h"

#define uthash_fatal(msg) fatal("uthash: %s", msg)
#define HASH_FUNCTION HASH_FNV /* the usual one falls through in a switch, of which clang warns */
#include <uthash.h>

#define WATCHES_MOST 32

enum topic_kind { TOPIC_CONTACT, TOPIC_CONVERSATION, TOPIC_PERSON, TOPIC_SHOP };

struct topic_key {
    int64_t tenant_id, id;
    int64_t kind; /* 64 bits: no padding, the key is hashed as bytes */
};

struct topic {
    struct topic_key key;
    struct peer **peers;
    uint32_t n, cap;
    UT_hash_handle hh;
};

/** A conversation that a person looks at without following all of the shop. */
struct watch {
    struct watch *next;
    int64_t conversation_id, cursor;
    uint64_t round; /* of its newest read: what an older one brings is not used */
    bool catching, behind;
};

/** An inbox row to be rendered at the next tick. */
struct stale_row {
    int64_t tenant_id, conversation_id;
};

/* Frames in one block of text: [from, to) each. */
struct frame {
    uint32_t from, to;
    int64_t seq;
};

struct live {
    struct store *store;
    struct work *work;
    struct live_hooks hooks;
    struct server *server;
    struct peer **peers; /* by slot of the socket reference */
    uint32_t cap, sweep;
    struct topic *topics;
    int32_t listening, staff; /* atomic */
    uint64_t rounds;
    uint64_t looks; /* atomic */
    void (*presence)(void *arg, int64_t tenant_id, int64_t person_id, bool here);
    void *presence_arg;
    struct stale_row *stale_rows;
    size_t stale_n, stale_cap;
    struct arena_pool publications; /* what they are rendered in: made on one thread, forgotten on another */
};

/** Taken before a conversation's place in the queue is read: of two looks at one version the later has the newer place.
 *  Whoever changes the queue tells afterwards, so the last look always has the last change. Any thread. */
static inline struct shown live_look(struct live *l, int64_t version)
{
    return (struct shown){version, __atomic_add_fetch(&l->looks, 1, __ATOMIC_SEQ_CST)};
}

/** Two threads may tell in another order than they looked: the older one must not stay on the screen. */
static inline bool shown_is_newer(struct shown told, struct shown seen)
{
    return told.version != seen.version ? told.version > seen.version : told.look > seen.look;
}

void live_write_message_frame(struct buf *b, const struct message *m, bool for_buyer);
void live_write_state_frame(struct live *l, struct arena *a, struct buf *b, const struct conversation *c);
/** Reads a waiting conversation's place and tells its buyers. On a worker. */
void live_tell_place(struct live *l, int64_t tenant_id, int64_t conversation_id);

/** Has the conversation's inbox row told at the next tick, if anybody follows the shop. */
void tell_row_later(struct live *l, int64_t tenant_id, int64_t conversation_id);

struct topic *topic_find(struct live *l, enum topic_kind kind, int64_t tenant_id, int64_t id);
struct watch *watch_of(struct peer *p, int64_t conversation_id);
/** Makes a buyer's socket follow another conversation, from its beginning. */
void follow(struct live *l, struct peer *p, int64_t conversation_id);
/** Reads on a worker what the socket has not seen and sends it; @p welcome adds `ready` behind it. */
void catch_up(struct live *l, struct peer *p, bool welcome);
/** The first time: from what the client says that it has, which need not be this buyer's. */
void catch_up_from(struct live *l, struct peer *p, int64_t conversation_id, int64_t since);
/** A place told before the buyer's socket followed this conversation passed it by: tells it again, when there was one after
 *  the look that it was @p shown. */
void tell_place_later(struct live *l, const struct peer *p, struct shown shown);
void catch_up_watch(struct live *l, struct peer *p, struct watch *w);
/** Sends a person's socket what came after @p since in a conversation that it does not watch. */
void catch_up_once(struct live *l, const struct peer *p, int64_t conversation_id, int64_t since);
/** The loop has ended: no more reads, no more presence. */
static inline bool live_ended(const struct live *l)
{
    return l->server != NULL && server_ended(l->server);
}
void welcome_staff(struct live *l, const struct peer *p);
