/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Narrowing: what words say of an order without naming it, "yesterday's", "the black one", "the other one", and which of
 * the buyer's orders they leave. Pure.
 */

#include "bot/marks.h"
#include "trade/catalog.h"
#include "trade/order.h"

struct narrowing {
    bool by_day;            /**< placed in [from_ms, to_ms) */
    int64_t from_ms, to_ms;
    bool other;             /**< not the one in talk */
    struct str colour, size; /**< of one of its pieces; or empty */
};

/** Who reads, and when. */
struct narrow_input {
    const struct understanding *u; /**< NULL: no words */
    const struct marks *marks;     /**< NULL: nothing speaks of the talk */
    bool goes_on;                  /**< the text only adds to what was asked: a bare day or colour is the order's */
    bool corrects;                 /**< … and takes back the order in talk */
    struct str zone;
    int64_t now_ms;
};

/** What the words say; false when that is nothing. */
bool narrow_read(const struct narrow_input *in, struct narrowing *ret);
/**
 * The orders that are left, in the order given. When none fits, all but the one that was taken back.
 * @param current  order in talk, or empty
 * @param ret      room for @p n
 * @return how many
 */
size_t narrow_orders(struct arena *a, const struct narrowing *by, const struct order *orders, size_t n, struct str current,
                     const struct catalog *c, struct order *ret);
