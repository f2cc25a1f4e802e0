/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Shop: the tenant. Its name, language, money, clock, opening hours and settings, for every room.
 *
 * Two ways to read one: shop_get() inside a unit of work, and shop_of() anywhere else, which answers from a cache
 * that is at most two seconds behind the store (another process may import while we serve).
 */

#include "account/account.h"
#include "account/hours.h"

#define SHOP_LANGUAGES 8

struct shop {
    int64_t tenant_id;
    struct str shop_id; /**< the merchant's own id; also the widget's `channel` */
    struct str name, language, currency, time_zone;
    bool self_operated;
    struct str settings; /**< JSON object: languages hours greeting faq quick theme ship_promise suggest reject_rate */
    struct hours hours;
    char languages[SHOP_LANGUAGES][4]; /**< setting `languages`: ISO 639-1, what its buyers write; "" ends them */
    double reject_rate; /**< setting `reject_rate`, up to .95: how readily the bot asks back; 0: as its model learned */
    int64_t catalog; /**< rises with every import of what bots answer from */
    int64_t orders;  /**< rises with every import or change of its buyers' orders, but of an address alone */
};

/** Inside a transaction; text in @p a. */
must_use enum account_answer shop_get(struct tx *tx, struct arena *a, int64_t tenant_id, struct shop *ret);
/** By the merchant's id. */
must_use enum account_answer shop_find(struct tx *tx, struct arena *a, struct str shop_id, struct shop *ret);
/** The secret with which the merchant signs its buyers' JWT, opened, in @p a. */
must_use enum account_answer shop_secret(struct tx *tx, struct arena *a, int64_t tenant_id, struct str *ret);
/** Tells every cache of products, knowledge and utterances that they are old. */
must_use enum account_answer shop_catalog_raise(struct tx *tx, int64_t tenant_id);
/** Tells every cache of buyers' orders that they are old. */
must_use enum account_answer shop_orders_raise(struct tx *tx, int64_t tenant_id);
/** For shop_import.c only: the new row with its sealed secret; the changed row. */
must_use enum account_answer shop_insert(struct tx *tx, const struct shop *s, struct str sealed_secret,
                                         int64_t now_ms);
must_use enum account_answer shop_update(struct tx *tx, const struct shop *s);

/** From the cache, text copied into @p a. Any thread but the writer's; may read the store. */
must_use enum account_answer shop_of(struct store *store, struct arena *a, int64_t tenant_id, struct shop *ret);
/** By the merchant's id, not cached. */
must_use enum account_answer shop_named(struct store *store, struct arena *a, struct str shop_id, struct shop *ret);
/** Empties the cache: after the commit of an import or a shop_…_raise() in this process. Any thread. */
void shop_cache_forget(void);

/** A text setting ("greeting", "theme", "ship_promise"), in @p a; empty when the shop has none. */
struct str shop_setting(struct arena *a, const struct shop *s, const char *key);
/** Opening hours for people, in @p language, in @p a. */
struct str shop_hours_text(struct arena *a, const struct shop *s, struct str language);
