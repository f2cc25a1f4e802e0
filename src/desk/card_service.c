/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cards that people send: only what belongs to the buyer in front of them, and only what the shop sells.
 */
#include "desk/desk_service.h"

#include "account/contact.h"
#include "trade/card.h"
#include "trade/order_store.h"

struct card {
    struct desk_room *room;
    struct arena *arena;
    int64_t tenant_id, conversation_id;
    struct str order_id, product_id;
    const struct catalog *catalog; /* held until the card is written */
    struct str data;               /* empty: there is none */
};

static int find_order(struct tx *tx, struct card *w, const struct conversation *c)
{
    struct contact contact;
    struct order order;
    if (contact_get(tx, w->arena, c->tenant_id, c->contact_id, &contact) != ACCOUNT_OK)
        return STORE_FAULT;
    if (contact.buyer.n == 0)
        return STORE_OK;
    int found = order_get(tx, w->arena, c->tenant_id, contact.buyer, w->order_id, &order);
    if (found > 0)
        w->data = card_order_data(w->arena, &order, w->catalog, c->language);
    return found < 0 ? STORE_FAULT : STORE_OK;
}

static int find_card(struct tx *tx, void *arg)
{
    struct card *w = arg;
    struct conversation c;
    enum chat_answer answer = conversation_get(tx, w->arena, w->tenant_id, w->conversation_id, &c);
    if (answer != CHAT_OK)
        return answer == CHAT_NOT_FOUND ? STORE_OK : STORE_FAULT;
    w->catalog = catalog_hold(w->room->catalogs, tx, w->tenant_id);
    if (w->catalog == NULL)
        return STORE_FAULT;
    if (w->order_id.n > 0)
        return find_order(tx, w, &c);
    const struct product *p = catalog_product(w->catalog, w->product_id);
    if (p != NULL)
        w->data = card_product_data(w->arena, p, w->catalog);
    return STORE_OK;
}

bool desk_card_data(struct desk_room *room, struct arena *a, int64_t tenant_id, int64_t conversation_id,
                    struct str order_id, struct str product_id, struct str *ret_data)
{
    struct card w = {.room = room, .arena = a, .tenant_id = tenant_id, .conversation_id = conversation_id,
                     .order_id = order_id, .product_id = product_id};
    int answer = store_read(room->store, find_card, &w);
    if (w.catalog != NULL)
        catalog_release(room->catalogs, w.catalog);
    if (answer < 0 || w.data.n == 0)
        return false;
    *ret_data = w.data;
    return true;
}
