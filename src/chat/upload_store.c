/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of uploads.
 */
#include "chat/upload_store.h"

#define COLUMNS "upload_id, contact_id, type, bytes, width, height, at_ms, conversation_id, seq"

int upload_insert(struct tx *tx, const struct upload *u)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO upload (tenant_id, " COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    stmt_int(&q, u->tenant_id);
    stmt_int(&q, u->id);
    stmt_int(&q, u->contact_id);
    stmt_text(&q, str_from(upload_type_name(u->type)));
    stmt_int(&q, u->bytes);
    stmt_int(&q, u->width);
    stmt_int(&q, u->height);
    stmt_int(&q, u->at_ms);
    stmt_int(&q, u->conversation_id);
    stmt_int(&q, u->seq);
    return stmt_run(&q) == 1 ? STORE_OK : STORE_FAULT;
}

static void read_row(struct stmt *q, struct upload *ret)
{
    *ret = (struct upload){.tenant_id = stmt_get_int(q, 0),
                           .id = stmt_get_int(q, 1),
                           .contact_id = stmt_get_int(q, 2),
                           .bytes = stmt_get_int(q, 4),
                           .width = stmt_get_int(q, 5),
                           .height = stmt_get_int(q, 6),
                           .at_ms = stmt_get_int(q, 7),
                           .conversation_id = stmt_get_int(q, 8),
                           .seq = stmt_get_int(q, 9)};
    if (!upload_type_from_name(stmt_get_text(q, 3), &ret->type))
        ret->type = UPLOAD_PDF; /* of a later version: a file like any other */
}

int upload_get(struct tx *tx, int64_t tenant_id, int64_t id, struct upload *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, " COLUMNS " FROM upload WHERE tenant_id = $1 AND upload_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    int rc = stmt_next(&q);
    if (rc > 0)
        read_row(&q, ret);
    return rc;
}

int upload_show(struct tx *tx, int64_t tenant_id, int64_t id, int64_t conversation_id, int64_t seq)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE upload SET conversation_id = $1, seq = $2 WHERE tenant_id = $3 AND upload_id = $4"
                      " AND conversation_id = 0");
    stmt_int(&q, conversation_id);
    stmt_int(&q, seq);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return (int)stmt_run(&q);
}

int upload_count(struct tx *tx, int64_t tenant_id, int64_t contact_id, int64_t since_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT count(*) FROM upload WHERE tenant_id = $1 AND contact_id = $2 AND at_ms > $3");
    stmt_int(&q, tenant_id);
    stmt_int(&q, contact_id);
    stmt_int(&q, since_ms);
    return stmt_next(&q) > 0 ? (int)stmt_get_int(&q, 0) : STORE_FAULT;
}

static int read_rows(struct stmt *q, struct arena *a, struct upload **ret, size_t *ret_n)
{
    ARRAY(struct upload) list = {0};
    int rc;
    while ((rc = stmt_next(q)) > 0)
        read_row(q, array_push(a, &list));
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}

int upload_list_loose(struct tx *tx, struct arena *a, int64_t before_ms, int limit, struct upload **ret, size_t *ret_n)
{
    /* Across tenants: one broom for the whole installation. */
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, " COLUMNS " FROM upload WHERE conversation_id = 0 AND at_ms < $1 ORDER BY at_ms LIMIT $2");
    stmt_int(&q, before_ms);
    stmt_int(&q, limit);
    return read_rows(&q, a, ret, ret_n);
}

int upload_delete_loose(struct tx *tx, int64_t tenant_id, int64_t id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM upload WHERE tenant_id = $1 AND upload_id = $2 AND conversation_id = 0");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return (int)stmt_run(&q);
}

int upload_list(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, int limit, struct upload **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, " COLUMNS " FROM upload WHERE (tenant_id, upload_id) > ($1, $2)"
                      " ORDER BY tenant_id, upload_id LIMIT $3");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    stmt_int(&q, limit);
    return read_rows(&q, a, ret, ret_n);
}
