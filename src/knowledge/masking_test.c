/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of masking: what must go, and what must stay for the text to be worth keeping.
 */
#include "base/table_test.h"
#include "knowledge/masking.h"

static const struct {
    const char *name, *text, *kept;
} rows[] = {
    {"a phone", "打我电话13800001234谢谢", "打我电话#谢谢"},
    {"a phone with dashes", "call 138-0000-1234 please", "call # please"},
    {"a phone with spaces", "电话 138 0000 1234 急", "电话 # 急"},
    {"an order number", "我的订单E10001到哪了", "我的订单#到哪了"},
    {"a parcel number", "单号 YT7788990011 查一下", "单号 # 查一下"},
    {"a mail address", "发到 zhang.san@example.com 吧", "发到 # 吧"},
    {"a name after its word", "收件人：张三 发货没", "收件人：# 发货没"},
    {"a name in English", "my name is Ann Lee", "my name is #"},
    {"a street", "改到文三路12号3单元501室", "#"},
    {"a street among words", "请寄 文三路 12号 谢谢", "请寄 # 谢谢"},
    {"a flat", "送到3栋2单元501室", "送到#"},
    {"a price stays", "100块能便宜吗", "100块能便宜吗"},
    {"a size stays", "身高165体重110穿L还是XL", "身高165体重110穿L还是XL"},
    {"a product's name stays", "GTX300防水吗", "#防水吗"},
    {"a day stays", "3号能到吗", "3号能到吗"},
    {"words stay", "Does it float in water", "Does it float in water"},
    {"a name and an address", "姓名是王五，住3栋2单元501室", "姓名是#，住#"},
    {"two numbers", "13800001234 或 057188001234", "# 或 #"},
    {"a street without a number stays", "文三路那家店", "文三路那家店"},
    {"a mail address without a digit", "ann.lee@example.com please", "# please"},
    {"nothing", "", ""},
};

static void what_says_who_somebody_is_goes(void **state)
{
    (void)state; /* pure */
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = {0};
        struct str kept = masked(&a, str_from(rows[i].text));
        if (!str_eq(kept, str_from(rows[i].kept)))
            row_failed(failed, rows[i].name, "%.*s", STR_ARG(kept));
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_says_who_somebody_is_goes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
