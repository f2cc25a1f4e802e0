/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an action leaves behind: a row that says by which rules it went, news only for whom there are some, clocks as they
 * were.
 */
#include "trade/action_world_for_test.h"

#include "account/reach.h"
#include "trade/notice_store.h"
#include "trade/order_clock_store.h"

/** All that is looked at. */
struct left {
    struct world *w;
    struct action_logged *rows;
    struct notice_row *notices;
    struct order_clock_row *clocks;
    size_t n, notice_count, clock_count;
    int64_t longest, sets, orders; /* bytes of rules in the log; sets of rules; version of the shop's orders */
};

static int look_at_numbers(struct tx *tx, struct left *l)
{
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT (SELECT max(length(rules)) FROM action_log WHERE tenant_id = $1),"
                      " (SELECT count(*) FROM action_rules WHERE tenant_id = $2), orders FROM shop WHERE tenant_id = $3");
    for (int i = 0; i < 3; i++)
        stmt_int(&q, l->w->shop);
    int rc = stmt_next(&q);
    l->longest = stmt_get_int(&q, 0);
    l->sets = stmt_get_int(&q, 1);
    l->orders = stmt_get_int(&q, 2);
    return rc;
}

static int look(struct tx *tx, void *arg)
{
    struct left *l = arg;
    struct arena *a = &l->w->arena;
    if (look_at_numbers(tx, l) <= 0 || action_list_of_order(tx, a, l->w->shop, STR("E1"), 10, &l->rows, &l->n) < 0 ||
        order_clock_list(tx, a, l->w->shop, STR("E1"), &l->clocks, &l->clock_count) < 0)
        return STORE_FAULT;
    return notice_due(tx, a, INT64_MAX, 10, &l->notices, &l->notice_count);
}

static struct left looked(struct world *w)
{
    struct left l = {.w = w};
    assert_int_equal(store_read(w->store, look, &l), STORE_OK);
    return l;
}

static void change_phone(struct world *w, const char *phone, int64_t conversation_id)
{
    w->now_ms += SECOND_MS; /* ids rise with time, not within an instant */
    struct action_request r = world_wish(w, ACTION_ORDER_CHANGE_PHONE, "E1");
    r.address.phone = str_from(phone);
    r.conversation_id = conversation_id;
    struct action_result done = world_do(w, &r);
    assert_int_equal(done.answer, ACTION_DONE);
    assert_string_equal(str_c(&w->arena, done.order.address.phone), phone);
    assert_string_equal(str_c(&w->arena, world_order(w, "E1").order.address.phone), phone);
}

static void the_log_says_by_which_rules(void **state)
{
    struct world *w = *state;
    change_phone(w, "13900000001", 5);
    change_phone(w, "13900000002", 5);
    struct left l = looked(w);
    assert_int_equal(l.n, 2);
    assert_true(str_eq(l.rows[0].rules, l.rows[1].rules));
    assert_true(str_has(l.rows[0].rules, STR("\"action.matrix\"")) && str_has(l.rows[0].rules, STR("change_address")));
    assert_in_range(l.longest, 40, 60); /* they stand elsewhere, once */
    assert_int_equal(l.sets, 1);
    world_policy(w, "action.off", "[\"order.cancel\"]");
    change_phone(w, "13900000003", 5);
    l = looked(w);
    assert_true(str_has(l.rows[0].rules, STR("order.cancel\\\"]")) && !str_has(l.rows[1].rules, STR("order.cancel\\\"]")));
    assert_int_equal(l.sets, 2);
}

static int agree_to_mail(struct tx *tx, void *arg)
{
    struct world *w = arg;
    struct contact_reach reach = {.email = STR("b1@example.com"), .mail_ok = true, .sms_ok = true};
    return reach_set(tx, &w->arena, w->shop, 21, &reach) == ACCOUNT_OK ? STORE_OK : STORE_FAULT;
}

static void news_are_left_for_whom_there_are_some(void **state)
{
    struct world *w = *state;
    change_phone(w, "13900000001", 5); /* answered in the chat, and no letter may be sent */
    assert_int_equal(looked(w).notice_count, 0);
    assert_int_equal(store_write(w->store, agree_to_mail, w), STORE_OK);
    change_phone(w, "13900000002", 5);
    assert_int_equal(looked(w).notice_count, 1);
    world_policy(w, "notice.channels", "{\"*\":[\"chat\"]}");
    change_phone(w, "13900000003", 5);
    assert_int_equal(looked(w).notice_count, 1);
    world_policy(w, "action.limits", "{}");
    change_phone(w, "13900000004", 0); /* nobody has said it in the chat */
    assert_int_equal(looked(w).notice_count, 2);
    world_policy(w, "notice.channels", "{\"action.*\":[\"sms\"]}"); /* which is declined, not agreed to */
    change_phone(w, "13900000005", 5);
    assert_int_equal(looked(w).notice_count, 3);
}

static void a_changed_address_leaves_clocks_and_kept_lists_alone(void **state)
{
    struct world *w = *state;
    struct left before = looked(w);
    change_phone(w, "13900000001", 5);
    struct left after = looked(w);
    assert_int_not_equal(before.clock_count, 0);
    assert_int_equal(after.clock_count, before.clock_count);
    for (size_t i = 0; i < before.clock_count; i++) {
        const struct order_alarm *x = &before.clocks[i].alarm, *y = &after.clocks[i].alarm;
        assert_true(x->clock == y->clock && x->due_ms == y->due_ms && str_eq(x->event, y->event));
    }
    assert_int_equal(after.orders, before.orders);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_begin, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(the_log_says_by_which_rules),
        WITH_WORLD(news_are_left_for_whom_there_are_some),
        WITH_WORLD(a_changed_address_leaves_clocks_and_kept_lists_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
