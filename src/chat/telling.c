/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What else the screens are told, beside publications: how much a person has, a waiting buyer's place, rows of the inbox, the
 * end of a session.
 *
 * How          A frame is made on whatever thread has the news and is posted to the loop, which knows who listens. An inbox row
 *              is only noted: however often it changes, it is rendered once a tick.
 * Invariants   Of two places told of one conversation the later look stays on the screen (live_look()).
 */
#include "chat/live_private.h"

#include <stdlib.h>

#include "base/limit.h"

#define CLOSE_SIGNED_OUT 1008 /* RFC 6455, section 7.4.1: policy */

void tell_row_later(struct live *l, int64_t tenant_id, int64_t conversation_id)
{
    if (topic_find(l, TOPIC_SHOP, tenant_id, 0) == NULL)
        return;
    for (size_t i = 0; i < l->stale_n; i++) {
        if (l->stale_rows[i].conversation_id == conversation_id)
            return;
    }
    if (l->stale_n == l->stale_cap) {
        l->stale_cap = l->stale_cap > 0 ? l->stale_cap * 2 : 16;
        l->stale_rows = xrealloc(l->stale_rows, l->stale_cap * sizeof(*l->stale_rows));
    }
    l->stale_rows[l->stale_n++] = (struct stale_row){tenant_id, conversation_id};
}

/* Frames for one person or one shop, made on any thread. */
struct told {
    struct live *live;
    enum topic_kind kind;
    int64_t tenant_id, id;
    struct buf text;
};

static void told_posted(void *arg)
{
    struct told *m = arg;
    struct topic *t = topic_find(m->live, m->kind, m->tenant_id, m->id);
    for (uint32_t i = 0; t != NULL && i < t->n; i++)
        server_send_here(m->live->server, t->peers[i]->socket, buf_view(&m->text));
    buf_done(&m->text);
    free(m);
}

static struct told *told_new(struct live *l, enum topic_kind kind, int64_t tenant_id, int64_t id)
{
    struct told *m = xcalloc(1, sizeof(*m));
    m->live = l;
    m->kind = kind;
    m->tenant_id = tenant_id;
    m->id = id;
    return m;
}

void live_tell_me(struct live *l, int64_t tenant_id, int64_t person_id, struct str status, int load, int cap,
                  int queue_length)
{
    if (l == NULL || l->server == NULL)
        return;
    struct told *m = told_new(l, TOPIC_PERSON, tenant_id, person_id);
    struct json_out o = json_to(&m->text);
    jo_open(&o);
    jo_kc(&o, "type", "me");
    jo_kn(&o, "seq", 0);
    jo_kt(&o, "status", status);
    jo_kn(&o, "load", load);
    jo_kn(&o, "cap", cap);
    jo_kn(&o, "queue_length", queue_length);
    jo_close(&o);
    server_post(l->server, told_posted, m);
}

static void end_posted(void *arg)
{
    struct told *m = arg;
    struct topic *t = topic_find(m->live, m->kind, m->tenant_id, m->id);
    for (uint32_t i = 0; t != NULL && i < t->n; i++)
        server_close_here(m->live->server, t->peers[i]->socket, CLOSE_SIGNED_OUT);
    free(m);
}

void live_end_person(struct live *l, int64_t tenant_id, int64_t person_id)
{
    if (l->server != NULL)
        server_post(l->server, end_posted, told_new(l, TOPIC_PERSON, tenant_id, person_id));
}

/* A waiting buyer's new place. */
struct placing {
    struct live *live;
    struct arena arena;
    int64_t tenant_id, conversation_id;
    struct shown shown;
    struct conversation conversation;
    struct buf text;
};

static int read_one(struct tx *tx, void *arg)
{
    struct placing *k = arg;
    return conversation_get(tx, &k->arena, k->tenant_id, k->conversation_id, &k->conversation);
}

static void placing_free(struct placing *k)
{
    buf_done(&k->text);
    arena_done(&k->arena);
    free(k);
}

static void place_posted(void *arg)
{
    struct placing *k = arg;
    struct topic *t = topic_find(k->live, TOPIC_CONVERSATION, k->tenant_id, k->conversation_id);
    for (uint32_t i = 0; t != NULL && i < t->n; i++) {
        struct peer *p = t->peers[i];
        if (!p->is_buyer || !shown_is_newer(k->shown, p->shown))
            continue;
        if (p->catching) { /* what it reads now may be older than this */
            p->behind = true;
            continue;
        }
        server_send_here(k->live->server, p->socket, buf_view(&k->text));
        p->shown = k->shown;
    }
    placing_free(k);
}

void live_tell_place(struct live *l, int64_t tenant_id, int64_t conversation_id)
{
    struct placing *k = xcalloc(1, sizeof(*k));
    *k = (struct placing){.live = l, .tenant_id = tenant_id, .conversation_id = conversation_id};
    if (store_read(l->store, read_one, k) != CHAT_OK || k->conversation.handler != HANDLER_QUEUE) {
        placing_free(k);
        return;
    }
    k->shown = live_look(l, k->conversation.version);
    live_write_state_frame(l, &k->arena, &k->text, &k->conversation);
    server_post(l->server, place_posted, k);
}

void live_tell_places(struct live *l, int64_t tenant_id, const struct queue_place *places, size_t n)
{
    if (l == NULL || l->server == NULL || __atomic_load_n(&l->listening, __ATOMIC_RELAXED) == 0)
        return;
    for (size_t i = 0; i < n; i++)
        live_tell_place(l, tenant_id, places[i].conversation_id);
}

struct row_job {
    struct live *live;
    int64_t tenant_id, conversation_id;
};

static void note_row_posted(void *arg)
{
    struct row_job *j = arg;
    tell_row_later(j->live, j->tenant_id, j->conversation_id);
    free(j);
}

void live_tell_inbox(struct live *l, int64_t tenant_id, int64_t conversation_id)
{
    if (l == NULL || l->server == NULL || __atomic_load_n(&l->staff, __ATOMIC_RELAXED) == 0)
        return;
    struct row_job *j = xmalloc(sizeof(*j));
    *j = (struct row_job){l, tenant_id, conversation_id};
    server_post(l->server, note_row_posted, j);
}

static enum work_answer render_row(void *arg)
{
    struct row_job *j = arg;
    struct live *l = j->live;
    struct arena a = {0};
    struct str item = l->hooks.inbox_item(l->hooks.arg, &a, j->tenant_id, j->conversation_id);
    if (item.n > 0) {
        struct told *m = told_new(l, TOPIC_SHOP, j->tenant_id, 0);
        struct json_out o = json_to(&m->text);
        jo_open(&o);
        jo_kc(&o, "type", "inbox");
        jo_kn(&o, "seq", 0);
        jo_key(&o, "item");
        jo_raw(&o, item);
        jo_close(&o);
        server_post(l->server, told_posted, m);
    }
    arena_done(&a);
    free(j);
    return WORK_DONE;
}

/* Who connects and does not say who it is makes room. A slice of the table each tick: all of it within two seconds. */
static void close_unproven(struct live *l, int64_t now_ms)
{
    for (uint32_t i = 0; i < l->cap / 20 + 1 && l->cap > 0; i++) {
        l->sweep = (l->sweep + 1) % l->cap;
        const struct peer *p = l->peers[l->sweep];
        if (p != NULL && !p->signed_in && now_ms - p->opened_ms > LIMIT_AUTH_MS)
            server_close_here(l->server, p->socket, 1008);
    }
}

void live_tick(struct live *l, int64_t now_ms)
{
    close_unproven(l, now_ms);
    for (size_t i = 0; i < l->stale_n && l->hooks.inbox_item != NULL; i++) {
        struct row_job *j = xmalloc(sizeof(*j));
        *j = (struct row_job){l, l->stale_rows[i].tenant_id, l->stale_rows[i].conversation_id};
        work_post(l->work, j->conversation_id, render_row, j); /* one row's in order: the last one told is the newest */
    }
    l->stale_n = 0;
}
