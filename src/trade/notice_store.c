/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of notices.
 */
#include "trade/notice_store.h"

int notice_put(struct tx *tx, const struct notice_row *row)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO notice (tenant_id, notice_key, case_id, seq, name, buyer, order_id, ticket, amount_cents, due_ms,"
            " answered, try_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
            " ON CONFLICT (tenant_id, notice_key) DO NOTHING");
    stmt_int(&q, row->tenant_id);
    stmt_text(&q, row->key);
    stmt_int(&q, row->case_id);
    stmt_int(&q, row->seq);
    stmt_text(&q, row->name);
    stmt_text(&q, row->buyer);
    stmt_text(&q, row->order_id);
    stmt_text(&q, row->ticket);
    stmt_int(&q, row->amount_cents);
    stmt_int(&q, row->due_ms);
    stmt_int(&q, row->answered);
    stmt_int(&q, row->try_ms);
    return (int)stmt_run(&q);
}

int notice_due(struct tx *tx, struct arena *a, int64_t now_ms, int limit, struct notice_row **ret, size_t *ret_n)
{
    ARRAY(struct notice_row) list = {0};
    int rc;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, notice_key, case_id, seq, name, buyer, order_id, ticket, amount_cents, due_ms,"
                      " answered, try_ms FROM notice WHERE try_ms <= $1 ORDER BY try_ms LIMIT $2");
    stmt_int(&q, now_ms);
    stmt_int(&q, limit);
    while ((rc = stmt_next(&q)) > 0) {
        struct notice_row *r = array_push(a, &list);
        r->tenant_id = stmt_get_int(&q, 0);
        r->key = stmt_copy_text(&q, 1, a);
        r->case_id = stmt_get_int(&q, 2);
        r->seq = stmt_get_int(&q, 3);
        r->name = stmt_copy_text(&q, 4, a);
        r->buyer = stmt_copy_text(&q, 5, a);
        r->order_id = stmt_copy_text(&q, 6, a);
        r->ticket = stmt_copy_text(&q, 7, a);
        r->amount_cents = stmt_get_int(&q, 8);
        r->due_ms = stmt_get_int(&q, 9);
        r->answered = stmt_get_int(&q, 10) != 0;
        r->try_ms = stmt_get_int(&q, 11);
    }
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int notice_take(struct tx *tx, int64_t tenant_id, struct str key)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "DELETE FROM notice WHERE tenant_id = $1 AND notice_key = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, key);
    int64_t changed = stmt_run(&q);
    return changed < 0 ? STORE_FAULT : (int)changed;
}

int notice_put_off(struct tx *tx, int64_t tenant_id, struct str key, int64_t try_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE notice SET try_ms = $1 WHERE tenant_id = $2 AND notice_key = $3");
    stmt_int(&q, try_ms);
    stmt_int(&q, tenant_id);
    stmt_text(&q, key);
    int64_t changed = stmt_run(&q);
    return changed < 0 ? STORE_FAULT : (int)changed;
}
