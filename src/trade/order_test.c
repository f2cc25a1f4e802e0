/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of orders: trouble, and which order a buyer means.
 */
#include "trade/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"

#define NOW INT64_C(1800000000000)
#define AGO(h) (NOW - (h) * HOUR_MS)

static const struct order_clocks clocks = {
    .ship_promise_ms = 48 * HOUR_MS, .stale_ms = 48 * HOUR_MS, .no_trace_ms = 24 * HOUR_MS};

/* ---- trouble ---------------------------------------------------------------------------------------------------- */

/** An order with at most two parcels, of each the last event. */
static const struct {
    const char *name;
    enum order_status status;
    int64_t paid_ms, shipped_ms;
    struct parcel_event first, second; /* at 0: none */
    int parcels;
    enum order_trouble_kind want;
    int64_t since_ms;
} troubles[] = {
    {"unpaid", ORDER_UNPAID, 0, 0, {0}, {0}, 0, TROUBLE_NONE, 0},
    {"paid, within the promise", ORDER_PAID, AGO(48), 0, {0}, {0}, 0, TROUBLE_NONE, 0},
    {"paid, promise passed", ORDER_PAID, AGO(49), 0, {0}, {0}, 0, TROUBLE_LATE, AGO(1)},
    {"paid and shipped in part is not late", ORDER_PAID, AGO(99), AGO(60), {0}, {0}, 0, TROUBLE_NONE, 0},
    {"shipped, no scan yet", ORDER_SHIPPED, AGO(40), AGO(23), {0}, {0}, 1, TROUBLE_NONE, 0},
    {"shipped, never scanned", ORDER_SHIPPED, AGO(60), AGO(24), {0}, {0}, 1, TROUBLE_NO_TRACE, AGO(24)},
    {"shipped, parcel not even known", ORDER_SHIPPED, AGO(60), AGO(24), {0}, {0}, 0, TROUBLE_NO_TRACE, AGO(24)},
    {"on its way", ORDER_SHIPPED, AGO(90), AGO(80), {.at_ms = AGO(47), .kind = PARCEL_IN_TRANSIT}, {0}, 1,
     TROUBLE_NONE, 0},
    {"stands still", ORDER_SHIPPED, AGO(90), AGO(80), {.at_ms = AGO(48), .kind = PARCEL_IN_TRANSIT}, {0}, 1,
     TROUBLE_STALE, AGO(48)},
    {"exception", ORDER_SHIPPED, AGO(90), AGO(80), {.at_ms = AGO(2), .kind = PARCEL_EXCEPTION}, {0}, 1,
     TROUBLE_EXCEPTION, AGO(2)},
    {"goes back", ORDER_SHIPPED, AGO(90), AGO(80), {.at_ms = AGO(60), .kind = PARCEL_RETURNED}, {0}, 1,
     TROUBLE_RETURNED, AGO(60)},
    {"came, still shipped", ORDER_SHIPPED, AGO(90), AGO(80), {.at_ms = AGO(60), .kind = PARCEL_DELIVERED}, {0}, 1,
     TROUBLE_UNFINISHED, AGO(60)},
    {"came, status says so", ORDER_DELIVERED, AGO(90), AGO(80), {.at_ms = AGO(5), .kind = PARCEL_DELIVERED}, {0}, 1,
     TROUBLE_UNFINISHED, AGO(5)},
    {"one came, one stands still", ORDER_SHIPPED, AGO(90), AGO(80), {.at_ms = AGO(5), .kind = PARCEL_DELIVERED},
     {.at_ms = AGO(70), .kind = PARCEL_IN_TRANSIT}, 2, TROUBLE_STALE, AGO(70)},
    {"the worse of two", ORDER_SHIPPED, AGO(90), AGO(80), {.at_ms = AGO(70), .kind = PARCEL_IN_TRANSIT},
     {.at_ms = AGO(1), .kind = PARCEL_EXCEPTION}, 2, TROUBLE_EXCEPTION, AGO(1)},
    {"finished: over", ORDER_FINISHED, AGO(90), AGO(80), {.at_ms = AGO(60), .kind = PARCEL_EXCEPTION}, {0}, 1,
     TROUBLE_NONE, 0},
    {"closed: over", ORDER_CLOSED, AGO(90), 0, {0}, {0}, 0, TROUBLE_NONE, 0},
};

static void trouble_follows_its_table(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(troubles); i++) {
        const struct parcel parcels[] = {
            {.events = &troubles[i].first, .event_count = troubles[i].first.at_ms != 0},
            {.events = &troubles[i].second, .event_count = troubles[i].second.at_ms != 0},
        };
        struct order o = {.status = troubles[i].status,
                          .paid_ms = troubles[i].paid_ms,
                          .shipped_ms = troubles[i].shipped_ms,
                          .parcels = parcels,
                          .parcel_count = (size_t)troubles[i].parcels};
        struct order_trouble got = order_trouble(&o, &clocks, NOW);
        if (got.kind == troubles[i].want && got.since_ms == troubles[i].since_ms)
            continue;
        print_error("[%s] %s since %lld\n", troubles[i].name, order_trouble_name(got.kind), (long long)got.since_ms);
        failed++;
    }
    assert_int_equal(failed, 0);
}

static void a_clock_of_zero_switches_its_rule_off(void **state)
{
    (void)state;
    const struct order_clocks off = {0};
    const struct parcel_event old = {.at_ms = AGO(900), .kind = PARCEL_IN_TRANSIT};
    const struct parcel parcel = {.events = &old, .event_count = 1};
    struct order late = {.status = ORDER_PAID, .paid_ms = AGO(900)};
    struct order stale = {.status = ORDER_SHIPPED, .shipped_ms = AGO(901), .parcels = &parcel, .parcel_count = 1};
    struct order unseen = {.status = ORDER_SHIPPED, .shipped_ms = AGO(901)};
    assert_int_equal(order_trouble(&late, &off, NOW).kind, TROUBLE_NONE);
    assert_int_equal(order_trouble(&stale, &off, NOW).kind, TROUBLE_NONE);
    assert_int_equal(order_trouble(&unseen, &off, NOW).kind, TROUBLE_NONE);
}

/* ---- which order ------------------------------------------------------------------------------------------------- */

static const struct parcel_event moving = {.at_ms = AGO(3), .kind = PARCEL_IN_TRANSIT};
static const struct parcel_event stuck = {.at_ms = AGO(80), .kind = PARCEL_IN_TRANSIT};
static const struct parcel on_its_way = {.tracking_no = {"ZT7788", 6}, .events = &moving, .event_count = 1};
static const struct parcel standing = {.tracking_no = {"YT9911", 6}, .events = &stuck, .event_count = 1};
static const struct order_item tent = {.product = {"P2", 2}};
static const struct order_item jacket = {.product = {"P1", 2}};

#define ITEM(i) .items = &(i), .item_count = 1
#define PARCEL(p) .parcels = &(p), .parcel_count = 1

/** Newest first. */
static const struct order mixed[] = {
    {.id = {"E1006", 5}, .status = ORDER_UNPAID, ITEM(tent)},
    {.id = {"E1005", 5}, .status = ORDER_PAID, .paid_ms = AGO(5), ITEM(jacket)},
    {.id = {"E1004", 5}, .status = ORDER_SHIPPED, .shipped_ms = AGO(30), ITEM(jacket), PARCEL(on_its_way)},
    {.id = {"E1003", 5}, .status = ORDER_FINISHED, ITEM(jacket)},
    {.id = {"E1002", 5}, .status = ORDER_FINISHED, ITEM(jacket)},
};
static const struct order one[] = {{.id = {"E1003", 5}, .status = ORDER_FINISHED, ITEM(jacket)}};
static const struct order two_shipped[] = {
    {.id = {"E2002", 5}, .status = ORDER_SHIPPED, .shipped_ms = AGO(30), ITEM(jacket), PARCEL(on_its_way)},
    {.id = {"E2001", 5}, .status = ORDER_SHIPPED, .shipped_ms = AGO(90), ITEM(tent), PARCEL(standing)},
};
static const struct order alike[] = {
    {.id = {"A7-88123456", 11}, .status = ORDER_FINISHED}, {.id = {"A7-99123456", 11}, .status = ORDER_FINISHED}};

static const struct order arrived[] = {{.id = {"R2", 2}, .status = ORDER_DELIVERED}, {.id = {"R1", 2}, .status = ORDER_FINISHED}};

#define MIXED mixed, COUNT(mixed)
#define ONE one, 1
#define TWO two_shipped, 2
#define ALIKE alike, 2
#define ARRIVED arrived, 2

static const struct {
    const char *name;
    const struct order *orders;
    size_t n;
    const char *intent, *clicked, *text, *number, *product, *current, *entry;
    enum pick_reason reason;
    const char *order;   /* picked, or the first choice */
    size_t choices;
} picks[] = {
    {"clicked beats everything", MIXED, "ship_urge", "E1002", "E1004", "E1004", NULL, "E1006", "E1005", PICK_CLICKED,
     "E1002", 0},
    {"clicked one that is not in the list", MIXED, "ship_urge", "E9", NULL, NULL, NULL, NULL, NULL, PICK_UNKNOWN, NULL, 0},
    {"number in the text", MIXED, "ship_track", NULL, "帮我看下E1003到哪了", NULL, NULL, NULL, "E1004", PICK_NAMED,
     "E1003", 0},
    {"number in small letters", MIXED, "ship_track", NULL, "where is e1004?", NULL, NULL, NULL, NULL, PICK_NAMED,
     "E1004", 0},
    {"end of the number", MIXED, "ship_track", NULL, "尾号1005那个", NULL, NULL, NULL, NULL, PICK_NAMED, "E1005", 0},
    {"an end that two orders have says nothing", ALIKE, "order_status", NULL, "尾号123456", NULL, NULL, NULL, NULL,
     PICK_AMBIGUOUS, "A7-88123456", 2},
    {"a number of the parcel", MIXED, "ship_track", NULL, "zt7788怎么不动", NULL, NULL, NULL, NULL, PICK_NAMED, "E1004", 0},
    {"part of another number is none", MIXED, "ship_track", NULL, "E10040 呢", NULL, NULL, NULL, NULL, PICK_FITS,
     "E1004", 0},
    {"a number that no order has is never guessed", ONE, "ship_track", NULL, "查一下 E7777", "E7777", NULL, NULL, NULL,
     PICK_UNKNOWN, NULL, 0},
    {"the only one with the product", MIXED, "order_status", NULL, "帐篷", NULL, "P2", NULL, NULL, PICK_PRODUCT,
     "E1006", 0},
    {"the product narrows, the intent decides", MIXED, "ship_track", NULL, "冲锋衣到哪了", NULL, "P1", NULL, NULL,
     PICK_FITS, "E1004", 0},
    {"a product that was not bought: ask", MIXED, "ship_track", NULL, NULL, NULL, "P9", NULL, NULL, PICK_AMBIGUOUS,
     "E1006", 5},
    {"a product that was not bought, in talk about an order", MIXED, "ship_track", NULL, NULL, NULL, "P9", "E1005", NULL, PICK_CURRENT,
     "E1005", 0},
    {"the order talked about", MIXED, "ship_track", NULL, "那它呢", NULL, NULL, "E1005", "E1002", PICK_CURRENT, "E1005",
     0},
    {"the page's order", MIXED, "ship_track", NULL, NULL, NULL, NULL, NULL, "E1002", PICK_ENTRY, "E1002", 0},
    {"a page's order of somebody else", MIXED, "ship_track", NULL, NULL, NULL, NULL, NULL, "E4711", PICK_FITS, "E1004",
     0},
    {"the only order, whatever its status", ONE, "ship_urge", NULL, NULL, NULL, NULL, NULL, NULL, PICK_ONLY, "E1003", 0},
    {"the only one that can be urged", MIXED, "ship_urge", NULL, NULL, NULL, NULL, NULL, NULL, PICK_FITS, "E1005", 0},
    {"the only one that is in trouble", TWO, "ship_track", NULL, NULL, NULL, NULL, NULL, NULL, PICK_TROUBLE, "E2001", 0},
    {"what has just arrived goes back, not what is long finished", ARRIVED, "return_apply", NULL, NULL, NULL, NULL, NULL, NULL,
     PICK_FITS, "R2", 0},
    {"several fit: ask", MIXED, "repair_apply", NULL, NULL, NULL, NULL, NULL, NULL, PICK_AMBIGUOUS, "E1003", 2},
    {"several of any status: at most five", MIXED, "order_status", NULL, NULL, NULL, NULL, NULL, NULL, PICK_AMBIGUOUS,
     "E1006", 5},
    {"none fits", TWO, "order_cancel", NULL, NULL, NULL, NULL, NULL, NULL, PICK_NO_FIT, "E2001", 2},
    {"no orders", NULL, 0, "ship_track", NULL, NULL, NULL, NULL, NULL, NULL, PICK_NO_ORDERS, NULL, 0},
    {"no orders, but a number", NULL, 0, "ship_track", NULL, "E1001", "E1001", NULL, NULL, NULL, PICK_UNKNOWN, NULL, 0},
};

static void pick_follows_its_table(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(picks); i++) {
        struct pick_input in = {.orders = picks[i].orders,
                                .order_count = picks[i].n,
                                .clicked = str_from(picks[i].clicked),
                                .text = str_from(picks[i].text),
                                .number = str_from(picks[i].number),
                                .product = str_from(picks[i].product),
                                .current = str_from(picks[i].current),
                                .entry = str_from(picks[i].entry),
                                .fits = order_fits_intent(str_from(picks[i].intent)),
                                .clocks = &clocks,
                                .now_ms = NOW};
        struct pick got = order_pick(&in);
        const struct order *first = got.order != NULL ? got.order : got.choice_count > 0 ? got.choices[0] : NULL;
        struct str id = first != NULL ? first->id : STR_NONE;
        if (got.reason == picks[i].reason && str_eq(id, str_from(picks[i].order)) &&
            got.choice_count == picks[i].choices)
            continue;
        print_error("[%s] %s, order %.*s, %zu choices\n", picks[i].name, pick_reason_name(got.reason), STR_ARG(id),
                    got.choice_count);
        failed++;
    }
    assert_int_equal(failed, 0);
}

/* ---- reading and masking ------------------------------------------------------------------------------------------ */

static void the_import_shape_is_read_whole(void **state)
{
    (void)state;
    struct arena a = {0};
    json_t *json = json_read(
        STR("{\"id\":\"E1001\",\"buyer\":\"B1\",\"status\":\"shipped\",\"created_at\":\"2026-11-18T10:02:00+08:00\","
            "\"items\":[{\"sub_id\":\"E1001-1\",\"product\":\"P1\",\"sku\":\"P1-BK-L\",\"paid_cents\":42900},"
            "{\"sub_id\":\"E1001-2\",\"product\":\"P2\",\"quantity\":2,\"paid_cents\":1000}],\"freight_cents\":500,"
            "\"address\":{\"name\":\"张三\",\"phone\":\"13800001234\",\"region\":\"浙江省\",\"detail\":\"文三路 1 号\"},"
            "\"parcels\":[{\"tracking_no\":\"ZT1\",\"events\":[{\"at\":\"2026-11-19T19:00:00+08:00\",\"kind\":\"delivered\"},"
            "{\"at\":\"2026-11-19T18:20:00+08:00\",\"kind\":\"picked_up\",\"place\":\"上海\"}]}]}"),
        NULL);
    struct order o;
    const struct parcel *parcel = NULL;
    order_read(&a, json, &o);
    json_decref(json);
    assert_int_equal(order_total_cents(&o), 44400);
    assert_int_equal(o.items[0].quantity, 1);
    assert_int_equal(o.paid_ms, 0);
    assert_int_equal(o.parcels[0].events[0].kind, PARCEL_PICKED_UP);
    assert_int_equal(order_last_event(&o, &parcel)->kind, PARCEL_DELIVERED);
    assert_ptr_equal(parcel, &o.parcels[0]);
    assert_int_equal(o.delivered_ms, o.parcels[0].events[1].at_ms);
    assert_ptr_equal(order_item_of(&o, STR("P2")), &o.items[1]);

    struct address masked = address_masked(&a, &o.address);
    assert_true(str_eq_c(masked.name, "张**") && str_eq_c(masked.phone, "138****1234"));
    assert_true(str_eq_c(masked.region, "浙江省") && str_eq_c(masked.detail, "****"));
    assert_true(str_eq_c(mask_phone(&a, STR("12345")), "****"));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trouble_follows_its_table),
        cmocka_unit_test(a_clock_of_zero_switches_its_rule_off),
        cmocka_unit_test(pick_follows_its_table),
        cmocka_unit_test(the_import_shape_is_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
