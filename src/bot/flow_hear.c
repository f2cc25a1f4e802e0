/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hearing for a job, in an order of precedence: what must not be missed, what was pressed, what was chosen, plain yes and no,
 * values, and only then whether the words are about something else.
 *
 * Invariants   1. What is dangerous is never taken for a value, nor is a plain wish for a person.
 *              2. "Yes" counts only at a confirmation; so does the same wish again, where nothing but a colleague's work is asked.
 */
#include "bot/flow_hear.h"

#include <string.h>

#include "bot/flow_slots.h"
#include "bot/words.h"
#include "nlu/normalise.h"

#define NAME_REST    12   /* characters beside values that a bare name has at most */
#define OTHER_MATTER 0.60 /* a guess above it, that the understanding is sure of, is about something else */
#define OTHER_SURELY 0.85 /* the same where any words could be the answer */
#define OTHER_WAY    0.50 /* the same of another way to settle the same */
#define OTHER_ASKED  0.40 /* the same of a plain question */

struct str flow_reason_of(struct str intent)
{
    static const struct {
        const char *intent, *reason;
    } rows[] = {
        {"quality_problem", "quality_defect"}, {"damaged_in_transit", "damaged_in_transit"},
        {"wrong_item", "wrong_item"},          {"not_as_described", "not_as_described"},
        {"ship_partial", "missing_item"},      {"size_unfit", "no_reason_7d"},
        {"order_duplicate", "duplicate_order"}, {"ship_lost", "not_received"},
        {"ship_signed_not_received", "not_received"}, {"ship_urge", "late_shipment"},
        {"seven_day_support", "no_reason_7d"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (str_eq_c(intent, rows[i].intent))
            return str_from(rows[i].reason);
    return STR_NONE;
}

struct str flow_reason_in(struct arena *a, struct str language, struct str text, const struct flow_list *of)
{
    struct words said;
    if (text.n == 0)
        return STR_NONE;
    words_find(a, language, text, &said);
    for (size_t i = 0; i < of->n; i++) {
        struct str kind = str_fmt(a, "because.%.*s", STR_ARG(of->v[i]));
        if (words_said(&said, str_c(a, kind)).n > 0)
            return of->v[i];
    }
    return STR_NONE;
}

struct str flow_option(struct arena *a, struct str value, struct str label)
{
    return str_fmt(a, "%.*s=%.*s", STR_ARG(value), STR_ARG(label));
}

/* ---- small questions ---------------------------------------------------------------------------------------------- */

static bool waits_for(const struct flow_hearing *h, enum flow_want want)
{
    return h->waited != NULL && h->waited->kind == FLOW_NEED && h->waited->want == want;
}

static bool at_confirm(const struct flow_hearing *h)
{
    return h->waited != NULL && h->waited->kind == FLOW_CONFIRM;
}

static bool says(const struct flow_hearing *h, const char *kind)
{
    const struct request *r = h->request;
    return r->text.n > 0 && words_said(&r->words, kind).n > 0;
}

/** Where the buyer's own words are asked for. */
static bool wants_words(const struct flow_hearing *h)
{
    return waits_for(h, WANT_TEXT) || waits_for(h, WANT_TITLE) || waits_for(h, WANT_WAYBILL) || waits_for(h, WANT_ADDRESS);
}

/** The action of the open job. */
static const char *deed_of(const struct flow_hearing *h)
{
    const struct intent *in = intent_find(h->plan->intents.v[0]);
    return in != NULL && in->action != NULL ? in->action : "";
}

static bool same_intent(const struct flow_hearing *h)
{
    return flow_list_has(&h->plan->intents, str_from(h->request->meaning.intent->id));
}

static bool has(const struct flow_hearing *h, enum entity_kind kind)
{
    for (size_t i = 0; i < h->request->heard.entity_count; i++)
        if (h->request->heard.entities[i].kind == kind)
            return true;
    return false;
}

static bool hear(struct flow_heard *ret, enum flow_event event)
{
    ret->event = event;
    ret->forced = true;
    return true;
}

/* ---- in order ------------------------------------------------------------------------------------------------------ */

/** What a button or card says beats all words. */
static bool hear_pressed(const struct flow_hearing *h, struct flow_heard *ret)
{
    const struct incoming *in = h->in;
    if (in->wants_human)
        return hear(ret, FLOW_NOTHING);
    if (str_eq_c(in->intent, "confirm_yes"))
        return hear(ret, at_confirm(h) ? FLOW_YES : FLOW_MISSES);
    if (str_eq_c(in->intent, "confirm_no"))
        return hear(ret, at_confirm(h) ? FLOW_NO : FLOW_DROPS);
    if (in->upload.n > 0)
        return hear(ret, flow_wants(h->plan, WANT_EVIDENCE) ? FLOW_TELLS : FLOW_NOTHING);
    if (in->form_id.n > 0)
        return hear(ret, FLOW_TELLS);
    if (in->intent.n > 0)
        return hear(ret, flow_list_has(&h->plan->intents, in->intent) ? FLOW_RETURNS : FLOW_NOTHING);
    bool order = in->order_id.n > 0 && (waits_for(h, WANT_ORDER) || h->state->ask == ASK_ORDER);
    if (order)
        return hear(ret, FLOW_TELLS);
    return in->order_id.n > 0 || in->product_id.n > 0 ? hear(ret, FLOW_NOTHING) : false;
}

/** The type of case that an intent asks for, or empty. */
static struct str type_of(const struct intent *in)
{
    static const struct {
        const char *intent, *type;
    } rows[] = {{"refund_only_apply", "refund_only"}, {"return_apply", "return_refund"}, {"exchange_apply", "exchange"},
                {"resend_apply", "resend"}, {"repair_apply", "repair"}, {"size_unfit", "exchange"}};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (strcmp(in->id, rows[i].intent) == 0)
            return str_from(rows[i].type);
    return STR_NONE;
}

/** One of the options that were shown: by its words, or by its place. */
static bool hear_chosen(const struct flow_hearing *h, struct flow_heard *ret)
{
    const struct bot_state *s = h->state;
    const struct request *r = h->request;
    if (s->list != LIST_VALUES || s->ask != ASK_TASK || r->text.n == 0)
        return false;
    int place = words_place(&r->words, r->text, s->option_count);
    struct str text = normalise(h->arena, r->text);
    struct str type = waits_for(h, WANT_TYPE) ? type_of(r->meaning.intent) : STR_NONE;
    for (size_t i = 0; i < s->option_count; i++) {
        struct str label = s->options[i], value;
        if (!str_cut(&label, '=', &value))
            continue;
        if ((int)i != place && !str_eq(normalise(h->arena, label), text) && !(type.n > 0 && str_eq(value, type)))
            continue;
        ret->chosen = value;
        return hear(ret, FLOW_TELLS);
    }
    return false;
}

static bool hear_plain(const struct flow_hearing *h, struct flow_heard *ret)
{
    const struct request *r = h->request;
    struct str id = str_from(r->meaning.intent->id);
    bool sure = r->heard.sure && !r->marks.corrects && r->heard.entity_count == 0;
    bool yes = says(h, "agree") || (str_eq_c(id, "confirm_yes") && sure);
    bool no = says(h, "deny") || (str_eq_c(id, "confirm_no") && sure);
    bool opens = strcmp(deed_of(h), "case.open") == 0 || strcmp(deed_of(h), "price.protect") == 0;
    bool undoes = opens && str_eq_c(id, "refund_cancel"); /* "then I won't return it": nothing is stored yet */
    bool gives_up = (r->marks.drops && (r->marks.rest == 0 || str_eq_c(id, "order_cancel"))) || undoes;
    if (waits_for(h, WANT_EVIDENCE) && says(h, "bare")) {
        ret->chosen = STR("none");
        return hear(ret, FLOW_TELLS);
    }
    if (gives_up || says(h, "giveup"))
        return hear(ret, at_confirm(h) ? FLOW_NO : FLOW_DROPS);
    if (yes)
        return hear(ret, at_confirm(h) ? FLOW_YES : FLOW_MISSES);
    if (no && waits_for(h, WANT_TEXT) && h->waited->optional) {
        ret->chosen = STR("none");
        return hear(ret, FLOW_TELLS);
    }
    return no ? hear(ret, at_confirm(h) ? FLOW_NO : FLOW_DROPS) : false;
}

static bool has_digit(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] >= '0' && text.p[i] <= '9')
            return true;
    return false;
}

/** A value that only the job can want. */
static bool hear_value(const struct flow_hearing *h, struct flow_heard *ret)
{
    const struct flow_plan *p = h->plan;
    const struct request *r = h->request;
    bool place = has(h, ENTITY_ADDRESS) || (has(h, ENTITY_REGION) && (waits_for(h, WANT_ADDRESS) || at_confirm(h)) &&
                                            r->meaning.confidence < OTHER_SURELY);
    bool part = (waits_for(h, WANT_ADDRESS) || at_confirm(h)) &&
                (flow_receiver(h->arena, r->heard.language, r->text).n > 0 || (says(h, "house_number") && has_digit(r->text)));
    if (flow_wants(p, WANT_ADDRESS) && (place || part || has(h, ENTITY_PHONE)))
        return hear(ret, FLOW_TELLS);
    if (flow_wants(p, WANT_PHONE) && has(h, ENTITY_PHONE))
        return hear(ret, FLOW_TELLS);
    if (flow_wants(p, WANT_WAYBILL) && has(h, ENTITY_TRACKING_NO))
        return hear(ret, FLOW_TELLS);
    bool variant = says(h, "larger") || says(h, "smaller") ||
                   ((has(h, ENTITY_COLOUR) || has(h, ENTITY_SIZE)) && (r->marks.rest == 0 || !r->heard.sure));
    if (flow_wants(p, WANT_SKU) && variant)
        return hear(ret, FLOW_TELLS);
    bool counts = at_confirm(h) && r->marks.corrects && has(h, ENTITY_MONEY);
    if (flow_wants(p, WANT_AMOUNT) && (counts || (waits_for(h, WANT_AMOUNT) && has_digit(r->text))))
        return hear(ret, FLOW_TELLS);
    struct str reason = flow_reason_of(str_from(r->meaning.intent->id));
    if (waits_for(h, WANT_REASON) && !flow_list_has(&h->waited->of, reason))
        reason = flow_reason_in(h->arena, r->heard.language, r->text, &h->waited->of);
    if (waits_for(h, WANT_REASON) && reason.n > 0) {
        ret->chosen = reason;
        return hear(ret, FLOW_TELLS);
    }
    return false;
}

/** "No, leave it at the gate": the words that were shown are replaced. */
static bool hear_rewording(const struct flow_hearing *h, struct flow_heard *ret)
{
    const struct request *r = h->request;
    bool words = flow_wants(h->plan, WANT_TEXT) || flow_wants(h->plan, WANT_TITLE);
    if (!at_confirm(h) || !words || ret->text.n == 0)
        return false;
    struct str instead = words_behind(h->arena, r->heard.language, "become", ret->text);
    if (instead.n == 0 && !r->marks.corrects && !r->corrects)
        return false;
    ret->text = instead.n > 0 ? instead : ret->text;
    ret->rewords = true;
    return hear(ret, FLOW_TELLS);
}

static bool does(const struct intent *in, const char *action)
{
    return in != NULL && in->action != NULL && strcmp(in->action, action) == 0;
}

/** The same wish again: to what only asks a colleague to see to it, that is a yes; else the question comes again. */
static bool hear_again(const struct flow_hearing *h, struct flow_heard *ret)
{
    const struct request *r = h->request;
    bool chases = strcmp(deed_of(h), "logistics.urge") == 0, asks = says(h, "asks");
    bool same = same_intent(h) || (chases && does(r->meaning.intent, "logistics.urge"));
    for (size_t i = 0; at_confirm(h) && chases && r->meaning.intent->flow == FLOW_UNCLEAR && i < r->heard.best_count; i++)
        same = same || does(intent_find(r->heard.best[i].intent), "logistics.urge");
    bool unclear_question = at_confirm(h) && asks && r->meaning.intent->flow == FLOW_UNCLEAR; /* "did you?": not yet */
    if ((!same && !unclear_question) || r->marks.corrects)
        return false;
    ret->event = at_confirm(h) && chases && !asks && r->meaning.by != BY_FOLLOW ? FLOW_YES : FLOW_RETURNS;
    return true;
}

static bool is_other_matter(const struct flow_hearing *h, double from)
{
    const struct meaning *m = &h->request->meaning;
    if (!intent_is_topic(m->intent) || flow_list_has(&h->plan->intents, str_from(m->intent->id)))
        return false;
    bool sure = h->request->heard.sure || m->confidence >= OTHER_SURELY || from <= OTHER_ASKED ||
                type_of(m->intent).n > 0; /* another way to settle it: a change of mind */
    double least = type_of(m->intent).n > 0 ? OTHER_WAY : from;
    return m->by != BY_WORDS || (m->confidence >= least && sure);
}

/** Where the buyer's own words are asked for, nearly all words are the answer. */
static bool hear_words(const struct flow_hearing *h, struct flow_heard *ret)
{
    if (!wants_words(h) || waits_for(h, WANT_ADDRESS))
        return false;
    bool job = h->request->meaning.intent->flow == FLOW_TASK;
    return hear(ret, is_other_matter(h, OTHER_SURELY) && !job ? FLOW_NOTHING : FLOW_TELLS);
}

void flow_hear(const struct flow_hearing *h, struct flow_heard *ret)
{
    const struct request *r = h->request;
    const struct intent *in = r->meaning.intent;
    *ret = (struct flow_heard){.text = r->marks.corrects ? r->marks.kept : r->text};
    if (hear_pressed(h, ret))
        return;
    bool person = in->flow == FLOW_PERSON || in->flow == FLOW_URGENT;
    bool plainly = !wants_words(h) || r->marks.person || (r->heard.sure && r->meaning.confidence >= OTHER_SURELY);
    if (r->meaning.by == BY_ALARM || in->flow == FLOW_SAFETY || hear_chosen(h, ret))
        return;
    if (person && plainly && !same_intent(h))
        return;
    if (r->meaning.by == BY_NUMBER && flow_wants(h->plan, WANT_ORDER) && !has(h, ENTITY_TRACKING_NO)) {
        ret->event = FLOW_TELLS; /* this order, not that one */
        return;
    }
    if (r->meaning.by == BY_LIST && waits_for(h, WANT_ORDER)) {
        ret->event = FLOW_TELLS;
        return;
    }
    if (hear_plain(h, ret) || hear_value(h, ret) || hear_rewording(h, ret) || hear_words(h, ret) ||
        hear_again(h, ret))
        return;
    bool names_it = r->names_product && r->marks.rest <= NAME_REST; /* the very thing that it is about */
    if (names_it && !waits_for(h, WANT_ITEM) && !waits_for(h, WANT_ORDER)) {
        ret->event = FLOW_RETURNS;
        return;
    }
    if (is_other_matter(h, says(h, "asks") ? OTHER_ASKED : OTHER_MATTER) && !r->marks.corrects)
        return;
    if (in->flow == FLOW_TALK || (in->flow == FLOW_STEER && strcmp(in->id, "confirm_no") != 0 && strcmp(in->id, "confirm_yes") != 0))
        return;
    ret->event = FLOW_TELLS; /* a value, if one is found in it */
}
