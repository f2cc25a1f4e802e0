/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of contacts.
 */
#include "account/contact.h"

#define COLUMNS "tenant_id, contact_id, buyer, name, language, first_ms, last_agent_id, last_agent_ms"

static enum account_answer read_one(struct stmt *q, struct arena *a, struct contact *ret)
{
    int rc = stmt_next(q);
    if (rc < 0)
        return ACCOUNT_FAULT;
    if (rc == 0)
        return ACCOUNT_NOT_FOUND;
    struct contact c = {.tenant_id = stmt_get_int(q, 0), .id = stmt_get_int(q, 1)};
    c.buyer = stmt_copy_text(q, 2, a);
    c.name = stmt_copy_text(q, 3, a);
    c.language = stmt_copy_text(q, 4, a);
    c.first_ms = stmt_get_int(q, 5);
    c.last_agent_id = stmt_get_int(q, 6);
    c.last_agent_ms = stmt_get_int(q, 7);
    *ret = c;
    return ACCOUNT_OK;
}

static enum account_answer changed_one(int64_t changed)
{
    if (changed == STORE_CONFLICT)
        return ACCOUNT_TAKEN;
    if (changed < 0)
        return ACCOUNT_FAULT;
    return changed == 1 ? ACCOUNT_OK : ACCOUNT_NOT_FOUND;
}

enum account_answer contact_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct contact *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM contact WHERE tenant_id = $1 AND contact_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return read_one(&q, a, ret);
}

enum account_answer contact_by_buyer(struct tx *tx, struct arena *a, int64_t tenant_id, struct str buyer,
                                     struct contact *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM contact WHERE tenant_id = $1 AND buyer = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, buyer);
    return read_one(&q, a, ret);
}

enum account_answer contact_insert(struct tx *tx, const struct contact *c)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO contact (tenant_id, contact_id, buyer, name, language, first_ms)"
                      " VALUES ($1, $2, $3, $4, $5, $6)");
    stmt_int(&q, c->tenant_id);
    stmt_int(&q, c->id);
    stmt_text_or_null(&q, c->buyer);
    stmt_text(&q, c->name);
    stmt_text(&q, c->language);
    stmt_int(&q, c->first_ms);
    return changed_one(stmt_run(&q));
}

enum account_answer contact_rename(struct tx *tx, int64_t tenant_id, int64_t id, struct str name,
                                   struct str language)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "UPDATE contact SET name = $1, language = $2 WHERE tenant_id = $3 AND contact_id = $4");
    stmt_text(&q, name);
    stmt_text(&q, language);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return changed_one(stmt_run(&q));
}

enum account_answer contact_served(struct tx *tx, int64_t tenant_id, int64_t id, int64_t agent_id, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE contact SET last_agent_id = $1, last_agent_ms = $2"
                      " WHERE tenant_id = $3 AND contact_id = $4");
    stmt_int(&q, agent_id);
    stmt_int(&q, now_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return changed_one(stmt_run(&q));
}
