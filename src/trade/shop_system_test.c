/* SPDX-License-Identifier: Apache-2.0 */
/* What was handed on to a shop's own system, on a real database: settled once, given up and answered after all, paid under
 * the key that cannot pay twice, and news of which only the newest counts. */
#include "trade/action_world_for_test.h"

#include "trade/case_service.h"
#include "trade/shop_system_private.h"

/** What a unit of work shall do, and what it found. */
struct unit {
    struct world *w;
    struct str key;
    struct adapter_answer answer;
    int64_t case_id;
    enum case_event event;
    int settled;
    struct shop_wish wish;
    int has_wish;
    struct case_row_stored row;
};

static void open_system(struct world *w)
{
    world_import(w, &shop_system_import,
                 "{\"shop\":\"S1\",\"kind\":\"http\",\"url\":\"http://127.0.0.1:9\","
                 "\"secret\":\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"}");
}

static int settle_in(struct tx *tx, void *arg)
{
    struct unit *u = arg;
    u->settled = shop_system_settle(tx, &u->w->arena, u->w->shop, u->key, &u->answer, u->w->now_ms);
    return u->settled < 0 ? STORE_FAULT : STORE_OK;
}

static int give_up_in(struct tx *tx, void *arg)
{
    struct unit *u = arg;
    return shop_system_give_up(tx, &u->w->arena, u->w->shop, u->key, STR("nobody answers"), u->w->now_ms);
}

static int look_in(struct tx *tx, void *arg)
{
    struct unit *u = arg;
    u->has_wish = u->case_id != 0 ? shop_wish_of_case(tx, &u->w->arena, u->w->shop, u->case_id, &u->wish)
                                  : shop_wish_of_key(tx, &u->w->arena, u->w->shop, u->key, &u->wish);
    if (u->case_id != 0 && case_get(tx, &u->w->arena, u->w->shop, u->case_id, &u->row) <= 0)
        return STORE_FAULT;
    return u->has_wish < 0 ? STORE_FAULT : STORE_OK;
}

static int settle(struct unit *u, enum adapter_verdict verdict)
{
    u->answer = (struct adapter_answer){.verdict = verdict, .code = STR("failed"), .reference = STR("R1")};
    assert_int_equal(store_write(u->w->store, settle_in, u), STORE_OK);
    return u->settled;
}

static void give_up(struct unit *u)
{
    assert_int_equal(store_write(u->w->store, give_up_in, u), STORE_OK);
}

static enum shop_wish_state look(struct unit *u)
{
    assert_int_equal(store_read(u->w->store, look_in, u), STORE_OK);
    assert_int_equal(u->has_wish, 1);
    return u->wish.state;
}

/** A wish of the buyer that is handed on; its key is in @p u. */
static struct action_request hand_on(struct world *w, struct unit *u, const char *text)
{
    struct action_request r = world_wish(w, ACTION_ORDER_ADD_NOTE, "E1");
    r.text = str_from(text);
    assert_int_equal(world_do(w, &r).answer, ACTION_PENDING);
    *u = (struct unit){.w = w, .key = str_fmt(&w->arena, "act_%lld", (long long)r.id)};
    assert_int_equal(look(u), SHOP_WISH_WAITING);
    return r;
}

static void a_wish_is_settled_once(void **state)
{
    struct world *w = *state;
    struct unit u;
    open_system(w);
    struct action_request r = hand_on(w, &u, "请放门口");
    assert_int_equal(world_order(w, "E1").order.note.n, 0); /* not before the shop has said so */
    assert_int_equal(world_do(w, &r).answer, ACTION_PENDING); /* asked again under its key */
    assert_int_equal(settle(&u, ADAPTER_DONE), 1);
    assert_true(str_eq_c(world_order(w, "E1").order.note, "请放门口"));
    assert_int_equal(settle(&u, ADAPTER_REFUSED), 0);
    assert_int_equal(look(&u), SHOP_WISH_DONE);
    assert_int_equal(world_do(w, &r).answer, ACTION_SAME);
    give_up(&u);
    assert_int_equal(look(&u), SHOP_WISH_DONE);
}

static void a_refusal_changes_nothing(void **state)
{
    struct world *w = *state;
    struct unit u;
    open_system(w);
    hand_on(w, &u, "请放门口");
    assert_int_equal(settle(&u, ADAPTER_REFUSED), 1);
    assert_int_equal(look(&u), SHOP_WISH_REFUSED);
    assert_true(u.wish.tell_ms > 0);
    assert_int_equal(world_order(w, "E1").order.note.n, 0);
    assert_int_equal(settle(&u, ADAPTER_DONE), 0);
}

static void what_was_given_up_may_still_be_answered(void **state)
{
    struct world *w = *state;
    struct unit u;
    open_system(w);
    hand_on(w, &u, "请放门口");
    give_up(&u);
    assert_int_equal(look(&u), SHOP_WISH_GIVEN_UP);
    assert_true(str_starts(u.wish.ticket, STR("W-2026")));
    struct str ticket = u.wish.ticket;
    give_up(&u);
    assert_int_equal(look(&u), SHOP_WISH_GIVEN_UP);
    assert_true(str_eq(u.wish.ticket, ticket)); /* one work order */
    assert_int_equal(settle(&u, ADAPTER_DONE), 1);
    assert_int_equal(look(&u), SHOP_WISH_DONE);
    assert_true(str_eq_c(world_order(w, "E1").order.note, "请放门口"));
}

static void what_the_shop_cannot_do_stays_here(void **state)
{
    struct world *w = *state;
    struct action_request r = world_wish(w, ACTION_ORDER_ADD_NOTE, "E1");
    r.text = STR("请放门口");
    assert_int_equal(world_do(w, &r).answer, ACTION_DONE); /* no system */
    assert_true(shop_system_can(STR_NONE, STR("order.add_note")));
    assert_true(shop_system_can(STR("[\"order.cancel\",\"order.add_note\"]"), STR("order.add_note")));
    assert_false(shop_system_can(STR("[\"order.cancel\"]"), STR("order.add_note")));
    assert_false(shop_system_can(STR("[]"), STR("order.add_note")));
    assert_false(shop_system_can(STR_NONE, STR("goodwill.give"))); /* not in the contract */
    assert_false(shop_system_can(STR("[\"logistics.urge\"]"), STR("logistics.urge")));
}

/* ---- payments ---------------------------------------------------------------------------------------------------------- */

static void step(struct unit *u, enum case_actor actor, enum case_event event)
{
    struct case_action action = {.tenant_id = u->w->shop, .case_id = u->case_id, .event = event, .now_ms = u->w->now_ms,
                                 .who = {.actor = actor, .person_id = 9, .confirmed = true}};
    assert_int_equal(case_take(u->w->store, &u->w->arena, &action, &u->row), CASE_OK);
}

/** A refund of E1 that is on its way to the shop. */
static void begin_payment(struct world *w, struct unit *u)
{
    open_system(w);
    world_policy(w, "pay.external", "\"on\"");
    struct action_request r = world_wish(w, ACTION_ORDER_CANCEL, "E1");
    struct action_result done = world_do(w, &r);
    assert_int_equal(done.answer, ACTION_DONE);
    *u = (struct unit){.w = w, .case_id = done.row.id};
    step(u, CASE_LEADER, CASE_AGREE);
    assert_int_equal(u->row.c.state, CASE_PAYING);
    assert_int_equal(look(u), SHOP_WISH_WAITING);
    u->key = u->wish.key;
}

static void a_payment_is_reserved_then_committed(void **state)
{
    struct world *w = *state;
    struct unit u;
    begin_payment(w, &u);
    struct ledger_sum sum = world_order(w, "E1").sum;
    assert_int_equal(sum.reserved_cents, 5290);
    assert_int_equal(sum.committed_cents, 0);
    assert_int_equal(settle(&u, ADAPTER_DONE), 1);
    assert_int_equal(settle(&u, ADAPTER_DONE), 0);
    sum = world_order(w, "E1").sum;
    assert_int_equal(sum.committed_cents, 5290);
    assert_int_equal(look(&u), SHOP_WISH_DONE);
    assert_int_equal(u.row.c.state, CASE_SUCCESS);
}

static void an_unknown_payment_is_asked_again_under_its_key(void **state)
{
    struct world *w = *state;
    struct unit u;
    begin_payment(w, &u);
    give_up(&u);
    assert_int_equal(look(&u), SHOP_WISH_GIVEN_UP);
    assert_int_equal(u.row.c.state, CASE_PAY_REVIEW);
    w->now_ms = u.row.c.due_ms;
    step(&u, CASE_SYSTEM, CASE_TIMEOUT);
    assert_int_equal(u.row.c.state, CASE_PAYING);
    assert_int_equal(look(&u), SHOP_WISH_WAITING);
    assert_true(str_eq(u.wish.key, u.key));
    assert_int_equal(settle(&u, ADAPTER_DONE), 1);
    assert_int_equal(world_order(w, "E1").sum.committed_cents, 5290);
    assert_int_equal(world_order(w, "E1").sum.reserved_cents, 5290); /* once */
}

static void a_refused_payment_is_asked_again_under_another_key(void **state)
{
    struct world *w = *state;
    struct unit u;
    begin_payment(w, &u);
    assert_int_equal(settle(&u, ADAPTER_REFUSED), 1);
    assert_int_equal(look(&u), SHOP_WISH_REFUSED);
    assert_int_equal(u.row.c.state, CASE_PAY_REVIEW);
    w->now_ms = u.row.c.due_ms;
    step(&u, CASE_SYSTEM, CASE_TIMEOUT);
    assert_int_equal(look(&u), SHOP_WISH_WAITING);
    assert_false(str_eq(u.wish.key, u.key)); /* the old one would be answered as before */
    assert_int_equal(settle(&u, ADAPTER_DONE), 0);
    u.key = u.wish.key;
    assert_int_equal(settle(&u, ADAPTER_DONE), 1);
    assert_int_equal(world_order(w, "E1").sum.committed_cents, 5290);
}

/* ---- news -------------------------------------------------------------------------------------------------------------- */

#define ORDER_IN(status) WORLD_ORDER("E1", "B1", status, WORLD_SENT)
#define MESSAGE(version, order) "{\"version\":" version ",\"order\":" order "}"

/** Each row comes after those above it. */
static const struct {
    const char *name, *id, *type, *data;
    enum shop_news want;
    enum order_status status;
} news_rows[] = {
    {"shipped", "m1", "order.changed", MESSAGE("7", ORDER_IN("shipped")), SHOP_NEWS_TAKEN, ORDER_SHIPPED},
    {"the same message", "m1", "order.changed", MESSAGE("8", ORDER_IN("finished")), SHOP_NEWS_SAME, ORDER_SHIPPED},
    {"an older version", "m2", "order.changed", MESSAGE("6", ORDER_IN("paid")), SHOP_NEWS_SAME, ORDER_SHIPPED},
    {"the same version", "m3", "order.changed", MESSAGE("7", ORDER_IN("paid")), SHOP_NEWS_SAME, ORDER_SHIPPED},
    {"newer, the same words", "m4", "order.changed", MESSAGE("8", ORDER_IN("shipped")), SHOP_NEWS_SAME, ORDER_SHIPPED},
    {"no version", "m5", "order.changed", "{\"order\":" ORDER_IN("finished") "}", SHOP_NEWS_REFUSED, ORDER_SHIPPED},
    {"refused, mended under the same id", "m5", "order.changed", MESSAGE("9", ORDER_IN("delivered")), SHOP_NEWS_TAKEN,
     ORDER_DELIVERED},
    {"parcels of the order", "m6", "parcel.changed", "{\"version\":10,\"order_id\":\"E1\",\"parcels\":[],\"status\":\"shipped\"}",
     SHOP_NEWS_TAKEN, ORDER_SHIPPED},
    {"parcels of no order", "m7", "parcel.changed", "{\"version\":11,\"order_id\":\"E77\",\"parcels\":[]}", SHOP_NEWS_REFUSED,
     ORDER_SHIPPED},
    {"parcels that are none", "m8", "parcel.changed", "{\"version\":11,\"order_id\":\"E1\",\"parcels\":[7]}", SHOP_NEWS_REFUSED,
     ORDER_SHIPPED},
    {"an answer to nothing", "m9", "action.settled", "{\"key\":\"act_1\",\"status\":\"done\"}", SHOP_NEWS_SAME, ORDER_SHIPPED},
    {"an answer that is none", "m10", "action.settled", "{\"key\":\"act_1\",\"status\":\"ok\"}", SHOP_NEWS_REFUSED, ORDER_SHIPPED},
    {"something else", "m11", "customer.changed", "{}", SHOP_NEWS_SAME, ORDER_SHIPPED},
};

static void only_the_newest_counts(void **state)
{
    struct world *w = *state;
    int failed = 0;
    open_system(w);
    for (size_t i = 0; i < COUNT(news_rows); i++) {
        struct str why;
        _cleanup_(json_donep) json_t *data = json_read(str_from(news_rows[i].data), NULL);
        assert_non_null(data);
        enum shop_news got = shop_system_hear(w->store, &w->arena, w->shop, str_from(news_rows[i].id),
                                              str_from(news_rows[i].type), data, w->now_ms, &why);
        struct world_order o = world_order(w, "E1");
        if (got != news_rows[i].want || o.order.status != news_rows[i].status || !o.order.has_address)
            row_failed(failed, news_rows[i].name, "news %d, want %d; status %s", (int)got, (int)news_rows[i].want,
                       order_status_name(o.order.status));
    }
    assert_int_equal(failed, 0);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_begin, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_wish_is_settled_once),
        WITH_WORLD(a_refusal_changes_nothing),
        WITH_WORLD(what_was_given_up_may_still_be_answered),
        WITH_WORLD(what_the_shop_cannot_do_stays_here),
        WITH_WORLD(a_payment_is_reserved_then_committed),
        WITH_WORLD(an_unknown_payment_is_asked_again_under_its_key),
        WITH_WORLD(a_refused_payment_is_asked_again_under_another_key),
        WITH_WORLD(only_the_newest_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
