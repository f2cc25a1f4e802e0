/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of the buyer's side of a conversation: history, and sending without a socket.
 */
#include "chat/chat_api.h"

#include <semaphore.h>
#include <stdio.h>

#include "account/actor.h"
#include "account/contact.h"
#include "base/id.h"
#include "base/limit.h"

/* ---- history ---- */

struct history {
    struct request *rq;
    int64_t conversation_id, seq;
    int limit;
    struct message *list;
    size_t n;
};

static int read_history(struct tx *tx, void *arg)
{
    struct history *h = arg;
    return message_history(tx, h->rq->arena, h->rq->actor->tenant_id, h->rq->actor->id, h->conversation_id, h->seq,
                           h->limit + 1, &h->list, &h->n);
}

/* A cursor is "conversation.seq" of the oldest message given. */
static bool read_cursor(struct str cursor, struct history *h)
{
    h->conversation_id = h->seq = INT64_MAX;
    if (cursor.n == 0)
        return true;
    struct str head;
    return str_cut(&cursor, '.', &head) && id_parse(head, &h->conversation_id) && id_parse(cursor, &h->seq);
}

static struct reply get_history(struct request *rq)
{
    int64_t limit;
    struct history h = {.rq = rq, .limit = 30};
    if (str_int(rq->query(rq, "limit"), &limit))
        h.limit = (int)limit;
    if (!read_cursor(rq->query(rq, "before"), &h))
        return reply_problem(422, "bad_cursor", "Take `before` from the `next` of an earlier answer.");
    if (store_read(rq->store, read_history, &h) != CHAT_OK)
        return reply_fault();

    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    bool more = h.n > (size_t)h.limit;
    size_t n = MIN(h.n, (size_t)h.limit);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++)
        message_write(&o, &h.list[i], true);
    jo_array_end(&o);
    jo_key(&o, "next");
    if (more)
        jo_text(&o, str_fmt(rq->arena, "%lld.%lld", (long long)h.list[n - 1].conversation_id,
                            (long long)h.list[n - 1].seq));
    else
        jo_null(&o);
    jo_close(&o);
    return reply_json(&b);
}

/* ---- sending ---- */

struct waiting {
    sem_t done;
    enum chat_answer answer;
    int64_t conversation_id, seq;
    int retry_ms;
    struct str field;
    struct arena *arena;
};

static void on_receipt(void *arg, const struct receipt *r)
{
    struct waiting *w = arg;
    w->answer = r->answer;
    w->conversation_id = r->conversation_id;
    w->seq = r->seq;
    w->retry_ms = r->retry_ms;
    w->field = str_dup(w->arena, r->field);
    sem_post(&w->done);
}

struct caller {
    struct request *rq;
    struct contact contact;
};

static int read_contact(struct tx *tx, void *arg)
{
    struct caller *k = arg;
    return contact_get(tx, k->rq->arena, k->rq->actor->tenant_id, k->rq->actor->id, &k->contact);
}

static struct reply reply_for(struct request *rq, const struct waiting *w)
{
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    switch (w->answer) {
    case CHAT_OK:
    case CHAT_DUPLICATE:
        jo_open(&o);
        jo_kid(&o, "conversation", w->conversation_id);
        jo_kn(&o, "seq", w->seq);
        jo_close(&o);
        return (struct reply){.status = w->answer == CHAT_OK ? 201 : 200, .body = buf_view(&b)};
    case CHAT_CONFLICT: return reply_problem(409, "conflict", "This client_id was used for another message.");
    case CHAT_NOT_FOUND: return reply_problem(404, "not_found", "There is no such conversation, order or product of yours.");
    case CHAT_STALE:
    case CHAT_NOT_ALLOWED:
    case CHAT_CLOSED: return reply_problem(409, "conflict", "The conversation has changed; try again.");
    case CHAT_BAD_FORM:
        return reply_problem(422, "bad_form", str_c(rq->arena, str_fmt(rq->arena, "Field \"%.*s\" is missing or does not fit.",
                                                                       STR_ARG(w->field))));
    case CHAT_FORM_OVER: return reply_problem(409, "form_over", "This form was answered already, or is no longer open.");
    case CHAT_LIMIT:
        return (struct reply){.status = 429, .problem = "rate_limited", .detail = "Too many messages; wait a moment.",
                              .retry_after_s = (w->retry_ms + 999) / 1000};
    case CHAT_FAULT: break;
    }
    return reply_fault();
}

static const struct field send_body[] = {
    {"client_id", FIELD_TEXT, true, 1, LIMIT_CLIENT_ID, NULL, "Chosen by the client, new for each message: a retry with it stores nothing twice."},
    {"kind", FIELD_CHOICE, false, 0, 0, "text|image|form", "What it is; text unless told."},
    {"text", FIELD_TEXT, false, 0, LIMIT_TEXT_CHARS, NULL, "What the buyer says; of an image its caption."},
    {"upload", FIELD_ID, false, 0, 0, NULL, "Of an image: the buyer's own upload."},
    {"form", FIELD_OBJECT, false, 0, LIMIT_FRAME_BYTES, NULL, "Of a form: {id, values: {name: text}}."},
    {"conversation", FIELD_ID, false, 0, 0, NULL, "The conversation that the client is in."},
    {0},
};

/* What the body says, in words of the inbox; false: it says nothing. */
static bool read_said(const struct request *rq, struct incoming *in)
{
    const json_t *form = json_object_get(rq->body, "form");
    struct str kind = json_str(rq->body, "kind");
    if (kind.n > 0 && !message_kind_from_name(kind, &in->kind))
        return false;
    in->text = str_trim(json_str(rq->body, "text"));
    in->upload = json_str(rq->body, "upload");
    in->form_id = json_str(form, "id");
    in->form = json_dump(rq->arena, json_object_get(form, "values"));
    return in->kind == MESSAGE_IMAGE ? in->upload.n > 0 : in->kind == MESSAGE_FORM ? in->form_id.n > 0 : in->text.n > 0;
}

static struct reply post_message(struct request *rq)
{
    struct chat_room *room = rq->room;
    struct caller k = {.rq = rq};
    if (store_read(rq->store, read_contact, &k) != ACCOUNT_OK)
        return reply_problem(404, "not_found", "This buyer is not known.");
    const struct contact *c = &k.contact;

    struct incoming in = {.tenant_id = rq->actor->tenant_id,
                          .contact_id = rq->actor->id,
                          .buyer = c->buyer,
                          .buyer_name = c->name,
                          .language = c->language,
                          .channel = STR("web"),
                          .client_id = json_str(rq->body, "client_id"),
                          .now_ms = rq->now_ms};
    if (!id_parse(json_str(rq->body, "conversation"), &in.conversation_id))
        in.conversation_id = 0;
    if (!read_said(rq, &in))
        return reply_problem(422, "bad_body", "The message is empty: give \"text\", \"upload\" or \"form\", by its kind.");
    struct waiting w = {.arena = rq->arena};
    sem_init(&w.done, 0, 0);
    chat_receive(room->inbox, &in, 0, on_receipt, &w);
    while (sem_wait(&w.done) != 0)
        ; /* EINTR */
    sem_destroy(&w.done);
    return reply_for(rq, &w);
}

static const struct field history_query[] = {
    {"before", FIELD_TEXT, false, 0, 60, NULL, "Cursor: the `next` of an earlier answer."},
    {"limit", FIELD_INT, false, 1, LIMIT_PAGE, NULL, "Items, 30 unless told."},
    {0},
};

const struct route chat_routes[] = {
    {METHOD_GET, "/api/v1/widget/history", get_history, .needs = ROLE_BUYER, .query = history_query, .tag = "Widget",
     .help = "The buyer's messages over all conversations with this shop, newest first."},
    {METHOD_POST, "/api/v1/widget/messages", post_message, .needs = ROLE_BUYER, .body = send_body, .tag = "Widget",
     .help = "Says something as the buyer; answered when it is stored. The bot's answer comes over the live socket."},
};
const size_t chat_route_count = COUNT(chat_routes);
