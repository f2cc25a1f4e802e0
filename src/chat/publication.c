/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Publications: rendering what was committed, and giving each socket what it has not seen.
 */
#include "chat/live_private.h"

#include "base/time.h"

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
    tell_row_later(l, p->tenant_id, p->conversation_id);
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
