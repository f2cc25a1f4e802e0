/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* SQL of the list of open cases, for people at work. Decides nothing. */

#include "store/store.h"
#include "trade/case_store.h"

/** Where a page begins: behind this case. Zero: at the first. */
struct case_list_cursor {
    int64_t due_ms, id;
};

/** Open cases of a shop, soonest deadline first, at most @p limit. 0, or STORE_FAULT. */
must_use int case_list_open(struct tx *tx, struct arena *a, int64_t tenant_id, const struct case_list_cursor *after,
                            int limit, struct case_row_stored **ret, size_t *ret_n);
