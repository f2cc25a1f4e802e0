/* SPDX-License-Identifier: Apache-2.0 */
/* Learning a table of languages, and reading one that is whole, cut short or something else. */
#include "nlu/language_learn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct row phrases[] = {
    {STR("de"), STR("Wo ist mein Paket?")},    {STR("de"), STR("Ich möchte das zurückgeben")},
    {STR("de"), STR("Die Hose ist zu groß")},  {STR("en"), STR("Where is my parcel?")},
    {STR("en"), STR("I want to return this")}, {STR("en"), STR("The trousers are too big")},
    {STR("ru"), STR("Где моя посылка?")}, /* another script: passed over */
};

static struct str learn(size_t from, size_t n, struct language_report *report, char error[160])
{
    const struct rows rows = {.v = phrases + from, .n = n};
    const struct language_learning how = {.script = LANGUAGE_LATIN, .bits = 12};
    return language_learn(&rows, &how, report, error);
}

static void free_str(struct str s)
{
    char *bytes = (char *)(uintptr_t)s.p;
    free(bytes);
}

static void the_same_phrases_give_the_same_table(void **state)
{
    (void)state;
    struct language_report report;
    char error[160];
    struct str a = learn(0, COUNT(phrases), &report, error), b = learn(0, COUNT(phrases), &report, error);
    bool same = a.p != NULL && str_eq(a, b);
    free_str(a);
    free_str(b);
    assert_true(same);
    assert_int_equal(report.languages, 2);
    assert_int_equal(report.phrases, 6);
}

static void one_language_is_not_enough(void **state)
{
    (void)state;
    struct language_report report;
    char error[160] = "";
    struct str none = learn(0, 3, &report, error);
    assert_null(none.p);
    assert_string_not_equal(error, "");
}

static const struct {
    const char *name;
    size_t at;       /* this byte is changed */
    size_t cut;      /* so many bytes are missing at the end */
    bool whole;
} damages[] = {
    {"whole", SIZE_MAX, 0, true},
    {"one byte short", SIZE_MAX, 1, false},
    {"no rows", SIZE_MAX, 1 << 12, false},
    {"another kind of file", 0, 0, false},
    {"another number of classes", offsetof(struct language_head, classes), 0, false},
    {"another width", offsetof(struct language_head, width), 0, false},
    {"another size", offsetof(struct language_head, bits), 0, false},
    {"a name without an end", offsetof(struct language_head, names) + 3, 0, false},
    {"a weight", sizeof(struct language_head), 0, true},
};

static void only_a_whole_table_is_read(void **state)
{
    (void)state;
    int failed = 0;
    struct language_report report;
    char error[160];
    struct str table = learn(0, COUNT(phrases), &report, error);
    char *bytes = malloc(table.n);
    assert_non_null(bytes);
    for (size_t i = 0; i < COUNT(damages); i++) {
        struct language_table t;
        memcpy(bytes, table.p, table.n);
        if (damages[i].at != SIZE_MAX)
            bytes[damages[i].at] ^= 0x55;
        if (language_table_read((struct str){bytes, table.n - damages[i].cut}, &t) == damages[i].whole)
            continue;
        print_error("[%s] was %s\n", damages[i].name, damages[i].whole ? "refused" : "read");
        failed++;
    }
    free(bytes);
    free_str(table);
    assert_int_equal(failed, 0);
}

static void long_texts_have_room(void **state)
{
    (void)state;
    static uint32_t cp[10000], grams[LANGUAGE_GRAMS];
    struct language_letters l;
    for (size_t i = 0; i < COUNT(cp); i++)
        cp[i] = i % 5 == 4 ? ' ' : 'a'; /* words of four: the most n-grams a letter */
    language_letters(LANGUAGE_LATIN, cp, COUNT(cp), &l);
    assert_true(l.n <= LANGUAGE_LETTERS + 1);
    assert_true(language_grams(&l, grams) <= LANGUAGE_GRAMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_phrases_give_the_same_table),
        cmocka_unit_test(one_language_is_not_enough),
        cmocka_unit_test(only_a_whole_table_is_read),
        cmocka_unit_test(long_texts_have_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
