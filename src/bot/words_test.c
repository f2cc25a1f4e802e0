/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words: what stands behind a cue, and what is left of a text beside what shall stay as it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bot/words.h"

static const struct {
    const char *name, *language, *kind, *text, *behind;
} cues[] = {
    {"a note", "zh", "cue", "备注：放门口", "放门口"},
    {"a question about it is none of it", "zh", "cue", "备注一下放门口，可以吗？", "放门口"},
    {"nor is a bare particle", "zh", "cue", "能备注吗", ""},
    {"nor are thanks", "zh", "cue", "帮我备注放前台 谢谢啦！", "放前台"},
    {"its own point stays", "zh", "cue", "备注：放门口。", "放门口。"},
    {"a name ends where the question begins", "zh", "receiver", "收件人改成王五行不行", "王五"},
    {"a title that ends like a question word", "zh", "cue", "抬头写杭州某某酒吧", "杭州某某酒吧"},
    {"in English", "en", "cue", "add a note saying leave it at the gate, is that ok?", "leave it at the gate"},
    {"for which order is no note", "en", "cue", "can you add a note to my order please", ""},
    {"part of a word is no tail", "en", "cue", "note: call Bethanks", "call Bethanks"},
};

static const struct {
    const char *name, *language, *text, *left;
} kept[] = {
    {"what stays is named second", "zh", "登山杖不要了 帐篷留着", "登山杖不要了"},
    {"or first", "zh", "裤子留下，上衣退掉", "上衣退掉"},
    {"in English", "en", "cancel the power bank but keep the sleeping bag", "cancel the power bank"},
    {"nothing stays: all of it", "en", "cancel the power bank and the bag", "cancel the power bank and the bag"},
    {"nothing but what stays: all of it", "zh", "帐篷留着", "帐篷留着"},
    {"more than one goes", "zh", "帽子不要了，帐篷留着，手套也不要", "帽子不要了; 手套也不要"},
};

static void what_stands_behind_a_cue(void **state)
{
    (void)state;
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(cues); i++) {
        struct str got = words_behind(&a, str_from(cues[i].language), cues[i].kind, str_from(cues[i].text));
        if (str_eq_c(got, cues[i].behind))
            continue;
        print_error("[%s] %.*s\n", cues[i].name, STR_ARG(got));
        failed++;
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void what_shall_stay_is_left_out(void **state)
{
    (void)state;
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(kept); i++) {
        struct str got = words_apart(&a, str_from(kept[i].language), "keep", str_from(kept[i].text));
        if (str_eq_c(got, kept[i].left))
            continue;
        print_error("[%s] %.*s\n", kept[i].name, STR_ARG(got));
        failed++;
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_behind_a_cue),
        cmocka_unit_test(what_shall_stay_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
