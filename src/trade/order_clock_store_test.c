/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clocks of orders on a real database: set when an order is stored, fired once and in order, also on two servers, by
 * the rules of the day on which the order was placed.
 */
#include "base/table_test.h"

#include <ftw.h>
#include <pthread.h>
#include <stdlib.h>

#include "account/shop.h"
#include "base/seal.h"
#include "trade/case_service.h"
#include "trade/case_world_for_test.h"
#include "trade/order_clock_service.h"
#include "trade/order_store.h"
#include "trade/policy_store.h"

#define TENANT 77
#define PLACED "2026-11-18T10:00:00+08:00"

struct world {
    char dir[64];
    struct store *store;
    struct arena arena;
};

static int put_shop(struct tx *tx, void *arg)
{
    (void)arg;
    struct shop s = {.tenant_id = TENANT, .shop_id = STR("S1"), .name = STR("Shop"), .language = STR("zh"),
                     .currency = STR("CNY"), .time_zone = STR("Asia/Shanghai"), .settings = STR("{}")};
    return shop_insert(tx, &s, STR("secret"), 1000);
}

static int begin(void **state)
{
    static const unsigned char key[SEAL_KEY_BYTES] = {7};
    struct world *w = xcalloc(1, sizeof(*w));
    char why[256];
    snprintf(w->dir, sizeof(w->dir), "/tmp/xiaoer-clock-XXXXXX");
    seal_start_with(key);
    assert_non_null(mkdtemp(w->dir));
    w->store = store_open(w->dir, why);
    assert_non_null(w->store);
    assert_int_equal(store_write(w->store, put_shop, NULL), STORE_OK);
    *state = w;
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static int end(void **state)
{
    struct world *w = *state;
    store_read_done(w->store);
    store_close(w->store);
    arena_done(&w->arena);
    int rc = nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(w);
    return rc;
}

/* ---- shorthand ---------------------------------------------------------------------------------------------------------- */

struct putting {
    struct world *w;
    const char *id, *status, *more;
    int first, count; /* several: id is a prefix */
    int64_t now_ms;
};

static int put_orders(struct tx *tx, void *arg)
{
    const struct putting *p = arg;
    for (int i = 0; i < MAX(p->count, 1); i++) {
        struct arena a = {0};
        struct str id = p->count > 0 ? str_fmt(&a, "%s%d", p->id, p->first + i) : str_from(p->id);
        struct order_row row = {.body = str_fmt(&a, "{\"id\":\"%.*s\",\"shop\":\"S1\",\"buyer\":\"B1\",\"status\":\"%s\","
                                                    "\"created_at\":\"" PLACED "\",%s\"items\":[{\"sub_id\":\"%.*s-1\","
                                                    "\"product\":\"P1\",\"quantity\":1,\"paid_cents\":42900}]}",
                                                STR_ARG(id), p->status, p->more, STR_ARG(id))};
        struct order o;
        if (!order_parse(&a, row.body, STR_NONE, &o) || order_put(tx, &a, TENANT, &o, &row, p->now_ms) < 0)
            return STORE_FAULT;
        arena_done(&a);
    }
    return STORE_OK;
}

static void put_order(struct world *w, const char *id, const char *status, const char *more, const char *now)
{
    struct putting p = {.w = w, .id = id, .status = status, .more = more, .now_ms = instant(now)};
    assert_int_equal(store_write(w->store, put_orders, &p), STORE_OK);
}

struct looking {
    struct world *w;
    const char *id;
    struct order order;
    struct case_row_stored *cases;
    size_t case_n;
    struct order_clock_row *clocks;
    size_t clock_n;
};

static int look(struct tx *tx, void *arg)
{
    struct looking *k = arg;
    struct arena *a = &k->w->arena;
    struct str id = str_from(k->id);
    if (order_get_any(tx, a, TENANT, id, &k->order) != 1 ||
        case_list_of_order(tx, a, TENANT, id, &k->cases, &k->case_n) < 0)
        return STORE_FAULT;
    return order_clock_list(tx, a, TENANT, id, &k->clocks, &k->clock_n);
}

static struct looking look_at(struct world *w, const char *id)
{
    struct looking k = {.w = w, .id = id};
    assert_int_equal(store_read(w->store, look, &k), STORE_OK);
    return k;
}

static enum order_status status_of(struct world *w, const char *id)
{
    return look_at(w, id).order.status;
}

static int put_policy(struct tx *tx, void *arg)
{
    return policy_put(tx, arg) < 0 ? STORE_FAULT : STORE_OK;
}

static void set_rule(struct world *w, const char *key, const char *value, const char *from)
{
    struct policy p = {.tenant_id = TENANT, .key = str_from(key), .scope = STR_NONE, .from_ms = instant(from),
                       .value = str_from(value)};
    assert_int_equal(store_write(w->store, put_policy, &p), STORE_OK);
}

static int tick(struct world *w, const char *now)
{
    return order_clock_tick(w->store, instant(now));
}

/* ---- each clock --------------------------------------------------------------------------------------------------------- */

#define PAID_AT    "\"paid_at\":\"2026-11-18T10:00:00+08:00\","
#define SHIPPED_AT PAID_AT "\"shipped_at\":\"2026-11-19T10:00:00+08:00\","

static void an_unpaid_order_is_closed_when_its_time_is_over(void **state)
{
    struct world *w = *state;
    put_order(w, "E1", "unpaid", "", PLACED);
    put_order(w, "E2", "unpaid", "", PLACED);
    put_order(w, "E2", "paid", PAID_AT, "2026-11-18T11:00:00+08:00");
    put_order(w, "E3", "unpaid", "", "2026-11-20T10:00:00+08:00"); /* it was over when it came in */
    assert_int_equal(tick(w, "2026-11-19T09:59:59+08:00"), 0);
    assert_int_equal(tick(w, "2026-11-19T10:00:00+08:00"), 1);
    assert_int_equal(tick(w, "2026-11-20T12:00:00+08:00"), 1); /* E2 is late by then */
    assert_int_equal(status_of(w, "E1"), ORDER_CLOSED);
    assert_int_equal(status_of(w, "E2"), ORDER_PAID);
    assert_int_equal(status_of(w, "E3"), ORDER_UNPAID);
    assert_int_equal(look_at(w, "E1").clock_n, 0);
    assert_int_equal(tick(w, "2026-11-20T12:00:00+08:00"), 0);
}

static void what_is_set_stays_set_when_the_order_comes_again(void **state)
{
    struct world *w = *state;
    put_order(w, "E1", "unpaid", "", PLACED);
    put_order(w, "E1", "unpaid", "\"note\":\"x\",", "2026-11-20T10:00:00+08:00"); /* nobody fired meanwhile */
    assert_int_equal(tick(w, "2026-11-20T10:00:01+08:00"), 1);
    assert_int_equal(status_of(w, "E1"), ORDER_CLOSED);
}

static void the_rule_of_its_day_holds(void **state)
{
    struct world *w = *state;
    set_rule(w, "order.unpaid_close", "1h", "2026-11-18T12:00:00+08:00"); /* after it was placed */
    put_order(w, "E1", "unpaid", "", PLACED);
    assert_int_equal(tick(w, "2026-11-19T09:00:00+08:00"), 0);
    set_rule(w, "order.unpaid_close", "2h", "2026-11-01T00:00:00+08:00");
    put_order(w, "E2", "unpaid", "", PLACED);
    assert_int_equal(tick(w, "2026-11-18T12:00:00+08:00"), 1);
    assert_int_equal(status_of(w, "E2"), ORDER_CLOSED);
    assert_int_equal(status_of(w, "E1"), ORDER_UNPAID);
}

static void a_shop_with_a_system_of_its_own_moves_its_orders_itself(void **state)
{
    struct world *w = *state;
    set_rule(w, "order.clocks", "off", "2026-11-01T00:00:00+08:00");
    put_order(w, "E1", "unpaid", "", PLACED);
    put_order(w, "E2", "paid", PAID_AT, PLACED);
    (void)tick(w, "2026-12-31T10:00:00+08:00");
    assert_int_equal(status_of(w, "E1"), ORDER_UNPAID);
    assert_int_equal(look_at(w, "E2").case_n, 0);
}

static void receipt_is_confirmed_later_for_an_extension_and_for_cases(void **state)
{
    struct world *w = *state;
    put_order(w, "E1", "shipped", SHIPPED_AT, "2026-11-19T10:00:00+08:00");
    put_order(w, "E2", "shipped", SHIPPED_AT "\"extended_ms\":259200000,", "2026-11-19T10:00:00+08:00");
    put_order(w, "E3", "shipped", SHIPPED_AT, "2026-11-19T10:00:00+08:00");
    struct case_request r = {.tenant_id = TENANT, .order_id = STR("E3"), .sub_id = STR("E3-1"), .type = CASE_REFUND_ONLY,
                             .who = {.actor = CASE_BUYER, .buyer = STR("B1"), .confirmed = true},
                             .reason = STR("not_received"), .now_ms = instant("2026-11-28T10:00:00+08:00")};
    struct case_row_stored row;
    assert_int_equal(case_open_now(w->store, &w->arena, &r, &row), CASE_OK); /* a day before its end */
    assert_int_equal(tick(w, "2026-11-29T10:00:00+08:00"), 2);
    assert_int_equal(status_of(w, "E1"), ORDER_FINISHED);
    assert_true(look_at(w, "E1").order.finished_ms == instant("2026-11-29T10:00:00+08:00"));
    assert_int_equal(status_of(w, "E2"), ORDER_SHIPPED);
    assert_int_equal(status_of(w, "E3"), ORDER_SHIPPED);
    struct case_action a = {.tenant_id = TENANT, .case_id = row.id, .event = CASE_WITHDRAW,
                            .now_ms = instant("2026-11-30T04:00:00+08:00"), .who = {.actor = CASE_BUYER, .buyer = STR("B1"), .confirmed = true}};
    assert_int_equal(case_take(w->store, &w->arena, &a, &row), CASE_OK);
    (void)tick(w, "2026-11-30T10:00:00+08:00"); /* looked at again: a day from the withdrawal */
    assert_int_equal(status_of(w, "E3"), ORDER_SHIPPED);
    (void)tick(w, "2026-12-01T03:59:59+08:00");
    assert_int_equal(status_of(w, "E3"), ORDER_SHIPPED);
    (void)tick(w, "2026-12-01T04:00:00+08:00");
    assert_int_equal(status_of(w, "E3"), ORDER_FINISHED);
    (void)tick(w, "2026-12-02T10:00:00+08:00");
    assert_int_equal(status_of(w, "E2"), ORDER_FINISHED);
}

static void a_broken_promise_is_compensated_and_in_the_end_refunded(void **state)
{
    struct world *w = *state;
    put_order(w, "E1", "paid", PAID_AT, PLACED);
    assert_int_equal(tick(w, "2026-11-20T10:00:00+08:00"), 0); /* its last instant */
    assert_int_equal(tick(w, "2026-11-20T10:00:01+08:00"), 1);
    struct looking k = look_at(w, "E1");
    assert_int_equal(k.case_n, 1);
    assert_int_equal(k.cases[0].c.type, CASE_LATE_COMPENSATION);
    assert_int_equal(k.cases[0].c.claimed_cents, 2145); /* 5 % */
    assert_true(case_tick(w->store, instant("2026-11-21T10:00:02+08:00")) > 0);
    assert_int_equal(tick(w, "2026-12-18T10:00:00+08:00"), 1);
    k = look_at(w, "E1");
    assert_int_equal(k.case_n, 2);
    assert_int_equal(k.cases[0].c.refunded_cents, 2145);
    assert_int_equal(k.cases[1].c.type, CASE_REFUND_ONLY);
    assert_true(case_tick(w->store, instant("2026-12-19T10:00:01+08:00")) > 0); /* the shop was silent */
    k = look_at(w, "E1");
    assert_int_equal(k.cases[1].c.state, CASE_SUCCESS);
    assert_int_equal(k.cases[1].c.refunded_cents, 42900);
}

static int forget_clocks(struct tx *tx, void *arg)
{
    const char *id = arg;
    return order_clock_clear(tx, TENANT, str_from(id));
}

static void orders_of_an_earlier_release_get_their_clocks_once(void **state)
{
    struct world *w = *state;
    char first[] = "E1", last[] = "M399";
    put_order(w, "E1", "unpaid", "", PLACED);
    struct putting p = {.w = w, .id = "M", .status = "unpaid", .more = "", .count = 400, .now_ms = instant(PLACED)};
    assert_int_equal(store_write(w->store, put_orders, &p), STORE_OK);
    assert_int_equal(store_write(w->store, forget_clocks, first), STORE_OK);
    assert_int_equal(store_write(w->store, forget_clocks, last), STORE_OK);
    assert_int_equal(order_clocks_adopt(w->store, instant("2026-11-19T09:00:00+08:00")), STORE_OK);
    assert_int_equal(look_at(w, "E1").clock_n, 1); /* the reminder of payment was for the day before */
    assert_int_equal(look_at(w, "M399").clock_n, 1);
    assert_int_equal(look_at(w, "M0").clock_n, 2); /* it had both, and keeps them */
    assert_int_equal(store_write(w->store, forget_clocks, first), STORE_OK);
    assert_int_equal(order_clocks_adopt(w->store, instant("2026-11-19T09:00:00+08:00")), STORE_OK);
    assert_int_equal(look_at(w, "E1").clock_n, 0);
}

/* ---- many --------------------------------------------------------------------------------------------------------------- */

enum { MANY = 50000, IN_UNIT = 1000 };

static void plant(struct world *w, int n)
{
    for (int i = 0; i < n; i += IN_UNIT) {
        struct putting p = {.w = w, .id = "M", .status = "unpaid", .more = "", .first = i, .count = IN_UNIT,
                            .now_ms = instant(PLACED)};
        assert_int_equal(store_write(w->store, put_orders, &p), STORE_OK);
    }
}

static void looking_for_what_is_due_costs_nothing(void **state)
{
    struct world *w = *state;
    int64_t due = instant("2026-11-19T10:00:00+08:00"), began = clock_mono_us();
    plant(w, MANY);
    double put_us = (double)(clock_mono_us() - began) / MANY;
    began = clock_mono_us();
    for (int i = 0; i < 1000; i++)
        assert_int_equal(order_clock_tick(w->store, due - 1), 0);
    double idle_us = (double)(clock_mono_us() - began) / 1000;
    began = clock_mono_us();
    assert_int_equal(order_clock_tick(w->store, due), MANY);
    double seconds = (double)(clock_mono_us() - began) / 1e6;
    assert_int_equal(status_of(w, "M0"), ORDER_CLOSED);
    assert_int_equal(status_of(w, "M49999"), ORDER_CLOSED);
    print_message("50,000 orders: stored with their clocks in %.1f us each; %.1f us a look when none is due; all closed in"
                  " %.1f s\n", put_us, idle_us, seconds);
#ifndef SANITIZED
    assert_true(idle_us < 200);
#endif
}

struct server {
    pthread_t thread;
    struct store *store;
    int fired;
};

static void *serve(void *arg)
{
    struct server *s = arg;
    for (int i = 0; i < 5; i++) {
        int fired = order_clock_tick(s->store, instant("2026-11-19T11:00:00+08:00"));
        s->fired += fired > 0 ? fired : 0;
    }
    store_read_done(s->store);
    return NULL;
}

static int count_closed(struct tx *tx, void *arg)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT count(*) FROM audit WHERE tenant_id = $1 AND what = 'order_closed_unpaid'");
    stmt_int(&q, TENANT);
    *(int64_t *)arg = stmt_next(&q) > 0 ? stmt_get_int(&q, 0) : -1;
    return STORE_OK;
}

static void two_servers_fire_each_alarm_once(void **state)
{
    struct world *w = *state;
    char why[256];
    int64_t closed = 0;
    plant(w, IN_UNIT);
    struct server servers[2] = {{.store = w->store}, {0}};
    servers[1].store = store_open(w->dir, why);
    assert_non_null(servers[1].store);
    for (size_t i = 0; i < 2; i++)
        pthread_create(&servers[i].thread, NULL, serve, &servers[i]);
    for (size_t i = 0; i < 2; i++)
        pthread_join(servers[i].thread, NULL);
    store_close(servers[1].store);
    assert_int_equal(store_read(w->store, count_closed, &closed), STORE_OK);
    assert_int_equal(closed, IN_UNIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_unpaid_order_is_closed_when_its_time_is_over, begin, end),
        cmocka_unit_test_setup_teardown(what_is_set_stays_set_when_the_order_comes_again, begin, end),
        cmocka_unit_test_setup_teardown(the_rule_of_its_day_holds, begin, end),
        cmocka_unit_test_setup_teardown(a_shop_with_a_system_of_its_own_moves_its_orders_itself, begin, end),
        cmocka_unit_test_setup_teardown(receipt_is_confirmed_later_for_an_extension_and_for_cases, begin, end),
        cmocka_unit_test_setup_teardown(a_broken_promise_is_compensated_and_in_the_end_refunded, begin, end),
        cmocka_unit_test_setup_teardown(orders_of_an_earlier_release_get_their_clocks_once, begin, end),
        cmocka_unit_test_setup_teardown(looking_for_what_is_due_costs_nothing, begin, end),
        cmocka_unit_test_setup_teardown(two_servers_fire_each_alarm_once, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
