/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of sessions.
 */
#include "account/session_store.h"

static void bind_hash(struct stmt *q, const unsigned char hash[SEAL_HASH_BYTES])
{
    stmt_blob(q, (struct str){(const char *)hash, SEAL_HASH_BYTES});
}

enum account_answer session_insert(struct tx *tx, const unsigned char hash[SEAL_HASH_BYTES], int64_t tenant_id,
                                   int64_t person_id, int64_t now_ms, int64_t expires_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO session (token_hash, tenant_id, person_id, created_ms, expires_ms)"
                      " VALUES ($1, $2, $3, $4, $5)");
    bind_hash(&q, hash);
    stmt_int(&q, tenant_id);
    stmt_int(&q, person_id);
    stmt_int(&q, now_ms);
    stmt_int(&q, expires_ms);
    return stmt_run(&q) < 0 ? ACCOUNT_FAULT : ACCOUNT_OK;
}

enum account_answer session_actor(struct tx *tx, struct arena *a, const unsigned char hash[SEAL_HASH_BYTES],
                                  int64_t now_ms, struct actor *ret, int64_t *ret_expires_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT p.tenant_id, p.person_id, p.roles, p.name, p.alias, p.must_change, shop.language,"
                      " s.expires_ms FROM session s"
                      " JOIN person p ON p.tenant_id = s.tenant_id AND p.person_id = s.person_id"
                      " JOIN shop ON shop.tenant_id = s.tenant_id"
                      " WHERE s.token_hash = $1 AND s.expires_ms > $2");
    bind_hash(&q, hash);
    stmt_int(&q, now_ms);
    int rc = stmt_next(&q);
    if (rc < 0)
        return ACCOUNT_FAULT;
    if (rc == 0)
        return ACCOUNT_NOT_FOUND;
    struct actor who = {.tenant_id = stmt_get_int(&q, 0), .id = stmt_get_int(&q, 1)};
    who.roles = roles_from_json(stmt_get_text(&q, 2));
    who.name = stmt_copy_text(&q, 4, a);
    if (who.name.n == 0)
        who.name = stmt_copy_text(&q, 3, a);
    who.must_change_password = stmt_get_int(&q, 5) != 0;
    who.language = stmt_copy_text(&q, 6, a);
    *ret_expires_ms = stmt_get_int(&q, 7);
    *ret = who;
    return ACCOUNT_OK;
}

enum account_answer session_extend(struct tx *tx, const unsigned char hash[SEAL_HASH_BYTES], int64_t expires_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE session SET expires_ms = $1 WHERE token_hash = $2 AND tenant_id <> 0");
    stmt_int(&q, expires_ms);
    bind_hash(&q, hash);
    return stmt_run(&q) < 0 ? ACCOUNT_FAULT : ACCOUNT_OK;
}

enum account_answer session_end_all(struct tx *tx, int64_t tenant_id, int64_t person_id, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "DELETE FROM session WHERE tenant_id = $1 AND (person_id = $2 OR expires_ms <= $3)");
    stmt_int(&q, tenant_id);
    stmt_int(&q, person_id);
    stmt_int(&q, now_ms);
    return stmt_run(&q) < 0 ? ACCOUNT_FAULT : ACCOUNT_OK;
}
