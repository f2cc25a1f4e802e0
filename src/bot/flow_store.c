/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of a shop's own versions of flows.
 */
#include "bot/flow_store.h"

#define COLUMNS "flow_id, number, state, doc, person_id, created_ms, changed_ms"

static struct flow_version read_version(struct stmt *q, struct arena *a)
{
    return (struct flow_version){
        .flow_id = stmt_copy_text(q, 0, a),
        .number = stmt_get_int(q, 1),
        .state = stmt_copy_text(q, 2, a),
        .doc = stmt_copy_text(q, 3, a),
        .person_id = stmt_get_int(q, 4),
        .created_ms = stmt_get_int(q, 5),
        .changed_ms = stmt_get_int(q, 6),
    };
}

static int read_all(struct stmt *q, struct arena *a, struct flow_version **ret, size_t *ret_n)
{
    ARRAY(struct flow_version) list = {0};
    int rc;
    while ((rc = stmt_next(q)) > 0)
        *array_push(a, &list) = read_version(q, a);
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int flow_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct flow_version **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM flow WHERE tenant_id = $1 AND state <> 'past' ORDER BY flow_id, number");
    stmt_int(&q, tenant_id);
    return read_all(&q, a, ret, ret_n);
}

int flow_versions(struct tx *tx, struct arena *a, int64_t tenant_id, struct str flow_id, struct flow_version **ret,
                  size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT " COLUMNS " FROM flow WHERE tenant_id = $1 AND flow_id = $2 ORDER BY number DESC");
    stmt_int(&q, tenant_id);
    stmt_text(&q, flow_id);
    return read_all(&q, a, ret, ret_n);
}

int flow_add(struct tx *tx, int64_t tenant_id, const struct flow_version *v)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO flow (tenant_id, flow_id, number, state, doc, person_id, created_ms, changed_ms)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    stmt_int(&q, tenant_id);
    stmt_text(&q, v->flow_id);
    stmt_int(&q, v->number);
    stmt_text(&q, v->state);
    stmt_text(&q, v->doc);
    stmt_int(&q, v->person_id);
    stmt_int(&q, v->created_ms);
    stmt_int(&q, v->changed_ms);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int flow_put(struct tx *tx, int64_t tenant_id, const struct flow_version *v)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE flow SET state = $1, doc = $2, person_id = $3, changed_ms = $4"
                      " WHERE tenant_id = $5 AND flow_id = $6 AND number = $7");
    stmt_text(&q, v->state);
    stmt_text(&q, v->doc);
    stmt_int(&q, v->person_id);
    stmt_int(&q, v->changed_ms);
    stmt_int(&q, tenant_id);
    stmt_text(&q, v->flow_id);
    stmt_int(&q, v->number);
    return stmt_run(&q) == 1 ? STORE_OK : STORE_FAULT;
}

int flow_remove(struct tx *tx, int64_t tenant_id, struct str flow_id, int64_t number)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM flow WHERE tenant_id = $1 AND flow_id = $2 AND number = $3 AND state = 'draft'");
    stmt_int(&q, tenant_id);
    stmt_text(&q, flow_id);
    stmt_int(&q, number);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}
