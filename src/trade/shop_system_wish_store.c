/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of what was handed on to shops' own systems.
 */
#include "base/log.h"
#include "trade/shop_system_store.h"

/* behind tenant_id, which each statement names itself */
#define COLUMNS                                                                                                    \
    "wish_id, wish_key, action, order_id, case_id, buyer, conversation_id, state, code, reason, reference, ticket,"    \
    " asked_ms, settled_ms, tell_ms, told"

static bool read_state(struct str name, enum shop_wish_state *ret)
{
    for (int i = SHOP_WISH_WAITING; i <= SHOP_WISH_GIVEN_UP; i++) {
        if (!str_eq_c(name, shop_wish_state_name((enum shop_wish_state)i)))
            continue;
        *ret = (enum shop_wish_state)i;
        return true;
    }
    return false;
}

/** The row in hand; false when its state is unknown. */
static bool read_row(struct stmt *q, struct arena *a, struct shop_wish *ret)
{
    struct shop_wish w = {
        .tenant_id = stmt_get_int(q, 0),
        .id = stmt_get_int(q, 1),
        .key = stmt_copy_text(q, 2, a),
        .action = stmt_copy_text(q, 3, a),
        .order_id = stmt_copy_text(q, 4, a),
        .case_id = stmt_get_int(q, 5),
        .buyer = stmt_copy_text(q, 6, a),
        .conversation_id = stmt_get_int(q, 7),
        .code = stmt_copy_text(q, 9, a),
        .reason = stmt_copy_text(q, 10, a),
        .reference = stmt_copy_text(q, 11, a),
        .ticket = stmt_copy_text(q, 12, a),
        .asked_ms = stmt_get_int(q, 13),
        .settled_ms = stmt_get_int(q, 14),
        .tell_ms = stmt_get_int(q, 15),
        .told = stmt_get_int(q, 16),
    };
    if (!read_state(stmt_get_text(q, 8), &w.state)) {
        log_event(LOG_ERROR, "unknown state of a wish", "tenant=%lld wish=%lld", (long long)w.tenant_id, (long long)w.id);
        return false;
    }
    *ret = w;
    return true;
}

static int read_one(struct stmt *q, struct arena *a, struct shop_wish *ret)
{
    int rc = stmt_next(q);
    if (rc <= 0)
        return rc;
    return read_row(q, a, ret) ? 1 : STORE_FAULT;
}

int shop_wish_insert(struct tx *tx, const struct shop_wish *w)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO shop_wish (tenant_id, " COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
                      " $14, $15, $16, $17)");
    stmt_int(&q, w->tenant_id);
    stmt_int(&q, w->id);
    stmt_text(&q, w->key);
    stmt_text(&q, w->action);
    stmt_text(&q, w->order_id);
    stmt_int(&q, w->case_id);
    stmt_text(&q, w->buyer);
    stmt_int(&q, w->conversation_id);
    stmt_text(&q, str_from(shop_wish_state_name(w->state)));
    stmt_text(&q, w->code);
    stmt_text(&q, w->reason);
    stmt_text(&q, w->reference);
    stmt_text(&q, w->ticket);
    stmt_int(&q, w->asked_ms);
    stmt_int(&q, w->settled_ms);
    stmt_int_or_null(&q, w->tell_ms);
    stmt_int(&q, w->told);
    int64_t rc = stmt_run(&q);
    return rc < 0 ? (int)rc : STORE_OK;
}

int shop_wish_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct shop_wish *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, " COLUMNS " FROM shop_wish WHERE tenant_id = $1 AND wish_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return read_one(&q, a, ret);
}

int shop_wish_of_key(struct tx *tx, struct arena *a, int64_t tenant_id, struct str key, struct shop_wish *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, " COLUMNS " FROM shop_wish WHERE tenant_id = $1 AND wish_key = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, key);
    return read_one(&q, a, ret);
}

int shop_wish_of_case(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t case_id, struct shop_wish *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, " COLUMNS " FROM shop_wish WHERE tenant_id = $1 AND case_id = $2 AND case_id <> 0"
                      " ORDER BY wish_id DESC LIMIT 1");
    stmt_int(&q, tenant_id);
    stmt_int(&q, case_id);
    return read_one(&q, a, ret);
}

int64_t shop_wish_waiting(struct tx *tx, int64_t tenant_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT count(*) FROM shop_wish WHERE tenant_id = $1 AND state = 'waiting'");
    stmt_int(&q, tenant_id);
    return stmt_next(&q) > 0 ? stmt_get_int(&q, 0) : STORE_FAULT;
}

int shop_wish_settle(struct tx *tx, const struct shop_wish *w)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE shop_wish SET state = $1, code = $2, reason = $3, reference = $4, ticket = $5,"
                      " settled_ms = $6, tell_ms = $7 WHERE tenant_id = $8 AND wish_id = $9");
    stmt_text(&q, str_from(shop_wish_state_name(w->state)));
    stmt_text(&q, w->code);
    stmt_text(&q, w->reason);
    stmt_text(&q, w->reference);
    stmt_text(&q, w->ticket);
    stmt_int(&q, w->settled_ms);
    stmt_int_or_null(&q, w->tell_ms);
    stmt_int(&q, w->tenant_id);
    stmt_int(&q, w->id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int shop_wish_heard(struct tx *tx, int64_t tenant_id, int64_t id, int64_t told, int64_t tell_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE shop_wish SET told = $1, tell_ms = $2 WHERE tenant_id = $3 AND wish_id = $4 AND told < $1");
    stmt_int(&q, told);
    stmt_int_or_null(&q, tell_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    int64_t changed = stmt_run(&q);
    return changed < 0 ? STORE_FAULT : (int)changed;
}

int shop_wishes_to_tell(struct tx *tx, struct arena *a, int64_t now_ms, int limit, struct shop_wish **ret, size_t *ret_n)
{
    ARRAY(struct shop_wish) list = {0};
    /* Across tenants: this is the clock of the whole installation. */
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, " COLUMNS " FROM shop_wish WHERE tell_ms <= $1 ORDER BY tell_ms LIMIT $2");
    stmt_int(&q, now_ms);
    stmt_int(&q, limit);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        if (!read_row(&q, a, array_push(a, &list)))
            return STORE_FAULT;
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}
