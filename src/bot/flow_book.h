/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The flows of a shop in memory, as of one catalog version: those that ship, each replaced by the shop's own live version.
 * Read once a version, immutable, shared by threads; a shop without versions of its own costs nothing.
 *
 *     const struct flow_book *k = flow_book_hold(cache, tx, tenant_id, shop.catalog);   // in a store_read()
 *     …flow_book_for(k, intent)…
 *     flow_book_release(cache, k);
 */

#include "bot/flow_plan.h"
#include "store/store.h"

#define FLOW_PLANS_MOST 64

struct flow_book;
struct flow_cache;

must_use struct flow_cache *flow_cache_new(void);
/** Nobody may hold a book any more. NULL is fine. */
void flow_cache_free(struct flow_cache *fc);
/** NULL at a store fault. In a store_read(), not on the writer thread. */
const struct flow_book *flow_book_hold(struct flow_cache *fc, struct tx *tx, int64_t tenant_id, int64_t version);
/** NULL is fine. */
void flow_book_release(struct flow_cache *fc, const struct flow_book *book);

/** Those that ship. Borrowed for ever. */
const struct flow_book *flow_book_shipped(void);
/** @p base with @p plan in the place of the one of its id: for trying a draft. Both must live as long; in @p a. */
const struct flow_book *flow_book_with(struct arena *a, const struct flow_book *base, const struct flow_plan *plan);
/** The plan that serves @p intent; NULL: none, or the shop does not want it. */
const struct flow_plan *flow_book_for(const struct flow_book *book, struct str intent);
/** By its id, also when it is off; NULL: none. */
const struct flow_plan *flow_book_plan(const struct flow_book *book, struct str id);
const struct flow_plan *const *flow_book_plans(const struct flow_book *book, size_t *ret_n);
/** The shipped document of a flow, as it stands in the pack; empty: none. */
struct str flow_shipped_doc(struct str id);
