/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of gaps.
 */
#include "knowledge/gap.h"

int gap_record(struct tx *tx, struct arena *a, int64_t tenant_id, const struct gap *g, int64_t now_ms)
{
    struct str key = gap_key(a, g->text, g->about);
    if (key.n == 0)
        return STORE_OK; /* nothing but signs was asked */
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO gap (tenant_id, gap_key, text, language, intent, about, asked, first_ms, last_ms,"
                      " conversation_id) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9)"
                      " ON CONFLICT (tenant_id, gap_key) DO UPDATE SET asked = gap.asked + 1,"
                      " last_ms = excluded.last_ms, conversation_id = excluded.conversation_id");
    stmt_int(&q, tenant_id);
    stmt_text(&q, key);
    stmt_text(&q, gap_text(a, g->text));
    stmt_text(&q, g->language);
    stmt_text(&q, g->intent);
    stmt_text(&q, g->about);
    stmt_int(&q, now_ms);
    stmt_int(&q, now_ms);
    stmt_int(&q, g->conversation_id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}
