/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clocks of orders: which run, when they end, and what cases do to them.
 */
#include "base/table_test.h"

#include "base/time.h"
#include "trade/order_clock.h"

#define T0 INT64_C(1763524800000) /* 2025-11-19T04:00:00Z, noon in Shanghai */

static struct order_terms terms_of(void)
{
    struct order_terms t = {.clocks = {48 * HOUR_MS, 48 * HOUR_MS, 24 * HOUR_MS}, .zone = STR("Asia/Shanghai")};
    static const int64_t runs[ORDER_CLOCKS] = {
        [ORDER_CLOCK_UNPAID_CLOSE] = 24 * HOUR_MS, [ORDER_CLOCK_AUTO_CONFIRM] = 10 * DAY_MS,
        [ORDER_CLOCK_LONGSTOP] = 30 * DAY_MS,      [ORDER_CLOCK_CARE_PAYMENT] = 12 * MINUTE_MS,
        [ORDER_CLOCK_CARE_ADDRESS] = 2 * MINUTE_MS, [ORDER_CLOCK_CARE_LATE_SOON] = 6 * HOUR_MS,
        [ORDER_CLOCK_CARE_SIGNED] = 2 * HOUR_MS,
    };
    for (size_t i = 0; i < ORDER_CLOCKS; i++) {
        t.of[i].runs = runs[i] > 0;
        t.of[i].v = (struct policy_value){.kind = POLICY_DURATION, .number = runs[i]};
    }
    t.of[ORDER_CLOCK_CARE_PARCEL].runs = true;
    return t;
}

static void which_clocks_run(void **state)
{
    (void)state;
    static const struct parcel_event moving[] = {{.at_ms = T0 + HOUR_MS, .kind = PARCEL_IN_TRANSIT}};
    static const struct parcel_event wrong[] = {{.at_ms = T0 + HOUR_MS, .kind = PARCEL_EXCEPTION}};
    static const struct parcel_event there[] = {{.at_ms = T0 + HOUR_MS, .kind = PARCEL_DELIVERED}};
    static const struct order_item two[] = {{.sub_id = {"E1-1", 4}}, {.sub_id = {"E1-2", 4}}};
    static const struct {
        const char *name;
        enum order_status status;
        const struct parcel_event *event;
        bool parcel;
        int64_t delivered_ms, extended_ms;
        const char *alarms; /* clock+minutes after T0 */
    } rows[] = {
        {"unpaid", ORDER_UNPAID, NULL, false, 0, 0, "unpaid_close+1440 care_payment+12"},
        {"paid: each sub-order by itself", ORDER_PAID, NULL, false, 0, 0,
         "longstop/E1-1+43200 longstop/E1-2+43200 late/E1-1+2880 late/E1-2+2880 care_address+2 care_late_soon+2520 care_late+2880"},
        {"shipped, nobody has seen it", ORDER_SHIPPED, NULL, false, 0, 0, "auto_confirm+14400 care_stale//T0+1440"},
        {"moving", ORDER_SHIPPED, moving, true, 0, 0, "auto_confirm+14400 care_stale/Z1/T1+2940"},
        {"more time", ORDER_SHIPPED, moving, true, 0, 3 * DAY_MS, "auto_confirm+18720 care_stale/Z1/T1+2940"},
        {"an exception is told at once and is not stale", ORDER_SHIPPED, wrong, true, 0, 0,
         "auto_confirm+14400 care_parcel/Z1/T1+60"},
        {"there by the trace", ORDER_SHIPPED, there, true, 0, 0, "auto_confirm+14400"},
        {"delivered", ORDER_DELIVERED, there, true, T0 + 2 * HOUR_MS, 0, "auto_confirm+14400 care_signed+240"},
        {"delivered, by the trace alone", ORDER_DELIVERED, there, true, 0, 0, "auto_confirm+14400 care_signed+180"},
        {"finished", ORDER_FINISHED, there, true, T0, 0, ""},
        {"closed", ORDER_CLOSED, NULL, false, 0, 0, ""},
    };
    int failed = 0;
    struct order_terms terms = terms_of();
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = {0};
        struct parcel p = {.tracking_no = STR("Z1"), .events = rows[i].event, .event_count = rows[i].event != NULL};
        struct order o = {.id = STR("E1"), .status = rows[i].status, .created_ms = T0, .items = two, .item_count = 2,
                          .paid_ms = rows[i].status >= ORDER_PAID ? T0 : 0,
                          .shipped_ms = rows[i].status >= ORDER_SHIPPED ? T0 : 0, .delivered_ms = rows[i].delivered_ms,
                          .extended_ms = rows[i].extended_ms, .parcels = &p, .parcel_count = rows[i].parcel};
        struct order_alarms all = order_alarms(&a, &o, &terms);
        struct buf b = {.arena = &a};
        for (size_t k = 0; k < all.n; k++) {
            buf_printf(&b, "%s%s", k > 0 ? " " : "", order_clock_name(all.v[k].clock));
            if (all.v[k].event.n > 0 && str_has(all.v[k].event, STR("/")))
                buf_printf(&b, "/%.*s/%s", (int)p.tracking_no.n * (rows[i].event != NULL), p.tracking_no.p,
                           rows[i].event != NULL ? "T1" : "T0");
            else if (all.v[k].event.n > 0)
                buf_printf(&b, "/%.*s", STR_ARG(all.v[k].event));
            buf_printf(&b, "+%lld", (long long)((all.v[k].due_ms - T0) / MINUTE_MS));
        }
        if (!str_eq_c(buf_view(&b), rows[i].alarms)) {
            print_error("[%s] %.*s\n  want %s\n", rows[i].name, STR_ARG(buf_view(&b)), rows[i].alarms);
            failed++;
        }
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static void cases_stop_the_clock(void **state)
{
    (void)state;
    enum { H = 3600000 };
    static const struct {
        const char *name;
        struct order_pause pauses[3];
        size_t n;
        int64_t now_h, due_h;
        bool open;
    } rows[] = {
        {"none", {{0}}, 0, 5, 100, false},
        {"one, over: as much is left as was", {{10 * H, 30 * H}}, 1, 50, 120, false},
        {"open: not before what is left has run", {{10 * H, 0}}, 1, 50, 140, true},
        {"one after the other", {{10 * H, 20 * H}, {40 * H, 50 * H}}, 2, 60, 120, false},
        {"one within another counts once", {{10 * H, 40 * H}, {20 * H, 30 * H}}, 2, 60, 130, false},
        {"two that overlap", {{10 * H, 40 * H}, {20 * H, 60 * H}}, 2, 70, 150, false},
        {"at least a day is left", {{90 * H, 95 * H}}, 1, 96, 119, false},
        {"opened when it had ended", {{101 * H, 110 * H}}, 1, 120, 100, false},
        {"closed, and another open", {{10 * H, 20 * H}, {30 * H, 0}}, 2, 90, 170, true},
    };
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool open;
        int64_t due = order_clock_paused(100 * H, rows[i].pauses, rows[i].n, 24 * H, rows[i].now_h * H, &open);
        if (due == rows[i].due_h * H && open == rows[i].open)
            continue;
        print_error("[%s] %lld h %d, want %lld h\n", rows[i].name, (long long)(due / H), open, (long long)rows[i].due_h);
        failed++;
    }
    assert_int_equal(failed, 0);
}

static void names_are_read_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < ORDER_CLOCKS; i++) {
        enum order_clock c;
        assert_true(order_clock_from_name(str_from(order_clock_name((enum order_clock)i)), &c));
        assert_int_equal(c, i);
        bool care = str_starts(str_from(order_clock_name(c)), STR("care_"));
        assert_int_equal(order_clock_kind(c), care ? ORDER_CLOCK_CARE : ORDER_CLOCK_ORDER);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_clocks_run),
        cmocka_unit_test(cases_stop_the_clock),
        cmocka_unit_test(names_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
