/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is known of an alarm when it is due, for care_decide() and for the words. Reads, decides nothing. */

#include "bot/care_say.h"
#include "trade/care_store.h"
#include "trade/order_clock_service.h"

#define CARE_SHOPS 8

/** The shops of a batch: their rules and products are read once. In a store_read(). */
struct care_shops {
    struct catalog_cache *catalogs;
    struct care_shop {
        int64_t tenant_id;
        struct order_rules rules;
        const struct catalog *catalog; /**< held until care_shops_done() */
    } of[CARE_SHOPS];
    size_t n;
};
void care_shops_done(struct care_shops *s);

/** One alarm with all that is known of it. */
struct care_case {
    struct order order;
    struct trade_case returned;  /**< of ORDER_CLOCK_CARE_RETURN */
    struct care_facts facts;
    struct care_words words;
    bool has_open;               /**< the buyer has an open conversation */
};
/** @param event  of care_sent. Memory in @p a and in @p ret, which stays where it is. 0, or STORE_FAULT */
must_use int care_case_read(struct tx *tx, struct arena *a, struct care_shops *shops, const struct order_clock_row *row,
                            struct str event, int64_t now_ms, struct care_case *ret);
/** What was sent to the buyer by now, into @p f. */
must_use int care_facts_past(struct tx *tx, int64_t tenant_id, struct str buyer, struct str event, int64_t now_ms,
                             struct care_facts *f);
