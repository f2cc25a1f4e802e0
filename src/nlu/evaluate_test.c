/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluation: what counts as right, refused and found. */
#include "nlu/evaluate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Says what the text says: "label", or "?label" for a refusal. */
static void parrot(void *arg, struct arena *a, struct str text, struct said *ret)
{
    (void)arg;
    (void)a;
    bool refuses = str_starts(text, STR("?"));
    *ret = (struct said){.label = str_sub(text, refuses ? 1 : 0, SIZE_MAX), .refused = refuses, .sure = true};
}

static const struct {
    const char *name, *file;
    bool alternatives;
    size_t rows, oos_rows, rejected;
    double accuracy, macro_f1, oos_recall;
} cases[] = {
    {"all right", "a\ta\nb\tb\n", false, 2, 0, 0, 1, 1, 0},
    {"one wrong", "a\ta\nb\ta\n", false, 2, 0, 0, 0.5, (2.0 / 3 + 0) / 2, 0},
    {"refused is wrong", "a\ta\na\t?a\n", false, 2, 0, 1, 0.5, 2.0 / 3, 0},
    {"oos counts for recall only", "a\ta\noos\t?a\noos\toos\noos\ta\n", false, 1, 3, 0, 1, 1, 2.0 / 3},
    {"unclear is oos", "oos\tunclear\n", false, 0, 1, 0, 0, 0, 1},
    {"either alternative is right", "a|b\ta\na|b\tb\na|b\tc\n", true, 3, 0, 0, 2.0 / 3, -1, 0},
    {"a bar is a letter without alternatives", "a|b\ta|b\na|b\ta\n", false, 2, 0, 0, 0.5, -1, 0},
};

static void evaluation_follows_its_table(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena a = {0};
        struct rows rows = {0};
        struct evaluation e = {0};
        char error[160];
        assert_true(rows_read(&a, str_from(cases[i].file), &rows, error));
        (void)evaluate(&a, &rows, cases[i].alternatives, false, parrot, NULL, &e); /* the figures alone */
        bool good = e.rows == cases[i].rows && e.oos_rows == cases[i].oos_rows && e.rejected == cases[i].rejected &&
                    fabs(e.accuracy - cases[i].accuracy) < 1e-9 && fabs(e.oos_recall - cases[i].oos_recall) < 1e-9 &&
                    (cases[i].macro_f1 < 0 || fabs(e.macro_f1 - cases[i].macro_f1) < 1e-9);
        if (!good)
            print_error("[%s] %zu rows, %zu oos, %zu rejected, %.4f, f1 %.4f, oos %.4f\n", cases[i].name, e.rows,
                        e.oos_rows, e.rejected, e.accuracy, e.macro_f1, e.oos_recall);
        failed += !good;
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(evaluation_follows_its_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
