/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Import of products, orders and policies.
 *
 * How          The row is stored as it came (JSON), with what is searched by beside it in columns. A row that says what is
 *              stored already changes nothing, so a nightly export can be imported whole.
 * Invariants   1. A row refused has written nothing: everything is checked first.
 *              2. An order's address is sealed and never part of the readable body.
 */
#include "trade/trade_import.h"

#include "account/shop.h"
#include "base/time.h"
#include "trade/case_service.h"
#include "trade/order_store.h"
#include "trade/policy_store.h"
#include "trade/product_store.h"

enum {
    SKUS_MOST = 500,
    SIZES_MOST = 100,
    ITEMS_MOST = 500,
    PARCELS_MOST = 100,
    EVENTS_MOST = 500,
    ATTRIBUTES_MOST = 200,
    ATTRIBUTE_CHARS = 1000,
};

/** Amounts that are no mistake: up to ten million units of a currency with cents. */
#define CENTS_MOST INT64_C(1000000000)

static const struct import_field product_fields[] = {
    {.name = "id", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 64},
    {.name = "shop", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 64},
    {.name = "title", .type = IMPORT_TEXT, .required = true, .min = 1},
    {.name = "category", .type = IMPORT_TEXT},
    {.name = "price_cents", .type = IMPORT_INT, .max = CENTS_MOST},
    {.name = "attributes", .type = IMPORT_OBJECT},
    {.name = "skus", .type = IMPORT_ARRAY},
    {.name = "size_chart", .type = IMPORT_ARRAY},
    {.name = "seven_day", .type = IMPORT_CHOICE, .choices = "yes|no_legal|no_confirmed"},
    {.name = "price_protect_days", .type = IMPORT_INT, .max = 3660},
    {.name = "warranty_days", .type = IMPORT_INT, .max = 36600},
    {.name = "aliases", .type = IMPORT_TEXTS},
    {.name = "package", .type = IMPORT_TEXTS},
    {0},
};

static const struct import_field sku_fields[] = {
    {.name = "id", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 64},
    {.name = "attributes", .type = IMPORT_OBJECT},
    {.name = "price_cents", .type = IMPORT_INT, .max = CENTS_MOST},
    {.name = "stock", .type = IMPORT_INT, .max = 1000000000},
    {0},
};

static const struct import_field order_fields[] = {
    {.name = "id", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 64},
    {.name = "shop", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 64},
    {.name = "buyer", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 128},
    {.name = "status", .type = IMPORT_CHOICE, .required = true,
     .choices = "unpaid|paid|shipped|delivered|finished|closed"},
    {.name = "created_at", .type = IMPORT_TIME, .required = true},
    {.name = "paid_at", .type = IMPORT_TIME},
    {.name = "shipped_at", .type = IMPORT_TIME},
    {.name = "delivered_at", .type = IMPORT_TIME},
    {.name = "finished_at", .type = IMPORT_TIME},
    {.name = "items", .type = IMPORT_ARRAY, .required = true},
    {.name = "freight_cents", .type = IMPORT_INT, .max = CENTS_MOST},
    {.name = "coupon_cents", .type = IMPORT_INT, .max = CENTS_MOST},
    {.name = "freight_insured", .type = IMPORT_BOOL},
    {.name = "note", .type = IMPORT_TEXT, .max = 1000},
    {.name = "address", .type = IMPORT_OBJECT},
    {.name = "parcels", .type = IMPORT_ARRAY},
    {0},
};

static const struct import_field item_fields[] = {
    {.name = "sub_id", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 80},
    {.name = "product", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 64},
    {.name = "sku", .type = IMPORT_TEXT, .max = 64},
    {.name = "title", .type = IMPORT_TEXT},
    {.name = "sku_text", .type = IMPORT_TEXT},
    {.name = "quantity", .type = IMPORT_INT, .min = 1, .max = 100000},
    {.name = "paid_cents", .type = IMPORT_INT, .required = true, .max = CENTS_MOST},
    {0},
};

static const struct import_field address_fields[] = {
    {.name = "name", .type = IMPORT_TEXT},
    {.name = "phone", .type = IMPORT_TEXT, .max = 40},
    {.name = "region", .type = IMPORT_TEXT},
    {.name = "detail", .type = IMPORT_TEXT, .max = 500},
    {0},
};

static const struct import_field parcel_fields[] = {
    {.name = "carrier", .type = IMPORT_TEXT},
    {.name = "carrier_phone", .type = IMPORT_TEXT, .max = 40},
    {.name = "tracking_no", .type = IMPORT_TEXT, .max = 64},
    {.name = "events", .type = IMPORT_ARRAY},
    {0},
};

static const struct import_field event_fields[] = {
    {.name = "at", .type = IMPORT_TIME, .required = true},
    {.name = "kind", .type = IMPORT_CHOICE, .required = true,
     .choices = "picked_up|in_transit|out_for_delivery|delivered|exception|returned"},
    {.name = "place", .type = IMPORT_TEXT},
    {.name = "text", .type = IMPORT_TEXT, .max = 500},
    {0},
};

static const struct import_field policy_fields[] = {
    {.name = "key", .type = IMPORT_TEXT, .required = true, .min = 1, .max = 100},
    {.name = "value", .type = IMPORT_ANY, .required = true},
    {.name = "from", .type = IMPORT_TIME, .required = true},
    {.name = "to", .type = IMPORT_TIME},
    {.name = "scope", .type = IMPORT_TEXT},
    {.name = "shop", .type = IMPORT_TEXT, .max = 64},
    {.name = "source", .type = IMPORT_TEXT, .max = 500},
    {.name = "mark", .type = IMPORT_TEXT, .max = 10},
    {.name = "meaning", .type = IMPORT_TEXT, .max = 500},
    {0},
};

/** Finds the shop that the row names; else what to answer with is in @p ret_answer. */
static bool find_shop(struct tx *tx, struct arena *a, const json_t *row, struct import_problem *problem,
                      struct shop *ret, enum row_answer *ret_answer)
{
    struct str shop_id = json_str(row, "shop");
    enum account_answer answer = shop_find(tx, a, shop_id, ret);
    if (answer == ACCOUNT_OK)
        return true;
    *ret_answer = answer == ACCOUNT_FAULT
                      ? ROW_FAULT
                      : import_refuse(problem, "no shop \"%.*s\": import shops first", STR_ARG(shop_id));
    return false;
}

/** What storing over what was there means; @p there as stores answer. */
static enum row_answer put_answer(int there, int rc)
{
    if (rc < 0)
        return ROW_FAULT;
    return there > 0 ? ROW_CHANGED : ROW_ADDED;
}

/* ---- products ----------------------------------------------------------------------------------------------------- */

/** Attributes are short texts or numbers; `what` names them in the reason. */
static bool check_attributes(const json_t *object, const char *what, struct import_problem *problem)
{
    json_t *o = (json_t *)(uintptr_t)object; /* jansson's iterator does not change it */
    if (json_object_size(object) > ATTRIBUTES_MOST) {
        import_refuse(problem, "%s: more than %d attributes", what, ATTRIBUTES_MOST);
        return false;
    }
    for (void *it = json_object_iter(o); it != NULL; it = json_object_iter_next(o, it)) {
        const json_t *value = json_object_iter_value(it);
        bool text = json_is_string(value) && str_code_points(json_text(value)) <= ATTRIBUTE_CHARS;
        if (text || json_is_number(value) || json_is_boolean(value))
            continue;
        import_refuse(problem, "%s: attribute \"%s\" must be a text of at most %d characters or a number", what,
                      json_object_iter_key(it), ATTRIBUTE_CHARS);
        return false;
    }
    return true;
}

static bool check_skus(const json_t *skus, struct import_problem *problem)
{
    if (!import_check_each(skus, sku_fields, "skus", SKUS_MOST, problem))
        return false;
    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *sku = json_array_get(skus, i);
        if (!check_attributes(json_object_get(sku, "attributes"), "skus", problem))
            return false;
        for (size_t k = 0; k < i; k++) {
            if (!str_eq(json_str(json_array_get(skus, k), "id"), json_str(sku, "id")))
                continue;
            import_refuse(problem, "skus %zu: the same id as skus %zu", i + 1, k + 1);
            return false;
        }
    }
    return true;
}

static bool check_sizes(const json_t *chart, struct arena *a, struct import_problem *problem)
{
    size_t n = json_array_size(chart);
    if (n <= SIZES_MOST && size_chart_read(a, chart).n == n)
        return true;
    import_refuse(problem, "\"size_chart\" must have at most %d rows, each an object with a size (尺码, size)", SIZES_MOST);
    return false;
}

static enum row_answer import_product(struct tx *tx, struct arena *a, const json_t *row,
                                      struct import_problem *problem)
{
    struct shop shop;
    enum row_answer answer;
    if (!check_attributes(json_object_get(row, "attributes"), "attributes", problem) ||
        !check_skus(json_object_get(row, "skus"), problem) ||
        !check_sizes(json_object_get(row, "size_chart"), a, problem))
        return ROW_REFUSED;
    if (!find_shop(tx, a, row, problem, &shop, &answer))
        return answer;

    struct product p;
    product_read(a, row, &p);
    struct str body = json_dump(a, row), before;
    int there = product_text(tx, a, shop.tenant_id, p.id, &before);
    if (there < 0)
        return ROW_FAULT;
    if (there > 0 && str_eq(before, body))
        return ROW_SAME;
    return put_answer(there, product_put(tx, shop.tenant_id, &p, body, clock_now_ms()));
}

/* ---- orders ------------------------------------------------------------------------------------------------------- */

static bool check_order(const json_t *row, struct import_problem *problem)
{
    const json_t *items = json_object_get(row, "items"), *address = json_object_get(row, "address");
    const json_t *parcels = json_object_get(row, "parcels");
    if (json_array_size(items) == 0) {
        import_refuse(problem, "\"items\" is empty");
        return false;
    }
    if (!import_check_each(items, item_fields, "items", ITEMS_MOST, problem) ||
        !import_check_each(parcels, parcel_fields, "parcels", PARCELS_MOST, problem))
        return false;
    for (size_t i = 0; i < json_array_size(parcels); i++)
        if (!import_check_each(json_object_get(json_array_get(parcels, i), "events"), event_fields, "events",
                               EVENTS_MOST, problem))
            return false;
    return !json_is_object(address) || import_check(address, address_fields, problem);
}

static enum row_answer import_order(struct tx *tx, struct arena *a, const json_t *row, struct import_problem *problem)
{
    struct shop shop;
    enum row_answer answer;
    if (!check_order(row, problem))
        return ROW_REFUSED;
    if (!find_shop(tx, a, row, problem, &shop, &answer))
        return answer;

    /* jansson's copy takes a changeable object, and only counts up what it shares */
    _cleanup_(json_donep) json_t *body = json_copy((json_t *)(uintptr_t)row);
    const json_t *address = json_object_get(row, "address");
    struct order_row now = {.address = json_is_object(address) ? json_dump(a, address) : STR_NONE}, before;
    json_object_del(body, "address");
    now.body = json_dump(a, body);

    struct order order;
    order_read(a, row, &order);
    int there = order_row_get(tx, a, shop.tenant_id, order.id, &before);
    if (there < 0)
        return ROW_FAULT;
    if (there > 0 && str_eq(before.body, now.body) && str_eq(before.address, now.address))
        return ROW_SAME;
    int64_t at_ms = clock_now_ms();
    if (order_put(tx, a, shop.tenant_id, &order, &now, at_ms) < 0 ||
        case_goods_left_in(tx, a, shop.tenant_id, &order, at_ms) < 0)
        return ROW_FAULT;
    return put_answer(there, STORE_OK);
}

/* ---- policies ----------------------------------------------------------------------------------------------------- */

/** The value as stored: text as it is, anything else as JSON. */
static bool read_value(struct arena *a, const json_t *value, struct str *ret, struct import_problem *problem)
{
    struct policy_value read;
    struct str text = json_is_string(value) ? json_text(value) : json_dump(a, value);
    if (text.n <= 8000 && policy_read(text, &read)) {
        *ret = str_trim(text);
        return true;
    }
    import_refuse(problem, "\"value\" must be a duration (24h, 7d, 4wd), a rate (5%%), a number, on, off or JSON");
    return false;
}

static enum row_answer import_policy(struct tx *tx, struct arena *a, const json_t *row, struct import_problem *problem)
{
    struct shop shop;
    enum row_answer answer;
    struct policy p = {
        .key = json_str(row, "key"),
        .scope = json_str(row, "scope"),
        .source = json_str(row, "source"),
        .mark = json_str(row, "mark"),
        .meaning = json_str(row, "meaning"),
    };
    if (!read_value(a, json_object_get(row, "value"), &p.value, problem) || !time_parse(json_str(row, "from"), &p.from_ms))
        return ROW_REFUSED;
    if (json_is_string(json_object_get(row, "to")) && time_parse(json_str(row, "to"), &p.to_ms) && p.to_ms <= p.from_ms)
        return import_refuse(problem, "\"to\" is not after \"from\"");
    if (json_str(row, "shop").n > 0) {
        if (!find_shop(tx, a, row, problem, &shop, &answer))
            return answer;
        p.tenant_id = shop.tenant_id;
    }
    if (p.scope.n == 0)
        p.scope = p.tenant_id != 0 ? STR("shop") : STR("platform");
    switch (policy_put(tx, &p)) {
    case 0: return ROW_SAME;
    case 1: return ROW_ADDED;
    case 2: return ROW_CHANGED;
    default: return ROW_FAULT;
    }
}

const struct import_kind product_import = {
    .name = "products", .fields = product_fields, .key = {"shop", "id"}, .store_row = import_product};

const struct import_kind order_import = {
    .name = "orders", .fields = order_fields, .key = {"shop", "id"}, .store_row = import_order};

const struct import_kind policy_import = {
    .name = "policies", .fields = policy_fields, .key = {"shop", "key", "scope", "from"}, .flat = true,
    .store_row = import_policy};
