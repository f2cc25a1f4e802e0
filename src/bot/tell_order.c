/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders in words: one sentence by the order's status and trouble, then what the intent adds.
 *
 * How          lines[] names the sentence for each standing of an order, extras[] the function that adds to it for an
 *              intent. value_text() makes what they may name, and only what the sentence does name.
 * Invariants   A date is said only when it is stored: the promise comes from the shop's rule and the payment, never from
 *              a guess of ours; a carrier that gives no date gives none here either.
 */
#include "bot/tell.h"

#include <string.h>

#include "trade/card.h"

#define ITEMS_NAMED 1 /* titles of an order before "and n items in all" */

/** How an order stands: its status, refined by its parcels and its trouble. */
enum standing {
    STANDING_UNPAID,
    STANDING_PAID,
    STANDING_PAID_PROMISE,
    STANDING_PAID_LATE,
    STANDING_NO_EVENT,
    STANDING_NO_TRACE,
    STANDING_MOVING,
    STANDING_STALE,
    STANDING_EXCEPTION,
    STANDING_RETURNED,
    STANDING_DELIVERED,
    STANDING_DELIVERED_BARE,
    STANDING_FINISHED,
    STANDING_CLOSED,
};

static const char *const lines[] = {
    [STANDING_UNPAID] = "bot.order.unpaid",
    [STANDING_PAID] = "bot.order.paid",
    [STANDING_PAID_PROMISE] = "bot.order.paid_promise",
    [STANDING_PAID_LATE] = "bot.order.paid_late",
    [STANDING_NO_EVENT] = "bot.order.no_event",
    [STANDING_NO_TRACE] = "bot.order.no_trace",
    [STANDING_MOVING] = "bot.order.moving",
    [STANDING_STALE] = "bot.order.stale",
    [STANDING_EXCEPTION] = "bot.order.exception",
    [STANDING_RETURNED] = "bot.order.returned",
    [STANDING_DELIVERED] = "bot.order.delivered",
    [STANDING_DELIVERED_BARE] = "bot.order.delivered_bare",
    [STANDING_FINISHED] = "bot.order.finished",
    [STANDING_CLOSED] = "bot.order.closed",
};

/** An order with what is said of it. */
struct view {
    const struct order *order;
    const struct parcel_event *last; /* or NULL */
    const struct parcel *parcel;     /* of that event, else the first; or NULL */
    enum standing standing;
};

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

static struct str fill(const struct tell *t, const char *key, const struct text_value *values, size_t n)
{
    return texts_fill(t->view.arena, texts_get(t->view.language, key), values, n);
}

/** "Ridge jacket", "Ridge jacket and 3 items in all". */
static struct str items_text(const struct tell *t, const struct order *o)
{
    if (o->item_count == 0)
        return o->id;
    struct str title = card_item_title(&o->items[0], t->g->catalog);
    if (o->item_count <= ITEMS_NAMED)
        return title;
    const struct text_value values[] = {{"title", title}, {"count", str_number(t->view.arena, (int64_t)o->item_count)}};
    return fill(t, "bot.item.more", values, COUNT(values));
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
    return fill(t, "bot.place", values, COUNT(values));
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

static struct str value_text(const struct tell *t, const struct view *v, enum order_value value)
{
    const struct order *o = v->order;
    const struct parcel_event *e = v->last;
    const struct parcel *p = v->parcel;
    switch (value) {
    case VALUE_ORDER: return o->id;
    case VALUE_ITEM: return items_text(t, o);
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

static struct view view_of(const struct tell *t)
{
    const struct order *o = t->g->pick.order;
    struct view v = {.order = o};
    v.last = order_last_event(o, &v.parcel);
    if (v.last == NULL)
        v.parcel = o->parcel_count > 0 ? &o->parcels[0] : NULL;
    v.standing = standing_of(t, o, v.last);
    return v;
}

/** A date or an amount costs more than the rest of the sentence: only those are made that a wording of it names. */
static void say(const struct tell *t, const struct view *v, const char *key)
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

/* ---- what an intent adds ------------------------------------------------------------------------------------- */

static void add_phone(const struct tell *t, const struct view *v)
{
    bool trouble = v->standing == STANDING_STALE || v->standing == STANDING_EXCEPTION ||
                   v->standing == STANDING_NO_TRACE || v->standing == STANDING_RETURNED;
    bool asked = strcmp(t->meaning->intent->id, "ship_stuck") == 0 || strncmp(t->meaning->intent->id, "ship_l", 6) == 0 ||
                 strcmp(t->meaning->intent->id, "ship_wrong_place") == 0 ||
                 strcmp(t->meaning->intent->id, "ship_signed_not_received") == 0;
    if ((trouble || asked) && v->parcel != NULL && v->parcel->carrier_phone.n > 0)
        say(t, v, "bot.carrier_phone");
}

static void add_status(const struct tell *t, const struct view *v)
{
    if (v->standing == STANDING_STALE || v->standing == STANDING_EXCEPTION || v->standing == STANDING_RETURNED ||
        v->standing == STANDING_PAID_LATE)
        say(t, v, "bot.status.trouble");
}

static void add_eta(const struct tell *t, const struct view *v)
{
    if (v->last != NULL && v->last->kind == PARCEL_OUT_FOR_DELIVERY)
        say(t, v, "bot.eta.out");
    else if (v->order->status == ORDER_SHIPPED && v->standing != STANDING_DELIVERED)
        say(t, v, "bot.eta");
    else if (v->order->status == ORDER_PAID || v->order->status == ORDER_UNPAID)
        say(t, v, "bot.eta.unshipped");
}

static void add_urge(const struct tell *t, const struct view *v)
{
    if (v->order->status == ORDER_PAID)
        say(t, v, "bot.urge.done");
    else if (v->order->status == ORDER_UNPAID)
        say(t, v, "bot.urge.unpaid");
    else if (v->order->status == ORDER_SHIPPED)
        say(t, v, "bot.urge.shipped");
}

static void add_carrier(const struct tell *t, const struct view *v)
{
    if (v->parcel != NULL && v->parcel->carrier.n > 0)
        say(t, v, "bot.carrier");
}

static void add_closed(const struct tell *t, const struct view *v)
{
    if (v->order->status != ORDER_CLOSED)
        say(t, v, "bot.closed.not");
    else
        say(t, v, v->order->paid_ms > 0 ? "bot.closed.paid" : "bot.closed.unpaid");
}

static void add_not_received(const struct tell *t, const struct view *v)
{
    say(t, v, "bot.not_received");
}

static void add_lost(const struct tell *t, const struct view *v)
{
    say(t, v, "bot.lost");
}

/** Only "why?" asks for more than the carrier says; who says that nothing moves is told where it stands. */
static void add_stuck(const struct tell *t, const struct view *v)
{
    if (t->meaning->by == BY_FOLLOW)
        say(t, v, v->last != NULL ? "bot.stuck" : "bot.stuck.bare");
}

static void add_wrong_place(const struct tell *t, const struct view *v)
{
    say(t, v, "bot.wrong_place");
}

static void say_parcel(const struct tell *t, const struct parcel *p)
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
    reply_line(t->reply, fill(t, key, values, COUNT(values)));
}

static void say_parcels(const struct tell *t, const struct view *v)
{
    size_t n = v->order->parcel_count;
    say(t, v, n == 0 ? "bot.partial.none" : n == 1 ? "bot.partial.one" : "bot.partial.many");
    for (size_t i = 0; i < n; i++)
        say_parcel(t, &v->order->parcels[i]);
}

static void add_parcels(const struct tell *t, const struct view *v)
{
    say_parcels(t, v);
    reply_line(t->reply, texts_wording(t->view.language, "bot.partial.person", (uint64_t)t->reply->state->turns));
}

static const struct extra {
    const char *intent;
    void (*add)(const struct tell *t, const struct view *v);
    bool instead; /* it is the whole answer: no sentence on the standing before it */
} extras[] = {
    {"order_status", add_status, false},
    {"ship_track", add_status, false},
    {"ship_eta", add_eta, false},
    {"ship_urge", add_urge, false},
    {"ship_carrier", add_carrier, false},
    {"ship_signed_not_received", add_not_received, false},
    {"ship_lost", add_lost, false},
    {"ship_stuck", add_stuck, false},
    {"ship_wrong_place", add_wrong_place, false},
    {"ship_partial", add_parcels, true},
    {"order_closed_why", add_closed, false},
};

static const struct extra *extra_of(const char *intent)
{
    for (size_t i = 0; i < COUNT(extras); i++)
        if (strcmp(intent, extras[i].intent) == 0)
            return &extras[i];
    return NULL;
}

/* ---- cards and lists ------------------------------------------------------------------------------------------ */

static struct str label_of(const struct tell *t, const struct order *o)
{
    const struct text_value values[] = {
        {"order", o->id}, /* who types the label instead of pressing it is understood by its number */
        {"item", items_text(t, o)},
        {"status", card_status_text(o->status, t->view.language)},
        {"date", moment_date(&t->view, o->created_ms)},
    };
    return fill(t, "bot.order.label", values, COUNT(values));
}

static void remember_order(const struct tell *t, const struct order *o)
{
    t->after->order = o->id;
    if (o->item_count == 1 && o->items[0].product.n > 0)
        t->after->product = o->items[0].product;
}

static void say_standing(const struct tell *t, const struct view *v)
{
    say(t, v, lines[v->standing]);
    if (v->standing != STANDING_PAID_PROMISE && v->standing != STANDING_PAID_LATE)
        return;
    if (str_has(t->shop->settings, STR("\"ship_promise\""))) /* the shop's own promise comes before the platform's */
        reply_source(t->reply, "shop", t->shop->shop_id);
    else
        reply_source(t->reply, "policy", STR("ship.promise_default"));
}

void tell_order_line(const struct tell *t)
{
    struct view v = view_of(t);
    say_standing(t, &v);
}

static void show_card(const struct tell *t, const struct order *o)
{
    if (!str_eq(o->id, t->sent))
        reply_card(t->reply, MESSAGE_ORDER_CARD, label_of(t, o),
                   card_order_data(t->view.arena, o, t->g->catalog, t->view.language));
}

void tell_order(const struct tell *t)
{
    struct view v = view_of(t);
    const struct extra *extra = extra_of(t->meaning->intent->id);
    reply_source(t->reply, "order", v.order->id);
    if (extra == NULL || !extra->instead)
        say_standing(t, &v);
    if (extra == NULL || extra->add != add_parcels)
        add_phone(t, &v);
    if (extra != NULL)
        extra->add(t, &v);
    show_card(t, v.order);
    remember_order(t, v.order);
}

void tell_standing(const struct tell *t)
{
    reply_source(t->reply, "order", t->g->pick.order->id);
    tell_order_line(t);
    show_card(t, t->g->pick.order);
    remember_order(t, t->g->pick.order);
}

void tell_parcels(const struct tell *t)
{
    struct view v = view_of(t);
    reply_source(t->reply, "order", v.order->id);
    say_parcels(t, &v);
    remember_order(t, v.order);
}

static void offer_orders(const struct tell *t, const struct order *const *choices, size_t n)
{
    state_list(t->after, LIST_ORDERS);
    for (size_t i = 0; i < n && state_option(t->after, choices[i]->id); i++) {
        reply_choice(t->reply, (struct choice){.label = label_of(t, choices[i]), .order_id = choices[i]->id});
        reply_source(t->reply, "order", choices[i]->id);
    }
}

void tell_order_list(const struct tell *t)
{
    bool none_fits = t->g->pick.reason == PICK_NO_FIT;
    reply_ask(t->reply, none_fits ? "bot.ask_order.nofit" : "bot.ask_order");
    offer_orders(t, t->g->pick.choices, t->g->pick.choice_count);
}

void tell_missing(const struct tell *t)
{
    const struct order *newest[STATE_OPTIONS];
    size_t n = MIN(t->g->order_count, (size_t)STATE_OPTIONS);
    for (size_t i = 0; i < n; i++)
        newest[i] = &t->g->orders[i];
    if (n == 0) {
        SAY(t->reply, "bot.missing.none", {"order", STR_NONE});
        return;
    }
    reply_ask(t->reply, "bot.missing");
    offer_orders(t, newest, n);
    t->after->ask = ASK_ORDER;
    t->after->ask_intent = STR("order_status");
}
