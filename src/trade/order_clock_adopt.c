/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clocks for orders that were stored by a release that had none.
 *
 * How          Once in the life of a database, a few hundred orders a unit of work, in order of their keys; a mark in `meta`
 *              says that it was done. As of an order that has just come in: what is over already is left alone.
 */
#include "trade/order_clock_service.h"
#include "trade/order_store.h"

enum { IN_UNIT = 200, DONE = 1 };

struct adopting {
    struct arena kept;
    int64_t tenant_id; /* of the order looked at last */
    struct str order_id;
    int64_t now_ms;
    size_t n;          /* what the unit found: the same if it is run twice */
    struct order_clock_row last;
};

static int adopt_some(struct tx *tx, struct arena *a, struct adopting *ad)
{
    struct order_clock_row *rows;
    int rc = order_clocks_adopted(tx);
    if (rc != 0)
        return rc < 0 ? rc : DONE;
    if (order_clock_orders(tx, a, ad->tenant_id, ad->order_id, IN_UNIT, &rows, &ad->n) < 0)
        return STORE_FAULT;
    for (size_t i = 0; i < ad->n; i++) {
        struct order o;
        rc = order_get_any(tx, a, rows[i].tenant_id, rows[i].order_id, &o);
        if (rc < 0 || (rc > 0 && order_clocks_set(tx, a, rows[i].tenant_id, &o, false, ad->now_ms) < 0))
            return STORE_FAULT;
    }
    if (ad->n < IN_UNIT)
        return order_clocks_adopted_set(tx);
    ad->last = rows[ad->n - 1];
    ad->last.order_id = str_dup(&ad->kept, ad->last.order_id);
    return STORE_OK;
}

static int adopt(struct tx *tx, void *arg)
{
    struct arena a = {0};
    int answer = adopt_some(tx, &a, arg);
    arena_done(&a);
    return answer;
}

int order_clocks_adopt(struct store *store, int64_t now_ms)
{
    struct adopting ad = {.now_ms = now_ms};
    int answer = STORE_OK;
    do {
        answer = store_write(store, adopt, &ad);
        ad.tenant_id = ad.last.tenant_id;
        ad.order_id = ad.last.order_id;
    } while (answer == STORE_OK && ad.n == IN_UNIT);
    arena_done(&ad.kept);
    return answer < 0 ? STORE_FAULT : STORE_OK;
}
