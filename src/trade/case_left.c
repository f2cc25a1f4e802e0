/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goods that have left: whatever tells of it (an import, the shop's own system), a refund that was asked for before shipment
 * must not be paid by its timer any more. How far they have come by then does not matter: nobody may have told of the way.
 */
#include "trade/case_service.h"

static bool has_left(enum order_status s)
{
    return s == ORDER_SHIPPED || s == ORDER_DELIVERED || s == ORDER_FINISHED;
}

int case_goods_left_in(struct tx *tx, struct arena *a, int64_t tenant_id, const struct order *o, int64_t now_ms)
{
    struct case_row_stored *cases, after;
    size_t n;
    if (!has_left(o->status))
        return STORE_OK;
    if (case_list_of_order(tx, a, tenant_id, o->id, &cases, &n) < 0)
        return STORE_FAULT;
    for (size_t i = 0; i < n; i++) {
        struct case_action step = {.tenant_id = tenant_id, .case_id = cases[i].id, .who = {.actor = CASE_SYSTEM},
                                   .event = CASE_SHIPPED, .now_ms = now_ms};
        if (cases[i].c.state == CASE_WAIT_SELLER_UNSHIPPED && case_take_in(tx, a, &step, &after) == CASE_FAULT)
            return STORE_FAULT;
    }
    return STORE_OK;
}
