/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What passes between the inbox and its responder.
 */
#include "chat/responder.h"

#include <string.h>

void incoming_copy(struct arena *a, struct incoming *in)
{
    struct str *const texts[] = {&in->buyer,     &in->buyer_name, &in->language,     &in->channel,
                                 &in->client_id, &in->text,       &in->order_id,     &in->product_id,
                                 &in->intent,    &in->page,       &in->page_product, &in->page_order, &in->agreement,
                                 &in->upload,    &in->form_id,    &in->form};
    size_t n = 0;
    for (size_t i = 0; i < COUNT(texts); i++)
        n += texts[i]->n;
    char *to = arena_raw(a, n);
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (texts[i]->n > 0)
            memcpy(to, texts[i]->p, texts[i]->n);
        texts[i]->p = to;
        to += texts[i]->n;
    }
}
