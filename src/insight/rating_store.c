/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of ratings and feedback.
 */
#include "insight/rating_store.h"

enum rating_answer rating_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id,
                              struct rating *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT stars, solved, tags, text, agent_id, bot_version, first_ms, at_ms FROM rating"
                      " WHERE tenant_id = $1 AND conversation_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return rc < 0 ? RATING_FAULT : RATING_NOT_FOUND;
    *ret = (struct rating){.stars = stmt_get_int(&q, 0),
                           .solved = stmt_is_null(&q, 1) ? -1 : (int)stmt_get_int(&q, 1),
                           .tags = stmt_copy_text(&q, 2, a),
                           .text = stmt_copy_text(&q, 3, a),
                           .agent_id = stmt_get_int(&q, 4),
                           .bot_version = stmt_copy_text(&q, 5, a),
                           .first_ms = stmt_get_int(&q, 6),
                           .at_ms = stmt_get_int(&q, 7)};
    return RATING_OK;
}

enum rating_answer rating_put(struct tx *tx, int64_t tenant_id, int64_t conversation_id, int64_t contact_id,
                              const struct rating *r)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO rating (tenant_id, conversation_id, contact_id, agent_id, bot_version, stars, solved, tags,"
            " text, first_ms, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            " ON CONFLICT (tenant_id, conversation_id) DO UPDATE SET agent_id = excluded.agent_id,"
            " bot_version = excluded.bot_version, stars = excluded.stars, solved = excluded.solved,"
            " tags = excluded.tags, text = excluded.text, at_ms = excluded.at_ms");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    stmt_int(&q, contact_id);
    stmt_int_or_null(&q, r->agent_id);
    stmt_text_or_null(&q, r->bot_version);
    stmt_int(&q, r->stars);
    if (r->solved < 0)
        stmt_null(&q);
    else
        stmt_int(&q, r->solved);
    stmt_text(&q, r->tags);
    stmt_text(&q, r->text);
    stmt_int(&q, r->first_ms);
    stmt_int(&q, r->at_ms);
    return stmt_run(&q) < 0 ? RATING_FAULT : RATING_OK;
}

int64_t rating_served_by(struct tx *tx, int64_t tenant_id, int64_t conversation_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT author_id FROM message WHERE tenant_id = $1 AND conversation_id = $2"
                      " AND author_kind = 'agent' AND kind <> 'note' ORDER BY seq DESC LIMIT 1");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    int rc = stmt_next(&q);
    return rc < 0 ? -1 : rc == 0 ? 0 : stmt_get_int(&q, 0);
}

enum rating_answer rating_author_of(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id,
                                    int64_t seq, struct str *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT author_kind FROM message WHERE tenant_id = $1 AND conversation_id = $2 AND seq = $3");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    stmt_int(&q, seq);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return rc < 0 ? RATING_FAULT : RATING_NOT_FOUND;
    *ret = stmt_copy_text(&q, 0, a);
    return RATING_OK;
}

enum rating_answer feedback_put(struct tx *tx, int64_t tenant_id, int64_t conversation_id, int64_t seq, bool helpful,
                                struct str reason, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO feedback (tenant_id, conversation_id, seq, helpful, reason, at_ms)"
            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, conversation_id, seq)"
            " DO UPDATE SET helpful = excluded.helpful, reason = excluded.reason, at_ms = excluded.at_ms");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    stmt_int(&q, seq);
    stmt_int(&q, helpful);
    stmt_text(&q, reason);
    stmt_int(&q, now_ms);
    return stmt_run(&q) < 0 ? RATING_FAULT : RATING_OK;
}
