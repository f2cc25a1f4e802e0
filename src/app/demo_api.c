/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The demo's shop page.
 */
#include "app/demo_api.h"

#include "account/shop.h"
#include "app/demo_buyer_store.h"
#include "app/merchant.h"
#include "trade/card.h"
#include "trade/order_store.h"

struct page {
    struct request *rq;
    struct shop shop;
    struct demo_buyer *buyers;
    size_t buyer_count;
    const struct catalog *catalog;
    struct order *orders;
    size_t order_count;
    struct str buyer, secret;
};

static bool find_shop(struct page *p)
{
    p->buyer = p->rq->query(p->rq, "buyer");
    return shop_named(p->rq->store, p->rq->arena, p->rq->query(p->rq, "shop"), &p->shop) == ACCOUNT_OK;
}

static int read_shop(struct tx *tx, void *arg)
{
    struct page *p = arg;
    const struct demo_room *room = p->rq->room;
    p->catalog = catalog_hold(room->catalogs, tx, p->shop.tenant_id);
    if (p->catalog == NULL)
        return STORE_FAULT;
    return demo_buyers(tx, p->rq->arena, p->shop.tenant_id, &p->buyers, &p->buyer_count);
}

static void write_buyers(struct json_out *o, const struct page *p)
{
    jo_key(o, "buyers");
    jo_array(o);
    for (size_t i = 0; i < p->buyer_count; i++) {
        jo_open(o);
        jo_kt(o, "id", p->buyers[i].id);
        jo_kt(o, "name", p->buyers[i].name);
        jo_kn(o, "orders", p->buyers[i].orders);
        jo_close(o);
    }
    jo_array_end(o);
}

static struct reply get_shop(struct request *rq)
{
    const struct demo_room *room = rq->room;
    struct page p = {.rq = rq};
    if (!find_shop(&p))
        return reply_problem(404, "not_found", "There is no such shop.");
    int rc = store_read(rq->store, read_shop, &p);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "shop");
    jo_open(&o);
    jo_kt(&o, "id", p.shop.shop_id);
    jo_kt(&o, "name", p.shop.name);
    jo_kt(&o, "language", p.shop.language);
    jo_kt(&o, "theme", shop_setting(rq->arena, &p.shop, "theme"));
    jo_close(&o);
    jo_key(&o, "products");
    jo_array(&o);
    for (size_t i = 0; p.catalog != NULL && i < catalog_count(p.catalog); i++)
        card_product(&o, catalog_at(p.catalog, i), p.catalog);
    jo_array_end(&o);
    write_buyers(&o, &p);
    jo_close(&o);
    if (p.catalog != NULL)
        catalog_release(room->catalogs, p.catalog);
    return rc == STORE_OK ? reply_json(&b) : reply_fault();
}

static int read_orders(struct tx *tx, void *arg)
{
    struct page *p = arg;
    const struct demo_room *room = p->rq->room;
    p->catalog = catalog_hold(room->catalogs, tx, p->shop.tenant_id);
    if (p->catalog == NULL)
        return STORE_FAULT;
    return order_list(tx, p->rq->arena, p->shop.tenant_id, p->buyer, &p->orders, &p->order_count);
}

static struct reply get_orders(struct request *rq)
{
    const struct demo_room *room = rq->room;
    struct page p = {.rq = rq};
    if (!find_shop(&p))
        return reply_problem(404, "not_found", "There is no such shop.");
    int rc = store_read(rq->store, read_orders, &p);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < p.order_count; i++)
        card_order(&o, &p.orders[i], p.catalog, p.shop.language);
    jo_array_end(&o);
    jo_close(&o);
    if (p.catalog != NULL)
        catalog_release(room->catalogs, p.catalog);
    return rc == STORE_OK ? reply_json(&b) : reply_fault();
}

static int read_token_facts(struct tx *tx, void *arg)
{
    struct page *p = arg;
    if (shop_secret(tx, p->rq->arena, p->shop.tenant_id, &p->secret) != ACCOUNT_OK)
        return STORE_FAULT;
    return demo_buyers(tx, p->rq->arena, p->shop.tenant_id, &p->buyers, &p->buyer_count);
}

static struct reply get_token(struct request *rq)
{
    struct page p = {.rq = rq};
    if (!find_shop(&p))
        return reply_problem(404, "not_found", "There is no such shop.");
    if (store_read(rq->store, read_token_facts, &p) != STORE_OK)
        return reply_fault();
    struct str name = p.buyer;
    for (size_t i = 0; i < p.buyer_count; i++) {
        if (str_eq(p.buyers[i].id, p.buyer))
            name = p.buyers[i].name;
    }
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "token", merchant_token(rq->arena, p.secret, p.shop.shop_id, p.buyer, name, rq->now_ms));
    jo_close(&o);
    return reply_json(&b);
}

static const struct field shop_query[] = {
    {"shop", FIELD_TEXT, true, 1, 60, NULL, "Id of a demo shop."},
    {0},
};
static const struct field buyer_query[] = {
    {"shop", FIELD_TEXT, true, 1, 60, NULL, "Id of a demo shop."},
    {"buyer", FIELD_TEXT, true, 1, 60, NULL, "Id of a buyer."},
    {0},
};

const struct route demo_routes[] = {
    {METHOD_GET, "/demo/shop", get_shop, .query = shop_query, .tag = "Demo", .help = "Products and buyers of a demo shop."},
    {METHOD_GET, "/demo/orders", get_orders, .query = buyer_query, .tag = "Demo", .help = "Orders of a demo buyer."},
    {METHOD_GET, "/demo/token", get_token, .query = buyer_query, .tag = "Demo",
     .help = "The token that the merchant's own server would sign for this buyer."},
};
const size_t demo_route_count = COUNT(demo_routes);
