/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of agreements and their timers.
 */
#include "desk/agreement_store.h"

#include "base/id.h"

#define COLUMNS                                                                                                     \
    "agreement_id, conversation_id, contact_id, order_id, text, due_ms, amount_cents, state, proposed_by,"          \
    " proposed_ms, answer_ms, answered_ms, answered_in, answered_seq, settled_by, settled_ms, note, work_order_id,"  \
    " rules"

static void read_row(struct stmt *q, struct arena *a, struct agreement *ret)
{
    *ret = (struct agreement){.id = stmt_get_int(q, 0), .conversation_id = stmt_get_int(q, 1),
                              .contact_id = stmt_get_int(q, 2), .order_id = stmt_copy_text(q, 3, a),
                              .text = stmt_copy_text(q, 4, a), .due_ms = stmt_get_int(q, 5),
                              .amount_cents = stmt_get_int(q, 6), .state = AGREEMENT_WITHDRAWN,
                              .proposed_by = stmt_get_int(q, 8), .proposed_ms = stmt_get_int(q, 9),
                              .answer_ms = stmt_get_int(q, 10), .answered_ms = stmt_get_int(q, 11),
                              .answered_in = stmt_get_int(q, 12), .answered_seq = stmt_get_int(q, 13),
                              .settled_by = stmt_get_int(q, 14), .settled_ms = stmt_get_int(q, 15),
                              .note = stmt_copy_text(q, 16, a), .work_order_id = stmt_get_int(q, 17),
                              .rules = stmt_copy_text(q, 18, a)};
    (void)agreement_state_from_name(stmt_get_text(q, 7), &ret->state); /* only names of states are stored */
}

int agreement_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct agreement *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM agreement WHERE tenant_id = $1 AND agreement_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    int rc = stmt_next(&q);
    if (rc > 0)
        read_row(&q, a, ret);
    return rc;
}

int agreement_list(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t conversation_id, struct agreement **ret,
                   size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT " COLUMNS " FROM agreement WHERE tenant_id = $1"
                                                        " AND conversation_id = $2 ORDER BY agreement_id DESC");
    stmt_int(&q, tenant_id);
    stmt_int(&q, conversation_id);
    ARRAY(struct agreement) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        read_row(&q, a, array_push(a, &found));
    *ret = found.v;
    *ret_n = found.n;
    return rc;
}

int agreement_insert(struct tx *tx, int64_t tenant_id, const struct agreement *g)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO agreement (tenant_id, " COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
            " $13, $14, $15, $16, $17, $18, $19, $20)");
    stmt_int(&q, tenant_id);
    stmt_int(&q, g->id);
    stmt_int(&q, g->conversation_id);
    stmt_int(&q, g->contact_id);
    stmt_text(&q, g->order_id);
    stmt_text(&q, g->text);
    stmt_int(&q, g->due_ms);
    stmt_int(&q, g->amount_cents);
    stmt_text(&q, str_from(agreement_state_name(g->state)));
    stmt_int(&q, g->proposed_by);
    stmt_int(&q, g->proposed_ms);
    stmt_int(&q, g->answer_ms);
    stmt_int(&q, g->answered_ms);
    stmt_int(&q, g->answered_in);
    stmt_int(&q, g->answered_seq);
    stmt_int(&q, g->settled_by);
    stmt_int(&q, g->settled_ms);
    stmt_text(&q, g->note);
    stmt_int(&q, g->work_order_id);
    stmt_text(&q, g->rules);
    if (stmt_run(&q) < 0)
        return STORE_FAULT;
    return agreement_timer_set(tx, tenant_id, g->id, agreement_timer_ms(g), g->proposed_ms);
}

int agreement_update(struct tx *tx, int64_t tenant_id, const struct agreement *g, enum agreement_state from,
                     int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "UPDATE agreement SET state = $1, answered_ms = $2, answered_in = $3, answered_seq = $4, settled_by = $5,"
            " settled_ms = $6, note = $7, work_order_id = $8 WHERE tenant_id = $9 AND agreement_id = $10 AND state = $11");
    stmt_text(&q, str_from(agreement_state_name(g->state)));
    stmt_int(&q, g->answered_ms);
    stmt_int(&q, g->answered_in);
    stmt_int(&q, g->answered_seq);
    stmt_int(&q, g->settled_by);
    stmt_int(&q, g->settled_ms);
    stmt_text(&q, g->note);
    stmt_int(&q, g->work_order_id);
    stmt_int(&q, tenant_id);
    stmt_int(&q, g->id);
    stmt_text(&q, str_from(agreement_state_name(from)));
    int64_t rows = stmt_run(&q);
    if (rows <= 0)
        return rows < 0 ? STORE_FAULT : 0;
    return agreement_timer_set(tx, tenant_id, g->id, agreement_timer_ms(g), now_ms) < 0 ? STORE_FAULT : 1;
}

static int drop_timer(struct tx *tx, int64_t tenant_id, int64_t id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM timer WHERE tenant_id = $1 AND kind = 'agreement' AND subject_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int agreement_timer_set(struct tx *tx, int64_t tenant_id, int64_t id, int64_t due_ms, int64_t now_ms)
{
    if (due_ms == 0)
        return drop_timer(tx, tenant_id, id);
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO timer (tenant_id, timer_id, kind, due_ms, subject_id, data)"
            " VALUES ($1, $2, 'agreement', $3, $4, '')"
            " ON CONFLICT (tenant_id, kind, subject_id) DO UPDATE SET due_ms = excluded.due_ms");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id_new(now_ms));
    stmt_int(&q, due_ms);
    stmt_int(&q, id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int agreement_timers_due(struct tx *tx, struct arena *a, int64_t now_ms, int limit, struct agreement_due **ret,
                         size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT tenant_id, subject_id FROM timer WHERE kind = 'agreement'"
                                                        " AND due_ms <= $1 ORDER BY due_ms LIMIT $2");
    stmt_int(&q, now_ms);
    stmt_int(&q, limit);
    ARRAY(struct agreement_due) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        *array_push(a, &found) = (struct agreement_due){stmt_get_int(&q, 0), stmt_get_int(&q, 1)};
    *ret = found.v;
    *ret_n = found.n;
    return rc;
}
