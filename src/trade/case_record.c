/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events of a case as JSON. One table a struct says which member is written under which name, and is read back by it.
 */
#include "trade/case_record.h"

#include "base/time.h"

/** A number of a struct. */
struct member {
    const char *name;
    size_t at;
};

#define NUMBER(type, name) {#name, offsetof(struct type, name)}

static const struct member ask_numbers[] = {
    NUMBER(case_ask, quantity),           NUMBER(case_ask, amount_cents),  NUMBER(case_ask, limit_cents),
    NUMBER(case_ask, evidence_count),     NUMBER(case_ask, now_ms),        NUMBER(case_ask, order_ms),
    NUMBER(case_ask, paid_ms),            NUMBER(case_ask, delivered_ms),  NUMBER(case_ask, finished_ms),
    NUMBER(case_ask, price_protect_days), NUMBER(case_ask, warranty_days), NUMBER(case_ask, open_count),
    NUMBER(case_ask, total_count),        NUMBER(case_ask, paid_count),
};
static const struct member ask_flags[] = {
    NUMBER(case_ask, confirmed), NUMBER(case_ask, freight_insured), NUMBER(case_ask, promise_missed),
    NUMBER(case_ask, good_record),
};
static const struct member input_numbers[] = {
    NUMBER(case_input, now_ms), NUMBER(case_input, amount_cents), NUMBER(case_input, limit_cents),
    NUMBER(case_input, open_count),
};

static int64_t number_at(const void *of, size_t at)
{
    return *(const int64_t *)(const void *)((const char *)of + at);
}

static bool flag_at(const void *of, size_t at)
{
    return *(const bool *)((const char *)of + at);
}

struct str case_ask_json(struct arena *a, const struct case_ask *ask)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kc(&o, "type", case_type_name(ask->type));
    jo_kc(&o, "goods", case_goods_name(ask->goods));
    jo_kt(&o, "reason", ask->reason);
    jo_kc(&o, "status", order_status_name(ask->status));
    jo_kt(&o, "seven_day", ask->seven_day);
    for (size_t i = 0; i < COUNT(ask_numbers); i++)
        jo_kn(&o, ask_numbers[i].name, number_at(ask, ask_numbers[i].at));
    for (size_t i = 0; i < COUNT(ask_flags); i++)
        jo_kb(&o, ask_flags[i].name, flag_at(ask, ask_flags[i].at));
    jo_close(&o);
    return buf_view(&b);
}

struct str case_input_json(struct arena *a, const struct case_input *in)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kb(&o, "confirmed", in->confirmed);
    jo_kc(&o, "goods", case_goods_name(in->goods));
    for (size_t i = 0; i < COUNT(input_numbers); i++)
        jo_kn(&o, input_numbers[i].name, number_at(in, input_numbers[i].at));
    jo_close(&o);
    return buf_view(&b);
}

struct str case_used_json(struct arena *a, const struct case_outcome *out)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    for (size_t i = 0; i < out->used_count; i++) {
        jo_key(&o, out->used[i].key);
        jo_open(&o);
        jo_kt(&o, "value", out->used[i].value);
        jo_kt(&o, "scope", out->used[i].scope);
        jo_kat(&o, "from", out->used[i].from_ms);
        jo_close(&o);
    }
    jo_close(&o);
    return buf_view(&b);
}

struct str case_tell_text(struct arena *a, unsigned tell)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < CASE_ACTORS; i++) {
        if ((tell & CASE_BY(i)) == 0)
            continue;
        if (b.n > 0)
            buf_char(&b, ',');
        buf_c(&b, case_actor_name((enum case_actor)i));
    }
    return buf_view(&b);
}

static bool read_ask(struct arena *a, const json_t *o, enum case_actor actor, struct case_record *ret)
{
    struct case_ask *ask = arena_new(a, struct case_ask);
    ask->actor = actor;
    ask->reason = str_dup(a, json_str(o, "reason"));
    ask->seven_day = str_dup(a, json_str(o, "seven_day"));
    if (!case_type_from_name(json_str(o, "type"), &ask->type) || !case_goods_from_name(json_str(o, "goods"), &ask->goods) ||
        !order_status_from_name(json_str(o, "status"), &ask->status))
        return false;
    for (size_t i = 0; i < COUNT(ask_numbers); i++)
        *(int64_t *)(void *)((char *)ask + ask_numbers[i].at) = json_int(o, ask_numbers[i].name, 0);
    for (size_t i = 0; i < COUNT(ask_flags); i++)
        *(bool *)((char *)ask + ask_flags[i].at) = json_flag(o, ask_flags[i].name, false);
    ret->ask = ask;
    return true;
}

static bool read_input(const json_t *o, enum case_actor actor, struct case_record *ret)
{
    struct case_input *in = &ret->in;
    in->actor = actor;
    in->confirmed = json_flag(o, "confirmed", false);
    for (size_t i = 0; i < COUNT(input_numbers); i++)
        *(int64_t *)(void *)((char *)in + input_numbers[i].at) = json_int(o, input_numbers[i].name, 0);
    return case_goods_from_name(json_str(o, "goods"), &in->goods);
}

static bool read_used(struct arena *a, json_t *rules, struct case_record *ret)
{
    for (void *it = json_object_iter(rules); it != NULL; it = json_object_iter_next(rules, it)) {
        const json_t *o = json_object_iter_value(it);
        if (ret->used_count == CASE_USED_MOST)
            return false;
        struct case_used *u = &ret->used[ret->used_count++];
        u->key = str_c(a, str_from(json_object_iter_key(it)));
        u->value = str_dup(a, json_str(o, "value"));
        u->scope = str_dup(a, json_str(o, "scope"));
        if (!time_parse(json_str(o, "from"), &u->from_ms))
            return false;
    }
    return true;
}

bool case_record_read(struct arena *a, struct str event, struct str actor, struct str input, struct str rules,
                      struct case_record *ret)
{
    struct case_record r = {0};
    enum case_actor by;
    _cleanup_(json_donep) json_t *given = json_read(input, NULL);
    _cleanup_(json_donep) json_t *used = json_read(rules, NULL);
    if (given == NULL || used == NULL || !case_event_from_name(event, &r.in.event) || !case_actor_from_name(actor, &by))
        return false;
    bool good = r.in.event == CASE_OPENED ? read_ask(a, given, by, &r) : read_input(given, by, &r);
    if (!good || !read_used(a, used, &r))
        return false;
    *ret = r;
    return true;
}
