/* SPDX-License-Identifier: Apache-2.0 */
/* Page: whole, in the language asked for, and safe whatever buyers wrote. */
#include "nlu/page.h"

#include "base/table_test.h"

static const struct {
    const char *name, *language, *data, *has, *has_not;
} cases[] = {
    {"English", "en", "{}", "<html lang=\"en\">", "{title}"},
    {"Chinese", "zh", "{}", "听懂了多少", "{texts}"},
    {"a language without a pack reads English", "fr", "{}", "How well texts are understood", "{style}"},
    {"a text cannot end the script", "en", "{\"text\":\"</script><b>\"}", "\\u003c/script>", "\"</script><b>"},
    {"a text is no place to fill", "en", "{\"text\":\"{style}\"}", "{\"text\":\"{style}\"}", "{program}"},
    {"nothing is asked of others", "en", "{}", "default-src 'none'", "src=\"http"},
};

static void pages_follow_their_table(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena a = {0};
        struct str page = page_make(&a, cases[i].language, str_from(cases[i].data));
        if (!str_has(page, str_from(cases[i].has)))
            row_failed(failed, cases[i].name, "lacks %s", cases[i].has);
        if (str_has(page, str_from(cases[i].has_not)))
            row_failed(failed, cases[i].name, "has %s", cases[i].has_not);
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages_follow_their_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
