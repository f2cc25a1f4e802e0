/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The work order of an agreement that was not kept.
 */
#include "desk/agreement_follow.h"

#include "base/id.h"
#include "trade/work_order_service.h"

bool agreement_follow_up(struct tx *tx, struct arena *a, const struct shop *shop, struct agreement *g, int64_t term_ms,
                         struct str text, int64_t now_ms, struct str *ret_ticket)
{
    struct work_order w = {.tenant_id = shop->tenant_id, .id = id_new(now_ms), .team = TEAM_SERVICE, .kind = STR("agreement"),
                           .order_id = g->order_id, .conversation_id = g->conversation_id, .asked_by = g->proposed_by,
                           .text = text};
    if (work_order_make(tx, a, shop, term_ms, now_ms, false, &w) != WORK_ORDER_OK)
        return false;
    g->work_order_id = w.id;
    *ret_ticket = work_order_ticket(a, w.day, w.number);
    return true;
}
