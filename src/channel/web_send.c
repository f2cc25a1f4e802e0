/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages in frames: reads what a buyer or a person sends, checks every member, hands it to the inbox, and acknowledges
 * what was stored.
 *
 * How          A buyer's message waits for nobody (chat_receive()); a person's blocks until it is durable and is a job.
 * Always true  tenant, author and contact come from the proof at sign-in, never from the frame.
 * Threads      Frames are read on the loop; on_receipt() is called on the writer thread or a worker.
 */
#include "channel/web_private.h"

#include <stdlib.h>

#include "account/actor.h"
#include "base/id.h"
#include "base/limit.h"

static void on_receipt(void *arg, const struct receipt *r)
{
    struct web_channel *w = arg;
    struct buf b = {0};
    if (r->answer == CHAT_OK || r->answer == CHAT_DUPLICATE)
        web_write_ack(&b, r->client_id, r->conversation_id, r->seq, r->at_ms);
    else
        web_write_refusal(&b, r->client_id, r->answer, (struct error_more){r->retry_ms, r->field});
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
    web_say_here(f->w, f->peer->socket, STR_NONE, "bad_frame", "A client_id of 1 to 64 bytes is needed.", 0);
    return false;
}

static bool good_text(struct frame_in *f, struct str client_id, struct str text)
{
    if (str_code_points(text) > LIMIT_TEXT_CHARS) {
        web_say_here(f->w, f->peer->socket, client_id, "too_long", "A message has at most 2000 characters.", 0);
        return false;
    }
    if (has_control(text)) {
        web_say_here(f->w, f->peer->socket, client_id, "bad_frame", "The text holds control characters.", 0);
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
        web_say_here(f->w, f->peer->socket, client_id, "bad_frame",
                     "A buyer sends text, order_card, product_card, image or form.", 0);
        return;
    }
    if (in.kind == MESSAGE_TEXT && choice != NULL) {
        in.order_id = in.order_id.n > 0 ? in.order_id : clip_id(choice, "order_id");
        in.product_id = in.product_id.n > 0 ? in.product_id : clip_id(choice, "product_id");
    }
    if (is_empty(&in)) {
        web_say_here(f->w, f->peer->socket, client_id, "bad_frame", "The message is empty.", 0);
        return;
    }
    struct str conversation = json_doc_str(f->json, "conversation");
    if (conversation.n > 0 && !id_parse(conversation, &in.conversation_id)) {
        web_say_here(f->w, f->peer->socket, client_id, "not_found", "There is no such conversation.", 0);
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
        web_write_ack(&b, k->m.client_id, k->m.conversation_id, seq, k->m.now_ms);
    else
        web_write_refusal(&b, k->m.client_id, answer, (struct error_more){0});
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
        web_say_here(f->w, p->socket, client_id, "not_allowed", "Your role does not answer buyers.", 0);
        return;
    }
    if (!known || (text.n == 0 && !wordless) || !id_parse(json_doc_str(f->json, "conversation"), &conversation_id)) {
        web_say_here(f->w, p->socket, client_id, "bad_frame", "conversation, a known kind and a text are needed.", 0);
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

void web_on_send(struct frame_in *f)
{
    struct str client_id = json_doc_str(f->json, "client_id");
    if (!good_client_id(f, client_id))
        return;
    if (f->peer->is_buyer)
        buyer_sends(f, client_id);
    else
        staff_sends(f, client_id);
}

void web_on_human(struct frame_in *f)
{
    struct str client_id = json_doc_str(f->json, "client_id");
    if (!good_client_id(f, client_id))
        return;
    bool english = str_starts(str_from(f->peer->language), STR("en"));
    struct incoming in = {.wants_human = true, .text = english ? STR("Talk to a person") : STR("转人工")};
    receive(f, &in, client_id);
}
