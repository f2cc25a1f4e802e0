/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How an order stands, and what a sentence may name of it.
 *
 * How          Its status, refined by its parcels and its trouble, is its standing. value_text() makes what sentences may name,
 *              and only what the sentence at hand does name.
 * Invariants   A date is said only when it is stored: the promise comes from the shop's rule and the payment, never from
 *              a guess of ours; a carrier that gives no date gives none here either.
 */
#include "bot/order_view.h"

#include "trade/card.h"

#define ITEMS_NAMED 1 /* titles of an order before "and n items in all" */

static enum standing paid_standing(const struct tell *t, const struct order *o)
{
    if (t->g->trouble.kind == TROUBLE_LATE)
        return STANDING_PAID_LATE;
    return o->paid_ms > 0 && t->g->clocks.ship_promise_ms > 0 ? STANDING_PAID_PROMISE : STANDING_PAID;
}

static enum standing shipped_standing(const struct tell *t, const struct parcel_event *last)
{
    switch (t->g->trouble.kind) {
    case TROUBLE_STALE: return STANDING_STALE;
    case TROUBLE_NO_TRACE: return STANDING_NO_TRACE;
    case TROUBLE_RETURNED: return STANDING_RETURNED;
    case TROUBLE_EXCEPTION: return STANDING_EXCEPTION;
    case TROUBLE_NONE:
    case TROUBLE_UNFINISHED:
    case TROUBLE_LATE: break;
    }
    if (last == NULL)
        return STANDING_NO_EVENT;
    return last->kind == PARCEL_DELIVERED ? STANDING_DELIVERED : STANDING_MOVING;
}

static enum standing standing_of(const struct tell *t, const struct order *o, const struct parcel_event *last)
{
    switch (o->status) {
    case ORDER_UNPAID: return STANDING_UNPAID;
    case ORDER_PAID: return paid_standing(t, o);
    case ORDER_SHIPPED: return shipped_standing(t, last);
    case ORDER_DELIVERED:
        return last != NULL && last->kind == PARCEL_DELIVERED ? STANDING_DELIVERED : STANDING_DELIVERED_BARE;
    case ORDER_FINISHED: return STANDING_FINISHED;
    case ORDER_CLOSED: break;
    }
    return STANDING_CLOSED;
}

/* ---- values ------------------------------------------------------------------------------------------------- */

struct str tell_fill(const struct tell *t, const char *key, const struct text_value *values, size_t n)
{
    return texts_fill(t->view.arena, texts_get(t->view.language, key), values, n);
}

/** "Ridge jacket", "Ridge jacket and 3 items in all". */
struct str tell_items(const struct tell *t, const struct order *o)
{
    if (o->item_count == 0)
        return o->id;
    struct str title = card_item_title(&o->items[0], t->g->catalog);
    if (o->item_count <= ITEMS_NAMED)
        return title;
    const struct text_value values[] = {{"title", title}, {"count", str_number(t->view.arena, (int64_t)o->item_count)}};
    return tell_fill(t, "bot.item.more", values, COUNT(values));
}

static struct str moment_or_none(const struct tell *t, int64_t at_ms)
{
    return at_ms > 0 ? moment_text(&t->view, at_ms) : STR_NONE;
}

static struct str place_text(const struct tell *t, const struct parcel_event *e)
{
    if (e == NULL || e->place.n == 0)
        return STR_NONE;
    const struct text_value values[] = {{"place", e->place}};
    return tell_fill(t, "bot.place", values, COUNT(values));
}

static struct str event_text(const struct tell *t, const struct parcel_event *e)
{
    if (e == NULL)
        return STR_NONE;
    return e->text.n > 0 ? e->text : card_event_text(e->kind, t->view.language);
}

/** What a sentence about an order may name. */
enum order_value {
    VALUE_ORDER, VALUE_ITEM, VALUE_ITEMS, VALUE_TOTAL, VALUE_PAID, VALUE_UNTIL, VALUE_SHIPPED, VALUE_WHEN,
    VALUE_PLACE, VALUE_EVENT, VALUE_IDLE, VALUE_CARRIER, VALUE_NUMBER, VALUE_PHONE, VALUE_COUNT,
};

static const char *const value_names[] = {
    [VALUE_ORDER] = "order",     [VALUE_ITEM] = "item",   [VALUE_ITEMS] = "items",     [VALUE_TOTAL] = "total",
    [VALUE_PAID] = "paid",       [VALUE_UNTIL] = "until", [VALUE_SHIPPED] = "shipped", [VALUE_WHEN] = "when",
    [VALUE_PLACE] = "place",     [VALUE_EVENT] = "event", [VALUE_IDLE] = "idle",       [VALUE_CARRIER] = "carrier",
    [VALUE_NUMBER] = "number",   [VALUE_PHONE] = "phone", [VALUE_COUNT] = "count",
};

static struct str value_text(const struct tell *t, const struct order_view *v, enum order_value value)
{
    const struct order *o = v->order;
    const struct parcel_event *e = v->last;
    const struct parcel *p = v->parcel;
    switch (value) {
    case VALUE_ORDER: return o->id;
    case VALUE_ITEM: return tell_items(t, o);
    case VALUE_ITEMS: return str_number(t->view.arena, (int64_t)o->item_count);
    case VALUE_TOTAL: return card_money(t->view.arena, order_total_cents(o), t->shop->currency);
    case VALUE_PAID: return moment_or_none(t, o->paid_ms);
    case VALUE_UNTIL:
        return o->paid_ms > 0 ? moment_until(&t->view, o->paid_ms + t->g->clocks.ship_promise_ms) : STR_NONE;
    case VALUE_SHIPPED: return moment_or_none(t, o->shipped_ms);
    case VALUE_WHEN: return moment_or_none(t, e != NULL ? e->at_ms : 0);
    case VALUE_PLACE: return place_text(t, e);
    case VALUE_EVENT: return event_text(t, e);
    case VALUE_IDLE: return moment_idle(&t->view, e != NULL ? t->view.now_ms - e->at_ms : 0);
    case VALUE_CARRIER: return p != NULL ? p->carrier : STR_NONE;
    case VALUE_NUMBER: return p != NULL ? p->tracking_no : STR_NONE;
    case VALUE_PHONE: return p != NULL ? p->carrier_phone : STR_NONE;
    case VALUE_COUNT: return str_number(t->view.arena, (int64_t)o->parcel_count);
    }
    return STR_NONE;
}

struct order_view order_view_of(const struct tell *t)
{
    const struct order *o = t->g->pick.order;
    struct order_view v = {.order = o};
    v.last = order_last_event(o, &v.parcel);
    if (v.last == NULL)
        v.parcel = o->parcel_count > 0 ? &o->parcels[0] : NULL;
    v.standing = standing_of(t, o, v.last);
    return v;
}

/** A date or an amount costs more than the rest of the sentence: only those are made that a wording of it names. */
void order_view_say(const struct tell *t, const struct order_view *v, const char *key)
{
    struct text_value values[COUNT(value_names)];
    size_t wanted, n = 0;
    const struct str *names = texts_names(t->view.language, key, &wanted);
    for (size_t i = 0; i < COUNT(value_names); i++)
        for (size_t k = 0; k < wanted; k++)
            if (str_eq_c(names[k], value_names[i]))
                values[n++] = (struct text_value){value_names[i], value_text(t, v, (enum order_value)i)};
    reply_say(t->reply, key, values, n);
}

void tell_parcel(const struct tell *t, const struct parcel *p)
{
    const struct parcel_event *e = p->event_count > 0 ? &p->events[p->event_count - 1] : NULL;
    const struct text_value values[] = {
        {"carrier", p->carrier},
        {"number", p->tracking_no},
        {"when", moment_or_none(t, e != NULL ? e->at_ms : 0)},
        {"place", place_text(t, e)},
        {"event", event_text(t, e)},
    };
    const char *key = e != NULL ? "bot.partial.line" : "bot.partial.line_bare";
    reply_line(t->reply, tell_fill(t, key, values, COUNT(values)));
}
