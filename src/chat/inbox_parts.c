/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes with a message beside its words: the card of an order or product, a photo or document uploaded before, the
 * values of a form that the bot asked to have filled in.
 *
 * Always true  Only what is this very buyer's is found. Of a form's values, what is stored is masked; the values themselves
 *              go to the responder and no further.
 * Threads      On a worker, within the one read of delivery_read().
 */
#include "chat/inbox_private.h"

#include "base/id.h"
#include "base/json.h"
#include "chat/form.h"
#include "chat/upload_store.h"

/* The card that the buyer sent, from the buyer's own orders or the shop's products: what is not theirs is not found. */
static enum chat_answer show_card(struct delivery *d)
{
    const struct responder *r = &d->inbox->responder;
    return r->card(r->room, d->inbox->store, &d->arena, &d->in, &d->card) ? CHAT_OK : CHAT_NOT_FOUND;
}

/* The photo or document that the buyer sends: one that this very buyer has uploaded. */
static enum chat_answer find_upload(struct tx *tx, struct delivery *d)
{
    struct upload u;
    int64_t id;
    int rc = id_parse(d->in.upload, &id) ? upload_get(tx, d->in.tenant_id, id, &u) : 0;
    if (rc <= 0 || u.contact_id != d->in.contact_id)
        return rc < 0 ? CHAT_FAULT : CHAT_NOT_FOUND;
    d->in.kind = upload_is_image(u.type) ? MESSAGE_IMAGE : MESSAGE_FILE;
    d->card = upload_data(&d->arena, &u);
    d->shows = u.conversation_id == 0 ? u.id : 0;
    return CHAT_OK;
}

/* What message @p m holds under @p key, if it is about the form that the buyer answers. New reference, or NULL. */
static json_t *form_part(struct delivery *d, const struct message *m, const char *key)
{
    _cleanup_(json_donep) json_t *data =
        m->kind == MESSAGE_FORM ? json_read(str_fmt(&d->arena, "{%.*s}", STR_ARG(m->data)), NULL) : NULL;
    json_t *part = json_object_get(data, key);
    return part != NULL && str_eq(json_str(part, "id"), d->in.form_id) ? json_incref(part) : NULL;
}

/* The form that the buyer answers, as the bot sent it. NULL: none, answered already, or a person has the conversation. */
static enum chat_answer find_form(struct tx *tx, struct delivery *d, json_t **ret)
{
    enum { MOST = 100 }; /* messages since; an older form is over */
    const struct conversation *c = &d->change.conversation;
    struct message *list;
    size_t n = 0;
    bool bots = c->handler == HANDLER_BOT || c->handler == HANDLER_QUEUE;
    if (d->change.is_new || !bots)
        return CHAT_FORM_OVER;
    if (message_list(tx, &d->arena, d->in.tenant_id, c->id, 0, INT64_MAX, MOST, true, false, &list, &n) != CHAT_OK)
        return CHAT_FAULT;
    for (size_t i = 0; i < n && *ret == NULL; i++) {
        _cleanup_(json_donep) json_t *answer = list[i].author == AUTHOR_BUYER ? form_part(d, &list[i], "form_answer") : NULL;
        if (answer != NULL)
            return CHAT_FORM_OVER;
        if (list[i].author == AUTHOR_BOT)
            *ret = form_part(d, &list[i], "form");
    }
    return *ret != NULL ? CHAT_OK : CHAT_FORM_OVER;
}

/* What was filled in goes on to the responder; what is stored of it is masked. */
static enum chat_answer take_form(struct tx *tx, struct delivery *d)
{
    _cleanup_(json_donep) json_t *form = NULL;
    _cleanup_(json_donep) json_t *values = json_read(d->in.form, NULL);
    enum chat_answer answer = delivery_find_stored(tx, d, d->change.conversation.id);
    if (answer != CHAT_NOT_FOUND)
        return answer;
    answer = find_form(tx, d, &form);
    if (answer != CHAT_OK)
        return answer;
    struct form_filled filled;
    if (form_check(&d->kept, form, values, &filled) != FORM_OK) {
        d->receipt.field = filled.field;
        return CHAT_BAD_FORM;
    }
    d->in.form = filled.values;
    d->in.text = filled.text;
    d->card = str_dup(&d->arena, filled.data);
    return CHAT_OK;
}

enum chat_answer delivery_take_parts(struct tx *tx, struct delivery *d)
{
    if (d->in.kind == MESSAGE_TEXT)
        return CHAT_OK;
    if (is_media(d->in.kind))
        return find_upload(tx, d);
    return d->in.kind == MESSAGE_FORM ? take_form(tx, d) : show_card(d);
}
