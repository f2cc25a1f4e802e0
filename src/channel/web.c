/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The web channel: one table row a frame type. Frames are read on the loop thread; what may block is handed to workers.
 *
 * Always true: nobody but `auth` is heard before the socket has proved who it is; tenant, author and contact come from
 * that proof, never from a frame; a refused frame gets an `error` with a code, a broken one ends the connection.
 */
#include "channel/web.h"

#include <stdlib.h>
#include <string.h>

#include "account/actor.h"
#include "account/authenticate.h"
#include "account/contact.h"
#include "account/session.h"
#include "base/id.h"
#include "base/json_doc.h"
#include "base/limit.h"
#include "base/time.h"

#define CLOSE_POLICY 1008 /* RFC 6455, section 7.4.1 */

struct web_channel {
    struct web_channel_config c;
    struct server *server;
    struct arena frame; /* of the frame that is being read: the loop reads one at a time */
};

struct frame_in {
    struct web_channel *w;
    struct peer *peer;
    struct str text;
    const struct json_node *json; /* an object */
    int64_t now_ms;
};

/* ---- answers ---- */

static const struct {
    enum chat_answer answer;
    const char *code, *text;
} refusals[] = {
    {CHAT_NOT_FOUND, "not_found", "There is no such conversation, order or product of yours."},
    {CHAT_CONFLICT, "conflict", "This client_id was used for another message."},
    {CHAT_NOT_ALLOWED, "not_yours", "Somebody else has this conversation."},
    {CHAT_CLOSED, "closed", "This conversation is closed."},
    {CHAT_LIMIT, "rate_limited", "Too many messages; wait a moment."},
    {CHAT_BAD_FORM, "bad_form", "A field of the form is missing or does not fit."},
    {CHAT_FORM_OVER, "form_over", "This form was answered already, or is no longer open."},
};

/* What an error says beside its code. */
struct error_more {
    int retry_ms;
    struct str field;
};

static void write_error(struct buf *b, struct str client_id, const char *code, const char *text, struct error_more more)
{
    struct json_out o = json_to(b);
    jo_open(&o);
    jo_kc(&o, "type", "error");
    if (client_id.n > 0)
        jo_kt(&o, "client_id", client_id);
    jo_kc(&o, "code", code);
    jo_kc(&o, "text", text);
    if (more.retry_ms > 0)
        jo_kn(&o, "retry_after_ms", more.retry_ms);
    if (more.field.n > 0)
        jo_kt(&o, "field", more.field);
    jo_close(&o);
}

static void write_refusal(struct buf *b, struct str client_id, enum chat_answer answer, struct error_more more)
{
    for (size_t i = 0; i < COUNT(refusals); i++) {
        if (refusals[i].answer == answer) {
            write_error(b, client_id, refusals[i].code, refusals[i].text, more);
            return;
        }
    }
    write_error(b, client_id, "storage", "The message could not be stored; try again.",
                (struct error_more){.retry_ms = 2000});
}

static void write_ack(struct buf *b, struct str client_id, int64_t conversation_id, int64_t seq, int64_t at_ms)
{
    struct json_out o = json_to(b);
    jo_open(&o);
    jo_kc(&o, "type", "ack");
    jo_kt(&o, "client_id", client_id);
    jo_kid(&o, "conversation", conversation_id);
    jo_kn(&o, "seq", seq);
    jo_kat(&o, "at", at_ms);
    jo_close(&o);
}

static void say_here(struct web_channel *w, socket_ref to, struct str client_id, const char *code, const char *text,
                     int retry_ms)
{
    struct buf b = {0};
    write_error(&b, client_id, code, text, (struct error_more){.retry_ms = retry_ms});
    server_send_here(w->server, to, buf_view(&b));
    buf_done(&b);
}

static void refuse_socket(struct web_channel *w, socket_ref s, const char *code, const char *text)
{
    say_here(w, s, STR_NONE, code, text, 0);
    server_close_here(w->server, s, CLOSE_POLICY);
}

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
            refuse_socket(k->w, k->socket, "bad_token", "The token is wrong or expired: get a new one.");
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
        refuse_socket(f->w, f->peer->socket, "bad_token", "Sign in once, with a token or a ticket.");
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

/* ---- send ---- */

static void on_receipt(void *arg, const struct receipt *r)
{
    struct web_channel *w = arg;
    struct buf b = {0};
    if (r->answer == CHAT_OK || r->answer == CHAT_DUPLICATE)
        write_ack(&b, r->client_id, r->conversation_id, r->seq, r->at_ms);
    else
        write_refusal(&b, r->client_id, r->answer, (struct error_more){r->retry_ms, r->field});
    server_send(w->server, r->from, buf_view(&b));
    buf_done(&b);
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f)
            return true;
    }
    return false;
}

static bool good_client_id(struct frame_in *f, struct str client_id)
{
    if (client_id.n > 0 && client_id.n <= LIMIT_CLIENT_ID && !has_control(client_id))
        return true;
    say_here(f->w, f->peer->socket, STR_NONE, "bad_frame", "A client_id of 1 to 64 bytes is needed.", 0);
    return false;
}

static bool good_text(struct frame_in *f, struct str client_id, struct str text)
{
    if (str_code_points(text) > LIMIT_TEXT_CHARS) {
        say_here(f->w, f->peer->socket, client_id, "too_long", "A message has at most 2000 characters.", 0);
        return false;
    }
    if (has_control(text)) {
        say_here(f->w, f->peer->socket, client_id, "bad_frame", "The text holds control characters.", 0);
        return false;
    }
    return true;
}

static void receive(struct frame_in *f, struct incoming *in, struct str client_id)
{
    const struct peer *p = f->peer;
    in->tenant_id = p->tenant_id;
    in->contact_id = p->id;
    in->buyer = str_from(p->buyer);
    in->buyer_name = str_from(p->name);
    in->language = str_from(p->language);
    in->channel = STR("web");
    in->client_id = client_id;
    in->now_ms = f->now_ms;
    chat_receive(f->w->c.inbox, in, p->socket, on_receipt, f->w);
}

static struct str clip_id(const struct json_node *o, const char *key)
{
    struct str s = str_trim(json_doc_str(o, key));
    return s.n <= 200 ? s : STR_NONE;
}

static bool buyer_may_send(enum message_kind k)
{
    return k == MESSAGE_TEXT || k == MESSAGE_ORDER_CARD || k == MESSAGE_PRODUCT_CARD || k == MESSAGE_IMAGE ||
           k == MESSAGE_FORM;
}

static bool is_empty(const struct incoming *in)
{
    struct str what = in->kind == MESSAGE_ORDER_CARD     ? in->order_id
                      : in->kind == MESSAGE_PRODUCT_CARD ? in->product_id
                      : in->kind == MESSAGE_IMAGE        ? in->upload
                      : in->kind == MESSAGE_FORM         ? in->form_id
                                                         : in->text;
    return what.n == 0;
}

/* A form's values as JSON text. Forms are rare: the frame is read once more, by the reader that can write again what it read. */
static struct str form_values(struct frame_in *f)
{
    _cleanup_(json_donep) json_t *frame = json_read(f->text, NULL);
    return json_dump(&f->w->frame, json_object_get(json_object_get(frame, "form"), "values"));
}

static void buyer_sends(struct frame_in *f, struct str client_id)
{
    const struct json_node *context = json_doc_get(f->json, "context");
    const struct json_node *choice = json_doc_get(f->json, "choice");
    const struct json_node *form = json_doc_get(f->json, "form");
    struct incoming in = {
        .upload = clip_id(f->json, "upload"),
        .form_id = clip_id(form, "id"),
        .text = str_trim(json_doc_str(f->json, "text")),
        .order_id = clip_id(f->json, "order_id"),
        .product_id = clip_id(f->json, "product_id"),
        .intent = clip_id(choice, "intent"),
        .wants_human = str_eq_c(json_doc_str(choice, "action"), "human"),
        .agreement = clip_id(choice, "agreement"),
        .agrees = json_doc_flag(choice, "agree", false),
        .page = str_clip(json_doc_str(context, "page"), LIMIT_NAME_CHARS),
        .page_product = clip_id(context, "product"),
        .page_order = clip_id(context, "order"),
    };
    struct str kind = json_doc_str(f->json, "kind");
    if (kind.n > 0 && (!message_kind_from_name(kind, &in.kind) || !buyer_may_send(in.kind))) {
        say_here(f->w, f->peer->socket, client_id, "bad_frame",
                 "A buyer sends text, order_card, product_card, image or form.", 0);
        return;
    }
    if (in.kind == MESSAGE_TEXT && choice != NULL) {
        in.order_id = in.order_id.n > 0 ? in.order_id : clip_id(choice, "order_id");
        in.product_id = in.product_id.n > 0 ? in.product_id : clip_id(choice, "product_id");
    }
    if (is_empty(&in)) {
        say_here(f->w, f->peer->socket, client_id, "bad_frame", "The message is empty.", 0);
        return;
    }
    struct str conversation = json_doc_str(f->json, "conversation");
    if (conversation.n > 0 && !id_parse(conversation, &in.conversation_id)) {
        say_here(f->w, f->peer->socket, client_id, "not_found", "There is no such conversation.", 0);
        return;
    }
    if (form != NULL)
        in.form = form_values(f);
    if (good_text(f, client_id, in.text))
        receive(f, &in, client_id);
}

struct staff_send {
    struct web_channel *w;
    struct arena arena;
    socket_ref socket;
    struct agent_message m;
    struct str order_id, product_id;
};

static enum work_answer staff_send_job(void *arg)
{
    struct staff_send *k = arg;
    int64_t seq = 0;
    enum chat_answer answer = CHAT_OK;
    bool card = k->m.kind == MESSAGE_ORDER_CARD || k->m.kind == MESSAGE_PRODUCT_CARD;
    if (card && !k->w->c.card(k->w->c.arg, &k->arena, k->m.tenant_id, k->m.conversation_id, k->order_id, k->product_id,
                              &k->m.data))
        answer = CHAT_NOT_FOUND;
    if (answer == CHAT_OK)
        answer = chat_say_as_agent(k->w->c.inbox, &k->m, &seq);
    struct buf b = {.arena = &k->arena};
    if (answer == CHAT_OK || answer == CHAT_DUPLICATE)
        write_ack(&b, k->m.client_id, k->m.conversation_id, seq, k->m.now_ms);
    else
        write_refusal(&b, k->m.client_id, answer, (struct error_more){0});
    server_send(k->w->server, k->socket, buf_view(&b));
    arena_done(&k->arena);
    free(k);
    return WORK_DONE;
}

static void staff_sends(struct frame_in *f, struct str client_id)
{
    const struct peer *p = f->peer;
    enum message_kind kind = MESSAGE_TEXT;
    struct str name = json_doc_str(f->json, "kind");
    int64_t conversation_id;
    bool known = name.n == 0 || (message_kind_from_name(name, &kind) &&
                                 (kind == MESSAGE_TEXT || kind == MESSAGE_NOTE || kind == MESSAGE_ORDER_CARD ||
                                  kind == MESSAGE_PRODUCT_CARD));
    struct str text = str_trim(json_doc_str(f->json, "text"));
    bool wordless = kind == MESSAGE_ORDER_CARD || kind == MESSAGE_PRODUCT_CARD;
    if ((p->roles & ROLES_DESK) == 0) {
        say_here(f->w, p->socket, client_id, "not_allowed", "Your role does not answer buyers.", 0);
        return;
    }
    if (!known || (text.n == 0 && !wordless) || !id_parse(json_doc_str(f->json, "conversation"), &conversation_id)) {
        say_here(f->w, p->socket, client_id, "bad_frame", "conversation, a known kind and a text are needed.", 0);
        return;
    }
    if (!good_text(f, client_id, text))
        return;
    struct staff_send *k = xcalloc(1, sizeof(*k));
    k->w = f->w;
    k->socket = p->socket;
    k->order_id = str_dup(&k->arena, clip_id(f->json, "order_id"));
    k->product_id = str_dup(&k->arena, clip_id(f->json, "product_id"));
    k->m = (struct agent_message){.tenant_id = p->tenant_id,
                                  .conversation_id = conversation_id,
                                  .person_id = p->id,
                                  .person_name = str_dup(&k->arena, str_from(p->name)),
                                  .client_id = str_dup(&k->arena, client_id),
                                  .text = str_dup(&k->arena, text),
                                  .kind = kind,
                                  .may_any = (p->roles & (uint32_t)ROLE_CROWD) == 0,
                                  .now_ms = f->now_ms};
    work_post(f->w->c.work, conversation_id, staff_send_job, k);
}

static void on_send(struct frame_in *f)
{
    struct str client_id = json_doc_str(f->json, "client_id");
    if (!good_client_id(f, client_id))
        return;
    if (f->peer->is_buyer)
        buyer_sends(f, client_id);
    else
        staff_sends(f, client_id);
}

static void on_human(struct frame_in *f)
{
    struct str client_id = json_doc_str(f->json, "client_id");
    if (!good_client_id(f, client_id))
        return;
    bool english = str_starts(str_from(f->peer->language), STR("en"));
    struct incoming in = {.wants_human = true, .text = english ? STR("Talk to a person") : STR("转人工")};
    receive(f, &in, client_id);
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
        write_refusal(&b, STR_NONE, answer == CHAT_NOT_ALLOWED ? CHAT_NOT_FOUND : answer, (struct error_more){0});
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
    {"send", .fn = on_send, .apart = true},
    {"ping", .fn = on_ping, .open = true, .apart = true},
    {"auth", .fn = on_auth, .open = true},
    {"typing", .fn = on_typing},
    {"read", .fn = on_read},
    {"human", .fn = on_human, .buyers_only = true, .apart = true},
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
        bool counted = !frames[i].apart || (f->peer->signed_in && !f->peer->is_buyer && frames[i].fn == on_send);
        int wait_ms = counted && !f->w->c.unpaced ? over_pace_ms(f->peer, f->now_ms) : 0;
        if (wait_ms > 0)
            say_here(f->w, f->peer->socket, json_doc_str(f->json, "client_id"), "rate_limited", "Too many frames; wait a moment.",
                     wait_ms);
        else if (!f->peer->signed_in && !frames[i].open)
            say_here(f->w, f->peer->socket, json_doc_str(f->json, "client_id"), "bad_token", "Sign in first: send auth.", 0);
        else if (f->peer->signed_in && frames[i].buyers_only && !f->peer->is_buyer)
            say_here(f->w, f->peer->socket, STR_NONE, "not_allowed", "This frame is for buyers.", 0);
        else
            frames[i].fn(f);
        return;
    }
    say_here(f->w, f->peer->socket, STR_NONE, "bad_frame", "This frame type is not known.", 0);
}

static void on_frame(void *arg, socket_ref s, struct str text)
{
    struct web_channel *w = arg;
    struct peer *p = live_peer(w->c.live, s);
    if (p == NULL)
        return;
    const struct json_node *json = json_doc_read(&w->frame, text);
    if (json == NULL || json->kind != JSON_KIND_OBJECT) {
        refuse_socket(w, s, "bad_frame", "A frame is one JSON object.");
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
