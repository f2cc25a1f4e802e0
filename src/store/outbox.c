/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outbox's table.
 *
 * How          Taking is a look at an index on this thread's own connection, and only when something is due a unit of work
 *              that gives each item a random lease and moves its due time to the lease's end. A sender that dies therefore
 *              leaves nothing behind: its items are due again. What became of an item is stored only under its lease.
 * Invariants   1. waiting ⇔ it has a due time that counts. 2. (tenant, key) is there once, for ever.
 *              3. The body is there exactly while it may still be sent: waiting or dead.
 */
#include "store/outbox.h"

#include "base/id.h"
#include "base/json.h"
#include "base/log.h"
#include "base/seal.h"

static const char *const kinds[OUTBOX_KINDS] = {
    [OUTBOX_MAIL] = "mail", [OUTBOX_SMS] = "sms", [OUTBOX_SHOP] = "shop"};
static const char *const states[OUTBOX_STATES] = {
    [OUTBOX_WAITING] = "waiting", [OUTBOX_SENT] = "sent", [OUTBOX_DEAD] = "dead", [OUTBOX_DROPPED] = "dropped"};

enum { ERROR_CHARS = 300 }; /* of what a peer said, kept for people */

const char *outbox_kind_name(enum outbox_kind k)
{
    return kinds[k];
}

bool outbox_kind_from_name(struct str name, enum outbox_kind *ret)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (!str_eq_c(name, kinds[i]))
            continue;
        *ret = (enum outbox_kind)i;
        return true;
    }
    return false;
}

const char *outbox_state_name(enum outbox_state s)
{
    return states[s];
}

bool outbox_state_from_name(struct str name, enum outbox_state *ret)
{
    for (size_t i = 0; i < COUNT(states); i++) {
        if (!str_eq_c(name, states[i]))
            continue;
        *ret = (enum outbox_state)i;
        return true;
    }
    return false;
}

struct str outbox_mail_body(struct arena *a, const struct outbox_mail *m)
{
    struct buf b = {.arena = a};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kt(&o, "from_name", m->from_name);
    jo_kt(&o, "subject", m->subject);
    jo_kt(&o, "text", m->text);
    jo_kt(&o, "unsubscribe", m->unsubscribe);
    jo_close(&o);
    return buf_view(&b);
}

int64_t outbox_next_try(const struct outbox_terms *terms, int64_t attempts, int64_t began_ms, int64_t now_ms,
                        uint32_t chance)
{
    int64_t wait = MAX(terms->first_ms, 1);
    for (int64_t i = 1; i < attempts && wait < terms->longest_ms; i++)
        wait *= 2;
    wait = MIN(wait, MAX(terms->longest_ms, 1));
    int64_t span = wait / 100 * terms->jitter / 100; /* by as much more, at most */
    int64_t next = now_ms + wait + (span > 0 ? (int64_t)(chance % (uint64_t)span) : 0);
    int64_t last = began_ms + terms->give_up_ms;
    if (now_ms >= last)
        return 0;
    return MIN(next, last); /* one more try at the very end */
}

/* ---- putting ------------------------------------------------------------------------------------------------------------ */

int outbox_put(struct tx *tx, const struct outbox_item *item)
{
    _cleanup_(arena_done) struct arena a = {0};
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "INSERT INTO outbox (tenant_id, outbox_id, kind, outbox_key, recipient, body, subject, state, due_ms, lease,"
            " attempts, error, report, created_ms, began_ms, settled_ms)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, 0, 0, '', '', $9, $10, 0)"
            " ON CONFLICT (tenant_id, outbox_key) DO NOTHING");
    stmt_int(&q, item->tenant_id);
    stmt_int(&q, item->id);
    stmt_text(&q, str_from(kinds[item->kind]));
    stmt_text(&q, item->key);
    stmt_blob(&q, seal(&a, item->tenant_id, "outbox.to", item->to));
    stmt_blob(&q, seal(&a, item->tenant_id, "outbox.body", item->body));
    stmt_text(&q, item->subject);
    stmt_int(&q, item->due_ms);
    stmt_int(&q, item->created_ms);
    stmt_int(&q, item->began_ms != 0 ? item->began_ms : item->created_ms);
    return (int)stmt_run(&q);
}

/* ---- reading ------------------------------------------------------------------------------------------------------------ */

#define COLUMNS                                                                                                       \
    "tenant_id, outbox_id, kind, outbox_key, subject, state, due_ms, lease, attempts, error, report, created_ms,"     \
    " began_ms, settled_ms, recipient"

/** The present row; false when its recipient does not open. */
static bool read_row(struct stmt *q, struct arena *a, struct outbox_item *ret)
{
    struct outbox_item i = {.tenant_id = stmt_get_int(q, 0), .id = stmt_get_int(q, 1)};
    bool good = outbox_kind_from_name(stmt_get_text(q, 2), &i.kind);
    i.key = stmt_copy_text(q, 3, a);
    i.subject = stmt_copy_text(q, 4, a);
    good = outbox_state_from_name(stmt_get_text(q, 5), &i.state) && good;
    i.due_ms = stmt_get_int(q, 6);
    i.lease = stmt_get_int(q, 7);
    i.attempts = stmt_get_int(q, 8);
    i.error = stmt_copy_text(q, 9, a);
    i.report = stmt_copy_text(q, 10, a);
    i.created_ms = stmt_get_int(q, 11);
    i.began_ms = stmt_get_int(q, 12);
    i.settled_ms = stmt_get_int(q, 13);
    good = seal_open(a, i.tenant_id, "outbox.to", stmt_get_blob(q, 14), &i.to) && good;
    *ret = i;
    return good;
}

int outbox_list(struct tx *tx, struct arena *a, int64_t tenant_id, enum outbox_state state, int64_t before_id, int limit,
                struct outbox_item **ret, size_t *ret_n)
{
    ARRAY(struct outbox_item) list = {0};
    int rc;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM outbox WHERE tenant_id = $1 AND state = $2 AND outbox_id < $3"
                      " ORDER BY outbox_id DESC LIMIT $4");
    stmt_int(&q, tenant_id);
    stmt_text(&q, str_from(states[state]));
    stmt_int(&q, before_id > 0 ? before_id : INT64_MAX);
    stmt_int(&q, limit);
    while ((rc = stmt_next(&q)) > 0)
        (void)read_row(&q, a, array_push(a, &list)); /* one that does not open is shown without its recipient */
    *ret = list.v;
    *ret_n = list.n;
    return rc;
}

int outbox_get(struct tx *tx, struct arena *a, int64_t tenant_id, int64_t id, struct outbox_item *ret)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS " FROM outbox WHERE tenant_id = $1 AND outbox_id = $2");
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    int rc = stmt_next(&q);
    if (rc > 0)
        (void)read_row(&q, a, ret);
    return rc;
}

int outbox_count(struct tx *tx, int64_t *ret_waiting, int64_t *ret_dead)
{
    _cleanup_(stmt_close) struct stmt waiting =
        stmt_open(tx, "SELECT COUNT(tenant_id) FROM outbox WHERE state = 'waiting'");
    _cleanup_(stmt_close) struct stmt dead = stmt_open(tx, "SELECT COUNT(tenant_id) FROM outbox WHERE state = 'dead'");
    if (stmt_next(&waiting) <= 0 || stmt_next(&dead) <= 0)
        return STORE_FAULT;
    *ret_waiting = stmt_get_int(&waiting, 0);
    *ret_dead = stmt_get_int(&dead, 0);
    return STORE_OK;
}

/* ---- taking ------------------------------------------------------------------------------------------------------------- */

struct taking {
    enum outbox_kind kind;
    int64_t now_ms;
    int most;
    struct arena *a;
    struct outbox_item *items;
    int n;
};

static int look(struct tx *tx, void *arg)
{
    struct taking *t = arg;
    _cleanup_(stmt_close) struct stmt q = stmt_open(
        tx, "SELECT tenant_id FROM outbox WHERE state = 'waiting' AND kind = $1 AND due_ms <= $2 LIMIT 1");
    stmt_text(&q, str_from(kinds[t->kind]));
    stmt_int(&q, t->now_ms);
    t->n = stmt_next(&q);
    return t->n < 0 ? STORE_FAULT : STORE_OK;
}

static int read_due(struct tx *tx, struct taking *t, bool *opens)
{
    int rc;
    t->n = 0;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT " COLUMNS ", body FROM outbox WHERE state = 'waiting' AND kind = $1 AND due_ms <= $2"
                      " ORDER BY due_ms, tenant_id LIMIT $3");
    stmt_text(&q, str_from(kinds[t->kind]));
    stmt_int(&q, t->now_ms);
    stmt_int(&q, t->most);
    while ((rc = stmt_next(&q)) > 0) {
        struct outbox_item *i = &t->items[t->n];
        opens[t->n] = read_row(&q, t->a, i);
        opens[t->n] = seal_open(t->a, i->tenant_id, "outbox.body", stmt_get_blob(&q, 15), &i->body) && opens[t->n];
        t->n++;
    }
    return rc;
}

static int lease(struct tx *tx, struct outbox_item *i, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE outbox SET lease = $1, due_ms = $2, attempts = $3 WHERE tenant_id = $4 AND outbox_id = $5");
    i->lease = id_new(now_ms);
    i->due_ms = now_ms + OUTBOX_LEASE_MS;
    i->attempts++;
    stmt_int(&q, i->lease);
    stmt_int(&q, i->due_ms);
    stmt_int(&q, i->attempts);
    stmt_int(&q, i->tenant_id);
    stmt_int(&q, i->id);
    return stmt_run(&q) == 1 ? STORE_OK : STORE_FAULT;
}

static int settle(struct tx *tx, const struct outbox_item *i, enum outbox_state to, struct str error, int64_t due_ms,
                  int64_t now_ms);

static int take(struct tx *tx, void *arg)
{
    struct taking *t = arg;
    bool opens[OUTBOX_TAKE_MOST];
    if (read_due(tx, t, opens) < 0)
        return STORE_FAULT;
    int kept = 0;
    for (int n = 0; n < t->n; n++) {
        struct outbox_item *i = &t->items[n];
        if (lease(tx, i, t->now_ms) != STORE_OK)
            return STORE_FAULT;
        if (opens[n]) {
            t->items[kept++] = *i;
            continue;
        }
        log_event(LOG_ERROR, "an outbox item does not open", "tenant=%lld item=%lld", (long long)i->tenant_id,
                  (long long)i->id);
        if (settle(tx, i, OUTBOX_DEAD, STR("it cannot be unsealed"), i->due_ms, t->now_ms) != STORE_OK)
            return STORE_FAULT;
    }
    t->n = kept;
    return STORE_OK;
}

int outbox_take(struct store *store, enum outbox_kind kind, int64_t now_ms, int most, struct arena *a,
                struct outbox_item **ret)
{
    struct taking t = {.kind = kind, .now_ms = now_ms, .most = MIN(most, OUTBOX_TAKE_MOST), .a = a};
    if (store_read(store, look, &t) != STORE_OK)
        return STORE_FAULT;
    if (t.n == 0)
        return 0;
    t.items = arena_array(a, struct outbox_item, OUTBOX_TAKE_MOST);
    if (store_write(store, take, &t) != STORE_OK)
        return STORE_FAULT;
    *ret = t.items;
    return t.n;
}

/* ---- what became of it -------------------------------------------------------------------------------------------------- */

/** STORE_CONFLICT when the lease is another's. */
static int settle(struct tx *tx, const struct outbox_item *i, enum outbox_state to, struct str error, int64_t due_ms,
                  int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE outbox SET state = $1, error = $2, due_ms = $3, settled_ms = $4, lease = 0,"
                      " body = CASE WHEN $5 THEN NULL ELSE body END"
                      " WHERE tenant_id = $6 AND outbox_id = $7 AND lease = $8 AND state = 'waiting'");
    stmt_text(&q, str_from(states[to]));
    stmt_text(&q, str_clip(error, ERROR_CHARS));
    stmt_int(&q, due_ms);
    stmt_int(&q, to == OUTBOX_WAITING ? 0 : now_ms);
    stmt_int(&q, to == OUTBOX_SENT);
    stmt_int(&q, i->tenant_id);
    stmt_int(&q, i->id);
    stmt_int(&q, i->lease);
    int64_t changed = stmt_run(&q);
    if (changed < 0)
        return STORE_FAULT;
    return changed == 1 ? STORE_OK : STORE_CONFLICT;
}

/** An item's end, or its next try. */
struct ending {
    const struct outbox_item *item;
    enum outbox_state to;
    struct str error;
    int64_t retry_ms, now_ms;
    int (*also)(struct tx *tx, void *arg);
    void *also_arg;
    const struct outbox_sender *how;
};

static int end_it(struct tx *tx, void *arg)
{
    const struct ending *e = arg;
    int rc = settle(tx, e->item, e->to, e->error, e->retry_ms, e->now_ms);
    if (rc == STORE_OK && e->also != NULL)
        rc = e->also(tx, e->also_arg);
    if (rc == STORE_OK && e->to == OUTBOX_DEAD && e->how != NULL && e->how->died != NULL)
        rc = e->how->died(e->how->arg, tx, e->item);
    return rc;
}

int outbox_sent(struct store *store, const struct outbox_item *item, int (*also)(struct tx *tx, void *arg), void *also_arg,
                int64_t now_ms)
{
    struct ending e = {.item = item, .to = OUTBOX_SENT, .retry_ms = item->due_ms, .now_ms = now_ms, .also = also,
                       .also_arg = also_arg};
    return store_write(store, end_it, &e);
}

int outbox_failed(struct store *store, const struct outbox_item *item, struct str error, int64_t retry_ms,
                  const struct outbox_sender *how, int64_t now_ms)
{
    struct ending e = {.item = item, .to = retry_ms != 0 ? OUTBOX_WAITING : OUTBOX_DEAD, .error = error,
                       .retry_ms = retry_ms != 0 ? retry_ms : item->due_ms, .now_ms = now_ms, .how = how};
    return store_write(store, end_it, &e);
}

/* ---- people and peers ---------------------------------------------------------------------------------------------------- */

static int one_changed(struct stmt *q)
{
    int64_t changed = stmt_run(q);
    return changed < 0 ? STORE_FAULT : (int)changed;
}

int outbox_retry(struct tx *tx, int64_t tenant_id, int64_t id, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE outbox SET state = 'waiting', due_ms = $1, began_ms = $2, attempts = 0, settled_ms = 0"
                      " WHERE tenant_id = $3 AND outbox_id = $4 AND state = 'dead'");
    stmt_int(&q, now_ms);
    stmt_int(&q, now_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return one_changed(&q);
}

int outbox_drop(struct tx *tx, int64_t tenant_id, int64_t id, int64_t now_ms)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE outbox SET state = 'dropped', settled_ms = $1, body = NULL"
                      " WHERE tenant_id = $2 AND outbox_id = $3 AND state = 'dead'");
    stmt_int(&q, now_ms);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    return one_changed(&q);
}

int outbox_report(struct tx *tx, int64_t tenant_id, int64_t id, struct str report, bool last_word)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE outbox SET report = $1 WHERE tenant_id = $2 AND outbox_id = $3 AND (report = '' OR $4)");
    stmt_text(&q, report);
    stmt_int(&q, tenant_id);
    stmt_int(&q, id);
    stmt_int(&q, last_word);
    return one_changed(&q);
}
