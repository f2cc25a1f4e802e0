/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of trade/: what the use cases of shops' own systems share. */

#include "trade/shop_system_store.h"

/** The step of the case that a payment's outcome is. A case that a person has settled meanwhile stays as it is. 0, or
 *  STORE_FAULT. */
must_use int shop_system_move_case(struct tx *tx, struct arena *a, const struct shop_wish *w, bool paid, struct str why,
                                   int64_t now_ms);
