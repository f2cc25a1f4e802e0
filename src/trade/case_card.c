/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases as JSON.
 */
#include "trade/case_card.h"

static void members(struct json_out *o, const struct case_row_stored *row)
{
    const struct trade_case *c = &row->c;
    bool open = c->due_ms != 0;
    jo_kid(o, "id", row->id);
    jo_kc(o, "type", case_type_name(c->type));
    jo_kc(o, "state", case_state_name(c->state));
    jo_kb(o, "open", open);
    jo_kt(o, "order", row->order_id);
    jo_kt(o, "sub_order", row->sub_id);
    jo_kt(o, "buyer", row->buyer);
    jo_kt(o, "reason", c->reason);
    jo_kc(o, "goods", case_goods_name(c->goods));
    jo_kn(o, "quantity", c->quantity);
    jo_kn(o, "claimed_cents", c->claimed_cents);
    jo_kn(o, "refunded_cents", c->refunded_cents);
    jo_kc(o, "payer", ledger_payer_name(case_payer(c->type)));
    jo_kc(o, "waits_for", open ? case_actor_name(case_state_owner(c->state)) : NULL);
    jo_kc(o, "paused_for", c->pause == CASE_RUNNING ? NULL : case_pause_name(c->pause));
    jo_kat(o, "deadline_at", c->due_ms);
    jo_kc(o, "deadline_rule", open && c->pause == CASE_RUNNING ? case_state_rule(c->state) : NULL);
    jo_kt(o, "waybill", row->waybill);
    jo_kat(o, "opened_at", c->opened_ms);
    jo_kat(o, "changed_at", c->changed_ms);
    jo_kat(o, "closed_at", c->closed_ms);
    jo_kn(o, "reopened", c->reopened);
    jo_kn(o, "version", row->version);
}

void case_card(struct json_out *o, const struct case_row_stored *row)
{
    jo_open(o);
    members(o, row);
    jo_close(o);
}

static void event(struct json_out *o, struct arena *a, const struct case_event_stored *e)
{
    jo_open(o);
    jo_kn(o, "seq", e->seq);
    jo_kat(o, "at", e->at_ms);
    jo_kt(o, "event", e->event);
    jo_kt(o, "actor", e->actor);
    if (e->actor_id != 0)
        jo_kid(o, "person", e->actor_id);
    jo_kt(o, "reason", e->reason);
    jo_kt(o, "from", e->from);
    jo_kt(o, "to", e->to);
    jo_kc(o, "paused_for", str_eq_c(e->pause, case_pause_name(CASE_RUNNING)) ? NULL : str_c(a, e->pause));
    jo_kat(o, "deadline_at", e->due_ms);
    jo_kt(o, "money", e->money);
    jo_kn(o, "amount_cents", e->amount_cents);
    jo_key(o, "tell");
    jo_array(o);
    struct str rest = str_dup(a, e->tell), who;
    while (rest.n > 0 && str_cut(&rest, ',', &who))
        jo_text(o, who);
    jo_array_end(o);
    jo_key(o, "rules");
    jo_raw(o, e->rules);
    jo_close(o);
}

void case_card_full(struct json_out *o, struct arena *a, const struct case_row_stored *row,
                    const struct case_event_stored *events, size_t n)
{
    jo_open(o);
    members(o, row);
    jo_key(o, "history");
    jo_array(o);
    for (size_t i = 0; i < n; i++)
        event(o, a, &events[i]);
    jo_array_end(o);
    jo_close(o);
}
