/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gather: one read of the store, by the bits of the intent's row.
 *
 * How          Products, stored entries and the buyer's orders lie in memory, each as of the version that the shop's row
 *              tells; the shop itself may be two seconds old (account/shop.h). The product is looked for in what was clicked, in the words, on the page, then in what was
 *              talked about before. A stored entry is asked for by the buyer's words, and when these find none although
 *              the intent is certain, by the plainest way to ask for that intent.
 * Invariants   An order that is not this buyer's is never read.
 */
#include "bot/gather_private.h"

#include <string.h>

#include "bot/bot_private.h"
#include "bot/clause.h"
#include "bot/narrow.h"
#include "bot/words.h"
#include "knowledge/knowledge_store.h"
#include "nlu/normalise.h"
#include "trade/order_store.h"

/* "Your service is bad" is near to "your quality is bad": below this match an intent of that confidence decides. */
#define WORDS_PLAIN  0.75
#define INTENT_PLAIN 0.70

/* ---- orders --------------------------------------------------------------------------------------------------- */

static struct str product_in_words(struct work_of_gather *w)
{
    const struct product_hit *hits;
    size_t rivals, n = gather_named_hits(w, &hits);
    const struct product *p = catalog_meant_among(hits, n, &rivals);
    if (p == NULL && rivals > 0) { /* "the jacket", of which only one was bought */
        n = MIN(n, (size_t)GATHER_RIVALS);
        for (size_t i = 0; i < n && hits[i].named >= PRODUCT_NAMED; i++)
            for (size_t k = 0; k < w->g->order_count; k++)
                if (order_item_of(&w->g->orders[k], hits[i].product->id) != NULL)
                    return hits[i].product->id;
        p = hits[0].product; /* none of them: as good as any, to say that it was not bought */
    }
    return p != NULL ? p->id : STR_NONE;
}

/** What the intent is about. "It says delivered" is first about an order that says so. */
static struct order_fits fits_of(const struct intent *in)
{
    if (strcmp(in->id, "ship_signed_not_received") == 0)
        return (struct order_fits){ORDER_BIT(ORDER_DELIVERED),
                                   ORDER_BIT(ORDER_SHIPPED) | ORDER_BIT(ORDER_FINISHED)};
    return order_fits_intent(str_from(in->id));
}

/** True when one of the buyer's orders is in one of these statuses. */
static bool any_order(const struct work_of_gather *w, unsigned bits)
{
    for (size_t i = 0; i < w->g->order_count; i++)
        if ((ORDER_BIT(w->g->orders[i].status) & bits) != 0)
            return true;
    return false;
}

/** The order in talk, unless its status has nothing to do with what is asked now while another's has. */
static struct str current_order(const struct work_of_gather *w, struct order_fits fits)
{
    unsigned meant_by = any_order(w, fits.first) ? fits.first : fits.also;
    for (size_t i = 0; i < w->g->order_count; i++) {
        const struct order *o = &w->g->orders[i];
        if (str_eq(o->id, w->q->state->order) && (ORDER_BIT(o->status) & meant_by) == 0 && any_order(w, meant_by))
            return STR_NONE;
    }
    return w->q->state->order;
}

/** True when a bare day or colour can only be that of an order. */
static bool chooses_order(const struct meaning *m)
{
    enum flow flow = m->intent->flow;
    return m->by == BY_LIST || m->by == BY_CORRECT ||
           (m->by == BY_FOLLOW && (flow == FLOW_ORDER || flow == FLOW_SHIPPING || flow == FLOW_TASK));
}

static struct str number_in_words(const struct understanding *u)
{
    struct str order = entity_value(u, ENTITY_ORDER_NO);
    return order.n > 0 ? order : entity_value(u, ENTITY_TRACKING_NO);
}

/** True when the number is made as those of the buyer's own orders: then it is that of an order, if of nobody's here. */
static bool is_like_ours(const struct work_of_gather *w, struct str number)
{
    for (size_t i = 0; i < w->g->order_count; i++) {
        struct str id = w->g->orders[i].id;
        size_t same = 0;
        while (same < id.n && same < number.n && id.p[same] == number.p[same] && (id.p[same] < '0' || id.p[same] > '9'))
            same++;
        bool digits = same < id.n && id.p[same] >= '0' && id.p[same] <= '9';
        if (id.n == number.n && digits && number.p[same] >= '0' && number.p[same] <= '9')
            return true;
    }
    return w->g->order_count == 0;
}

/**
 * A job goes on with its order, whatever else its answers name, unless another order is plainly meant. What is no order's
 * number may be a waybill, or a company's.
 */
static void pick_for_task(struct work_of_gather *w, const struct pick_input *in)
{
    const struct gather_question *q = w->q;
    struct pick *pick = &w->g->pick;
    bool by_case = q->plan != NULL && q->plan->stages[0].want != WANT_ORDER;
    if (by_case && pick->reason == PICK_UNKNOWN && in->clicked.n == 0 && entity_value(q->understood, ENTITY_ORDER_NO).n == 0)
        *pick = (struct pick){.reason = PICK_NO_FIT};
    bool may_be_theirs = q->plan != NULL && (flow_wants(q->plan, WANT_TITLE) || flow_wants(q->plan, WANT_WAYBILL));
    if (may_be_theirs && pick->reason == PICK_UNKNOWN && in->clicked.n == 0 && !is_like_ours(w, pick->number)) { /* a company's number, or a carrier's */
        struct pick_input plain = *in;
        plain.number = plain.text = STR_NONE;
        *pick = order_pick(&plain);
    }
    bool named = pick->reason <= PICK_NAMED && (in->clicked.n > 0 || in->number.n > 0);
    if (!q->goes_on || q->state->task.order.n == 0 || named)
        return;
    for (size_t i = 0; i < w->g->order_count; i++)
        if (str_eq(w->g->orders[i].id, q->state->task.order))
            *pick = (struct pick){.reason = PICK_CURRENT, .order = &w->g->orders[i]};
    if (pick->reason != PICK_CURRENT)
        *pick = (struct pick){.reason = PICK_UNKNOWN, .number = q->state->task.order}; /* older than the list reaches */
}

static int read_orders(struct tx *tx, struct work_of_gather *w)
{
    const struct gather_question *q = w->q;
    struct gathered *g = w->g;
    int64_t tenant = q->shop->tenant_id;
    if (q->buyer.n == 0)
        return STORE_OK;
    g->book = order_cache_hold(q->orders, tx, tenant, q->buyer, q->shop->orders);
    if (g->book == NULL)
        return STORE_FAULT;
    g->orders = order_book_orders(g->book, &g->order_count);
    if (!gather_hold_catalog(tx, w))
        return STORE_FAULT;
    g->clocks = rules_cache_clocks(q->rules, tx, tenant, q->now_ms);
    struct order_fits fits = fits_of(q->meaning->intent);
    struct narrowing by;
    const struct narrow_input words = {
        .u = q->understood,
        .marks = q->marks,
        .goes_on = chooses_order(q->meaning),
        .corrects = q->meaning->by == BY_CORRECT,
        .zone = q->shop->time_zone,
        .now_ms = q->now_ms,
    };
    bool narrowed = narrow_read(&words, &by) && q->meaning->order_id.n == 0;
    bool why = q->meaning->by == BY_FOLLOW && q->marks != NULL && q->marks->why;
    struct pick_input in = {
        .orders = g->orders,
        .order_count = g->order_count,
        .clicked = q->meaning->order_id,
        .text = q->text,
        .number = number_in_words(q->understood),
        .product = q->text.n > 0 && g->order_count > 1 ? product_in_words(w) : STR_NONE,
        .current = why ? q->state->order : narrowed ? STR_NONE : current_order(w, fits),
        .entry = q->page_order,
        .fits = fits,
        .clocks = &g->clocks,
        .now_ms = q->now_ms,
    };
    if (narrowed && in.number.n == 0 && g->order_count > 1) {
        struct order *some = arena_array(w->a, struct order, g->order_count);
        in.order_count = narrow_orders(w->a, &by, g->orders, g->order_count, q->state->order, g->catalog, some);
        in.orders = some;
    }
    g->pick = order_pick(&in);
    pick_for_task(w, &in);
    struct order *old = arena_new(w->a, struct order);
    if (g->pick.reason == PICK_UNKNOWN && order_get(tx, w->a, tenant, q->buyer, g->pick.number, old) > 0) {
        g->pick.reason = PICK_NAMED; /* older than the list reaches */
        g->pick.order = old;
    }
    if (g->pick.order != NULL) {
        g->clocks = rules_cache_clocks(q->rules, tx, tenant, g->pick.order->created_ms);
        g->trouble = order_trouble(g->pick.order, &g->clocks, q->now_ms);
        g->facts.order_fits = (ORDER_BIT(g->pick.order->status) & (fits.first | fits.also)) != 0;
    }
    g->facts.pick = g->pick.reason;
    g->facts.order_trouble = g->trouble.kind > TROUBLE_UNFINISHED;
    if (g->pick.reason == PICK_UNKNOWN && q->meaning->by == BY_NUMBER) {
        g->product = gather_meant(w, q->text); /* "P301": the number of a product */
        g->facts.product = g->product != NULL ? PRODUCT_KNOWN : PRODUCT_NOT_KNOWN;
    }
    return STORE_OK;
}

/* ---- knowledge ------------------------------------------------------------------------------------------------ */

/**
 * Status that conditions are met with: of the order that is meant; of the likeliest of several, because all of them are in
 * a status that the intent is about; "none" when there is no order at all.
 */
static struct str order_status_of(const struct work_of_gather *w)
{
    const struct gathered *g = w->g;
    if (g->pick.order != NULL)
        return str_from(order_status_name(g->pick.order->status));
    if (g->pick.reason == PICK_AMBIGUOUS && g->pick.choice_count > 0)
        return str_from(order_status_name(g->pick.choices[0]->status));
    bool read = (w->q->meaning->intent->needs & NEED_ORDERS) != 0 && w->q->buyer.n > 0;
    return read && g->order_count == 0 ? STR("none") : STR_NONE;
}

/** By what stored answers are looked up. */
static struct str words_of(const struct gather_question *q)
{
    return q->wording.n > 0 ? q->wording : q->text;
}

/** Flows whose answer is the same for every product: there the plainest question stands for the buyer's. */
static bool asks_plainly(enum flow flow)
{
    return flow == FLOW_KNOWLEDGE || flow == FLOW_TASK || flow == FLOW_SHIPPING || flow == FLOW_RULE;
}

/** True when an entry that was found by likeness is about something else than the certain intent. @p u  its own question, if so */
static bool is_beside(const struct work_of_gather *w, const struct knowledge_choice *c, struct understanding *u)
{
    const struct gather_question *q = w->q;
    return c->match < WORDS_PLAIN && q->meaning->confidence >= INTENT_PLAIN && c->entry->layer != LAYER_EMERGENCY &&
           ear_understand(q->ear, w->a, c->entry->question, q->shop->language, u) && u->best_count > 0 &&
           !str_eq_c(u->best[0].intent, q->meaning->intent->id);
}

/** True when such an entry is surely about another matter: 能分开发货吗 (can it be split) is spelt like 能开发票吗 (can I have an
 *  invoice). Then nothing is stored for what was asked. */
static bool is_no_answer(const struct work_of_gather *w, const struct knowledge_choice *c)
{
    struct understanding u;
    return is_beside(w, c, &u) && u.sure && !clause_same_matter(u.best[0].intent, str_from(w->q->meaning->intent->id));
}

static int read_knowledge(struct tx *tx, struct work_of_gather *w)
{
    const struct gather_question *q = w->q;
    struct gathered *g = w->g;
    const struct intent *in = q->meaning->intent;
    g->base = knowledge_hold_at(q->knowledge, tx, q->shop->tenant_id, q->shop->catalog);
    if (g->base == NULL)
        return STORE_FAULT;
    struct knowledge_context ctx = {
        .now_ms = q->now_ms,
        .as_written = in->flow != FLOW_UNCLEAR && !asks_plainly(in->flow),
        .order_status = order_status_of(w),
        .product = g->product != NULL ? g->product->id : STR_NONE,
        .category = g->product != NULL ? g->product->category : STR_NONE,
        .language = q->language,
        .channel = q->channel,
    };
    g->asked = ctx;
    if (words_of(q).n > 0)
        g->choice = knowledge_ask(g->base, w->a, words_of(q), &ctx, g->near, GATHER_NEAR, &g->near_count);
    struct str question = intent_question(q->shop->language, str_from(in->id));
    struct understanding u;
    bool found = g->choice.answer == KNOWLEDGE_FOUND;
    if (asks_plainly(in->flow) && question.n > 0 && (!found || is_beside(w, &g->choice, &u))) {
        struct knowledge_choice plain = knowledge_ask_again(g->base, w->a, question, &ctx);
        if (plain.answer == KNOWLEDGE_FOUND && plain.entry->layer != LAYER_EMERGENCY)
            g->choice = plain;
        if (g->choice.answer == KNOWLEDGE_FOUND && is_no_answer(w, &g->choice))
            g->choice = (struct knowledge_choice){.answer = KNOWLEDGE_NONE};
    }
    g->facts.knowledge = g->choice.answer;
    g->facts.match = g->choice.match;
    g->facts.emergency = g->choice.entry != NULL && g->choice.entry->layer == LAYER_EMERGENCY;
    g->facts.small_talk = g->choice.entry != NULL && g->choice.entry->layer == LAYER_SMALL_TALK;
    return STORE_OK;
}

/* ---- all of it ------------------------------------------------------------------------------------------------ */

static uint64_t mix(uint64_t hash, struct str text)
{
    return (hash * 31) ^ str_hash(text);
}

/** What would be answered, as a number: the same number again is the same question again. */
static int64_t meaning_of(const struct work_of_gather *w)
{
    const struct gathered *g = w->g;
    const struct intent *in = w->q->meaning->intent;
    uint64_t h = str_hash(str_from(in->id));
    if (in->flow == FLOW_UNCLEAR || in->flow == FLOW_SEARCH)
        h = mix(h, normalise(w->a, w->q->text));
    bool stored = in->flow == FLOW_KNOWLEDGE || in->flow == FLOW_TASK;
    if (g->facts.knowledge == KNOWLEDGE_FOUND && stored)
        h = mix(0, g->choice.entry->id);
    if (g->pick.order != NULL && !stored) {
        const struct parcel_event *last = order_last_event(g->pick.order, NULL);
        h = mix(h, g->pick.order->id) + (last != NULL ? (uint64_t)last->at_ms : 0);
    }
    if (g->product != NULL && !stored)
        h = mix(h, g->product->id);
    for (size_t i = 0; i < g->attribute_count; i++)
        h = mix(h, g->attributes[i]->name);
    h = mix(h, g->asked_attribute);
    for (size_t i = 0; i < g->skus.named; i++)
        h = mix(h, g->skus.named_attributes[i].value);
    if (meaning_goes_on(w->q->meaning) || g->unknown_colour) /* another value is another question */
        h = mix(h, normalise(w->a, w->q->text));
    if (in->flow == FLOW_SIZE)
        h += (uint64_t)(g->body.height_cm + 1000 * g->body.weight_g + 7 * g->body.foot_mm);
    return (int64_t)(h & 0x7fffffff);
}

static bool in_task(const struct gather_question *q)
{
    return q->plan != NULL && (q->goes_on || q->meaning->by == BY_BUTTON);
}

static int gather_unit(struct tx *tx, void *arg)
{
    struct work_of_gather *w = arg;
    unsigned needs = w->q->meaning->intent->needs;
    if ((needs & NEED_PRODUCT) != 0 && gather_products(tx, w) != STORE_OK)
        return STORE_FAULT;
    if ((needs & NEED_ORDERS) != 0 && read_orders(tx, w) != STORE_OK)
        return STORE_FAULT;
    if (in_task(w->q))
        return STORE_OK; /* what was begun goes on: no stored answer can come between */
    if ((needs & NEED_KNOWLEDGE) != 0 && read_knowledge(tx, w) != STORE_OK)
        return STORE_FAULT;
    return STORE_OK;
}

int gather(const struct gather_question *q, struct arena *a, struct gathered *ret)
{
    *ret = (struct gathered){.pick = {.reason = PICK_NO_ORDERS}};
    ret->facts.pick = PICK_NO_ORDERS;
    ret->facts.guest = q->buyer.n == 0;
    ret->facts.open = q->state->callback_ms > q->now_ms;
    ret->facts.task = q->plan != NULL;
    ret->facts.task_order = q->plan != NULL && q->plan->main_count > 0 && q->plan->stages[0].want == WANT_ORDER &&
                            q->plan->stages[0].kind == FLOW_NEED;
    ret->facts.task_goes_on = q->goes_on;
    ret->facts.asks_how = q->plan != NULL && q->text.n > 0 && words_value(a, q->language, "how", q->text).n > 0;
    bool reminders = q->text.n > 0 && strcmp(q->meaning->intent->id, "stop_reminders") == 0;
    ret->facts.resumes = reminders && words_value(a, q->language, "resume", q->text).n > 0;
    struct work_of_gather w = {.q = q, .a = a, .g = ret};
    unsigned needs = q->meaning->intent->needs;
    if ((needs & (NEED_ORDERS | NEED_PRODUCT | NEED_KNOWLEDGE)) != 0 && store_read(q->store, gather_unit, &w) != STORE_OK)
        return STORE_FAULT;
    ret->facts.meaning = q->plan != NULL && ret->facts.knowledge != KNOWLEDGE_FOUND ? 0 : meaning_of(&w);
    return STORE_OK;
}

bool gather_nearest(const struct gather_question *q, struct arena *a, const struct gathered *g, struct knowledge_near *ret)
{
    if (g->near_count == 0)
        return g->base != NULL && words_of(q).n > 0 && knowledge_nearest(g->base, a, words_of(q), &g->asked, ret);
    *ret = g->near[0];
    return true;
}

void gather_done(const struct gather_question *q, struct gathered *g)
{
    if (g->catalog != NULL)
        catalog_release(q->catalogs, g->catalog);
    if (g->base != NULL)
        knowledge_release(q->knowledge, g->base);
    order_cache_release(q->orders, g->book);
    g->catalog = NULL;
    g->base = NULL;
    g->book = NULL;
}
