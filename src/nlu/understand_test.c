/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped understanding: rules that hold whatever the classifier learned, and that nothing breaks it. */
#include "nlu/understand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *text, *intent;
} rows[] = {
    {"人工", "human_request"},     {"转人工！！", "human_request"}, {"zrg", "human_request"},
    {"Agent", "human_request"},    {"（图片）", "media_only"},      {"[图片][图片]", "media_only"},
    {"【语音】", "media_only"},    {"？？？", "unclear"},           {"。。。", "unclear"},
    {"😀", "unclear"},             {"", "unclear"},                 {"在吗", "greet_presale"},
    {"谢谢", "thanks"},            {"我的快递到哪了", "ship_track"}, {"没了", "goodbye"},
    {"没别的事了。", "goodbye"},
};

static void shipped_understanding_follows_its_table(void **state)
{
    (void)state;
    struct nlu *n = nlu_shipped("zh");
    assert_non_null(n);
    int failed = 0;
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct understanding u;
        nlu_understand(n, &a, str_from(rows[i].text), STR("zh"), &u);
        if (u.best_count > 0 && str_eq_c(u.best[0].intent, rows[i].intent))
            continue;
        print_error("[%s] %.*s, want %s\n", rows[i].text, STR_ARG(u.best[0].intent), rows[i].intent);
        failed++;
    }
    bool has_version = nlu_version(n).n > 0;
    arena_done(&a);
    nlu_free(n);
    assert_true(has_version);
    assert_int_equal(failed, 0);
}

static void there_is_no_understanding_of_klingon(void **state)
{
    (void)state;
    assert_null(nlu_shipped("tlh"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_understanding_follows_its_table),
        cmocka_unit_test(there_is_no_understanding_of_klingon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
