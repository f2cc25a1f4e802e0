/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of `xiaoer show`: the shops of the data folder, for its owner. */

#include "store/store.h"

struct show_shop {
    int64_t tenant_id;
    struct str shop_id;
};

/** All shops in order of ids, in @p a. 0, or STORE_FAULT. */
must_use int show_shops(struct tx *tx, struct arena *a, struct show_shop **ret, size_t *ret_n);
