/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Record: writes the JSON of a turn.
 *
 * Invariants   No text of the buyer, phone or address is in it: only ids, kinds and numbers.
 */
#include "bot/record.h"

#include <string.h>

/** Two decimals say all that a confidence knows. */
static double rounded(double v)
{
    return (double)(int)(v * 100 + 0.5) / 100;
}

/* ---- understood ---------------------------------------------------------------------------------------------- */

static const char *source_of(const struct record *r)
{
    const struct intent *in = r->meaning->intent;
    switch (r->decision->act) {
    case ACT_TALK: return in->action == NULL ? "small_talk" : "flow";
    case ACT_KNOWLEDGE:
        if (r->g->facts.small_talk)
            return "small_talk";
        return r->g->choice.entry->layer == LAYER_POLICY ? "policy" : "knowledge";
    case ACT_ANSWER:
        if (in->flow == FLOW_RULE)
            return "policy";
        return in->flow == FLOW_ORDER || in->flow == FLOW_SHIPPING || in->flow == FLOW_MISSING ? "flow" : "product";
    case ACT_SHOW_PRODUCT:
    case ACT_ASK_PRODUCT:
    case ACT_ASK_SIZE:
    case ACT_NOT_IN_DATA: return "product";
    case ACT_ASK_INTENT:
    case ACT_NEEDS_PERSON: return "fallback";
    case ACT_SILENT:
    case ACT_ASK_ORDER:
    case ACT_SIGN_IN:
    case ACT_NO_ORDERS:
    case ACT_NOT_FOUND:
    case ACT_URGENT_WORD:
    case ACT_QUEUE:
    case ACT_HOURS:
    case ACT_LANGUAGE:
    case ACT_YES:
    case ACT_NO:
    case ACT_HAND_OVER:
    case ACT_TASK:
    case ACT_TASK_ASK: break;
    }
    return "flow";
}

static const char *slot_name(enum entity_kind k)
{
    switch (k) {
    case ENTITY_TRACKING_NO: return "tracking_no";
    case ENTITY_MONEY: return "amount_cents";
    case ENTITY_QUANTITY: return "quantity";
    case ENTITY_HEIGHT: return "height_cm";
    case ENTITY_WEIGHT: return "weight_g";
    case ENTITY_FOOT: return "foot_mm";
    case ENTITY_SIZE: return "size";
    case ENTITY_COLOUR: return "color";
    case ENTITY_REGION: return "region";
    case ENTITY_ORDER_NO: /* the order that was picked stands for it */
    case ENTITY_PHONE:    /* personal */
    case ENTITY_PERSON:
    case ENTITY_ADDRESS:
    case ENTITY_DATE: break;
    }
    return NULL;
}

static bool is_number(enum entity_kind k)
{
    return k == ENTITY_MONEY || k == ENTITY_HEIGHT || k == ENTITY_WEIGHT || k == ENTITY_FOOT;
}

static void write_entity(const struct record *r, struct json_out *o, const struct entity *e, unsigned *seen)
{
    const char *name = slot_name(e->kind);
    if (name == NULL || (*seen & (1u << e->kind)) != 0)
        return;
    *seen |= 1u << e->kind;
    struct str value = e->value.n > 0 ? e->value : e->text;
    jo_kt(o, name, is_number(e->kind) ? str_number(r->arena, e->number) : value);
}

static void write_slots(const struct record *r, struct json_out *o)
{
    const struct order *order = r->g->pick.order;
    unsigned seen = 0;
    jo_key(o, "slots");
    jo_open(o);
    if (order != NULL)
        jo_kt(o, "order_id", order->id);
    if (r->g->product != NULL)
        jo_kt(o, "product_id", r->g->product->id);
    for (size_t i = 0; r->understood != NULL && i < r->understood->entity_count; i++)
        write_entity(r, o, &r->understood->entities[i], &seen);
    jo_close(o);
}

/* ---- action -------------------------------------------------------------------------------------------------- */

struct done {
    const char *name, *status, *reason; /* name NULL: none */
    bool pending; /* another system has it: what comes of it is told later */
};

static struct done how(const char *name, const char *status, const char *reason)
{
    return (struct done){.name = name, .status = status, .reason = reason};
}

static struct done handing(const struct record *r)
{
    bool call = strcmp(r->meaning->intent->id, "callback_request") == 0;
    if (way_queues(r->way))
        return how(call ? "callback.book" : "human.request", "done", NULL);
    if (r->way == WAY_NEVER)
        return how("human.request", "refused", "nobody_on_duty");
    return how("callback.book", "done", NULL);
}

/** An urge is only one while the order waits to be shipped. */
static struct done answered(const struct record *r)
{
    const struct intent *in = r->meaning->intent;
    const struct order *order = r->g->pick.order;
    if (strcmp(in->id, "ship_urge") != 0 || order == NULL || order->status == ORDER_PAID)
        return how(in->action, "done", NULL);
    return how(in->action, "refused", order->status == ORDER_UNPAID ? "unpaid" : "already_shipped");
}

/** What a job came to in this turn. */
static struct done of_task(const struct record *r)
{
    const struct flow_outcome *out = &r->job->out;
    const char *main = flow_main_act(r->job->plan);
    const char *name = out->act != NULL ? out->act->name : main != NULL ? main : r->meaning->intent->action;
    bool confirms = out->line_count > 0 && out->lines[out->line_count - 1].kind == LINE_CONFIRM;
    if (out->end == FLOW_WAITS)
        return how(name, confirms ? "needs_confirmation" : "needs_slot", NULL);
    if (out->end == FLOW_DROPPED)
        return how(name, "refused", "declined");
    if (out->answer.answer == ACTION_FAULT && out->act != NULL)
        return how(name, "failed", NULL);
    if (out->answer.answer == ACTION_REFUSED)
        return how(name, "refused", str_c(r->arena, out->answer.on));
    if (out->answer.answer == ACTION_NEEDS_SLOT && !out->does) /* what it needs is not there */
        return how(name, "refused", str_c(r->arena, str_fmt(r->arena, "no_%s", out->answer.slot)));
    if (out->answer.answer == ACTION_NEEDS_SECOND)
        return how(name, "refused", "needs_second");
    if (out->answer.answer == ACTION_PENDING && out->does)
        return (struct done){.name = name, .status = "done", .pending = true};
    if (out->act == NULL) /* it ended before anything was tried: there is nothing to do it with */
        return how(name, "refused", "nothing_there");
    return how(name, "done", NULL);
}

static struct done action_of(const struct record *r)
{
    const char *name = r->meaning->intent->action;
    if (r->job != NULL && (r->decision->act == ACT_TASK || r->decision->act == ACT_TASK_ASK))
        return of_task(r);
    if (r->handed)
        return handing(r);
    switch (r->decision->act) {
    case ACT_ANSWER: return answered(r);
    case ACT_TALK: return how(r->g->facts.resumes ? NULL : name, "done", NULL);
    case ACT_SHOW_PRODUCT: return how("product.show", "done", NULL);
    case ACT_ASK_ORDER:
        if (r->job != NULL)
            name = flow_main_act(r->job->plan);
        return how(name != NULL ? name : "order.list", "needs_slot", NULL);
    case ACT_ASK_PRODUCT:
    case ACT_ASK_SIZE: return how(name != NULL ? name : "product.show", "needs_slot", NULL);
    case ACT_SIGN_IN: return how(name, "refused", "sign_in");
    case ACT_NO_ORDERS: return how(name, "refused", "no_orders");
    case ACT_NOT_FOUND: return how(name, "refused", "not_found");
    case ACT_NOT_IN_DATA: return how(name, "refused", "not_in_data");
    case ACT_QUEUE:
        return strcmp(r->meaning->intent->id, "human_request") == 0 ? how("human.request", "done", NULL)
                                                                     : how(NULL, NULL, NULL);
    case ACT_SILENT:
    case ACT_KNOWLEDGE:
    case ACT_ASK_INTENT:
    case ACT_NEEDS_PERSON:
    case ACT_URGENT_WORD:
    case ACT_HOURS:
    case ACT_LANGUAGE:
    case ACT_YES:
    case ACT_NO:
    case ACT_HAND_OVER:
    case ACT_TASK:
    case ACT_TASK_ASK: break;
    }
    return how(NULL, NULL, NULL);
}

static struct str action_json(const struct record *r)
{
    struct done action = action_of(r);
    if (action.name == NULL)
        return STR("null");
    struct buf b = {.arena = r->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kc(&o, "name", action.name);
    jo_kc(&o, "status", action.status);
    if (action.reason != NULL)
        jo_kc(&o, "reason", action.reason);
    if (action.pending)
        jo_kb(&o, "pending", true);
    jo_close(&o);
    return buf_view(&b);
}

/* ---- understood, all of it ----------------------------------------------------------------------------------- */

/** The second request, as the first one is written. */
static void write_also(const struct record *r, struct json_out *o)
{
    jo_key(o, "also");
    jo_array(o);
    jo_open(o);
    jo_kc(o, "intent", r->meaning->intent->id);
    jo_kr(o, "confidence", rounded(r->meaning->confidence));
    write_slots(r, o);
    jo_kc(o, "source", source_of(r));
    jo_key(o, "action");
    jo_raw(o, action_json(r));
    jo_close(o);
    jo_array_end(o);
}

static struct str understood_json(const struct record *r)
{
    struct buf b = {.arena = r->arena};
    buf_reserve(&b, 256);
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "language", r->understood != NULL ? r->understood->language : r->language);
    jo_kc(&o, "intent", r->meaning->intent->id);
    jo_kr(&o, "confidence", rounded(r->meaning->confidence));
    jo_kc(&o, "emotion", emotion_name(r->mood.emotion));
    write_slots(r, &o);
    jo_kc(&o, "source", source_of(r));
    if (r->also != NULL)
        write_also(r->also, &o);
    jo_close(&o);
    return buf_view(&b);
}

/* ---- decision -------------------------------------------------------------------------------------------------- */

static struct str input_json(const struct record *r)
{
    struct buf b = {.arena = r->arena};
    buf_reserve(&b, 256);
    struct json_out o = json_to(&b);
    const struct facts *f = &r->g->facts;
    unsigned needs = r->meaning->intent->needs;
    jo_open(&o);
    jo_kc(&o, "intent", r->meaning->intent->id);
    jo_kc(&o, "by", meaning_by_name(r->meaning->by));
    jo_kr(&o, "confidence", rounded(r->meaning->confidence));
    if (r->mood.emotion != EMOTION_NEUTRAL) {
        jo_kc(&o, "emotion", emotion_name(r->mood.emotion));
        jo_kr(&o, "strength", rounded(r->mood.strength));
    }
    if ((needs & NEED_ORDERS) != 0)
        jo_kc(&o, "order", f->guest ? "guest" : pick_reason_name(f->pick));
    if (r->g->product != NULL)
        jo_kt(&o, "product", r->g->product->id);
    if (r->g->choice.entry != NULL) {
        jo_kt(&o, "knowledge", r->g->choice.entry->id);
        jo_kr(&o, "match", rounded(f->match));
    }
    if (r->also != NULL)
        jo_kc(&o, "also", r->also->meaning->intent->id);
    if (r->model.n > 0)
        jo_kt(&o, "model", r->model);
    if (r->before->misses > 0)
        jo_kn(&o, "misses", r->before->misses);
    if (r->before->offered)
        jo_kb(&o, "offered", true);
    jo_close(&o);
    return buf_view(&b);
}

static struct str outcome_json(const struct record *r)
{
    static const char *const offers[] = {
        [OFFER_NONE] = "none", [OFFER_BUTTON] = "button", [OFFER_ASKED] = "asked"};
    struct buf b = {.arena = r->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kc(&o, "act", act_name(r->decision->act));
    jo_kc(&o, "check", r->decision->check);
    if (r->decision->offer != OFFER_NONE)
        jo_kc(&o, "offer", offers[r->decision->offer]);
    if (r->decision->hand_over) {
        jo_kc(&o, "why", r->decision->why);
        jo_kc(&o, "way", way_name(r->way));
    }
    if (r->decision->urgent)
        jo_kb(&o, "urgent", true);
    jo_close(&o);
    return buf_view(&b);
}

/** For people: why it was handed over, or which entry won, or which check decided. */
static struct str reason_text(const struct record *r)
{
    if (r->decision->hand_over)
        return texts_get(r->shop_language, str_c(r->arena, str_fmt(r->arena, "bot.why.%s", r->decision->why)));
    if (r->decision->act == ACT_KNOWLEDGE)
        return knowledge_reason_text(r->arena, &r->g->choice);
    struct buf b = {.arena = r->arena};
    buf_c(&b, r->decision->check);
    buf_c(&b, ": ");
    buf_c(&b, act_name(r->decision->act));
    return buf_view(&b);
}

void record_turn(const struct record *r, struct turn *turn)
{
    turn->understood = understood_json(r);
    turn->action = action_json(r);
    turn->input = input_json(r);
    turn->outcome = outcome_json(r);
    turn->reason = reason_text(r);
    turn->moves = r->decision->hand_over;
}
