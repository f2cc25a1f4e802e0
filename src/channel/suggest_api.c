/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions while typing.
 *
 * How          A key press costs two cached reads (shop, knowledge), the contact's row, and a search of microseconds. Of the
 *              context, the widget says which product and order its page shows; that the order is this buyer's own, and what
 *              its status is, is looked up. Without an order on the page the newest one's status holds; who has none, or is a
 *              guest, has status "none".
 * Invariants   Buyer and shop come from the token. What is asked is not stored: half-typed words are nobody's business.
 * Threads      Any. Counts are guarded by `lock`.
 */
#include "channel/suggest_api.h"

#include <pthread.h>
#include <stdlib.h>

#include "account/actor.h"
#include "account/contact.h"
#include "account/shop.h"
#include "base/limit.h"
#include "trade/order_cache.h"

#define PACE_PLACES 4096 /* buyers counted at a time; another one of the same place takes it over */
#define PACE_MS     (10 * SECOND_MS)

/** How often a buyer has asked since. */
struct pace {
    int64_t tenant_id, contact_id, since_ms;
    int asked;
};

struct suggest_room {
    struct knowledge_cache *bases;
    struct catalog_cache *catalogs;
    struct order_cache *orders;
    pthread_mutex_t lock;
    struct pace paces[PACE_PLACES]; /* guarded by lock */
};

struct suggest_room *suggest_room_new(struct knowledge_cache *bases, struct catalog_cache *catalogs)
{
    struct suggest_room *room = xcalloc(1, sizeof(*room));
    room->bases = bases;
    room->catalogs = catalogs;
    room->orders = order_cache_new();
    pthread_mutex_init(&room->lock, NULL);
    return room;
}

void suggest_room_free(struct suggest_room *room)
{
    if (room == NULL)
        return;
    order_cache_free(room->orders);
    pthread_mutex_destroy(&room->lock);
    free(room);
}

int suggest_pace_ms(struct suggest_room *room, int64_t tenant_id, int64_t contact_id, int64_t now_ms)
{
    uint64_t hash = (uint64_t)contact_id * 0x9E3779B97F4A7C15u;
    pthread_mutex_lock(&room->lock);
    struct pace *p = &room->paces[(hash >> 32) % PACE_PLACES];
    int64_t age_ms = now_ms - p->since_ms;
    if (p->tenant_id != tenant_id || p->contact_id != contact_id || age_ms < 0 || age_ms >= PACE_MS)
        *p = (struct pace){tenant_id, contact_id, now_ms, 0};
    int wait_ms = ++p->asked > SUGGEST_PER_10S ? (int)(p->since_ms + PACE_MS - now_ms) : 0;
    pthread_mutex_unlock(&room->lock);
    return wait_ms;
}

/* ---- asking ------------------------------------------------------------------------------------------------------- */

/** One ask. */
struct asking {
    struct request *rq;
    struct suggest_room *room;
    struct shop shop;
    struct knowledge_context ctx;
    const struct knowledge_base *base; /* held */
    const struct catalog *catalog;     /* held; NULL: no product is looked at */
    const struct order_book *book;     /* held; NULL: a guest */
};

static const struct order *order_on_page(const struct asking *k, struct str order_id)
{
    size_t n;
    const struct order *orders = order_book_orders(k->book, &n);
    for (size_t i = 0; i < n && order_id.n > 0; i++)
        if (str_eq(orders[i].id, order_id))
            return &orders[i];
    return n > 0 ? &orders[0] : NULL; /* the newest */
}

static int read_order(struct tx *tx, struct asking *k)
{
    struct contact c;
    struct request *rq = k->rq;
    enum account_answer answer = contact_get(tx, rq->arena, rq->actor->tenant_id, rq->actor->id, &c);
    if (answer == ACCOUNT_FAULT)
        return STORE_FAULT;
    k->ctx.order_status = STR("none");
    if (answer != ACCOUNT_OK || c.buyer.n == 0)
        return STORE_OK;
    k->book = order_cache_hold(k->room->orders, tx, rq->actor->tenant_id, c.buyer, k->shop.orders);
    if (k->book == NULL)
        return STORE_FAULT;
    const struct order *order = order_on_page(k, rq->query(rq, "order"));
    if (order != NULL)
        k->ctx.order_status = str_from(order_status_name(order->status));
    return STORE_OK;
}

static int read_product(struct tx *tx, struct asking *k)
{
    struct str id = k->rq->query(k->rq, "product");
    if (id.n == 0)
        return STORE_OK;
    k->catalog = catalog_hold_at(k->room->catalogs, tx, k->shop.tenant_id, k->shop.catalog);
    if (k->catalog == NULL)
        return STORE_FAULT;
    const struct product *p = catalog_product(k->catalog, id);
    if (p != NULL) {
        k->ctx.product = p->id;
        k->ctx.category = p->category;
    }
    return STORE_OK;
}

static int read_context(struct tx *tx, void *arg)
{
    struct asking *k = arg;
    k->base = knowledge_hold_at(k->room->bases, tx, k->shop.tenant_id, k->shop.catalog);
    if (k->base == NULL || read_order(tx, k) != STORE_OK)
        return STORE_FAULT;
    return read_product(tx, k);
}

static void let_go(struct asking *k)
{
    knowledge_release(k->room->bases, k->base);
    order_cache_release(k->room->orders, k->book);
    if (k->catalog != NULL)
        catalog_release(k->room->catalogs, k->catalog);
}

static struct reply write_items(struct request *rq, const struct str *items, size_t n, bool off)
{
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++)
        jo_text(&o, items[i]);
    jo_array_end(&o);
    if (off)
        jo_kb(&o, "off", true);
    jo_close(&o);
    return reply_json(&b);
}

static bool is_off(const struct shop *s)
{
    _cleanup_(json_donep) json_t *settings = json_read(s->settings, NULL);
    return !json_flag(settings, "suggest", true);
}

static struct reply get_suggest(struct request *rq)
{
    struct asking k = {.rq = rq, .room = rq->room};
    struct str items[SUGGEST_MOST];
    int wait_ms = suggest_pace_ms(k.room, rq->actor->tenant_id, rq->actor->id, rq->now_ms);
    if (wait_ms > 0)
        return (struct reply){.status = 429, .problem = "rate_limited", .detail = "Too many questions; wait a moment.",
                              .retry_after_s = (wait_ms + 999) / 1000};
    if (shop_of(rq->store, rq->arena, rq->actor->tenant_id, &k.shop) != ACCOUNT_OK)
        return reply_fault();
    if (is_off(&k.shop))
        return write_items(rq, NULL, 0, true);
    k.ctx = (struct knowledge_context){.now_ms = rq->now_ms, .language = rq->actor->language, .channel = STR("web")};
    if (store_read(rq->store, read_context, &k) != STORE_OK) {
        let_go(&k);
        return reply_fault();
    }
    size_t n = knowledge_suggest(k.base, rq->arena, str_trim(rq->query(rq, "q")), &k.ctx, items, SUGGEST_MOST);
    struct reply reply = write_items(rq, items, n, false);
    let_go(&k);
    return reply;
}

static const struct field suggest_query[] = {
    {"q", FIELD_TEXT, true, 1, LIMIT_NAME_CHARS, NULL, "What the buyer has typed so far."},
    {"product", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "The product that the page shows."},
    {"order", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "The order that the page shows, if it is this buyer's."},
    {0},
};
static const struct field suggest_gives[] = {
    {.name = "items", .type = FIELD_ARRAY, .max = SUGGEST_MOST, .help = "Questions that the shop has an answer to, best first."},
    {.name = "off", .type = FIELD_BOOL, .help = "Present and true when the shop has switched this off: don't ask again."},
    {0},
};

const struct route suggest_routes[] = {
    {METHOD_GET, "/api/v1/widget/suggest", get_suggest, .needs = ROLE_BUYER, .query = suggest_query,
     .gives = suggest_gives, .tag = "Buyer",
     .help = "Questions that the shop has an answer to for this buyer, for a text that is being typed."},
};
const size_t suggest_route_count = COUNT(suggest_routes);
