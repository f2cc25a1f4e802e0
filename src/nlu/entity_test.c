/* SPDX-License-Identifier: Apache-2.0 */
/* Entities: what buyers write, and what it is worth. */
#include "nlu/entity.h"

#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char lexicon[] = "colour\t黑色\t黑\ncolour\tnavy\tblue\nregion\t新疆\t\ndate\t昨天\t-1\ndate\t前几天\t-7..-2\n"
                              "date\tyesterday\t-1\nplain\t红包\t\n";

/* want: "kind=value@text" of each entity; days as value "from" or "from..to". */
static const struct {
    const char *name, *text;
    bool jin;
    const char *want;
} rows[] = {
    {"height in words of digits", "我一米七", true, "height=170@一米七"},
    {"height 1米68", "身高1米68", true, "height=168@1米68"},
    {"height 1米7", "1米7的", true, "height=170@1米7"},
    {"height 1.75m", "I am 1.75m", false, "height=175@1.75m"},
    {"height after its word", "身高165", true, "height=165@165"},
    {"height in cm", "175cm", true, "height=175@175cm"},
    {"height in feet", "I'm 5'7\" tall", false, "height=170@5'7"},
    {"height in feet and inches", "5 ft 10 in", false, "height=178@5 ft 10"},
    {"a wrist is no height", "手腕15cm", true, ""},
    {"weight in 斤", "体重110斤", true, "weight=55000@110斤"},
    {"weight in kg", "55kg", true, "weight=55000@55kg"},
    {"weight in pounds", "120 lbs", false, "weight=54432@120 lbs"},
    {"pair is height and 斤", "165 110穿什么", true, "height=165@165 weight=55000@110"},
    {"pair by slash", "165/110", true, "height=165@165 weight=55000@110"},
    {"pair with light weight is kg", "165，52", true, "height=165@165 weight=52000@52"},
    {"pair with unit", "180,150斤", true, "height=180@180 weight=75000@150斤"},
    {"pair in English is kg", "170 65", false, "height=170@170 weight=65000@65"},
    {"pair with words between", "身高165体重110", true, "height=165@165 weight=55000@110"},
    {"foot length", "脚长24.5", true, "foot=245@24.5"},
    {"foot length in mm", "脚长245mm", true, "foot=245@245mm"},
    {"size letters", "要XL的", true, "size=XL@XL"},
    {"size in 码", "42码有吗", true, "size=42@42"},
    {"size after its word", "size 8 please", false, "size=8@8"},
    {"an apostrophe is no size", "I'm and it's", false, ""},
    {"colour by its plain name", "黑色", true, "colour=黑@黑色"},
    {"a red packet is no colour", "红包", true, ""},
    {"region", "发新疆", true, "region=新疆@新疆"},
    {"order of one letter", "订单E10001呢", true, "order_no=E10001@E10001"},
    {"order in small letters", "n20001", true, "order_no=N20001@n20001"},
    {"order's item", "e1001-1", true, "order_no=E1001-1@e1001-1"},
    {"long digits are an order", "1234567890123456789", true, "order_no=1234567890123456789@1234567890123456789"},
    {"order after its word", "订单号:12345", true, "order_no=12345@12345"},
    {"parcel of a known carrier", "ZT7788", true, "tracking_no=ZT7788@ZT7788"},
    {"parcel by its length", "SF1234567890123", true, "tracking_no=SF1234567890123@SF1234567890123"},
    {"parcel after its word", "运单号773123456789", true, "tracking_no=773123456789@773123456789"},
    {"phone", "电话13800001234", true, "phone=13800001234@13800001234"},
    {"money in 元", "99.5元", true, "money=9950@99.5元"},
    {"money 10块5", "退我10块5", true, "money=1050@10块5"},
    {"money in characters", "三十块钱", true, "money=3000@三十块钱"},
    {"money by sign", "¥1280", true, "money=128000@¥1280"},
    {"dollars", "$12.50", false, "money=1250@$12.50"},
    {"quantity", "买一百件", true, "quantity=100@一百件"},
    {"a month is no quantity", "用了两个月", true, ""},
    {"day by word", "昨天买的", true, "date=-1@昨天"},
    {"days by word", "前几天", true, "date=-7..-2@前几天"},
    {"days ago", "三天前", true, "date=-3@三天前"},
    {"days ago in English", "3 days ago", false, "date=-3@3 days ago"},
    {"last Friday is one of seven days", "上周五", true, "date=-9..-3@上周五"},
    {"a model is nothing", "iphone15", true, ""},
    {"discount rule is nothing", "满300减50", true, ""},
    {"nothing", "", true, ""},
};

static void entities_follow_their_table(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    struct lexicon *words = lexicon_read(STR(lexicon));
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct entity *e;
        size_t n = entity_find(&a, str_from(rows[i].text), words, rows[i].jin, &e);
        struct buf got = {.arena = &a};
        for (size_t k = 0; k < n; k++)
            buf_printf(&got, "%s%s=%.*s@%.*s", k > 0 ? " " : "", entity_kind_name(e[k].kind), STR_ARG(e[k].value),
                       STR_ARG(e[k].text));
        if (str_eq_c(buf_view(&got), rows[i].want))
            continue;
        print_error("[%s] %.*s, want %s\n", rows[i].name, STR_ARG(buf_view(&got)), rows[i].want);
        failed++;
    }
    lexicon_free(words);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(entities_follow_their_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
