/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of policies.
 */
#include "trade/policy_store.h"

#include <stdio.h>

#include "base/id.h"
#include "base/time.h"

#define COLUMNS "SELECT tenant_id, policy_key, scope, from_ms, to_ms, value, source, mark, meaning FROM policy"

static void read_policy(struct stmt *q, struct arena *a, struct policy *ret)
{
    *ret = (struct policy){
        .tenant_id = stmt_get_int(q, 0),
        .key = stmt_copy_text(q, 1, a),
        .scope = stmt_copy_text(q, 2, a),
        .from_ms = stmt_get_int(q, 3),
        .to_ms = stmt_get_int(q, 4),
        .value = stmt_copy_text(q, 5, a),
        .source = stmt_copy_text(q, 6, a),
        .mark = stmt_copy_text(q, 7, a),
        .meaning = stmt_copy_text(q, 8, a),
    };
}

int policy_list_all(struct tx *tx, struct arena *a, int64_t tenant_id, struct policy **ret, size_t *ret_n)
{
    ARRAY(struct policy) list = {0};
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, COLUMNS " WHERE tenant_id IN (0, $1)");
    stmt_int(&q, tenant_id);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        read_policy(&q, a, array_push(a, &list));
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}

int policy_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct str key, struct policy **ret, size_t *ret_n)
{
    ARRAY(struct policy) list = {0};
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, COLUMNS " WHERE tenant_id IN (0, $1) AND policy_key = $2 ORDER BY tenant_id, scope, from_ms");
    stmt_int(&q, tenant_id);
    stmt_text(&q, key);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        read_policy(&q, a, array_push(a, &list));
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}

/** 1: there, and whether it says the same; 0: not there; STORE_FAULT. */
static int policy_same(struct tx *tx, const struct policy *p, bool *ret_same)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT to_ms, value, source, mark, meaning FROM policy"
                      " WHERE tenant_id = $1 AND policy_key = $2 AND scope = $3 AND from_ms = $4");
    stmt_int(&q, p->tenant_id);
    stmt_text(&q, p->key);
    stmt_text(&q, p->scope);
    stmt_int(&q, p->from_ms);
    int rc = stmt_next(&q);
    if (rc > 0)
        *ret_same = stmt_get_int(&q, 0) == p->to_ms && str_eq(stmt_get_text(&q, 1), p->value) &&
                    str_eq(stmt_get_text(&q, 2), p->source) && str_eq(stmt_get_text(&q, 3), p->mark) &&
                    str_eq(stmt_get_text(&q, 4), p->meaning);
    return rc;
}

int policy_token(struct tx *tx, int64_t *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT value FROM meta WHERE key = 'policies'");
    int rc = stmt_next(&q);
    if (rc < 0 || (rc > 0 && !str_int(stmt_get_text(&q, 0), ret)))
        return STORE_FAULT;
    if (rc == 0)
        *ret = 0; /* stored by an earlier release, or none at all */
    return STORE_OK;
}

/* By chance, not by counting: a count that was undone would come again for other rows. */
static int raise_token(struct tx *tx)
{
    char value[24];
    snprintf(value, sizeof(value), "%lld", (long long)id_new(clock_now_ms()));
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO meta (key, value) VALUES ('policies', $1)"
                      " ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    stmt_text(&q, str_from(value));
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int policy_put(struct tx *tx, const struct policy *p)
{
    bool same = false;
    int there = policy_same(tx, p, &same);
    if (there < 0 || same)
        return there < 0 ? STORE_FAULT : 0;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO policy (tenant_id, policy_key, scope, from_ms, to_ms, value, source,"
                      " mark, meaning) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                      " ON CONFLICT (tenant_id, policy_key, scope, from_ms) DO UPDATE SET to_ms = excluded.to_ms,"
                      " value = excluded.value, source = excluded.source, mark = excluded.mark,"
                      " meaning = excluded.meaning");
    stmt_int(&q, p->tenant_id);
    stmt_text(&q, p->key);
    stmt_text(&q, p->scope);
    stmt_int(&q, p->from_ms);
    stmt_int_or_null(&q, p->to_ms);
    stmt_text(&q, p->value);
    stmt_text(&q, p->source);
    stmt_text(&q, p->mark);
    stmt_text(&q, p->meaning);
    if (stmt_run(&q) < 0 || raise_token(tx) < 0)
        return STORE_FAULT;
    return there > 0 ? 2 : 1;
}
