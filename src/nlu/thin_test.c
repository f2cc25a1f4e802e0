/* SPDX-License-Identifier: Apache-2.0 */
/* Thinning: what is taken of a file that is too large, also of a million rows. */
#include "nlu/thin.h"

#include <stdlib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Rows of "text" with classes in turn: "aab" is three rows of two classes. */
static const struct {
    const char *name, *classes;
    size_t most_rows, most_bytes;
    const char *taken; /* places */
} cases[] = {
    {"a file within the limit is taken whole", "aabb", 4, 100, "0123"},
    {"a class of few keeps all of them", "aaaaaab", 4, 100, "1356"},
    {"rows are taken evenly from a class", "aaaaaaaa", 4, 100, "1357"},
    {"no class is lost", "abcdef", 3, 100, "012345"},
    {"bytes count as well as rows", "aaaaaaaa", 100, 16, "1357"},
};

static void thinning_follows_its_table(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct row v[16];
        double class_of[16];
        uint32_t taken[16];
        struct rows rows = {.v = v};
        for (const char *c = cases[i].classes; *c != 0; c++) {
            v[rows.n] = (struct row){STR("x"), STR("text")};
            class_of[rows.n++] = *c - 'a';
        }
        size_t n = thin_rows(&rows, class_of, 6, (struct thin_limit){cases[i].most_rows, cases[i].most_bytes}, taken);
        bool same = n == str_from(cases[i].taken).n;
        for (size_t k = 0; same && k < n; k++)
            same = taken[k] == (uint32_t)(cases[i].taken[k] - '0');
        if (!same)
            print_error("[%s] %zu rows\n", cases[i].name, n);
        failed += !same;
    }
    assert_int_equal(failed, 0);
}

static void a_million_rows_become_as_many_as_fit(void **state)
{
    (void)state;
    enum { MILLION = 1000000, CLASSES = 150 };
    struct rows rows = {.v = xcalloc(MILLION, sizeof(*rows.v)), .n = MILLION};
    double *class_of = xcalloc(MILLION, sizeof(*class_of));
    uint32_t *taken = xcalloc(MILLION, sizeof(*taken));
    for (size_t i = 0; i < MILLION; i++) {
        rows.v[i] = (struct row){STR("x"), STR("a question of thirty bytes, or")};
        class_of[i] = (double)(i % 2 == 0 ? 0 : i / 2 % CLASSES); /* half of them are of one class */
    }
    size_t n = thin_rows(&rows, class_of, CLASSES, (struct thin_limit){200000, 1 << 30}, taken);
    bool rising = true;
    for (size_t i = 1; i < n; i++)
        rising &= taken[i - 1] < taken[i];
    free(rows.v);
    free(class_of);
    free(taken);
    assert_true(n <= 200000 && n > 199000);
    assert_true(rising);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thinning_follows_its_table),
        cmocka_unit_test(a_million_rows_become_as_many_as_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
