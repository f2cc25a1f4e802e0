/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Name pairs: which two characters stand side by side in what a shop's products are called. Words in which none of them do
 * name no product, and most questions are such words: they need not be searched for. Pure; immutable once filled.
 */

#include "trade/product.h"

struct name_pairs {
    uint64_t bits[1024]; /**< of hashes of pairs: a bit that is not set is a pair that stands nowhere */
    bool alone;          /**< a single character may name a product: nothing can be said then */
};

/** Takes note of all that @p p is called. */
void name_pairs_add(struct name_pairs *np, const struct product *p);
/** False when product_named() is below PRODUCT_NAMED for every product of these. @param folded  normalise()d */
bool name_pairs_may_name(const struct name_pairs *np, struct str folded);
