/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work orders: their steps, and due times in opening hours.
 */
#include "base/table_test.h"

#include "base/json.h"
#include "base/time.h"
#include "trade/work_order.h"

static void names_are_read_back(void **state)
{
    (void)state;
    enum work_team team;
    enum work_order_state is;
    for (size_t i = 0; i < WORK_TEAMS; i++) {
        assert_true(work_team_from_name(str_from(work_team_name((enum work_team)i)), &team));
        assert_int_equal(team, i);
    }
    for (size_t i = 0; i < WORK_ORDER_STATES; i++) {
        assert_true(work_state_from_name(str_from(work_state_name((enum work_order_state)i)), &is));
        assert_int_equal(is, i);
    }
    assert_false(work_team_from_name(STR("kitchen"), &team));
    assert_false(work_state_from_name(STR("lost"), &is));
    assert_string_equal(work_event_name(WORK_FINISH), "done");
}

static void what_is_done_stays_done(void **state)
{
    (void)state;
    for (size_t e = 0; e < WORK_EVENTS; e++) {
        enum work_order_state to = WORK_ORDER_OPEN;
        bool can = work_order_step(WORK_ORDER_DONE, (enum work_event)e, &to);
        assert_int_equal(can, e == WORK_COMMENT);
        assert_int_equal(to, can ? WORK_ORDER_DONE : WORK_ORDER_OPEN);
    }
    static const enum work_order_state after[] = {WORK_ORDER_TAKEN, WORK_ORDER_ANSWERED, WORK_ORDER_OPEN, WORK_ORDER_DONE};
    for (size_t e = 0; e < WORK_EVENTS; e++) {
        enum work_order_state to;
        assert_true(work_order_step(WORK_ORDER_OPEN, (enum work_event)e, &to));
        assert_int_equal(to, after[e]);
    }
}

static void it_is_overdue_until_somebody_answers(void **state)
{
    (void)state;
    struct work_order w = {.state = WORK_ORDER_OPEN, .due_ms = 10};
    assert_false(work_order_overdue(&w, 10));
    assert_true(work_order_overdue(&w, 11));
    w.state = WORK_ORDER_TAKEN;
    assert_true(work_order_overdue(&w, 11));
    w.state = WORK_ORDER_ANSWERED;
    assert_false(work_order_overdue(&w, 11));
    w.state = WORK_ORDER_DONE;
    assert_false(work_order_overdue(&w, 11));
}

static void a_number_is_of_the_shops_day(void **state)
{
    (void)state;
    struct arena a = {0};
    int64_t at;
    assert_true(time_parse(STR("2026-11-22T16:30:00Z"), &at));
    assert_int_equal(work_order_day(at, STR("Asia/Shanghai")), 20261123);
    assert_int_equal(work_order_day(at, STR("UTC")), 20261122);
    assert_true(str_eq_c(work_order_ticket(&a, 20261122, 7), "W-20261122-0007"));
    assert_true(str_eq_c(work_order_ticket(&a, 20261122, 12345), "W-20261122-12345"));
    arena_done(&a);
}

static const struct due_row {
    const char *name, *hours, *from, *term, *due;
} dues[] = {
    {"within a day", "\"09:00-18:00\"", "2026-11-20T10:00:00+08:00", "2h", "2026-11-20T12:00:00+08:00"},
    {"to the last minute", "\"09:00-18:00\"", "2026-11-20T16:00:00+08:00", "2h", "2026-11-20T18:00:00+08:00"},
    {"over night", "\"09:00-18:00\"", "2026-11-20T17:00:00+08:00", "2h", "2026-11-21T10:00:00+08:00"},
    {"asked at night", "\"09:00-18:00\"", "2026-11-20T23:00:00+08:00", "2h", "2026-11-21T11:00:00+08:00"},
    {"over lunch", "\"09:00-12:00,13:00-18:00\"", "2026-11-20T11:00:00+08:00", "2h", "2026-11-20T14:00:00+08:00"},
    {"over the weekend", "{\"1-5\":\"09:00-18:00\"}", "2026-11-20T17:00:00+08:00", "2h", "2026-11-23T10:00:00+08:00"},
    {"across midnight", "\"20:00-02:00\"", "2026-11-20T23:00:00+08:00", "2h", "2026-11-21T01:00:00+08:00"},
    {"after midnight", "\"20:00-02:00\"", "2026-11-21T01:00:00+08:00", "2h", "2026-11-21T21:00:00+08:00"},
    {"several days", "\"09:00-18:00\"", "2026-11-20T09:00:00+08:00", "20h", "2026-11-22T11:00:00+08:00"},
    {"always open", "null", "2026-11-20T23:00:00+08:00", "2h", "2026-11-21T01:00:00+08:00"},
    {"never open", "{}", "2026-11-20T23:00:00+08:00", "2h", "2026-11-21T01:00:00+08:00"},
    {"longer than anybody waits", "\"09:00-09:01\"", "2026-11-20T09:00:00+08:00", "3000d", NULL},
};

static void a_term_runs_in_opening_hours(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(dues); i++) {
        const struct due_row *row = &dues[i];
        struct hours h;
        const char *why;
        int64_t from = 0, term = 0, due = 0;
        json_t *hours = json_loads(row->hours, JSON_DECODE_ANY, NULL);
        assert_true(hours_parse(hours, &h, &why));
        json_decref(hours);
        assert_true(time_parse(str_from(row->from), &from) && time_duration(str_from(row->term), &term));
        int64_t got = work_due_ms(&h, STR("Asia/Shanghai"), from, term);
        assert_true(row->due == NULL || time_parse(str_from(row->due), &due));
        if (row->due == NULL ? got <= from : got != due)
            row_failed(failed, row->name, "%lld minutes off", (long long)(got - due) / 60000);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_read_back),
        cmocka_unit_test(what_is_done_stays_done),
        cmocka_unit_test(it_is_overdue_until_somebody_answers),
        cmocka_unit_test(a_number_is_of_the_shops_day),
        cmocka_unit_test(a_term_runs_in_opening_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
