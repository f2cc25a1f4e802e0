/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Publications: rendering what was committed, and giving each socket what it has not seen.
 */
#include "chat/live_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/time.h"

#define CLOSE_SIGNED_OUT 1008 /* RFC 6455, section 7.4.1: policy */
struct publication {
    struct arena arena; /* it lies there itself, with its text */
    struct live *live;
    int64_t tenant_id, contact_id, conversation_id, agent_id, agent_before;
    struct shown shown;          /* version of the conversation once it is stored */
    int64_t first_seq, last_seq; /* of all that was said; first > last: nothing was */
    socket_ref skip;
    bool staff_rendered, waits;  /* … in the queue */
    struct buf text;
    struct frame buyer[16], staff[16];
    size_t buyer_n, staff_n;
    struct frame state; /* the buyer's `conversation` frame; empty: unchanged */
};

static struct str text_of(const struct publication *p, const struct frame *f)
{
    return (struct str){p->text.p + f->from, f->to - f->from};
}

void live_write_message_frame(struct buf *b, const struct message *m, bool for_buyer)
{
    struct json_out o = json_to(b);
    jo_open(&o);
    jo_kc(&o, "type", "message");
    jo_kid(&o, "conversation", m->conversation_id);
    jo_kn(&o, "seq", m->seq);
    jo_key(&o, "message");
    message_write(&o, m, for_buyer);
    jo_close(&o);
}

static struct frame add_message(struct publication *p, const struct message *m, bool for_buyer)
{
    struct frame f = {.from = (uint32_t)p->text.n, .seq = m->seq};
    live_write_message_frame(&p->text, m, for_buyer);
    f.to = (uint32_t)p->text.n;
    return f;
}

void live_write_conversation(struct live *l, struct arena *a, struct json_out *o, const struct conversation *c)
{
    const struct live_hooks *h = &l->hooks;
    jo_open(o);
    jo_kid(o, "id", c->id);
    jo_kn(o, "seq", c->seq);
    jo_kc(o, "handler", handler_name(c->handler));
    jo_kt(o, "language", c->language);
    jo_key(o, "agent");
    if (c->handler == HANDLER_AGENT && h->agent_name != NULL) {
        jo_open(o);
        jo_kt(o, "name", h->agent_name(h->arg, a, c->tenant_id, c->agent_id));
        jo_close(o);
    } else {
        jo_null(o);
    }
    jo_key(o, "queue");
    struct queue_place place = {0};
    if (c->handler == HANDLER_QUEUE && h->place != NULL)
        place = h->place(h->arg, a, c->tenant_id, c->id);
    if (place.position > 0) {
        jo_open(o);
        jo_kn(o, "position", place.position);
        jo_kn(o, "eta_seconds", place.eta_seconds);
        jo_kt(o, "group", c->skill);
        jo_close(o);
    } else {
        jo_null(o);
    }
    jo_kat(o, "opened_at", c->opened_ms);
    jo_kat(o, "closed_at", c->closed_ms);
    bool closed = c->handler == HANDLER_CLOSED;
    bool rated = closed && h->rated != NULL && h->rated(h->arg, a, c->tenant_id, c->id);
    jo_kb(o, "rated", rated);
    jo_kb(o, "rating_open", closed && clock_now_ms() - c->closed_ms < DAY_MS);
    jo_kn(o, "agent_read", c->agent_read);
    jo_close(o);
}

void live_write_state_frame(struct live *l, struct arena *a, struct buf *b, const struct conversation *c)
{
    struct json_out o = json_to(b);
    jo_open(&o);
    jo_kc(&o, "type", "conversation");
    jo_kn(&o, "seq", c->seq);
    jo_key(&o, "conversation");
    live_write_conversation(l, a, &o, c);
    jo_close(&o);
}

static struct publication *render(struct live *l, const struct change *ch, int64_t version, socket_ref skip)
{
    const struct conversation *c = &ch->conversation;
    struct arena a = arena_take(&l->publications);
    struct publication *p = arena_new(&a, struct publication);
    p->arena = a;
    p->text.arena = &p->arena;
    p->live = l;
    p->tenant_id = ch->tenant_id;
    p->contact_id = c->contact_id;
    p->conversation_id = c->id;
    p->agent_id = c->agent_id;
    p->agent_before = ch->agent_before;
    p->shown = live_look(l, version);
    p->skip = skip;
    p->waits = c->handler == HANDLER_QUEUE;
    p->first_seq = ch->said.n > 0 ? ch->said.v[0].seq : 1;
    p->last_seq = ch->said.n > 0 ? ch->said.v[ch->said.n - 1].seq : 0;
    p->staff_rendered = __atomic_load_n(&l->staff, __ATOMIC_RELAXED) > 0;
    assert(ch->said.n <= COUNT(p->buyer));
    buf_reserve(&p->text, 1024);
    for (size_t i = 0; i < ch->said.n; i++) {
        if (ch->said.v[i].kind != MESSAGE_NOTE)
            p->buyer[p->buyer_n++] = add_message(p, &ch->said.v[i], true);
        if (p->staff_rendered)
            p->staff[p->staff_n++] = add_message(p, &ch->said.v[i], false);
    }
    if (ch->is_new || ch->handler_before != c->handler || ch->agent_before != c->agent_id) {
        p->state.from = (uint32_t)p->text.n;
        live_write_state_frame(l, ch->arena, &p->text, c);
        p->state.to = (uint32_t)p->text.n;
    }
    return p;
}

/* Rendered although nobody listens now: whoever signs in before the commit reads the store without this change, and has
 * to be told of it. */
struct publication *live_prepare(struct live *l, const struct change *ch, socket_ref skip)
{
    if (l == NULL || l->server == NULL)
        return NULL;
    return render(l, ch, ch->conversation.version + (ch->is_new ? 0 : 1), skip);
}

void live_forget(struct publication *p)
{
    if (p == NULL)
        return;
    struct arena a = p->arena;
    arena_give(&p->live->publications, &a);
}

/* ---- telling, on the loop thread ---- */

static void tell_buyer(struct live *l, struct peer *peer, const struct publication *p)
{
    bool follows = peer->conversation_id == p->conversation_id;
    if (!follows) {
        if (p->conversation_id < peer->conversation_id)
            return; /* an older one: the buyer reads it as history */
        follow(l, peer, p->conversation_id);
    }
    if (peer->catching) {
        peer->behind = true;
        return;
    }
    if (p->first_seq <= p->last_seq && p->last_seq > peer->cursor) {
        if (p->first_seq > peer->cursor + 1) { /* something in between has not reached this loop */
            catch_up(l, peer, false);
            return;
        }
        for (size_t i = 0; i < p->buyer_n; i++) {
            bool echo = i == 0 && p->skip == peer->socket;
            if (p->buyer[i].seq > peer->cursor && !echo)
                server_send_here(l->server, peer->socket, text_of(p, &p->buyer[i]));
        }
        peer->cursor = p->last_seq;
    }
    /* Two threads may tell in another order than they stored: the older state would stay on the screen. */
    if (p->state.to > p->state.from && shown_is_newer(p->shown, peer->shown)) {
        server_send_here(l->server, peer->socket, text_of(p, &p->state));
        peer->shown = p->shown;
    }
    if (!follows && p->waits)
        tell_place_later(l, peer, p->shown);
}

static void tell_staff(struct live *l, struct peer *peer, const struct publication *p)
{
    struct watch *w = watch_of(peer, p->conversation_id);
    bool own = peer->id == p->agent_id || peer->id == p->agent_before;
    if (w == NULL && !own)
        return;
    if (w == NULL && !p->staff_rendered) { /* signed in while it was on its way to the store */
        if (p->first_seq <= p->last_seq)
            catch_up_once(l, peer, p->conversation_id, p->first_seq - 1);
        return;
    }
    if (w != NULL && (w->catching || !p->staff_rendered)) {
        w->behind = true;
        if (!w->catching)
            catch_up_watch(l, peer, w);
        return;
    }
    if (w != NULL && p->first_seq > w->cursor + 1 && p->first_seq <= p->last_seq) {
        catch_up_watch(l, peer, w);
        return;
    }
    for (size_t i = 0; i < p->staff_n; i++) {
        if (w == NULL || p->staff[i].seq > w->cursor)
            server_send_here(l->server, peer->socket, text_of(p, &p->staff[i]));
    }
    if (w != NULL && p->last_seq > w->cursor)
        w->cursor = p->last_seq;
}

static void note_row(struct live *l, int64_t tenant_id, int64_t conversation_id)
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

static void tell_posted(void *arg)
{
    struct publication *p = arg;
    struct live *l = p->live;
    struct topic *t = topic_find(l, TOPIC_CONTACT, p->tenant_id, p->contact_id);
    for (uint32_t i = 0; t != NULL && i < t->n; i++)
        tell_buyer(l, t->peers[i], p);
    t = topic_find(l, TOPIC_SHOP, p->tenant_id, 0);
    for (uint32_t i = 0; t != NULL && i < t->n; i++)
        tell_staff(l, t->peers[i], p);
    note_row(l, p->tenant_id, p->conversation_id);
    live_forget(p);
}

void live_tell(struct live *l, struct publication *p)
{
    if (p != NULL)
        server_post(l->server, tell_posted, p);
}

void live_publish(struct live *l, const struct change *ch)
{
    /* Whoever signs in after this look reads the store after the commit. */
    if (l != NULL && l->server != NULL && __atomic_load_n(&l->listening, __ATOMIC_SEQ_CST) > 0)
        live_tell(l, render(l, ch, ch->conversation.version, 0));
}

/* ---- what else the screens are told ---- */

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
    note_row(j->live, j->tenant_id, j->conversation_id);
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
