/* SPDX-License-Identifier: Apache-2.0 */
/* SQL of call backs. */
#include "bot/callback_store.h"

#include "base/id.h"

int callback_book(struct tx *tx, int64_t tenant_id, int64_t conversation_id, struct str data, int64_t due_ms,
                  int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO timer (tenant_id, timer_id, kind, due_ms, subject_id, data)"
            " VALUES ($1, $2, 'callback', $3, $4, $5)"
            " ON CONFLICT (tenant_id, kind, subject_id) DO UPDATE SET due_ms = excluded.due_ms, data = excluded.data");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id_new(now_ms));
    stmt_int(&q, due_ms);
    stmt_int(&q, conversation_id);
    stmt_text(&q, data);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}
