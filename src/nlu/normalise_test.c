/* SPDX-License-Identifier: Apache-2.0 */
/* Normalising: equal looks become equal, and every character keeps its place. */
#include "nlu/normalise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *name, *text, *want;
} rows[] = {
    {"capitals become small", "iPhone 15 PRO", "iphone 15 pro"},
    {"full width becomes half width", "ＡＢＣ１２３？！", "abc123?!"},
    {"ideographic space becomes a space", "你　好", "你 好"},
    {"Han stays", "我的快递到哪了", "我的快递到哪了"},
    {"half-width kana becomes full width", "ｶﾞ", "ガ"},
    {"composed and decomposed accents are equal", "cafe\xCC\x81", "caf\xC3\xA9"},
    {"circled digits become digits", "①", "1"},
    {"squared units become letters", "㎏", "kg"},
    {"Cyrillic capitals become small", "ПРИВЕТ", "привет"},
    {"a broken byte is a space", "a\xFF" "b", "a b"},
    {"nothing stays nothing", "", ""},
    {"four-byte characters survive", "😀𠮷", "😀𠮷"},
};

static void normalising_follows_its_table(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str got = normalise(&a, str_from(rows[i].text));
        if (str_eq_c(got, rows[i].want))
            continue;
        print_error("[%s] \"%.*s\", want \"%s\"\n", rows[i].name, STR_ARG(got), rows[i].want);
        failed++;
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void folding_keeps_places(void **state)
{
    (void)state;
    struct arena a = {0};
    struct folded f;
    struct str text = STR("Ａ好b");
    normalise_fold(&a, text, &f);
    assert_int_equal(f.n, 3);
    assert_int_equal(f.cp[0], 'a');
    assert_int_equal(f.at[1], 3);
    assert_int_equal(f.at[2], 6);
    assert_int_equal(f.at[3], text.n);
    arena_done(&a);
}

static void classes_tell_tokens_apart(void **state)
{
    (void)state;
    assert_int_equal(normalise_class('a'), CHAR_WORD);
    assert_int_equal(normalise_class(0x4F60), CHAR_CJK);
    assert_int_equal(normalise_class('?'), CHAR_MARK);
    assert_int_equal(normalise_class(','), CHAR_OTHER);
    assert_int_equal(normalise_class(0x0E31), CHAR_WORD); /* a Thai vowel sign */
    assert_int_equal(normalise_class(0x1F600), CHAR_OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normalising_follows_its_table),
        cmocka_unit_test(folding_keeps_places),
        cmocka_unit_test(classes_tell_tokens_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
