/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of orders.
 */
#include "trade/order_store.h"

#include "base/log.h"
#include "base/seal.h"
#include "trade/order_clock_service.h"

#define ADDRESS "order.address"

/** Opens the sealed address in column @p column; empty when there is none. */
static bool open_address(struct stmt *q, int column, struct arena *a, int64_t tenant_id, struct str *ret)
{
    *ret = STR_NONE;
    if (stmt_is_null(q, column))
        return true;
    if (seal_open(a, tenant_id, ADDRESS, stmt_get_blob(q, column), ret))
        return true;
    log_event(LOG_ERROR, "order address does not open: is this the data folder's own master.key?", "tenant=%lld",
              (long long)tenant_id);
    return false;
}

/** Reads the row in hand: body in column 0, address in column 1 when @p with_address. */
static int read_order(struct stmt *q, struct arena *a, int64_t tenant_id, bool with_address, struct order *ret)
{
    struct str address = STR_NONE;
    if (with_address && !open_address(q, 1, a, tenant_id, &address))
        return STORE_FAULT;
    if (order_parse(a, stmt_copy_text(q, 0, a), address, ret))
        return STORE_OK;
    log_event(LOG_ERROR, "order body is no JSON", "tenant=%lld", (long long)tenant_id);
    return STORE_FAULT;
}

static int read_orders(struct stmt *q, struct arena *a, int64_t tenant_id, bool with_address, struct order **ret,
                       size_t *ret_n)
{
    ARRAY(struct order) list = {0};
    int rc;
    while ((rc = stmt_next(q)) > 0)
        if (read_order(q, a, tenant_id, with_address, array_push(a, &list)) < 0)
            return STORE_FAULT;
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}

int order_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct str buyer, struct order **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT body FROM shop_order WHERE tenant_id = $1 AND buyer = $2"
                      " ORDER BY created_ms DESC, order_id DESC LIMIT $3");
    stmt_int(&q, tenant_id);
    stmt_text(&q, buyer);
    stmt_int(&q, ORDER_LIST);
    return read_orders(&q, a, tenant_id, false, ret, ret_n);
}

int order_page(struct tx *tx, struct arena *a, int64_t tenant_id, struct str buyer, const struct order_cursor *after,
               int limit, struct order **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT body, address FROM shop_order WHERE tenant_id = $1 AND buyer = $2"
                      " AND (created_ms < $3 OR (created_ms = $4 AND order_id < $5))"
                      " ORDER BY created_ms DESC, order_id DESC LIMIT $6");
    int64_t before = after->created_ms > 0 ? after->created_ms : INT64_MAX;
    stmt_int(&q, tenant_id);
    stmt_text(&q, buyer);
    stmt_int(&q, before);
    stmt_int(&q, before);
    stmt_text(&q, after->id);
    stmt_int(&q, limit);
    return read_orders(&q, a, tenant_id, true, ret, ret_n);
}

int order_get(struct tx *tx, struct arena *a, int64_t tenant_id, struct str buyer, struct str order_id,
              struct order *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT body, address FROM shop_order WHERE tenant_id = $1 AND order_id = $2 AND buyer = $3");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    stmt_text(&q, buyer);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return rc;
    return read_order(&q, a, tenant_id, true, ret) < 0 ? STORE_FAULT : 1;
}

int order_get_any(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id, struct order *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT body, address FROM shop_order WHERE tenant_id = $1 AND order_id = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return rc;
    return read_order(&q, a, tenant_id, true, ret) < 0 ? STORE_FAULT : 1;
}

int64_t order_count(struct tx *tx, int64_t tenant_id, struct str buyer)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT count(*) FROM shop_order WHERE tenant_id = $1 AND buyer = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, buyer);
    return stmt_next(&q) > 0 ? stmt_get_int(&q, 0) : STORE_FAULT;
}

int order_row_get(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id, struct order_row *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT body, address FROM shop_order WHERE tenant_id = $1 AND order_id = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return rc;
    struct order_row row;
    if (!open_address(&q, 1, a, tenant_id, &row.address))
        return STORE_FAULT;
    row.body = stmt_copy_text(&q, 0, a);
    *ret = row;
    return 1;
}

int order_put(struct tx *tx, struct arena *a, int64_t tenant_id, const struct order *o, const struct order_row *row,
              int64_t now_ms)
{
    const struct parcel_event *last = order_last_event(o, NULL);
    int known = order_clock_knows(tx, tenant_id, o->id);
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO shop_order (tenant_id, order_id, buyer, status, created_ms, paid_ms, shipped_ms,"
                      " last_event_ms, body, address, changed_ms)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
                      " ON CONFLICT (tenant_id, order_id) DO UPDATE SET buyer = excluded.buyer,"
                      " status = excluded.status, created_ms = excluded.created_ms, paid_ms = excluded.paid_ms,"
                      " shipped_ms = excluded.shipped_ms, last_event_ms = excluded.last_event_ms,"
                      " body = excluded.body, address = excluded.address, changed_ms = excluded.changed_ms");
    stmt_int(&q, tenant_id);
    stmt_text(&q, o->id);
    stmt_text(&q, o->buyer);
    stmt_text(&q, str_from(order_status_name(o->status)));
    stmt_int(&q, o->created_ms);
    stmt_int_or_null(&q, o->paid_ms);
    stmt_int_or_null(&q, o->shipped_ms);
    stmt_int_or_null(&q, last != NULL ? last->at_ms : 0);
    stmt_text(&q, row->body);
    if (row->address.n > 0)
        stmt_blob(&q, seal(a, tenant_id, ADDRESS, row->address));
    else
        stmt_null(&q);
    stmt_int(&q, now_ms);
    if (known < 0 || stmt_run(&q) < 0)
        return STORE_FAULT;
    return order_clocks_set(tx, a, tenant_id, o, known > 0, now_ms);
}

int order_address_put(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id, struct str address,
                      int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE shop_order SET address = $1, changed_ms = $2 WHERE tenant_id = $3 AND order_id = $4");
    stmt_blob(&q, seal(a, tenant_id, ADDRESS, address));
    stmt_int(&q, now_ms);
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    return stmt_run(&q) == 1 ? STORE_OK : STORE_FAULT;
}

int order_oldest_change(struct tx *tx, int64_t tenant_id, int64_t *ret_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT min(changed_ms) FROM shop_order WHERE tenant_id = $1");
    stmt_int(&q, tenant_id);
    int rc = stmt_next(&q);
    if (rc < 0)
        return rc;
    *ret_ms = rc > 0 ? stmt_get_int(&q, 0) : 0;
    return STORE_OK;
}
