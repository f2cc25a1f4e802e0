/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of gathering: what reads orders and entries (gather.c) and what reads products (gather_product.c) share. */

#include "bot/gather.h"

#define GATHER_RIVALS 8 /* looked at when several products are named equally well */

struct work_of_gather {
    const struct gather_question *q;
    struct arena *a;
    struct gathered *g;
    struct product_hit *hits; /* of the words; NULL: not searched yet, see gather_words_hits() */
    size_t hit_count;
};

static inline struct str entity_value(const struct understanding *u, enum entity_kind kind)
{
    for (size_t i = 0; u != NULL && i < u->entity_count; i++)
        if (u->entities[i].kind == kind)
            return u->entities[i].value.n > 0 ? u->entities[i].value : u->entities[i].text;
    return STR_NONE;
}

/** The shop's products as of its version; false at a store fault. */
must_use bool gather_hold_catalog(struct tx *tx, struct work_of_gather *w);
/** The products that the words are likest to, once a turn. */
size_t gather_words_hits(struct work_of_gather *w, const struct product_hit **ret);
/** The same when only a product that the words name counts: without a search when they surely name none. */
size_t gather_named_hits(struct work_of_gather *w, const struct product_hit **ret);
/** The product that a part of the words means, or NULL. */
const struct product *gather_meant(const struct work_of_gather *w, struct str part);
/** All that the intent needs of products. 0, or STORE_FAULT. */
must_use int gather_products(struct tx *tx, struct work_of_gather *w);
