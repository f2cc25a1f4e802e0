/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases as JSON.
 *
 * The card's steps are the way that a case of its type usually goes; where it stands on it follows from the state alone, and
 * when it got there from the history. A case that was closed or rejected ends where it was.
 */
#include "trade/case_card.h"

#include "base/texts.h"
#include "base/time.h"
#include "trade/card.h"

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

/* ---- the card in a conversation ---- */

enum step {
    STEP_END, /* of a way */
    STEP_APPLIED,
    STEP_SELLER,
    STEP_SEND_BACK,
    STEP_RECEIVE,
    STEP_REPAIR,
    STEP_RESEND,
    STEP_SHIP,
    STEP_CONFIRM,
    STEP_CALCULATE,
    STEP_INSURER,
    STEP_REVIEW,
    STEP_REPLY,
    STEP_SETTLE,
    STEP_PAY,
};
#define STEPS_MOST 8

static const char *const step_names[] = {
    [STEP_APPLIED] = "applied",     [STEP_SELLER] = "seller",   [STEP_SEND_BACK] = "send_back",
    [STEP_RECEIVE] = "receive",     [STEP_REPAIR] = "repair",   [STEP_RESEND] = "resend",
    [STEP_SHIP] = "ship",           [STEP_CONFIRM] = "confirm", [STEP_CALCULATE] = "calculate",
    [STEP_INSURER] = "insurer",     [STEP_REVIEW] = "review",   [STEP_REPLY] = "reply",
    [STEP_SETTLE] = "settle",       [STEP_PAY] = "pay",
};

static const enum step ways[CASE_TYPES][STEPS_MOST] = {
    [CASE_REFUND_ONLY] = {STEP_APPLIED, STEP_SELLER, STEP_PAY},
    [CASE_RETURN_REFUND] = {STEP_APPLIED, STEP_SELLER, STEP_SEND_BACK, STEP_RECEIVE, STEP_PAY},
    [CASE_EXCHANGE] = {STEP_APPLIED, STEP_SELLER, STEP_SEND_BACK, STEP_RECEIVE, STEP_RESEND, STEP_CONFIRM},
    [CASE_REPAIR] = {STEP_APPLIED, STEP_SELLER, STEP_SEND_BACK, STEP_RECEIVE, STEP_REPAIR, STEP_CONFIRM},
    [CASE_RESEND] = {STEP_APPLIED, STEP_SHIP, STEP_CONFIRM},
    [CASE_PRICE_PROTECT] = {STEP_APPLIED, STEP_CALCULATE, STEP_PAY},
    [CASE_FREIGHT_INSURANCE] = {STEP_APPLIED, STEP_INSURER, STEP_PAY},
    [CASE_LATE_COMPENSATION] = {STEP_APPLIED, STEP_REVIEW, STEP_PAY},
    [CASE_COMPLAINT] = {STEP_APPLIED, STEP_REPLY, STEP_SETTLE},
};

/* What a state works at. STEP_END: it says nothing of the way (closed, rejected), or all of it is behind (success). */
static const enum step step_of[CASE_STATES] = {
    [CASE_WAIT_SELLER_UNSHIPPED] = STEP_SELLER, [CASE_WAIT_SELLER_SHIPPED] = STEP_SELLER,
    [CASE_WAIT_SELLER_RECEIVED] = STEP_SELLER,  [CASE_WAIT_SELLER_RETURN] = STEP_SELLER,
    [CASE_WAIT_RETURN] = STEP_SEND_BACK,        [CASE_RETURNING] = STEP_RECEIVE,
    [CASE_RETURN_SIGNED] = STEP_RECEIVE,        [CASE_REFUSED] = STEP_SELLER,
    [CASE_REFUSED_RETURNED] = STEP_RECEIVE,     [CASE_EX_WAIT_SELLER] = STEP_SELLER,
    [CASE_EX_WAIT_BUYER] = STEP_SEND_BACK,      [CASE_EX_WAIT_RECEIPT] = STEP_RECEIVE,
    [CASE_EX_WAIT_RESEND] = STEP_RESEND,        [CASE_EX_WAIT_CONFIRM] = STEP_CONFIRM,
    [CASE_RP_WAIT_SELLER] = STEP_SELLER,        [CASE_RP_WAIT_BUYER] = STEP_SEND_BACK,
    [CASE_RP_WAIT_RECEIPT] = STEP_RECEIVE,      [CASE_RP_REPAIRING] = STEP_REPAIR,
    [CASE_RP_SENT_BACK] = STEP_CONFIRM,         [CASE_RS_WAIT_SELLER] = STEP_SHIP,
    [CASE_RS_SHIPPED] = STEP_CONFIRM,           [CASE_PP_APPLIED] = STEP_CALCULATE,
    [CASE_FI_AUDIT] = STEP_INSURER,             [CASE_FI_CHASED] = STEP_INSURER,
    [CASE_LC_DUE] = STEP_REVIEW,                [CASE_LC_OBJECTED] = STEP_REVIEW,
    [CASE_CP_WAIT_TARGET] = STEP_REPLY,         [CASE_CP_WAIT_COMPLAINANT] = STEP_SETTLE,
    [CASE_CP_PLATFORM] = STEP_SETTLE,           [CASE_CP_OVERDUE] = STEP_SETTLE,
    [CASE_CP_DECIDED] = STEP_SETTLE,            [CASE_PAYING] = STEP_PAY,
    [CASE_PAY_REVIEW] = STEP_PAY,
};

/** The way of one case: its steps, how many are behind it, and when each was done. */
struct way {
    enum step steps[STEPS_MOST];
    int64_t at_ms[STEPS_MOST];
    size_t n, done;
};

static bool way_has(const struct way *w, enum step s)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->steps[i] == s)
            return true;
    return false;
}

/* Money instead of goods: what would have been sent is left out, and paid for. */
static void way_pays(struct way *w)
{
    size_t n = 0;
    while (n < w->n && w->steps[n] != STEP_REPAIR && w->steps[n] != STEP_RESEND && w->steps[n] != STEP_SHIP &&
           w->steps[n] != STEP_CONFIRM)
        n++;
    w->n = n;
    w->steps[w->n++] = STEP_PAY;
}

/* How many steps are behind a case in @p state; @p before when the state does not say. */
static size_t steps_done(const struct way *w, enum case_state state, size_t before)
{
    if (state == CASE_SUCCESS)
        return w->n;
    for (size_t i = 0; i < w->n; i++)
        if (w->steps[i] == step_of[state])
            return i;
    return state == CASE_REFUSED ? 1 : before; /* a machine without a step of its own for the seller's answer */
}

static void way_goes_to(struct way *w, size_t done, int64_t at_ms)
{
    for (size_t i = 0; i < w->n; i++) {
        if (i >= done)
            w->at_ms[i] = 0; /* opened again, or changed: it begins anew */
        else if (w->at_ms[i] == 0)
            w->at_ms[i] = at_ms;
    }
    w->done = done;
}

static struct way way_of(const struct trade_case *c, const struct case_event_stored *events, size_t n)
{
    struct way w = {.done = 1};
    while (w.n < STEPS_MOST && ways[c->type][w.n] != STEP_END) {
        w.steps[w.n] = ways[c->type][w.n];
        w.n++;
    }
    bool pays = step_of[c->state] == STEP_PAY || (c->refunded_cents > 0 && c->state == CASE_SUCCESS);
    if (pays && !way_has(&w, STEP_PAY) && c->type != CASE_COMPLAINT)
        way_pays(&w);
    w.at_ms[0] = c->opened_ms;
    for (size_t i = 0; i < n; i++) {
        enum case_state state;
        if (case_state_from_name(events[i].to, &state))
            way_goes_to(&w, steps_done(&w, state, w.done), events[i].at_ms);
    }
    w.done = steps_done(&w, c->state, w.done);
    return w;
}

static struct str text_of(struct arena *a, const char *prefix, const char *name, struct str language)
{
    return texts_get(language, str_c(a, str_fmt(a, "%s%s", prefix, name)));
}

struct str case_type_text(enum case_type t, struct str language)
{
    _cleanup_(arena_done) struct arena a = {0};
    return text_of(&a, "case.type.", case_type_name(t), language);
}

/* Of the texts of a state: a pause hides it. */
static const char *standing(const struct trade_case *c)
{
    switch (c->pause) {
    case CASE_AWAITS_EVIDENCE: return "paused_evidence";
    case CASE_AWAITS_RULING: return "paused_intervention";
    case CASE_RUNNING: break;
    }
    return case_state_name(c->state);
}

struct str case_state_text(const struct trade_case *c, struct str language)
{
    _cleanup_(arena_done) struct arena a = {0};
    return text_of(&a, "case.state.", standing(c), language);
}

struct str case_time_text(struct arena *a, int64_t at_ms, const struct case_view *v)
{
    struct local_time t = time_local(at_ms, v->zone);
    bool same_year = t.year == time_local(v->now_ms, v->zone).year;
    const struct text_value values[] = {
        {"year", str_fmt(a, "%d", t.year)},
        {"month", texts_get(v->language, str_c(a, str_fmt(a, "case.month.%d", t.month)))},
        {"day", str_fmt(a, "%d", t.day)},
        {"clock", str_fmt(a, "%02d:%02d", t.hour, t.minute)},
    };
    return texts_fill(a, texts_get(v->language, same_year ? "case.time" : "case.time_year"), values, COUNT(values));
}

struct str case_due_text(struct arena *a, const struct trade_case *c, const struct case_view *v)
{
    if (c->due_ms == 0)
        return STR_NONE;
    const struct text_value time = {"time", case_time_text(a, c->due_ms, v)};
    return texts_fill(a, text_of(a, "case.due.", standing(c), v->language), &time, 1);
}

/* What is paid, on its way, or asked for; of goods for goods nothing is, unless it ends with a refund. */
static int64_t amount_of(const struct trade_case *c)
{
    bool goods = c->type == CASE_EXCHANGE || c->type == CASE_REPAIR || c->type == CASE_RESEND;
    if (c->refunded_cents > 0)
        return c->refunded_cents;
    if (c->reserved_cents > 0)
        return c->reserved_cents;
    return goods ? 0 : c->claimed_cents;
}

static void write_step(struct json_out *o, struct str text, bool done, bool now, int64_t at_ms)
{
    jo_open(o);
    jo_kt(o, "text", text);
    jo_kb(o, "done", done);
    jo_kb(o, "now", now);
    jo_kat(o, "at", at_ms);
    jo_close(o);
}

static void write_steps(struct json_out *o, struct arena *a, const struct trade_case *c, const struct way *w,
                        struct str language)
{
    bool cut_short = c->state == CASE_CLOSED || c->state == CASE_REJECTED;
    jo_key(o, "steps");
    jo_array(o);
    for (size_t i = 0; i < (cut_short ? w->done : w->n); i++)
        write_step(o, text_of(a, "case.step.", step_names[w->steps[i]], language), i < w->done,
                   i == w->done && !case_state_final(c->state), w->at_ms[i]);
    if (cut_short)
        write_step(o, case_state_text(c, language), true, false, c->closed_ms);
    jo_array_end(o);
}

static struct str case_data(struct arena *a, const struct case_row_stored *row, const struct way *w,
                            const struct case_view *v)
{
    const struct trade_case *c = &row->c;
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_key(&o, "case");
    jo_open(&o);
    jo_kid(&o, "case_id", row->id);
    jo_kt(&o, "order_id", row->order_id);
    jo_kc(&o, "type", case_type_name(c->type));
    jo_kt(&o, "type_text", case_type_text(c->type, v->language));
    jo_kc(&o, "state", case_state_name(c->state));
    jo_kt(&o, "state_text", case_state_text(c, v->language));
    jo_kn(&o, "amount_cents", amount_of(c));
    jo_kt(&o, "currency", v->currency);
    jo_kat(&o, "due_at", c->due_ms);
    jo_kt(&o, "due_text", case_due_text(a, c, v));
    write_steps(&o, a, c, w, v->language);
    jo_close(&o);
    return buf_view(&b);
}

struct message case_card_message(struct arena *a, const struct case_row_stored *row, const struct case_event_stored *events,
                                 size_t n, const struct case_view *v)
{
    struct way w = way_of(&row->c, events, n);
    int64_t cents = amount_of(&row->c);
    const struct text_value values[] = {
        {"type", case_type_text(row->c.type, v->language)},
        {"amount", card_money(a, cents, v->currency)},
        {"state", case_state_text(&row->c, v->language)},
        {"due", case_due_text(a, &row->c, v)},
    };
    struct str line = texts_get(v->language, cents > 0 ? "case.line" : "case.line_plain");
    return (struct message){.kind = MESSAGE_CASE_CARD,
                            .text = str_trim(texts_fill(a, line, values, COUNT(values))),
                            .data = case_data(a, row, &w, v)};
}
