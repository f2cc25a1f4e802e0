/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of after-sale cases.
 */
#include "trade/case_store.h"

#include "base/log.h"

#define KIND "aftersale"

#define CASES                                                                                                      \
    "SELECT tenant_id, case_id, order_id, sub_id, buyer, type, state, goods, reason, quantity, claimed_cents,"     \
    " reserved_cents, refunded_cents, payments, pause, due_ms, remaining_ms, evidence_asked, reopened, order_ms,"  \
    " opened_ms, sent_ms, changed_ms, closed_ms, waybill, version FROM aftersale"

static bool read_names(struct stmt *q, struct trade_case *c)
{
    return case_type_from_name(stmt_get_text(q, 5), &c->type) && case_state_from_name(stmt_get_text(q, 6), &c->state) &&
           case_goods_from_name(stmt_get_text(q, 7), &c->goods) && case_pause_from_name(stmt_get_text(q, 14), &c->pause);
}

/** Reads the row in hand; false when a name in it is none. */
static bool read_case(struct stmt *q, struct arena *a, struct case_row_stored *ret)
{
    *ret = (struct case_row_stored){
        .tenant_id = stmt_get_int(q, 0),
        .id = stmt_get_int(q, 1),
        .order_id = stmt_copy_text(q, 2, a),
        .sub_id = stmt_copy_text(q, 3, a),
        .buyer = stmt_copy_text(q, 4, a),
        .waybill = stmt_copy_text(q, 24, a),
        .version = stmt_get_int(q, 25),
        .c = {
            .reason = stmt_copy_text(q, 8, a),
            .quantity = stmt_get_int(q, 9),
            .claimed_cents = stmt_get_int(q, 10),
            .reserved_cents = stmt_get_int(q, 11),
            .refunded_cents = stmt_get_int(q, 12),
            .payments = stmt_get_int(q, 13),
            .due_ms = stmt_get_int(q, 15),
            .remaining_ms = stmt_get_int(q, 16),
            .evidence_asked = stmt_get_int(q, 17),
            .reopened = stmt_get_int(q, 18),
            .order_ms = stmt_get_int(q, 19),
            .opened_ms = stmt_get_int(q, 20),
            .sent_ms = stmt_get_int(q, 21),
            .changed_ms = stmt_get_int(q, 22),
            .closed_ms = stmt_get_int(q, 23),
        },
    };
    if (read_names(q, &ret->c))
        return true;
    log_event(LOG_ERROR, "a stored case names what there is not", "tenant=%lld case=%lld", (long long)ret->tenant_id,
              (long long)ret->id);
    return false;
}

int case_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t case_id, struct case_row_stored *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, CASES " WHERE tenant_id = $1 AND case_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, case_id);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return rc;
    return read_case(&q, a, ret) ? 1 : STORE_FAULT;
}

static int read_cases(struct stmt *q, struct arena *a, struct case_row_stored **ret, size_t *ret_n)
{
    ARRAY(struct case_row_stored) list = {0};
    int rc;
    while ((rc = stmt_next(q)) > 0)
        if (!read_case(q, a, array_push(a, &list)))
            return STORE_FAULT;
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}

int case_list_of_order(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id,
                       struct case_row_stored **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, CASES " WHERE tenant_id = $1 AND order_id = $2 ORDER BY case_id");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    return read_cases(&q, a, ret, ret_n);
}

int case_list_of_buyer(struct tx *tx, struct arena *a, int64_t tenant_id, struct str buyer, int limit,
                       struct case_row_stored **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, CASES " WHERE tenant_id = $1 AND buyer = $2 ORDER BY case_id DESC LIMIT $3");
    stmt_int(&q, tenant_id);
    stmt_text(&q, buyer);
    stmt_int(&q, limit);
    return read_cases(&q, a, ret, ret_n);
}

int case_newest_open(struct tx *tx, struct arena *a, int64_t tenant_id, int limit, struct case_row_stored **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, CASES " WHERE tenant_id = $1 AND due_ms <> 0 ORDER BY case_id DESC LIMIT $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, limit);
    return read_cases(&q, a, ret, ret_n);
}

int case_events(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t case_id, struct case_event_stored **ret,
                size_t *ret_n)
{
    ARRAY(struct case_event_stored) list = {0};
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT seq, at_ms, event, actor, actor_id, reason, from_state, to_state, pause, due_ms, money,"
                      " amount_cents, tell, input, rules FROM aftersale_event WHERE tenant_id = $1 AND case_id = $2"
                      " ORDER BY seq");
    stmt_int(&q, tenant_id);
    stmt_int(&q, case_id);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        *array_push(a, &list) = (struct case_event_stored){
            .seq = stmt_get_int(&q, 0),
            .at_ms = stmt_get_int(&q, 1),
            .event = stmt_copy_text(&q, 2, a),
            .actor = stmt_copy_text(&q, 3, a),
            .actor_id = stmt_get_int(&q, 4),
            .reason = stmt_copy_text(&q, 5, a),
            .from = stmt_copy_text(&q, 6, a),
            .to = stmt_copy_text(&q, 7, a),
            .pause = stmt_copy_text(&q, 8, a),
            .due_ms = stmt_get_int(&q, 9),
            .money = stmt_copy_text(&q, 10, a),
            .amount_cents = stmt_get_int(&q, 11),
            .tell = stmt_copy_text(&q, 12, a),
            .input = stmt_copy_text(&q, 13, a),
            .rules = stmt_copy_text(&q, 14, a),
        };
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}

/** What a case counts for: @p q holds claimed, reserved and refunded cents, goods, quantity and its first instant. */
static void add_count(struct stmt *q, enum case_type t, bool open, enum case_type type, struct case_counts *n)
{
    int64_t claimed = stmt_get_int(q, 2), reserved = stmt_get_int(q, 3), refunded = stmt_get_int(q, 4), at_ms = stmt_get_int(q, 7);
    bool aftersale = case_is_aftersale(t), counts = open || refunded > 0;
    enum case_goods goods = GOODS_RECEIVED;
    (void)case_goods_from_name(stmt_get_text(q, 5), &goods); /* one of ours */
    n->total_aftersale += aftersale;
    n->open_aftersale += aftersale && open;
    n->open_of_type += t == type && open;
    n->paid_of_type += t == type && refunded > 0;
    if (open && case_payer(t) == PAYER_ESCROW && reserved == 0)
        n->claimed_cents += claimed;
    if (counts && (t == CASE_RETURN_REFUND || (t == CASE_REFUND_ONLY && goods != GOODS_RECEIVED)))
        n->pieces_gone += stmt_get_int(q, 6);
    if (t == CASE_PRICE_PROTECT)
        n->dropped_cents += open ? claimed : refunded;
    bool called_off = counts && t == CASE_REFUND_ONLY && goods == GOODS_NOT_SHIPPED;
    if (called_off && (n->called_off_ms == 0 || at_ms < n->called_off_ms))
        n->called_off_ms = at_ms;
}

int case_count(struct tx *tx, int64_t tenant_id, struct str order_id, struct str sub_id, enum case_type type,
               int64_t but_id, struct case_counts *ret)
{
    struct case_counts n = {0};
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT type, due_ms <> 0, claimed_cents, reserved_cents, refunded_cents, goods, quantity, opened_ms"
                      " FROM aftersale WHERE tenant_id = $1 AND order_id = $2 AND sub_id = $3 AND case_id <> $4");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    stmt_text(&q, sub_id);
    stmt_int(&q, but_id);
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        enum case_type t;
        if (case_type_from_name(stmt_get_text(&q, 0), &t))
            add_count(&q, t, stmt_get_int(&q, 1) != 0, type, &n);
    }
    if (rc < 0)
        return rc;
    *ret = n;
    return STORE_OK;
}

int case_insert(struct tx *tx, const struct case_row_stored *row)
{
    const struct trade_case *c = &row->c;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO aftersale (tenant_id, case_id, order_id, sub_id, buyer, type, state, goods, reason,"
                      " quantity, claimed_cents, reserved_cents, refunded_cents, payments, pause, due_ms, remaining_ms,"
                      " evidence_asked, reopened, order_ms, opened_ms, sent_ms, changed_ms, closed_ms, waybill, version)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,"
                      " $20, $21, $22, $23, $24, $25, $26)");
    stmt_int(&q, row->tenant_id);
    stmt_int(&q, row->id);
    stmt_text(&q, row->order_id);
    stmt_text(&q, row->sub_id);
    stmt_text(&q, row->buyer);
    stmt_text(&q, str_from(case_type_name(c->type)));
    stmt_text(&q, str_from(case_state_name(c->state)));
    stmt_text(&q, str_from(case_goods_name(c->goods)));
    stmt_text(&q, c->reason);
    stmt_int(&q, c->quantity);
    stmt_int(&q, c->claimed_cents);
    stmt_int(&q, c->reserved_cents);
    stmt_int(&q, c->refunded_cents);
    stmt_int(&q, c->payments);
    stmt_text(&q, str_from(case_pause_name(c->pause)));
    stmt_int(&q, c->due_ms);
    stmt_int(&q, c->remaining_ms);
    stmt_int(&q, c->evidence_asked);
    stmt_int(&q, c->reopened);
    stmt_int(&q, c->order_ms);
    stmt_int(&q, c->opened_ms);
    stmt_int(&q, c->sent_ms);
    stmt_int(&q, c->changed_ms);
    stmt_int(&q, c->closed_ms);
    stmt_text(&q, row->waybill);
    stmt_int(&q, row->version);
    return stmt_run(&q) == 1 ? STORE_OK : STORE_FAULT;
}

int case_update(struct tx *tx, const struct case_row_stored *row)
{
    const struct trade_case *c = &row->c;
    /* The version guard makes two actors at once safe: the second one changes no row and is told to look again. */
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE aftersale SET type = $1, state = $2, goods = $3, claimed_cents = $4, reserved_cents = $5,"
                      " refunded_cents = $6, payments = $7, pause = $8, due_ms = $9, remaining_ms = $10,"
                      " evidence_asked = $11, reopened = $12, sent_ms = $13, changed_ms = $14, closed_ms = $15,"
                      " waybill = $16, version = $17 WHERE tenant_id = $18 AND case_id = $19 AND version = $20");
    stmt_text(&q, str_from(case_type_name(c->type)));
    stmt_text(&q, str_from(case_state_name(c->state)));
    stmt_text(&q, str_from(case_goods_name(c->goods)));
    stmt_int(&q, c->claimed_cents);
    stmt_int(&q, c->reserved_cents);
    stmt_int(&q, c->refunded_cents);
    stmt_int(&q, c->payments);
    stmt_text(&q, str_from(case_pause_name(c->pause)));
    stmt_int(&q, c->due_ms);
    stmt_int(&q, c->remaining_ms);
    stmt_int(&q, c->evidence_asked);
    stmt_int(&q, c->reopened);
    stmt_int(&q, c->sent_ms);
    stmt_int(&q, c->changed_ms);
    stmt_int(&q, c->closed_ms);
    stmt_text(&q, row->waybill);
    stmt_int(&q, row->version);
    stmt_int(&q, row->tenant_id);
    stmt_int(&q, row->id);
    stmt_int(&q, row->version - 1);
    int64_t changed = stmt_run(&q);
    return changed < 0 ? STORE_FAULT : (int)changed;
}

int case_event_insert(struct tx *tx, int64_t tenant_id, int64_t case_id, const struct case_event_stored *e)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO aftersale_event (tenant_id, case_id, seq, at_ms, event, actor, actor_id, reason,"
                      " from_state, to_state, pause, due_ms, money, amount_cents, tell, input, rules)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
    stmt_int(&q, tenant_id);
    stmt_int(&q, case_id);
    stmt_int(&q, e->seq);
    stmt_int(&q, e->at_ms);
    stmt_text(&q, e->event);
    stmt_text(&q, e->actor);
    stmt_int(&q, e->actor_id);
    stmt_text(&q, e->reason);
    stmt_text(&q, e->from);
    stmt_text(&q, e->to);
    stmt_text(&q, e->pause);
    stmt_int(&q, e->due_ms);
    stmt_text(&q, e->money);
    stmt_int(&q, e->amount_cents);
    stmt_text(&q, e->tell);
    stmt_text(&q, e->input);
    stmt_text(&q, e->rules);
    return stmt_run(&q) == 1 ? STORE_OK : STORE_FAULT;
}

static int drop_timer(struct tx *tx, int64_t tenant_id, int64_t case_id)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "DELETE FROM timer WHERE tenant_id = $1 AND kind = '" KIND "' AND subject_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, case_id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int case_timer_set(struct tx *tx, int64_t tenant_id, int64_t case_id, int64_t timer_id, int64_t due_ms)
{
    if (due_ms == 0)
        return drop_timer(tx, tenant_id, case_id);
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO timer (tenant_id, timer_id, kind, due_ms, subject_id, data)"
                      " VALUES ($1, $2, '" KIND "', $3, $4, '')"
                      " ON CONFLICT (tenant_id, kind, subject_id) DO UPDATE SET due_ms = excluded.due_ms, data = ''");
    stmt_int(&q, tenant_id);
    stmt_int(&q, timer_id);
    stmt_int(&q, due_ms);
    stmt_int(&q, case_id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int case_timer_put_off(struct tx *tx, int64_t tenant_id, int64_t case_id, int64_t until_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE timer SET due_ms = $1, data = 'put_off' WHERE tenant_id = $2 AND kind = '" KIND "'"
                      " AND subject_id = $3");
    stmt_int(&q, until_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, case_id);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int case_timers_due(struct tx *tx, struct arena *a, int64_t now_ms, int limit, struct case_timer **ret, size_t *ret_n)
{
    ARRAY(struct case_timer) list = {0};
    /* Across tenants: this is the clock of the whole installation. */
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT tenant_id, subject_id, due_ms FROM timer WHERE kind = '" KIND "' AND due_ms <= $1"
                      " ORDER BY due_ms LIMIT $2");
    stmt_int(&q, now_ms);
    stmt_int(&q, limit);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        *array_push(a, &list) =
            (struct case_timer){stmt_get_int(&q, 0), stmt_get_int(&q, 1), stmt_get_int(&q, 2)};
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}
