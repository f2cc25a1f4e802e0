/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders in words: one sentence by the order's standing (order_view.h), then what the intent adds.
 *
 * How          lines[] names the sentence for each standing of an order, extras[] the function that adds to it for an
 *              intent.
 */
#include "bot/order_view.h"

#include <string.h>

#include "trade/card.h"

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

/* ---- what an intent adds ------------------------------------------------------------------------------------- */

static void add_phone(const struct tell *t, const struct order_view *v)
{
    bool trouble = v->standing == STANDING_STALE || v->standing == STANDING_EXCEPTION ||
                   v->standing == STANDING_NO_TRACE || v->standing == STANDING_RETURNED;
    bool asked = strcmp(t->meaning->intent->id, "ship_stuck") == 0 || strncmp(t->meaning->intent->id, "ship_l", 6) == 0 ||
                 strcmp(t->meaning->intent->id, "ship_wrong_place") == 0 ||
                 strcmp(t->meaning->intent->id, "ship_signed_not_received") == 0;
    if ((trouble || asked) && v->parcel != NULL && v->parcel->carrier_phone.n > 0)
        order_view_say(t, v, "bot.carrier_phone");
}

static void add_status(const struct tell *t, const struct order_view *v)
{
    if (v->standing == STANDING_STALE || v->standing == STANDING_EXCEPTION || v->standing == STANDING_RETURNED ||
        v->standing == STANDING_PAID_LATE)
        order_view_say(t, v, "bot.status.trouble");
}

static void add_eta(const struct tell *t, const struct order_view *v)
{
    if (v->last != NULL && v->last->kind == PARCEL_OUT_FOR_DELIVERY)
        order_view_say(t, v, "bot.eta.out");
    else if (v->order->status == ORDER_SHIPPED && v->standing != STANDING_DELIVERED)
        order_view_say(t, v, "bot.eta");
    else if (v->order->status == ORDER_PAID || v->order->status == ORDER_UNPAID)
        order_view_say(t, v, "bot.eta.unshipped");
}

static void add_urge(const struct tell *t, const struct order_view *v)
{
    if (v->order->status == ORDER_PAID)
        order_view_say(t, v, "bot.urge.done");
    else if (v->order->status == ORDER_UNPAID)
        order_view_say(t, v, "bot.urge.unpaid");
    else if (v->order->status == ORDER_SHIPPED)
        order_view_say(t, v, "bot.urge.shipped");
}

static void add_carrier(const struct tell *t, const struct order_view *v)
{
    if (v->parcel != NULL && v->parcel->carrier.n > 0)
        order_view_say(t, v, "bot.carrier");
}

static void add_closed(const struct tell *t, const struct order_view *v)
{
    if (v->order->status != ORDER_CLOSED)
        order_view_say(t, v, "bot.closed.not");
    else
        order_view_say(t, v, v->order->paid_ms > 0 ? "bot.closed.paid" : "bot.closed.unpaid");
}

static void add_not_received(const struct tell *t, const struct order_view *v)
{
    order_view_say(t, v, "bot.not_received");
}

static void add_lost(const struct tell *t, const struct order_view *v)
{
    order_view_say(t, v, "bot.lost");
}

/** Only "why?" asks for more than the carrier says; who says that nothing moves is told where it stands. */
static void add_stuck(const struct tell *t, const struct order_view *v)
{
    if (t->meaning->by == BY_FOLLOW)
        order_view_say(t, v, v->last != NULL ? "bot.stuck" : "bot.stuck.bare");
}

static void add_wrong_place(const struct tell *t, const struct order_view *v)
{
    order_view_say(t, v, "bot.wrong_place");
}

static void say_parcels(const struct tell *t, const struct order_view *v)
{
    size_t n = v->order->parcel_count;
    order_view_say(t, v, n == 0 ? "bot.partial.none" : n == 1 ? "bot.partial.one" : "bot.partial.many");
    for (size_t i = 0; i < n; i++)
        tell_parcel(t, &v->order->parcels[i]);
}

static void add_parcels(const struct tell *t, const struct order_view *v)
{
    say_parcels(t, v);
    reply_line(t->reply, texts_wording(t->view.language, "bot.partial.person", (uint64_t)t->reply->state->turns));
}

static const struct extra {
    const char *intent;
    void (*add)(const struct tell *t, const struct order_view *v);
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
        {"item", tell_items(t, o)},
        {"status", card_status_text(o->status, t->view.language)},
        {"date", moment_date(&t->view, o->created_ms)},
    };
    return tell_fill(t, "bot.order.label", values, COUNT(values));
}

static void remember_order(const struct tell *t, const struct order *o)
{
    t->after->order = o->id;
    if (o->item_count == 1 && o->items[0].product.n > 0)
        t->after->product = o->items[0].product;
}

static void say_standing(const struct tell *t, const struct order_view *v)
{
    order_view_say(t, v, lines[v->standing]);
    if (v->standing != STANDING_PAID_PROMISE && v->standing != STANDING_PAID_LATE)
        return;
    if (str_has(t->shop->settings, STR("\"ship_promise\""))) /* the shop's own promise comes before the platform's */
        reply_source(t->reply, "shop", t->shop->shop_id);
    else
        reply_source(t->reply, "policy", STR("ship.promise_default"));
}

void tell_order_line(const struct tell *t)
{
    struct order_view v = order_view_of(t);
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
    struct order_view v = order_view_of(t);
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
    struct order_view v = order_view_of(t);
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
