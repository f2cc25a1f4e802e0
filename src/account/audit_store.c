/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of the audit: it only grows.
 */
#include "account/audit.h"

#include "base/id.h"

#define TRIES 8 /* chance gives one id twice when thousands of things happen in one millisecond */

static int64_t insert(struct tx *tx, int64_t tenant_id, int64_t now_ms, struct str actor, const char *what,
                      struct str object, struct str detail)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO audit (tenant_id, audit_id, at_ms, actor, what, object, detail)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7)");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id_new(now_ms));
    stmt_int(&q, now_ms);
    stmt_text(&q, actor);
    stmt_text(&q, str_from(what));
    stmt_text(&q, object);
    stmt_text(&q, detail.n > 0 ? detail : STR("{}"));
    return stmt_run(&q);
}

enum account_answer audit_add(struct tx *tx, int64_t tenant_id, int64_t now_ms, struct str actor, const char *what,
                              struct str object, struct str detail)
{
    int64_t changed = STORE_CONFLICT;
    for (int i = 0; i < TRIES && changed == STORE_CONFLICT; i++)
        changed = insert(tx, tenant_id, now_ms, actor, what, object, detail);
    return changed < 0 ? ACCOUNT_FAULT : ACCOUNT_OK;
}
