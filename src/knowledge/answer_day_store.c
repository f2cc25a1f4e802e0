/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of answer days.
 *
 * Turns of a day lie together because ids of conversations rise with time (base/id.h): a conversation that began more than
 * OPEN_MS before the day is passed over, so that the search stays narrow; it is a figure for trainers, not an account.
 */
#include "knowledge/answer_day_store.h"

#include "base/id.h"

#define OPEN_MS (2 * DAY_MS)

int answer_day_counted(struct tx *tx, int64_t tenant_id, int64_t day)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT 1 FROM answer_day WHERE tenant_id = $1 AND day = $2 AND knowledge_id = ''");
    stmt_int(&q, tenant_id);
    stmt_int(&q, day);
    return stmt_next(&q);
}

int answer_day_put(struct tx *tx, int64_t tenant_id, int64_t day, const struct answer_count *count)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO answer_day (tenant_id, day, knowledge_id, hits, helpful, unhelpful)"
                      " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, day, knowledge_id) DO NOTHING");
    stmt_int(&q, tenant_id);
    stmt_int(&q, day);
    stmt_text(&q, count->knowledge_id);
    stmt_int(&q, count->hits);
    stmt_int(&q, count->helpful);
    stmt_int(&q, count->unhelpful);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int answer_day_sums(struct tx *tx, int64_t tenant_id, int64_t from, int64_t to,
                    void (*each)(void *arg, const struct answer_count *sum), void *arg)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT knowledge_id, SUM(hits), SUM(helpful), SUM(unhelpful) FROM answer_day"
                      " WHERE tenant_id = $1 AND day >= $2 AND day <= $3 GROUP BY knowledge_id");
    stmt_int(&q, tenant_id);
    stmt_int(&q, from);
    stmt_int(&q, to);
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        const struct answer_count sum = {stmt_get_text(&q, 0), stmt_get_int(&q, 1), stmt_get_int(&q, 2),
                                         stmt_get_int(&q, 3)};
        each(arg, &sum);
    }
    return rc;
}

/** Turns that moved the conversation, which is what the decision table holds. */
static int moving_turns(struct tx *tx, int64_t tenant_id, int64_t from_ms, int64_t to_ms,
                        void (*each)(void *arg, struct str why), void *arg)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT COUNT(*) FROM decision WHERE tenant_id = $1 AND conversation_id >= $2"
                      " AND conversation_id < $3 AND kind = 'turn' AND at_ms >= $4 AND at_ms < $5");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id_new(from_ms - OPEN_MS));
    stmt_int(&q, id_new(to_ms));
    stmt_int(&q, from_ms);
    stmt_int(&q, to_ms);
    int rc = stmt_next(&q);
    for (int64_t i = rc > 0 ? stmt_get_int(&q, 0) : 0; i > 0; i--)
        each(arg, STR_NONE);
    return rc < 0 ? rc : STORE_OK;
}

int answer_turns(struct tx *tx, int64_t tenant_id, int64_t from_ms, int64_t to_ms,
                 void (*each)(void *arg, struct str why), void *arg)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT decision FROM message WHERE tenant_id = $1 AND conversation_id >= $2"
                      " AND conversation_id < $3 AND decision IS NOT NULL AND at_ms >= $4 AND at_ms < $5");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id_new(from_ms - OPEN_MS));
    stmt_int(&q, id_new(to_ms));
    stmt_int(&q, from_ms);
    stmt_int(&q, to_ms);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        each(arg, stmt_get_text(&q, 0));
    return rc < 0 ? rc : moving_turns(tx, tenant_id, from_ms, to_ms, each, arg);
}

int answer_thumbs(struct tx *tx, int64_t tenant_id, int64_t from_ms, int64_t to_ms,
                  void (*each)(void *arg, bool helpful, struct str why), void *arg)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT f.helpful, (SELECT x.decision FROM message x WHERE x.tenant_id = f.tenant_id"
            " AND x.conversation_id = f.conversation_id AND x.seq >= f.seq AND x.decision IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM message b WHERE b.tenant_id = f.tenant_id"
            " AND b.conversation_id = f.conversation_id AND b.seq > f.seq AND b.seq <= x.seq AND b.author_kind = 'buyer')"
            " ORDER BY x.seq LIMIT 1) FROM feedback f WHERE f.tenant_id = $1 AND f.at_ms >= $2 AND f.at_ms < $3");
    stmt_int(&q, tenant_id);
    stmt_int(&q, from_ms);
    stmt_int(&q, to_ms);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        each(arg, stmt_get_int(&q, 0) != 0, stmt_get_text(&q, 1));
    return rc;
}
