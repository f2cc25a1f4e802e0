/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of trade on a real database: import, what is found by whom, sealing, rules in force, the catalog's cache.
 */
#include "trade/trade_import.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "account/import.h"
#include "account/shop.h"
#include "base/seal.h"
#include "base/time.h"
#include "trade/card.h"
#include "trade/order_store.h"
#include "trade/product_store.h"
#include "trade/rules.h"

static const char shop_row[] =
    "{\"id\":\"S1\",\"name\":\"山行户外\",\"language\":\"zh\",\"currency\":\"CNY\",\"time_zone\":\"Asia/Shanghai\","
    "\"self_operated\":false,\"ship_promise\":\"72h\"}";
static const char other_shop[] =
    "{\"id\":\"S2\",\"name\":\"North\",\"language\":\"en\",\"currency\":\"USD\",\"time_zone\":\"America/New_York\","
    "\"self_operated\":false}";
static const char jacket[] =
    "{\"id\":\"P1\",\"shop\":\"S1\",\"title\":\"轻量冲锋衣\",\"category\":\"服饰/户外\",\"price_cents\":45900,"
    "\"attributes\":{\"材\\\"质\":\"锦纶\"},\"skus\":[{\"id\":\"P1-BK-L\",\"attributes\":{\"颜色\":\"黑\",\"尺码\":\"L\"},"
    "\"price_cents\":45900,\"stock\":12}],\"aliases\":[\"冲锋衣\"]}";
static const char tent[] = "{\"id\":\"P2\",\"shop\":\"S1\",\"title\":\"双人帐篷\",\"price_cents\":89900,\"aliases\":[\"帐篷\"]}";
static const char order[] =
    "{\"id\":\"E1001\",\"shop\":\"S1\",\"buyer\":\"B1\",\"status\":\"shipped\",\"created_at\":\"2026-11-18T10:02:00+08:00\","
    "\"items\":[{\"sub_id\":\"E1001-1\",\"product\":\"P1\",\"sku\":\"P1-BK-L\",\"quantity\":1,\"paid_cents\":42900}],"
    "\"address\":{\"name\":\"张三\",\"phone\":\"13800001234\",\"region\":\"浙江省\",\"detail\":\"文三路 1 号\"},"
    "\"parcels\":[{\"carrier\":\"中通快递\",\"tracking_no\":\"ZT1\",\"events\":[{\"at\":\"2026-11-19T18:20:00+08:00\","
    "\"kind\":\"picked_up\",\"place\":\"上海\",\"text\":\"已揽收\"}]}]}";
static const char newer_order[] =
    "{\"id\":\"E1002\",\"shop\":\"S1\",\"buyer\":\"B1\",\"status\":\"paid\",\"created_at\":\"2026-11-19T10:02:00+08:00\","
    "\"items\":[{\"sub_id\":\"E1002-1\",\"product\":\"P9\",\"paid_cents\":100}]}";
static const char foreign_order[] =
    "{\"id\":\"E1001\",\"shop\":\"S2\",\"buyer\":\"B1\",\"status\":\"paid\",\"created_at\":\"2026-11-19T10:02:00+08:00\","
    "\"items\":[{\"sub_id\":\"E1001-1\",\"product\":\"P9\",\"paid_cents\":100}]}";

/** A fresh database in a folder of its own. */
struct world {
    char dir[64];
    struct store *store;
    struct arena arena;
    int64_t shop, other;
};

/** One row given to the import. */
struct given {
    const struct import_kind *kind;
    const char *row;
    enum row_answer answer;
    struct import_problem problem;
};

static int give(struct tx *tx, void *arg)
{
    struct given *g = arg;
    struct arena a = {0};
    json_t *row = json_read(str_from(g->row), NULL);
    g->answer = import_check(row, g->kind->fields, &g->problem) ? g->kind->store_row(tx, &a, row, &g->problem)
                                                                : ROW_REFUSED;
    json_decref(row);
    arena_done(&a);
    return STORE_OK;
}

static enum row_answer import_row(struct world *w, const struct import_kind *kind, const char *row, char *ret_why)
{
    struct given g = {.kind = kind, .row = row};
    assert_int_equal(store_write(w->store, give, &g), STORE_OK);
    if (ret_why != NULL)
        snprintf(ret_why, sizeof(g.problem.text), "%s", g.problem.text);
    return g.answer;
}

static int find_tenants(struct tx *tx, void *arg)
{
    struct world *w = arg;
    struct shop s, t;
    if (shop_find(tx, &w->arena, STR("S1"), &s) != ACCOUNT_OK || shop_find(tx, &w->arena, STR("S2"), &t) != ACCOUNT_OK)
        return STORE_FAULT;
    w->shop = s.tenant_id;
    w->other = t.tenant_id;
    return STORE_OK;
}

static int begin(void **state)
{
    static const unsigned char key[SEAL_KEY_BYTES] = {7};
    struct world *w = xcalloc(1, sizeof(*w));
    char why[256];
    snprintf(w->dir, sizeof(w->dir), "/tmp/xiaoer-trade-XXXXXX");
    seal_start_with(key);
    assert_non_null(mkdtemp(w->dir));
    w->store = store_open(w->dir, why);
    assert_non_null(w->store);
    assert_int_equal(import_row(w, &shop_import, shop_row, NULL), ROW_ADDED);
    assert_int_equal(import_row(w, &shop_import, other_shop, NULL), ROW_ADDED);
    assert_int_equal(store_read(w->store, find_tenants, w), STORE_OK);
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

/* ---- import --------------------------------------------------------------------------------------------------------- */

static void a_row_is_added_then_the_same_then_changed(void **state)
{
    struct world *w = *state;
    static const struct {
        const struct import_kind *kind;
        const char *row;
        const char *changed;
    } rows[] = {
        {&product_import, jacket, "{\"id\":\"P1\",\"shop\":\"S1\",\"title\":\"冲锋衣\"}"},
        {&order_import, order, newer_order},
        {&policy_import, "{\"key\":\"k\",\"value\":\"24h\",\"from\":\"2026-01-01\"}",
         "{\"key\":\"k\",\"value\":\"36h\",\"from\":\"2026-01-01\"}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(import_row(w, rows[i].kind, rows[i].row, NULL), ROW_ADDED);
        assert_int_equal(import_row(w, rows[i].kind, rows[i].row, NULL), ROW_SAME);
        if (rows[i].kind != &order_import)
            assert_int_equal(import_row(w, rows[i].kind, rows[i].changed, NULL), ROW_CHANGED);
    }
    char *moved = strdup(order);
    memcpy(strstr(moved, "文三路 1"), "文三路 2", strlen("文三路 2"));
    assert_int_equal(import_row(w, &order_import, moved, NULL), ROW_CHANGED);
    free(moved);
}

static void bad_rows_are_refused_with_their_reason(void **state)
{
    struct world *w = *state;
    static const struct {
        const struct import_kind *kind;
        const char *row, *why;
    } rows[] = {
        {&product_import, "{\"id\":\"P1\",\"shop\":\"S7\",\"title\":\"x\"}", "no shop \"S7\": import shops first"},
        {&product_import, "{\"id\":\"P1\",\"shop\":\"S1\",\"title\":\"x\",\"price_cents\":-1}",
         "\"price_cents\" is -1; it must be from 0 to 1000000000"},
        {&product_import, "{\"id\":\"P1\",\"shop\":\"S1\",\"title\":\"x\",\"skus\":[{\"stock\":1}]}",
         "skus 1: \"id\" is missing"},
        {&product_import, "{\"id\":\"P1\",\"shop\":\"S1\",\"title\":\"x\",\"skus\":[{\"id\":\"a\"},{\"id\":\"a\"}]}",
         "skus 2: the same id as skus 1"},
        {&product_import, "{\"id\":\"P1\",\"shop\":\"S1\",\"title\":\"x\",\"attributes\":{\"材质\":[1]}}",
         "attributes: attribute \"材质\" must be a text of at most 1000 characters or a number"},
        {&product_import, "{\"id\":\"P1\",\"shop\":\"S1\",\"title\":\"x\",\"size_chart\":[{\"身高cm\":[1,2]}]}",
         "\"size_chart\" must have at most 100 rows, each an object with a size (尺码, size)"},
        {&order_import,
         "{\"id\":\"E\",\"shop\":\"S1\",\"buyer\":\"B\",\"status\":\"paid\",\"created_at\":\"2026-11-18T10:02:00Z\","
         "\"items\":[]}",
         "\"items\" is empty"},
        {&order_import,
         "{\"id\":\"E\",\"shop\":\"S1\",\"buyer\":\"B\",\"status\":\"paid\",\"created_at\":\"2026-11-18T10:02:00Z\","
         "\"items\":[{\"sub_id\":\"1\",\"product\":\"P\",\"paid_cents\":1}],"
         "\"parcels\":[{\"events\":[{\"at\":\"2026-11-18T10:02:00Z\",\"kind\":\"lost\"}]}]}",
         "events 1: \"kind\" must be one of picked_up|in_transit|out_for_delivery|delivered|exception|returned"},
        {&order_import,
         "{\"id\":\"E\",\"shop\":\"S1\",\"buyer\":\"B\",\"status\":\"gone\",\"created_at\":\"2026-11-18T10:02:00Z\","
         "\"items\":[{\"sub_id\":\"1\",\"product\":\"P\",\"paid_cents\":1}]}",
         "\"status\" must be one of unpaid|paid|shipped|delivered|finished|closed"},
        {&policy_import, "{\"key\":\"k\",\"value\":\"soon\",\"from\":\"2026-01-01\"}",
         "\"value\" must be a duration (24h, 7d, 4wd), a rate (5%), a number, on, off or JSON"},
        {&policy_import, "{\"key\":\"k\",\"value\":5,\"from\":\"2026-01-02\",\"to\":\"2026-01-01\"}",
         "\"to\" is not after \"from\""},
    };
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char why[240];
        enum row_answer answer = import_row(w, rows[i].kind, rows[i].row, why);
        if (answer != ROW_REFUSED || strcmp(why, rows[i].why) != 0) {
            print_error("[%s]\n %d %s\n", rows[i].why, (int)answer, why);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

/* ---- orders --------------------------------------------------------------------------------------------------------- */

/** Runs a reader with the world: readers assert nothing, because a failed assert must not leave a transaction. */
struct asked {
    struct world *w;
    int rc[6];
    struct order one;
    struct order *list;
    size_t n;
    int64_t count;
    struct str card, full;
    struct order_clocks clocks, kept[3];
    struct policy_value value;
    struct catalog_cache *cache;
    const struct catalog *catalog;
};

static int ask_orders(struct tx *tx, void *arg)
{
    struct asked *q = arg;
    struct arena *a = &q->w->arena;
    struct order scratch;
    q->rc[0] = order_get(tx, a, q->w->shop, STR("B1"), STR("E1001"), &q->one);
    q->rc[1] = order_get(tx, a, q->w->shop, STR("B2"), STR("E1001"), &scratch);
    q->rc[2] = order_get(tx, a, q->w->shop, STR(""), STR("E1001"), &scratch);
    q->rc[3] = order_get_any(tx, a, q->w->other, STR("E1002"), &scratch);
    q->rc[4] = order_list(tx, a, q->w->shop, STR("B1"), &q->list, &q->n);
    q->count = order_count(tx, q->w->shop, STR("B1"));
    return STORE_OK;
}

static void an_order_is_found_by_its_own_buyer_only(void **state)
{
    struct world *w = *state;
    struct asked q = {.w = w};
    assert_int_equal(import_row(w, &order_import, order, NULL), ROW_ADDED);
    assert_int_equal(import_row(w, &order_import, newer_order, NULL), ROW_ADDED);
    assert_int_equal(import_row(w, &order_import, foreign_order, NULL), ROW_ADDED);
    assert_int_equal(store_read(w->store, ask_orders, &q), STORE_OK);
    assert_int_equal(q.rc[0], 1);
    assert_int_equal(q.rc[1], 0);
    assert_int_equal(q.rc[2], 0);
    assert_int_equal(q.rc[3], 0);
    assert_int_equal(q.n, 2);
    assert_int_equal(q.count, 2);
    assert_true(str_eq_c(q.list[0].id, "E1002") && str_eq_c(q.list[1].id, "E1001"));
    assert_true(str_eq_c(q.one.address.phone, "13800001234") && !q.list[1].has_address);
}

static int ask_raw(struct tx *tx, void *arg)
{
    struct asked *q = arg;
    _cleanup_(stmt_close) struct stmt s =
        stmt_open(tx, "SELECT body, address FROM shop_order WHERE tenant_id = $1 AND order_id = 'E1001'");
    stmt_int(&s, q->w->shop);
    q->rc[0] = stmt_next(&s);
    q->card = stmt_copy_text(&s, 0, &q->w->arena);
    q->full = str_dup(&q->w->arena, stmt_get_blob(&s, 1));
    return STORE_OK;
}

static void an_address_is_never_stored_in_the_clear(void **state)
{
    struct world *w = *state;
    struct asked q = {.w = w};
    assert_int_equal(import_row(w, &order_import, order, NULL), ROW_ADDED);
    assert_int_equal(store_read(w->store, ask_raw, &q), STORE_OK);
    assert_int_equal(q.rc[0], 1);
    assert_true(q.full.n > 0);
    assert_false(str_has(q.card, STR("13800001234")) || str_has(q.full, STR("13800001234")));
    assert_false(str_has(q.card, STR("张三")) || str_has(q.full, STR("张三")));
}

/* ---- cards and the catalog -------------------------------------------------------------------------------------------- */

static int ask_card(struct tx *tx, void *arg)
{
    struct asked *q = arg;
    struct arena *a = &q->w->arena;
    struct buf full = {.arena = a};
    struct json_out o = json_to(&full);
    q->rc[0] = order_get(tx, a, q->w->shop, STR("B1"), STR("E1001"), &q->one);
    q->catalog = catalog_hold(q->cache, tx, q->w->shop);
    if (q->rc[0] != 1 || q->catalog == NULL)
        return STORE_FAULT;
    q->card = card_order_data(a, &q->one, q->catalog, STR("zh"));
    jo_array(&o);
    card_order_full(&o, a, &q->one, q->catalog, STR("en"));
    card_product_full(&o, catalog_product(q->catalog, STR("P1")), q->catalog);
    jo_array_end(&o);
    q->full = buf_view(&full);
    return STORE_OK;
}

static void cards_say_what_is_stored_and_mask_the_rest(void **state)
{
    struct world *w = *state;
    struct asked q = {.w = w, .cache = catalog_cache_new()};
    assert_int_equal(import_row(w, &product_import, jacket, NULL), ROW_ADDED);
    assert_int_equal(import_row(w, &order_import, order, NULL), ROW_ADDED);
    assert_int_equal(store_read(w->store, ask_card, &q), STORE_OK);
    assert_true(str_eq_c(q.card, "\"order\":{\"order_id\":\"E1001\",\"status\":\"shipped\",\"status_text\":\"已发货\","
                                 "\"total_cents\":42900,\"currency\":\"CNY\",\"created_at\":\"2026-11-18T02:02:00Z\","
                                 "\"items\":[{\"title\":\"轻量冲锋衣\",\"sku_text\":\"黑 / L\",\"quantity\":1,"
                                 "\"paid_cents\":42900,\"product\":\"P1\",\"sub_id\":\"E1001-1\"}],\"trace\":{\"text\":\"已揽收\","
                                 "\"place\":\"上海\",\"at\":\"2026-11-19T10:20:00Z\",\"kind\":\"picked_up\"}}"));
    json_t *full = json_read(q.full, NULL);
    assert_non_null(full);
    const json_t *address = json_object_get(json_array_get(full, 0), "address");
    assert_true(str_eq_c(json_str(address, "phone"), "138****1234") && str_eq_c(json_str(address, "name"), "张**"));
    assert_true(str_eq_c(json_str(json_object_get(json_array_get(full, 1), "attributes"), "材\"质"), "锦纶"));
    assert_false(str_has(q.full, STR("文三路")));
    json_decref(full);
    catalog_release(q.cache, q.catalog);
    catalog_cache_free(q.cache);
}

static int hold_catalog(struct tx *tx, void *arg)
{
    struct asked *q = arg;
    q->catalog = catalog_hold(q->cache, tx, q->w->shop);
    return q->catalog != NULL ? STORE_OK : STORE_FAULT;
}

static int raise_catalog(struct tx *tx, void *arg)
{
    struct world *w = arg;
    return shop_catalog_raise(tx, w->shop) == ACCOUNT_OK ? STORE_OK : STORE_FAULT;
}

static void the_catalog_is_rebuilt_when_its_version_rises(void **state)
{
    struct world *w = *state;
    struct asked q = {.w = w, .cache = catalog_cache_new()};
    size_t rivals;
    assert_int_equal(import_row(w, &product_import, jacket, NULL), ROW_ADDED);
    assert_int_equal(store_read(w->store, hold_catalog, &q), STORE_OK);
    const struct catalog *first = q.catalog;
    assert_int_equal(catalog_count(first), 1);
    assert_true(str_eq_c(catalog_meant(first, &w->arena, STR("冲锋衣防水吗"), &rivals)->id, "P1"));
    assert_true(str_eq_c(catalog_product_of_sku(first, STR("P1-BK-L"))->id, "P1"));

    assert_int_equal(import_row(w, &product_import, tent, NULL), ROW_ADDED);
    assert_int_equal(store_read(w->store, hold_catalog, &q), STORE_OK);
    assert_ptr_equal(q.catalog, first); /* nobody has said that it is old */
    catalog_release(q.cache, q.catalog);

    assert_int_equal(store_write(w->store, raise_catalog, w), STORE_OK);
    assert_int_equal(store_read(w->store, hold_catalog, &q), STORE_OK);
    assert_int_equal(catalog_count(q.catalog), 2);
    assert_int_equal(catalog_count(first), 1); /* still held, still whole */
    assert_null(catalog_meant(q.catalog, &w->arena, STR("发什么快递"), &rivals));
    assert_true(str_eq_c(catalog_meant(q.catalog, &w->arena, STR("帐篷多大"), &rivals)->id, "P2"));
    struct product_hit hits[CATALOG_HITS];
    assert_true(catalog_find(q.catalog, &w->arena, STR("P2 P1 P2哪个好"), hits, COUNT(hits)) >= 2);
    assert_true(hits[0].written && str_eq_c(hits[0].product->id, "P2"));
    assert_true(hits[1].written && str_eq_c(hits[1].product->id, "P1"));
    catalog_release(q.cache, first);
    catalog_release(q.cache, q.catalog);
    catalog_cache_free(q.cache);
}

/* ---- rules ---------------------------------------------------------------------------------------------------------- */

static int ask_rules(struct tx *tx, void *arg)
{
    struct asked *q = arg;
    struct arena *a = &q->w->arena;
    int64_t then = 0;
    if (!time_parse(STR("2026-06-01"), &then))
        return STORE_FAULT;
    q->clocks = rules_clocks(tx, a, q->w->shop, then);
    q->rc[0] = rules_get(tx, a, q->w->shop, "ship.late.rate", STR_NONE, then, &q->value);
    q->rc[1] = (int)(rules_number(tx, a, q->w->other, "logistics.stale", POLICY_DURATION, then, 0) / HOUR_MS);
    q->rc[2] = (int)(rules_number(tx, a, q->w->other, "logistics.stale", POLICY_DURATION, then + 365 * DAY_MS, 0) / HOUR_MS);
    q->rc[3] = rules_get(tx, a, q->w->shop, "no.such.rule", STR_NONE, then, &q->value);
    return STORE_OK;
}

/** The clocks of two days out of a cache, the second shop's between them. */
static int ask_kept_clocks(struct tx *tx, void *arg)
{
    struct asked *q = arg;
    struct rules_cache *cache = rules_cache_new();
    int64_t then = 0;
    if (!time_parse(STR("2026-06-01"), &then))
        return STORE_FAULT;
    q->clocks = rules_clocks(tx, &q->w->arena, q->w->shop, then);
    q->kept[0] = rules_cache_clocks(cache, tx, q->w->shop, then);
    (void)rules_cache_clocks(cache, tx, q->w->other, then);
    q->kept[1] = rules_cache_clocks(cache, tx, q->w->shop, then);
    q->kept[2] = rules_cache_clocks(cache, tx, q->w->shop, then + 365 * DAY_MS);
    rules_cache_free(cache);
    return STORE_OK;
}

static void kept_clocks_are_those_of_the_day_asked_for(void **state)
{
    struct world *w = *state;
    struct asked q = {.w = w};
    assert_int_equal(import_row(w, &policy_import,
                                "{\"key\":\"logistics.stale\",\"value\":\"36h\",\"from\":\"2026-12-01\"}", NULL),
                     ROW_ADDED);
    assert_int_equal(store_read(w->store, ask_kept_clocks, &q), STORE_OK);
    assert_memory_equal(&q.kept[0], &q.clocks, sizeof(q.clocks));
    assert_memory_equal(&q.kept[1], &q.clocks, sizeof(q.clocks));
    assert_int_equal(q.clocks.ship_promise_ms, 72 * HOUR_MS);
    assert_int_equal(q.clocks.stale_ms, 48 * HOUR_MS);
    assert_int_equal(q.kept[2].stale_ms, 36 * HOUR_MS);
    assert_int_equal(q.kept[2].ship_promise_ms, 72 * HOUR_MS);
}

static void rules_come_from_the_nearest_that_says_them(void **state)
{
    struct world *w = *state;
    struct asked q = {.w = w};
    assert_int_equal(import_row(w, &policy_import,
                                "{\"key\":\"logistics.stale\",\"value\":\"36h\",\"from\":\"2026-12-01\"}", NULL),
                     ROW_ADDED);
    assert_int_equal(import_row(w, &policy_import,
                                "{\"key\":\"ship.late.rate\",\"value\":\"8%\",\"from\":\"2026-01-01\",\"shop\":\"S1\"}", NULL),
                     ROW_ADDED);
    assert_int_equal(store_read(w->store, ask_rules, &q), STORE_OK);
    assert_int_equal(q.clocks.ship_promise_ms, 72 * HOUR_MS); /* the shop's setting */
    assert_int_equal(q.clocks.no_trace_ms, 24 * HOUR_MS);     /* shipped with the program */
    assert_int_equal(q.rc[0], 1);
    assert_int_equal(q.value.number, 800);                    /* the shop's import */
    assert_int_equal(q.rc[1], 48);                            /* before the platform's import was in force */
    assert_int_equal(q.rc[2], 36);
    assert_int_equal(q.rc[3], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_is_added_then_the_same_then_changed, begin, end),
        cmocka_unit_test_setup_teardown(bad_rows_are_refused_with_their_reason, begin, end),
        cmocka_unit_test_setup_teardown(an_order_is_found_by_its_own_buyer_only, begin, end),
        cmocka_unit_test_setup_teardown(an_address_is_never_stored_in_the_clear, begin, end),
        cmocka_unit_test_setup_teardown(cards_say_what_is_stored_and_mask_the_rest, begin, end),
        cmocka_unit_test_setup_teardown(the_catalog_is_rebuilt_when_its_version_rises, begin, end),
        cmocka_unit_test_setup_teardown(rules_come_from_the_nearest_that_says_them, begin, end),
        cmocka_unit_test_setup_teardown(kept_clocks_are_those_of_the_day_asked_for, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
