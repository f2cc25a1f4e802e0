/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as they are written and spoken. */
#include "nlu/number.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *text;
    double want;
} rows[] = {
    {"0", 0},         {"24.5", 24.5},     {"1000000", 1e6}, {"三", 3},        {"十", 10},      {"十五", 15},
    {"二十", 20},     {"一百二", 120},    {"一百零二", 102}, {"两百五", 250},  {"一千二", 1200}, {"两千零五", 2005},
    {"一万二", 12000}, {"三万五千", 35000}, {"一二三", 123},  {"一百一十", 110}, {"99.", 99},
    {"两三", 2},      {"七八", 7},        {"两三百", 200},
};

static void numbers_follow_their_table(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct folded f;
        struct number n = {0};
        normalise_fold(&a, str_from(rows[i].text), &f);
        if (number_at(&f, 0, &n) && fabs(n.value - rows[i].want) < 1e-9)
            continue;
        print_error("[%s] %g, want %g\n", rows[i].text, n.value, rows[i].want);
        failed++;
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void words_are_no_numbers(void **state)
{
    (void)state;
    struct arena a = {0};
    struct folded f;
    struct number n;
    normalise_fold(&a, STR("你好"), &f);
    assert_false(number_at(&f, 0, &n));
    assert_false(number_at(&f, 2, &n)); /* behind the end */
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_follow_their_table),
        cmocka_unit_test(words_are_no_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
