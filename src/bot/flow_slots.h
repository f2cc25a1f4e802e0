/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Slots: what a job knows of the buyer's wish, read from words, forms and choices. What is personal is kept sealed between two
 * turns. Pure, apart from the sealing.
 */

#include "bot/flow.h"
#include "nlu/understand.h"
#include "trade/product.h"

#define FLOW_TEXT_MOST  200 /**< characters of a note, of what happened */
#define FLOW_VALUE_MOST 80  /**< characters of a part of an address, of a title */

/** The personal part. */
struct flow_secret {
    struct str name, phone, region, detail; /**< of an address; phone also alone */
    struct str text, title, tax_id;
    bool filled_in; /**< by a form: what is said again is masked */
};

void flow_secret_open(struct arena *a, int64_t tenant_id, struct str sealed, struct flow_secret *ret);
/** Empty when there is nothing to keep. In @p a. */
struct str flow_secret_seal(struct arena *a, int64_t tenant_id, const struct flow_secret *s);

/** What one message may tell. */
struct flow_told {
    struct arena *arena;
    struct str language;
    struct str text;                   /**< what holds of it; empty: no words */
    const struct understanding *heard; /**< NULL: no words */
    struct str chosen;                 /**< value of an option, or empty */
    struct str form;                   /**< values of a form, JSON, or empty */
    struct str upload;                 /**< id of a photo, or empty */
    bool begins;                       /**< it began the job */
    bool rewords;                      /**< its words take the place of those that were told before */
};
/** What the words are held against. */
struct flow_known {
    const struct order *order;         /**< NULL: not known yet */
    const struct order_item *item;     /**< NULL: not known yet */
    const struct product *product;     /**< of the item; NULL: not in the catalog */
    struct str product_named;          /**< id of the product that the words name, or empty */
};

/**
 * Takes into @p t and @p s what @p told says for the steps of @p p.
 * @param waited  the step that waits, or NULL
 * @return true when something was taken
 */
bool flow_take(const struct flow_plan *p, const struct flow_stage *waited, const struct flow_told *told,
               const struct flow_known *known, struct task *t, struct flow_secret *s);

/** @p detail with what @p text corrects: "文三路1号" and "是2号楼" give "文三路1号2号楼", "3号" gives "文三路3号";
 * a number without a unit where it is called the house number. Empty: nothing. */
struct str flow_amend(struct arena *a, struct str language, struct str detail, struct str text);
/** "浙江省/杭州市/西湖区" and a street as people write them: from the large to the small without gaps, a city that is its own
 *  province once; in Latin letters the other way round with commas, the postal code last. */
struct str flow_place(struct arena *a, struct str region, struct str detail);
/** Who receives it, where @p text says just that: "收件人王五", "the recipient is Bob Stone". Empty: it does not. */
struct str flow_receiver(struct arena *a, struct str language, struct str text);
/** The variant that is meant: by its values, "a size larger"; NULL: none, or not one. @p of  the one bought */
const struct sku *flow_sku(struct arena *a, const struct product *p, struct str of, struct str language, struct str text);
/** The parts of an address among the entities; empty where the text does not say. @return how many */
size_t flow_address(const struct entity *entities, size_t n, struct flow_secret *ret);
