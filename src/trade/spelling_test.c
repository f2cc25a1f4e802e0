/* SPDX-License-Identifier: Apache-2.0 */
/* Spelling: what buyers write for what the shop sells, and what must be left alone. */
#include "trade/spelling.h"

#include <stdio.h>

#include "base/table_test.h"

static const char *const shop[] = {"轻量冲锋衣", "三合一冲锋衣", "登山双肩包", "速干T恤", "防水登山鞋", "雨衣", "藏青", "黑色", "橙红",
                                   "电热水壶",   "Trail Rain Jacket", "waterproof boots", "tent", "charcoal", "backpack"};

static const struct {
    const char *name, *text, *want; /* mended; a doubtful one as [word] */
} rows[] = {
    {"as the shop writes it", "冲锋衣有货吗", "冲锋衣有货吗"},
    {"wrong characters of the same sound", "冲峰依有货吗", "冲锋衣有货吗"},
    {"n for ng", "从风一还有吗", "冲锋衣还有吗"},
    {"pinyin", "chongfengyi有货吗", "冲锋衣有货吗"},
    {"pinyin with spaces", "chong feng yi", "冲锋衣"},
    {"pinyin of a colour", "要heise的", "要黑色的"},
    {"a colour by sound", "藏清的有吗", "[藏青]的有吗"},
    {"a missing character of four", "电水壶几升", "电热水壶几升"},
    {"a doubled character", "电热热水壶几升", "电热水壶几升"},
    {"a wrong character may be another thing", "登山双间包", "登山双肩包"},
    {"another bag is another bag", "登山双面包", "[登山双肩包]"},
    {"two sounds in common talk", "雨一直下", "[雨衣]直下"},
    {"two other characters of the same sound", "语义", "语义"},
    {"a missing letter", "trail rain jaket", "trail rain jacket"},
    {"a doubled letter", "backkpack", "backpack"},
    {"swapped letters", "rain jakcet", "rain jacket"},
    {"a wrong letter in a long word", "waterprouf boots", "waterproof boots"},
    {"a wrong letter in a short word", "a tint for two", "a [tent] for two"},
    {"a plural", "two jackets", "two jackets"},
    {"a misspelt plural", "two jakets", "two jackets"},
    {"other words", "where is my parcel", "where is my parcel"},
    {"nothing", "", ""},
};

static void texts_are_mended_by_their_table(void **state)
{
    (void)state;
    int failed = 0;
    struct str words[COUNT(shop)];
    for (size_t i = 0; i < COUNT(shop); i++)
        words[i] = str_from(shop[i]);
    struct spelling *s = spelling_build(words, COUNT(words));
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct misspelling found[MISSPELLINGS];
        size_t n = spelling_find(s, &a, str_from(rows[i].text), found);
        for (size_t k = 0; k < n; k++)
            found[k].word = found[k].sure ? found[k].word : str_fmt(&a, "[%.*s]", STR_ARG(found[k].word));
        struct str got = spelling_mended(&a, str_from(rows[i].text), found, n);
        if (!str_eq_c(got, rows[i].want))
            row_failed(failed, rows[i].name, "%.*s, want %s", STR_ARG(got), rows[i].want);
    }
    arena_done(&a);
    spelling_free(s);
    assert_int_equal(failed, 0);
}

static void a_shop_without_words_mends_nothing(void **state)
{
    (void)state;
    struct arena a = {0};
    struct misspelling found[MISSPELLINGS];
    struct spelling *s = spelling_build(NULL, 0);
    assert_int_equal(spelling_find(s, &a, STR("冲锋衣 jacket"), found), 0);
    spelling_free(s);
    spelling_free(NULL);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_mended_by_their_table),
        cmocka_unit_test(a_shop_without_words_mends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
