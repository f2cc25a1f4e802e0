/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money: splitting to the cent. Products of two amounts are taken in 128 bits, so no order is too large.
 */
#include "trade/money.h"

/** The whole part of total * weight / sum. Nothing overflows: it is at most total. */
static int64_t floor_part(int64_t total, int64_t weight, int64_t sum)
{
    return (int64_t)((__int128)total * weight / sum);
}

static int64_t remainder_of(int64_t total, int64_t weight, int64_t sum)
{
    return (int64_t)((__int128)total * weight % sum);
}

/** Weight of share @p i when all are 0: even shares. */
static int64_t weight_at(const int64_t *weights, int64_t sum, size_t i)
{
    return sum > 0 ? weights[i] : 1;
}

static int64_t sum_of(const int64_t *v, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i];
    return sum;
}

/** Whether share @p i lost more by rounding down than @p k, or as much and stands before it. */
static bool comes_before(int64_t lost_i, size_t i, int64_t lost_k, size_t k)
{
    return lost_i != lost_k ? lost_i > lost_k : i < k;
}

void money_split(int64_t total, const int64_t *weights, size_t n, int64_t *ret)
{
    assert(total >= 0);
    int64_t sum = sum_of(weights, n), whole = sum > 0 ? sum : (int64_t)n, left = total;
    for (size_t i = 0; i < n; i++) {
        ret[i] = floor_part(total, weight_at(weights, sum, i), whole);
        left -= ret[i];
    }
    /* A share gets one of the cents left when fewer shares than cents come before it. An order has few items: counting
     * them for each is as quick as sorting, and needs no memory. */
    for (size_t i = 0; left > 0 && i < n; i++) {
        int64_t lost = remainder_of(total, weight_at(weights, sum, i), whole), before = 0;
        for (size_t k = 0; k < n; k++)
            before += k != i && comes_before(remainder_of(total, weight_at(weights, sum, k), whole), k, lost, i);
        ret[i] += before < left;
    }
}

void money_apply_coupon(const int64_t *prices, size_t n, int64_t coupon, int64_t *ret_paid)
{
    money_split(MIN(coupon, sum_of(prices, n)), prices, n, ret_paid);
    for (size_t i = 0; i < n; i++)
        ret_paid[i] = prices[i] - ret_paid[i];
}

void money_shares(const struct order *o, struct money_share *ret)
{
    enum { MANY = 64 };
    struct arena a = {0};
    int64_t few[2 * MANY], *paid = few, *freight;
    if (o->item_count > MANY)
        paid = arena_array(&a, int64_t, 2 * o->item_count);
    freight = paid + o->item_count;
    for (size_t i = 0; i < o->item_count; i++)
        paid[i] = o->items[i].paid_cents;
    money_split(o->freight_cents, paid, o->item_count, freight);
    for (size_t i = 0; i < o->item_count; i++)
        ret[i] = (struct money_share){paid[i], freight[i]};
    arena_done(&a);
}

int64_t money_part(int64_t total, int64_t pieces, int64_t before, int64_t count)
{
    assert(pieces > 0 && before >= 0 && count >= 0 && before + count <= pieces);
    return floor_part(total, before + count, pieces) - floor_part(total, before, pieces);
}

int64_t money_rate(int64_t price, int64_t rate, int64_t least, int64_t most)
{
    if (price <= 0 || most <= 0)
        return 0;
    return MIN(MAX(floor_part(price, rate, 10000), least), most);
}

int64_t money_price_drop(int64_t paid, int64_t quantity, int64_t price_now)
{
    __int128 drop = (__int128)paid - (__int128)price_now * quantity;
    if (drop <= 0)
        return 0;
    return drop > paid ? paid : (int64_t)drop;
}
