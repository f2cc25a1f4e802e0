/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * SQL of policies. Below what is stored lie the defaults that ship with the program (packs/policies.jsonl), so that a
 * shop which imported nothing still has every rule, dated and named.
 */

#include "store/store.h"
#include "trade/order.h"
#include "trade/policy.h"

/** All stored versions of @p key for the tenant and the platform, in @p a. 0, or STORE_FAULT. */
must_use int policy_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct str key, struct policy **ret,
                         size_t *ret_n);
/** All stored versions of all keys for the tenant and the platform, in @p a and no order. 0, or STORE_FAULT. */
must_use int policy_list_all(struct tx *tx, struct arena *a, int64_t tenant_id, struct policy **ret, size_t *ret_n);
/** What says that no policy of anybody has changed: another one after each policy_put(). 0, or STORE_FAULT. */
must_use int policy_token(struct tx *tx, int64_t *ret);
/** Adds or changes one version. 1: added; 2: changed; 0: it was the same; STORE_FAULT. */
must_use int policy_put(struct tx *tx, const struct policy *p);
