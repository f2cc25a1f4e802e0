/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of the ledger.
 */
#include "trade/ledger_store.h"

int ledger_get(struct tx *tx, int64_t tenant_id, struct str key, struct ledger_state *ret)
{
    struct ledger_state state = {0};
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT step, case_id, amount_cents FROM ledger_entry WHERE tenant_id = $1 AND ledger_key = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, key);
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        struct ledger_entry e = {.case_id = stmt_get_int(&q, 1), .amount_cents = stmt_get_int(&q, 2)};
        if (ledger_step_from_name(stmt_get_text(&q, 0), &e.step))
            ledger_note(&state, &e);
    }
    if (rc < 0)
        return rc;
    *ret = state;
    return STORE_OK;
}

int ledger_of_order(struct tx *tx, int64_t tenant_id, struct str order_id, struct str sub_id, struct ledger_sum *ret)
{
    struct ledger_sum sum = {0};
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT step, sum(amount_cents) FROM ledger_entry WHERE tenant_id = $1 AND order_id = $2"
                      " AND payer = 'escrow' AND ($3 = '' OR sub_id = $3) GROUP BY step");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    stmt_text(&q, sub_id);
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        struct ledger_entry e = {.amount_cents = stmt_get_int(&q, 1)};
        if (ledger_step_from_name(stmt_get_text(&q, 0), &e.step))
            ledger_add(&sum, &e);
    }
    if (rc < 0)
        return rc;
    *ret = sum;
    return STORE_OK;
}

int ledger_refunded(struct tx *tx, int64_t tenant_id, struct str order_id, int64_t *ret_cents)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT sum(amount_cents) FROM ledger_entry WHERE tenant_id = $1 AND order_id = $2"
                      " AND step = 'commit' AND payer = 'escrow'");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    int rc = stmt_next(&q);
    if (rc < 0)
        return rc;
    *ret_cents = rc > 0 ? stmt_get_int(&q, 0) : 0;
    return STORE_OK;
}

static enum ledger_answer add_entry(struct tx *tx, int64_t tenant_id, const struct ledger_entry *e)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO ledger_entry (tenant_id, ledger_key, step, case_id, order_id, sub_id, payer,"
                      " amount_cents, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    stmt_int(&q, tenant_id);
    stmt_text(&q, e->key);
    stmt_text(&q, str_from(ledger_step_name(e->step)));
    stmt_int(&q, e->case_id);
    stmt_text(&q, e->order_id);
    stmt_text(&q, e->sub_id);
    stmt_text(&q, str_from(ledger_payer_name(e->payer)));
    stmt_int(&q, e->amount_cents);
    stmt_int(&q, e->at_ms);
    return stmt_run(&q) == 1 ? LEDGER_OK : LEDGER_FAULT;
}

enum ledger_answer ledger_move(struct tx *tx, int64_t tenant_id, const struct ledger_entry *e, int64_t paid_cents)
{
    struct ledger_state state;
    struct ledger_sum sum = {0};
    bool bounded = e->payer == PAYER_ESCROW && e->step == LEDGER_RESERVE;
    if (ledger_get(tx, tenant_id, e->key, &state) < 0 ||
        (bounded && ledger_of_order(tx, tenant_id, e->order_id, e->sub_id, &sum) < 0))
        return LEDGER_FAULT;
    int64_t left = bounded ? paid_cents - ledger_taken(&sum) : INT64_MAX;
    enum ledger_answer answer = ledger_judge(&state, e, left);
    return answer == LEDGER_OK ? add_entry(tx, tenant_id, e) : answer;
}
