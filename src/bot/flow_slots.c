/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slots: one small reader a kind of value; a table says which need each of them serves.
 *
 * Invariants   1. Only what a step of the plan needs is taken, so a phone number in a complaint changes no order.
 *              2. Nothing is cut in the middle of a character; what is too long is cut.
 */
#include "bot/flow_slots.h"

#include <string.h>

#include "base/json_doc.h"
#include "base/limit.h"
#include "bot/flow_hear.h"
#include "bot/words.h"

#define TAX_LEAST      15 /* characters of a company's tax number */
#define TAX_MOST       20
#define WAYBILL_LEAST  8
#define AMOUNT_DIGITS  11
#define PHONE_LEAST    7
#define PHONE_MOST     16

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/** The new part where the text has one, else what was known. */
static void put(struct arena *a, struct str *to, struct str part, bool *changed)
{
    struct str clipped = str_clip(str_trim(part), FLOW_VALUE_MOST);
    if (clipped.n == 0 || str_eq(clipped, *to))
        return;
    *to = str_dup(a, clipped);
    *changed = true;
}

static bool take_address(const struct flow_told *told, struct flow_secret *s)
{
    struct flow_secret parts = {.filled_in = false};
    bool changed = false;
    size_t n = told->heard != NULL ? flow_address(told->heard->entities, told->heard->entity_count, &parts) : 0;
    struct arena *a = told->arena;
    struct str receiver = flow_receiver(a, told->language, told->text);
    parts.name = receiver.n > 0 ? receiver : parts.name;
    if (n > 0 && parts.region.n > 0 && parts.detail.n == 0)
        parts.detail = STR_NONE; /* a new place: its street is still to come */
    if (parts.region.n > 0 && s->region.n > 0 && !str_eq(parts.region, s->region) && parts.detail.n == 0)
        s->detail = STR_NONE;
    put(a, &s->name, parts.name, &changed);
    put(a, &s->phone, parts.phone, &changed);
    put(a, &s->region, parts.region, &changed);
    put(a, &s->detail, parts.detail, &changed);
    if (parts.detail.n == 0 && parts.region.n == 0 && s->detail.n > 0)
        put(a, &s->detail, flow_amend(a, told->language, s->detail, told->text), &changed);
    if (changed)
        s->filled_in = false;
    return changed;
}

/** The digits of a text that is hardly more than a number, or empty. */
static struct str digits_in(struct arena *a, struct str text)
{
    struct buf b = {.arena = a};
    size_t other = 0;
    for (size_t i = 0; i < text.n; i++)
        if (is_digit(text.p[i]) || (text.p[i] == '+' && b.n == 0))
            buf_char(&b, text.p[i]);
        else if (text.p[i] != ' ' && text.p[i] != '-' && text.p[i] != '(' && text.p[i] != ')' && text.p[i] != '.')
            other++;
    return b.n >= PHONE_LEAST && b.n <= PHONE_MOST && other <= b.n ? buf_view(&b) : STR_NONE;
}

static bool take_phone(const struct flow_told *told, struct flow_secret *s, bool waits)
{
    struct flow_secret parts = {.filled_in = false};
    bool changed = false;
    if (told->heard != NULL)
        (void)flow_address(told->heard->entities, told->heard->entity_count, &parts);
    if (parts.phone.n == 0 && waits) /* no form of number that is known, but nothing else was asked for */
        parts.phone = digits_in(told->arena, told->text);
    put(told->arena, &s->phone, parts.phone, &changed);
    if (changed)
        s->filled_in = false;
    return changed;
}

/** A form that the bot sent, filled in: its fields are called like the parts. */
static bool take_form(const struct flow_told *told, struct flow_secret *s)
{
    const struct json_node *form = json_doc_read(told->arena, told->form);
    struct arena *a = told->arena;
    bool changed = false;
    put(a, &s->name, json_doc_str(form, "name"), &changed);
    put(a, &s->phone, json_doc_str(form, "phone"), &changed);
    put(a, &s->region, json_doc_str(form, "region"), &changed);
    put(a, &s->detail, json_doc_str(form, "detail"), &changed);
    put(a, &s->title, json_doc_str(form, "title"), &changed);
    put(a, &s->tax_id, json_doc_str(form, "tax_id"), &changed);
    s->filled_in = s->filled_in || changed;
    return changed;
}

/* ---- the readers --------------------------------------------------------------------------------------------------- */

struct taking {
    const struct flow_plan *plan;
    const struct flow_stage *stage; /* the need */
    bool waits;                     /* it is this one that was asked for */
    bool photo_asked;               /* words that come instead add to what happened */
    const struct flow_told *told;
    const struct flow_known *known;
    struct task *task;
    struct flow_secret *secret;
};

static bool set(struct taking *w, struct str *to, struct str value)
{
    if (value.n == 0 || str_eq(*to, value))
        return false;
    *to = str_dup(w->told->arena, value);
    return true;
}

static bool take_item(struct taking *w)
{
    const struct order *o = w->known->order;
    struct str chosen = w->waits ? w->told->chosen : STR_NONE;
    const struct order_item *item = o != NULL ? order_item_of(o, w->known->product_named) : NULL;
    for (size_t i = 0; o != NULL && i < o->item_count; i++)
        if (str_eq(o->items[i].sub_id, chosen))
            item = &o->items[i];
    return item != NULL && o->item_count > 1 && set(w, &w->task->item, item->sub_id);
}

static bool take_case(struct taking *w)
{
    int64_t id;
    if (!w->waits || !str_int(w->told->chosen, &id) || id == w->task->case_id)
        return false;
    w->task->case_id = id;
    return true;
}

static bool take_sku(struct taking *w)
{
    const struct flow_known *k = w->known;
    if (w->waits && w->told->chosen.n > 0)
        return set(w, &w->task->sku, w->told->chosen);
    if (k->product == NULL || k->item == NULL || w->told->text.n == 0)
        return false;
    const struct sku *sku = flow_sku(w->told->arena, k->product, k->item->sku, w->told->language, w->told->text);
    return sku != NULL && set(w, &w->task->sku, sku->id);
}

static bool take_choice(struct taking *w, struct str *to)
{
    return w->waits && w->told->chosen.n > 0 && set(w, to, w->told->chosen);
}

/** Chosen, or said with the wish itself: "I want to send it back, it does not fit". */
static bool take_reason(struct taking *w)
{
    const struct order *o = w->known->order;
    unsigned statuses = w->stage->when.statuses;
    bool counts = o == NULL || statuses == 0 || (statuses & ORDER_BIT(o->status)) != 0;
    struct str said = w->told->begins && counts && w->task->reason.n == 0
                          ? flow_reason_in(w->told->arena, w->told->language, w->told->text, &w->stage->of)
                          : STR_NONE;
    return take_choice(w, &w->task->reason) || set(w, &w->task->reason, said);
}

/** How many ids "12,13" has. */
static size_t files_in(struct str files)
{
    size_t n = files.n > 0;
    for (size_t i = 0; i < files.n; i++)
        n += files.p[i] == ',';
    return n;
}

static bool take_file(struct taking *w)
{
    struct task *t = w->task;
    if (w->waits && str_eq_c(w->told->chosen, "none") && !t->no_files) {
        t->no_files = true;
        return true;
    }
    if (w->told->upload.n == 0 || (t->files.n > 0 && files_in(t->files) >= LIMIT_EVIDENCE))
        return false;
    t->no_files = false;
    t->files = t->files.n == 0 ? str_dup(w->told->arena, w->told->upload)
                               : str_fmt(w->told->arena, "%.*s,%.*s", STR_ARG(t->files), STR_ARG(w->told->upload));
    return true;
}

static struct str words_for(const struct taking *w)
{
    if (w->waits || w->told->rewords)
        return w->told->text;
    if (!w->told->begins)
        return STR_NONE;
    return w->stage->take_all ? w->told->text : w->stage->take_after ? words_behind(w->told->arena, w->told->language, "cue", w->told->text)
                                                        : STR_NONE;
}

static bool take_text(struct taking *w)
{
    struct str text = str_clip(str_trim(words_for(w)), FLOW_TEXT_MOST);
    bool adds = w->photo_asked && w->told->text.n > 0 && w->told->chosen.n == 0 && w->told->upload.n == 0;
    if (adds && w->secret->text.n > 0)
        text = str_clip(str_fmt(w->told->arena, "%.*s; %.*s", STR_ARG(w->secret->text), STR_ARG(str_trim(w->told->text))),
                        FLOW_TEXT_MOST);
    if (w->waits && w->stage->optional && str_eq_c(w->told->chosen, "none"))
        text = STR("-");
    return set(w, &w->secret->text, text);
}

/** The longest run of letters and digits of @p least to @p most bytes with a digit in it. */
static struct str code_in(struct str text, size_t least, size_t most)
{
    struct str best = STR_NONE;
    for (size_t at = 0; at < text.n;) {
        size_t end = at, digits = 0;
        while (end < text.n && (is_digit(text.p[end]) || (text.p[end] >= 'A' && text.p[end] <= 'Z') ||
                                (text.p[end] >= 'a' && text.p[end] <= 'z'))) {
            digits += is_digit(text.p[end]);
            end++;
        }
        if (end - at >= least && end - at <= most && digits > 0 && end - at > best.n)
            best = str_sub(text, at, end - at);
        at = end + 1;
    }
    return best;
}

/** "顺丰 SF1234567890": the number with what stands before it. What holds digits is no carrier: a phone is not kept. */
static struct str with_carrier(struct str text, struct str number)
{
    struct str before = str_sub(text, 0, (size_t)(number.p - text.p));
    for (size_t i = 0; i < before.n; i++)
        if (is_digit(before.p[i]))
            return number;
    return str_trim(str_sub(text, 0, before.n + number.n));
}

static bool take_waybill(struct taking *w)
{
    struct str number = code_in(w->told->text, WAYBILL_LEAST, 40);
    if (!w->waits && !w->told->begins)
        return false;
    if (number.n == 0 || (w->known->order != NULL && str_eq(number, w->known->order->id)))
        return false;
    struct str whole = w->waits ? with_carrier(w->told->text, number) : number;
    return set(w, &w->task->waybill, str_clip(whole, FLOW_VALUE_MOST));
}

static bool take_title(struct taking *w)
{
    struct str text = str_trim(words_for(w));
    struct str tax = code_in(text, TAX_LEAST, TAX_MOST);
    bool changed = false;
    if (text.n == 0)
        return false;
    put(w->told->arena, &w->secret->tax_id, tax, &changed);
    size_t at = tax.n > 0 ? (size_t)(tax.p - text.p) : text.n;
    struct str title = str_sub(text, 0, at);
    size_t cut = str_find(title, STR("税号"), 0);
    title = cut != SIZE_MAX ? str_sub(title, 0, cut) : title;
    while (title.n > 0 && (title.p[title.n - 1] == ' ' || title.p[title.n - 1] == ','))
        title.n--;
    if (str_ends(title, STR("，")))
        title.n -= strlen("，");
    put(w->told->arena, &w->secret->title, title, &changed);
    return changed;
}

/** "100", "100元", "$100.50": minor units; what has no end like a number is none. */
static int64_t cents_in(struct str text)
{
    int64_t cents = 0;
    size_t at = 0, decimals = 0, digits = 0;
    while (at < text.n && !is_digit(text.p[at]))
        at++;
    bool point = false;
    for (; at < text.n && digits < AMOUNT_DIGITS && decimals < 2; at++) {
        if (text.p[at] == '.' && !point) {
            point = true;
            continue;
        }
        if (text.p[at] == ',' && !point)
            continue;
        if (!is_digit(text.p[at]))
            break;
        cents = cents * 10 + (text.p[at] - '0');
        decimals += point;
        digits++;
    }
    for (; decimals < 2; decimals++)
        cents *= 10;
    return cents;
}

static bool take_amount(struct taking *w)
{
    int64_t cents = 0;
    const struct understanding *u = w->told->heard;
    for (size_t i = 0; u != NULL && i < u->entity_count; i++)
        if (u->entities[i].kind == ENTITY_MONEY)
            cents = u->entities[i].number;
    if (cents == 0 && w->waits)
        cents = cents_in(w->told->text);
    if (cents <= 0 || cents == w->task->amount_cents)
        return false;
    w->task->amount_cents = cents;
    return true;
}

static bool take_for(struct taking *w)
{
    switch (w->stage->want) {
    case WANT_ITEM: return take_item(w);
    case WANT_CASE: return take_case(w);
    case WANT_ADDRESS: return take_address(w->told, w->secret);
    case WANT_PHONE: return take_phone(w->told, w->secret, w->waits);
    case WANT_SKU: return take_sku(w);
    case WANT_REASON: return take_reason(w);
    case WANT_TYPE: return take_choice(w, &w->task->type);
    case WANT_EVIDENCE: return take_file(w);
    case WANT_TEXT: return take_text(w);
    case WANT_WAYBILL: return take_waybill(w);
    case WANT_TITLE: return take_title(w);
    case WANT_AMOUNT: return take_amount(w);
    case WANT_ORDER: break; /* the order is picked where orders are read */
    }
    return false;
}

bool flow_take(const struct flow_plan *p, const struct flow_stage *waited, const struct flow_told *told,
               const struct flow_known *known, struct task *t, struct flow_secret *s)
{
    bool taken = told->form.n > 0 && take_form(told, s);
    for (size_t i = 0; i < p->main_count; i++) {
        const struct flow_stage *stage = &p->stages[i];
        if (stage->kind != FLOW_NEED || stage->is.n > 0)
            continue;
        struct taking w = {.plan = p, .stage = stage, .waits = stage == waited,
                           .photo_asked = waited != NULL && waited->kind == FLOW_NEED && waited->want == WANT_EVIDENCE, .told = told, .known = known, .task = t,
                           .secret = s};
        taken = take_for(&w) || taken;
    }
    return taken;
}
