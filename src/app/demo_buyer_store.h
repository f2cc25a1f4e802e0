/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of the demo's shop page: who has ordered. */

#include "store/store.h"

struct demo_buyer {
    struct str id, name;
    int64_t orders;
};
/** Buyers of the shop by id, with the name on their newest parcel. STORE_OK or STORE_FAULT. */
must_use int demo_buyers(struct tx *tx, struct arena *a, int64_t tenant_id, struct demo_buyer **ret, size_t *ret_n);
