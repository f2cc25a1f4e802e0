/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of `xiaoer show`. The one list that crosses tenants: it runs on the machine of the data, for who owns it.
 */
#include "app/show_store.h"

int show_shops(struct tx *tx, struct arena *a, struct show_shop **ret, size_t *ret_n)
{
    ARRAY(struct show_shop) list = {0};
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT tenant_id, shop_id FROM shop ORDER BY shop_id");
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        struct show_shop *s = array_push(a, &list);
        s->tenant_id = stmt_get_int(&q, 0);
        s->shop_id = stmt_copy_text(&q, 1, a);
    }
    if (rc < 0)
        return rc;
    *ret = list.v;
    *ret_n = list.n;
    return STORE_OK;
}
