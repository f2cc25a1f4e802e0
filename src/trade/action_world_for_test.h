/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A shop on a real database with a product and an order in every status, for the tests of actions. */

#include "base/table_test.h"

#include <ftw.h>
#include <stdlib.h>

#include "account/contact.h"
#include "account/import.h"
#include "account/shop.h"
#include "base/id.h"
#include "base/seal.h"
#include "chat/upload_store.h"
#include "trade/action_service.h"
#include "trade/action_store.h"
#include "trade/case_world_for_test.h"
#include "trade/ledger_store.h"
#include "trade/order_store.h"
#include "trade/trade_import.h"
#include "trade/work_order_store.h"

#define NOW "2026-11-21T10:00:00+08:00"

static const char world_shop[] =
    "{\"id\":\"S1\",\"name\":\"山行户外\",\"language\":\"zh\",\"currency\":\"CNY\",\"time_zone\":\"Asia/Shanghai\","
    "\"self_operated\":false,\"hours\":\"09:00-18:00\"}";
static const char *const world_products[] = {
    "{\"id\":\"P1\",\"shop\":\"S1\",\"title\":\"轻量冲锋衣\",\"category\":\"服饰/户外\",\"price_cents\":3990,"
    "\"skus\":[{\"id\":\"P1-L\",\"attributes\":{\"尺码\":\"L\"},\"price_cents\":3990,\"stock\":12},"
    "{\"id\":\"P1-XL\",\"attributes\":{\"尺码\":\"XL\"},\"price_cents\":3990,\"stock\":2},"
    "{\"id\":\"P1-M\",\"attributes\":{\"尺码\":\"M\"},\"price_cents\":3990,\"stock\":0},"
    "{\"id\":\"P1-G\",\"attributes\":{\"尺码\":\"G\"},\"price_cents\":9990,\"stock\":9}],"
    "\"seven_day\":\"yes\",\"price_protect_days\":15}",
    "{\"id\":\"P2\",\"shop\":\"S1\",\"title\":\"登山杖\",\"category\":\"户外\",\"price_cents\":5000,"
    "\"skus\":[{\"id\":\"P2-1\",\"price_cents\":5000,\"stock\":5}],\"seven_day\":\"yes\"}",
};

#define WORLD_ORDER(id, buyer, status, more)                                                                       \
    "{\"id\":\"" id "\",\"shop\":\"S1\",\"buyer\":\"" buyer "\",\"status\":\"" status                               \
    "\",\"created_at\":\"2026-11-18T10:02:00+08:00\",\"freight_cents\":1000," more                                  \
    "\"address\":{\"name\":\"张三\",\"phone\":\"13800001234\",\"region\":\"浙江省/杭州市/西湖区\",\"detail\":\"文三路 1 号\"}," \
    "\"items\":[{\"sub_id\":\"" id "-1\",\"product\":\"P1\",\"sku\":\"P1-L\",\"quantity\":1,\"paid_cents\":4290}]}"
#define WORLD_PAID  "\"paid_at\":\"2026-11-18T10:03:00+08:00\","
#define WORLD_SENT  WORLD_PAID "\"shipped_at\":\"2026-11-19T16:00:00+08:00\","
#define WORLD_HERE  WORLD_SENT "\"delivered_at\":\"2026-11-20T15:00:00+08:00\","
#define WORLD_PARCEL                                                                                               \
    "\"parcels\":[{\"carrier\":\"中通快递\",\"carrier_phone\":\"95311\",\"tracking_no\":\"ZT7788\",\"events\":["      \
    "{\"at\":\"2026-11-19T18:20:00+08:00\",\"kind\":\"picked_up\",\"place\":\"上海\",\"text\":\"已揽收\"}]}],"

static const char *const world_orders[] = {
    WORLD_ORDER("U1", "B1", "unpaid", ""),
    WORLD_ORDER("E1", "B1", "paid", WORLD_PAID),
    WORLD_ORDER("E2", "B1", "shipped", WORLD_SENT WORLD_PARCEL),
    WORLD_ORDER("E3", "B1", "delivered", WORLD_HERE),
    WORLD_ORDER("E4", "B1", "finished", WORLD_HERE "\"finished_at\":\"2026-11-20T18:00:00+08:00\","),
    WORLD_ORDER("E5", "B1", "closed", WORLD_PAID),
    WORLD_ORDER("X1", "B2", "paid", WORLD_PAID),
    "{\"id\":\"E9\",\"shop\":\"S1\",\"buyer\":\"B1\",\"status\":\"paid\",\"created_at\":\"2026-11-18T10:02:00+08:00\","
    WORLD_PAID "\"freight_cents\":1000,\"items\":["
    "{\"sub_id\":\"E9-1\",\"product\":\"P1\",\"sku\":\"P1-L\",\"quantity\":3,\"paid_cents\":12000},"
    "{\"sub_id\":\"E9-2\",\"product\":\"P2\",\"sku\":\"P2-1\",\"quantity\":1,\"paid_cents\":5000}]}",
};

struct world {
    char dir[64];
    struct store *store;
    struct arena arena;
    int64_t shop, now_ms;
    int keys;
};

struct world_row {
    const struct import_kind *kind;
    struct str row;
};

static inline int world_give(struct tx *tx, void *arg)
{
    const struct world_row *g = arg;
    struct arena a = {0};
    struct import_problem problem = {{0}, {0}};
    json_t *row = json_read(g->row, NULL);
    enum row_answer answer = import_check(row, g->kind->fields, &problem) ? g->kind->store_row(tx, &a, row, &problem)
                                                                         : ROW_REFUSED;
    json_decref(row);
    arena_done(&a);
    if (answer == ROW_REFUSED)
        print_error("refused: %s\n", problem.text);
    return answer == ROW_ADDED || answer == ROW_CHANGED ? STORE_OK : STORE_FAULT;
}

static inline void world_import(struct world *w, const struct import_kind *kind, const char *row)
{
    struct world_row g = {kind, str_from(row)};
    assert_int_equal(store_write(w->store, world_give, &g), STORE_OK);
}

/** A policy of the shop, in force from 2026-01-01 on. */
static inline void world_policy(struct world *w, const char *key, const char *value)
{
    struct str row = str_fmt(&w->arena, "{\"shop\":\"S1\",\"key\":\"%s\",\"value\":%s,\"from\":\"2026-01-01\"}", key, value);
    struct world_row g = {&policy_import, row};
    assert_int_equal(store_write(w->store, world_give, &g), STORE_OK);
}

static inline int world_find_shop(struct tx *tx, void *arg)
{
    struct world *w = arg;
    struct shop s;
    if (shop_find(tx, &w->arena, STR("S1"), &s) != ACCOUNT_OK)
        return STORE_FAULT;
    w->shop = s.tenant_id;
    return STORE_OK;
}

/** The buyer B1 has sent the photos 12 and 13, B2 the photo 99. */
static inline int world_photos(struct tx *tx, void *arg)
{
    const struct world *w = arg;
    static const struct {
        int64_t id, contact_id;
    } photos[] = {{12, 21}, {13, 21}, {99, 22}};
    struct contact one = {.tenant_id = w->shop, .id = 21, .buyer = STR("B1"), .name = STR("一"), .language = STR("zh")};
    struct contact two = {.tenant_id = w->shop, .id = 22, .buyer = STR("B2"), .name = STR("二"), .language = STR("zh")};
    if (contact_insert(tx, &one) != ACCOUNT_OK || contact_insert(tx, &two) != ACCOUNT_OK)
        return STORE_FAULT;
    for (size_t i = 0; i < COUNT(photos); i++) {
        struct upload u = {.tenant_id = w->shop, .id = photos[i].id, .contact_id = photos[i].contact_id, .bytes = 1};
        if (upload_insert(tx, &u) < 0)
            return STORE_FAULT;
    }
    return STORE_OK;
}

static inline int world_begin(void **state)
{
    static const unsigned char key[SEAL_KEY_BYTES] = {7};
    struct world *w = xcalloc(1, sizeof(*w));
    char why[256];
    snprintf(w->dir, sizeof(w->dir), "/tmp/xiaoer-action-XXXXXX");
    seal_start_with(key);
    assert_non_null(mkdtemp(w->dir));
    w->store = store_open(w->dir, why);
    assert_non_null(w->store);
    world_import(w, &shop_import, world_shop);
    for (size_t i = 0; i < COUNT(world_products); i++)
        world_import(w, &product_import, world_products[i]);
    for (size_t i = 0; i < COUNT(world_orders); i++)
        world_import(w, &order_import, world_orders[i]);
    assert_int_equal(store_read(w->store, world_find_shop, w), STORE_OK);
    assert_int_equal(store_write(w->store, world_photos, w), STORE_OK);
    w->now_ms = instant(NOW);
    *state = w;
    return 0;
}

static inline int world_remove(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline int world_end(void **state)
{
    struct world *w = *state;
    store_read_done(w->store);
    store_close(w->store);
    assert_int_equal(nftw(w->dir, world_remove, 8, FTW_DEPTH | FTW_PHYS), 0);
    arena_done(&w->arena);
    free(w);
    return 0;
}

/** The buyer B1's wish, confirmed, under a key of its own. */
static inline struct action_request world_wish(struct world *w, enum action action, const char *order_id)
{
    return (struct action_request){
        .tenant_id = w->shop,
        .action = action,
        .who = {.actor = CASE_BOT, .buyer = STR("B1"), .confirmed = true},
        .key = str_fmt(&w->arena, "wish/%d", ++w->keys),
        .id = id_new(w->now_ms),
        .order_id = str_from(order_id),
        .now_ms = w->now_ms,
    };
}

struct world_try {
    struct arena *a;
    const struct action_request *r;
    struct action_result *ret;
};

static inline int world_try_in(struct tx *tx, void *arg)
{
    struct world_try *t = arg;
    action_try(tx, t->a, t->r, t->ret);
    return STORE_OK;
}

static inline struct action_result world_try(struct world *w, const struct action_request *r)
{
    struct action_result ret;
    struct world_try t = {&w->arena, r, &ret};
    assert_int_equal(store_read(w->store, world_try_in, &t), STORE_OK);
    return ret;
}

static inline struct action_result world_do(struct world *w, const struct action_request *r)
{
    struct action_result ret;
    action_do(w->store, &w->arena, r, &ret);
    return ret;
}

struct world_order {
    struct world *w;
    struct str id;
    struct order order;
    struct ledger_sum sum;
};

static inline int world_read_order(struct tx *tx, void *arg)
{
    struct world_order *o = arg;
    if (order_get_any(tx, &o->w->arena, o->w->shop, o->id, &o->order) <= 0)
        return STORE_FAULT;
    return ledger_of_order(tx, o->w->shop, o->id, STR_NONE, &o->sum);
}

static inline struct world_order world_order(struct world *w, const char *id)
{
    struct world_order o = {.w = w, .id = str_from(id)};
    assert_int_equal(store_read(w->store, world_read_order, &o), STORE_OK);
    return o;
}
