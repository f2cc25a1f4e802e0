/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Cards: orders and products as they travel (OrderCard, Order, ProductCard, Product of web/packages/protocol/src/
 * wire.ts). Names of statuses come from packs/LANG/texts/trade.tsv.
 */

#include "trade/catalog.h"
#include "trade/order.h"

/** Writes an OrderCard as one value. @p c gives titles and the currency. */
void card_order(struct json_out *o, const struct order *order, const struct catalog *c, struct str language);
/** Writes an Order: the card, its times, parcels, and the address masked. @p a is scratch. */
void card_order_full(struct json_out *o, struct arena *a, const struct order *order, const struct catalog *c,
                     struct str language);
void card_product(struct json_out *o, const struct product *p, const struct catalog *c);
void card_product_full(struct json_out *o, const struct product *p, const struct catalog *c);

/** `"order":{…}` and `"product":{…}` in @p a: what message.data holds. */
struct str card_order_data(struct arena *a, const struct order *order, const struct catalog *c, struct str language);
struct str card_product_data(struct arena *a, const struct product *p, const struct catalog *c);

/** "待发货" and the like. Borrowed. */
struct str card_status_text(enum order_status s, struct str language);
struct str card_event_text(enum parcel_event_kind k, struct str language);
/** "¥459.00", "$12.30": in @p a; a currency without a sign is written behind the amount. */
struct str card_money(struct arena *a, int64_t cents, struct str currency);
/** Title of an item: as bought, else the catalog's, else the product's id. */
struct str card_item_title(const struct order_item *item, const struct catalog *c);
struct str card_item_sku_text(const struct order_item *item, const struct catalog *c);
