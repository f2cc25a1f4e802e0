/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Catalog: a shop's products in memory with a search index, as of one catalog version (shop.catalog). Immutable; shared
 * by threads through the cache.
 *
 *     const struct catalog *c = catalog_hold(cache, tx, tenant_id);   // in a store_read()
 *     n = catalog_find(c, a, text, hits, COUNT(hits));
 *     …
 *     catalog_release(cache, c);                                      // after the reply was written
 */

#include "store/store.h"
#include "trade/product.h"

struct catalog;
struct catalog_cache;

must_use struct catalog_cache *catalog_cache_new(void);
/** Nobody may hold a catalog any more. NULL is fine. */
void catalog_cache_free(struct catalog_cache *cc);
/**
 * Holds the present catalog of @p tenant_id. The first one after an import reads all products (10,000: some 100 ms);
 * meanwhile others get the one before. In a store_read(), not on the writer thread.
 * @return NULL at a store fault
 */
must_use const struct catalog *catalog_hold(struct catalog_cache *cc, struct tx *tx, int64_t tenant_id);
/** The same for who has read the shop's catalog version in this very read already. */
must_use const struct catalog *catalog_hold_at(struct catalog_cache *cc, struct tx *tx, int64_t tenant_id,
                                               int64_t version);
void catalog_release(struct catalog_cache *cc, const struct catalog *c);

/** What cards need of the shop beside products. */
struct str catalog_currency(const struct catalog *c);
size_t catalog_count(const struct catalog *c);
/** By place 0..count-1, in order of ids. */
const struct product *catalog_at(const struct catalog *c, size_t i);
/** NULL when the shop has no such product. */
const struct product *catalog_product(const struct catalog *c, struct str product_id);
/** The product that has this SKU; NULL when none has. */
const struct product *catalog_product_of_sku(const struct catalog *c, struct str sku_id);

struct product_hit {
    const struct product *product;
    double named;  /**< product_named(): from PRODUCT_NAMED on the buyer means it */
    double match;  /**< of the search, 0..1 */
    bool written;  /**< its id, or a SKU's, stands in the text */
};
#define CATALOG_HITS 32 /**< all that a search can give */
/**
 * Products that @p text is about, best first; those whose ids are written in the text come first of all, in its order.
 * When the words as they stand name none, they are read as the shop would write them (trade/spelling.h): what leaves no
 * doubt counts nearly as much, what does stays below PRODUCT_NAMED.
 */
size_t catalog_find(const struct catalog *c, struct arena *a, struct str text, struct product_hit *ret, size_t max);
/**
 * False when the words surely name no product: then catalog_find() gives nothing that is named from PRODUCT_NAMED on, and
 * need not be asked by who looks for no less. Most questions are such; telling costs a third of finding.
 */
bool catalog_may_name(const struct catalog *c, struct arena *a, struct str text);
/** @p text with the shop's words put right where that leaves no doubt: for product_skus_named(). In @p a or @p text itself. */
struct str catalog_mended(const struct catalog *c, struct arena *a, struct str text);
/**
 * The one product that @p text names, or NULL; several of the same rank (two jackets for "冲锋衣") give NULL and their
 * number in @p ret_rivals, the hits being what catalog_find() gives.
 */
const struct product *catalog_meant(const struct catalog *c, struct arena *a, struct str text, size_t *ret_rivals);
/** The same, of all the hits of the text. */
const struct product *catalog_meant_among(const struct product_hit *hits, size_t n, size_t *ret_rivals);
