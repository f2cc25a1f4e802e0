/* SPDX-License-Identifier: Apache-2.0 */
/* Bursts: which texts are waited for, until when, and what is answered. */
#include "chat/burst.h"

#include "base/table_test.h"

static const struct {
    const char *text;
    bool waits;
} texts[] = {
    /* complete: answered at once */
    {"我的快递到哪了", false},
    {"发什么快递", false},
    {"运费多少", false},
    {"包邮吗", false},
    {"有货吗？", false},
    {"？", false},
    {"到哪了", false},
    {"转人工", false},
    {"我要退货", false},
    {"谢谢", false},
    {"好的", false},
    {"第二个", false},
    {"E10001", false},
    {"172 65公斤", false},
    {"我买的冲锋衣大了能换个小一码的", false},
    {"我买的冲锋衣收到的时候袖子上有一个洞", false},
    {"where is my parcel?", false},
    {"where is my parcel", false},
    {"I want to return it", false},
    {"yes", false},
    {"XL", false},
    {"It arrived yesterday and the zip does not close at all", false},
    /* a beginning, a piece, a greeting */
    {"在吗", true},
    {"在吗。", true},
    {"你好！", true},
    {"请问", true},
    {"我那个", true},
    {"我上次买的", true},
    {"快递", true},
    {"冲锋衣", true},
    {"我昨天买的那个，", true},
    {"我想问下，我昨天在你们家买的那件冲锋衣，", true},
    {"等一下...", true},
    {"是这样的", true},
    {"hi", true},
    {"Hello!", true},
    {"my order", true},
    {"the jacket", true},
    {"I bought a jacket last week and", true},
    {"", false},
    {"   ", false},
};

static void only_what_is_unfinished_waits(void **state)
{
    (void)state;
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(texts); i++) {
        int ms = burst_wait_ms(&a, str_from(texts[i].text));
        if ((ms > 0) != texts[i].waits || ms < 0 || ms > 1500)
            row_failed(failed, texts[i].text, "%d ms", ms);
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

#define AT(text, ms) {{(text), sizeof(text) - 1}, (ms)}

static const struct {
    const char *name;
    struct burst_text texts[4];
    size_t n;
    const char *last_said;
    int64_t typing_ms;
    int64_t from_ms, to_ms; /* due within */
    const char *joined;
} bursts[] = {
    {"a complete question", {AT("我的快递到哪了", 5000)}, 1, "", 0, 5000, 5000, "我的快递到哪了"},
    {"a greeting", {AT("在吗", 5000)}, 1, "", 0, 5500, 6500, "在吗"},
    {"greeting, pieces, end", {AT("在吗", 5000), AT("我那个", 5400), AT("快递", 5800), AT("到哪了", 6200)}, 4, "", 0, 6200,
     6200, "我那个快递到哪了"},
    {"pieces without an end wait no longer than the limit", {AT("在吗", 5000), AT("我那个", 5900), AT("快递", 6400)}, 3, "",
     0, 6500, 6500, "我那个快递"},
    {"typing extends", {AT("快递", 5000)}, 1, "", 5600, 6300, 6300, "快递"},
    {"typing does not extend the limit", {AT("快递", 5000)}, 1, "", 6450, 6500, 6500, "快递"},
    {"typing before the text says nothing", {AT("快递", 5000)}, 1, "", 4900, 5900, 5900, "快递"},
    {"a short answer to a question", {AT("冲锋衣", 5000)}, 1, "您问的是哪一款？", 0, 5000, 5000, "冲锋衣"},
    {"a short answer to a list", {AT("冲锋衣", 5000)}, 1, "请选一下是哪款：", 0, 5000, 5000, "冲锋衣"},
    {"a second piece after a question", {AT("冲锋衣", 5000), AT("黑色", 5300)}, 2, "您问的是哪一款？", 0, 6200, 6200,
     "冲锋衣黑色"},
    {"nothing but greetings", {AT("你好", 5000), AT("在吗", 5600)}, 2, "", 0, 6500, 6500, "在吗"},
    {"sentences stay apart", {AT("衣服收到了。", 5000), AT("怎么退货", 5500)}, 2, "", 0, 5500, 5500, "衣服收到了。 怎么退货"},
    {"in English", {AT("hi", 5000), AT("my order", 5500), AT("where is it?", 6100)}, 3, "", 0, 6100, 6100,
     "my order where is it?"},
    {"a clock that was set back", {AT("在吗", 5000), AT("快递", 3000)}, 2, "", 0, 3000, 3000, "快递"},
};

static void a_burst_is_answered_as_one(void **state)
{
    (void)state;
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(bursts); i++) {
        const struct burst b = {bursts[i].texts, bursts[i].n, str_from(bursts[i].last_said), bursts[i].typing_ms};
        int64_t due_ms = burst_due_ms(&a, &b);
        struct str joined = burst_join(&a, b.texts, b.n);
        if (due_ms < bursts[i].from_ms || due_ms > bursts[i].to_ms || !str_eq_c(joined, bursts[i].joined))
            row_failed(failed, bursts[i].name, "due %lld, \"%.*s\"", (long long)due_ms, STR_ARG(joined));
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void strange_texts_wait_for_nothing_long(void **state)
{
    (void)state;
    struct arena a = {0};
    struct buf b = {.arena = &a};
    for (int i = 0; i < 2000; i++)
        buf_c(&b, "啊");
    assert_int_equal(burst_wait_ms(&a, buf_view(&b)), 0);
    assert_true(burst_wait_ms(&a, STR("\xff\xfe\xc0")) <= 1500);
    assert_true(burst_wait_ms(&a, STR("\xf0\x9f\x98\x80")) <= 1500);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_unfinished_waits),
        cmocka_unit_test(a_burst_is_answered_as_one),
        cmocka_unit_test(strange_texts_wait_for_nothing_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
