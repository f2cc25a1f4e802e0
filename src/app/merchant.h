/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Merchant: what a shop's own server would do: say who its signed-in buyer is, by a JWT under the shop's secret. For the
 * demo shop and the load generator, which stand in for such a server.
 */

#include "base/str.h"

/** A token of @p buyer for @p shop_id, good for an hour, in @p a. */
struct str merchant_token(struct arena *a, struct str secret, struct str shop_id, struct str buyer, struct str name,
                          int64_t now_ms);
