/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL of reaching contacts. Addresses are sealed here and opened here.
 */
#include "account/reach.h"

#include "base/log.h"
#include "base/seal.h"

static enum account_answer read_one(struct stmt *q, struct arena *a, int64_t tenant_id, struct contact_reach *ret)
{
    int rc = stmt_next(q);
    if (rc <= 0)
        return rc < 0 ? ACCOUNT_FAULT : ACCOUNT_NOT_FOUND;
    struct contact_reach r = {.mail_ok = stmt_get_int(q, 1) != 0, .sms_ok = stmt_get_int(q, 2) != 0};
    if (!stmt_is_null(q, 0) && !seal_open(a, tenant_id, "contact.email", stmt_get_blob(q, 0), &r.email)) {
        log_event(LOG_ERROR, "an e-mail address does not open", "tenant=%lld", (long long)tenant_id);
        return ACCOUNT_FAULT;
    }
    *ret = r;
    return ACCOUNT_OK;
}

enum account_answer reach_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t contact_id,
                              struct contact_reach *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT email, mail_ok, sms_ok FROM contact WHERE tenant_id = $1 AND contact_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, contact_id);
    return read_one(&q, a, tenant_id, ret);
}

enum account_answer reach_of_buyer(struct tx *tx, struct arena *a, int64_t tenant_id, struct str buyer,
                                   struct contact_reach *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT email, mail_ok, sms_ok FROM contact WHERE tenant_id = $1 AND buyer = $2");
    stmt_int(&q, tenant_id);
    stmt_text(&q, buyer);
    return read_one(&q, a, tenant_id, ret);
}

enum account_answer reach_set(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t contact_id,
                              const struct contact_reach *reach)
{
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "UPDATE contact SET email = $1, mail_ok = $2, sms_ok = $3 WHERE tenant_id = $4 AND contact_id = $5");
    if (reach->email.n > 0)
        stmt_blob(&q, seal(a, tenant_id, "contact.email", reach->email));
    else
        stmt_null(&q);
    stmt_int(&q, reach->mail_ok);
    stmt_int(&q, reach->sms_ok);
    stmt_int(&q, tenant_id);
    stmt_int(&q, contact_id);
    int64_t changed = stmt_run(&q);
    if (changed < 0)
        return ACCOUNT_FAULT;
    return changed == 1 ? ACCOUNT_OK : ACCOUNT_NOT_FOUND;
}
