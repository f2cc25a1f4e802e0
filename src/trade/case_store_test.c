/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases on a real database: journeys from the opening to the money, what is refused, timers that fire in order and once,
 * also on two servers, and many actors at one case at once. After each test every case's history leads to it.
 */
#include "base/table_test.h"

#include <ftw.h>
#include <pthread.h>
#include <stdlib.h>

#include "account/import.h"
#include "account/shop.h"
#include "base/id.h"
#include "base/seal.h"
#include "trade/case_record.h"
#include "trade/case_service.h"
#include "trade/case_world_for_test.h"
#include "trade/ledger_store.h"
#include "trade/order_store.h"
#include "trade/trade_import.h"

#define NOW "2026-11-21T10:00:00+08:00"

static const char shop_row[] =
    "{\"id\":\"S1\",\"name\":\"山行户外\",\"language\":\"zh\",\"currency\":\"CNY\",\"time_zone\":\"Asia/Shanghai\","
    "\"self_operated\":false}";
static const char jacket[] =
    "{\"id\":\"P1\",\"shop\":\"S1\",\"title\":\"轻量冲锋衣\",\"category\":\"服饰/户外\",\"price_cents\":39900,"
    "\"skus\":[{\"id\":\"P1-L\",\"price_cents\":39900,\"stock\":12}],\"seven_day\":\"yes\",\"price_protect_days\":15}";

#define ORDER(id, status, more)                                                                                    \
    "{\"id\":\"" id "\",\"shop\":\"S1\",\"buyer\":\"B1\",\"status\":\"" status                                      \
    "\",\"created_at\":\"2026-11-18T10:02:00+08:00\",\"paid_at\":\"2026-11-18T10:03:00+08:00\",\"freight_cents\":1000," \
    "\"freight_insured\":true," more "\"items\":[{\"sub_id\":\"" id "-1\",\"product\":\"P1\",\"sku\":\"P1-L\","     \
    "\"quantity\":1,\"paid_cents\":4290}]}"
#define SENT "\"shipped_at\":\"2026-11-19T16:00:00+08:00\","
#define HERE SENT "\"delivered_at\":\"2026-11-20T15:00:00+08:00\","

static const char *const orders[] = {
    ORDER("E1", "paid", ""),
    ORDER("E2", "shipped", SENT),
    ORDER("E3", "delivered", HERE),
    "{\"id\":\"E4\",\"shop\":\"S1\",\"buyer\":\"B2\",\"status\":\"delivered\",\"created_at\":\"2026-11-18T10:02:00+08:00\","
    "\"paid_at\":\"2026-11-18T10:03:00+08:00\"," HERE "\"freight_cents\":1000,\"items\":["
    "{\"sub_id\":\"E4-1\",\"product\":\"P1\",\"sku\":\"P1-L\",\"quantity\":3,\"paid_cents\":10000},"
    "{\"sub_id\":\"E4-2\",\"product\":\"P9\",\"quantity\":1,\"paid_cents\":5000}]}",
    "{\"id\":\"E5\",\"shop\":\"S1\",\"buyer\":\"B1\",\"status\":\"delivered\",\"created_at\":\"2026-11-18T10:02:00+08:00\","
    "\"paid_at\":\"2026-11-18T10:03:00+08:00\"," HERE
    "\"items\":[{\"sub_id\":\"E5-1\",\"product\":\"P1\",\"sku\":\"P1-L\",\"quantity\":1,\"paid_cents\":42900}]}",
};

struct world {
    char dir[64];
    struct store *store;
    struct arena arena;
    int64_t shop;
};

struct given {
    const struct import_kind *kind;
    const char *row;
};

static int give(struct tx *tx, void *arg)
{
    const struct given *g = arg;
    struct arena a = {0};
    struct import_problem problem;
    json_t *row = json_read(str_from(g->row), NULL);
    enum row_answer answer = import_check(row, g->kind->fields, &problem) ? g->kind->store_row(tx, &a, row, &problem)
                                                                         : ROW_REFUSED;
    json_decref(row);
    arena_done(&a);
    return answer == ROW_ADDED || answer == ROW_CHANGED ? STORE_OK : STORE_FAULT;
}

static void import_row(struct world *w, const struct import_kind *kind, const char *row)
{
    struct given g = {kind, row};
    assert_int_equal(store_write(w->store, give, &g), STORE_OK);
}

static int find_shop(struct tx *tx, void *arg)
{
    struct world *w = arg;
    struct shop s;
    if (shop_find(tx, &w->arena, STR("S1"), &s) != ACCOUNT_OK)
        return STORE_FAULT;
    w->shop = s.tenant_id;
    return STORE_OK;
}

static int begin(void **state)
{
    static const unsigned char key[SEAL_KEY_BYTES] = {7};
    struct world *w = xcalloc(1, sizeof(*w));
    char why[256];
    snprintf(w->dir, sizeof(w->dir), "/tmp/xiaoer-case-XXXXXX");
    seal_start_with(key);
    assert_non_null(mkdtemp(w->dir));
    w->store = store_open(w->dir, why);
    assert_non_null(w->store);
    import_row(w, &shop_import, shop_row);
    import_row(w, &product_import, jacket);
    for (size_t i = 0; i < COUNT(orders); i++)
        import_row(w, &order_import, orders[i]);
    assert_int_equal(store_read(w->store, find_shop, w), STORE_OK);
    *state = w;
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

/** Every case of the five orders, and that its history leads to it. */
struct verdict {
    struct world *w;
    int cases, wrong;
};

static int verify(struct tx *tx, void *arg)
{
    struct verdict *v = arg;
    for (size_t i = 0; i < COUNT(orders); i++) {
        struct case_row_stored *rows;
        size_t n;
        struct str id = str_fmt(&v->w->arena, "E%zu", i + 1);
        if (case_list_of_order(tx, &v->w->arena, v->w->shop, id, &rows, &n) < 0)
            return STORE_FAULT;
        for (size_t k = 0; k < n; k++)
            v->wrong += case_history_holds(tx, &v->w->arena, &rows[k]) != 1;
        v->cases += (int)n;
    }
    return STORE_OK;
}

static int end(void **state)
{
    struct world *w = *state;
    struct verdict v = {.w = w};
    int read = store_read(w->store, verify, &v);
    store_read_done(w->store);
    store_close(w->store);
    arena_done(&w->arena);
    int rc = nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(w);
    if (read != STORE_OK || v.wrong > 0)
        print_error("%d of %d histories do not lead to their case\n", v.wrong, v.cases);
    return rc != 0 || read != STORE_OK || v.wrong > 0;
}

/* ---- shorthand ---------------------------------------------------------------------------------------------------------- */

static struct case_request request(const struct world *w, const char *order, enum case_type type, const char *reason)
{
    return (struct case_request){
        .tenant_id = w->shop,
        .who = {.actor = CASE_BUYER, .buyer = STR("B1")},
        .order_id = str_from(order),
        .type = type,
        .reason = str_from(reason),
        .now_ms = instant(NOW),
    };
}

static struct case_row_stored opened(struct world *w, const struct case_request *r)
{
    struct case_row_stored row = {0};
    assert_int_equal(case_open_now(w->store, &w->arena, r, &row), CASE_OK);
    return row;
}

static enum case_answer act(struct world *w, struct case_row_stored *row, enum case_event event, enum case_actor actor,
                            const char *at)
{
    struct case_action action = {
        .tenant_id = w->shop, .case_id = row->id, .event = event, .now_ms = instant(at),
        .who = {.actor = actor, .buyer = actor == CASE_BUYER ? row->buyer : STR_NONE, .confirmed = true},
        .waybill = event == CASE_WAYBILL ? STR("SF1") : STR_NONE,
    };
    return case_take(w->store, &w->arena, &action, row);
}

struct asked {
    struct world *w;
    struct str order;
    int64_t refunded;
    struct ledger_sum sum;
    struct order o;
    struct case_row_stored *rows;
    size_t n;
};

static int ask(struct tx *tx, void *arg)
{
    struct asked *q = arg;
    bool good = ledger_refunded(tx, q->w->shop, q->order, &q->refunded) == 0 &&
                ledger_of_order(tx, q->w->shop, q->order, STR_NONE, &q->sum) == 0 &&
                order_get_any(tx, &q->w->arena, q->w->shop, q->order, &q->o) > 0 &&
                case_list_of_order(tx, &q->w->arena, q->w->shop, q->order, &q->rows, &q->n) == 0;
    return good ? STORE_OK : STORE_FAULT;
}

static struct asked stored(struct world *w, const char *order)
{
    struct asked q = {.w = w, .order = str_from(order)};
    assert_int_equal(store_read(w->store, ask, &q), STORE_OK);
    return q;
}

/* ---- journeys ----------------------------------------------------------------------------------------------------------- */

static void a_paid_order_is_refunded_and_closed(void **state)
{
    struct world *w = *state;
    struct case_request r = request(w, "E1", CASE_REFUND_ONLY, "not_wanted");
    struct case_row_stored row = opened(w, &r);
    assert_int_equal(row.c.state, CASE_WAIT_SELLER_UNSHIPPED);
    assert_int_equal(row.c.claimed_cents, 5290); /* with the freight */
    assert_int_equal(stored(w, "E1").refunded, 0);
    assert_int_equal(act(w, &row, CASE_AGREE, CASE_AGENT, "2026-11-21T11:00:00+08:00"), CASE_OK);
    assert_int_equal(row.c.state, CASE_SUCCESS); /* no payment provider: paid when decided */
    struct asked q = stored(w, "E1");
    assert_int_equal(q.refunded, 5290);
    assert_int_equal(ledger_open(&q.sum), 0);
    assert_int_equal(q.o.status, ORDER_CLOSED);
    assert_int_equal(act(w, &row, CASE_AGREE, CASE_AGENT, "2026-11-21T12:00:00+08:00"), CASE_NO_SUCH_STEP);
}

static void a_return_pays_and_claims_its_insurance(void **state)
{
    struct world *w = *state;
    struct case_request r = request(w, "E3", CASE_RETURN_REFUND, "no_reason_7d");
    struct case_row_stored row = opened(w, &r);
    assert_int_equal(row.c.state, CASE_WAIT_RETURN);
    assert_int_equal(row.c.claimed_cents, 4290); /* no reason: the freight stays */
    assert_int_equal(act(w, &row, CASE_WAYBILL, CASE_BUYER, "2026-11-22T10:00:00+08:00"), CASE_OK);
    assert_true(str_eq_c(row.waybill, "SF1"));
    assert_int_equal(act(w, &row, CASE_RECEIVED, CASE_AGENT, "2026-11-25T10:00:00+08:00"), CASE_OK);
    assert_int_equal(row.c.state, CASE_SUCCESS);
    struct asked q = stored(w, "E3");
    assert_int_equal(q.refunded, 4290);
    assert_int_equal(q.o.status, ORDER_DELIVERED); /* the freight has not come back */
    assert_int_equal(q.n, 2);
    assert_int_equal(q.rows[1].c.type, CASE_FREIGHT_INSURANCE);
    assert_int_equal(q.rows[1].c.state, CASE_FI_AUDIT);
    struct case_action paid = {.tenant_id = w->shop, .case_id = q.rows[1].id, .event = CASE_CALCULATED, .amount_cents = 900,
                               .who = {.actor = CASE_STAFF}, .now_ms = instant("2026-11-26T10:00:00+08:00")};
    assert_int_equal(case_take(w->store, &w->arena, &paid, &row), CASE_OK);
    assert_int_equal(row.c.refunded_cents, 900);
    assert_int_equal(stored(w, "E3").refunded, 4290); /* the insurer's money is no refund of the order */
}

static void price_protection_pays_the_drop(void **state)
{
    struct world *w = *state;
    struct case_request r = request(w, "E5", CASE_PRICE_PROTECT, "");
    struct case_row_stored row = opened(w, &r);
    assert_int_equal(row.c.state, CASE_SUCCESS);
    assert_int_equal(row.c.refunded_cents, 3000); /* 429 - 399 */
    assert_int_equal(case_open_now(w->store, &w->arena, &r, &row), CASE_TOO_OFTEN);
}

static void pieces_are_refunded_to_the_cent(void **state)
{
    struct world *w = *state;
    struct case_request r = request(w, "E4", CASE_REFUND_ONLY, "other");
    struct case_row_stored row;
    r.who.buyer = STR("B2");
    r.sub_id = STR("E4-1");
    r.quantity = 1;
    row = opened(w, &r);
    assert_int_equal(row.c.claimed_cents, 3333);
    assert_int_equal(act(w, &row, CASE_AGREE, CASE_AGENT, NOW), CASE_OK);
    r.quantity = 3; /* the rest: what is left, with the share of the freight */
    row = opened(w, &r);
    assert_int_equal(row.c.claimed_cents, 10000 - 3333 + 667);
    r.type = CASE_EXCHANGE;
    assert_int_equal(case_open_now(w->store, &w->arena, &r, &row), CASE_ALREADY_OPEN);
    r.sub_id = STR("E4-2");
    r.type = CASE_REFUND_ONLY;
    r.quantity = 0;
    r.amount_cents = 5334; /* more than was paid for it */
    assert_int_equal(case_open_now(w->store, &w->arena, &r, &row), CASE_TOO_MUCH);
    r.amount_cents = 100;
    row = opened(w, &r);
    assert_int_equal(row.c.claimed_cents, 100);
}

static void what_is_not_theirs_is_not_found(void **state)
{
    struct world *w = *state;
    struct case_request r = request(w, "E1", CASE_REFUND_ONLY, "not_wanted");
    struct case_row_stored row = opened(w, &r), other = row;
    struct case_action action = {.tenant_id = w->shop, .case_id = row.id, .event = CASE_WITHDRAW,
                                 .who = {.actor = CASE_BUYER, .buyer = STR("B2")}, .now_ms = instant(NOW)};
    assert_int_equal(case_take(w->store, &w->arena, &action, &other), CASE_NOT_FOUND);
    action.who.actor = CASE_BOT;
    action.who.confirmed = true;
    assert_int_equal(case_take(w->store, &w->arena, &action, &other), CASE_NOT_FOUND);
    action.who.buyer = STR_NONE;
    assert_int_equal(case_take(w->store, &w->arena, &action, &other), CASE_NOT_FOUND);
    action.tenant_id++;
    action.who.actor = CASE_LEADER;
    assert_int_equal(case_take(w->store, &w->arena, &action, &other), CASE_NOT_FOUND);
    r.who.buyer = STR("B2");
    assert_int_equal(case_open_now(w->store, &w->arena, &r, &other), CASE_NOT_FOUND);
    r = request(w, "E4", CASE_RETURN_REFUND, "other"); /* several items: which? */
    r.who.buyer = STR("B2");
    assert_int_equal(case_open_now(w->store, &w->arena, &r, &other), CASE_NOT_FOUND);
}

static void what_was_seen_must_still_be_so(void **state)
{
    struct world *w = *state;
    struct case_request r = request(w, "E1", CASE_REFUND_ONLY, "not_wanted");
    struct case_row_stored row = opened(w, &r);
    struct case_action refuse = {.tenant_id = w->shop, .case_id = row.id, .event = CASE_REFUSE, .seen_version = row.version,
                                 .who = {.actor = CASE_AGENT}, .now_ms = instant(NOW)};
    assert_int_equal(case_take(w->store, &w->arena, &refuse, &row), CASE_OK);
    refuse.event = CASE_AGREE;
    assert_int_equal(case_take(w->store, &w->arena, &refuse, &row), CASE_STALE);
}

static void a_payment_provider_is_waited_for(void **state)
{
    struct world *w = *state;
    import_row(w, &policy_import,
               "{\"key\":\"pay.external\",\"value\":\"on\",\"from\":\"2026-01-01\",\"shop\":\"S1\"}");
    struct case_request r = request(w, "E1", CASE_REFUND_ONLY, "not_wanted");
    struct case_row_stored row = opened(w, &r);
    assert_int_equal(act(w, &row, CASE_AGREE, CASE_AGENT, NOW), CASE_OK);
    assert_int_equal(row.c.state, CASE_PAYING);
    struct asked q = stored(w, "E1");
    assert_int_equal(q.refunded, 0);
    assert_int_equal(ledger_open(&q.sum), 5290);
    assert_int_equal(act(w, &row, CASE_PAY_FAILED, CASE_SYSTEM, NOW), CASE_OK);
    assert_int_equal(act(w, &row, CASE_VOID, CASE_LEADER, NOW), CASE_OK);
    q = stored(w, "E1");
    assert_int_equal(ledger_taken(&q.sum), 0);
    assert_int_equal(act(w, &row, CASE_REOPEN, CASE_BUYER, NOW), CASE_OK);
    assert_int_equal(act(w, &row, CASE_AGREE, CASE_LEADER, NOW), CASE_OK);
    assert_int_equal(row.c.payments, 2); /* a key of its own */
    assert_int_equal(act(w, &row, CASE_PAID, CASE_SYSTEM, NOW), CASE_OK);
    assert_int_equal(stored(w, "E1").refunded, 5290);
}

/* ---- timers ------------------------------------------------------------------------------------------------------------- */

static void timers_fire_when_they_are_due_and_once(void **state)
{
    struct world *w = *state;
    struct case_request r = request(w, "E1", CASE_REFUND_ONLY, "not_wanted");
    (void)opened(w, &r);
    assert_int_equal(case_tick(w->store, instant("2026-11-22T09:59:59+08:00")), 0);
    assert_int_equal(case_tick(w->store, instant("2026-11-22T10:00:00+08:00")), 1);
    assert_int_equal(case_tick(w->store, instant("2026-11-22T10:00:01+08:00")), 0);
    struct asked q = stored(w, "E1");
    assert_int_equal(q.rows[0].c.state, CASE_SUCCESS);
    assert_int_equal(q.refunded, 5290);
}

static int break_rules(struct tx *tx, void *arg)
{
    const struct case_row_stored *row = arg;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE aftersale SET order_id = 'gone' WHERE tenant_id = $1 AND case_id = $2");
    stmt_int(&q, row->tenant_id);
    stmt_int(&q, row->id);
    return stmt_run(&q) == 1 ? STORE_OK : STORE_FAULT;
}

static int mend_rules(struct tx *tx, void *arg)
{
    const struct case_row_stored *row = arg;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "UPDATE aftersale SET order_id = 'E1' WHERE tenant_id = $1 AND case_id = $2");
    stmt_int(&q, row->tenant_id);
    stmt_int(&q, row->id);
    return stmt_run(&q) == 1 ? STORE_OK : STORE_FAULT;
}

static void one_that_cannot_fire_holds_up_no_other(void **state)
{
    struct world *w = *state;
    struct case_request r = request(w, "E1", CASE_REFUND_ONLY, "not_wanted");
    struct case_row_stored broken = opened(w, &r);
    r = request(w, "E2", CASE_REFUND_ONLY, "not_received");
    (void)opened(w, &r);
    assert_int_equal(store_write(w->store, break_rules, &broken), STORE_OK);
    assert_int_equal(case_tick(w->store, instant("2026-11-24T10:00:00+08:00")), 1);
    assert_int_equal(case_tick(w->store, instant("2026-11-24T10:00:09+08:00")), 0); /* put off by ten seconds */
    assert_int_equal(store_write(w->store, mend_rules, &broken), STORE_OK);
    assert_int_equal(case_tick(w->store, instant("2026-11-24T10:00:10+08:00")), 1);
    assert_int_equal(stored(w, "E1").refunded, 5290);
}

/** Many orders with a case each, for timers: stored as they would be. */
enum { MANY = 50000, IN_UNIT = 5000 };

struct planting {
    struct world *w;
    int64_t first, due_ms;
    const struct case_row_stored *like;
};

static int plant(struct tx *tx, void *arg)
{
    const struct planting *p = arg;
    struct arena a = {0};
    struct case_row_stored row = *p->like;
    int rc = STORE_OK;
    for (int i = 0; i < IN_UNIT && rc == STORE_OK; i++) {
        arena_reset(&a);
        row.id = p->first + i;
        row.order_id = str_fmt(&a, "M%lld", (long long)row.id);
        struct order_row body = {.body = str_fmt(&a, "{\"id\":\"%.*s\",\"buyer\":\"B1\",\"status\":\"delivered\",\"items\":"
                                                     "[{\"sub_id\":\"E3-1\",\"product\":\"P1\",\"paid_cents\":100}]}",
                                                 STR_ARG(row.order_id))};
        struct order o;
        if (!order_parse(&a, body.body, STR_NONE, &o) || order_put(tx, &a, row.tenant_id, &o, &body, 1) < 0)
            rc = STORE_FAULT;
        row.c.due_ms = p->due_ms + i % 997;
        struct case_event_stored e = {.seq = 1, .at_ms = row.c.opened_ms, .event = STR("opened"), .actor = STR("buyer"),
                                      .from = STR("none"), .to = STR("cp_wait_target"), .pause = STR("none"),
                                      .due_ms = row.c.due_ms, .money = STR("none"), .input = STR("{}"), .rules = STR("{}")};
        if (case_insert(tx, &row) < 0 || case_event_insert(tx, row.tenant_id, row.id, &e) < 0 ||
            case_timer_set(tx, row.tenant_id, row.id, row.id, row.c.due_ms) < 0)
            rc = STORE_FAULT;
    }
    arena_done(&a);
    return rc;
}

/** Whether each of the planted cases has had exactly one step more, at its time. */
static int count_moved(struct tx *tx, void *arg)
{
    int64_t *counts = arg;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT sum(version = 2 AND state = 'cp_wait_complainant'), count(*), max(version) FROM aftersale"
                      " WHERE tenant_id > $1");
    stmt_int(&q, 0);
    int rc = stmt_next(&q);
    for (int i = 0; i < 3; i++)
        counts[i] = stmt_get_int(&q, i);
    return rc > 0 ? STORE_OK : STORE_FAULT;
}

static void plant_many(struct world *w, int n, int64_t due_ms)
{
    struct case_row_stored like = {.tenant_id = w->shop, .sub_id = STR("E3-1"), .buyer = STR("B1"), .version = 1};
    like.c = (struct trade_case){.type = CASE_COMPLAINT, .state = CASE_CP_WAIT_TARGET, .reason = STR("agent_attitude"),
                                 .quantity = 1, .order_ms = instant("2026-11-18T10:02:00+08:00"),
                                 .opened_ms = instant(NOW), .changed_ms = instant(NOW)};
    for (int i = 0; i < n; i += IN_UNIT) {
        struct planting p = {w, 1000000 + i, due_ms, &like};
        assert_int_equal(store_write(w->store, plant, &p), STORE_OK);
    }
}

static void looking_for_what_is_due_costs_nothing(void **state)
{
    struct world *w = *state;
    int64_t due = instant("2026-12-24T10:00:00+08:00"), counts[3];
    plant_many(w, MANY, due);
    int64_t began = clock_mono_us();
    for (int i = 0; i < 1000; i++)
        assert_int_equal(case_tick(w->store, due - 1), 0);
    double idle_us = (double)(clock_mono_us() - began) / 1000;
    began = clock_mono_us();
    assert_int_equal(case_tick(w->store, due + 10), 660); /* of each 997 the first eleven */
    double some_ms = (double)(clock_mono_us() - began) / 1000;
    began = clock_mono_us();
    assert_int_equal(case_tick(w->store, due + 1000), MANY - 660);
    double seconds = (double)(clock_mono_us() - began) / 1e6;
    assert_int_equal(store_read(w->store, count_moved, counts), STORE_OK);
    assert_true(counts[0] == MANY && counts[1] == MANY && counts[2] == 2);
    print_message("50,000 timers: %.1f us a look when none is due; 660 fired in %.0f ms, all in %.1f s\n", idle_us, some_ms,
                  seconds);
#ifndef SANITIZED
    assert_true(idle_us < 200);
#endif
}

struct server {
    pthread_t thread;
    struct store *store;
    int64_t now_ms;
    int fired;
};

static void *serve(void *arg)
{
    struct server *s = arg;
    for (int i = 0; i < 5; i++) {
        int fired = case_tick(s->store, s->now_ms);
        s->fired += fired > 0 ? fired : 0;
    }
    store_read_done(s->store);
    return NULL;
}

static void two_servers_fire_each_timer_once(void **state)
{
    struct world *w = *state;
    char why[256];
    int64_t due = instant("2026-12-24T10:00:00+08:00"), counts[3];
    plant_many(w, IN_UNIT, due);
    struct server servers[2] = {{.store = w->store, .now_ms = due + 1000}, {.now_ms = due + 1000}};
    servers[1].store = store_open(w->dir, why);
    assert_non_null(servers[1].store);
    for (size_t i = 0; i < 2; i++)
        pthread_create(&servers[i].thread, NULL, serve, &servers[i]);
    for (size_t i = 0; i < 2; i++)
        pthread_join(servers[i].thread, NULL);
    store_close(servers[1].store);
    assert_int_equal(store_read(w->store, count_moved, counts), STORE_OK);
    print_message("two servers: %d and %d of %d\n", servers[0].fired, servers[1].fired, IN_UNIT);
    assert_int_equal(servers[0].fired + servers[1].fired, IN_UNIT);
    assert_true(counts[0] == IN_UNIT && counts[2] == 2);
}

/* ---- at once ------------------------------------------------------------------------------------------------------------ */

struct rival {
    pthread_t thread;
    struct store *store;
    struct case_action action;
    enum case_answer answer;
};

static void *compete(void *arg)
{
    struct rival *r = arg;
    struct arena a = {0};
    struct case_row_stored row;
    r->answer = case_take(r->store, &a, &r->action, &row);
    arena_done(&a);
    return NULL;
}

/** The buyer withdraws, the shop agrees, ships and refuses, the clock fires, all at once; a hundred times over. */
static void one_of_many_at_once_wins(void **state)
{
    struct world *w = *state;
    static const struct {
        enum case_event event;
        enum case_actor actor;
    } moves[] = {
        {CASE_WITHDRAW, CASE_BUYER}, {CASE_AGREE, CASE_AGENT},   {CASE_SHIPPED, CASE_SYSTEM},
        {CASE_REFUSE, CASE_LEADER},  {CASE_TIMEOUT, CASE_SYSTEM}, {CASE_AGREE, CASE_LEADER},
    };
    int64_t refunded = 0;
    for (int round = 0; round < 100; round++) {
        struct arena a = {0};
        struct str row = str_fmt(&a,
                                 "{\"id\":\"R%d\",\"shop\":\"S1\",\"buyer\":\"B1\",\"status\":\"paid\",\"created_at\":"
                                 "\"2026-11-18T10:02:00+08:00\",\"items\":[{\"sub_id\":\"R%d-1\",\"product\":\"P1\","
                                 "\"paid_cents\":100}]}",
                                 round, round);
        import_row(w, &order_import, str_c(&a, row));
        char *id = str_c(&a, str_fmt(&a, "R%d", round));
        struct case_request r = request(w, id, CASE_REFUND_ONLY, "not_wanted");
        struct case_row_stored c = opened(w, &r);
        struct rival rivals[COUNT(moves)];
        int won = 0;
        for (size_t i = 0; i < COUNT(moves); i++) {
            rivals[i] = (struct rival){.store = w->store, .action = {
                .tenant_id = w->shop, .case_id = c.id, .event = moves[i].event, .seen_version = c.version,
                .who = {.actor = moves[i].actor, .buyer = STR("B1")}, .now_ms = instant("2026-11-23T10:00:00+08:00")}};
            pthread_create(&rivals[i].thread, NULL, compete, &rivals[i]);
        }
        for (size_t i = 0; i < COUNT(moves); i++) {
            pthread_join(rivals[i].thread, NULL);
            won += rivals[i].answer == CASE_OK;
            assert_true(rivals[i].answer == CASE_OK || rivals[i].answer == CASE_STALE);
        }
        struct asked q = stored(w, id);
        bool paid = q.rows[0].c.state == CASE_SUCCESS;
        assert_int_equal(won, 1);
        assert_int_equal(q.refunded, paid ? 100 : 0);
        assert_int_equal(ledger_open(&q.sum), 0);
        refunded += q.refunded;
        arena_done(&a);
    }
    print_message("six at once, a hundred times: one won each time; %lld of 100 were refunded\n", (long long)refunded / 100);
}

struct opener {
    pthread_t thread;
    struct store *store;
    struct case_request request;
    enum case_answer answer;
};

static void *open_it(void *arg)
{
    struct opener *o = arg;
    struct arena a = {0};
    struct case_row_stored row;
    o->answer = case_open_now(o->store, &a, &o->request, &row);
    arena_done(&a);
    return NULL;
}

static void a_case_is_opened_once_from_many_windows(void **state)
{
    struct world *w = *state;
    struct opener openers[8];
    int won = 0;
    for (size_t i = 0; i < COUNT(openers); i++) {
        openers[i] = (struct opener){.store = w->store, .request = request(w, "E1", CASE_REFUND_ONLY, "not_wanted")};
        pthread_create(&openers[i].thread, NULL, open_it, &openers[i]);
    }
    for (size_t i = 0; i < COUNT(openers); i++) {
        pthread_join(openers[i].thread, NULL);
        won += openers[i].answer == CASE_OK;
        assert_true(openers[i].answer == CASE_OK || openers[i].answer == CASE_ALREADY_OPEN);
    }
    assert_int_equal(won, 1);
    assert_int_equal(stored(w, "E1").n, 1);
}

/* ---- rules that change -------------------------------------------------------------------------------------------------- */

static void a_rule_of_a_later_day_does_not_touch_an_open_case(void **state)
{
    struct world *w = *state;
    struct case_request r = request(w, "E2", CASE_REFUND_ONLY, "not_received");
    struct case_row_stored row = opened(w, &r);
    int64_t due = row.c.due_ms;
    import_row(w, &policy_import,
               "{\"key\":\"refund.refused.buyer\",\"value\":\"1h\",\"from\":\"2026-11-19\",\"source\":\"test\"}");
    assert_int_equal(act(w, &row, CASE_REFUSE, CASE_AGENT, NOW), CASE_OK);
    assert_int_equal(row.c.due_ms - instant(NOW), 5 * DAY_MS); /* ordered on the 18th */
    assert_int_equal(act(w, &row, CASE_MODIFY, CASE_BUYER, NOW), CASE_BAD_AMOUNT);
    assert_int_equal(due - instant(NOW), 72 * HOUR_MS);
}

static int odd_input(struct tx *tx, void *arg)
{
    struct world *w = arg;
    (void)tx;
    struct case_record record;
    static const char *const bad[][4] = {
        {"opened", "buyer", "{", "{}"},       {"opened", "buyer", "{}", "{}"},          {"sing", "buyer", "{}", "{}"},
        {"agree", "nobody", "{}", "{}"},      {"agree", "agent", "{}", "{}"},           {"agree", "agent", "{\"goods\":1}", "{}"},
        {"agree", "agent", "{\"goods\":\"received\"}", "["},
        {"agree", "agent", "{\"goods\":\"received\"}", "{\"k\":{\"from\":\"then\"}}"},
    };
    for (size_t i = 0; i < COUNT(bad); i++)
        if (case_record_read(&w->arena, str_from(bad[i][0]), str_from(bad[i][1]), str_from(bad[i][2]), str_from(bad[i][3]),
                             &record))
            return STORE_FAULT;
    return STORE_OK;
}

static void a_record_that_is_none_is_not_read(void **state)
{
    struct world *w = *state;
    assert_int_equal(store_read(w->store, odd_input, w), STORE_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_paid_order_is_refunded_and_closed),
        TEST(a_return_pays_and_claims_its_insurance),
        TEST(price_protection_pays_the_drop),
        TEST(pieces_are_refunded_to_the_cent),
        TEST(what_is_not_theirs_is_not_found),
        TEST(what_was_seen_must_still_be_so),
        TEST(a_payment_provider_is_waited_for),
        TEST(timers_fire_when_they_are_due_and_once),
        TEST(one_that_cannot_fire_holds_up_no_other),
        TEST(looking_for_what_is_due_costs_nothing),
        TEST(two_servers_fire_each_timer_once),
        TEST(one_of_many_at_once_wins),
        TEST(a_case_is_opened_once_from_many_windows),
        TEST(a_rule_of_a_later_day_does_not_touch_an_open_case),
        TEST(a_record_that_is_none_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
