/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Saying.
 *
 * How          One set of values is made for the turn; every text of the plan is filled from it. The texts of a shop's own
 *              version come before those of the packs.
 * Invariants   1. A phone is masked in all that is said, a name too; a street is said again only to who wrote it in this talk.
 *              2. A confirmation comes last, with its two buttons.
 */
#include "bot/flow_say.h"

#include <string.h>

#include "base/json_doc.h"
#include "base/time.h"
#include "chat/form.h"
#include "trade/card.h"
#include "trade/case_card.h"

#define VALUES_MOST 36

struct saying {
    const struct flow_saying *s;
    const struct flow_turn *t;
    const struct flow_job *job;
    struct arena *a;
    struct str language;
    struct text_value values[VALUES_MOST];
    size_t value_count;
};

static const char *const names[] = {"order", "item", "status", "amount", "amount_part", "amount_new", "due", "state", "type", "reason", "ticket",
                                    "until", "until_part", "carrier", "phone", "number", "old", "new", "text", "title", "sku",
                                    "old_sku", "paid", "now", "quantity", "freight", "waybill", "files", "missing", "shop", NULL};

const char *const *flow_value_names(void)
{
    return names;
}

struct str flow_text(const struct flow_plan *p, struct str language, const char *key)
{
    struct str own = p != NULL ? flow_own_text(p, language, key) : STR_NONE;
    return own.n > 0 ? own : texts_get(language, key);
}

/* ---- values -------------------------------------------------------------------------------------------------------- */

static void put(struct saying *w, const char *name, struct str value)
{
    assert(w->value_count < VALUES_MOST);
    w->values[w->value_count++] = (struct text_value){name, value};
}

static struct str filled(struct saying *w, const char *key)
{
    return texts_fill(w->a, flow_text(w->job->plan, w->language, key), w->values, w->value_count);
}

static struct str money(const struct saying *w, int64_t cents)
{
    return card_money(w->a, cents, w->t->shop->currency);
}

static struct str address_line(const struct saying *w, const struct address *at, bool whole)
{
    struct str name = mask_name(w->a, at->name), phone = mask_phone(w->a, at->phone);
    struct str detail = whole ? at->detail : form_mask(w->a, FORM_TEXTAREA, at->detail);
    return str_fmt(w->a, "%.*s %.*s %.*s", STR_ARG(name), STR_ARG(phone), STR_ARG(flow_place(w->a, at->region, detail)));
}

/** What is told of the receiver: as it was, and as it would be. */
static void put_address(struct saying *w)
{
    const struct flow_secret *s = &w->job->secret;
    const struct address *old = &w->job->order.address;
    struct address now = *old;
    bool place = s->region.n > 0 || s->detail.n > 0;
    if (s->name.n > 0)
        now.name = s->name;
    if (s->phone.n > 0)
        now.phone = s->phone;
    if (place) {
        now.region = s->region;
        now.detail = s->detail;
    }
    if (!flow_wants(w->job->plan, WANT_ADDRESS)) {
        put(w, "old", mask_phone(w->a, old->phone));
        put(w, "new", mask_phone(w->a, now.phone));
        return;
    }
    put(w, "old", address_line(w, old, false));
    put(w, "new", address_line(w, &now, !s->filled_in));
}

static void put_parcel(struct saying *w)
{
    const struct flow_job *job = w->job;
    const struct parcel *p = job->has_order && job->order.parcel_count > 0 ? &job->order.parcels[0] : NULL;
    if (job->has_order)
        order_last_event(&job->order, &p);
    put(w, "carrier", p != NULL ? p->carrier : STR_NONE);
    put(w, "phone", p != NULL ? p->carrier_phone : STR_NONE);
    put(w, "number", p != NULL ? p->tracking_no : STR_NONE);
}

/** The case that it is about: as it will stand, else as it stands. */
static const struct case_row_stored *case_of(const struct flow_job *job)
{
    return job->result.has_case ? &job->result.row : job->row;
}

static struct case_view view_of(const struct saying *w)
{
    return (struct case_view){.language = w->language, .currency = w->t->shop->currency, .zone = w->t->shop->time_zone,
                              .now_ms = w->t->in->now_ms};
}

static void put_case(struct saying *w)
{
    const struct flow_job *job = w->job;
    const struct case_row_stored *row = case_of(job);
    struct case_view view = view_of(w);
    enum case_type type;
    struct str typed = row != NULL ? case_type_text(row->c.type, w->language) : STR_NONE;
    if (row == NULL && case_type_from_name(job->walked.type, &type))
        typed = case_type_text(type, w->language);
    struct str reason = job->walked.reason.n > 0 || row == NULL ? job->walked.reason : row->c.reason;
    put(w, "type", typed);
    put(w, "state", row != NULL ? case_state_text(&row->c, w->language) : STR_NONE);
    struct str due = row != NULL ? case_due_text(w->a, &row->c, &view) : STR_NONE;
    put(w, "due", due.n > 0 ? str_fmt(w->a, "%.*s%.*s", STR_ARG(due), STR_ARG(texts_get(w->language, "flow.stop"))) : due);
    put(w, "reason", reason.n > 0 ? texts_get(w->language, str_c(w->a, str_fmt(w->a, "case.reason.%.*s", STR_ARG(reason))))
                                  : STR_NONE);
}

static void put_money(struct saying *w)
{
    const struct flow_job *job = w->job;
    const struct case_row_stored *row = case_of(job);
    int64_t cents = job->result.amount_cents > 0 ? job->result.amount_cents : row != NULL ? row->c.claimed_cents : 0;
    const struct json_node *sum = json_doc_read(w->a, job->result.text);
    put(w, "amount", money(w, cents));
    enum case_type type;
    bool typed = case_type_from_name(job->walked.type, &type);
    if (row != NULL)
        type = row->c.type;
    bool pays = (row == NULL && !typed) || (type != CASE_EXCHANGE && type != CASE_REPAIR && type != CASE_RESEND &&
                                            type != CASE_COMPLAINT);
    put(w, "amount_part", cents > 0 && pays ? filled(w, "flow.case.amount") : STR_NONE);
    put(w, "amount_new", money(w, job->walked.amount_cents));
    put(w, "paid", money(w, json_doc_int(sum, "paid_cents", 0)));
    put(w, "now", money(w, json_doc_int(sum, "now_cents", 0)));
    put(w, "quantity", str_fmt(w->a, "%lld", (long long)json_doc_int(sum, "quantity", 0)));
    int64_t until = job->result.due_ms;
    struct str written = json_doc_str(sum, "until");
    int64_t protected_ms;
    if (time_parse(written, &protected_ms))
        until = protected_ms;
    put(w, "until", until > 0 ? moment_until(&w->s->tell->view, until) : STR_NONE);
    put(w, "until_part", until > 0 ? filled(w, "flow.extend.until") : STR_NONE);
}

static void put_variants(struct saying *w)
{
    const struct flow_job *job = w->job;
    const struct sku *to = job->product != NULL ? product_sku(job->product, job->walked.sku) : NULL;
    put(w, "sku", to != NULL ? to->text : STR_NONE);
    put(w, "old_sku", job->item != NULL ? card_item_sku_text(job->item, w->t->g->catalog) : STR_NONE);
}

/** What of an address is still to come, as words. */
static struct str missing_parts(const struct saying *w)
{
    const struct flow_secret *s = &w->job->secret;
    struct buf b = {.arena = w->a};
    if (s->region.n == 0)
        buf_str(&b, texts_get(w->language, "flow.part.region"));
    if (s->region.n == 0 && s->detail.n == 0)
        buf_str(&b, texts_get(w->language, "bot.list.comma"));
    if (s->detail.n == 0)
        buf_str(&b, texts_get(w->language, "flow.part.detail"));
    return buf_view(&b);
}

static size_t file_count(struct str files)
{
    size_t n = files.n > 0;
    for (size_t i = 0; i < files.n; i++)
        n += files.p[i] == ',';
    return n;
}

/* What is done to a whole order names all of it: nobody gives up a tent under the name of its poles. */
static struct str item_text(const struct saying *w)
{
    const struct flow_job *job = w->job;
    const struct order_item *item = job->item != NULL         ? job->item
                                    : job->order.item_count > 0 ? &job->order.items[0]
                                                                : NULL;
    struct str title = item != NULL ? card_item_title(item, w->t->g->catalog) : STR_NONE;
    if (job->order.item_count < 2 || flow_wants(job->plan, WANT_ITEM))
        return title;
    struct text_value values[] = {{"title", title}, {"count", str_fmt(w->a, "%zu", job->order.item_count)}};
    return texts_fill(w->a, texts_get(w->language, "bot.item.more"), values, COUNT(values));
}

static void make_values(struct saying *w)
{
    const struct flow_job *job = w->job;
    struct str text = str_eq_c(job->secret.text, "-") ? STR_NONE : job->secret.text;
    put(w, "shop", w->t->shop->name);
    put(w, "order", job->has_order ? job->order.id : STR_NONE);
    put(w, "item", item_text(w));
    put(w, "status", job->has_order ? card_status_text(job->order.status, w->language) : STR_NONE);
    put(w, "ticket", job->result.ticket);
    put(w, "text", text);
    put(w, "title", job->secret.tax_id.n > 0 ? str_fmt(w->a, "%.*s %.*s", STR_ARG(job->secret.title),
                                                       STR_ARG(job->secret.tax_id))
                                             : job->secret.title);
    put(w, "waybill", job->walked.waybill);
    put(w, "files", str_fmt(w->a, "%zu", file_count(job->walked.files)));
    put(w, "missing", missing_parts(w));
    put(w, "freight", job->freight.n > 0 ? texts_get(w->language, str_c(w->a, str_fmt(w->a, "flow.freight.%.*s",
                                                                                     STR_ARG(job->freight))))
                                         : STR_NONE);
    put_parcel(w);
    put_case(w);
    put_money(w);
    put_variants(w);
    put_address(w);
}

/* ---- lines --------------------------------------------------------------------------------------------------------- */

static void say(struct saying *w, const char *key)
{
    reply_say_text(w->s->reply, filled(w, key));
}

static void say_case(struct saying *w)
{
    const struct case_row_stored *row = case_of(w->job);
    struct case_view view = view_of(w);
    if (row == NULL)
        return;
    struct message card = case_card_message(w->a, row, NULL, 0, &view);
    reply_source(w->s->reply, "case", str_fmt(w->a, "%lld", (long long)row->id));
    reply_card(w->s->reply, card.kind, card.text, card.data);
}

static void say_why(struct saying *w)
{
    const struct action_result *r = &w->job->result;
    if (r->why == ACTION_WHY_CASE)
        say(w, str_c(w->a, str_fmt(w->a, "case.why.%s", case_answer_name(r->case_answer))));
    else
        say(w, str_c(w->a, str_fmt(w->a, "action.why.%s", action_why_name(r->why))));
}

static void say_key(struct saying *w, struct str key)
{
    if (str_eq_c(key, "standing")) {
        tell_standing(w->s->tell);
        reply_end_text(w->s->reply);
    } else if (str_eq_c(key, "parcels")) {
        tell_parcels(w->s->tell);
        reply_end_text(w->s->reply);
    } else if (str_eq_c(key, "case")) {
        say_case(w);
    } else if (str_eq_c(key, "why")) {
        say_why(w);
    } else {
        say(w, str_c(w->a, key));
    }
}

static void offer(struct saying *w, const struct flow_stage *s)
{
    for (size_t i = 0; i < s->of.n; i++) {
        bool about = w->job->has_order && w->job->row == NULL;
        reply_choice(w->s->reply, (struct choice){.label = intent_name(w->language, s->of.v[i]), .intent = s->of.v[i],
                                                  .order_id = about ? w->job->order.id : STR_NONE});
    }
    reply_ask(w->s->reply, "flow.next");
}

static const char *question_of(struct saying *w, const struct flow_stage *s)
{
    bool part = s->want == WANT_ADDRESS && (w->job->secret.region.n > 0 || w->job->secret.detail.n > 0);
    if (part)
        return "flow.ask.address_part";
    return s->key.n > 0 ? str_c(w->a, s->key) : str_c(w->a, str_fmt(w->a, "flow.ask.%s", flow_want_name(s->want)));
}

/** The fields that a form asks for. */
static void say_form(struct saying *w, const struct flow_stage *s)
{
    static const struct {
        enum flow_want want;
        const char *name;
        enum form_field_type type;
        bool required;
    } rows[] = {
        {WANT_ADDRESS, "name", FORM_NAME, false},    {WANT_ADDRESS, "phone", FORM_PHONE, false},
        {WANT_ADDRESS, "region", FORM_REGION, true}, {WANT_ADDRESS, "detail", FORM_TEXTAREA, true},
        {WANT_PHONE, "phone", FORM_PHONE, true},     {WANT_TITLE, "title", FORM_TEXT, true},
        {WANT_TITLE, "tax_id", FORM_TEXT, false},
    };
    struct form_field fields[COUNT(rows)];
    size_t n = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].want != s->want)
            continue;
        struct str key = str_fmt(w->a, "flow.part.%s", rows[i].name);
        fields[n++] = (struct form_field){.name = str_from(rows[i].name),
                                          .label = texts_get(w->language, str_c(w->a, key)),
                                          .type = rows[i].type,
                                          .required = rows[i].required,
                                          .max = FLOW_VALUE_MOST};
    }
    if (n == 0)
        return;
    struct str title = texts_get(w->language, str_c(w->a, str_fmt(w->a, "flow.form.%s", flow_want_name(s->want))));
    struct form form = {.id = str_fmt(w->a, "%s-%lld", flow_want_name(s->want), (long long)w->t->conversation->seq + 1),
                        .title = title,
                        .submit = texts_get(w->language, "flow.form.submit"),
                        .fields = fields,
                        .count = n};
    reply_card(w->s->reply, MESSAGE_FORM, texts_get(w->language, "flow.form.how"), form_data(w->a, &form));
}

static void ask(struct saying *w, const struct flow_stage *s)
{
    struct flow_option options[FLOW_OPTIONS];
    size_t n = flow_options(w->t, w->job, s, options);
    struct str question = filled(w, question_of(w, s));
    if (n == 0) {
        reply_say_text(w->s->reply, question);
        say_form(w, s);
        return;
    }
    state_list(w->s->after, LIST_VALUES);
    for (size_t i = 0; i < n; i++) {
        state_option(w->s->after, flow_option(w->a, options[i].value, options[i].label));
        reply_choice(w->s->reply, (struct choice){.label = options[i].label});
    }
    reply_ask_text(w->s->reply, question);
}

static void ask_confirm(struct saying *w, const struct flow_stage *s)
{
    reply_choice(w->s->reply, (struct choice){.label = flow_text(w->job->plan, w->language, "flow.yes"),
                                              .intent = STR("confirm_yes"), .style = "primary"});
    reply_choice(w->s->reply,
                 (struct choice){.label = flow_text(w->job->plan, w->language, "flow.no"), .intent = STR("confirm_no")});
    reply_ask_text(w->s->reply, filled(w, str_c(w->a, s->key)));
}

void flow_say(const struct flow_saying *s)
{
    const struct flow_job *job = s->job;
    struct saying w = {.s = s, .t = s->turn, .job = job, .a = s->turn->arena, .language = s->turn->language};
    make_values(&w);
    if (job->has_order)
        reply_source(s->reply, "order", job->order.id);
    if (job->out.missed)
        say(&w, "flow.miss");
    for (size_t i = 0; i < job->out.line_count; i++) {
        const struct flow_line *line = &job->out.lines[i];
        switch (line->kind) {
        case LINE_SAY:
            if (line->stage != NULL)
                say_key(&w, line->stage->key);
            else
                say(&w, line->key);
            break;
        case LINE_ASK: ask(&w, line->stage); break;
        case LINE_CONFIRM: ask_confirm(&w, line->stage); break;
        case LINE_WHY: say_why(&w); break;
        case LINE_OFFER: offer(&w, line->stage); break;
        }
    }
    for (size_t i = 0; i < job->result.used_count; i++) {
        struct str key = str_from(job->result.used[i].key);
        if (!str_starts(key, STR("action."))) /* who may do what gives no figure that is said */
            reply_source(s->reply, "policy", key);
    }
}
