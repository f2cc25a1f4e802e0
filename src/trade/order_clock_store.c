/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of order clocks.
 */
#include "trade/order_clock_store.h"

int order_clock_knows(struct tx *tx, int64_t tenant_id, struct str order_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT 1 FROM shop_order WHERE tenant_id = $1 AND order_id = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    return stmt_next(&q);
}

int order_clock_category(struct tx *tx, struct arena *a, int64_t tenant_id, struct str product_id, struct str *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT category FROM product WHERE tenant_id = $1 AND product_id = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, product_id);
    int rc = stmt_next(&q);
    *ret = rc > 0 ? stmt_copy_text(&q, 0, a) : STR_NONE;
    return rc < 0 ? rc : STORE_OK;
}

static int read_rows(struct stmt *q, struct arena *a, struct order_clock_row **ret, size_t *ret_n)
{
    ARRAY(struct order_clock_row) list = {0};
    int rc;
    while ((rc = stmt_next(q)) > 0) {
        struct order_clock_row row = {.tenant_id = stmt_get_int(q, 0), .order_id = stmt_copy_text(q, 1, a)};
        if (!order_clock_from_name(stmt_get_text(q, 2), &row.alarm.clock))
            continue; /* of a newer program: its clock, not ours */
        row.alarm.due_ms = stmt_get_int(q, 3);
        row.alarm.event = stmt_copy_text(q, 4, a);
        *array_push(a, &list) = row;
    }
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}

int order_clock_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id, struct order_clock_row **ret,
                     size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, order_id, clock, due_ms, event FROM order_clock"
                      " WHERE tenant_id = $1 AND order_id = $2 AND clock <> 'care_return'");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    return read_rows(&q, a, ret, ret_n);
}

int order_clock_clear(struct tx *tx, int64_t tenant_id, struct str order_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM order_clock WHERE tenant_id = $1 AND order_id = $2 AND clock <> 'care_return'");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int order_clock_put(struct tx *tx, const struct order_clock_row *row)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO order_clock (tenant_id, order_id, clock, event, kind, due_ms)"
                      " VALUES ($1, $2, $3, $4, $5, $6)"
                      " ON CONFLICT (tenant_id, order_id, clock, event) DO UPDATE SET due_ms = excluded.due_ms");
    stmt_int(&q, row->tenant_id);
    stmt_text(&q, row->order_id);
    stmt_text(&q, str_from(order_clock_name(row->alarm.clock)));
    stmt_text(&q, row->alarm.event);
    stmt_text(&q, str_from(order_clock_kind_name(order_clock_kind(row->alarm.clock))));
    stmt_int(&q, row->alarm.due_ms);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int order_clock_take(struct tx *tx, const struct order_clock_row *row)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM order_clock WHERE tenant_id = $1 AND order_id = $2 AND clock = $3 AND event = $4"
                      " AND due_ms = $5");
    stmt_int(&q, row->tenant_id);
    stmt_text(&q, row->order_id);
    stmt_text(&q, str_from(order_clock_name(row->alarm.clock)));
    stmt_text(&q, row->alarm.event);
    stmt_int(&q, row->alarm.due_ms);
    int64_t changed = stmt_run(&q);
    return changed < 0 ? STORE_FAULT : (int)changed;
}

int order_clock_drop(struct tx *tx, int64_t tenant_id, struct str order_id, enum order_clock clock, struct str event)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM order_clock WHERE tenant_id = $1 AND order_id = $2 AND clock = $3 AND event = $4");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    stmt_text(&q, str_from(order_clock_name(clock)));
    stmt_text(&q, event);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int order_clocks_due(struct tx *tx, struct arena *a, enum order_clock_kind kind, int64_t now_ms, int limit,
                     struct order_clock_row **ret, size_t *ret_n)
{
    /* Across tenants: this is the clock of the whole installation. */
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, order_id, clock, due_ms, event FROM order_clock"
                      " WHERE kind = $1 AND due_ms <= $2 ORDER BY due_ms LIMIT $3");
    stmt_text(&q, str_from(order_clock_kind_name(kind)));
    stmt_int(&q, now_ms);
    stmt_int(&q, limit);
    return read_rows(&q, a, ret, ret_n);
}

int order_clocks_adopted(struct tx *tx)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT 1 FROM meta WHERE key = 'order_clocks'");
    return stmt_next(&q);
}

int order_clocks_adopted_set(struct tx *tx)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO meta (key, value) VALUES ('order_clocks', '1') ON CONFLICT DO NOTHING");
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int order_clock_orders(struct tx *tx, struct arena *a, int64_t after_tenant, struct str after_order, int limit,
                       struct order_clock_row **ret, size_t *ret_n)
{
    ARRAY(struct order_clock_row) list = {0};
    /* Across tenants: it is the whole installation that is brought up to date. */
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, order_id FROM shop_order WHERE (tenant_id, order_id) > ($1, $2)"
                      " AND status NOT IN ('finished', 'closed') ORDER BY tenant_id, order_id LIMIT $3");
    stmt_int(&q, after_tenant);
    stmt_text(&q, after_order);
    stmt_int(&q, limit);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        *array_push(a, &list) =
            (struct order_clock_row){.tenant_id = stmt_get_int(&q, 0), .order_id = stmt_copy_text(&q, 1, a)};
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}
