/* SPDX-License-Identifier: Apache-2.0 */
/*
 * News of a shop's own system: orders, parcels and products as they are now.
 *
 * How          Each goes the way of `xiaoer import`: the same shapes, the same checks, the same rows. What is added is the
 *              version: the shop counts the changes of each object, and only a higher one is taken.
 * Invariants   1. A message of an id that was taken does nothing; one that was refused may come again, mended.
 *              2. A shop can only speak of its own orders and products.
 */
#include "account/shop.h"
#include "base/limit.h"
#include "base/time.h"
#include "trade/order_store.h"
#include "trade/shop_system_private.h"
#include "trade/trade_import.h"

/* ---- one object --------------------------------------------------------------------------------------------------------- */

static enum shop_news refuse(struct str *ret_why, struct str why)
{
    *ret_why = why;
    return SHOP_NEWS_REFUSED;
}

/** The checks of the import, and the row; the shop is the sender's, whatever the object says. */
static enum shop_news take_row(struct tx *tx, struct arena *a, const struct shop *shop, const struct import_kind *kind,
                               int64_t version, json_t *row, struct str *ret_why)
{
    struct import_problem problem = {.text = ""};
    struct str said = json_str(row, "shop"), id = json_str(row, "id");
    if (said.n > 0 && !str_eq(said, shop->shop_id))
        return refuse(ret_why, STR("it is another shop's"));
    json_object_set_new(row, "shop", json_stringn(shop->shop_id.p, shop->shop_id.n));
    if (!import_check(row, kind->fields, &problem))
        return refuse(ret_why, str_dup(a, str_from(problem.text)));
    int newer = shop_version_take(tx, shop->tenant_id, kind == &order_import ? "order" : "product", id, version);
    if (newer <= 0)
        return newer < 0 ? SHOP_NEWS_FAULT : SHOP_NEWS_SAME;
    switch (kind->store_row(tx, a, row, &problem)) {
    case ROW_ADDED:
    case ROW_CHANGED: break;
    case ROW_SAME: return SHOP_NEWS_SAME;
    case ROW_REFUSED: return refuse(ret_why, str_dup(a, str_from(problem.text)));
    case ROW_FAULT: return SHOP_NEWS_FAULT;
    }
    enum account_answer raised = kind == &order_import ? shop_orders_raise(tx, shop->tenant_id)
                                                       : shop_catalog_raise(tx, shop->tenant_id);
    return raised == ACCOUNT_OK ? SHOP_NEWS_TAKEN : SHOP_NEWS_FAULT;
}

enum shop_news shop_system_take(struct tx *tx, struct arena *a, int64_t tenant_id, const char *kind, int64_t version,
                                const json_t *object, struct str *ret_why)
{
    struct shop shop;
    if (!json_is_object(object) || version <= 0)
        return refuse(ret_why, STR("an object and its version (a positive integer) are wanted"));
    if (shop_get(tx, a, tenant_id, &shop) != ACCOUNT_OK)
        return SHOP_NEWS_FAULT;
    /* jansson's copy takes a changeable object, and only counts up what it shares */
    _cleanup_(json_donep) json_t *row = json_copy((json_t *)(uintptr_t)object);
    bool order = str_eq_c(STR("order"), kind);
    return take_row(tx, a, &shop, order ? &order_import : &product_import, version, row, ret_why);
}

/* ---- messages ----------------------------------------------------------------------------------------------------------- */

/** One message in the hands of its unit of work. */
struct hearing {
    struct arena *a;
    int64_t tenant_id, now_ms;
    struct str id;
    const json_t *data;
    enum shop_news (*take)(struct tx *tx, struct hearing *h);
    struct str why;
    enum shop_news news;
};

static int64_t version_of(const struct hearing *h)
{
    return json_int(h->data, "version", 0);
}

static enum shop_news take_order(struct tx *tx, struct hearing *h)
{
    return shop_system_take(tx, h->a, h->tenant_id, "order", version_of(h), json_object_get(h->data, "order"), &h->why);
}

static enum shop_news take_product(struct tx *tx, struct hearing *h)
{
    return shop_system_take(tx, h->a, h->tenant_id, "product", version_of(h), json_object_get(h->data, "product"), &h->why);
}

/** Parcels alone: the rest of the order stays as it is here. */
static enum shop_news take_parcels(struct tx *tx, struct hearing *h)
{
    static const char *const members[] = {"parcels", "status", "shipped_at", "delivered_at"};
    struct order_row stored;
    int rc = order_row_get(tx, h->a, h->tenant_id, json_str(h->data, "order_id"), &stored);
    if (rc <= 0)
        return rc < 0 ? SHOP_NEWS_FAULT : refuse(&h->why, STR("no such order: send order.changed first"));
    _cleanup_(json_donep) json_t *row = json_read(stored.body, NULL);
    for (size_t i = 0; i < COUNT(members); i++) {
        json_t *value = json_object_get(h->data, members[i]);
        if (value != NULL)
            json_object_set(row, members[i], value);
    }
    if (stored.address.n > 0)
        json_object_set_new(row, "address", json_read(stored.address, NULL));
    return shop_system_take(tx, h->a, h->tenant_id, "order", version_of(h), row, &h->why);
}

static enum shop_news take_settled(struct tx *tx, struct hearing *h)
{
    struct adapter_answer answer = adapter_answer_of(h->a, h->data);
    enum shop_news news = SHOP_NEWS_SAME;
    if (answer.verdict == ADAPTER_NONSENSE)
        news = refuse(&h->why, STR("no answer of the contract"));
    else if (answer.verdict != ADAPTER_LATER) {
        int rc = shop_system_settle(tx, h->a, h->tenant_id, json_str(h->data, "key"), &answer, h->now_ms);
        news = rc < 0 ? SHOP_NEWS_FAULT : rc > 0 ? SHOP_NEWS_TAKEN : SHOP_NEWS_SAME;
    }
    adapter_answer_done(&answer);
    return news;
}

static const struct {
    const char *type;
    enum shop_news (*take)(struct tx *tx, struct hearing *h);
} types[] = {
    {"order.changed", take_order},
    {"parcel.changed", take_parcels},
    {"product.changed", take_product},
    {"action.settled", take_settled},
};

/** A refused message has taken nothing, its id neither. */
static int hear(struct tx *tx, void *arg)
{
    struct hearing *h = arg;
    int fresh = shop_webhook_take(tx, h->tenant_id, h->id, h->now_ms);
    if (fresh < 0)
        return STORE_FAULT;
    h->news = fresh == 0 ? SHOP_NEWS_SAME : h->take(tx, h);
    if (h->news == SHOP_NEWS_FAULT)
        return STORE_FAULT;
    return h->news == SHOP_NEWS_REFUSED ? 1 : STORE_OK;
}

enum shop_news shop_system_hear(struct store *store, struct arena *a, int64_t tenant_id, struct str id, struct str type,
                                const json_t *data, int64_t now_ms, struct str *ret_why)
{
    struct hearing h = {.a = a, .tenant_id = tenant_id, .now_ms = now_ms, .id = id, .data = data};
    for (size_t i = 0; i < COUNT(types); i++)
        if (str_eq_c(type, types[i].type))
            h.take = types[i].take;
    if (h.take == NULL)
        return SHOP_NEWS_SAME; /* a shop may tell more than we want to know */
    int rc = store_write(store, hear, &h);
    shop_cache_forget();
    if (rc < 0)
        return SHOP_NEWS_FAULT;
    *ret_why = h.why;
    return h.news;
}

/* ---- how a system is reached: the import -------------------------------------------------------------------------------- */

static const struct import_field fields[] = {
    {.name = "shop", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 64},
    {.name = "kind", .type = IMPORT_CHOICE, .required = true, .choices = "built_in|http|vendure"},
    {.name = "url", .type = IMPORT_TEXT, .max = 500},
    {.name = "secret", .type = IMPORT_TEXT, .max = 120},
    {0},
};

/** A system that was not here yet, or is another one now, is read from the beginning. */
static struct shop_system changed(struct arena *a, const struct shop_system *before, bool there, const json_t *row)
{
    struct shop_system s = there ? *before : (struct shop_system){.tenant_id = before->tenant_id};
    struct str url = json_str(row, "url"), secret = json_str(row, "secret");
    if (!str_eq(s.url, url)) {
        s.orders_cursor = s.products_cursor = s.actions = s.error = STR_NONE;
        s.pull_ms = s.pulled_ms = s.checked_ms = 0;
    }
    (void)shop_system_kind_from_name(json_str(row, "kind"), &s.kind); /* one of the choices */
    s.url = url;
    s.private_ok = true; /* whoever imports is the operator of this machine */
    if (secret.n > 0)
        s.secret[0] = secret;
    else if (s.secret[0].n == 0)
        s.secret[0] = adapter_secret_new(a);
    return s;
}

static bool same_system(const struct shop_system *a, const struct shop_system *b)
{
    return a->kind == b->kind && str_eq(a->url, b->url) && str_eq(a->secret[0], b->secret[0]) && a->private_ok == b->private_ok;
}

static enum row_answer import_system(struct tx *tx, struct arena *a, const json_t *row, struct import_problem *problem)
{
    struct shop shop;
    struct str secret = json_str(row, "secret");
    enum account_answer found = shop_find(tx, a, json_str(row, "shop"), &shop);
    if (found != ACCOUNT_OK)
        return found == ACCOUNT_FAULT ? ROW_FAULT : import_refuse(problem, "no such shop: import shops first");
    struct shop_system before = {.tenant_id = shop.tenant_id};
    int there = shop_system_get(tx, a, shop.tenant_id, &before);
    if (there < 0)
        return ROW_FAULT;
    if (str_eq_c(json_str(row, "kind"), "built_in")) {
        if (there == 0)
            return ROW_SAME;
        return shop_system_remove(tx, shop.tenant_id) < 0 ? ROW_FAULT : ROW_CHANGED;
    }
    if (!adapter_url_good(json_str(row, "url")))
        return import_refuse(problem, "\"url\" must be http(s)://HOST[:PORT][/PATH] without a slash at its end");
    if (secret.n > 0 && !adapter_secret_good(secret))
        return import_refuse(problem, "\"secret\" must be whsec_ and base64 of 24 to 64 bytes");
    struct shop_system s = changed(a, &before, there > 0, row);
    if (there > 0 && same_system(&before, &s))
        return ROW_SAME;
    if (shop_system_put(tx, a, &s, clock_now_ms()) < 0)
        return ROW_FAULT;
    if (there == 0 && secret.n == 0)
        snprintf(problem->once, sizeof(problem->once), "secret of the system of %.*s: %.*s",
                 STR_ARG(str_clip(shop.shop_id, 30)), STR_ARG(s.secret[0]));
    return there > 0 ? ROW_CHANGED : ROW_ADDED;
}

const struct import_kind shop_system_import = {
    .name = "systems", .fields = fields, .key = {"shop"}, .flat = true, .store_row = import_system};
