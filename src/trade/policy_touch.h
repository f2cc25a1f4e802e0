/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a change of a policy would touch: a case is judged by the versions that were in force when its order was placed, so a
 * new version only holds for cases of orders that were placed while it runs.
 */

#include "store/store.h"
#include "trade/case_store.h"

enum policy_touch {
    POLICY_TOUCHES,
    POLICY_PLACED_OUTSIDE, /**< the order was placed before it begins, or after its end */
    POLICY_OTHER_GOODS,    /**< its scope is another product or category */
    POLICY_NOT_ASKED,      /**< cases of this type never ask this rule */
};
const char *policy_touch_name(enum policy_touch t);

/** Whether cases of @p type ever ask the rule @p key. Pure. */
bool policy_asked_by(struct str key, enum case_type type);
/** What @p next would be for the case. Pure. @p place  what was bought */
enum policy_touch policy_touch(const struct policy *next, const struct trade_case *c, const struct policy_place *place);

struct policy_touched {
    struct case_row_stored row;
    enum policy_touch touch;
};
/** The open cases, newest first, at most @p limit, each with what @p next would be for it. 0, or STORE_FAULT. */
must_use int policy_touched_list(struct tx *tx, struct arena *a, int64_t tenant_id, const struct policy *next, int limit,
                                 struct policy_touched **ret, size_t *ret_n);
