/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Gather: reads what a turn's intent needs, and nothing else: the buyer's orders, the product that is meant, the stored
 * entry that answers. Everything is read in one store_read(), of this buyer and this shop only.
 */

#include "account/shop.h"
#include "bot/decide.h"
#include "bot/ear.h"
#include "bot/flow_plan.h"
#include "knowledge/knowledge_base.h"
#include "trade/catalog.h"
#include "trade/order_cache.h"
#include "trade/rules.h"

#define GATHER_OPTIONS 3 /**< products offered when it is open which one is meant */
#define GATHER_NEAR    4 /**< stored questions kept as "did you mean" */
#define GATHER_ATTRIBUTES 3

/** Who asks what. */
struct gather_question {
    const struct ear *ear;           /**< with which the text was heard */
    struct store *store;
    struct catalog_cache *catalogs;
    struct knowledge_cache *knowledge;
    struct rules_cache *rules;
    struct order_cache *orders;
    const struct shop *shop;
    struct str buyer;                /**< empty: a guest */
    struct str channel, language;
    struct str text;                 /**< empty: no words */
    struct str wording;              /**< what stored answers are looked up by, when it is more than the text; or empty */
    const struct marks *marks;       /**< of the text; NULL: none */
    struct str page_product, page_order;
    const struct understanding *understood; /**< NULL: no words */
    const struct meaning *meaning;
    const struct bot_state *state;
    const struct flow_plan *plan;    /**< of the job that is asked for; NULL: none */
    bool goes_on;                    /**< the message is about the job in `state->task` */
    int64_t now_ms;
};

struct gathered {
    /* orders */
    const struct order_book *book;   /**< held until gather_done(): owns the orders; NULL when not needed */
    const struct order *orders;
    size_t order_count;
    struct pick pick;
    struct order_clocks clocks;      /**< as when the picked order was placed */
    struct order_trouble trouble;    /**< of the picked order */
    /* products */
    const struct catalog *catalog;   /**< held until gather_done(); NULL when not needed */
    const struct product *product;   /**< the one that is meant */
    const struct product *other;     /**< the second one of a comparison */
    bool product_named;
    const struct product *options[GATHER_OPTIONS];
    size_t option_count;
    bool options_near;               /**< a search found nothing that the words name, only what comes close */
    const struct attribute *attributes[GATHER_ATTRIBUTES];
    size_t attribute_count;
    struct str asked_attribute;      /**< what was asked and is not in the data, or empty */
    struct sku_match skus;
    bool unknown_colour;             /**< a colour was named that the product does not come in */
    struct body body;                /**< measures told now or before */
    struct size_advice size;
    /* knowledge */
    const struct knowledge_base *base; /**< held until gather_done() */
    struct knowledge_context asked;    /**< with what it was asked */
    struct knowledge_choice choice;
    struct knowledge_near near[GATHER_NEAR]; /**< "did you mean"; may be left empty when nothing can be offered */
    size_t near_count;

    struct facts facts;
};

/** Fills @p ret; memory in @p a. @return 0 or STORE_FAULT; gather_done() is due in either case. */
must_use int gather(const struct gather_question *q, struct arena *a, struct gathered *ret);
/**
 * What was nearest to the words that stored answers were asked by, however far it is: `near` holds it only when something
 * is near enough to be offered. Before gather_done(). @return false when nothing was asked, or nothing is near at all
 */
must_use bool gather_nearest(const struct gather_question *q, struct arena *a, const struct gathered *g,
                             struct knowledge_near *ret);
void gather_done(const struct gather_question *q, struct gathered *g);
