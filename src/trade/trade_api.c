/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes of orders and products.
 *
 * How          Each handler reads orders and the catalog in one snapshot of the store, writes the reply from them, and lets
 *              the catalog go.
 * Invariants   1. A buyer's routes take the buyer from the token's contact, never from the request.
 *              2. "Not there" and "not yours" are the same answer.
 */
#include "trade/trade_api.h"

#include "account/actor.h"
#include "account/contact.h"
#include "base/id.h"
#include "base/limit.h"
#include "chat/conversation_store.h"
#include "nlu/normalise.h"
#include "trade/card.h"
#include "trade/order_store.h"

enum {
    SEARCHED = 100, /* orders looked through for a search, a page */
};

/** What a handler reads, and from what. */
struct reading {
    struct request *rq;
    struct str buyer;
    struct str search;
    struct str order_id;
    int64_t conversation_id;
    struct order_cursor after;
    int limit;
    const struct catalog *catalog; /* held */
    struct order *orders;
    size_t n;
    bool more;
};

static struct catalog_cache *catalogs(const struct request *rq)
{
    const struct trade_room *room = rq->room;
    return room->catalogs;
}

static int limit_of(const struct request *rq, int otherwise)
{
    int64_t limit;
    return str_int(rq->query(rq, "limit"), &limit) ? (int)limit : otherwise;
}

static int hold(struct tx *tx, struct reading *r)
{
    r->catalog = catalog_hold(catalogs(r->rq), tx, r->rq->actor->tenant_id);
    return r->catalog != NULL ? STORE_OK : STORE_FAULT;
}

static struct reply not_found(const char *detail)
{
    return reply_problem(404, "not_found", detail);
}

/* ---- pages ---------------------------------------------------------------------------------------------------------- */

/** A cursor is "created_ms.order_id" of the last order looked at. */
static bool read_cursor(struct str cursor, struct order_cursor *ret)
{
    struct str head;
    if (cursor.n == 0)
        return true;
    if (!str_cut(&cursor, '.', &head) || !str_int(head, &ret->created_ms) || ret->created_ms <= 0)
        return false;
    ret->id = cursor;
    return true;
}

static bool is_found(const struct reading *r, struct arena *a, const struct order *o)
{
    struct str want = normalise(a, r->search);
    if (str_has(normalise(a, o->id), want))
        return true;
    for (size_t i = 0; i < o->item_count; i++)
        if (str_has(normalise(a, card_item_title(&o->items[i], r->catalog)), want))
            return true;
    return false;
}

/** Reads a page of the buyer's orders; with a search, looks through more of them for as many. */
static int read_orders(struct tx *tx, struct reading *r)
{
    struct arena *a = r->rq->arena;
    struct order *list;
    size_t n, kept = 0, at = 0;
    int look = r->search.n > 0 ? SEARCHED : r->limit;
    if (order_page(tx, a, r->rq->actor->tenant_id, r->buyer, &r->after, look + 1, &list, &n) < 0 || hold(tx, r) < 0)
        return STORE_FAULT;
    size_t most = MIN(n, (size_t)look);
    for (; at < most && kept < (size_t)r->limit; at++)
        if (r->search.n == 0 || is_found(r, a, &list[at]))
            list[kept++] = list[at];
    r->more = at < n;
    if (at > 0) /* what was kept has moved to the front, the last one looked at is still in its place */
        r->after = (struct order_cursor){list[at - 1].created_ms, list[at - 1].id};
    r->orders = list;
    r->n = kept;
    return STORE_OK;
}

static struct reply orders_reply(struct reading *r, bool full)
{
    struct arena *a = r->rq->arena;
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < r->n; i++) {
        if (full)
            card_order_full(&o, a, &r->orders[i], r->catalog, r->rq->actor->language);
        else
            card_order(&o, &r->orders[i], r->catalog, r->rq->actor->language);
    }
    jo_array_end(&o);
    jo_key(&o, "next");
    if (r->more)
        jo_text(&o, str_fmt(a, "%lld.%.*s", (long long)r->after.created_ms, STR_ARG(r->after.id)));
    else
        jo_null(&o);
    jo_close(&o);
    catalog_release(catalogs(r->rq), r->catalog);
    return reply_json(&b);
}

/* ---- buyers --------------------------------------------------------------------------------------------------------- */

static int read_own_orders(struct tx *tx, void *arg)
{
    struct reading *r = arg;
    struct contact contact;
    enum account_answer answer =
        contact_get(tx, r->rq->arena, r->rq->actor->tenant_id, r->rq->actor->id, &contact);
    if (answer == ACCOUNT_FAULT)
        return STORE_FAULT;
    r->buyer = answer == ACCOUNT_OK ? contact.buyer : STR_NONE;
    return r->buyer.n > 0 ? read_orders(tx, r) : hold(tx, r); /* a guest has none */
}

static struct reply get_widget_orders(struct request *rq)
{
    struct reading r = {.rq = rq, .search = str_trim(rq->query(rq, "q")), .limit = limit_of(rq, 10)};
    if (!read_cursor(rq->query(rq, "cursor"), &r.after))
        return reply_problem(422, "bad_cursor", "Take `cursor` from the `next` of an earlier answer.");
    if (store_read(rq->store, read_own_orders, &r) != STORE_OK)
        return reply_fault();
    return orders_reply(&r, false);
}

static int read_catalog(struct tx *tx, void *arg)
{
    return hold(tx, arg);
}

static struct reply get_widget_product(struct request *rq)
{
    struct reading r = {.rq = rq};
    if (store_read(rq->store, read_catalog, &r) != STORE_OK)
        return reply_fault();
    const struct product *p = catalog_product(r.catalog, rq->segment[0]);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    if (p != NULL)
        card_product(&o, p, r.catalog);
    catalog_release(catalogs(rq), r.catalog);
    return p != NULL ? reply_json(&b) : not_found("The shop has no such product.");
}

/* ---- people --------------------------------------------------------------------------------------------------------- */

enum { NOT_THERE = 1 };

/** A crowd agent sees the orders of the buyer it is serving, and no others (handbook/domain.md, 2.3). */
static bool may_see(const struct actor *who, const struct conversation *c)
{
    bool of_the_shop = (who->roles & ROLES_DESK & ~(uint32_t)ROLE_CROWD) != 0;
    return of_the_shop || (c->handler == HANDLER_AGENT && c->agent_id == who->id);
}

static int read_conversation_orders(struct tx *tx, void *arg)
{
    struct reading *r = arg;
    struct arena *a = r->rq->arena;
    struct conversation c;
    struct contact contact;
    enum chat_answer found = conversation_get(tx, a, r->rq->actor->tenant_id, r->conversation_id, &c);
    if (found != CHAT_OK)
        return found == CHAT_NOT_FOUND ? NOT_THERE : STORE_FAULT;
    if (!may_see(r->rq->actor, &c))
        return NOT_THERE;
    enum account_answer answer = contact_get(tx, a, r->rq->actor->tenant_id, c.contact_id, &contact);
    if (answer != ACCOUNT_OK)
        return answer == ACCOUNT_NOT_FOUND ? NOT_THERE : STORE_FAULT;
    r->buyer = contact.buyer;
    return r->buyer.n > 0 ? read_orders(tx, r) : hold(tx, r);
}

static struct reply get_conversation_orders(struct request *rq)
{
    struct reading r = {.rq = rq, .limit = limit_of(rq, 20)};
    if (!id_parse(rq->segment[0], &r.conversation_id))
        return not_found("There is no such conversation.");
    if (!read_cursor(rq->query(rq, "cursor"), &r.after))
        return reply_problem(422, "bad_cursor", "Take `cursor` from the `next` of an earlier answer.");
    int answer = store_read(rq->store, read_conversation_orders, &r);
    if (answer == NOT_THERE)
        return not_found("There is no such conversation.");
    return answer == STORE_OK ? orders_reply(&r, true) : reply_fault();
}

static int read_one_order(struct tx *tx, void *arg)
{
    struct reading *r = arg;
    r->orders = arena_new(r->rq->arena, struct order);
    int rc = order_get_any(tx, r->rq->arena, r->rq->actor->tenant_id, r->order_id, r->orders);
    if (rc <= 0)
        return rc < 0 ? STORE_FAULT : NOT_THERE;
    return hold(tx, r);
}

static struct reply get_order(struct request *rq)
{
    struct reading r = {.rq = rq, .order_id = rq->segment[0]};
    int answer = store_read(rq->store, read_one_order, &r);
    if (answer == NOT_THERE)
        return not_found("There is no such order.");
    if (answer != STORE_OK)
        return reply_fault();
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    card_order_full(&o, rq->arena, r.orders, r.catalog, rq->actor->language);
    catalog_release(catalogs(rq), r.catalog);
    return reply_json(&b);
}

/** Products found for a search, or the next ones in order of ids. */
static size_t list_products(const struct reading *r, struct str after, const struct product **ret, bool *ret_more)
{
    struct product_hit hits[LIMIT_PAGE];
    size_t n = 0, limit = (size_t)r->limit;
    *ret_more = false;
    if (r->search.n > 0) {
        n = catalog_find(r->catalog, r->rq->arena, r->search, hits, limit);
        for (size_t i = 0; i < n; i++)
            ret[i] = hits[i].product;
        return n;
    }
    for (size_t i = 0; i < catalog_count(r->catalog); i++) {
        const struct product *p = catalog_at(r->catalog, i);
        if (str_cmp(p->id, after) <= 0)
            continue;
        *ret_more = n == limit;
        if (n == limit)
            break;
        ret[n++] = p;
    }
    return n;
}

static struct reply get_products(struct request *rq)
{
    struct reading r = {.rq = rq, .search = str_trim(rq->query(rq, "q")), .limit = limit_of(rq, 20)};
    if (store_read(rq->store, read_catalog, &r) != STORE_OK)
        return reply_fault();
    const struct product *list[LIMIT_PAGE];
    bool more;
    size_t n = list_products(&r, rq->query(rq, "cursor"), list, &more);
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_key(&o, "items");
    jo_array(&o);
    for (size_t i = 0; i < n; i++)
        card_product_full(&o, list[i], r.catalog);
    jo_array_end(&o);
    jo_key(&o, "next");
    if (more)
        jo_text(&o, list[n - 1]->id);
    else
        jo_null(&o);
    jo_close(&o);
    catalog_release(catalogs(rq), r.catalog);
    return reply_json(&b);
}

/* ---- the table ------------------------------------------------------------------------------------------------------ */

static const struct field page_query[] = {
    {"cursor", FIELD_TEXT, false, 0, 120, NULL, "The `next` of an earlier answer."},
    {"limit", FIELD_INT, false, 1, LIMIT_PAGE, NULL, "Items."},
    {0},
};

static const struct field search_query[] = {
    {"q", FIELD_TEXT, false, 0, LIMIT_NAME_CHARS, NULL, "Words of a title, or an id."},
    {"cursor", FIELD_TEXT, false, 0, 120, NULL, "The `next` of an earlier answer."},
    {"limit", FIELD_INT, false, 1, LIMIT_PAGE, NULL, "Items."},
    {0},
};

const struct route trade_routes[] = {
    {METHOD_GET, "/api/v1/widget/orders", get_widget_orders, .needs = ROLE_BUYER, .query = search_query,
     .tag = "Buyer", .help = "The buyer's own orders, newest first, 10 unless told."},
    {METHOD_GET, "/api/v1/widget/products/:id", get_widget_product, .needs = ROLE_BUYER, .tag = "Buyer",
     .help = "A product of the shop."},
    {METHOD_GET, "/api/v1/conversations/:id/orders", get_conversation_orders, .needs = ROLES_DESK, .query = page_query,
     .tag = "Trade", .help = "Orders of the buyer of a conversation, newest first; addresses are masked."},
    {METHOD_GET, "/api/v1/orders/:id", get_order, .needs = ROLES_DESK & ~(uint32_t)ROLE_CROWD, .tag = "Trade",
     .help = "An order of the shop; its address is masked."},
    {METHOD_GET, "/api/v1/products", get_products, .needs = ROLES_DESK, .query = search_query, .tag = "Trade",
     .help = "Products by words, best first, or all in order of ids."},
};
const size_t trade_route_count = COUNT(trade_routes);
