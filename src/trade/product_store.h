/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of products. Reading goes through trade/catalog.h; writing through the import (trade/trade_import.h). */

#include "store/store.h"
#include "trade/product.h"

/** The shop's catalog version. 1: there; 0: no such tenant; STORE_FAULT. */
must_use int product_version(struct tx *tx, int64_t tenant_id, int64_t *ret);
/** Calls @p each with the stored import shape of every product, in order of ids. 0, or STORE_FAULT. */
must_use int product_each(struct tx *tx, int64_t tenant_id, void (*each)(void *arg, const json_t *body), void *arg);
/** The stored import shape; new reference. 1: found; 0: not there; STORE_FAULT. */
must_use int product_body(struct tx *tx, int64_t tenant_id, struct str product_id, json_t **ret);
/** The same as text in @p a, as it was stored. */
must_use int product_text(struct tx *tx, struct arena *a, int64_t tenant_id, struct str product_id, struct str *ret);
/** Adds or changes a product; @p body is its import shape. */
must_use int product_put(struct tx *tx, int64_t tenant_id, const struct product *p, struct str body, int64_t now_ms);
