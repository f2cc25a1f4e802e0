/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Live: the sockets that are signed in, found by what they are interested in (topics), and what is told to them.
 *
 * How          A publication is rendered on the thread that made the change, before its commit, and told on the loop
 *              thread after it. A buyer's socket has a cursor: the publication that follows it is sent as it is;
 *              one that does not makes a worker read the store from the cursor (catch up). While it catches up it is
 *              only noted that there is more. So every socket sees every message once and in order.
 * Invariants   1. peers and topics are the loop thread's alone.
 *              2. A socket is subscribed before what it missed is read, so nothing falls between.
 */
#include "chat/live.h"

#include <stdlib.h>
#include <string.h>

#include "account/actor.h"
#include "base/limit.h"
#include "chat/live_private.h"

/* ---- topics ---- */

static struct topic_key key_of(enum topic_kind kind, int64_t tenant_id, int64_t id)
{
    return (struct topic_key){.tenant_id = tenant_id, .id = id, .kind = kind};
}

struct topic *topic_find(struct live *l, enum topic_kind kind, int64_t tenant_id, int64_t id)
{
    struct topic_key key = key_of(kind, tenant_id, id);
    struct topic *t = NULL;
    HASH_FIND(hh, l->topics, &key, sizeof(key), t);
    return t;
}

static void topic_join(struct live *l, enum topic_kind kind, int64_t tenant_id, int64_t id, struct peer *p)
{
    struct topic *t = topic_find(l, kind, tenant_id, id);
    if (t == NULL) {
        t = xcalloc(1, sizeof(*t));
        t->key = key_of(kind, tenant_id, id);
        HASH_ADD(hh, l->topics, key, sizeof(t->key), t);
    }
    if (t->n == t->cap) {
        t->cap = t->cap > 0 ? t->cap * 2 : 1;
        t->peers = xrealloc(t->peers, t->cap * sizeof(struct peer *));
    }
    t->peers[t->n++] = p;
}

static void topic_leave(struct live *l, enum topic_kind kind, int64_t tenant_id, int64_t id, const struct peer *p)
{
    struct topic *t = topic_find(l, kind, tenant_id, id);
    if (t == NULL)
        return;
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->peers[i] == p) {
            t->peers[i] = t->peers[--t->n];
            break;
        }
    }
    if (t->n == 0) {
        HASH_DEL(l->topics, t);
        free(t->peers);
        free(t);
    }
}

/* ---- life ---- */

struct live *live_new(struct store *store, struct work *work, const struct live_hooks *hooks)
{
    struct live *l = xcalloc(1, sizeof(*l));
    l->store = store;
    l->work = work;
    l->hooks = *hooks;
    arena_pool_init(&l->publications, 4 * KIB);
    return l;
}

void live_attach(struct live *l, struct server *s)
{
    l->server = s;
}

void live_on_presence(struct live *l, void (*fn)(void *arg, int64_t tenant_id, int64_t person_id, bool here), void *arg)
{
    l->presence = fn;
    l->presence_arg = arg;
}

struct peer *live_peer(struct live *l, socket_ref s)
{
    uint32_t slot = (uint32_t)s;
    if (slot >= l->cap || l->peers[slot] == NULL || l->peers[slot]->socket != s)
        return NULL;
    return l->peers[slot];
}

void live_opened(struct live *l, socket_ref s, int64_t now_ms)
{
    uint32_t slot = (uint32_t)s;
    if (slot >= l->cap) {
        uint32_t cap = MAX(l->cap * 2, slot + 64);
        l->peers = xrealloc(l->peers, cap * sizeof(*l->peers));
        memset(l->peers + l->cap, 0, (cap - l->cap) * sizeof(*l->peers));
        l->cap = cap;
    }
    assert(l->peers[slot] == NULL);
    struct peer *p = xcalloc(1, sizeof(*p));
    p->socket = s;
    p->opened_ms = now_ms;
    p->shown = (struct shown){-1, 0};
    l->peers[slot] = p;
}

static void forget_watches(struct live *l, struct peer *p)
{
    while (p->watches != NULL)
        live_unwatch(l, p, p->watches->conversation_id);
}

static void tell_presence(const struct live *l, const struct peer *p, bool here)
{
    if (l->presence != NULL && !live_ended(l))
        l->presence(l->presence_arg, p->tenant_id, p->id, here);
}

static void leave_all(struct live *l, struct peer *p)
{
    if (!p->signed_in)
        return;
    __atomic_fetch_sub(&l->listening, 1, __ATOMIC_RELAXED);
    if (p->is_buyer) {
        topic_leave(l, TOPIC_CONTACT, p->tenant_id, p->id, p);
        if (p->conversation_id != 0)
            topic_leave(l, TOPIC_CONVERSATION, p->tenant_id, p->conversation_id, p);
        return;
    }
    __atomic_fetch_sub(&l->staff, 1, __ATOMIC_RELAXED);
    forget_watches(l, p);
    topic_leave(l, TOPIC_SHOP, p->tenant_id, 0, p);
    topic_leave(l, TOPIC_PERSON, p->tenant_id, p->id, p);
    if (topic_find(l, TOPIC_PERSON, p->tenant_id, p->id) == NULL)
        tell_presence(l, p, false);
}

void live_closed(struct live *l, socket_ref s)
{
    struct peer *p = live_peer(l, s);
    if (p == NULL)
        return;
    leave_all(l, p);
    l->peers[(uint32_t)s] = NULL;
    free(p->name);
    free(p->buyer);
    free(p->language);
    free(p);
}

void live_free(struct live *l)
{
    if (l == NULL)
        return;
    for (uint32_t i = 0; i < l->cap; i++) {
        if (l->peers[i] != NULL) {
            l->presence = NULL;
            live_closed(l, l->peers[i]->socket);
        }
    }
    free(l->peers);
    free(l->stale_rows);
    arena_pool_done(&l->publications);
    free(l);
}

int live_sockets_of(struct live *l, int64_t tenant_id, int64_t person_id)
{
    struct topic *t = topic_find(l, TOPIC_PERSON, tenant_id, person_id);
    return t != NULL ? (int)t->n : 0;
}

void follow(struct live *l, struct peer *p, int64_t conversation_id)
{
    if (p->conversation_id == conversation_id)
        return;
    if (p->conversation_id != 0)
        topic_leave(l, TOPIC_CONVERSATION, p->tenant_id, p->conversation_id, p);
    p->conversation_id = conversation_id;
    p->cursor = 0;
    p->shown = (struct shown){-1, 0};
    if (conversation_id != 0)
        topic_join(l, TOPIC_CONVERSATION, p->tenant_id, conversation_id, p);
}

void live_sign_in(struct live *l, socket_ref s, const struct actor *who, struct str buyer, int64_t conversation_id,
                  int64_t since)
{
    struct peer *p = live_peer(l, s);
    if (p == NULL || p->signed_in)
        return;
    p->signed_in = true;
    p->tenant_id = who->tenant_id;
    p->id = who->id;
    p->roles = who->roles;
    p->is_buyer = (who->roles & ROLE_BUYER) != 0;
    p->name = str_heap(who->name);
    p->buyer = str_heap(buyer);
    p->language = str_heap(who->language);
    __atomic_fetch_add(&l->listening, 1, __ATOMIC_SEQ_CST); /* before it reads: see live_publish() */
    if (p->is_buyer) {
        topic_join(l, TOPIC_CONTACT, p->tenant_id, p->id, p);
        catch_up_from(l, p, conversation_id, since); /* it follows when it is found to be this buyer's */
        return;
    }
    __atomic_fetch_add(&l->staff, 1, __ATOMIC_RELAXED);
    bool first = topic_find(l, TOPIC_PERSON, p->tenant_id, p->id) == NULL;
    topic_join(l, TOPIC_SHOP, p->tenant_id, 0, p);
    topic_join(l, TOPIC_PERSON, p->tenant_id, p->id, p);
    welcome_staff(l, p);
    if (first)
        tell_presence(l, p, true);
}

struct watch *watch_of(struct peer *p, int64_t conversation_id)
{
    for (struct watch *w = p->watches; w != NULL; w = w->next) {
        if (w->conversation_id == conversation_id)
            return w;
    }
    return NULL;
}

void live_watch(struct live *l, struct peer *p, int64_t conversation_id, int64_t since)
{
    size_t n = 0;
    for (struct watch *w = p->watches; w != NULL; w = w->next)
        n++;
    struct watch *w = watch_of(p, conversation_id);
    if (w == NULL) {
        if (n >= WATCHES_MOST)
            return;
        w = xcalloc(1, sizeof(*w));
        w->conversation_id = conversation_id;
        w->next = p->watches;
        p->watches = w;
        topic_join(l, TOPIC_CONVERSATION, p->tenant_id, conversation_id, p);
    }
    w->cursor = since;
    catch_up_watch(l, p, w);
}

void live_unwatch(struct live *l, struct peer *p, int64_t conversation_id)
{
    for (struct watch **at = &p->watches; *at != NULL; at = &(*at)->next) {
        struct watch *w = *at;
        if (w->conversation_id != conversation_id)
            continue;
        *at = w->next;
        topic_leave(l, TOPIC_CONVERSATION, p->tenant_id, conversation_id, p);
        free(w);
        return;
    }
}

void live_pass_on(struct live *l, const struct peer *from, int64_t conversation_id, struct str frame)
{
    struct topic *t = topic_find(l, TOPIC_CONVERSATION, from->tenant_id, conversation_id);
    for (uint32_t i = 0; t != NULL && i < t->n; i++) {
        if (t->peers[i]->is_buyer != from->is_buyer)
            server_send_here(l->server, t->peers[i]->socket, frame);
    }
}
