/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Orders of a buyer in memory, as of one version of the shop's orders (shop.orders): a buyer who talks asks about the same
 * ones turn after turn. Immutable; shared by threads. Bounded: ORDER_CACHE_PLACES buyers, the next one that falls on a place
 * takes it over.
 *
 *     const struct order_book *k = order_cache_hold(cache, tx, tenant_id, buyer, shop.orders);   // in a store_read()
 *     …order_book_orders(k, &n)…
 *     order_cache_release(cache, k);                                                             // after the reply was written
 */

#include "trade/order_store.h"

#define ORDER_CACHE_PLACES 4096

struct order_cache;
struct order_book;

must_use struct order_cache *order_cache_new(void);
/** Nobody may hold a book any more. NULL is fine. */
void order_cache_free(struct order_cache *oc);
/**
 * What order_list() gives, read at most once a version. In a store_read(), not on the writer thread.
 * @return NULL at a store fault
 */
must_use const struct order_book *order_cache_hold(struct order_cache *oc, struct tx *tx, int64_t tenant_id,
                                                   struct str buyer, int64_t version);
/** NULL is fine. */
void order_cache_release(struct order_cache *oc, const struct order_book *book);
const struct order *order_book_orders(const struct order_book *book, size_t *ret_n);
