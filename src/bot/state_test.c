/* SPDX-License-Identifier: Apache-2.0 */
/* State: what is written is read again, and what is not ours is a fresh start. */
#include "bot/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct bot_state full = {
    .turns = 12,
    .language = {"zh", 2},
    .language_fixed = true,
    .intent = {"ship_signed_not_received", 24},
    .order = {"E2026112100004521", 17},
    .product = {"P101", 4},
    .ask = ASK_ORDER,
    .ask_intent = {"ship_track", 10},
    .options = {{"E2026112100004521", 17}, {"E2026112100004522", 17}, {"E2026112100004523", 17},
                {"E2026112100004524", 17}, {"E2026112100004525", 17}},
    .list = LIST_ORDERS,
    .option_count = 5,
    .listed = 11,
    .returned = true,
    .aside = ASK_PRODUCT,
    .aside_intent = {"stock_query", 11},
    .aside_turn = 11,
    .values = {{"颜色=黑", 10}, {"尺码=L", 8}},
    .value_count = 2,
    .region = {"西藏", 6},
    .misses = 1,
    .anger = 1,
    .chat = 2,
    .rude = 1,
    .offered = true,
    .said = {2147483647, 2147483646, 1, 2, 3, 4},
    .said_count = 6,
    .asked = {2147483647, 5, 6, 7},
    .times = {1, 2, 3, 4},
    .asked_count = 4,
    .times_count = 4,
    .height_cm = 170,
    .weight_g = 65000,
    .foot_mm = 255,
    .callback_ms = 1795300000000,
    .why = {"person_asked", 12},
    .task = {.plan = {"return_apply", 12}, .at = {"reason", 6}, .touched_ms = 1795300000000, .order = {"E2026112100004521", 17},
             .item = {"E2026112100004521-1", 19}, .sku = {"P1-BK-L", 7}, .reason = {"no_reason_7d", 12},
             .type = {"return_refund", 13}, .waybill = {"SF1234567890", 12}, .files = {"12,13", 5}, .case_id = 191370996609393441,
             .no_files = true, .returned = true, .misses = 2, .secret = {"c2VhbGVk", 8}, .later = {"invoice_request", 15},
             .done = {"order_cancel", 12}},
};

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    struct arena a = {0};
    struct bot_state again;
    struct str json = state_write(&a, &full);
    assert_true(json.n < 1200);
    state_read(&a, json, &again);
    assert_true(str_eq(state_write(&a, &again), json));
    assert_int_equal(again.option_count, 5);
    assert_true(str_eq(again.options[4], full.options[4]));
    assert_int_equal(again.ask, ASK_ORDER);
    assert_int_equal(again.aside, ASK_PRODUCT);
    assert_int_equal(again.list, LIST_ORDERS);
    assert_true(str_eq(again.values[1], full.values[1]) && str_eq(again.region, full.region));
    assert_true(again.offered && again.language_fixed);
    assert_int_equal(again.callback_ms, full.callback_ms);
    assert_true(str_eq(again.task.plan, full.task.plan) && str_eq(again.task.secret, full.task.secret) && again.task.no_files);
    assert_true(again.task.case_id == full.task.case_id && str_eq(again.task.done, full.task.done));
    arena_done(&a);
}

static void ids_with_any_character_survive(void **state)
{
    (void)state;
    struct arena a = {0};
    struct bot_state s = {.order = STR("a\"b\\c\n订单\xf0\x9f\x8d\x8e"), .list = LIST_ORDERS, .options = {STR("]\",[")}, .option_count = 1};
    struct bot_state again;
    state_read(&a, state_write(&a, &s), &again);
    assert_true(str_eq(again.order, s.order));
    assert_true(str_eq(again.options[0], s.options[0]));
    arena_done(&a);
}

static const struct {
    const char *name, *json;
} fresh[] = {
    {"nothing", ""},
    {"an empty object", "{}"},
    {"an array", "[1]"},
    {"cut off", "{\"t\":12,\"lang\":\"z"},
    {"cut off in a list", "{\"opts\":[\"E1\""},
    {"an unknown member", "{\"x\":1}"},
    {"another type", "{\"t\":\"1\"}"},
    {"too many options", "{\"opts\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]}"},
    {"a bad escape", "{\"in\":\"\\u12\"}"},
    {"no number", "{\"t\":-}"},
    {"a number too large", "{\"t\":99999999999999999999}"},
    {"an end in an escape", "{\"in\":\"\\"},
    {"one twice", "{\"t\":1,\"t\":2}"},
    {"a fraction", "{\"t\":1.5}"},
    {"a leading zero", "{\"t\":01}"},
    {"no UTF-8", "{\"in\":\"\xff\"}"},
    {"a line end in a text", "{\"in\":\"a\n\"}"},
    {"something behind it", "{\"t\":1}{"},
    {"a comma too many", "{\"t\":1,}"},
};

static void what_is_not_ours_is_a_fresh_start(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(fresh); i++) {
        struct arena a = {0};
        struct bot_state s;
        state_read(&a, str_from(fresh[i].json), &s);
        if (s.turns != 0 || s.language.n > 0 || s.option_count != 0 || s.intent.n > 0) {
            print_error("[%s] was read\n", fresh[i].name);
            failed++;
        }
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static void the_order_of_members_does_not_matter(void **state)
{
    (void)state;
    struct arena a = {0};
    struct bot_state s;
    state_read(&a, STR(" {\"said\": [-5, 7], \"opts\":[], \"lang\":\"z\\u0068\", \"t\":3}"), &s);
    assert_true(s.turns == 3 && s.said_count == 2 && s.said[0] == -5 && s.said[1] == 7 && s.option_count == 0);
    assert_true(str_eq(s.language, STR("zh")));
    arena_done(&a);
}

static void a_list_without_a_name_is_what_was_asked_for(void **state)
{
    (void)state;
    struct arena a = {0};
    struct bot_state s;
    state_read(&a, STR("{\"ask\":\"order\",\"opts\":[\"E1\"]}"), &s);
    assert_int_equal(s.list, LIST_ORDERS);
    state_read(&a, STR("{\"ask\":\"person\",\"opts\":[\"ship_fee\"]}"), &s);
    assert_int_equal(s.list, LIST_INTENTS);
    arena_done(&a);
}

static void the_oldest_meaning_is_forgotten(void **state)
{
    (void)state;
    struct bot_state s = {.turns = 0};
    for (int64_t meaning = 1; meaning <= 5; meaning++)
        state_note(&s, meaning);
    state_note(&s, 3);
    assert_int_equal(s.asked_count, STATE_ASKED);
    assert_int_equal(s.times_count, STATE_ASKED);
    assert_int_equal(s.asked[0], 3);
    assert_int_equal(state_times(&s, 3), 2);
    assert_int_equal(state_times(&s, 5), 1);
    assert_int_equal(state_times(&s, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(ids_with_any_character_survive),
        cmocka_unit_test(what_is_not_ours_is_a_fresh_start),
        cmocka_unit_test(the_order_of_members_does_not_matter),
        cmocka_unit_test(a_list_without_a_name_is_what_was_asked_for),
        cmocka_unit_test(the_oldest_meaning_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
