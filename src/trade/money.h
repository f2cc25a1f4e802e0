/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Money of an order, to the cent: what each sub-order's share is, what a part of it is worth, what a rule pays. Pure.
 *
 * How a sum is split: every share gets its exact part rounded down; the cents that are left go one each to the shares that
 * lost most by rounding, the earlier one when two lost the same (largest remainder). So shares always add up to the sum,
 * none is off by a cent or more, and the same order always splits the same way.
 *
 * Always true: nothing is ever negative, and nothing here can give back more than was paid.
 */

#include "trade/order.h"

/** What a buyer paid for one sub-order. */
struct money_share {
    int64_t goods_cents;   /**< after all coupons */
    int64_t freight_cents; /**< its part of the order's freight, by what was paid for the goods */
};

/**
 * Splits @p total (not negative) by @p weights (not negative; all 0: evenly) into @p n shares. Nothing when n is 0.
 * @param ret  n amounts that add up to total
 */
void money_split(int64_t total, const int64_t *weights, size_t n, int64_t *ret);
/** What is paid for each of @p n prices after a coupon on the whole, never below 0: a coupon above the sum is cut to it. */
void money_apply_coupon(const int64_t *prices, size_t n, int64_t coupon, int64_t *ret_paid);
/** The shares of an order's items, in their order. @param ret  o->item_count of them */
void money_shares(const struct order *o, struct money_share *ret);
/**
 * What @p count of @p pieces are worth of @p total, when @p before of them were paid back already. However the pieces are
 * divided, the parts add up to the total.
 */
int64_t money_part(int64_t total, int64_t pieces, int64_t before, int64_t count);
/** Compensation by a rate (hundredths of a percent) of @p price, at least and at most so much; 0 for a price of 0. */
int64_t money_rate(int64_t price, int64_t rate, int64_t least, int64_t most);
/** Price protection: what was paid for @p quantity pieces above their present price, 0 when it did not fall. */
int64_t money_price_drop(int64_t paid, int64_t quantity, int64_t price_now);
