/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The web channel: one table row a frame type. Frames are read on the loop thread; what may block is handed to workers.
 * Here are the table, signing in and the small frames; messages are in web_send.c.
 *
 * Always true: nobody but `auth` is heard before the socket has proved who it is; tenant, author and contact come from
 * that proof, never from a frame; a refused frame gets an `error` with a code, a broken one ends the connection.
 */
#include "channel/web_private.h"

#include <stdlib.h>

#include "account/actor.h"
#include "account/authenticate.h"
#include "account/contact.h"
#include "account/session.h"
#include "base/id.h"
#include "base/limit.h"
#include "base/time.h"

/* ---- auth ---- */

struct sign_in {
    struct web_channel *w;
    struct arena arena;
    socket_ref socket;
    struct str token;
    bool is_ticket, good;
    int64_t conversation_id, since, now_ms;
    struct actor who;
    struct contact contact;
};

static void signed_in_posted(void *arg)
{
    struct sign_in *k = arg;
    if (live_peer(k->w->c.live, k->socket) != NULL) {
        if (k->good)
            live_sign_in(k->w->c.live, k->socket, &k->who, k->contact.buyer, k->conversation_id, k->since);
        else
            web_refuse_socket(k->w, k->socket, "bad_token", "The token is wrong or expired: get a new one.");
    }
    arena_done(&k->arena);
    free(k);
}

static int read_contact(struct tx *tx, void *arg)
{
    struct sign_in *k = arg;
    return contact_get(tx, &k->arena, k->who.tenant_id, k->who.id, &k->contact);
}

static enum work_answer sign_in_job(void *arg)
{
    struct sign_in *k = arg;
    k->good = k->is_ticket ? ticket_use(k->w->c.store, &k->arena, k->token, k->now_ms, &k->who)
                           : actor_authenticate(k->w->c.store, &k->arena, k->token, k->now_ms, &k->who);
    if (k->good && (k->who.roles & ROLE_BUYER) != 0) {
        k->good = store_read(k->w->c.store, read_contact, k) == ACCOUNT_OK;
        k->who.name = k->contact.name;
        k->who.language = k->contact.language;
    } else if (k->good && (k->who.roles & ROLES_PEOPLE) == 0) {
        k->good = false;
    }
    if (k->who.must_change_password)
        k->good = false;
    server_post(k->w->server, signed_in_posted, k);
    return WORK_DONE;
}

static void on_auth(struct frame_in *f)
{
    struct str token = json_doc_str(f->json, "token");
    struct str ticket = json_doc_str(f->json, "ticket");
    if (f->peer->proving || (token.n == 0 && ticket.n == 0) || token.n > 1024 || ticket.n > 1024) {
        web_refuse_socket(f->w, f->peer->socket, "bad_token", "Sign in once, with a token or a ticket.");
        return;
    }
    f->peer->proving = true;
    struct sign_in *k = xcalloc(1, sizeof(*k));
    k->w = f->w;
    k->socket = f->peer->socket;
    k->is_ticket = ticket.n > 0;
    k->token = str_dup(&k->arena, k->is_ticket ? ticket : token);
    k->now_ms = f->now_ms;
    k->since = MAX(json_doc_int(f->json, "since", 0), 0);
    struct str conversation = json_doc_str(f->json, "conversation");
    if (conversation.n > 0 && !id_parse(conversation, &k->conversation_id))
        k->conversation_id = 0;
    work_post(f->w->c.work, 0, sign_in_job, k);
}

/* ---- the rest ---- */

struct buyer_step {
    struct web_channel *w;
    socket_ref socket;
    int64_t tenant_id, contact_id, now_ms, conversation_id, seq;
    enum { STEP_CANCEL, STEP_END, STEP_READ } step;
    enum author reader;
};

static enum work_answer buyer_step_job(void *arg)
{
    struct buyer_step *k = arg;
    struct inbox *ib = k->w->c.inbox;
    enum chat_answer answer = CHAT_OK;
    switch (k->step) {
    case STEP_CANCEL: answer = chat_cancel_queue(ib, k->tenant_id, k->contact_id, k->now_ms); break;
    case STEP_END: answer = chat_end(ib, k->tenant_id, k->contact_id, k->now_ms); break;
    case STEP_READ: answer = chat_read(ib, k->tenant_id, k->conversation_id, k->reader, k->seq); break;
    }
    if (answer != CHAT_OK && k->step != STEP_READ) {
        struct buf b = {0};
        web_write_refusal(&b, STR_NONE, answer == CHAT_NOT_ALLOWED ? CHAT_NOT_FOUND : answer, (struct error_more){0});
        server_send(k->w->server, k->socket, buf_view(&b));
        buf_done(&b);
    }
    free(k);
    return WORK_DONE;
}

static struct buyer_step *step_of(struct frame_in *f)
{
    struct buyer_step *k = xcalloc(1, sizeof(*k));
    k->w = f->w;
    k->socket = f->peer->socket;
    k->tenant_id = f->peer->tenant_id;
    k->contact_id = f->peer->id;
    k->now_ms = f->now_ms;
    return k;
}

static void on_cancel_queue(struct frame_in *f)
{
    struct buyer_step *k = step_of(f);
    k->step = STEP_CANCEL;
    work_post(f->w->c.work, 0, buyer_step_job, k);
}

static void on_end(struct frame_in *f)
{
    struct buyer_step *k = step_of(f);
    k->step = STEP_END;
    work_post(f->w->c.work, 0, buyer_step_job, k);
}

/* The conversation that a frame is about: a buyer's own; for people the one they name. 0: none. */
static int64_t about(struct frame_in *f)
{
    if (f->peer->is_buyer)
        return f->peer->conversation_id;
    int64_t id;
    return id_parse(json_doc_str(f->json, "conversation"), &id) ? id : 0;
}

static void pass_on(struct frame_in *f, int64_t conversation_id, const char *type, const char *who_key, const char *flag,
                    bool on, int64_t seq)
{
    struct buf b = {0};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kc(&o, "type", type);
    jo_kid(&o, "conversation", conversation_id);
    jo_kn(&o, "seq", seq);
    jo_kc(&o, who_key, f->peer->is_buyer ? "buyer" : "agent");
    if (flag != NULL)
        jo_kb(&o, flag, on);
    jo_close(&o);
    live_pass_on(f->w->c.live, f->peer, conversation_id, buf_view(&b));
    buf_done(&b);
}

static void on_typing(struct frame_in *f)
{
    int64_t conversation_id = about(f);
    if (f->peer->is_buyer && json_doc_flag(f->json, "on", false))
        inbox_typing(f->w->c.inbox, f->peer->id, clock_now_ms());
    if (conversation_id != 0 && (f->peer->is_buyer || (f->peer->roles & ROLES_DESK) != 0))
        pass_on(f, conversation_id, "typing", "author", "on", json_doc_flag(f->json, "on", false), f->peer->cursor);
}

static void on_read(struct frame_in *f)
{
    int64_t conversation_id = about(f);
    int64_t seq = json_doc_int(f->json, "seq", 0);
    if (conversation_id == 0 || seq <= 0 || (!f->peer->is_buyer && (f->peer->roles & ROLES_DESK) == 0))
        return;
    pass_on(f, conversation_id, "read", "reader", NULL, false, seq);
    struct buyer_step *k = step_of(f);
    k->step = STEP_READ;
    k->conversation_id = conversation_id;
    k->seq = seq;
    k->reader = f->peer->is_buyer ? AUTHOR_BUYER : AUTHOR_AGENT;
    work_post(f->w->c.work, 0, buyer_step_job, k);
}

static void on_watch(struct frame_in *f)
{
    int64_t id;
    if (f->peer->is_buyer || (f->peer->roles & (uint32_t)ROLE_CROWD) != 0 || !id_parse(json_doc_str(f->json, "conversation"), &id))
        return;
    live_watch(f->w->c.live, f->peer, id, MAX(json_doc_int(f->json, "since", 0), 0));
}

static void on_unwatch(struct frame_in *f)
{
    int64_t id;
    if (!f->peer->is_buyer && id_parse(json_doc_str(f->json, "conversation"), &id))
        live_unwatch(f->w->c.live, f->peer, id);
}

static void on_ping(struct frame_in *f)
{
    server_send_here(f->w->server, f->peer->socket, STR("{\"type\":\"pong\"}"));
}

static const struct {
    const char *type;
    void (*fn)(struct frame_in *f);
    bool open, buyers_only; /* before sign-in; for buyers */
    bool apart;             /* costs nothing; or the inbox counts it, when it is a buyer's */
} frames[] = {
    {"send", .fn = web_on_send, .apart = true},
    {"ping", .fn = on_ping, .open = true, .apart = true},
    {"auth", .fn = on_auth, .open = true},
    {"typing", .fn = on_typing},
    {"read", .fn = on_read},
    {"human", .fn = web_on_human, .buyers_only = true, .apart = true},
    {"watch", .fn = on_watch},
    {"unwatch", .fn = on_unwatch},
    {"end", .fn = on_end, .buyers_only = true},
    {"cancel_queue", .fn = on_cancel_queue, .buyers_only = true},
};

/* Most frames become a job: who sends them faster than they can be done would fill the queue. */
static int over_pace_ms(struct peer *p, int64_t now_ms)
{
    int64_t age_ms = now_ms - p->pace_ms;
    if (age_ms < 0 || age_ms >= 10 * SECOND_MS) {
        p->pace_ms = now_ms;
        p->paced = 0;
    }
    return ++p->paced > LIMIT_FRAMES_PER_10S ? (int)(p->pace_ms + 10 * SECOND_MS - now_ms) : 0;
}

static void dispatch(struct frame_in *f)
{
    struct str type = json_doc_str(f->json, "type");
    for (size_t i = 0; i < COUNT(frames); i++) {
        if (!str_eq_c(type, frames[i].type))
            continue;
        bool counted = !frames[i].apart || (f->peer->signed_in && !f->peer->is_buyer && frames[i].fn == web_on_send);
        int wait_ms = counted && !f->w->c.unpaced ? over_pace_ms(f->peer, f->now_ms) : 0;
        if (wait_ms > 0)
            web_say_here(f->w, f->peer->socket, json_doc_str(f->json, "client_id"), "rate_limited", "Too many frames; wait a moment.",
                         wait_ms);
        else if (!f->peer->signed_in && !frames[i].open)
            web_say_here(f->w, f->peer->socket, json_doc_str(f->json, "client_id"), "bad_token", "Sign in first: send auth.", 0);
        else if (f->peer->signed_in && frames[i].buyers_only && !f->peer->is_buyer)
            web_say_here(f->w, f->peer->socket, STR_NONE, "not_allowed", "This frame is for buyers.", 0);
        else
            frames[i].fn(f);
        return;
    }
    web_say_here(f->w, f->peer->socket, STR_NONE, "bad_frame", "This frame type is not known.", 0);
}

static void on_frame(void *arg, socket_ref s, struct str text)
{
    struct web_channel *w = arg;
    struct peer *p = live_peer(w->c.live, s);
    if (p == NULL)
        return;
    const struct json_node *json = json_doc_read(&w->frame, text);
    if (json == NULL || json->kind != JSON_KIND_OBJECT) {
        web_refuse_socket(w, s, "bad_frame", "A frame is one JSON object.");
    } else {
        struct frame_in f = {.w = w, .peer = p, .text = text, .json = json, .now_ms = clock_now_ms()};
        dispatch(&f);
    }
    arena_reset(&w->frame);
}

static void on_opened(void *arg, socket_ref s, struct str remote)
{
    struct web_channel *w = arg;
    (void)remote;
    live_opened(w->c.live, s, clock_now_ms());
}

static void on_closed(void *arg, socket_ref s)
{
    struct web_channel *w = arg;
    live_closed(w->c.live, s);
}

static void on_tick(void *arg, int64_t now_ms)
{
    struct web_channel *w = arg;
    live_tick(w->c.live, now_ms);
}

struct web_channel *web_channel_new(const struct web_channel_config *config)
{
    struct web_channel *w = xcalloc(1, sizeof(*w));
    w->c = *config;
    return w;
}

void web_channel_free(struct web_channel *w)
{
    if (w == NULL)
        return;
    arena_done(&w->frame);
    free(w);
}

void web_channel_attach(struct web_channel *w, struct server *s)
{
    w->server = s;
}

struct socket_events web_channel_events(struct web_channel *w)
{
    return (struct socket_events){
        .arg = w, .opened = on_opened, .frame = on_frame, .closed = on_closed, .tick = on_tick};
}
