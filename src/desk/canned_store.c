/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of canned replies.
 */
#include "desk/canned_store.h"

static void read_row(struct stmt *q, struct arena *a, struct canned *ret)
{
    *ret = (struct canned){.id = stmt_get_int(q, 0),
                           .person_id = stmt_get_int(q, 1),
                           .team = stmt_copy_text(q, 2, a),
                           .title = stmt_copy_text(q, 3, a),
                           .text = stmt_copy_text(q, 4, a)};
}

int canned_list(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t person_id, struct canned **ret,
                size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT canned_id, person_id, team, title, text FROM canned WHERE tenant_id = $1"
                      " AND (person_id = 0 OR person_id = $2) ORDER BY team, title, canned_id");
    stmt_int(&q, tenant_id);
    stmt_int(&q, person_id);
    ARRAY(struct canned) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        read_row(&q, a, array_push(a, &found));
    *ret = found.v;
    *ret_n = found.n;
    return rc;
}

int canned_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct canned *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT canned_id, person_id, team, title, text FROM canned WHERE tenant_id = $1"
                      " AND canned_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    int rc = stmt_next(&q);
    if (rc > 0)
        read_row(&q, a, ret);
    return rc;
}

int canned_insert(struct tx *tx, int64_t tenant_id, const struct canned *c)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO canned (tenant_id, canned_id, person_id, team, title, text)"
                      " VALUES ($1, $2, $3, $4, $5, $6)");
    stmt_int(&q, tenant_id);
    stmt_int(&q, c->id);
    stmt_int(&q, c->person_id);
    stmt_text(&q, c->team);
    stmt_text(&q, c->title);
    stmt_text(&q, c->text);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int canned_update(struct tx *tx, int64_t tenant_id, const struct canned *c)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE canned SET person_id = $1, team = $2, title = $3, text = $4"
                      " WHERE tenant_id = $5 AND canned_id = $6");
    stmt_int(&q, c->person_id);
    stmt_text(&q, c->team);
    stmt_text(&q, c->title);
    stmt_text(&q, c->text);
    stmt_int(&q, tenant_id);
    stmt_int(&q, c->id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int canned_delete(struct tx *tx, int64_t tenant_id, int64_t id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM canned WHERE tenant_id = $1 AND canned_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int64_t canned_count(struct tx *tx, int64_t tenant_id, int64_t person_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT COUNT(*) FROM canned WHERE tenant_id = $1 AND person_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, person_id);
    return stmt_next(&q) > 0 ? stmt_get_int(&q, 0) : STORE_FAULT;
}
