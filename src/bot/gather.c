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
#include "bot/gather.h"

#include <string.h>

#include "bot/bot_private.h"
#include "bot/narrow.h"
#include "bot/words.h"
#include "knowledge/knowledge_store.h"
#include "nlu/normalise.h"
#include "trade/order_store.h"

/* How far words and a product must agree; measured on packs/LANG/demo. */
#define NAMED_BY_HALF 0.30 /* worth asking "do you mean this one?" */
#define MATCH_BY_HALF 0.30
#define RIVALS        8    /* looked at when several are named equally well */
#define NEAR_NAMED    0.10 /* worth showing as "comes close", when the words match as well … */
#define NEAR_MATCH    0.20
#define NEAR_BY_MATCH 0.40 /* … or by the match alone */

/* "Your service is bad" is near to "your quality is bad": below this match an intent of that confidence decides. */
#define WORDS_PLAIN  0.75
#define INTENT_PLAIN 0.70

struct work_of_gather {
    const struct gather_question *q;
    struct arena *a;
    struct gathered *g;
    bool searched;
    struct product_hit hits[CATALOG_HITS]; /* of the words; see words_hits() */
    size_t hit_count;
};

static struct str entity_value(const struct understanding *u, enum entity_kind kind)
{
    for (size_t i = 0; u != NULL && i < u->entity_count; i++)
        if (u->entities[i].kind == kind)
            return u->entities[i].value.n > 0 ? u->entities[i].value : u->entities[i].text;
    return STR_NONE;
}

static int64_t entity_number(const struct understanding *u, enum entity_kind kind, int64_t otherwise)
{
    for (size_t i = 0; u != NULL && i < u->entity_count; i++)
        if (u->entities[i].kind == kind)
            return u->entities[i].number;
    return otherwise;
}

static bool hold_catalog(struct tx *tx, struct work_of_gather *w)
{
    const struct shop *s = w->q->shop;
    if (w->g->catalog == NULL)
        w->g->catalog = catalog_hold_at(w->q->catalogs, tx, s->tenant_id, s->catalog);
    return w->g->catalog != NULL;
}

/* ---- products ------------------------------------------------------------------------------------------------- */

/** What the words are about, searched once. The catalog is held. */
static size_t words_hits(struct work_of_gather *w, const struct product_hit **ret)
{
    if (!w->searched)
        w->hit_count = catalog_find(w->g->catalog, w->a, w->q->text, w->hits, COUNT(w->hits));
    w->searched = true;
    *ret = w->hits;
    return w->hit_count;
}

static void offer_product(struct gathered *g, const struct product *p)
{
    for (size_t i = 0; i < g->option_count; i++)
        if (g->options[i] == p)
            return;
    if (g->option_count < GATHER_OPTIONS)
        g->options[g->option_count++] = p;
}

/** One of several that the words fit equally: the one that is looked at or was talked about, else they are offered. */
static const struct product *among_rivals(struct work_of_gather *w, const struct product *page,
                                          const struct product *last)
{
    const struct product_hit *hits;
    size_t n = MIN(words_hits(w, &hits), (size_t)RIVALS);
    for (size_t i = 0; i < n; i++)
        if (hits[i].named >= PRODUCT_NAMED && (hits[i].product == page || hits[i].product == last))
            return hits[i].product;
    for (size_t i = 0; i < n; i++)
        if (hits[i].named >= NAMED_BY_HALF)
            offer_product(w->g, hits[i].product);
    return NULL;
}

static bool words_name(const struct work_of_gather *w, const struct product *p)
{
    struct product_words words = product_words(normalise(w->a, w->q->text));
    return product_named(p, &words) >= PRODUCT_NAMED;
}

/** The product that is meant: clicked, then named, then on the page, then talked about. */
static void find_product(struct work_of_gather *w)
{
    struct gathered *g = w->g;
    const struct gather_question *q = w->q;
    const struct product *page = catalog_product(g->catalog, q->page_product);
    const struct product *last = catalog_product(g->catalog, q->state->product);
    g->product = catalog_product(g->catalog, q->meaning->product_id);
    if (g->product == NULL && q->meaning->by == BY_RETURN)
        g->product = last;
    if (g->product != NULL || q->text.n == 0)
        return;
    const struct product_hit *hits;
    size_t rivals, n = words_hits(w, &hits);
    g->product = catalog_meant_among(hits, n, &rivals);
    if (g->product == NULL && rivals > 0)
        g->product = among_rivals(w, page, last);
    g->product_named = g->product != NULL || g->option_count > 0;
    if (page != NULL && g->product != NULL && g->product != page && words_name(w, page))
        g->product = page; /* the words fit both: the one that is looked at */
    if (g->product == NULL && g->option_count == 0)
        g->product = page != NULL ? page : last;
}

/** What the buyer may have meant by words that name no product. */
static void find_options(struct work_of_gather *w)
{
    const struct product_hit *hits;
    size_t n = MIN(words_hits(w, &hits), (size_t)GATHER_OPTIONS);
    for (size_t i = 0; i < n; i++)
        if (hits[i].match >= MATCH_BY_HALF || hits[i].named >= NAMED_BY_HALF)
            offer_product(w->g, hits[i].product);
}

/** What the buyer looks for: what the words name, else what comes close to them. */
static void search(struct work_of_gather *w)
{
    const struct product_hit *hits;
    size_t n = MIN(words_hits(w, &hits), (size_t)GATHER_OPTIONS);
    bool named = n > 0 && hits[0].named >= PRODUCT_NAMED;
    for (size_t i = 0; i < n; i++) {
        bool near = (hits[i].named >= NEAR_NAMED && hits[i].match >= NEAR_MATCH) || hits[i].match >= NEAR_BY_MATCH;
        if (named ? hits[i].named >= NAMED_BY_HALF : near)
            offer_product(w->g, hits[i].product);
    }
    w->g->options_near = !named;
}

static const struct product *meant(const struct work_of_gather *w, struct str part)
{
    size_t rivals;
    return part.n > 0 ? catalog_meant(w->g->catalog, w->a, part, &rivals) : NULL;
}

/** Two products to compare: by their ids, or named on either side of "and", else one named and the one looked at or talked about. */
static void find_pair(struct work_of_gather *w)
{
    struct gathered *g = w->g;
    struct str left, right;
    const struct product_hit *hits;
    size_t n = words_hits(w, &hits);
    words_halves(w->q->language, w->q->text, &left, &right);
    const struct product *pool[] = {
        n > 0 && hits[0].written ? hits[0].product : NULL,
        n > 1 && hits[1].written ? hits[1].product : NULL,
        meant(w, left),
        meant(w, right),
        catalog_product(g->catalog, w->q->page_product),
        catalog_product(g->catalog, w->q->state->product),
    };
    g->product = g->other = NULL;
    for (size_t i = 0; i < COUNT(pool); i++) {
        if (pool[i] == NULL || pool[i] == g->product)
            continue;
        if (g->product == NULL)
            g->product = pool[i];
        else if (g->other == NULL)
            g->other = pool[i];
    }
}

static void take_body(struct work_of_gather *w)
{
    const struct understanding *u = w->q->understood;
    const struct bot_state *s = w->q->state;
    w->g->body = (struct body){
        .height_cm = entity_number(u, ENTITY_HEIGHT, s->height_cm),
        .weight_g = entity_number(u, ENTITY_WEIGHT, s->weight_g),
        .foot_mm = entity_number(u, ENTITY_FOOT, s->foot_mm),
    };
}

static enum data_known size_data(struct work_of_gather *w)
{
    struct gathered *g = w->g;
    if (strcmp(w->q->meaning->intent->id, "size_chart") == 0)
        return g->product->sizes.n > 0 ? DATA_FOUND : DATA_NONE;
    g->size = size_advise(&g->product->sizes, &g->body);
    if (g->size.answer == SIZE_NO_CHART)
        return DATA_NONE;
    return g->size.answer == SIZE_MISSING ? DATA_NEEDS_SLOT : DATA_FOUND;
}

/** The attributes that the words ask for, else those that the intent itself is about. */
static enum data_known attribute_data(struct work_of_gather *w)
{
    struct gathered *g = w->g;
    const struct intent *in = w->q->meaning->intent;
    const struct attribute_words *words = attribute_words(w->q->shop->language);
    if (strcmp(in->id, "package_content") == 0 && g->product->package_count > 0)
        return DATA_FOUND;
    struct str question = intent_question(w->q->shop->language, str_from(in->id));
    bool general = strcmp(in->id, "product_attribute") == 0;
    g->attribute_count = product_attributes_asked(g->product, words, w->a, w->q->text, g->attributes,
                                                  GATHER_ATTRIBUTES);
    if (g->attribute_count == 0 && !general)
        g->attribute_count = product_attributes_asked(g->product, words, w->a, question, g->attributes, 1);
    if (g->attribute_count > 0)
        return DATA_FOUND;
    g->asked_attribute = attribute_asked(words, w->a, w->q->text);
    if (g->asked_attribute.n == 0 && !general)
        g->asked_attribute = attribute_asked(words, w->a, question);
    return DATA_NONE;
}

static enum data_known rule_data(const struct work_of_gather *w)
{
    const struct product *p = w->g->product;
    bool warranty = strcmp(w->q->meaning->intent->id, "warranty_policy") == 0;
    return (warranty ? p->warranty_days >= 0 : p->seven_day.n > 0) ? DATA_FOUND : DATA_NONE;
}

/** True when one text stands in the other, folded: "黑" and "黑色", "black" and "Black / matt". Not a lone letter. */
static bool is_about(struct arena *a, struct str x, struct str y)
{
    struct str fx = normalise(a, x), fy = normalise(a, y);
    return fx.n > 1 && fy.n > 1 && (str_has(fx, fy) || str_has(fy, fx));
}

/** True when the words name a colour that the product does not come in. */
static bool names_unknown_colour(const struct work_of_gather *w)
{
    const struct sku_match *m = &w->g->skus;
    struct str colour = entity_value(w->q->understood, ENTITY_COLOUR);
    bool in_title = str_has(w->g->product->folded_title, normalise(w->a, colour)); /* "white duck down" */
    if (colour.n == 0 || in_title)
        return false;
    for (size_t i = 0; i < m->named; i++)
        if (is_about(w->a, m->named_attributes[i].value, colour))
            return false;
    return true;
}

static bool names_attribute(const struct sku_match *m, struct str name)
{
    for (size_t i = 0; i < m->named; i++)
        if (str_eq(m->named_attributes[i].name, name))
            return true;
    return false;
}

/** The variants that the words name; "and in red?" keeps the size that was asked for before. */
static struct sku_match skus_named(struct work_of_gather *w)
{
    const struct gather_question *q = w->q;
    const struct product *p = w->g->product;
    struct str text = catalog_mended(w->g->catalog, w->a, q->text);
    struct sku_match m = product_skus_named(w->a, p, text);
    if (!meaning_goes_on(q->meaning) || q->state->value_count == 0 || !str_eq(p->id, q->state->product))
        return m;
    struct buf b = {.arena = w->a};
    buf_str(&b, text);
    for (size_t i = 0; i < q->state->value_count; i++) {
        struct str value = q->state->values[i], name;
        if (!str_cut(&value, '=', &name) || names_attribute(&m, name))
            continue;
        buf_char(&b, ' ');
        buf_str(&b, value);
    }
    return product_skus_named(w->a, p, buf_view(&b));
}

/** What the data of the meant product says to the flow's question. */
static enum data_known product_data(struct work_of_gather *w)
{
    struct gathered *g = w->g;
    enum flow flow = w->q->meaning->intent->flow;
    if (flow == FLOW_SEARCH)
        return g->option_count > 0 ? DATA_FOUND : DATA_NONE;
    if (flow == FLOW_COMPARE)
        return g->other != NULL ? DATA_FOUND : DATA_NONE;
    if (g->product == NULL)
        return DATA_NONE;
    if (flow == FLOW_SIZE)
        return size_data(w);
    if (flow == FLOW_RULE)
        return rule_data(w);
    if (flow == FLOW_STOCK || flow == FLOW_PRICE) {
        g->skus = skus_named(w);
        g->unknown_colour = names_unknown_colour(w);
        return flow == FLOW_PRICE || g->product->sku_count > 0 ? DATA_FOUND : DATA_NONE;
    }
    return flow == FLOW_PRODUCT ? attribute_data(w) : DATA_NONE;
}

static int read_products(struct tx *tx, struct work_of_gather *w)
{
    struct gathered *g = w->g;
    enum flow flow = w->q->meaning->intent->flow;
    if (!hold_catalog(tx, w))
        return STORE_FAULT;
    take_body(w);
    if (flow == FLOW_SEARCH) {
        search(w);
    } else {
        find_product(w);
        if (flow == FLOW_COMPARE)
            find_pair(w);
        else if (g->product == NULL && flow != FLOW_KNOWLEDGE && flow != FLOW_UNCLEAR)
            find_options(w);
    }
    g->facts.data = product_data(w);
    g->facts.product = g->product != NULL      ? PRODUCT_KNOWN
                       : g->option_count > 0 ? PRODUCT_SEVERAL
                                             : PRODUCT_NOT_KNOWN;
    g->facts.product_named = g->product_named;
    return STORE_OK;
}

/* ---- orders --------------------------------------------------------------------------------------------------- */

static struct str product_in_words(struct work_of_gather *w)
{
    const struct product_hit *hits;
    size_t rivals, n = words_hits(w, &hits);
    const struct product *p = catalog_meant_among(hits, n, &rivals);
    if (p == NULL && rivals > 0) { /* "the jacket", of which only one was bought */
        n = MIN(n, (size_t)RIVALS);
        for (size_t i = 0; i < n && hits[i].named >= PRODUCT_NAMED; i++)
            for (size_t k = 0; k < w->g->order_count; k++)
                if (order_item_of(&w->g->orders[k], hits[i].product->id) != NULL)
                    return hits[i].product->id;
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
    if (!hold_catalog(tx, w))
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
        g->product = meant(w, q->text); /* "P301": the number of a product */
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

/** Flows whose answer is the same for every product: there the plainest question stands for the buyer's. */
static bool asks_plainly(enum flow flow)
{
    return flow == FLOW_KNOWLEDGE || flow == FLOW_TASK || flow == FLOW_SHIPPING || flow == FLOW_RULE;
}

/** True when the words found no entry, or found by likeness one that is about something else than the certain intent. */
static bool doubts_words(const struct work_of_gather *w)
{
    const struct knowledge_choice *c = &w->g->choice;
    const struct gather_question *q = w->q;
    struct understanding u;
    if (c->answer != KNOWLEDGE_FOUND)
        return true;
    if (c->match >= WORDS_PLAIN || q->meaning->confidence < INTENT_PLAIN || c->entry->layer == LAYER_EMERGENCY ||
        !ear_understand(q->ear, w->a, c->entry->question, q->shop->language, &u) || u.best_count == 0)
        return false;
    return !str_eq_c(u.best[0].intent, q->meaning->intent->id);
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
    struct str words = q->wording.n > 0 ? q->wording : q->text;
    if (words.n > 0)
        g->choice = knowledge_ask(g->base, w->a, words, &ctx, g->near, GATHER_NEAR, &g->near_count);
    struct str question = intent_question(q->shop->language, str_from(in->id));
    if (asks_plainly(in->flow) && question.n > 0 && doubts_words(w)) {
        struct knowledge_choice plain = knowledge_ask_again(g->base, w->a, question, &ctx);
        if (plain.answer == KNOWLEDGE_FOUND && plain.entry->layer != LAYER_EMERGENCY)
            g->choice = plain;
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
    if ((needs & NEED_PRODUCT) != 0 && read_products(tx, w) != STORE_OK)
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
