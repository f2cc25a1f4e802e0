/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of products.
 */
#include "trade/product_store.h"

int product_version(struct tx *tx, int64_t tenant_id, int64_t *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT catalog FROM shop WHERE tenant_id = $1");
    stmt_int(&q, tenant_id);
    int rc = stmt_next(&q);
    if (rc > 0)
        *ret = stmt_get_int(&q, 0);
    return rc;
}

int product_each(struct tx *tx, int64_t tenant_id, void (*each)(void *arg, const json_t *body), void *arg)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT body FROM product WHERE tenant_id = $1 ORDER BY product_id");
    stmt_int(&q, tenant_id);
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        _cleanup_(json_donep) json_t *body = json_read(stmt_get_text(&q, 0), NULL);
        if (body != NULL)
            each(arg, body);
    }
    return rc;
}

int product_body(struct tx *tx, int64_t tenant_id, struct str product_id, json_t **ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT body FROM product WHERE tenant_id = $1 AND product_id = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, product_id);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return rc;
    *ret = json_read(stmt_get_text(&q, 0), NULL);
    return *ret != NULL ? 1 : STORE_FAULT;
}

int product_text(struct tx *tx, struct arena *a, int64_t tenant_id, struct str product_id, struct str *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT body FROM product WHERE tenant_id = $1 AND product_id = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, product_id);
    int rc = stmt_next(&q);
    if (rc > 0)
        *ret = stmt_copy_text(&q, 0, a);
    return rc;
}

int product_put(struct tx *tx, int64_t tenant_id, const struct product *p, struct str body, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO product (tenant_id, product_id, title, category, price_cents, body, changed_ms)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7)"
                      " ON CONFLICT (tenant_id, product_id) DO UPDATE SET title = excluded.title,"
                      " category = excluded.category, price_cents = excluded.price_cents, body = excluded.body,"
                      " changed_ms = excluded.changed_ms");
    stmt_int(&q, tenant_id);
    stmt_text(&q, p->id);
    stmt_text(&q, p->title);
    stmt_text(&q, p->category);
    stmt_int(&q, p->price_cents);
    stmt_text(&q, body);
    stmt_int(&q, now_ms);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}
