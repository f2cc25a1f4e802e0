/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of a shop's own versions of understanding.
 */
#include "bot/release_store.h"

#include "base/id.h"
#include "base/log.h"

#define COLUMNS                                                                                                        \
    "number, language, state, share, parent, previous, source, own_rows, all_rows, classes, bytes, took_ms, accuracy," \
    " failure, person_id, created_ms, changed_ms"

/** Reads the row in hand; false when its state is not known. */
static bool read_release(struct stmt *q, struct arena *a, struct release *ret)
{
    *ret = (struct release){
        .number = stmt_get_int(q, 0),
        .language = stmt_copy_text(q, 1, a),
        .share = stmt_get_int(q, 3),
        .parent = stmt_get_int(q, 4),
        .previous = stmt_get_int(q, 5),
        .source = stmt_copy_text(q, 6, a),
        .own_rows = stmt_get_int(q, 7),
        .all_rows = stmt_get_int(q, 8),
        .classes = stmt_get_int(q, 9),
        .bytes = stmt_get_int(q, 10),
        .took_ms = stmt_get_int(q, 11),
        .accuracy = (double)stmt_get_int(q, 12) / 1000,
        .failure = stmt_copy_text(q, 13, a),
        .person_id = stmt_get_int(q, 14),
        .created_ms = stmt_get_int(q, 15),
        .changed_ms = stmt_get_int(q, 16),
    };
    if (release_state_from_name(stmt_get_text(q, 2), &ret->state))
        return true;
    log_event(LOG_ERROR, "understanding unreadable", "number=%lld", (long long)ret->number);
    return false;
}

int release_list(struct tx *tx, struct arena *a, int64_t tenant_id, struct release **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM nlu_model WHERE tenant_id = $1 ORDER BY number DESC");
    ARRAY(struct release) list = {0};
    stmt_int(&q, tenant_id);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        if (!read_release(&q, a, array_push(a, &list)))
            return STORE_FAULT;
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int release_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t number, struct release *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS ", own FROM nlu_model WHERE tenant_id = $1 AND number = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, number);
    int rc = stmt_next(&q);
    if (rc <= 0)
        return rc;
    if (!read_release(&q, a, ret))
        return STORE_FAULT;
    ret->own = stmt_copy_text(&q, 17, a);
    return 1;
}

int release_add(struct tx *tx, int64_t tenant_id, const struct release *r)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "INSERT INTO nlu_model (tenant_id, number, language, parent, person_id, created_ms, changed_ms,"
                      " own, state, share, previous, source, own_rows, all_rows, classes, bytes, took_ms, accuracy,"
                      " failure) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'training', 0, 0, '', 0, 0, 0, 0, 0, 0, '')");
    stmt_int(&q, tenant_id);
    stmt_int(&q, r->number);
    stmt_text(&q, r->language);
    stmt_int(&q, r->parent);
    stmt_int(&q, r->person_id);
    stmt_int(&q, r->created_ms);
    stmt_int(&q, r->changed_ms);
    stmt_text(&q, r->own);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int release_trained(struct tx *tx, int64_t tenant_id, const struct release *r)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE nlu_model SET state = $1, source = $2, own_rows = $3, all_rows = $4, classes = $5,"
                      " bytes = $6, took_ms = $7, accuracy = $8, failure = $9, changed_ms = $10"
                      " WHERE tenant_id = $11 AND number = $12");
    stmt_text(&q, str_from(release_state_name(r->state)));
    stmt_text(&q, r->source);
    stmt_int(&q, r->own_rows);
    stmt_int(&q, r->all_rows);
    stmt_int(&q, r->classes);
    stmt_int(&q, r->bytes);
    stmt_int(&q, r->took_ms);
    stmt_int(&q, (int64_t)(r->accuracy * 1000 + 0.5));
    stmt_text(&q, r->failure);
    stmt_int(&q, r->changed_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, r->number);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int release_place(struct tx *tx, int64_t tenant_id, const struct release_move *m, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE nlu_model SET state = $1, share = $2, previous = $3, changed_ms = $4"
                      " WHERE tenant_id = $5 AND number = $6");
    stmt_text(&q, str_from(release_state_name(m->state)));
    stmt_int(&q, m->share);
    stmt_int(&q, m->previous);
    stmt_int(&q, now_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, m->number);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int release_interrupted(struct tx *tx, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE nlu_model SET state = 'failed', failure = 'interrupted', changed_ms = $1"
                      " WHERE tenant_id > 0 AND state = 'training'");
    stmt_int(&q, now_ms);
    return stmt_run(&q) < 0 ? STORE_FAULT : STORE_OK;
}

int release_in_use(struct tx *tx, struct arena *a, struct release_key **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT tenant_id, number, language FROM nlu_model WHERE tenant_id > 0 AND state IN ('full', 'grey')");
    ARRAY(struct release_key) list = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        *array_push(a, &list) =
            (struct release_key){stmt_get_int(&q, 0), stmt_get_int(&q, 1), stmt_copy_text(&q, 2, a)};
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int release_texts(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t since_ms, int limit, struct str **ret,
                  size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT text FROM message WHERE tenant_id = $1 AND conversation_id >= $2"
                      " AND author_kind = 'buyer' AND kind = 'text' ORDER BY conversation_id DESC, seq DESC LIMIT $3");
    ARRAY(struct str) list = {0};
    stmt_int(&q, tenant_id);
    stmt_int(&q, id_new(since_ms)); /* ids rise with time */
    stmt_int(&q, limit);
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        *array_push(a, &list) = stmt_copy_text(&q, 0, a);
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}
