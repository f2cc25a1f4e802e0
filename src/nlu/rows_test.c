/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of files, and how bad ones are told. */
#include "nlu/rows.h"

#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *name, *file;
    size_t rows;
    const char *error; /* beginning of the sentence, NULL when it is fine */
} files[] = {
    {"two rows", "a\tx\nb\ty\n", 2, NULL},
    {"no newline at the end", "a\tx", 1, NULL},
    {"empty lines", "\n\na\tx\n\n", 1, NULL},
    {"Windows lines and mark", "\xEF\xBB\xBF" "a\tx\r\nb\ty\r\n", 2, NULL},
    {"a tab in the text", "a\tx\ty\n", 1, NULL},
    {"empty file", "", 0, NULL},
    {"no tab", "a\tx\nnothing\n", 0, "line 2 has no tab"},
    {"no label", "\tx\n", 0, "line 1 has no label"},
    {"no text", "a\t  \n", 0, "line 1 has no text"},
    {"not UTF-8", "a\tx\nb\t\xFF\n", 0, "line 2 is not UTF-8"},
};

static void rows_follow_their_table(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct arena a = {0};
        struct rows rows = {0};
        char error[160] = "";
        bool ok = rows_read(&a, str_from(files[i].file), &rows, error);
        bool good = ok == (files[i].error == NULL) &&
                    (ok ? rows.n == files[i].rows : strncmp(error, files[i].error, strlen(files[i].error)) == 0);
        if (!good)
            print_error("[%s] %zu rows, \"%s\"\n", files[i].name, rows.n, error);
        failed += !good;
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_follow_their_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
