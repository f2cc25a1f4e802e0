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
#define CATCH_UP_MOST 200 /* messages read at once; more follow in the next round */

/* Frames in one block of text: [from, to) each. */
struct frame {
    uint32_t from, to;
    int64_t seq;
};

struct publication {
    struct live *live;
    int64_t tenant_id, contact_id, conversation_id, agent_id, agent_before;
    int64_t version;             /* of the conversation once it is stored */
    int64_t first_seq, last_seq; /* of all that was said; first > last: nothing was */
    socket_ref skip;
    bool staff_rendered;
    struct buf text;
    struct frame buyer[16], staff[16];
    size_t buyer_n, staff_n;
    struct frame state; /* the buyer's `conversation` frame; empty: unchanged */
};

static struct str text_of(const struct publication *p, const struct frame *f)
{
    return (struct str){p->text.p + f->from, f->to - f->from};
}

static void write_message_frame(struct buf *b, const struct message *m, bool for_buyer)
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
    write_message_frame(&p->text, m, for_buyer);
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

static void write_state_frame(struct live *l, struct arena *a, struct buf *b, const struct conversation *c)
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
    struct publication *p = xcalloc(1, sizeof(*p));
    p->live = l;
    p->tenant_id = ch->tenant_id;
    p->contact_id = c->contact_id;
    p->conversation_id = c->id;
    p->agent_id = c->agent_id;
    p->agent_before = ch->agent_before;
    p->version = version;
    p->skip = skip;
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
        write_state_frame(l, ch->arena, &p->text, c);
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
    buf_done(&p->text);
    free(p);
}

/* ---- telling, on the loop thread ---- */

static void tell_buyer(struct live *l, struct peer *peer, const struct publication *p)
{
    if (peer->conversation_id != p->conversation_id) {
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
    if (p->state.to > p->state.from && p->version > peer->state_version) {
        server_send_here(l->server, peer->socket, text_of(p, &p->state));
        peer->state_version = p->version;
    }
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

/* ---- catching up, on a worker ---- */

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
    struct buf text;
    struct str last; /* behind the messages, when no more of them follow: `ready` of a welcome, else the buyer's `conversation` */
    ARRAY(struct frame) frames;
};

static void render_missed(struct catching *k, const struct message *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct frame *f = array_push(&k->arena, &k->frames);
        f->from = (uint32_t)k->text.n;
        write_message_frame(&k->text, &list[i], k->is_buyer);
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
    write_state_frame(k->live, &k->arena, &b, &k->conversation);
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
    if (k->last.n > 0) {
        server_send_here(l->server, k->socket, k->last);
        p->state_version = k->found ? k->conversation.version : p->state_version;
    }
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

static void catching_free(struct catching *k)
{
    buf_done(&k->text);
    arena_done(&k->arena);
    free(k);
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
    if (!k->failed && !k->more) /* here, because it may read names from the store */
        k->last = k->welcome ? ready_frame(k) : k->found && k->is_buyer ? state_frame(k) : STR_NONE;
    server_post(k->live->server, deliver_posted, k);
    return WORK_DONE;
}

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

/* ---- what else the screens are told ---- */

/* Frames for one conversation's buyers or one person or one shop, made on any thread. */
struct told {
    struct live *live;
    enum topic_kind kind;
    bool buyers_only;
    int64_t tenant_id, id;
    int64_t version; /* for buyers: of the conversation that it shows; who was shown a later one is not told */
    struct buf text;
};

static void told_posted(void *arg)
{
    struct told *m = arg;
    struct topic *t = topic_find(m->live, m->kind, m->tenant_id, m->id);
    for (uint32_t i = 0; t != NULL && i < t->n; i++) {
        const struct peer *p = t->peers[i];
        if (!m->buyers_only || (p->is_buyer && p->state_version <= m->version))
            server_send_here(m->live->server, p->socket, buf_view(&m->text));
    }
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

struct placing {
    struct live *live;
    struct arena arena;
    int64_t tenant_id, conversation_id;
    struct conversation conversation;
};

static int read_one(struct tx *tx, void *arg)
{
    struct placing *k = arg;
    return conversation_get(tx, &k->arena, k->tenant_id, k->conversation_id, &k->conversation);
}

static void tell_place(struct live *l, int64_t tenant_id, int64_t conversation_id)
{
    struct placing k = {.live = l, .tenant_id = tenant_id, .conversation_id = conversation_id};
    if (store_read(l->store, read_one, &k) == CHAT_OK && k.conversation.handler == HANDLER_QUEUE) {
        struct told *m = told_new(l, TOPIC_CONVERSATION, tenant_id, conversation_id);
        m->buyers_only = true;
        m->version = k.conversation.version;
        write_state_frame(l, &k.arena, &m->text, &k.conversation);
        server_post(l->server, told_posted, m);
    }
    arena_done(&k.arena);
}

void live_tell_places(struct live *l, int64_t tenant_id, const struct queue_place *places, size_t n)
{
    if (l == NULL || l->server == NULL || __atomic_load_n(&l->listening, __ATOMIC_RELAXED) == 0)
        return;
    for (size_t i = 0; i < n; i++)
        tell_place(l, tenant_id, places[i].conversation_id);
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
