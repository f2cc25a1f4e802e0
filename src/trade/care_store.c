/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of care.
 */
#include "trade/care_store.h"

int care_put(struct tx *tx, const struct care_row *row)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO care_sent (tenant_id, buyer, care, event, outcome, at_ms, order_id)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING");
    stmt_int(&q, row->tenant_id);
    stmt_text(&q, row->buyer);
    stmt_text(&q, row->care);
    stmt_text(&q, row->event);
    stmt_text(&q, row->outcome);
    stmt_int(&q, row->at_ms);
    stmt_text(&q, row->order_id);
    int64_t changed = stmt_run(&q);
    return changed < 0 ? STORE_FAULT : (int)changed;
}

int care_is_stopped(struct tx *tx, int64_t tenant_id, struct str buyer, bool *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT 1 FROM care_stop WHERE tenant_id = $1 AND buyer = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, buyer);
    int rc = stmt_next(&q);
    *ret = rc > 0;
    return rc < 0 ? rc : STORE_OK;
}

int care_past_of(struct tx *tx, int64_t tenant_id, struct str buyer, struct str care, struct str event, int64_t since_ms,
                 struct care_past *ret)
{
    *ret = (struct care_past){0};
    if (care_is_stopped(tx, tenant_id, buyer, &ret->stopped) < 0)
        return STORE_FAULT;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT coalesce(sum(CASE WHEN care = $1 AND event = $2 THEN 1 ELSE 0 END), 0),"
                      " coalesce(max(CASE WHEN care = $1 AND outcome = 'sent' THEN at_ms END), 0),"
                      " coalesce(sum(CASE WHEN outcome = 'sent' AND at_ms >= $3 THEN 1 ELSE 0 END), 0)"
                      " FROM care_sent WHERE tenant_id = $4 AND buyer = $5");
    stmt_text(&q, care);
    stmt_text(&q, event);
    stmt_int(&q, since_ms);
    stmt_int(&q, tenant_id);
    stmt_text(&q, buyer);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return STORE_FAULT;
    ret->known = stmt_get_int(&q, 0) > 0;
    ret->last_ms = stmt_get_int(&q, 1);
    ret->sent = stmt_get_int(&q, 2);
    return STORE_OK;
}

int care_stop(struct tx *tx, int64_t tenant_id, struct str buyer, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO care_stop (tenant_id, buyer, at_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
    stmt_int(&q, tenant_id);
    stmt_text(&q, buyer);
    stmt_int(&q, now_ms);
    int64_t changed = stmt_run(&q);
    return changed < 0 ? STORE_FAULT : (int)changed;
}

int care_resume(struct tx *tx, int64_t tenant_id, struct str buyer)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "DELETE FROM care_stop WHERE tenant_id = $1 AND buyer = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, buyer);
    int64_t changed = stmt_run(&q);
    return changed < 0 ? STORE_FAULT : (int)changed;
}
