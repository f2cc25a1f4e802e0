/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of work orders.
 */
#include "trade/work_order_store.h"

#include "base/log.h"
#include "base/seal.h"

#define SEALED "work_order.text"
#define COLUMNS                                                                                                    \
    "SELECT tenant_id, work_order_id, day, number, team, kind, state, order_id, sub_id, case_id, buyer,"             \
    " conversation_id, text, answer, asked_by, taken_by, due_ms, created_ms, taken_ms, answered_ms, done_ms, version" \
    " FROM work_order"

int work_order_next_number(struct tx *tx, int64_t tenant_id, int64_t day, int64_t *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT COALESCE(max(number), 0) + 1 FROM work_order WHERE tenant_id = $1 AND day = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, day);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return STORE_FAULT;
    *ret = stmt_get_int(&q, 0);
    return STORE_OK;
}

static int open_text(struct stmt *q, int column, struct arena *a, int64_t tenant_id, struct str *ret)
{
    struct str sealed = stmt_get_blob(q, column);
    *ret = STR_NONE;
    if (sealed.n == 0 || seal_open(a, tenant_id, SEALED, sealed, ret))
        return STORE_OK;
    log_event(LOG_ERROR, "a work order's text does not open: is this the data folder's own master.key?", "tenant=%lld",
              (long long)tenant_id);
    return STORE_FAULT;
}

static int read_row(struct stmt *q, struct arena *a, struct work_order *ret)
{
    struct work_order w = {
        .tenant_id = stmt_get_int(q, 0),
        .id = stmt_get_int(q, 1),
        .day = stmt_get_int(q, 2),
        .number = stmt_get_int(q, 3),
        .kind = stmt_copy_text(q, 5, a),
        .order_id = stmt_copy_text(q, 7, a),
        .sub_id = stmt_copy_text(q, 8, a),
        .case_id = stmt_get_int(q, 9),
        .buyer = stmt_copy_text(q, 10, a),
        .conversation_id = stmt_get_int(q, 11),
        .asked_by = stmt_get_int(q, 14),
        .taken_by = stmt_get_int(q, 15),
        .due_ms = stmt_get_int(q, 16),
        .created_ms = stmt_get_int(q, 17),
        .taken_ms = stmt_get_int(q, 18),
        .answered_ms = stmt_get_int(q, 19),
        .done_ms = stmt_get_int(q, 20),
        .version = stmt_get_int(q, 21),
    };
    bool known = work_team_from_name(stmt_get_text(q, 4), &w.team) && work_state_from_name(stmt_get_text(q, 6), &w.state);
    if (!known)
        log_event(LOG_ERROR, "a work order has an unknown team or state", "tenant=%lld work_order=%lld",
                  (long long)w.tenant_id, (long long)w.id);
    if (!known || open_text(q, 12, a, w.tenant_id, &w.text) < 0 || open_text(q, 13, a, w.tenant_id, &w.answer) < 0)
        return STORE_FAULT;
    *ret = w;
    return STORE_OK;
}

static int read_one(struct stmt *q, struct arena *a, struct work_order *ret)
{
    int rc = stmt_next(q);
    if (rc <= 0)
        return rc;
    return read_row(q, a, ret) < 0 ? STORE_FAULT : 1;
}

static int read_list(struct stmt *q, struct arena *a, struct work_order **ret, size_t *ret_n)
{
    ARRAY(struct work_order) list = {0};
    int rc;
    while ((rc = stmt_next(q)) > 0)
        if (read_row(q, a, array_push(a, &list)) < 0)
            return STORE_FAULT;
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}

int work_order_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct work_order *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, COLUMNS " WHERE tenant_id = $1 AND work_order_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return read_one(&q, a, ret);
}

int work_order_open_of(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id, struct str kind,
                       struct work_order *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, COLUMNS " WHERE tenant_id = $1 AND order_id = $2 AND kind = $3 AND state <> 'done'"
                      " ORDER BY work_order_id DESC LIMIT 1");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    stmt_text(&q, kind);
    return read_one(&q, a, ret);
}

int work_order_last_of(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id, struct str kind,
                       struct work_order *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, COLUMNS " WHERE tenant_id = $1 AND order_id = $2 AND kind = $3 ORDER BY work_order_id DESC LIMIT 1");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    stmt_text(&q, kind);
    return read_one(&q, a, ret);
}

int work_order_list_of_order(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id,
                             struct work_order **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, COLUMNS " WHERE tenant_id = $1 AND order_id = $2 ORDER BY work_order_id DESC");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    return read_list(&q, a, ret, ret_n);
}

int work_order_list(struct tx *tx, struct arena *a, int64_t tenant_id, enum work_order_state state,
                    const struct work_cursor *after, int limit, struct work_order **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, COLUMNS " WHERE tenant_id = $1 AND state = $2 AND (due_ms > $3 OR (due_ms = $4 AND"
                      " work_order_id > $5)) ORDER BY due_ms, work_order_id LIMIT $6");
    stmt_int(&q, tenant_id);
    stmt_text(&q, str_from(work_state_name(state)));
    stmt_int(&q, after->due_ms);
    stmt_int(&q, after->due_ms);
    stmt_int(&q, after->id);
    stmt_int(&q, limit);
    return read_list(&q, a, ret, ret_n);
}

int work_order_events(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct work_event_stored **ret,
                      size_t *ret_n)
{
    ARRAY(struct work_event_stored) list = {0};
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT seq, at_ms, person_id, event, text FROM work_order_event WHERE tenant_id = $1"
                      " AND work_order_id = $2 ORDER BY seq");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        struct work_event_stored *e = array_push(a, &list);
        *e = (struct work_event_stored){.seq = stmt_get_int(&q, 0), .at_ms = stmt_get_int(&q, 1),
                                        .person_id = stmt_get_int(&q, 2), .event = stmt_copy_text(&q, 3, a)};
        if (open_text(&q, 4, a, tenant_id, &e->text) < 0)
            return STORE_FAULT;
    }
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}

static void bind_text(struct stmt *q, struct arena *a, int64_t tenant_id, struct str text)
{
    stmt_blob(q, text.n > 0 ? seal(a, tenant_id, SEALED, text) : STR(""));
}

int work_order_insert(struct tx *tx, struct arena *a, const struct work_order *w)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO work_order (tenant_id, work_order_id, day, number, team, kind, state, order_id, sub_id, case_id,"
            " buyer, conversation_id, text, answer, asked_by, taken_by, due_ms, created_ms, taken_ms, answered_ms, done_ms,"
            " version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"
            " $21, $22)");
    stmt_int(&q, w->tenant_id);
    stmt_int(&q, w->id);
    stmt_int(&q, w->day);
    stmt_int(&q, w->number);
    stmt_text(&q, str_from(work_team_name(w->team)));
    stmt_text(&q, w->kind);
    stmt_text(&q, str_from(work_state_name(w->state)));
    stmt_text(&q, w->order_id);
    stmt_text(&q, w->sub_id);
    stmt_int(&q, w->case_id);
    stmt_text(&q, w->buyer);
    stmt_int(&q, w->conversation_id);
    bind_text(&q, a, w->tenant_id, w->text);
    bind_text(&q, a, w->tenant_id, w->answer);
    stmt_int(&q, w->asked_by);
    stmt_int(&q, w->taken_by);
    stmt_int(&q, w->due_ms);
    stmt_int(&q, w->created_ms);
    stmt_int(&q, w->taken_ms);
    stmt_int(&q, w->answered_ms);
    stmt_int(&q, w->done_ms);
    stmt_int(&q, w->version);
    int64_t n = stmt_run(&q);
    return n < 0 ? (int)n : STORE_OK;
}

int work_order_update(struct tx *tx, struct arena *a, const struct work_order *w)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE work_order SET state = $1, answer = $2, taken_by = $3, taken_ms = $4, answered_ms = $5,"
                      " done_ms = $6, version = $7 WHERE tenant_id = $8 AND work_order_id = $9 AND version = $10");
    stmt_text(&q, str_from(work_state_name(w->state)));
    bind_text(&q, a, w->tenant_id, w->answer);
    stmt_int(&q, w->taken_by);
    stmt_int(&q, w->taken_ms);
    stmt_int(&q, w->answered_ms);
    stmt_int(&q, w->done_ms);
    stmt_int(&q, w->version);
    stmt_int(&q, w->tenant_id);
    stmt_int(&q, w->id);
    stmt_int(&q, w->version - 1);
    int64_t n = stmt_run(&q);
    return n < 0 ? STORE_FAULT : n > 0;
}

int work_order_event_insert(struct tx *tx, struct arena *a, const struct work_order *w, const struct work_event_stored *e)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO work_order_event (tenant_id, work_order_id, seq, at_ms, event, person_id, text)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7)");
    stmt_int(&q, w->tenant_id);
    stmt_int(&q, w->id);
    stmt_int(&q, e->seq);
    stmt_int(&q, e->at_ms);
    stmt_text(&q, e->event);
    stmt_int(&q, e->person_id);
    bind_text(&q, a, w->tenant_id, e->text);
    return stmt_run(&q) == 1 ? STORE_OK : STORE_FAULT;
}
