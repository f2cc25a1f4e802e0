/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What came of an action, as JSON for screens.
 */
#include "trade/action_card.h"

#include "trade/case_card.h"

static void rules_out(struct json_out *o, const struct action_result *ret)
{
    jo_key(o, "rules");
    jo_array(o);
    for (size_t i = 0; i < ret->used_count; i++) {
        jo_open(o);
        jo_kc(o, "key", ret->used[i].key);
        jo_kt(o, "value", ret->used[i].value);
        jo_kt(o, "scope", ret->used[i].scope);
        jo_kat(o, "from", ret->used[i].from_ms);
        jo_close(o);
    }
    jo_array_end(o);
}

/** What the action calculated is an object; what the shop's system said is a text. */
static void text_out(struct json_out *o, const struct action_result *ret)
{
    if (!str_starts(ret->text, STR("{"))) {
        jo_kt(o, "text", ret->text);
        return;
    }
    jo_key(o, "calculation");
    jo_raw(o, ret->text);
}

void action_card(struct json_out *o, const struct action_request *r, const struct action_result *ret)
{
    jo_open(o);
    jo_kc(o, "action", action_name(r->action));
    jo_kid(o, "id", r->approves != 0 ? r->approves : r->id);
    jo_kc(o, "answer", action_answer_name(ret->answer));
    jo_kc(o, "why", ret->why != ACTION_WHY_NONE ? action_why_name(ret->why) : NULL);
    jo_kc(o, "case_answer", ret->case_answer != CASE_OK ? case_answer_name(ret->case_answer) : NULL);
    jo_kc(o, "slot", ret->slot);
    jo_kt(o, "order", ret->has_order ? ret->order.id : STR_NONE);
    jo_kc(o, "order_status", ret->has_order ? order_status_name(ret->order.status) : NULL);
    jo_key(o, "case");
    if (ret->has_case)
        case_card(o, &ret->row);
    else
        jo_null(o);
    jo_kid(o, "work_order", ret->work_order_id);
    jo_kt(o, "ticket", ret->ticket);
    jo_kat(o, "due_at", ret->due_ms);
    jo_kn(o, "amount_cents", ret->amount_cents);
    jo_kt(o, "carrier", ret->carrier);
    jo_kt(o, "carrier_phone", ret->carrier_phone);
    jo_kt(o, "tracking_no", ret->tracking_no);
    text_out(o, ret);
    rules_out(o, ret);
    jo_close(o);
}
