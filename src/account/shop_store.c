/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of shops.
 */
#include "account/shop.h"

#include <string.h>

#include "account/shop_settings.h"
#include "base/log.h"
#include "base/seal.h"

#define COLUMNS "tenant_id, shop_id, name, language, currency, time_zone, self_operated, settings, catalog," \
                " orders"

static enum account_answer read_shop(struct stmt *q, struct arena *a, struct shop *ret)
{
    int rc = stmt_next(q);
    if (rc < 0)
        return ACCOUNT_FAULT;
    if (rc == 0)
        return ACCOUNT_NOT_FOUND;
    struct shop s = {.tenant_id = stmt_get_int(q, 0)};
    s.shop_id = stmt_copy_text(q, 1, a);
    s.name = stmt_copy_text(q, 2, a);
    s.language = stmt_copy_text(q, 3, a);
    s.currency = stmt_copy_text(q, 4, a);
    s.time_zone = stmt_copy_text(q, 5, a);
    s.self_operated = stmt_get_int(q, 6) != 0;
    s.settings = stmt_copy_text(q, 7, a);
    s.catalog = stmt_get_int(q, 8);
    s.orders = stmt_get_int(q, 9);

    struct shop_settings said;
    if (!shop_settings_read(s.tenant_id, s.settings, &said))
        return ACCOUNT_FAULT;
    s.hours = said.hours;
    memcpy(s.languages, said.languages, sizeof(s.languages));
    s.reject_rate = said.reject_rate;
    *ret = s;
    return ACCOUNT_OK;
}

enum account_answer shop_get(struct tx *tx, struct arena *a, int64_t tenant_id, struct shop *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT " COLUMNS " FROM shop WHERE tenant_id = $1");
    stmt_int(&q, tenant_id);
    return read_shop(&q, a, ret);
}

enum account_answer shop_find(struct tx *tx, struct arena *a, struct str shop_id, struct shop *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT " COLUMNS " FROM shop WHERE shop_id = $1 AND tenant_id <> 0");
    stmt_text(&q, shop_id);
    return read_shop(&q, a, ret);
}

enum account_answer shop_secret(struct tx *tx, struct arena *a, int64_t tenant_id, struct str *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT secret FROM shop WHERE tenant_id = $1");
    stmt_int(&q, tenant_id);
    int rc = stmt_next(&q);
    if (rc < 0)
        return ACCOUNT_FAULT;
    if (rc == 0)
        return ACCOUNT_NOT_FOUND;
    if (seal_open(a, tenant_id, "shop.secret", stmt_get_blob(&q, 0), ret))
        return ACCOUNT_OK;
    log_event(LOG_ERROR, "shop secret does not open: is this the data folder's own master.key?", "tenant=%lld",
              (long long)tenant_id);
    return ACCOUNT_FAULT;
}

enum account_answer shop_catalog_raise(struct tx *tx, int64_t tenant_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE shop SET catalog = catalog + 1 WHERE tenant_id = $1");
    stmt_int(&q, tenant_id);
    int64_t changed = stmt_run(&q);
    if (changed < 0)
        return ACCOUNT_FAULT;
    return changed == 1 ? ACCOUNT_OK : ACCOUNT_NOT_FOUND;
}

enum account_answer shop_orders_raise(struct tx *tx, int64_t tenant_id)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "UPDATE shop SET orders = orders + 1 WHERE tenant_id = $1");
    stmt_int(&q, tenant_id);
    int64_t changed = stmt_run(&q);
    if (changed < 0)
        return ACCOUNT_FAULT;
    return changed == 1 ? ACCOUNT_OK : ACCOUNT_NOT_FOUND;
}

enum account_answer shop_insert(struct tx *tx, const struct shop *s, struct str sealed_secret, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO shop (tenant_id, shop_id, name, language, currency, time_zone, self_operated,"
                      " settings, secret, catalog, orders, created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 1, $10)");
    stmt_int(&q, s->tenant_id);
    stmt_text(&q, s->shop_id);
    stmt_text(&q, s->name);
    stmt_text(&q, s->language);
    stmt_text(&q, s->currency);
    stmt_text(&q, s->time_zone);
    stmt_int(&q, s->self_operated);
    stmt_text(&q, s->settings);
    stmt_blob(&q, sealed_secret);
    stmt_int(&q, now_ms);
    int64_t changed = stmt_run(&q);
    if (changed == STORE_CONFLICT)
        return ACCOUNT_TAKEN;
    return changed < 0 ? ACCOUNT_FAULT : ACCOUNT_OK;
}

enum account_answer shop_update(struct tx *tx, const struct shop *s)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE shop SET name = $1, language = $2, currency = $3, time_zone = $4, self_operated = $5,"
                      " settings = $6, catalog = catalog + 1 WHERE tenant_id = $7");
    stmt_text(&q, s->name);
    stmt_text(&q, s->language);
    stmt_text(&q, s->currency);
    stmt_text(&q, s->time_zone);
    stmt_int(&q, s->self_operated);
    stmt_text(&q, s->settings);
    stmt_int(&q, s->tenant_id);
    int64_t changed = stmt_run(&q);
    if (changed < 0)
        return ACCOUNT_FAULT;
    return changed == 1 ? ACCOUNT_OK : ACCOUNT_NOT_FOUND;
}
