/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages: their names in SQL and JSON, and the wire shape.
 */
#include "chat/message.h"

static const char *const author_names[] = {
    [AUTHOR_BUYER] = "buyer", [AUTHOR_BOT] = "bot", [AUTHOR_AGENT] = "agent", [AUTHOR_SYSTEM] = "system"};
static const char *const kind_names[] = {
    [MESSAGE_TEXT] = "text",       [MESSAGE_ORDER_CARD] = "order_card", [MESSAGE_PRODUCT_CARD] = "product_card",
    [MESSAGE_CHOICES] = "choices", [MESSAGE_SYSTEM] = "system",         [MESSAGE_RATING_REQUEST] = "rating_request",
    [MESSAGE_NOTE] = "note",       [MESSAGE_IMAGE] = "image",           [MESSAGE_FILE] = "file",
    [MESSAGE_FORM] = "form",       [MESSAGE_CASE_CARD] = "case_card"};

static bool find_name(const char *const *names, size_t n, struct str name, size_t *ret)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq_c(name, names[i])) {
            *ret = i;
            return true;
        }
    }
    return false;
}

const char *author_name(enum author a)
{
    return author_names[a];
}

bool author_from_name(struct str name, enum author *ret)
{
    size_t i;
    if (!find_name(author_names, COUNT(author_names), name, &i))
        return false;
    *ret = (enum author)i;
    return true;
}

const char *message_kind_name(enum message_kind k)
{
    return kind_names[k];
}

bool message_kind_from_name(struct str name, enum message_kind *ret)
{
    size_t i;
    if (!find_name(kind_names, COUNT(kind_names), name, &i))
        return false;
    *ret = (enum message_kind)i;
    return true;
}

void message_write(struct json_out *o, const struct message *m, bool for_buyer)
{
    jo_open(o);
    jo_kid(o, "conversation", m->conversation_id);
    jo_kn(o, "seq", m->seq);
    jo_kc(o, "kind", message_kind_name(m->kind));
    jo_key(o, "author");
    jo_open(o);
    jo_kc(o, "kind", author_name(m->author));
    if (m->author_id != 0 && !for_buyer)
        jo_kid(o, "id", m->author_id);
    jo_kt(o, "name", m->author_name);
    jo_close(o);
    jo_kt(o, "text", m->text);
    jo_kat(o, "at", m->at_ms);
    if (m->client_id.n > 0)
        jo_kt(o, "client_id", m->client_id);
    if (m->data.n > 0) {
        buf_char(o->b, ',');
        buf_str(o->b, m->data);
    }
    jo_close(o);
}
