/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of people and their skills.
 */
#include "account/person.h"

#define COLUMNS                                                                                                    \
    "tenant_id, person_id, external_id, name, alias, roles, languages, time_zone, concurrency, sign_in,"           \
    " password_hash, must_change, failed_count, locked_until_ms, invite_until_ms, status, status_ms, gone_ms,"     \
    " free_ms"

static void read_columns(struct stmt *q, struct arena *a, struct person *ret)
{
    struct person p = {.tenant_id = stmt_get_int(q, 0), .id = stmt_get_int(q, 1)};
    int i = 2;
    p.external_id = stmt_copy_text(q, i++, a);
    p.name = stmt_copy_text(q, i++, a);
    p.alias = stmt_copy_text(q, i++, a);
    p.roles = stmt_copy_text(q, i++, a);
    p.languages = stmt_copy_text(q, i++, a);
    p.time_zone = stmt_copy_text(q, i++, a);
    p.concurrency = stmt_get_int(q, i++);
    p.sign_in = stmt_copy_text(q, i++, a);
    p.password_hash = stmt_copy_text(q, i++, a);
    p.must_change = stmt_get_int(q, i++) != 0;
    p.failed_count = stmt_get_int(q, i++);
    p.locked_until_ms = stmt_get_int(q, i++);
    p.invite_until_ms = stmt_get_int(q, i++);
    p.status = stmt_copy_text(q, i++, a);
    p.status_ms = stmt_get_int(q, i++);
    p.gone_ms = stmt_get_int(q, i++);
    p.free_ms = stmt_get_int(q, i++);
    *ret = p;
}

static enum account_answer read_one(struct stmt *q, struct arena *a, struct person *ret)
{
    int rc = stmt_next(q);
    if (rc < 0)
        return ACCOUNT_FAULT;
    if (rc == 0)
        return ACCOUNT_NOT_FOUND;
    read_columns(q, a, ret);
    return ACCOUNT_OK;
}

/* What an UPDATE of one person's row came to. */
static enum account_answer changed_one(int64_t changed)
{
    if (changed == STORE_CONFLICT)
        return ACCOUNT_TAKEN;
    if (changed < 0)
        return ACCOUNT_FAULT;
    return changed == 1 ? ACCOUNT_OK : ACCOUNT_NOT_FOUND;
}

enum account_answer person_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct person *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM person WHERE tenant_id = $1 AND person_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return read_one(&q, a, ret);
}

enum account_answer person_by_external(struct tx *tx, struct arena *a, int64_t tenant_id, struct str external_id,
                                       struct person *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM person WHERE tenant_id = $1 AND external_id = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, external_id);
    return read_one(&q, a, ret);
}

enum account_answer person_by_sign_in(struct tx *tx, struct arena *a, int64_t tenant_id, struct str sign_in,
                                      struct person *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM person WHERE tenant_id = $1 AND sign_in = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, sign_in);
    return read_one(&q, a, ret);
}

enum account_answer person_by_invite(struct tx *tx, struct arena *a, const unsigned char hash[SEAL_HASH_BYTES],
                                     int64_t now_ms, struct person *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM person WHERE invite_hash = $1 AND invite_until_ms > $2"
                      " AND tenant_id <> 0");
    stmt_blob(&q, (struct str){(const char *)hash, SEAL_HASH_BYTES});
    stmt_int(&q, now_ms);
    return read_one(&q, a, ret);
}

enum account_answer person_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct person **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM person WHERE tenant_id = $1 ORDER BY name, person_id");
    stmt_int(&q, tenant_id);
    ARRAY(struct person) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        read_columns(&q, a, array_push(a, &found));
    if (rc < 0)
        return ACCOUNT_FAULT;
    *ret = found.v;
    *ret_n = found.n;
    return ACCOUNT_OK;
}

enum account_answer person_skills(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id,
                                  struct person_skill **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT skill, level FROM person_skill WHERE tenant_id = $1 AND person_id = $2 ORDER BY level DESC, skill");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    ARRAY(struct person_skill) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        struct person_skill *s = array_push(a, &found);
        s->skill = stmt_copy_text(&q, 0, a);
        s->level = stmt_get_int(&q, 1);
    }
    if (rc < 0)
        return ACCOUNT_FAULT;
    *ret = found.v;
    *ret_n = found.n;
    return ACCOUNT_OK;
}

enum account_answer person_insert(struct tx *tx, const struct person *p)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO person (tenant_id, person_id, external_id, name, alias, roles, languages, time_zone,"
                      " concurrency, sign_in, password_hash, must_change, failed_count, locked_until_ms, status,"
                      " status_ms, gone_ms, free_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, 0, 0, 0,"
                      " $11, $12, $13, $14)");
    stmt_int(&q, p->tenant_id);
    stmt_int(&q, p->id);
    stmt_text(&q, p->external_id);
    stmt_text(&q, p->name);
    stmt_text(&q, p->alias);
    stmt_text(&q, p->roles);
    stmt_text(&q, p->languages);
    stmt_text(&q, p->time_zone);
    stmt_int(&q, p->concurrency);
    stmt_text_or_null(&q, p->sign_in);
    stmt_text(&q, p->status);
    stmt_int(&q, p->status_ms);
    stmt_int(&q, p->gone_ms);
    stmt_int(&q, p->free_ms);
    return changed_one(stmt_run(&q));
}

enum account_answer person_update(struct tx *tx, const struct person *p)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE person SET name = $1, alias = $2, roles = $3, languages = $4, time_zone = $5,"
                      " concurrency = $6, sign_in = $7 WHERE tenant_id = $8 AND person_id = $9");
    stmt_text(&q, p->name);
    stmt_text(&q, p->alias);
    stmt_text(&q, p->roles);
    stmt_text(&q, p->languages);
    stmt_text(&q, p->time_zone);
    stmt_int(&q, p->concurrency);
    stmt_text_or_null(&q, p->sign_in);
    stmt_int(&q, p->tenant_id);
    stmt_int(&q, p->id);
    return changed_one(stmt_run(&q));
}

static enum account_answer drop_skills(struct tx *tx, int64_t tenant_id, int64_t id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM person_skill WHERE tenant_id = $1 AND person_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return stmt_run(&q) < 0 ? ACCOUNT_FAULT : ACCOUNT_OK;
}

enum account_answer person_set_skills(struct tx *tx, int64_t tenant_id, int64_t id, const struct person_skill *skills,
                                      size_t n)
{
    if (drop_skills(tx, tenant_id, id) != ACCOUNT_OK)
        return ACCOUNT_FAULT;
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO person_skill (tenant_id, person_id, skill, level) VALUES ($1, $2, $3, $4)");
    for (size_t i = 0; i < n; i++) {
        stmt_int(&q, tenant_id);
        stmt_int(&q, id);
        stmt_text(&q, skills[i].skill);
        stmt_int(&q, skills[i].level);
        if (stmt_run(&q) < 0)
            return ACCOUNT_FAULT;
        stmt_again(&q);
    }
    return ACCOUNT_OK;
}

enum account_answer person_set_invite(struct tx *tx, int64_t tenant_id, int64_t id, const unsigned char *hash,
                                      int64_t until_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE person SET invite_hash = $1, invite_until_ms = $2"
                      " WHERE tenant_id = $3 AND person_id = $4");
    if (hash != NULL)
        stmt_blob(&q, (struct str){(const char *)hash, SEAL_HASH_BYTES});
    else
        stmt_null(&q);
    stmt_int_or_null(&q, until_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return changed_one(stmt_run(&q));
}

enum account_answer person_set_password(struct tx *tx, int64_t tenant_id, int64_t id, struct str sign_in,
                                        struct str password_hash, bool must_change)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE person SET sign_in = $1, password_hash = $2, must_change = $3, failed_count = 0,"
                      " locked_until_ms = 0, invite_hash = NULL, invite_until_ms = NULL"
                      " WHERE tenant_id = $4 AND person_id = $5");
    stmt_text_or_null(&q, sign_in);
    stmt_text(&q, password_hash);
    stmt_int(&q, must_change);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return changed_one(stmt_run(&q));
}

enum account_answer person_set_failures(struct tx *tx, int64_t tenant_id, int64_t id, int64_t count,
                                        int64_t locked_until_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE person SET failed_count = $1, locked_until_ms = $2"
                      " WHERE tenant_id = $3 AND person_id = $4");
    stmt_int(&q, count);
    stmt_int(&q, locked_until_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return changed_one(stmt_run(&q));
}

enum account_answer person_set_status(struct tx *tx, int64_t tenant_id, int64_t id, struct str status, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "UPDATE person SET status = $1, status_ms = $2 WHERE tenant_id = $3 AND person_id = $4");
    stmt_text(&q, status);
    stmt_int(&q, now_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return changed_one(stmt_run(&q));
}

enum account_answer person_set_gone(struct tx *tx, int64_t tenant_id, int64_t id, int64_t gone_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE person SET gone_ms = $1 WHERE tenant_id = $2 AND person_id = $3");
    stmt_int(&q, gone_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return changed_one(stmt_run(&q));
}

enum account_answer person_set_free(struct tx *tx, int64_t tenant_id, int64_t id, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE person SET free_ms = $1 WHERE tenant_id = $2 AND person_id = $3");
    stmt_int(&q, now_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return changed_one(stmt_run(&q));
}
