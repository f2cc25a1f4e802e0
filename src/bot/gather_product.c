/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gather, products: which product is meant, and what its data says to the question.
 *
 * How          Looked for in what was clicked, in the words, on the page, then in what was talked about before.
 */
#include "bot/gather_private.h"

#include <string.h>

#include "bot/narrow.h"
#include "bot/words.h"
#include "nlu/normalise.h"

/* How far words and a product must agree; measured on packs/LANG/demo. */
#define NAMED_BY_HALF 0.30 /* worth asking "do you mean this one?" */
#define MATCH_BY_HALF 0.30
#define NEAR_NAMED    0.10 /* worth showing as "comes close", when the words match as well … */
#define NEAR_MATCH    0.20
#define NEAR_BY_MATCH 0.40 /* … or by the match alone */

static int64_t entity_number(const struct understanding *u, enum entity_kind kind, int64_t otherwise)
{
    for (size_t i = 0; u != NULL && i < u->entity_count; i++)
        if (u->entities[i].kind == kind)
            return u->entities[i].number;
    return otherwise;
}

bool gather_hold_catalog(struct tx *tx, struct work_of_gather *w)
{
    const struct shop *s = w->q->shop;
    if (w->g->catalog == NULL)
        w->g->catalog = catalog_hold_at(w->q->catalogs, tx, s->tenant_id, s->catalog);
    return w->g->catalog != NULL;
}

/** What the words are about, searched once. The catalog is held. */
size_t gather_words_hits(struct work_of_gather *w, const struct product_hit **ret)
{
    if (w->hits == NULL) {
        w->hits = arena_raw(w->a, CATALOG_HITS * sizeof(*w->hits));
        w->hit_count = catalog_find(w->g->catalog, w->a, w->q->text, w->hits, CATALOG_HITS);
    }
    *ret = w->hits;
    return w->hit_count;
}

size_t gather_named_hits(struct work_of_gather *w, const struct product_hit **ret)
{
    if (w->hits != NULL || catalog_may_name(w->g->catalog, w->a, w->q->text))
        return gather_words_hits(w, ret);
    *ret = NULL;
    return 0;
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
    size_t n = MIN(gather_words_hits(w, &hits), (size_t)GATHER_RIVALS);
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
    size_t rivals, n = gather_named_hits(w, &hits);
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
    size_t n = MIN(gather_words_hits(w, &hits), (size_t)GATHER_OPTIONS);
    for (size_t i = 0; i < n; i++)
        if (hits[i].match >= MATCH_BY_HALF || hits[i].named >= NAMED_BY_HALF)
            offer_product(w->g, hits[i].product);
}

/** What the buyer looks for: what the words name, else what comes close to them. */
static void search(struct work_of_gather *w)
{
    const struct product_hit *hits;
    size_t n = MIN(gather_words_hits(w, &hits), (size_t)GATHER_OPTIONS);
    bool named = n > 0 && hits[0].named >= PRODUCT_NAMED;
    for (size_t i = 0; i < n; i++) {
        bool near = (hits[i].named >= NEAR_NAMED && hits[i].match >= NEAR_MATCH) || hits[i].match >= NEAR_BY_MATCH;
        if (named ? hits[i].named >= NAMED_BY_HALF : near)
            offer_product(w->g, hits[i].product);
    }
    w->g->options_near = !named;
}

const struct product *gather_meant(const struct work_of_gather *w, struct str part)
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
    size_t n = gather_words_hits(w, &hits);
    words_halves(w->q->language, w->q->text, &left, &right);
    const struct product *pool[] = {
        n > 0 && hits[0].written ? hits[0].product : NULL,
        n > 1 && hits[1].written ? hits[1].product : NULL,
        gather_meant(w, left),
        gather_meant(w, right),
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

int gather_products(struct tx *tx, struct work_of_gather *w)
{
    struct gathered *g = w->g;
    enum flow flow = w->q->meaning->intent->flow;
    if (!gather_hold_catalog(tx, w))
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
