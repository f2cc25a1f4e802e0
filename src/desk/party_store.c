/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of third persons in conversations.
 */
#include "desk/party_store.h"

static void read_row(struct stmt *q, struct arena *a, struct party *ret)
{
    *ret = (struct party){.conversation_id = stmt_get_int(q, 0), .person_id = stmt_get_int(q, 1),
                          .team = stmt_copy_text(q, 2, a), .note = stmt_copy_text(q, 3, a),
                          .invited_by = stmt_get_int(q, 4), .invited_ms = stmt_get_int(q, 5),
                          .joined_ms = stmt_get_int(q, 6), .left_ms = stmt_get_int(q, 7)};
}

static int read_all(struct stmt *q, struct arena *a, struct party **ret, size_t *ret_n)
{
    ARRAY(struct party) found = {0};
    int rc;
    while ((rc = stmt_next(q)) > 0)
        read_row(q, a, array_push(a, &found));
    *ret = found.v;
    *ret_n = found.n;
    return rc;
}

int party_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id, int64_t person_id,
              struct party *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT conversation_id, person_id, team, note, invited_by, invited_ms, joined_ms, left_ms FROM party"
            " WHERE tenant_id = $1 AND conversation_id = $2 AND person_id = $3");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    stmt_int(&q, person_id);
    int rc = stmt_next(&q);
    if (rc > 0)
        read_row(&q, a, ret);
    return rc;
}

int party_list(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id, struct party **ret,
               size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT conversation_id, person_id, team, note, invited_by, invited_ms, joined_ms, left_ms FROM party"
            " WHERE tenant_id = $1 AND conversation_id = $2 ORDER BY invited_ms, person_id");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    return read_all(&q, a, ret, ret_n);
}

int party_list_of(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t person_id, int limit, struct party **ret,
                  size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT p.conversation_id, p.person_id, p.team, p.note, p.invited_by, p.invited_ms, p.joined_ms, p.left_ms"
            " FROM party p JOIN conversation c ON c.tenant_id = p.tenant_id AND c.conversation_id = p.conversation_id"
            " WHERE p.tenant_id = $1 AND p.person_id = $2 AND p.left_ms = 0 AND c.handler <> 'closed'"
            " ORDER BY p.invited_ms DESC LIMIT $3");
    stmt_int(&q, tenant_id);
    stmt_int(&q, person_id);
    stmt_int(&q, limit);
    return read_all(&q, a, ret, ret_n);
}

int party_put(struct tx *tx, int64_t tenant_id, const struct party *p)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO party (tenant_id, conversation_id, person_id, team, note, invited_by, invited_ms, joined_ms,"
            " left_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
            " ON CONFLICT (tenant_id, conversation_id, person_id) DO UPDATE SET team = excluded.team,"
            " note = excluded.note, invited_by = excluded.invited_by, invited_ms = excluded.invited_ms,"
            " joined_ms = excluded.joined_ms, left_ms = excluded.left_ms");
    stmt_int(&q, tenant_id);
    stmt_int(&q, p->conversation_id);
    stmt_int(&q, p->person_id);
    stmt_text(&q, p->team);
    stmt_text(&q, p->note);
    stmt_int(&q, p->invited_by);
    stmt_int(&q, p->invited_ms);
    stmt_int(&q, p->joined_ms);
    stmt_int(&q, p->left_ms);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}
