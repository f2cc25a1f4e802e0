/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hearing for a job, in an order of precedence: what must not be missed, what was pressed, what was chosen, plain yes and no,
 * values, and only then whether the words are about something else.
 *
 * Invariants   1. A wish for a person and what is dangerous are never taken for a value.
 *              2. "Yes" counts only at a confirmation.
 */
#include "bot/flow_hear.h"

#include <string.h>

#include "bot/words.h"

#define OTHER_MATTER 0.60 /* a guess above it, that the understanding is sure of, is about something else */
#define OTHER_SURELY 0.85 /* the same where any words could be the answer */

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
    return r->text.n > 0 && words_value(h->arena, r->heard.language, kind, r->text).n > 0;
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

/** One of the options that were shown: by its words, or by its place. */
static bool hear_chosen(const struct flow_hearing *h, struct flow_heard *ret)
{
    const struct bot_state *s = h->state;
    const struct request *r = h->request;
    if (s->list != LIST_VALUES || s->ask != ASK_TASK || r->text.n == 0)
        return false;
    int place = words_place(h->arena, r->heard.language, r->text, s->option_count);
    for (size_t i = 0; i < s->option_count; i++) {
        struct str label = s->options[i], value;
        if (!str_cut(&label, '=', &value))
            continue;
        if ((int)i != place && !str_eq(label, str_trim(r->text)))
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
    bool gives_up = r->marks.drops && r->marks.rest == 0;
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

/** A value that only the job can want. */
static bool hear_value(const struct flow_hearing *h, struct flow_heard *ret)
{
    const struct flow_plan *p = h->plan;
    const struct request *r = h->request;
    bool place = has(h, ENTITY_ADDRESS) || (has(h, ENTITY_REGION) && (waits_for(h, WANT_ADDRESS) || at_confirm(h)) &&
                                            r->meaning.confidence < OTHER_SURELY);
    if (flow_wants(p, WANT_ADDRESS) && (place || has(h, ENTITY_PHONE)))
        return hear(ret, FLOW_TELLS);
    if (flow_wants(p, WANT_PHONE) && has(h, ENTITY_PHONE))
        return hear(ret, FLOW_TELLS);
    if (flow_wants(p, WANT_WAYBILL) && has(h, ENTITY_TRACKING_NO))
        return hear(ret, FLOW_TELLS);
    bool variant = says(h, "larger") || says(h, "smaller") ||
                   ((has(h, ENTITY_COLOUR) || has(h, ENTITY_SIZE)) && (r->marks.rest == 0 || !r->heard.sure));
    if (flow_wants(p, WANT_SKU) && variant)
        return hear(ret, FLOW_TELLS);
    struct str reason = flow_reason_of(str_from(r->meaning.intent->id));
    if (waits_for(h, WANT_REASON) && flow_list_has(&h->waited->of, reason)) {
        ret->chosen = reason;
        return hear(ret, FLOW_TELLS);
    }
    return false;
}

static bool is_other_matter(const struct flow_hearing *h, double from)
{
    const struct meaning *m = &h->request->meaning;
    if (!intent_is_topic(m->intent) || flow_list_has(&h->plan->intents, str_from(m->intent->id)))
        return false;
    return m->by != BY_WORDS || (m->confidence >= from && (h->request->heard.sure || m->confidence >= OTHER_SURELY));
}

/** Where the buyer's own words are asked for, nearly all words are the answer. */
static bool hear_words(const struct flow_hearing *h, struct flow_heard *ret)
{
    bool any = waits_for(h, WANT_TEXT) || waits_for(h, WANT_TITLE) || waits_for(h, WANT_WAYBILL);
    if (!any)
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
    if (r->meaning.by == BY_ALARM || in->flow == FLOW_PERSON || in->flow == FLOW_URGENT || in->flow == FLOW_SAFETY)
        return;
    if (r->meaning.by == BY_NUMBER && flow_wants(h->plan, WANT_ORDER) && !has(h, ENTITY_TRACKING_NO)) {
        ret->event = FLOW_TELLS; /* this order, not that one */
        return;
    }
    if (r->meaning.by == BY_LIST && waits_for(h, WANT_ORDER)) {
        ret->event = FLOW_TELLS;
        return;
    }
    if (hear_chosen(h, ret) || hear_plain(h, ret) || hear_value(h, ret) || hear_words(h, ret))
        return;
    if (flow_list_has(&h->plan->intents, str_from(in->id)) && !r->marks.corrects) {
        ret->event = FLOW_RETURNS; /* the same wish again: perhaps with a value in it */
        return;
    }
    if (is_other_matter(h, OTHER_MATTER) && !r->marks.corrects)
        return;
    if (in->flow == FLOW_TALK || (in->flow == FLOW_STEER && strcmp(in->id, "confirm_no") != 0 && strcmp(in->id, "confirm_yes") != 0))
        return;
    ret->event = FLOW_TELLS; /* a value, if one is found in it */
}
