/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has ordered at a demo shop. The name stands in the sealed address: it is opened here and nowhere kept.
 */
#include "app/demo_buyer_store.h"

#include "base/json.h"
#include "base/seal.h"

static struct str name_of(struct arena *a, int64_t tenant_id, struct str sealed, struct str otherwise)
{
    struct str plain;
    if (!seal_open(a, tenant_id, "order.address", sealed, &plain))
        return otherwise;
    _cleanup_(json_donep) json_t *address = json_read(plain, NULL);
    struct str name = json_str(address, "name");
    return name.n > 0 ? str_dup(a, name) : otherwise;
}

int demo_buyers(struct tx *tx, struct arena *a, int64_t tenant_id, struct demo_buyer **ret, size_t *ret_n)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT buyer, count(*), max(address) FROM shop_order WHERE tenant_id = $1"
                      " GROUP BY buyer ORDER BY buyer LIMIT 100");
    stmt_int(&q, tenant_id);
    ARRAY(struct demo_buyer) found = {0};
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        struct demo_buyer *b = array_push(a, &found);
        b->id = stmt_copy_text(&q, 0, a);
        b->orders = stmt_get_int(&q, 1);
        b->name = name_of(a, tenant_id, stmt_get_blob(&q, 2), b->id);
    }
    *ret = found.v;
    *ret_n = found.n;
    return rc < 0 ? STORE_FAULT : STORE_OK;
}
