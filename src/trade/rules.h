/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Rules in force: what a policy says for a shop at an instant, looked up where it was set most closely: the shop's own
 * import, the platform's, then the defaults that ship with the program (packs/policies.jsonl), which are dated too.
 */

#include "store/store.h"
#include "trade/order.h"
#include "trade/policy.h"

/**
 * The value of @p key in force at @p at_ms: for a matter of an order, the time it was placed.
 * @param scope  "category:鞋靴", "product:P1"; empty: general rules only
 * @param ret    text in @p a
 * @return 1 and @p ret; 0 when there is no such rule; STORE_FAULT
 */
must_use int rules_get(struct tx *tx, struct arena *a, int64_t tenant_id, const char *key, struct str scope,
                       int64_t at_ms, struct policy_value *ret);
/** The number of a rule of that kind; @p otherwise when there is none, it is of another kind, or cannot be read. */
int64_t rules_number(struct tx *tx, struct arena *a, int64_t tenant_id, const char *key, enum policy_kind kind,
                     int64_t at_ms, int64_t otherwise);
/** What ships with the program, by key and start. Immutable. */
const struct policy *rules_shipped(size_t *ret_n);
/** All versions of all keys for a shop: its own, the platform's and the shipped ones, by key and start, in @p a. For a
 *  matter that asks for several (trade/case.h). 0, or STORE_FAULT. */
must_use int rules_all(struct tx *tx, struct arena *a, int64_t tenant_id, struct policy **ret, size_t *ret_n);
/** The clocks of order_trouble() for a shop; the promise of its settings (`ship_promise`) comes before the policy. */
struct order_clocks rules_clocks(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t at_ms);

/**
 * The clocks of shops, kept: for every turn of a bot. Of one store; at most two seconds behind it, also behind another
 * process's imports. Any thread.
 */
struct rules_cache;
must_use struct rules_cache *rules_cache_new(void);
/** NULL is fine. */
void rules_cache_free(struct rules_cache *rc);
/** What rules_clocks() gives. */
struct order_clocks rules_cache_clocks(struct rules_cache *rc, struct tx *tx, int64_t tenant_id, int64_t at_ms);
