/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the web channel says back: an acknowledgement, or an error with a code that programs read and a sentence for
 * whoever writes one.
 */
#include "channel/web_private.h"

#define CLOSE_POLICY 1008 /* RFC 6455, section 7.4.1 */

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

void web_write_refusal(struct buf *b, struct str client_id, enum chat_answer answer, struct error_more more)
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

void web_write_ack(struct buf *b, struct str client_id, int64_t conversation_id, int64_t seq, int64_t at_ms)
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

void web_say_here(struct web_channel *w, socket_ref to, struct str client_id, const char *code, const char *text,
                  int retry_ms)
{
    struct buf b = {0};
    write_error(&b, client_id, code, text, (struct error_more){.retry_ms = retry_ms});
    server_send_here(w->server, to, buf_view(&b));
    buf_done(&b);
}

void web_refuse_socket(struct web_channel *w, socket_ref s, const char *code, const char *text)
{
    web_say_here(w, s, STR_NONE, code, text, 0);
    server_close_here(w->server, s, CLOSE_POLICY);
}
