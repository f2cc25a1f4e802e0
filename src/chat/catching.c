/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Catching up: a worker reads what a socket has not seen, the loop gives it out and moves the socket's cursor. What is
 * told meanwhile is not sent twice and not lost: the socket is marked as behind and reads once more.
 */
#include "chat/live_private.h"

#include <stdlib.h>

#include "base/time.h"

#define CATCH_UP_MOST 200 /* messages read at once; more follow in the next round */

struct catching {
    struct live *live;
    struct arena arena;
    socket_ref socket;
    bool is_buyer, welcome, more;
    bool once;      /* a person's own conversation that is not watched: no cursor is kept */
    uint64_t round; /* of the watch that it reads for */
    int64_t tenant_id, contact_id;
    int64_t conversation_id, since; /* from where; after reading: what it is now */
    int64_t upto;
    bool found, failed;
    struct conversation conversation;
    struct shown shown;
    struct buf text;
    struct str last; /* behind the messages, when no more of them follow: `ready` of a welcome, else the buyer's `conversation` */
    ARRAY(struct frame) frames;
};

static struct catching *catching_new(struct live *l, const struct peer *p)
{
    struct catching *k = xcalloc(1, sizeof(*k));
    k->live = l;
    k->socket = p->socket;
    k->is_buyer = p->is_buyer;
    k->tenant_id = p->tenant_id;
    k->contact_id = p->id;
    return k;
}

static void catching_free(struct catching *k)
{
    buf_done(&k->text);
    arena_done(&k->arena);
    free(k);
}

static void render_missed(struct catching *k, const struct message *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct frame *f = array_push(&k->arena, &k->frames);
        f->from = (uint32_t)k->text.n;
        live_write_message_frame(&k->text, &list[i], k->is_buyer);
        f->to = (uint32_t)k->text.n;
        f->seq = list[i].seq;
    }
}

static enum chat_answer find_conversation(struct tx *tx, struct catching *k)
{
    struct conversation named = {0};
    enum chat_answer answer = CHAT_NOT_FOUND;
    if (k->conversation_id != 0)
        answer = conversation_get(tx, &k->arena, k->tenant_id, k->conversation_id, &named);
    if (!k->is_buyer) {
        k->conversation = named;
        return answer;
    }
    if (answer == CHAT_OK && named.contact_id != k->contact_id)
        answer = CHAT_NOT_FOUND; /* somebody else's: as if it were not there */
    enum chat_answer open = conversation_open_of(tx, &k->arena, k->tenant_id, k->contact_id, &k->conversation);
    if (open == CHAT_OK && (answer != CHAT_OK || k->conversation.id >= named.id))
        return CHAT_OK;
    if (open == CHAT_FAULT)
        return CHAT_FAULT;
    if (answer == CHAT_OK)
        k->conversation = named;
    return answer;
}

static int read_missed(struct tx *tx, void *arg)
{
    struct catching *k = arg;
    enum chat_answer answer = find_conversation(tx, k);
    if (answer == CHAT_NOT_FOUND)
        return STORE_OK;
    if (answer != CHAT_OK)
        return STORE_FAULT;
    k->found = true;
    if (k->conversation.id != k->conversation_id)
        k->since = 0;
    struct message *list;
    size_t n;
    if (message_list(tx, &k->arena, k->tenant_id, k->conversation.id, k->since, INT64_MAX, CATCH_UP_MOST, false,
                     !k->is_buyer, &list, &n) != CHAT_OK)
        return STORE_FAULT;
    k->more = n == CATCH_UP_MOST;
    k->upto = k->more ? list[n - 1].seq : k->conversation.seq;
    render_missed(k, list, n);
    return STORE_OK;
}

static struct str ready_frame(struct catching *k)
{
    struct buf b = {.arena = &k->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kc(&o, "type", "ready");
    jo_kc(&o, "role", k->is_buyer ? "buyer" : "staff");
    jo_kn(&o, "seq", k->found ? k->upto : 0);
    if (k->is_buyer) {
        jo_key(&o, "conversation");
        if (k->found)
            live_write_conversation(k->live, &k->arena, &o, &k->conversation);
        else
            jo_null(&o);
    }
    jo_kat(&o, "at", clock_now_ms());
    jo_close(&o);
    return buf_view(&b);
}

static struct str state_frame(struct catching *k)
{
    struct buf b = {.arena = &k->arena};
    live_write_state_frame(k->live, &k->arena, &b, &k->conversation);
    return buf_view(&b);
}

static void send_frames(const struct catching *k, int64_t after)
{
    for (size_t i = 0; i < k->frames.n; i++) {
        const struct frame *f = &k->frames.v[i];
        if (f->seq > after)
            server_send_here(k->live->server, k->socket, (struct str){k->text.p + f->from, f->to - f->from});
    }
}

static enum work_answer tell_place_job(void *arg)
{
    struct catching *k = arg;
    live_tell_place(k->live, k->tenant_id, k->conversation_id);
    catching_free(k);
    return WORK_DONE;
}

void tell_place_later(struct live *l, const struct peer *p, struct shown shown)
{
    if (live_ended(l) || __atomic_load_n(&l->looks, __ATOMIC_RELAXED) == shown.look)
        return;
    struct catching *k = catching_new(l, p);
    k->conversation_id = p->conversation_id;
    work_post(l->work, 0, tell_place_job, k);
}

static void deliver_buyer(struct live *l, struct peer *p, struct catching *k)
{
    p->catching = false;
    if (k->found) {
        follow(l, p, k->conversation.id);
        send_frames(k, p->cursor);
        p->cursor = MAX(p->cursor, k->upto);
    }
    bool again = k->more || p->behind;
    p->behind = false;
    if (again) {
        catch_up(l, p, k->welcome);
        return;
    }
    if (k->last.n == 0 || (!k->welcome && !shown_is_newer(k->shown, p->shown)))
        return;
    server_send_here(l->server, k->socket, k->last);
    if (!k->found)
        return;
    p->shown = k->shown;
    if (k->conversation.handler == HANDLER_QUEUE)
        tell_place_later(l, p, k->shown);
}

static void deliver_watch(struct live *l, struct peer *p, struct catching *k)
{
    struct watch *w = watch_of(p, k->conversation_id);
    if (k->once)
        send_frames(k, k->since);
    if (k->once || w == NULL || w->round != k->round)
        return;
    w->catching = false;
    if (k->found) {
        send_frames(k, w->cursor);
        w->cursor = MAX(w->cursor, k->upto);
    }
    if (k->more || w->behind) {
        w->behind = false;
        catch_up_watch(l, p, w);
    }
}

static void deliver_posted(void *arg)
{
    struct catching *k = arg;
    struct peer *p = live_peer(k->live, k->socket);
    if (p != NULL && k->failed)
        server_close_here(k->live->server, k->socket, 1011); /* it comes back and resumes */
    else if (p != NULL && k->is_buyer)
        deliver_buyer(k->live, p, k);
    else if (p != NULL)
        deliver_watch(k->live, p, k);
    catching_free(k);
}

static enum work_answer catch_up_job(void *arg)
{
    struct catching *k = arg;
    k->failed = store_read(k->live->store, read_missed, k) != STORE_OK;
    k->shown = live_look(k->live, k->conversation.version);
    if (!k->failed && !k->more) /* here, because it may read names from the store */
        k->last = k->welcome ? ready_frame(k) : k->found && k->is_buyer ? state_frame(k) : STR_NONE;
    server_post(k->live->server, deliver_posted, k);
    return WORK_DONE;
}

static void catch_up_with(struct live *l, struct peer *p, bool welcome, int64_t conversation_id, int64_t since)
{
    if (live_ended(l))
        return;
    p->catching = true;
    p->behind = false;
    struct catching *k = catching_new(l, p);
    k->welcome = welcome;
    k->conversation_id = conversation_id;
    k->since = since;
    work_post(l->work, 0, catch_up_job, k);
}

void catch_up(struct live *l, struct peer *p, bool welcome)
{
    catch_up_with(l, p, welcome, p->conversation_id, p->cursor);
}

void catch_up_from(struct live *l, struct peer *p, int64_t conversation_id, int64_t since)
{
    catch_up_with(l, p, true, conversation_id, since);
}

void catch_up_watch(struct live *l, struct peer *p, struct watch *w)
{
    if (live_ended(l))
        return;
    w->catching = true;
    w->behind = false;
    struct catching *k = catching_new(l, p);
    k->round = w->round = ++l->rounds;
    k->conversation_id = w->conversation_id;
    k->since = w->cursor;
    work_post(l->work, 0, catch_up_job, k);
}

void catch_up_once(struct live *l, const struct peer *p, int64_t conversation_id, int64_t since)
{
    if (live_ended(l))
        return;
    struct catching *k = catching_new(l, p);
    k->once = true;
    k->conversation_id = conversation_id;
    k->since = since;
    work_post(l->work, 0, catch_up_job, k);
}

void welcome_staff(struct live *l, const struct peer *p)
{
    struct catching k = {.live = l};
    server_send_here(l->server, p->socket, ready_frame(&k));
    arena_done(&k.arena);
}

struct str live_conversation_json(struct live *l, struct arena *a, int64_t tenant_id, int64_t contact_id)
{
    struct catching k = {.live = l, .is_buyer = true, .tenant_id = tenant_id, .contact_id = contact_id, .since = INT64_MAX - 1};
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    if (store_read(l->store, read_missed, &k) == STORE_OK && k.found)
        live_write_conversation(l, a, &o, &k.conversation);
    else
        jo_null(&o);
    arena_done(&k.arena);
    buf_done(&k.text);
    return buf_view(&b);
}
