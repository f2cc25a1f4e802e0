/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts: looked up, worded in turn, filled. The texts are those of the packs.
 */
#include "base/table_test.h"

#include "base/texts.h"

static void a_key_that_nobody_has_is_shown(void **state)
{
    (void)state;
    assert_true(str_eq(texts_get(STR("zh"), "no.such.key"), STR("no.such.key")));
    assert_true(str_eq(texts_wording(STR("zh"), "no.such.key", 3), STR("no.such.key")));
    assert_false(texts_has(STR("zh"), "bot.again")); /* it has only wordings */
    assert_true(texts_has(STR("zh-CN"), "bot.again.1"));
    assert_true(str_eq(texts_get(STR("fr"), "bot.again.1"), texts_get(STR("en"), "bot.again.1")));
}

static void wordings_go_round(void **state)
{
    (void)state;
    assert_true(str_eq(texts_wording(STR("en"), "bot.yes", 0), texts_get(STR("en"), "bot.yes.1")));
    assert_true(str_eq(texts_wording(STR("en-GB"), "bot.yes", 1), texts_get(STR("en"), "bot.yes.2")));
    assert_true(str_eq(texts_wording(STR("en"), "bot.yes", 2), texts_get(STR("en"), "bot.yes.1")));
    assert_true(str_eq(texts_wording(STR("en"), "bot.hours.closed", 7), texts_get(STR("en"), "bot.hours.closed")));
}

static void names_are_those_of_all_wordings(void **state)
{
    (void)state;
    static const char *const wanted[] = {"order", "item", "total"};
    size_t n, found = 0;
    const struct str *names = texts_names(STR("en"), "bot.order.unpaid", &n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < COUNT(wanted); k++)
            found += str_eq_c(names[i], wanted[k]);
    assert_int_equal(found, COUNT(wanted));
    texts_names(STR("en"), "no.such.key", &n);
    assert_int_equal(n, 0);
}

static const struct text_value values[] = {{"a", {"1", 1}}, {"ab", {"{a}", 3}}};

static const struct {
    const char *text, *filled;
} fills[] = {
    {"", ""},
    {"plain", "plain"},
    {"{a}", "1"},
    {"x{ab}y{a}z", "x{a}y1z"}, /* a value is not filled itself */
    {"{b}{}{abc}", "{b}{}{abc}"},
    {"{a", "{a"},
    {"a}{a}", "a}1"},
};

static void names_that_are_not_given_stay(void **state)
{
    (void)state;
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(fills); i++) {
        struct str filled = texts_fill(&a, str_from(fills[i].text), values, COUNT(values));
        if (!str_eq_c(filled, fills[i].filled))
            row_failed(failed, fills[i].text, "gives %.*s", STR_ARG(filled));
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_that_nobody_has_is_shown), cmocka_unit_test(wordings_go_round),
        cmocka_unit_test(names_are_those_of_all_wordings), cmocka_unit_test(names_that_are_not_given_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
