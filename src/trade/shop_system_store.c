/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of shops' own systems: how each is reached, and what was taken of it.
 */
#include "trade/shop_system_store.h"

#include "base/log.h"
#include "base/seal.h"

#define SECRET "shop_system.secret"
#define COLUMNS                                                                                                    \
    "kind, url, private_ok, old_until_ms, actions, orders_cursor, products_cursor, pull_ms, pulled_ms, checked_ms,"  \
    " error, secret, old_secret"

/** Opens the sealed secret in column @p column; an empty column is none. */
static bool open_secret(struct stmt *q, int column, struct arena *a, int64_t tenant_id, struct str *ret)
{
    if (stmt_is_null(q, column))
        return true;
    if (seal_open(a, tenant_id, SECRET, stmt_get_blob(q, column), ret))
        return true;
    log_event(LOG_ERROR, "secret of a shop's system does not open: is this the data folder's own master.key?", "tenant=%lld",
              (long long)tenant_id);
    return false;
}

static int read_system(struct stmt *q, struct arena *a, int64_t tenant_id, bool secrets, struct shop_system *ret)
{
    int rc = stmt_next(q);
    if (rc <= 0)
        return rc;
    struct shop_system s = {
        .tenant_id = tenant_id,
        .url = stmt_copy_text(q, 1, a),
        .private_ok = stmt_get_int(q, 2) != 0,
        .old_until_ms = stmt_get_int(q, 3),
        .actions = stmt_copy_text(q, 4, a),
        .orders_cursor = stmt_copy_text(q, 5, a),
        .products_cursor = stmt_copy_text(q, 6, a),
        .pull_ms = stmt_get_int(q, 7),
        .pulled_ms = stmt_get_int(q, 8),
        .checked_ms = stmt_get_int(q, 9),
        .error = stmt_copy_text(q, 10, a),
    };
    if (!shop_system_kind_from_name(stmt_get_text(q, 0), &s.kind)) {
        log_event(LOG_ERROR, "unknown kind of a shop's system", "tenant=%lld", (long long)tenant_id);
        return STORE_FAULT;
    }
    if (secrets && (!open_secret(q, 11, a, tenant_id, &s.secret[0]) || !open_secret(q, 12, a, tenant_id, &s.secret[1])))
        return STORE_FAULT;
    *ret = s;
    return 1;
}

int shop_system_get(struct tx *tx, struct arena *a, int64_t tenant_id, struct shop_system *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT " COLUMNS " FROM shop_system WHERE tenant_id = $1");
    stmt_int(&q, tenant_id);
    return read_system(&q, a, tenant_id, true, ret);
}

int shop_system_look(struct tx *tx, struct arena *a, int64_t tenant_id, struct shop_system *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT " COLUMNS " FROM shop_system WHERE tenant_id = $1");
    stmt_int(&q, tenant_id);
    return read_system(&q, a, tenant_id, false, ret);
}

static void bind_secret(struct stmt *q, struct arena *a, int64_t tenant_id, struct str secret)
{
    if (secret.n > 0)
        stmt_blob(q, seal(a, tenant_id, SECRET, secret));
    else
        stmt_null(q);
}

int shop_system_put(struct tx *tx, struct arena *a, const struct shop_system *s, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO shop_system (tenant_id, kind, url, private_ok, secret, old_secret, old_until_ms, actions,"
                      " orders_cursor, products_cursor, pull_ms, pulled_ms, checked_ms, error, changed_ms)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
                      " ON CONFLICT (tenant_id) DO UPDATE SET kind = excluded.kind, url = excluded.url,"
                      " private_ok = excluded.private_ok, secret = excluded.secret, old_secret = excluded.old_secret,"
                      " old_until_ms = excluded.old_until_ms, actions = excluded.actions,"
                      " orders_cursor = excluded.orders_cursor, products_cursor = excluded.products_cursor,"
                      " pull_ms = excluded.pull_ms, pulled_ms = excluded.pulled_ms, checked_ms = excluded.checked_ms,"
                      " error = excluded.error, changed_ms = excluded.changed_ms");
    stmt_int(&q, s->tenant_id);
    stmt_text(&q, str_from(shop_system_kind_name(s->kind)));
    stmt_text(&q, s->url);
    stmt_int(&q, s->private_ok);
    bind_secret(&q, a, s->tenant_id, s->secret[0]);
    bind_secret(&q, a, s->tenant_id, s->secret[1]);
    stmt_int(&q, s->old_until_ms);
    stmt_text(&q, s->actions);
    stmt_text(&q, s->orders_cursor);
    stmt_text(&q, s->products_cursor);
    stmt_int(&q, s->pull_ms);
    stmt_int(&q, s->pulled_ms);
    stmt_int(&q, s->checked_ms);
    stmt_text(&q, s->error);
    stmt_int(&q, now_ms);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int shop_system_remove(struct tx *tx, int64_t tenant_id)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "DELETE FROM shop_system WHERE tenant_id = $1");
    stmt_int(&q, tenant_id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int shop_system_note(struct tx *tx, int64_t tenant_id, struct str actions, struct str error, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE shop_system SET actions = coalesce($1, actions), error = $2, checked_ms = $3"
                      " WHERE tenant_id = $4");
    stmt_text_or_null(&q, actions);
    stmt_text(&q, error);
    stmt_int(&q, now_ms);
    stmt_int(&q, tenant_id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int shop_system_pulled(struct tx *tx, int64_t tenant_id, struct str orders_cursor, struct str products_cursor)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE shop_system SET orders_cursor = coalesce($1, orders_cursor),"
                      " products_cursor = coalesce($2, products_cursor) WHERE tenant_id = $3");
    stmt_text_or_null(&q, orders_cursor);
    stmt_text_or_null(&q, products_cursor);
    stmt_int(&q, tenant_id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int shop_system_pull_at(struct tx *tx, int64_t tenant_id, int64_t pull_ms, int64_t pulled_ms)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "UPDATE shop_system SET pull_ms = $1, pulled_ms = coalesce($2, pulled_ms) WHERE tenant_id = $3");
    stmt_int(&q, pull_ms);
    stmt_int_or_null(&q, pulled_ms);
    stmt_int(&q, tenant_id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int shop_systems_due(struct tx *tx, struct arena *a, int64_t now_ms, int limit, int64_t **ret, size_t *ret_n)
{
    ARRAY(int64_t) list = {0};
    /* Across tenants: this is the clock of the whole installation. */
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id FROM shop_system WHERE pull_ms <= $1 ORDER BY pull_ms LIMIT $2");
    stmt_int(&q, now_ms);
    stmt_int(&q, limit);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        *array_push(a, &list) = stmt_get_int(&q, 0);
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}

int shop_webhook_take(struct tx *tx, int64_t tenant_id, struct str id, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO shop_webhook (tenant_id, webhook_id, at_ms) VALUES ($1, $2, $3)"
                      " ON CONFLICT (tenant_id, webhook_id) DO NOTHING");
    stmt_int(&q, tenant_id);
    stmt_text(&q, id);
    stmt_int(&q, now_ms);
    int64_t added = stmt_run(&q);
    return added < 0 ? STORE_FAULT : (int)added;
}

int shop_webhook_forget(struct tx *tx, int64_t tenant_id, int64_t before_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM shop_webhook WHERE tenant_id = $1 AND at_ms < $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, before_ms);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int shop_version_take(struct tx *tx, int64_t tenant_id, const char *kind, struct str id, int64_t version)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO shop_version (tenant_id, kind, object_id, version) VALUES ($1, $2, $3, $4)"
                      " ON CONFLICT (tenant_id, kind, object_id) DO UPDATE SET version = excluded.version"
                      " WHERE excluded.version > shop_version.version");
    stmt_int(&q, tenant_id);
    stmt_text(&q, str_from(kind));
    stmt_text(&q, id);
    stmt_int(&q, version);
    int64_t changed = stmt_run(&q);
    return changed < 0 ? STORE_FAULT : (int)changed;
}
