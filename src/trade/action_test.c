/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hand of the policy, row by row: who may do what, in which status, how often, for how much, and what is asked for first.
 */
#include "base/table_test.h"

#include <string.h>

#include "trade/action_rule.h"
#include "trade/rules.h"

/* ---- names ---------------------------------------------------------------------------------------------------------- */

static void names_are_read_back(void **state)
{
    (void)state;
    for (size_t i = ACTION_NONE + 1; i < ACTIONS; i++) {
        enum action a = ACTION_NONE;
        assert_true(action_from_name(str_from(action_name((enum action)i)), &a));
        assert_int_equal(a, i);
    }
    for (size_t i = 0; i < ACTION_WHYS; i++) {
        enum action_why w = ACTION_WHY_NONE;
        assert_true(action_why_from_name(str_from(action_why_name((enum action_why)i)), &w));
        assert_int_equal(w, i);
    }
    for (size_t i = 0; i <= ACTION_REFUSED; i++) {
        enum action_answer w = ACTION_DONE;
        assert_true(action_answer_from_name(str_from(action_answer_name((enum action_answer)i)), &w));
        assert_int_equal(w, i);
    }
    enum action a;
    enum action_why w;
    enum action_answer n;
    assert_false(action_from_name(STR("none"), &a));
    assert_false(action_from_name(STR("order.pay_me"), &a));
    assert_false(action_why_from_name(STR("?"), &w));
    assert_false(action_answer_from_name(STR("?"), &n));
    assert_string_equal(action_answer_name(ACTION_FAULT), "fault");
}

/* ---- the chain ------------------------------------------------------------------------------------------------------- */

/** What differs from a wish that may be done. */
struct chain_row {
    const char *name;
    struct action_ask ask;
    enum action_answer answer;
    enum action_why why;
};

#define BEFORE_SENT .action = ACTION_ORDER_CHANGE_ADDRESS, .status = ORDER_PAID
#define FINE .found = true, .leave = LEAVE_YES, .confirmed = true, .actor = CASE_AGENT
#define NO_LIMIT .most = {INT64_MAX, INT64_MAX, INT64_MAX}, .most_cents = INT64_MAX, .alone_cents = INT64_MAX

static const struct chain_row chain[] = {
    {"may be done", {BEFORE_SENT, FINE, NO_LIMIT}, ACTION_DONE, ACTION_WHY_NONE},
    {"switched off", {BEFORE_SENT, FINE, NO_LIMIT, .off = true}, ACTION_REFUSED, ACTION_WHY_SWITCHED_OFF},
    {"switched off, and not there", {BEFORE_SENT, NO_LIMIT, .off = true}, ACTION_REFUSED, ACTION_WHY_SWITCHED_OFF},
    {"not there", {BEFORE_SENT, .leave = LEAVE_NO, NO_LIMIT}, ACTION_REFUSED, ACTION_WHY_NOT_FOUND},
    {"no leave", {BEFORE_SENT, .found = true, .leave = LEAVE_NO, NO_LIMIT}, ACTION_REFUSED, ACTION_WHY_ROLE},
    {"not in the chat", {BEFORE_SENT, .found = true, .leave = LEAVE_IN_CHAT, NO_LIMIT}, ACTION_REFUSED, ACTION_WHY_ROLE},
    {"in the chat", {BEFORE_SENT, .found = true, .leave = LEAVE_IN_CHAT, .serves = true, .confirmed = true, NO_LIMIT},
     ACTION_DONE, ACTION_WHY_NONE},
    {"no case", {BEFORE_SENT, .found = true, .leave = LEAVE_WITH_CASE, NO_LIMIT}, ACTION_REFUSED, ACTION_WHY_ROLE},
    {"with a case", {BEFORE_SENT, .found = true, .leave = LEAVE_WITH_CASE, .has_case = true, .confirmed = true, NO_LIMIT},
     ACTION_DONE, ACTION_WHY_NONE},
    {"no leave, and too late", {.action = ACTION_ORDER_CHANGE_ADDRESS, .found = true, .status = ORDER_SHIPPED, NO_LIMIT}, ACTION_REFUSED, ACTION_WHY_ROLE},
    {"shipped", {.action = ACTION_ORDER_CHANGE_ADDRESS, .status = ORDER_SHIPPED, FINE, NO_LIMIT}, ACTION_REFUSED,
     ACTION_WHY_SHIPPED},
    {"delivered", {.action = ACTION_ORDER_CHANGE_ADDRESS, .status = ORDER_DELIVERED, FINE, NO_LIMIT}, ACTION_REFUSED,
     ACTION_WHY_SHIPPED},
    {"closed", {.action = ACTION_ORDER_CHANGE_ADDRESS, .status = ORDER_CLOSED, FINE, NO_LIMIT}, ACTION_REFUSED,
     ACTION_WHY_STATUS},
    {"not shipped yet", {.action = ACTION_LOGISTICS_INTERCEPT, .status = ORDER_PAID, FINE, NO_LIMIT}, ACTION_REFUSED,
     ACTION_WHY_STATUS},
    {"delivered already", {.action = ACTION_LOGISTICS_INTERCEPT, .status = ORDER_DELIVERED, FINE, NO_LIMIT}, ACTION_REFUSED,
     ACTION_WHY_STATUS},
    {"urged when delivered", {.action = ACTION_LOGISTICS_URGE, .status = ORDER_DELIVERED, FINE, NO_LIMIT}, ACTION_REFUSED,
     ACTION_WHY_STATUS},
    {"a case's own matter", {.action = ACTION_CASE_OPEN, .status = ORDER_CLOSED, FINE, NO_LIMIT}, ACTION_DONE, ACTION_WHY_NONE},
    {"something is missing", {BEFORE_SENT, FINE, NO_LIMIT, .missing = "address", .rule = ACTION_WHY_BAD_VALUE},
     ACTION_NEEDS_SLOT, ACTION_WHY_NONE},
    {"its own rule", {BEFORE_SENT, FINE, .most = {0, 0, 0}, .rule = ACTION_WHY_SAME_VALUE}, ACTION_REFUSED,
     ACTION_WHY_SAME_VALUE},
    {"too often", {BEFORE_SENT, FINE, .done = {3, 3, 3}, .most = {3, 3, 3}}, ACTION_REFUSED, ACTION_WHY_TOO_OFTEN},
    {"once more", {BEFORE_SENT, FINE, .done = {2, 2, 2}, .most = {3, 3, 3}}, ACTION_DONE, ACTION_WHY_NONE},
    {"a buyer's day", {BEFORE_SENT, FINE, .done = {2, 3, 3}, .most = {3, 3, 3}}, ACTION_REFUSED, ACTION_WHY_BUYER_DAY},
    {"a shop's day", {BEFORE_SENT, FINE, .done = {2, 2, 3}, .most = {3, 3, 3}}, ACTION_REFUSED, ACTION_WHY_SHOP_DAY},
    {"above all", {BEFORE_SENT, FINE, .most = {9, 9, 9}, .amount_cents = 101, .alone_cents = 50, .most_cents = 100},
     ACTION_REFUSED, ACTION_WHY_AMOUNT},
    {"above all, approved", {BEFORE_SENT, FINE, .most = {9, 9, 9}, .amount_cents = 101, .most_cents = 100, .approved = true},
     ACTION_REFUSED, ACTION_WHY_AMOUNT},
    {"a second person", {BEFORE_SENT, FINE, .most = {9, 9, 9}, .amount_cents = 51, .alone_cents = 50, .most_cents = 100},
     ACTION_NEEDS_SECOND, ACTION_WHY_NONE},
    {"alone", {BEFORE_SENT, FINE, .most = {9, 9, 9}, .amount_cents = 50, .alone_cents = 50, .most_cents = 100}, ACTION_DONE,
     ACTION_WHY_NONE},
    {"a second person was there", {BEFORE_SENT, FINE, .most = {9, 9, 9}, .amount_cents = 51, .alone_cents = 50, .most_cents = 100,
      .approved = true}, ACTION_DONE, ACTION_WHY_NONE},
    {"not confirmed", {BEFORE_SENT, .found = true, .leave = LEAVE_YES, .actor = CASE_AGENT, NO_LIMIT}, ACTION_NEEDS_CONFIRM,
     ACTION_WHY_NONE},
    {"confirmation before the second person", {BEFORE_SENT, .found = true, .leave = LEAVE_YES, .actor = CASE_AGENT,
      .most = {9, 9, 9}, .amount_cents = 51, .alone_cents = 50, .most_cents = 100}, ACTION_NEEDS_CONFIRM, ACTION_WHY_NONE},
    {"the buyer's own click", {BEFORE_SENT, .found = true, .leave = LEAVE_ASK, .actor = CASE_BUYER, NO_LIMIT}, ACTION_DONE,
     ACTION_WHY_NONE},
    {"the system", {BEFORE_SENT, .found = true, .leave = LEAVE_YES, .actor = CASE_SYSTEM, NO_LIMIT}, ACTION_DONE,
     ACTION_WHY_NONE},
    {"at once", {.action = ACTION_LOGISTICS_URGE, .status = ORDER_PAID, .found = true, .leave = LEAVE_YES, .actor = CASE_BOT,
      NO_LIMIT}, ACTION_DONE, ACTION_WHY_NONE},
    {"the bot proposes", {.action = ACTION_LOGISTICS_URGE, .status = ORDER_PAID, .found = true, .leave = LEAVE_ASK,
      .actor = CASE_BOT, NO_LIMIT}, ACTION_NEEDS_CONFIRM, ACTION_WHY_NONE},
    {"the case wants it confirmed", {.action = ACTION_CASE_STEP, .found = true, .leave = LEAVE_YES, .actor = CASE_AGENT,
      .confirm = true, NO_LIMIT}, ACTION_NEEDS_CONFIRM, ACTION_WHY_NONE},
    {"reading needs no confirmation", {.action = ACTION_COMPENSATION_LOOKUP, .found = true, .leave = LEAVE_ASK,
      .actor = CASE_BOT, NO_LIMIT}, ACTION_DONE, ACTION_WHY_NONE},
};

static void the_first_check_that_fails_is_the_answer(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(chain); i++) {
        struct action_verdict v = action_decide(&chain[i].ask);
        if (v.answer != chain[i].answer || v.why != chain[i].why)
            row_failed(failed, chain[i].name, "%s, %s", action_answer_name(v.answer), action_why_name(v.why));
    }
    assert_int_equal(failed, 0);
}

/* ---- policies -------------------------------------------------------------------------------------------------------- */

static const struct json_node *shipped(struct arena *a, const char *key)
{
    size_t n;
    const struct policy *rows = rules_shipped(&n);
    for (size_t i = 0; i < n; i++)
        if (str_eq_c(rows[i].key, key))
            return json_doc_read(a, rows[i].value);
    return NULL;
}

static const struct leave_row {
    enum action_role role;
    enum action action;
    enum action_leave leave;
} leaves[] = {
    {ROLE_OF_BOT, ACTION_ORDER_CHANGE_ADDRESS, LEAVE_ASK},
    {ROLE_OF_BOT, ACTION_CASE_OPEN, LEAVE_ASK},
    {ROLE_OF_BOT, ACTION_LOGISTICS_URGE, LEAVE_YES},
    {ROLE_OF_BOT, ACTION_COMPENSATION_LOOKUP, LEAVE_YES},
    {ROLE_OF_BOT, ACTION_GOODWILL, LEAVE_NO},
    {ROLE_OF_BOT, ACTION_CASE_STEP, LEAVE_NO},
    {ROLE_OF_PRESALE, ACTION_ORDER_CHANGE_ADDRESS, LEAVE_YES},
    {ROLE_OF_PRESALE, ACTION_CASE_OPEN, LEAVE_NO},
    {ROLE_OF_PRESALE, ACTION_CASE_STEP, LEAVE_NO},
    {ROLE_OF_PRESALE, ACTION_GOODWILL, LEAVE_YES},
    {ROLE_OF_AFTERSALE, ACTION_CASE_STEP, LEAVE_YES},
    {ROLE_OF_LEADER, ACTION_ORDER_CANCEL, LEAVE_YES},
    {ROLE_OF_CROWD, ACTION_ORDER_CHANGE_ADDRESS, LEAVE_NO},
    {ROLE_OF_CROWD, ACTION_LOGISTICS_URGE, LEAVE_IN_CHAT},
    {ROLE_OF_CROWD, ACTION_GOODWILL, LEAVE_NO},
    {ROLE_OF_CROWD, ACTION_CASE_STEP, LEAVE_NO},
    {ROLE_OF_STAFF, ACTION_ORDER_CHANGE_ADDRESS, LEAVE_NO},
    {ROLE_OF_STAFF, ACTION_CASE_STEP, LEAVE_WITH_CASE},
    {ROLE_OF_SYSTEM, ACTION_GOODWILL, LEAVE_YES},
};

static void the_shipped_matrix_is_the_handbooks(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    const struct json_node *matrix = shipped(&a, "action.matrix");
    assert_non_null(matrix);
    for (size_t i = 0; i < COUNT(leaves); i++) {
        enum action_leave leave = action_leave(matrix, leaves[i].role, leaves[i].action);
        if (leave != leaves[i].leave)
            row_failed(failed, action_role_name(leaves[i].role), "%s: %d", action_name(leaves[i].action), leave);
    }
    for (size_t role = 0; role < ROLE_OF_SYSTEM; role++) /* a matrix that is not there permits nobody anything */
        for (size_t i = ACTION_NONE + 1; i < ACTIONS; i++)
            failed += action_leave(NULL, (enum action_role)role, (enum action)i) != LEAVE_NO;
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void switches_are_a_list_or_an_object(void **state)
{
    (void)state;
    struct arena a = {0};
    const struct json_node *list = json_doc_read(&a, STR("[\"order.cancel\",5]"));
    const struct json_node *object = json_doc_read(&a, STR("{\"order.cancel\":true,\"case.open\":\"on\",\"case.cancel\":\"off\"}"));
    assert_true(action_is_off(list, ACTION_ORDER_CANCEL));
    assert_false(action_is_off(list, ACTION_CASE_OPEN));
    assert_true(action_is_off(object, ACTION_ORDER_CANCEL));
    assert_true(action_is_off(object, ACTION_CASE_OPEN));
    assert_false(action_is_off(object, ACTION_CASE_CANCEL));
    assert_false(action_is_off(NULL, ACTION_ORDER_CANCEL));
    assert_false(action_is_off(shipped(&a, "action.off"), ACTION_ORDER_CANCEL));
    arena_done(&a);
}

static void limits_that_are_not_set_are_none(void **state)
{
    (void)state;
    struct arena a = {0};
    const struct json_node *limits = json_doc_read(&a, STR("{\"order.cancel\":{\"order\":2,\"buyer_day\":-4}}"));
    struct action_counts n = action_limits(limits, ACTION_ORDER_CANCEL);
    assert_int_equal(n.order, 2);
    assert_int_equal(n.buyer_day, 0);
    assert_true(n.shop_day == INT64_MAX);
    assert_true(action_limits(limits, ACTION_CASE_OPEN).order == INT64_MAX);
    arena_done(&a);
}

/* ---- single rules ------------------------------------------------------------------------------------------------------ */

static void phones_are_digits(void **state)
{
    (void)state;
    static const char *const good[] = {"13800001234", "+8613800001234", "0571-8888 1234", "1234567", "+1 512-555-0100"};
    static const char *const bad[] = {
        "", "+", "123456", "1234567890123456", "1380000-", "-13800001234", "138--00001234", "138 - 0000123", "１３８００００１２３４",
        "13800001234;DROP", "call 13800001234", "138\n00001234", "++8613800001234", "1380000123a", " 13800001234",
    };
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(action_phone_ok(str_from(good[i])));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(action_phone_ok(str_from(bad[i])));
}

static void tax_ids_are_letters_and_digits(void **state)
{
    (void)state;
    assert_true(action_tax_id_ok(STR("91330106MA27XXXX1A")));
    assert_true(action_tax_id_ok(STR("abcxyz")));
    assert_false(action_tax_id_ok(STR("12345")));
    assert_false(action_tax_id_ok(STR("123456789012345678901")));
    assert_false(action_tax_id_ok(STR("913301-06")));
    assert_false(action_tax_id_ok(STR("税号913301")));
    assert_false(action_tax_id_ok(STR("91330106[")));
    assert_false(action_tax_id_ok(STR("91330106{")));
}

static const struct address_row {
    const char *name;
    struct address wanted;
    enum action_why why;
} addresses[] = {
    {"another street", {.region = {"R", 1}, .detail = {"street 2", 8}}, ACTION_WHY_NONE},
    {"another region", {.region = {"Q", 1}, .detail = {"street 1", 8}}, ACTION_WHY_NONE},
    {"another name", {.name = {"M", 1}, .region = {"R", 1}, .detail = {"street 1", 8}}, ACTION_WHY_NONE},
    {"another phone", {.phone = {"13911112222", 11}, .region = {"R", 1}, .detail = {"street 1", 8}}, ACTION_WHY_NONE},
    {"as it is", {.region = {" R", 2}, .detail = {"street 1 ", 9}}, ACTION_WHY_SAME_VALUE},
    {"no street", {.region = {"R", 1}}, ACTION_WHY_BAD_VALUE},
    {"no region", {.detail = {"street 2", 8}}, ACTION_WHY_BAD_VALUE},
    {"two lines", {.region = {"R", 1}, .detail = {"a\nb", 3}}, ACTION_WHY_BAD_VALUE},
    {"a control character", {.region = {"R", 1}, .detail = {"a\x7f", 2}}, ACTION_WHY_BAD_VALUE},
    {"a phone that is none", {.phone = {"friend", 6}, .region = {"R", 1}, .detail = {"street 2", 8}}, ACTION_WHY_BAD_VALUE},
};

static void an_address_has_a_region_a_street_a_name_and_a_phone(void **state)
{
    (void)state;
    int failed = 0;
    char many[1000];
    static const struct address now = {{"N", 1}, {"13800001234", 11}, {"R", 1}, {"street 1", 8}};
    struct address out = {0};
    for (size_t i = 0; i < COUNT(addresses); i++) {
        enum action_why why = action_judge_address(&now, &addresses[i].wanted, &out);
        if (why != addresses[i].why)
            row_failed(failed, addresses[i].name, "%s", action_why_name(why));
    }
    assert_true(str_eq_c(out.phone, "13911112222"));
    memset(many, 'x', sizeof(many));
    struct address longer = {.region = {"R", 1}, .detail = {many, sizeof(many)}};
    assert_int_equal(action_judge_address(&now, &longer, &out), ACTION_WHY_BAD_VALUE);
    struct address nobody = {.region = {"R", 1}, .detail = {"street 2", 8}};
    static const struct address none = {0};
    assert_int_equal(action_judge_address(&none, &nobody, &out), ACTION_WHY_BAD_VALUE);
    assert_int_equal(action_judge_phone(&now, STR("13800001234 ")), ACTION_WHY_SAME_VALUE);
    assert_int_equal(action_judge_phone(&now, STR("13800001235")), ACTION_WHY_NONE);
    assert_int_equal(action_judge_phone(&now, STR("x")), ACTION_WHY_BAD_VALUE);
    assert_int_equal(failed, 0);
}

static void a_variant_is_there_another_one_in_stock_and_of_the_same_price(void **state)
{
    (void)state;
    struct action_variant v = {.known = true, .stock = 2, .quantity = 2, .price_cents = 5, .price_bought_cents = 5};
    assert_int_equal(action_judge_variant(&v), ACTION_WHY_NONE);
    v.price_cents = 4;
    assert_int_equal(action_judge_variant(&v), ACTION_WHY_OTHER_PRICE);
    v.stock = 1;
    assert_int_equal(action_judge_variant(&v), ACTION_WHY_NO_STOCK);
    v.same = true;
    assert_int_equal(action_judge_variant(&v), ACTION_WHY_SAME_VALUE);
    v.known = false;
    assert_int_equal(action_judge_variant(&v), ACTION_WHY_BAD_VALUE);
}

static void the_receipt_is_extended_within_its_limits(void **state)
{
    (void)state;
    static const struct {
        struct action_extension e;
        enum action_why why;
    } rows[] = {
        {{0, 1, 0, 3, 15}, ACTION_WHY_NONE},     {{1, 1, 3, 3, 15}, ACTION_WHY_TOO_OFTEN},
        {{4, 9, 12, 3, 15}, ACTION_WHY_NONE},    {{4, 9, 13, 3, 15}, ACTION_WHY_TOO_OFTEN},
        {{0, 1, 0, 0, 15}, ACTION_WHY_TOO_OFTEN}, {{0, 0, 0, 0, 0}, ACTION_WHY_TOO_OFTEN},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(action_judge_extension(&rows[i].e), rows[i].why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_read_back),
        cmocka_unit_test(the_first_check_that_fails_is_the_answer),
        cmocka_unit_test(the_shipped_matrix_is_the_handbooks),
        cmocka_unit_test(switches_are_a_list_or_an_object),
        cmocka_unit_test(limits_that_are_not_set_are_none),
        cmocka_unit_test(phones_are_digits),
        cmocka_unit_test(tax_ids_are_letters_and_digits),
        cmocka_unit_test(an_address_has_a_region_a_street_a_name_and_a_phone),
        cmocka_unit_test(a_variant_is_there_another_one_in_stock_and_of_the_same_price),
        cmocka_unit_test(the_receipt_is_extended_within_its_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
