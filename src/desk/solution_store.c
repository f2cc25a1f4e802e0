/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of solutions.
 */
#include "desk/solution_store.h"

/* A body was checked when it was stored; one that cannot be read any more is a row without conditions that is off. */
static void read_row(struct stmt *q, struct arena *a, struct solution *ret)
{
    const char *why;
    struct str id = stmt_copy_text(q, 0, a);
    bool off = stmt_get_int(q, 2) != 0;
    _cleanup_(json_donep) json_t *body = json_read(stmt_get_text(q, 1), NULL);
    struct solution s = {0};
    if (body == NULL || json_object_set_new(body, "id", json_stringn(id.p, id.n)) != 0 || !solution_read(body, &s, &why))
        off = true;
    struct str *const texts[] = {&s.intents, &s.statuses, &s.cases, &s.emotions, &s.what,
                                 &s.args,    &s.policy,   &s.title, &s.why,      &s.text};
    for (size_t i = 0; i < COUNT(texts); i++)
        *texts[i] = str_dup(a, *texts[i]);
    s.id = id;
    s.off = off;
    s.own = true;
    s.version = stmt_get_int(q, 3);
    *ret = s;
}

int solution_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct solution **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT solution_id, body, off, version FROM solution WHERE tenant_id = $1 ORDER BY solution_id");
    stmt_int(&q, tenant_id);
    ARRAY(struct solution) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        read_row(&q, a, array_push(a, &found));
    *ret = found.v;
    *ret_n = found.n;
    return rc;
}

int solution_get(struct tx *tx, struct arena *a, int64_t tenant_id, struct str id, struct solution *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT solution_id, body, off, version FROM solution WHERE tenant_id = $1 AND solution_id = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, id);
    int rc = stmt_next(&q);
    if (rc > 0)
        read_row(&q, a, ret);
    return rc;
}

int solution_put(struct tx *tx, int64_t tenant_id, const struct solution *s, struct str body, int64_t person_id,
                 int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO solution (tenant_id, solution_id, body, off, version, person_id, changed_ms)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, solution_id) DO UPDATE SET"
            " body = excluded.body, off = excluded.off, version = excluded.version, person_id = excluded.person_id,"
            " changed_ms = excluded.changed_ms");
    stmt_int(&q, tenant_id);
    stmt_text(&q, s->id);
    stmt_text(&q, body);
    stmt_int(&q, s->off);
    stmt_int(&q, s->version);
    stmt_int(&q, person_id);
    stmt_int(&q, now_ms);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int solution_delete(struct tx *tx, int64_t tenant_id, struct str id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM solution WHERE tenant_id = $1 AND solution_id = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int solution_use_add(struct tx *tx, int64_t tenant_id, const struct solution_use *use)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO solution_use (tenant_id, conversation_id, solution_id, offered, place, intent, emotion,"
            " person_id, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING");
    stmt_int(&q, tenant_id);
    stmt_int(&q, use->conversation_id);
    stmt_text(&q, use->solution_id);
    stmt_text(&q, use->offered);
    stmt_int(&q, use->place);
    stmt_text(&q, use->intent);
    stmt_text(&q, use->emotion);
    stmt_int(&q, use->person_id);
    stmt_int(&q, use->at_ms);
    int64_t rows = stmt_run(&q);
    return rows < 0 ? STORE_FAULT : (int)rows;
}

int solution_figures(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t since_ms, struct solution_figure **ret,
                     size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT solution_id, COUNT(*), SUM(CASE WHEN place = 1 THEN 1 ELSE 0 END) FROM solution_use"
            " WHERE tenant_id = $1 AND at_ms >= $2 GROUP BY solution_id ORDER BY solution_id");
    stmt_int(&q, tenant_id);
    stmt_int(&q, since_ms);
    ARRAY(struct solution_figure) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        *array_push(a, &found) = (struct solution_figure){stmt_copy_text(&q, 0, a), stmt_get_int(&q, 1), stmt_get_int(&q, 2)};
    *ret = found.v;
    *ret_n = found.n;
    return rc;
}
