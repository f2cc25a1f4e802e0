/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of care.
 *
 * How          A function a kind of care says its sentences; the card of the order and the buttons are the same for all.
 * Invariants   1. A date or an amount is said only when it is stored or follows from a rule that is named as a source.
 *              2. Name and phone are masked, as on every screen.
 */
#include "bot/care_say.h"

#include "bot/moment.h"
#include "bot/reply.h"
#include "trade/card.h"
#include "trade/case_card.h"

/** Being said. */
struct saying {
    struct arena *a;
    const struct care_words *w;
    struct reply reply;
    struct moment_view view;
    struct str title, until;
};

static struct str money(const struct saying *s, int64_t cents)
{
    return card_money(s->a, cents, s->w->shop->currency);
}

static struct str title_of(const struct care_words *w)
{
    return w->order->item_count > 0 ? card_item_title(&w->order->items[0], w->catalog) : STR_NONE;
}

static void say_rule(struct saying *s)
{
    if (s->w->closes_by.n > 0)
        reply_source(&s->reply, "policy", s->w->closes_by);
}

static void say_payment(struct saying *s)
{
    SAY(&s->reply, "care.payment", {"shop", s->w->shop->name}, {"order", s->w->order->id}, {"title", s->title},
        {"amount", money(s, order_total_cents(s->w->order))}, {"until", s->until});
}

static void say_address(struct saying *s)
{
    struct address shown = address_masked(s->a, &s->w->order->address);
    SAY(&s->reply, "care.address", {"order", s->w->order->id}, {"name", shown.name}, {"phone", shown.phone},
        {"region", shown.region});
}

static void say_late_soon(struct saying *s)
{
    const struct care_words *w = s->w;
    SAY(&s->reply, "care.late_soon", {"order", w->order->id}, {"title", s->title}, {"until", s->until});
    if (w->compensation_cents == 0)
        return;
    SAY(&s->reply, "care.late_soon.pay", {"compensation", money(s, w->compensation_cents)});
    reply_source(&s->reply, "policy", STR("ship.late.rate"));
}

static void say_late(struct saying *s)
{
    const struct care_words *w = s->w;
    SAY(&s->reply, "care.late", {"order", w->order->id}, {"title", s->title}, {"until", s->until});
    if (w->compensation_cents > 0) {
        SAY(&s->reply, "care.late.pay", {"compensation", money(s, w->compensation_cents)});
        reply_source(&s->reply, "policy", STR("ship.late.rate"));
    }
    SAY(&s->reply, "care.late.next", {"order", w->order->id});
}

static void say_parcel(struct saying *s)
{
    const struct parcel *p = NULL;
    const struct parcel_event *e = order_last_event(s->w->order, &p);
    bool returned = e != NULL && e->kind == PARCEL_RETURNED;
    struct str text = e == NULL ? STR_NONE : e->text.n > 0 ? e->text : card_event_text(e->kind, s->w->language);
    if (e == NULL)
        return;
    SAY(&s->reply, returned ? "care.parcel.returned" : "care.parcel", {"order", s->w->order->id}, {"carrier", p->carrier},
        {"number", p->tracking_no}, {"at", moment_text(&s->view, e->at_ms)}, {"event", text});
    if (p->carrier_phone.n > 0)
        SAY(&s->reply, "care.parcel.next", {"phone", p->carrier_phone});
}

static void say_stale(struct saying *s)
{
    const struct parcel *p = NULL;
    const struct parcel_event *e = order_last_event(s->w->order, &p);
    int64_t since = e != NULL ? e->at_ms : s->w->order->shipped_ms;
    struct str idle = moment_idle(&s->view, s->w->now_ms - since);
    if (e == NULL) {
        SAY(&s->reply, "care.stale.no_trace", {"order", s->w->order->id}, {"idle", idle});
        return;
    }
    SAY(&s->reply, "care.stale", {"order", s->w->order->id}, {"carrier", p->carrier}, {"number", p->tracking_no},
        {"idle", idle});
    if (p->carrier_phone.n > 0)
        SAY(&s->reply, "care.parcel.next", {"phone", p->carrier_phone});
}

static void say_signed(struct saying *s)
{
    SAY(&s->reply, "care.signed", {"order", s->w->order->id}, {"title", s->title});
}

static void say_return(struct saying *s)
{
    if (s->w->returned == NULL)
        return;
    SAY(&s->reply, "care.return", {"order", s->w->order->id}, {"type", case_type_text(s->w->returned->type, s->w->language)},
        {"until", s->until});
}

static void (*const sayings[ORDER_CLOCKS])(struct saying *s) = {
    [ORDER_CLOCK_CARE_PAYMENT] = say_payment,     [ORDER_CLOCK_CARE_ADDRESS] = say_address,
    [ORDER_CLOCK_CARE_LATE_SOON] = say_late_soon, [ORDER_CLOCK_CARE_LATE] = say_late,
    [ORDER_CLOCK_CARE_PARCEL] = say_parcel,       [ORDER_CLOCK_CARE_STALE] = say_stale,
    [ORDER_CLOCK_CARE_SIGNED] = say_signed,       [ORDER_CLOCK_CARE_RETURN] = say_return,
};

static void add_button(struct saying *s, const char *intent)
{
    struct str label = texts_get(s->w->language, str_c(s->a, str_fmt(s->a, "care.button.%s", intent)));
    bool of_order = !str_eq_c(str_from(intent), "stop_reminders");
    reply_choice(&s->reply, (struct choice){.label = label, .intent = str_from(intent),
                                            .order_id = of_order ? s->w->order->id : STR_NONE});
}

static void say_card(struct saying *s)
{
    struct text_value values[] = {{"order", s->w->order->id}};
    struct str text = texts_fill(s->a, texts_get(s->w->language, "care.card"), values, COUNT(values));
    reply_card(&s->reply, MESSAGE_ORDER_CARD, text, card_order_data(s->a, s->w->order, s->w->catalog, s->w->language));
}

void care_say(struct arena *a, const struct care_words *w, struct turn *ret)
{
    const struct bot_state nothing = {0};
    struct saying s = {.a = a, .w = w, .title = title_of(w),
                       .view = {.arena = a, .language = w->language, .zone = w->shop->time_zone, .now_ms = w->now_ms}};
    s.until = w->until_ms != 0 ? moment_text(&s.view, w->until_ms) : STR_NONE;
    reply_start(&s.reply, a, w->language, &nothing, ret);
    reply_source(&s.reply, "order", w->order->id);
    say_rule(&s);
    sayings[w->care->clock](&s);
    reply_end_text(&s.reply);
    say_card(&s);
    for (size_t i = 0; i < CARE_BUTTONS && w->care->buttons[i] != NULL; i++)
        add_button(&s, w->care->buttons[i]);
    add_button(&s, "stop_reminders");
    reply_ask(&s.reply, "care.ask");
    reply_finish(&s.reply);
}
