/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decide, the answer: what the flow of an intent does with the facts, before any check puts a person in its place. One function
 * a flow; pure.
 *
 * Invariants   Every flow that answers has a decision for every combination of facts; what is not known is asked or said.
 */
#include "bot/decide_private.h"

#define CHAT_TURNS  3
#define MISS_OFFER  2   /* misses in a row after which a person is offered */
#define MISS_PERSON 3   /* … after which the same list is not shown again */

static struct decision act(enum act what, enum offer offer)
{
    return (struct decision){.act = what, .offer = offer, .check = "answer"};
}

static enum offer beside(const struct intent *in)
{
    return in->offer ? OFFER_BUTTON : OFFER_NONE;
}

static struct decision needs_person(const struct intent *in)
{
    struct decision d = act(ACT_NEEDS_PERSON, OFFER_ASKED);
    d.gap = true;
    d.needs_person = in->offer;
    return d;
}

static struct decision not_in_data(void)
{
    struct decision d = act(ACT_NOT_IN_DATA, OFFER_ASKED);
    d.gap = true;
    return d;
}

static struct decision not_understood(const struct bot_state *s)
{
    bool second = s->misses + 1 >= MISS_OFFER;
    struct decision d = act(ACT_ASK_INTENT, second ? OFFER_ASKED : OFFER_NONE);
    d.miss = true;
    d.gap = true;
    d.check = "miss";
    return d;
}

static struct decision by_knowledge(const struct intent *in, const struct facts *f)
{
    return f->knowledge == KNOWLEDGE_FOUND ? act(ACT_KNOWLEDGE, beside(in)) : needs_person(in);
}

/** Asking the same list again means that it did not help. */
static struct decision ask_order(const struct bot_state *s, const struct meaning *m)
{
    bool asked_before = s->ask == ASK_ORDER && (m->by == BY_LIST || m->by == BY_ANSWER);
    bool often = asked_before && s->misses + 1 >= MISS_OFFER;
    if (often && s->misses >= MISS_PERSON) { /* the list does not help */
        struct decision person = act(ACT_HAND_OVER, OFFER_NONE);
        person.hand_over = person.needs_person = true;
        person.check = person.why = "repeat";
        return person;
    }
    struct decision d = act(ACT_ASK_ORDER, often ? OFFER_ASKED : OFFER_NONE);
    d.miss = asked_before;
    return d;
}

static struct decision ask_product(const struct bot_state *s, const struct meaning *m)
{
    bool asked_before = s->ask == ASK_PRODUCT && m->by == BY_LIST;
    struct decision d = act(ACT_ASK_PRODUCT, asked_before && s->misses + 1 >= MISS_OFFER ? OFFER_ASKED : OFFER_NONE);
    d.miss = asked_before;
    return d;
}

/** Orders whose trouble a person has to mend: the reply ends with the offer. */
static bool ends_with_offer(const struct meaning *m)
{
    return is(m, "ship_signed_not_received") || is(m, "ship_lost") || is(m, "ship_wrong_place") ||
           is(m, "ship_partial") || (is(m, "ship_stuck") && m->by == BY_FOLLOW); /* "why?": more than the carrier says */
}

static struct decision about_order(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    if (m->by == BY_NUMBER && f->product == PRODUCT_KNOWN && (f->guest || f->pick == PICK_UNKNOWN))
        return act(ACT_SHOW_PRODUCT, OFFER_NONE); /* the number was a product's */
    if (f->guest)
        return act(ACT_SIGN_IN, OFFER_BUTTON);
    switch (f->pick) {
    case PICK_CLICKED:
    case PICK_NAMED:
    case PICK_PRODUCT:
    case PICK_CURRENT:
    case PICK_ENTRY:
    case PICK_ONLY:
    case PICK_FITS:
    case PICK_TROUBLE: break;
    case PICK_NO_FIT:
    case PICK_AMBIGUOUS: return ask_order(s, m);
    case PICK_UNKNOWN: return act(ACT_NOT_FOUND, OFFER_BUTTON);
    case PICK_NO_ORDERS: return act(ACT_NO_ORDERS, OFFER_BUTTON);
    }
    struct decision d = act(ACT_ANSWER, ends_with_offer(m) ? OFFER_ASKED : OFFER_NONE);
    d.needs_person = m->intent->offer || is(m, "ship_urge") || f->order_trouble;
    return d;
}

/**
 * A job to be done. Who asks how it is done and finds a stored answer is told that; who has bought nothing, too, and a guest
 * who asked in those very words: nothing can be done for them.
 */
struct decision decide_about_task(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    bool bought = f->guest ? f->match < KNOWLEDGE_SAME : f->pick != PICK_NO_ORDERS || !f->task_order;
    bool told = f->knowledge == KNOWLEDGE_FOUND && (f->asks_how || !bought);
    if (!f->task && strncmp(m->intent->id, "ship_", 5) == 0 && f->knowledge != KNOWLEDGE_FOUND)
        return about_order(s, m, f);
    if (!f->task)
        return by_knowledge(m->intent, f);
    if (told && !f->task_goes_on && m->by != BY_BUTTON)
        return act(ACT_KNOWLEDGE, OFFER_NONE);
    if (f->guest)
        return act(ACT_SIGN_IN, OFFER_BUTTON);
    if (f->pick == PICK_UNKNOWN)
        return act(ACT_NOT_FOUND, OFFER_BUTTON);
    if (!f->task_order)
        return act(ACT_TASK, OFFER_NONE);
    struct decision d = about_order(s, m, f);
    if (d.act != ACT_ANSWER)
        return d;
    d = act(ACT_TASK, OFFER_NONE);
    d.needs_person = f->order_trouble;
    return d;
}

/** A general question unless one order is plainly meant: then that order's facts. */
static struct decision about_shipping(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    bool pointed = !f->guest && (f->pick <= PICK_PRODUCT || (f->pick <= PICK_ENTRY && f->order_fits));
    bool one = !f->guest && f->pick <= PICK_TROUBLE && f->order_fits;
    bool known = f->knowledge == KNOWLEDGE_FOUND;
    if (!f->guest && f->pick == PICK_UNKNOWN)
        return act(ACT_NOT_FOUND, OFFER_BUTTON);
    if (pointed || (one && !(known && is(m, "ship_carrier")))) {
        struct decision d = act(ACT_ANSWER, OFFER_NONE);
        d.needs_person = f->order_trouble;
        return d;
    }
    if (!f->guest && f->pick == PICK_AMBIGUOUS && (is(m, "ship_eta") || !known))
        return ask_order(s, m);
    if (known)
        return act(ACT_KNOWLEDGE, OFFER_NONE);
    return about_order(s, m, f);
}

static struct decision about_product(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    bool known = f->knowledge == KNOWLEDGE_FOUND;
    if (m->by == BY_CARD && f->product == PRODUCT_KNOWN)
        return act(ACT_SHOW_PRODUCT, OFFER_NONE);
    if (f->product != PRODUCT_KNOWN) {
        bool asked_so = f->product == PRODUCT_NOT_KNOWN || f->match >= KNOWLEDGE_SAME; /* in those very words */
        return known && asked_so ? act(ACT_KNOWLEDGE, OFFER_NONE) : ask_product(s, m);
    }
    if (f->data == DATA_NEEDS_SLOT)
        return act(ACT_ASK_SIZE, OFFER_NONE);
    if (f->data == DATA_FOUND)
        return act(ACT_ANSWER, OFFER_NONE);
    return known ? act(ACT_KNOWLEDGE, OFFER_NONE) : not_in_data();
}

static struct decision about_search(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    if (f->data == DATA_FOUND)
        return act(ACT_ANSWER, OFFER_NONE);
    if (f->knowledge == KNOWLEDGE_FOUND)
        return act(ACT_KNOWLEDGE, OFFER_NONE);
    return is(m, "product_search") ? not_in_data() : ask_product(s, m);
}

static struct decision talk(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    bool chat = is(m, "small_talk") || is(m, "off_topic") || is(m, "praise");
    struct decision d = act(chat && f->knowledge == KNOWLEDGE_FOUND && f->small_talk ? ACT_KNOWLEDGE : ACT_TALK,
                            beside(m->intent));
    if (chat && s->chat >= CHAT_TURNS) {
        d.act = ACT_TALK;
        d.enough = true;
    }
    d.needs_person = is(m, "feedback_suggest");
    d.close = is(m, "goodbye") && !f->open;
    if (is(m, "abuse"))
        d.offer = OFFER_BUTTON;
    return d;
}

static struct decision steer(const struct bot_state *s, const struct meaning *m)
{
    const struct intent *last = intent_find(s->intent);
    if (is(m, "confirm_yes")) /* "yes" to what only a person can do for the buyer */
        return act(ACT_YES, last != NULL ? beside(last) : OFFER_NONE);
    if (is(m, "confirm_no"))
        return act(ACT_NO, OFFER_NONE);
    if (is(m, "switch_language"))
        return act(ACT_LANGUAGE, OFFER_NONE);
    return is(m, "human_hours") ? act(ACT_HOURS, OFFER_ASKED) : act(ACT_QUEUE, OFFER_BUTTON);
}

struct decision decide_answer(const struct bot_state *s, const struct meaning *m, const struct facts *f)
{
    enum flow flow = m->intent->flow;
    if (f->emergency && f->knowledge == KNOWLEDGE_FOUND && flow != FLOW_TALK && flow != FLOW_STEER)
        return act(ACT_KNOWLEDGE, beside(m->intent));
    switch (flow) {
    case FLOW_KNOWLEDGE: return by_knowledge(m->intent, f);
    case FLOW_ORDER: return about_order(s, m, f);
    case FLOW_SHIPPING: return about_shipping(s, m, f);
    case FLOW_TASK: return decide_about_task(s, m, f);
    case FLOW_MISSING: return f->guest ? act(ACT_SIGN_IN, OFFER_BUTTON) : act(ACT_ANSWER, OFFER_BUTTON);
    case FLOW_PRODUCT:
    case FLOW_SIZE:
    case FLOW_STOCK:
    case FLOW_PRICE:
    case FLOW_RULE: return about_product(s, m, f);
    case FLOW_SEARCH:
    case FLOW_COMPARE: return about_search(s, m, f);
    case FLOW_TALK: return talk(s, m, f);
    case FLOW_STEER: return steer(s, m);
    case FLOW_UNCLEAR:
        if (f->knowledge == KNOWLEDGE_FOUND)
            return act(ACT_KNOWLEDGE, OFFER_NONE);
        return f->product == PRODUCT_KNOWN && f->product_named ? act(ACT_SHOW_PRODUCT, OFFER_NONE) : not_understood(s);
    case FLOW_PERSON:
    case FLOW_URGENT:
    case FLOW_SAFETY: break; /* decided before an answer is thought of */
    }
    return act(ACT_HAND_OVER, OFFER_NONE);
}
