/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of the list of open cases: their ids from the index of deadlines, then each as trade/ reads it.
 */
#include "desk/case_list_store.h"

int case_list_open(struct tx *tx, struct arena *a, int64_t tenant_id, const struct case_list_cursor *after, int limit,
                   struct case_row_stored **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT case_id FROM aftersale WHERE tenant_id = $1 AND due_ms > 0 AND (due_ms, case_id) > ($2, $3)"
                      " ORDER BY due_ms, case_id LIMIT $4");
    stmt_int(&q, tenant_id);
    stmt_int(&q, after->due_ms);
    stmt_int(&q, after->id);
    stmt_int(&q, limit);
    ARRAY(int64_t) ids = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0)
        *array_push(a, &ids) = stmt_get_int(&q, 0);
    *ret = arena_array(a, struct case_row_stored, ids.n);
    *ret_n = ids.n;
    for (size_t i = 0; i < ids.n && rc >= 0; i++)
        rc = case_get(tx, a, tenant_id, ids.v[i], &(*ret)[i]);
    return rc < 0 ? STORE_FAULT : STORE_OK;
}
