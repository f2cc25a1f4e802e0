/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Care on a real store: said once, one of several that compete, put off and dropped; many at once and none, measured.
 */
#include "chat/fixture_for_test.h"

#include "account/contact.h"
#include "base/seal.h"
#include "base/time.h"
#include "bot/care_service.h"
#include "trade/care_store.h"
#include "trade/order_store.h"

static struct work *pool;
static struct care_room room;

static int put_shop(struct tx *tx, void *arg)
{
    (void)arg;
    struct shop s = {.tenant_id = TENANT, .shop_id = STR("S1"), .name = STR("Shop"), .language = STR("zh"),
                     .currency = STR("CNY"), .time_zone = STR("Asia/Shanghai"), .settings = STR("{}")};
    return shop_insert(tx, &s, STR("secret"), 1000);
}

static int open_all(void **state)
{
    (void)state;
    static const unsigned char key[SEAL_KEY_BYTES] = {7};
    seal_start_with(key);
    sem_init(&asked.at_gate, 0, 0);
    sem_init(&asked.open, 0, 0);
    if (fixture_open("care-test") != 0 || store_write(store, put_shop, NULL) != 0)
        return -1;
    pool = work_new(1, "turn", end_of_thread, NULL);
    room = (struct care_room){store, inbox_new(store, pool, NULL, &echo_responder, NULL, NULL), catalog_cache_new()};
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    work_free(pool);
    inbox_free(room.inbox);
    catalog_cache_free(room.catalogs);
    sem_destroy(&asked.at_gate);
    sem_destroy(&asked.open);
    return fixture_close();
}

#define NOON INT64_C(1763524800000) /* 2025-11-19, 12:00 in Shanghai */

/** Unpaid orders, a quarter of an hour before NOON. */
struct putting {
    const char *prefix;
    int first, n;
    bool own_buyers; /* each its own; else all one's, "B-" and the prefix */
    int64_t created_ms;
};

static int put_orders(struct tx *tx, void *arg)
{
    const struct putting *p = arg;
    for (int i = p->first; i < p->first + p->n; i++) {
        struct arena a = {0};
        char at[TIME_TEXT];
        struct str buyer = p->own_buyers ? str_fmt(&a, "B-%s%d", p->prefix, i) : str_fmt(&a, "B-%s", p->prefix);
        struct order_row row = {.body = str_fmt(&a, "{\"id\":\"%s%d\",\"shop\":\"S1\",\"buyer\":\"%.*s\",\"status\":\"unpaid\","
                                                    "\"created_at\":\"%s\",\"items\":[{\"sub_id\":\"%s%d-1\","
                                                    "\"product\":\"P1\",\"quantity\":1,\"paid_cents\":42900}]}",
                                                p->prefix, i, STR_ARG(buyer), time_rfc3339(p->created_ms, 0, at), p->prefix, i)};
        struct order o;
        if (!order_parse(&a, row.body, STR_NONE, &o) ||
            order_put(tx, &a, TENANT, &o, &row, p->created_ms + MINUTE_MS) < 0)
            return STORE_FAULT;
        arena_done(&a);
    }
    return STORE_OK;
}

static void plant(const char *prefix, int n, bool own_buyers)
{
    for (int i = 0; i < n; i += 1000) {
        struct putting p = {prefix, i, MIN(1000, n - i), own_buyers, NOON - 15 * MINUTE_MS};
        assert_int_equal(store_write(store, put_orders, &p), STORE_OK);
    }
}

static int stop_one(struct tx *tx, void *arg)
{
    return care_stop(tx, TENANT, str_from(arg), NOON) == 1 ? STORE_OK : STORE_FAULT;
}

static int resume_one(struct tx *tx, void *arg)
{
    return care_resume(tx, TENANT, str_from(arg)) == 1 ? STORE_OK : STORE_FAULT;
}

static int count_outcomes(struct tx *tx, void *arg)
{
    int64_t *n = arg;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT coalesce(sum(outcome = 'sent'), 0), coalesce(sum(outcome = 'too_soon'), 0),"
                      " coalesce(sum(outcome = 'stopped'), 0), coalesce(sum(outcome = 'old'), 0)"
                      " FROM care_sent WHERE tenant_id = $1");
    stmt_int(&q, TENANT);
    if (stmt_next(&q) <= 0)
        return STORE_FAULT;
    for (int i = 0; i < 4; i++)
        n[i] = stmt_get_int(&q, i);
    return STORE_OK;
}

#define assert_outcomes(sent, too_soon, stopped, old)                                                               \
    do {                                                                                                            \
        int64_t n_[4];                                                                                              \
        assert_int_equal(store_read(store, count_outcomes, n_), STORE_OK);                                          \
        assert_int_equal(n_[0], sent);                                                                              \
        assert_int_equal(n_[1], too_soon);                                                                          \
        assert_int_equal(n_[2], stopped);                                                                           \
        assert_int_equal(n_[3], old);                                                                               \
    } while (0)

static void of_several_in_one_batch_a_buyer_hears_one(void **state)
{
    (void)state;
    plant("many", 5, false);
    assert_int_equal(care_tick(&room, NOON), 1);
    assert_outcomes(1, 0, 0, 0);
    assert_int_equal(care_tick(&room, NOON + 1000), 0); /* the other four are judged again */
    assert_outcomes(1, 4, 0, 0);
    assert_int_equal(care_tick(&room, NOON + 2000), 0);
}

static void who_wants_none_gets_none(void **state)
{
    (void)state;
    char who[] = "B-stop";
    assert_int_equal(store_write(store, stop_one, who), STORE_OK);
    plant("stop", 1, false);
    assert_int_equal(care_tick(&room, NOON + 3000), 0);
    assert_outcomes(1, 4, 1, 0);
    assert_int_equal(store_write(store, resume_one, who), STORE_OK);
    assert_int_equal(store_write(store, resume_one, who), STORE_FAULT); /* it was so already */
}

static void what_waited_for_the_server_is_told_late_or_never(void **state)
{
    (void)state;
    plant("down", 1, false);
    assert_int_equal(care_tick(&room, NOON + 11 * HOUR_MS), 0); /* 23:00: it waits until eight */
    assert_int_equal(care_tick(&room, NOON + 19 * HOUR_MS), 0);
    assert_outcomes(1, 4, 1, 0);
    assert_int_equal(care_tick(&room, NOON + 20 * HOUR_MS), 1);
    plant("older", 1, false);
    assert_int_equal(care_tick(&room, NOON + 48 * HOUR_MS), 0); /* it is closed by then */
    assert_outcomes(2, 4, 1, 0);
}

static void many_are_told_and_none_costs_nothing(void **state)
{
    (void)state;
#ifdef SANITIZED
    enum { MANY = 2000 };
#else
    enum { MANY = 50000 };
#endif
    plant("m", MANY, true);
    int64_t began = clock_mono_us();
    for (int i = 0; i < 1000; i++)
        assert_int_equal(care_tick(&room, NOON - 5 * MINUTE_MS), 0);
    double idle_us = (double)(clock_mono_us() - began) / 1000;
    began = clock_mono_us();
    assert_int_equal(care_tick(&room, NOON), MANY);
    double seconds = (double)(clock_mono_us() - began) / 1e6;
    print_message("%d due: %.1f us a look when none is; all told in %.1f s\n", MANY, idle_us, seconds);
    assert_int_equal(care_tick(&room, NOON), 0);
    assert_outcomes(2 + MANY, 4, 1, 0);
#ifndef SANITIZED
    assert_true(idle_us < 200);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_several_in_one_batch_a_buyer_hears_one),
        cmocka_unit_test(who_wants_none_gets_none),
        cmocka_unit_test(what_waited_for_the_server_is_told_late_or_never),
        cmocka_unit_test(many_are_told_and_none_costs_nothing),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
