/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a case is what its history leads to: every event is read back with the rules it asked, and walked again.
 */
#include "trade/case_service.h"

#include "account/shop.h"
#include "trade/calendar.h"
#include "trade/case_record.h"

int case_history_holds(struct tx *tx, struct arena *a, const struct case_row_stored *row)
{
    struct case_event_stored *events;
    size_t n;
    struct shop shop;
    struct trade_case again;
    if (case_events(tx, a, row->tenant_id, row->id, &events, &n) < 0 ||
        shop_get(tx, a, row->tenant_id, &shop) != ACCOUNT_OK)
        return STORE_FAULT;
    struct case_record *history = arena_array(a, struct case_record, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!case_record_read(a, events[i].event, events[i].actor, events[i].input, events[i].rules, &history[i]))
            return 0;
    if (!case_replay(history, n, shop.time_zone, calendar_of_zone(shop.time_zone), &again))
        return 0;
    return again.state == row->c.state && again.pause == row->c.pause && again.type == row->c.type &&
           again.claimed_cents == row->c.claimed_cents && again.refunded_cents == row->c.refunded_cents &&
           again.reserved_cents == row->c.reserved_cents && again.due_ms == row->c.due_ms &&
           again.reopened == row->c.reopened;
}
