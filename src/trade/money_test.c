/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of money and the ledger: rows for what people can check by hand, then a hundred thousand random orders for what
 * must hold for all.
 */
#include "trade/money.h"

#include "base/table_test.h"
#include "trade/ledger.h"

enum { SHARES_MOST = 6 };

static const struct {
    const char *name;
    int64_t total, weights[SHARES_MOST];
    size_t n;
    int64_t want[SHARES_MOST];
} splits[] = {
    {"thirds: the first gets the cent", 100, {1, 1, 1}, 3, {34, 33, 33}},
    {"two cents over three", 101, {1, 1, 1}, 3, {34, 34, 33}},
    {"the largest remainder gets it, not the first", 10, {10, 26, 64}, 3, {1, 3, 6}},
    {"by what was paid", 1000, {42900, 9900}, 2, {813, 187}},
    {"nothing to split", 0, {5, 5}, 2, {0, 0}},
    {"one share takes all", 77, {3}, 1, {77}},
    {"no weights: evenly", 10, {0, 0, 0}, 3, {4, 3, 3}},
    {"a weight of nothing gets nothing", 11, {1, 0, 1}, 3, {6, 0, 5}},
    {"amounts beyond 64 bits in between", INT64_C(4000000000000), {INT64_C(3000000000000), INT64_C(1000000000000)}, 2,
     {INT64_C(3000000000000), INT64_C(1000000000000)}},
    {"nobody to split among", 0, {0}, 0, {0}},
};

static void sums_are_split_to_the_cent(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(splits); i++) {
        int64_t got[SHARES_MOST] = {0};
        money_split(splits[i].total, splits[i].weights, splits[i].n, got);
        for (size_t k = 0; k < SHARES_MOST; k++)
            if (got[k] != splits[i].want[k])
                row_failed(failed, splits[i].name, "share %zu: %lld", k, (long long)got[k]);
    }
    assert_int_equal(failed, 0);
}

static const struct {
    const char *name;
    int64_t prices[SHARES_MOST];
    size_t n;
    int64_t coupon, want[SHARES_MOST];
} coupons[] = {
    {"off both, by price", {45900, 15900}, 2, 3000, {43672, 15128}},
    {"no coupon", {100, 200}, 2, 0, {100, 200}},
    {"a coupon above all", {100, 200}, 2, 500, {0, 0}},
    {"an article that cost nothing", {0, 200}, 2, 50, {0, 150}},
};

static void a_coupon_is_apportioned(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(coupons); i++) {
        int64_t paid[SHARES_MOST] = {0};
        money_apply_coupon(coupons[i].prices, coupons[i].n, coupons[i].coupon, paid);
        for (size_t k = 0; k < coupons[i].n; k++)
            if (paid[k] != coupons[i].want[k])
                row_failed(failed, coupons[i].name, "item %zu: %lld", k, (long long)paid[k]);
    }
    assert_int_equal(failed, 0);
}

static void rules_pay_what_they_say(void **state)
{
    (void)state;
    assert_int_equal(money_rate(42900, 500, 500, 5000), 2145);
    assert_int_equal(money_rate(4200, 500, 500, 5000), 500);    /* at least */
    assert_int_equal(money_rate(900000, 500, 500, 5000), 5000); /* at most */
    assert_int_equal(money_rate(0, 500, 500, 5000), 0);
    assert_int_equal(money_rate(100, 500, 500, 0), 0);
    assert_int_equal(money_price_drop(85800, 2, 39900), 6000);
    assert_int_equal(money_price_drop(39900, 1, 45900), 0); /* it became dearer */
    assert_int_equal(money_price_drop(100, 1, -5), 100);    /* never more than was paid */
    assert_int_equal(money_part(1000, 3, 0, 1), 333);
    assert_int_equal(money_part(1000, 3, 1, 1), 333);
    assert_int_equal(money_part(1000, 3, 2, 1), 334);
    assert_int_equal(money_part(1000, 3, 1, 0), 0);
}

/* ---- for all orders --------------------------------------------------------------------------------------------------- */

static uint64_t seed = 20261122;

/** A number in [0, below). */
static int64_t any(int64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int64_t)(seed % (uint64_t)below);
}

static void shares_of_any_order_add_up(void **state)
{
    (void)state;
    enum { ITEMS = 70 };
    for (int round = 0; round < 100000; round++) {
        struct order_item items[ITEMS] = {0};
        struct money_share shares[ITEMS];
        struct order o = {.items = items, .item_count = (size_t)(1 + any(round % 100 == 0 ? ITEMS : 5))};
        int64_t goods = 0, freight = 0, paid = 0;
        o.freight_cents = any(3000);
        for (size_t i = 0; i < o.item_count; i++)
            paid += items[i].paid_cents = any(3) == 0 ? 0 : any(100000);
        money_shares(&o, shares);
        for (size_t i = 0; i < o.item_count; i++) {
            /* off by less than a cent from its exact part */
            int64_t exact_times = paid > 0 ? o.freight_cents * items[i].paid_cents : 0;
            int64_t off = paid > 0 ? shares[i].freight_cents * paid - exact_times : 0;
            assert_true(shares[i].goods_cents >= 0 && shares[i].freight_cents >= 0);
            assert_true(off < paid + (paid == 0) && off > -paid - (paid == 0));
            goods += shares[i].goods_cents;
            freight += shares[i].freight_cents;
        }
        assert_int_equal(goods + freight, order_total_cents(&o));
    }
}

static void parts_of_any_sum_add_up_in_any_division(void **state)
{
    (void)state;
    for (int round = 0; round < 100000; round++) {
        int64_t total = any(1000000), pieces = 1 + any(40), before = 0, sum = 0;
        while (before < pieces) {
            int64_t count = 1 + any(pieces - before), part = money_part(total, pieces, before, count);
            assert_true(part >= 0);
            sum += part;
            before += count;
        }
        assert_int_equal(sum, total);
    }
}

/* ---- ledger ------------------------------------------------------------------------------------------------------------ */

#define R(amount) {LEDGER_RESERVE, 1, (amount)}
#define C(amount) {LEDGER_COMMIT, 1, (amount)}
#define V(amount) {LEDGER_VOID, 1, (amount)}

struct step {
    enum ledger_step step;
    int64_t case_id, amount; /* 0: end of the list */
};

static const struct {
    const char *name;
    struct step before[3], next;
    int64_t left;
    enum ledger_answer want;
} steps[] = {
    {"reserve", {{0}}, R(100), 100, LEDGER_OK},
    {"more than is left", {{0}}, R(101), 100, LEDGER_TOO_MUCH},
    {"nothing", {{0}}, {LEDGER_RESERVE, 1, 0}, 100, LEDGER_BAD_AMOUNT},
    {"less than nothing", {{0}}, R(-5), 100, LEDGER_BAD_AMOUNT},
    {"reserve again", {R(100)}, R(100), 0, LEDGER_SAME},
    {"the key with another amount", {R(100)}, R(90), 100, LEDGER_CLASH},
    {"the key of another case", {R(100)}, {LEDGER_COMMIT, 2, 100}, 100, LEDGER_CLASH},
    {"commit", {R(100)}, C(100), 0, LEDGER_OK},
    {"commit of another amount", {R(100)}, C(99), 0, LEDGER_CLASH},
    {"commit of nothing reserved", {{0}}, C(100), 100, LEDGER_NOT_RESERVED},
    {"commit twice", {R(100), C(100)}, C(100), 0, LEDGER_SAME},
    {"void", {R(100)}, V(100), 0, LEDGER_OK},
    {"void twice", {R(100), V(100)}, V(100), 0, LEDGER_SAME},
    {"void after commit", {R(100), C(100)}, V(100), 0, LEDGER_SETTLED},
    {"commit after void", {R(100), V(100)}, C(100), 0, LEDGER_SETTLED},
    {"reserve again after all", {R(100), C(100)}, R(100), 0, LEDGER_SAME},
};

static void steps_follow_each_other(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(steps); i++) {
        struct ledger_state known = {0};
        for (size_t k = 0; k < 3 && steps[i].before[k].amount != 0; k++)
            ledger_note(&known, &(struct ledger_entry){.step = steps[i].before[k].step, .case_id = steps[i].before[k].case_id,
                                                       .amount_cents = steps[i].before[k].amount});
        struct ledger_entry next = {.step = steps[i].next.step, .case_id = steps[i].next.case_id,
                                    .amount_cents = steps[i].next.amount};
        enum ledger_answer got = ledger_judge(&known, &next, steps[i].left);
        if (got != steps[i].want)
            row_failed(failed, steps[i].name, "answer %d, want %d", (int)got, (int)steps[i].want);
    }
    assert_int_equal(failed, 0);
}

static void names_are_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < LEDGER_STEPS; i++) {
        enum ledger_step s;
        assert_true(ledger_step_from_name(str_from(ledger_step_name((enum ledger_step)i)), &s) && (int)s == i);
    }
    for (int i = PAYER_ESCROW; i <= PAYER_INSURER; i++) {
        enum ledger_payer p;
        assert_true(ledger_payer_from_name(str_from(ledger_payer_name((enum ledger_payer)i)), &p) && (int)p == i);
    }
    enum ledger_step s;
    enum ledger_payer p;
    assert_false(ledger_step_from_name(STR("steal"), &s));
    assert_false(ledger_payer_from_name(STR("bank"), &p));
}

/** Random tries of random steps under a few keys: what was paid bounds what is taken, whatever is tried. */
static void no_tries_move_more_than_was_paid(void **state)
{
    (void)state;
    enum { KEYS = 4 };
    for (int round = 0; round < 20000; round++) {
        struct ledger_state keys[KEYS] = {0};
        struct ledger_sum sum = {0};
        int64_t paid = 1 + any(1000);
        for (int i = 0; i < 30; i++) {
            struct ledger_state *key = &keys[any(KEYS)];
            int64_t amount = key->done[LEDGER_RESERVE] && any(4) != 0 ? key->amount_cents : any(600);
            struct ledger_entry e = {.step = (enum ledger_step)any(LEDGER_STEPS), .case_id = 1, .amount_cents = amount};
            if (ledger_judge(key, &e, paid - ledger_taken(&sum)) != LEDGER_OK)
                continue;
            ledger_note(key, &e);
            ledger_add(&sum, &e);
            assert_true(ledger_open(&sum) >= 0 && ledger_taken(&sum) <= paid);
            assert_int_equal(ledger_open(&sum) + sum.committed_cents, ledger_taken(&sum));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_split_to_the_cent),
        cmocka_unit_test(a_coupon_is_apportioned),
        cmocka_unit_test(rules_pay_what_they_say),
        cmocka_unit_test(shares_of_any_order_add_up),
        cmocka_unit_test(parts_of_any_sum_add_up_in_any_division),
        cmocka_unit_test(steps_follow_each_other),
        cmocka_unit_test(names_are_read_back),
        cmocka_unit_test(no_tries_move_more_than_was_paid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
