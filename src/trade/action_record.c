/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests and results of actions as JSON.
 */
#include "trade/action_record.h"

struct str action_request_json(struct arena *a, const struct action_request *r)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "order", r->order_id);
    jo_kt(&o, "sub", r->sub_id);
    jo_kid(&o, "case", r->case_id);
    jo_kt(&o, "name", r->address.name);
    jo_kt(&o, "phone", r->address.phone);
    jo_kt(&o, "region", r->address.region);
    jo_kt(&o, "detail", r->address.detail);
    jo_kt(&o, "sku", r->sku);
    jo_kt(&o, "text", r->text);
    jo_kt(&o, "tax_id", r->tax_id);
    jo_kc(&o, "type", case_type_name(r->type));
    jo_kc(&o, "event", case_event_name(r->event));
    jo_kt(&o, "reason", r->reason);
    jo_kb(&o, "received", r->says_received);
    jo_kb(&o, "not_received", r->says_not_received);
    jo_kn(&o, "quantity", r->quantity);
    jo_kn(&o, "amount_cents", r->amount_cents);
    jo_kn(&o, "evidence_count", r->evidence_count);
    jo_kt(&o, "evidence", r->evidence);
    jo_kn(&o, "seen_version", r->seen_version);
    jo_close(&o);
    return buf_view(&b);
}

static struct str copy(struct arena *a, const json_t *o, const char *key)
{
    return str_dup(a, json_str(o, key));
}

bool action_request_read(struct arena *a, struct str json, struct action_request *ret)
{
    _cleanup_(json_donep) json_t *o = json_read(json, NULL);
    struct action_request r = *ret;
    if (!case_type_from_name(json_str(o, "type"), &r.type) || !case_event_from_name(json_str(o, "event"), &r.event) ||
        !str_int(json_str(o, "case"), &r.case_id))
        return false;
    r.order_id = copy(a, o, "order");
    r.sub_id = copy(a, o, "sub");
    r.address = (struct address){copy(a, o, "name"), copy(a, o, "phone"), copy(a, o, "region"), copy(a, o, "detail")};
    r.sku = copy(a, o, "sku");
    r.text = copy(a, o, "text");
    r.tax_id = copy(a, o, "tax_id");
    r.reason = copy(a, o, "reason");
    r.says_received = json_flag(o, "received", false);
    r.says_not_received = json_flag(o, "not_received", false);
    r.quantity = json_int(o, "quantity", 0);
    r.amount_cents = json_int(o, "amount_cents", 0);
    r.evidence_count = json_int(o, "evidence_count", 0);
    r.evidence = copy(a, o, "evidence");
    r.seen_version = json_int(o, "seen_version", 0);
    *ret = r;
    return true;
}

struct str action_result_json(struct arena *a, const struct action_result *ret)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kc(&o, "why", action_why_name(ret->why));
    jo_kc(&o, "case_answer", case_answer_name(ret->case_answer));
    jo_kid(&o, "case", ret->has_case ? ret->row.id : 0);
    jo_kid(&o, "work_order", ret->work_order_id);
    jo_kt(&o, "ticket", ret->ticket);
    jo_kn(&o, "due_ms", ret->due_ms);
    jo_kn(&o, "amount_cents", ret->amount_cents);
    jo_kt(&o, "carrier", ret->carrier);
    jo_kt(&o, "carrier_phone", ret->carrier_phone);
    jo_kt(&o, "tracking_no", ret->tracking_no);
    jo_kt(&o, "text", ret->text);
    jo_close(&o);
    return buf_view(&b);
}

bool action_result_read(struct arena *a, struct str json, struct action_result *ret)
{
    _cleanup_(json_donep) json_t *o = json_read(json, NULL);
    struct action_result r = *ret;
    int64_t case_id;
    if (!str_int(json_str(o, "case"), &case_id) || !str_int(json_str(o, "work_order"), &r.work_order_id))
        return false;
    r.has_case = case_id != 0;
    r.row.id = case_id;
    r.ticket = copy(a, o, "ticket");
    r.due_ms = json_int(o, "due_ms", 0);
    r.amount_cents = json_int(o, "amount_cents", 0);
    r.carrier = copy(a, o, "carrier");
    r.carrier_phone = copy(a, o, "carrier_phone");
    r.tracking_no = copy(a, o, "tracking_no");
    r.text = copy(a, o, "text");
    *ret = r;
    return true;
}
