/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Meaning: an order of precedence, one function a step.
 *
 * Invariants   1. A word that must not be missed (bot/words.h) counts before everything.
 *              2. There is always a meaning: "unclear" when nothing else holds.
 */
#include "bot/meaning.h"

#include <string.h>

#include "bot/follow.h"

#define BY_CONTEXT 0.9 /* confidence in what follows from the talk, not from the words */
#define OWN_MATTER 0.8 /* a guess above it stands against the last question, when it is not a vague one */
#define LIKELY_LEAST 0.5 /* from it on an answer that does nothing is given without being sure */
#define JOB_LEAST 0.3 /* the same of a job about an order that is named: it is confirmed before anything is done */
#define SURE_LEAST 0.4 /* a guess below it is asked back whatever the model's own threshold says */

static bool is(const struct meaning *m, const char *id)
{
    return strcmp(m->intent->id, id) == 0;
}

static void mean(struct meaning *m, const struct intent *intent, enum meaning_by by, double confidence)
{
    m->intent = intent;
    m->by = by;
    m->confidence = confidence;
}

static const struct intent *asked_for(const struct bot_state *s)
{
    return intent_find(s->ask_intent);
}

static bool has_entity(const struct understanding *u, enum entity_kind kind)
{
    for (size_t i = 0; i < u->entity_count; i++)
        if (u->entities[i].kind == kind)
            return true;
    return false;
}

/** Buttons and cards: what was pressed beats every word. */
static bool mean_pressed(const struct bot_state *s, const struct said *in, struct meaning *m)
{
    const struct intent *intent = intent_find(in->intent);
    if (in->wants_human)
        intent = intent_find(STR("human_request"));
    if (intent != NULL) {
        mean(m, intent, BY_BUTTON, 1);
        return true;
    }
    bool pending = (s->ask == ASK_ORDER && in->order_id.n > 0) || (s->ask == ASK_PRODUCT && in->product_id.n > 0);
    if (pending && asked_for(s) != NULL) {
        mean(m, asked_for(s), BY_LIST, 1);
        return true;
    }
    if (in->is_card && in->order_id.n > 0) {
        mean(m, intent_find(STR("order_status")), BY_CARD, 1);
        return true;
    }
    if (in->is_card && in->product_id.n > 0) {
        mean(m, intent_find(STR("product_attribute")), BY_CARD, 1);
        return true;
    }
    return false;
}

/** The open question that a list of this kind belongs to: the last one, or the one that was left open; else NULL. */
static const struct intent *open_for(const struct bot_state *s, enum ask ask)
{
    if (s->ask == ask)
        return asked_for(s);
    return s->aside == ask ? intent_find(s->aside_intent) : NULL;
}

/** What is asked of something on the list that nobody asked to choose from: what the words ask, else the last question. */
static void mean_of_list(const struct bot_state *s, enum list list, struct meaning *m)
{
    const struct intent *last = intent_find(s->intent);
    unsigned need = list == LIST_ORDERS ? NEED_ORDERS : NEED_PRODUCT;
    if (intent_is_topic(m->intent) && (m->intent->needs & need) != 0 && m->confidence >= SURE_LEAST)
        m->by = BY_LIST;
    else if (last != NULL && (last->needs & need) != 0 && last->flow != FLOW_SEARCH && last->flow != FLOW_COMPARE)
        mean(m, last, BY_FOLLOW, BY_CONTEXT);
    else if (list == LIST_ORDERS)
        mean(m, intent_find(STR("order_status")), BY_LIST, BY_CONTEXT);
    else
        mean(m, intent_find(STR("product_attribute")), BY_CARD, BY_CONTEXT);
}

/** "the second one", said to a list that is still on the screen. */
static bool mean_listed(const struct bot_state *s, const struct said *in, struct meaning *m)
{
    if (in->place < 0 || (size_t)in->place >= s->option_count)
        return false;
    struct str option = s->options[in->place];
    if (s->list == LIST_INTENTS && intent_find(option) == NULL)
        return false;
    if (s->list == LIST_INTENTS) {
        mean(m, intent_find(option), BY_LIST, 1);
        return true;
    }
    const struct intent *open = open_for(s, s->list == LIST_ORDERS ? ASK_ORDER : ASK_PRODUCT);
    bool other = intent_is_topic(m->intent) && m->confidence >= OWN_MATTER && !follow_is_vague(m->intent);
    if (open != NULL && !other)
        mean(m, open, BY_LIST, 1);
    else
        mean_of_list(s, s->list, m);
    if (s->list == LIST_ORDERS)
        m->order_id = option;
    else
        m->product_id = option;
    return true;
}

/** Yes, no, or a value, said to what the bot asked. */
static bool mean_answered(const struct bot_state *s, const struct said *in, struct meaning *m)
{
    const struct understanding *u = in->understood;
    bool yes = is(m, "confirm_yes"), no = is(m, "confirm_no");
    bool listed = s->ask == ASK_ORDER || s->ask == ASK_PRODUCT; /* "yes" to a list can only mean the offer beside it */
    bool beside = listed && s->beside && s->option_count != 1;
    if ((s->ask == ASK_PERSON || beside) && (yes || no)) {
        m->by = BY_ANSWER;
        m->accepts = yes;
        m->refuses = no;
        if (yes)
            m->intent = intent_find(STR("human_request"));
        return true;
    }
    if (yes && s->option_count == 1 && s->ask != ASK_NOTHING && s->ask != ASK_SIZE) {
        struct said first = *in;
        first.place = 0;
        return mean_listed(s, &first, m);
    }
    bool measure = has_entity(u, ENTITY_HEIGHT) || has_entity(u, ENTITY_WEIGHT) || has_entity(u, ENTITY_FOOT);
    if (s->ask == ASK_SIZE && measure && asked_for(s) != NULL) {
        mean(m, asked_for(s), BY_ANSWER, 1);
        return true;
    }
    return false;
}

/** The last question, or the one just asked, with another value: "红色的呢", "不对，是昨天那单". */
static bool mean_followed(const struct bot_state *s, const struct said *in, struct meaning *m)
{
    const struct marks *k = in->marks;
    if (k == NULL || (k->rest > 0 && !in->names_product && !in->names_variant))
        return false; /* it says more than a value */
    unsigned slots = follow_slots(in->understood, k) | (in->names_product ? (unsigned)SLOT_PRODUCT : 0) |
                     (in->names_variant ? (unsigned)SLOT_COLOUR : 0);
    bool open = s->ask == ASK_ORDER || s->ask == ASK_PRODUCT;
    const struct intent *last = open ? asked_for(s) : intent_find(s->intent);
    bool said_so = k->follows || in->corrects || open;
    if ((slots & (SLOT_NUMBER | SLOT_PRODUCT | SLOT_DAY)) != 0 && !said_so)
        return false; /* a number or a name alone begins something new */
    const struct intent *to = follow_intent(last, slots);
    if (to == NULL)
        return false;
    mean(m, to, open ? BY_LIST : in->corrects ? BY_CORRECT : BY_FOLLOW, BY_CONTEXT);
    return true;
}

/** "why?", "back to my question". */
static bool mean_of_talk(const struct bot_state *s, const struct said *in, struct meaning *m)
{
    const struct intent *last = intent_find(s->intent);
    if (in->marks == NULL)
        return false;
    if (in->marks->back && intent_find(s->aside_intent) != NULL) {
        mean(m, intent_find(s->aside_intent), BY_RETURN, BY_CONTEXT);
        return true;
    }
    if (!in->marks->why || last == NULL)
        return false;
    mean(m, follow_why(last), BY_FOLLOW, BY_CONTEXT);
    return true;
}

/** True when the classifier thought of it at all. */
static bool is_guessed(const struct understanding *u, const char *intent)
{
    for (size_t i = 0; i < u->best_count; i++)
        if (str_eq_c(u->best[i].intent, intent))
            return true;
    return false;
}

/** True when the guesses lie between wishes that all end with a person, and the plain one is among them: "有没有人工啊".
 *  Asking once is enough (design.md, section 3, 8): the bot does not ask back which of them was meant. */
static bool wants_somebody(const struct understanding *u)
{
    static const char *const wishes[] = {"human_request",     "agent_specific",  "complain_bot",     "complain_agent",
                                         "complain_no_reply", "callback_request", "human_hours", "queue_status"};
    if (u->best_count == 0 || !is_guessed(u, "human_request"))
        return false;
    for (size_t i = 0; i < COUNT(wishes); i++)
        if (str_eq_c(u->best[0].intent, wishes[i]))
            return true;
    return false;
}

static bool opens_case(const struct intent *in)
{
    return in != NULL && in->action != NULL && (strcmp(in->action, "case.open") == 0 || strcmp(in->action, "order.cancel") == 0);
}

/** A number with words beside it that are nearest to a job: "hurry E10030 up". */
static bool wants_job(const struct said *in)
{
    const struct understanding *u = in->understood;
    const struct intent *best = u->best_count > 0 ? intent_find(u->best[0].intent) : NULL;
    return best != NULL && best->flow == FLOW_TASK && u->best[0].confidence >= JOB_LEAST && in->marks != NULL &&
           in->marks->rest > 0;
}

/** "When do I get the money?", behind a request for it: of the case, although the words alone do not say so. */
static bool case_goes_on(const struct bot_state *s, const struct said *in)
{
    bool asks = in->going || is_guessed(in->understood, "refund_progress") || is_guessed(in->understood, "refund_arrival");
    const struct intent *last = intent_find(s->intent);
    return asks && last != NULL && (opens_case(last) || strcmp(last->id, "refund_progress") == 0);
}

/** What is left when the classifier is not sure. */
static void mean_unsure(const struct bot_state *s, const struct said *in, struct meaning *m)
{
    const struct understanding *u = in->understood;
    const struct intent *last = intent_find(s->intent);
    bool variant = has_entity(u, ENTITY_COLOUR) || has_entity(u, ENTITY_SIZE);
    if (intent_find(in->warning) != NULL)
        mean(m, intent_find(in->warning), BY_ALARM, BY_CONTEXT);
    else if (intent_find(in->hint) != NULL)
        mean(m, intent_find(in->hint), BY_WORDS, LIKELY_LEAST);
    else if (case_goes_on(s, in))
        mean(m, intent_find(STR("refund_progress")), BY_WORDS, LIKELY_LEAST);
    else if (wants_somebody(u))
        mean(m, intent_find(STR("human_request")), BY_WORDS, m->confidence);
    else if ((s->ask == ASK_ORDER || s->ask == ASK_PRODUCT) && asked_for(s) != NULL)
        mean(m, asked_for(s), BY_LIST, BY_CONTEXT); /* the name of what is meant: the reading will find it */
    else if (has_entity(u, ENTITY_ORDER_NO) && wants_job(in))
        mean(m, intent_find(u->best[0].intent), BY_WORDS, LIKELY_LEAST);
    else if (has_entity(u, ENTITY_ORDER_NO))
        mean(m, intent_find(STR("order_status")), BY_NUMBER, BY_CONTEXT);
    else if (has_entity(u, ENTITY_TRACKING_NO))
        mean(m, intent_find(STR("ship_track")), BY_NUMBER, BY_CONTEXT);
    else if (variant && is_guessed(u, "stock_query"))
        mean(m, intent_find(STR("stock_query")), BY_WORDS, m->confidence);
    else if (variant && last != NULL &&
             (last->flow == FLOW_STOCK || last->flow == FLOW_PRODUCT || last->flow == FLOW_PRICE))
        mean(m, last->flow == FLOW_PRICE ? last : intent_find(STR("stock_query")), BY_FOLLOW, BY_CONTEXT);
    else
        mean(m, intent_unclear(), BY_WORDS, m->confidence);
}

/** True when a guess that is likelier than not only tells something: an answer beside the point costs less there than
 *  asking back. Whoever hands over, steers or ends a talk has to be sure. */
static bool may_be_told(const struct intent *in, double confidence)
{
    switch (in->flow) {
    case FLOW_KNOWLEDGE:
    case FLOW_PRODUCT:
    case FLOW_SIZE:
    case FLOW_STOCK:
    case FLOW_PRICE:
    case FLOW_RULE:
    case FLOW_ORDER:
    case FLOW_SHIPPING:
    case FLOW_TASK: /* nothing is done before the buyer has confirmed it */
    case FLOW_MISSING: return confidence >= LIKELY_LEAST;
    case FLOW_SEARCH:
    case FLOW_COMPARE:
    case FLOW_TALK:
    case FLOW_STEER:
    case FLOW_UNCLEAR:
    case FLOW_PERSON:
    case FLOW_URGENT:
    case FLOW_SAFETY: break;
    }
    return false;
}

/** "Not the hat, but the coat stays": an order is cancelled whole, one of its pieces is paid back. Another wish for goods that are
 *  there already stays what it is. */
static bool is_piece(const struct said *in, const struct intent *guessed)
{
    bool cancels = strcmp(guessed->id, "order_cancel") == 0;
    return in->keeps && (cancels || (in->unwanted && !opens_case(guessed)));
}

void meaning_find(const struct bot_state *s, const struct said *in, struct meaning *ret)
{
    *ret = (struct meaning){.order_id = in->order_id, .product_id = in->product_id};
    mean(ret, intent_unclear(), BY_WORDS, 0);
    if (in->understood == NULL) {
        (void)mean_pressed(s, in, ret); /* else: a message without anything in it is unclear */
        return;
    }
    if (intent_find(in->alarm) != NULL) {
        mean(ret, intent_find(in->alarm), BY_ALARM, 1);
        return;
    }
    if (mean_pressed(s, in, ret))
        return;
    const struct guess *best = &in->understood->best[0];
    const struct intent *guessed = in->understood->best_count > 0 ? intent_find(best->intent) : NULL;
    bool piece = guessed != NULL && is_piece(in, guessed);
    guessed = piece ? intent_find(STR("refund_only_apply")) : guessed;
    if (guessed != NULL)
        mean(ret, guessed, BY_WORDS, piece ? MAX(best->confidence, LIKELY_LEAST) : best->confidence);
    if (mean_listed(s, in, ret) || mean_answered(s, in, ret) || mean_followed(s, in, ret) || mean_of_talk(s, in, ret))
        return;
    if (intent_find(in->undone) != NULL) {
        mean(ret, intent_find(in->undone), BY_WORDS, BY_CONTEXT); /* done once more, the other way round */
        return;
    }
    if (in->going && opens_case(guessed) && guessed->flow == FLOW_TASK) {
        mean(ret, intent_find(STR("refund_progress")), BY_WORDS, best->confidence); /* how far it is, not another one */
        return;
    }
    bool told = guessed != NULL && may_be_told(guessed, ret->confidence) && intent_find(in->warning) == NULL;
    if (!told && (!in->understood->sure || guessed == NULL || best->confidence < SURE_LEAST))
        mean_unsure(s, in, ret);
}

const char *meaning_by_name(enum meaning_by by)
{
    static const char *const names[] = {
        [BY_WORDS] = "words", [BY_BUTTON] = "button", [BY_CARD] = "card",     [BY_LIST] = "list",
        [BY_ANSWER] = "answer", [BY_ALARM] = "alarm", [BY_NUMBER] = "number", [BY_FOLLOW] = "follow",
        [BY_CORRECT] = "correct", [BY_RETURN] = "return",
    };
    return names[by];
}
