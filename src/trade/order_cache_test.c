/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kept book is the buyer's own, as of the version asked for; who holds an older one keeps it whole.
 */
#include "base/table_test.h"

#include <unistd.h>

#include "trade/order_cache.h"

static struct store *store;
static char dir[] = "/tmp/xiaoer-order-cache-XXXXXX";

static int put_order(struct tx *tx, void *arg)
{
    const char *id = arg;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO shop_order (tenant_id, order_id, buyer, status, created_ms, body, changed_ms)"
                      " VALUES (1, $1, $2, 'paid', 5, $3, 5)");
    struct arena a = {0};
    stmt_text(&q, str_from(id));
    stmt_text(&q, str_from(id[0] == 'x' ? "B2" : "B1"));
    stmt_text(&q, str_fmt(&a, "{\"id\":\"%s\",\"buyer\":\"B1\",\"status\":\"paid\","
                              "\"created_at\":\"2026-11-18T10:00:00+08:00\",\"items\":[]}", id));
    int answer = stmt_run(&q) == 1 ? 0 : STORE_FAULT;
    arena_done(&a);
    return answer;
}

struct asking {
    struct order_cache *cache;
    int64_t version;
    const struct order_book *book;
};

static int hold(struct tx *tx, void *arg)
{
    struct asking *w = arg;
    w->book = order_cache_hold(w->cache, tx, 1, STR("B1"), w->version);
    return w->book != NULL ? 0 : STORE_FAULT;
}

static size_t orders_of(const struct order_book *book)
{
    size_t n;
    (void)order_book_orders(book, &n);
    return n;
}

static const struct order_book *ask(struct order_cache *cache, int64_t version)
{
    struct asking w = {.cache = cache, .version = version};
    assert_int_equal(store_read(store, hold, &w), 0);
    return w.book;
}

static void a_book_is_read_once_a_version(void **state)
{
    (void)state;
    static char first[] = "E1", second[] = "E2", other[] = "x3";
    struct order_cache *cache = order_cache_new();
    assert_int_equal(store_write(store, put_order, first), 0);
    assert_int_equal(store_write(store, put_order, other), 0);
    const struct order_book *one = ask(cache, 1);
    assert_int_equal(orders_of(one), 1);
    assert_int_equal(store_write(store, put_order, second), 0);
    const struct order_book *same = ask(cache, 1);
    assert_ptr_equal(same, one);
    const struct order_book *newer = ask(cache, 2);
    assert_int_equal(orders_of(newer), 2);
    assert_int_equal(orders_of(one), 1); /* still held */
    order_cache_release(cache, same);
    order_cache_release(cache, one);
    order_cache_release(cache, newer);
    const struct order_book *again = ask(cache, 2);
    assert_ptr_equal(again, newer);
    const struct order_book *late = ask(cache, 1); /* of a turn that read the shop before: does not take the place */
    order_cache_release(cache, late);
    const struct order_book *still = ask(cache, 2);
    assert_ptr_equal(still, newer);
    order_cache_release(cache, again);
    order_cache_release(cache, still);
    order_cache_release(cache, NULL);
    order_cache_free(cache);
}

static int start(void **state)
{
    (void)state;
    char why[256];
    store = mkdtemp(dir) != NULL ? store_open(dir, why) : NULL;
    return store != NULL ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    static const char *const names[] = {"xiaoer.db", "xiaoer.db-wal", "xiaoer.db-shm"};
    store_close(store);
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
    return rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_book_is_read_once_a_version)};
    return cmocka_run_group_tests(tests, start, stop);
}
