/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of the log of actions.
 */
#include "trade/action_store.h"

#include "base/log.h"
#include "base/seal.h"

#define SEALED "action.request"
#define COLUMNS                                                                                                    \
    "SELECT tenant_id, action_id, action_key, action, actor, person_id, buyer, conversation_id, order_id, sub_id,"   \
    " case_id, work_order_id, amount_cents, paid_cents, extra_ms, status, why, request, result,"                     \
    " COALESCE((SELECT r.rules FROM action_rules r WHERE r.tenant_id = action_log.tenant_id"                         \
    " AND r.digest = substr(action_log.rules, 12, 32)), rules), second_id, at_ms, settled_ms FROM action_log"

static const char *const statuses[ACTION_STATUSES] = {"done", "pending", "waiting", "refused", "rejected"};

const char *action_status_name(enum action_status s)
{
    return statuses[s];
}

bool action_status_from_name(struct str name, enum action_status *ret)
{
    for (size_t i = 0; i < ACTION_STATUSES; i++) {
        if (!str_eq_c(name, statuses[i]))
            continue;
        *ret = (enum action_status)i;
        return true;
    }
    return false;
}

static int fault(int64_t tenant_id, int64_t id, const char *what)
{
    log_event(LOG_ERROR, what, "tenant=%lld action=%lld", (long long)tenant_id, (long long)id);
    return STORE_FAULT;
}

static int read_row(struct stmt *q, struct arena *a, struct action_logged *ret)
{
    struct action_logged l = {
        .tenant_id = stmt_get_int(q, 0),
        .id = stmt_get_int(q, 1),
        .key = stmt_copy_text(q, 2, a),
        .person_id = stmt_get_int(q, 5),
        .buyer = stmt_copy_text(q, 6, a),
        .conversation_id = stmt_get_int(q, 7),
        .order_id = stmt_copy_text(q, 8, a),
        .sub_id = stmt_copy_text(q, 9, a),
        .case_id = stmt_get_int(q, 10),
        .work_order_id = stmt_get_int(q, 11),
        .amount_cents = stmt_get_int(q, 12),
        .paid_cents = stmt_get_int(q, 13),
        .extra_ms = stmt_get_int(q, 14),
        .result = stmt_copy_text(q, 18, a),
        .rules = stmt_copy_text(q, 19, a),
        .second_id = stmt_get_int(q, 20),
        .at_ms = stmt_get_int(q, 21),
        .settled_ms = stmt_get_int(q, 22),
    };
    if (!action_from_name(stmt_get_text(q, 3), &l.action) || !case_actor_from_name(stmt_get_text(q, 4), &l.actor) ||
        !action_status_from_name(stmt_get_text(q, 15), &l.status) || !action_why_from_name(stmt_get_text(q, 16), &l.why))
        return fault(l.tenant_id, l.id, "a logged action has a name that nobody knows");
    if (!seal_open(a, l.tenant_id, SEALED, stmt_get_blob(q, 17), &l.request))
        return fault(l.tenant_id, l.id, "a logged action does not open: is this the data folder's own master.key?");
    *ret = l;
    return STORE_OK;
}

static int read_one(struct stmt *q, struct arena *a, struct action_logged *ret)
{
    int rc = stmt_next(q);
    if (rc <= 0)
        return rc;
    return read_row(q, a, ret) < 0 ? STORE_FAULT : 1;
}

static int read_list(struct stmt *q, struct arena *a, struct action_logged **ret, size_t *ret_n)
{
    ARRAY(struct action_logged) list = {0};
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

int action_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct action_logged *ret)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, COLUMNS " WHERE tenant_id = $1 AND action_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return read_one(&q, a, ret);
}

int action_of_key(struct tx *tx, struct arena *a, int64_t tenant_id, struct str key, struct action_logged *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, COLUMNS " WHERE tenant_id = $1 AND action_key = $2 AND status NOT IN ('refused', 'rejected')");
    stmt_int(&q, tenant_id);
    stmt_text(&q, key);
    return read_one(&q, a, ret);
}

int action_list(struct tx *tx, struct arena *a, int64_t tenant_id, enum action_status status, int64_t before_id, int limit,
                struct action_logged **ret, size_t *ret_n)
{
    /* what is done has no index of its own: nearly all is */
    _cleanup_(stmt_close) struct stmt q =
        status == ACTION_IS_DONE
            ? stmt_open(tx, COLUMNS " WHERE tenant_id = $1 AND status = $2 AND action_id < $3 ORDER BY action_id DESC LIMIT $4")
            : stmt_open(tx, COLUMNS " WHERE tenant_id = $1 AND status = $2 AND status <> 'done' AND action_id < $3"
                                    " ORDER BY action_id DESC LIMIT $4");
    stmt_int(&q, tenant_id);
    stmt_text(&q, str_from(action_status_name(status)));
    stmt_int(&q, before_id > 0 ? before_id : INT64_MAX);
    stmt_int(&q, limit);
    return read_list(&q, a, ret, ret_n);
}

int action_list_of_order(struct tx *tx, struct arena *a, int64_t tenant_id, struct str order_id, int limit,
                         struct action_logged **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, COLUMNS " WHERE tenant_id = $1 AND order_id = $2 ORDER BY action_id DESC LIMIT $3");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    stmt_int(&q, limit);
    return read_list(&q, a, ret, ret_n);
}

/* ---- counts --------------------------------------------------------------------------------------------------------- */

static int read_number(struct stmt *q, int64_t *ret)
{
    int rc = stmt_next(q);
    if (rc > 0)
        *ret = stmt_get_int(q, 0);
    return rc < 0 ? STORE_FAULT : STORE_OK;
}

static int count_order(struct tx *tx, int64_t tenant_id, enum action action, struct str order_id, int64_t *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT count(*) FROM action_log WHERE tenant_id = $1 AND order_id = $2 AND action = $3"
                      " AND status IN ('done', 'pending')");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    stmt_text(&q, str_from(action_name(action)));
    return read_number(&q, ret);
}

static int count_buyer(struct tx *tx, int64_t tenant_id, enum action action, struct str buyer, int64_t day_ms, int64_t *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT count(*) FROM action_log WHERE tenant_id = $1 AND buyer = $2 AND at_ms >= $3 AND action = $4"
                      " AND status IN ('done', 'pending')");
    stmt_int(&q, tenant_id);
    stmt_text(&q, buyer);
    stmt_int(&q, day_ms);
    stmt_text(&q, str_from(action_name(action)));
    return read_number(&q, ret);
}

static int count_shop(struct tx *tx, int64_t tenant_id, enum action action, int64_t day_ms, int64_t *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT count(*) FROM action_log WHERE tenant_id = $1 AND action = $2 AND at_ms >= $3"
                      " AND status IN ('done', 'pending') AND actor IN ('buyer', 'bot')");
    stmt_int(&q, tenant_id);
    stmt_text(&q, str_from(action_name(action)));
    stmt_int(&q, day_ms);
    return read_number(&q, ret);
}

int action_count(struct tx *tx, int64_t tenant_id, enum action action, struct str order_id, struct str buyer,
                 int64_t day_ms, const struct action_counts *most, struct action_counts *ret)
{
    struct action_counts n = {0};
    if ((most->order < INT64_MAX && count_order(tx, tenant_id, action, order_id, &n.order) < 0) ||
        (most->buyer_day < INT64_MAX && count_buyer(tx, tenant_id, action, buyer, day_ms, &n.buyer_day) < 0) ||
        (most->shop_day < INT64_MAX && count_shop(tx, tenant_id, action, day_ms, &n.shop_day) < 0))
        return STORE_FAULT;
    *ret = n;
    return STORE_OK;
}

int action_paid(struct tx *tx, int64_t tenant_id, struct str buyer, int64_t day_ms, int64_t *ret_buyer, int64_t *ret_shop)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT COALESCE(sum(CASE WHEN buyer = $1 THEN paid_cents ELSE 0 END), 0), COALESCE(sum(paid_cents), 0)"
                      " FROM action_log WHERE tenant_id = $2 AND status = 'done' AND action IN ('case.open', 'order.cancel',"
                      " 'price.protect') AND at_ms >= $3");
    stmt_text(&q, buyer);
    stmt_int(&q, tenant_id);
    stmt_int(&q, day_ms);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return STORE_FAULT;
    *ret_buyer = stmt_get_int(&q, 0);
    *ret_shop = stmt_get_int(&q, 1);
    return STORE_OK;
}

int action_given(struct tx *tx, int64_t tenant_id, enum action action, int64_t person_id, int64_t day_ms, int64_t but_id,
                 int64_t *ret_cents)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT COALESCE(sum(amount_cents), 0) FROM action_log WHERE tenant_id = $1 AND action = $2"
                      " AND at_ms >= $3 AND person_id = $4 AND action_id <> $5 AND status IN ('done', 'pending')");
    stmt_int(&q, tenant_id);
    stmt_text(&q, str_from(action_name(action)));
    stmt_int(&q, day_ms);
    stmt_int(&q, person_id);
    stmt_int(&q, but_id);
    return read_number(&q, ret_cents);
}

int action_paid_of_order(struct tx *tx, int64_t tenant_id, struct str order_id, int64_t *ret_cents)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT COALESCE(sum(paid_cents), 0) FROM action_log WHERE tenant_id = $1 AND order_id = $2"
                      " AND status = 'done'");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    return read_number(&q, ret_cents);
}

int action_sums(struct tx *tx, int64_t tenant_id, enum action action, struct str order_id, int64_t but_id,
                int64_t *ret_count, int64_t *ret_cents, int64_t *ret_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT count(*), COALESCE(sum(amount_cents), 0), COALESCE(sum(extra_ms), 0) FROM action_log"
                      " WHERE tenant_id = $1 AND order_id = $2 AND action = $3 AND status IN ('done', 'pending')"
                      " AND action_id <> $4");
    stmt_int(&q, tenant_id);
    stmt_text(&q, order_id);
    stmt_text(&q, str_from(action_name(action)));
    stmt_int(&q, but_id);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return STORE_FAULT;
    *ret_count = stmt_get_int(&q, 0);
    *ret_cents = stmt_get_int(&q, 1);
    *ret_ms = stmt_get_int(&q, 2);
    return STORE_OK;
}

int action_buyer_record(struct tx *tx, int64_t tenant_id, struct str buyer, int64_t *ret_finished, int64_t *ret_refused)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT (SELECT count(*) FROM shop_order WHERE tenant_id = $1 AND buyer = $2 AND status = 'finished'),"
                      " (SELECT count(*) FROM aftersale WHERE tenant_id = $3 AND buyer = $4"
                      " AND state IN ('refused', 'refused_returned', 'rejected'))");
    stmt_int(&q, tenant_id);
    stmt_text(&q, buyer);
    stmt_int(&q, tenant_id);
    stmt_text(&q, buyer);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return STORE_FAULT;
    *ret_finished = stmt_get_int(&q, 0);
    *ret_refused = stmt_get_int(&q, 1);
    return STORE_OK;
}

/* ---- writing -------------------------------------------------------------------------------------------------------- */

/** Stores the rules, once, and gives what the log says of them: {"digest":"…"}, where COLUMNS finds it by its place. */
static int put_rules(struct tx *tx, struct arena *a, const struct action_logged *l, struct str *ret)
{
    *ret = l->rules;
    if (l->rules_digest.n == 0)
        return STORE_OK;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO action_rules (tenant_id, digest, rules) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
    stmt_int(&q, l->tenant_id);
    stmt_text(&q, l->rules_digest);
    stmt_text(&q, l->rules);
    *ret = str_fmt(a, "{\"digest\":\"%.*s\"}", STR_ARG(l->rules_digest));
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int action_insert(struct tx *tx, struct arena *a, const struct action_logged *l)
{
    struct str rules;
    if (put_rules(tx, a, l, &rules) < 0)
        return STORE_FAULT;
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO action_log (tenant_id, action_id, action_key, action, actor, person_id, buyer, conversation_id,"
            " order_id, sub_id, case_id, work_order_id, amount_cents, paid_cents, extra_ms, status, why, request, result,"
            " rules, second_id, at_ms, settled_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
            " $16, $17, $18, $19, $20, $21, $22, $23)");
    stmt_int(&q, l->tenant_id);
    stmt_int(&q, l->id);
    stmt_text(&q, l->key);
    stmt_text(&q, str_from(action_name(l->action)));
    stmt_text(&q, str_from(case_actor_name(l->actor)));
    stmt_int(&q, l->person_id);
    stmt_text(&q, l->buyer);
    stmt_int(&q, l->conversation_id);
    stmt_text(&q, l->order_id);
    stmt_text(&q, l->sub_id);
    stmt_int(&q, l->case_id);
    stmt_int(&q, l->work_order_id);
    stmt_int(&q, l->amount_cents);
    stmt_int(&q, l->paid_cents);
    stmt_int(&q, l->extra_ms);
    stmt_text(&q, str_from(action_status_name(l->status)));
    stmt_text(&q, str_from(action_why_name(l->why)));
    stmt_blob(&q, seal(a, l->tenant_id, SEALED, l->request));
    stmt_text(&q, l->result);
    stmt_text(&q, rules);
    stmt_int(&q, l->second_id);
    stmt_int(&q, l->at_ms);
    stmt_int(&q, l->settled_ms);
    int64_t n = stmt_run(&q);
    return n < 0 ? (int)n : STORE_OK;
}

int action_settle_row(struct tx *tx, struct arena *a, const struct action_logged *l, enum action_status from)
{
    struct str rules;
    if (put_rules(tx, a, l, &rules) < 0)
        return STORE_FAULT;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE action_log SET status = $1, why = $2, case_id = $3, work_order_id = $4, amount_cents = $5,"
                      " paid_cents = $6, extra_ms = $7, result = $8, rules = $9, second_id = $10, settled_ms = $11"
                      " WHERE tenant_id = $12 AND action_id = $13 AND status = $14");
    stmt_text(&q, str_from(action_status_name(l->status)));
    stmt_text(&q, str_from(action_why_name(l->why)));
    stmt_int(&q, l->case_id);
    stmt_int(&q, l->work_order_id);
    stmt_int(&q, l->amount_cents);
    stmt_int(&q, l->paid_cents);
    stmt_int(&q, l->extra_ms);
    stmt_text(&q, l->result);
    stmt_text(&q, rules);
    stmt_int(&q, l->second_id);
    stmt_int(&q, l->settled_ms);
    stmt_int(&q, l->tenant_id);
    stmt_int(&q, l->id);
    stmt_text(&q, str_from(action_status_name(from)));
    int64_t n = stmt_run(&q);
    return n < 0 ? STORE_FAULT : n > 0;
}

int case_evidence_insert(struct tx *tx, int64_t tenant_id, int64_t case_id, int64_t upload_id, enum case_actor actor,
                         int64_t at_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO aftersale_evidence (tenant_id, case_id, upload_id, actor, at_ms)"
                      " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, case_id, upload_id) DO NOTHING");
    stmt_int(&q, tenant_id);
    stmt_int(&q, case_id);
    stmt_int(&q, upload_id);
    stmt_text(&q, str_from(case_actor_name(actor)));
    stmt_int(&q, at_ms);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int case_evidence_list(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t case_id, int64_t **ret, size_t *ret_n)
{
    ARRAY(int64_t) list = {0};
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT upload_id FROM aftersale_evidence WHERE tenant_id = $1 AND case_id = $2 ORDER BY upload_id");
    stmt_int(&q, tenant_id);
    stmt_int(&q, case_id);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        *array_push(a, &list) = stmt_get_int(&q, 0);
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}
