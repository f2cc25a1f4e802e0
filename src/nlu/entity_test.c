/* SPDX-License-Identifier: Apache-2.0 */
/* Entities: what buyers write, and what it is worth. */
#include "nlu/entity.h"

#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nlu/address.h"
#include "nlu/shipped.h"

/* want: "kind=value@text" of each entity; times as in nlu/when.h. The words are those that ship. */
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
    {"region", "发新疆", true, "region=新疆维吾尔自治区@新疆"},
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
    {"day by word", "昨天买的", true, "date=day n-1@昨天"},
    {"days by word", "前几天", true, "date=day n-7..-2@前几天"},
    {"days ago", "三天前", true, "date=day n-3@三天前"},
    {"days ago in English", "3 days ago", false, "date=day n-3@3 days ago"},
    {"days ago in letters", "three days ago", false, "date=day n-3@three days ago"},
    {"a guess of two days", "两三天前", true, "date=day n-3..-2@两三天前"},
    {"last Friday in Chinese", "上周五", true, "date=week n-1 d5@上周五"},
    {"last Friday", "I ordered last Friday", false, "date=weekday d5 past@last Friday"},
    {"next Friday", "next friday", false, "date=week n1 d5@next friday"},
    {"the week after next", "下下周三", true, "date=week n2 d3@下下周三"},
    {"days of work", "周一到周五", true, "date=week n0 d1..5@周一到周五"},
    {"a verb says which 15th", "15号买的", true, "date=date d15 past@15号"},
    {"a limit lies ahead", "by the 15th", false, "date=date d15 by coming@by the 15th"},
    {"date with month", "11月20日", true, "date=date m11 d20@11月20日"},
    {"span of dates", "11月20日到25日", true, "date=date m11 d20..25@11月20日到25日"},
    {"whole date", "2026年11月20日", true, "date=date y2026 m11 d20@2026年11月20日"},
    {"date in figures", "2026-11-20", true, "date=date y2026 m11 d20@2026-11-20"},
    {"American date", "11/25/2026", false, "date=date y2026 m11 d25@11/25/2026"},
    {"date in letters", "Nov 20th, 2026", false, "date=date y2026 m11 d20@Nov 20th, 2026"},
    {"day before month", "20 November", false, "date=date m11 d20@20 November"},
    {"a day of last month", "上个月15号", true, "date=month n-1 d15@上个月15号"},
    {"end of last month", "上个月底", true, "date=month n-1 d26..31@上个月底"},
    {"a feast a year ago", "去年双十一", true, "date=date y-1 m11 d11@去年双十一"},
    {"a feast of the moon", "中秋节前能到吗", true, "date=lunar m8 d15 before coming@中秋节前"},
    {"a feast by weekday", "黑五", true, "date=nth n4 m11 d4 o1@黑五"},
    {"digits that are a feast", "618买的", true, "date=date m6 d18 past@618"},
    {"clock", "下午三点", true, "date=date t900..960@下午三点"},
    {"half past", "明天上午十点半", true, "date=day n1 t630..660@明天上午十点半"},
    {"clock in figures", "15:30", true, "date=date t930..960@15:30"},
    {"hours between", "今晚8点到10点", true, "date=day n0 t1200..1320@今晚8点到10点"},
    {"midnight ends the day", "晚上十二点", true, "date=date t1440..1500@晚上十二点"},
    {"noon", "中午12点", true, "date=date t720..780@中午12点"},
    {"after a time", "七点以后送", true, "date=date t420..480 after@七点以后"},
    {"after an evening's time", "晚上七点以后送", true, "date=date t1140..1200 after@晚上七点以后"},
    {"3 to 5 pm", "3-5pm", false, "date=date t900..1020@3-5pm"},
    {"between two times", "tomorrow between 3 and 5 pm", false, "date=day n1 t900..1020@tomorrow between 3 and 5 pm"},
    {"a time looks ahead only", " 3pm, 0 of 8", false, "date=date t900..960@3pm"},
    {"hours from now", "2小时内", true, "date=minute n0..120@2小时内"},
    {"hours from now in English", "within 48 hours", false, "date=minute n0..2880@within 48 hours"},
    {"the last days", "最近三天", true, "date=minute n-4320..0@最近三天"},
    {"the last weeks", "the last two weeks", false, "date=minute n-20160..0@the last two weeks"},
    {"recently", "最近很慢", true, "date=day n-14..0@最近"},
    {"in three days", "in 3 days", false, "date=day n3@in 3 days"},
    {"half a month ago", "半个月前", true, "date=day n-19..-11@半个月前"},
    {"an hour and a half ago", "一个半小时前", true, "date=minute n-120..-60@一个半小时前"},
    {"since", "since last week", false, "date=week n-1 from@since last week"},
    {"from on", "从上周五到现在", true, "date=week n-1 d5 from@从上周五"},
    {"a little is no time", "便宜一点", true, ""},
    {"three points are no time", "有三点问题", true, ""},
    {"a duration is no time", "三天没动了", true, ""},
    {"a rule is no time", "七天无理由退货", true, ""},
    {"a house is no day", "18号楼", true, ""},
    {"a street's house is no day", "文三路1号", true, ""},
    {"a line of the metro is no day", "三号线", true, ""},
    {"may is no month here", "I may need it", false, ""},
    {"province and capital", "新疆乌鲁木齐", true, "region=新疆维吾尔自治区/乌鲁木齐市@新疆乌鲁木齐"},
    {"short province", "内蒙包邮吗", true, "region=内蒙古自治区@内蒙"},
    {"city and district", "杭州西湖区", true, "region=浙江省/杭州市/西湖区@杭州西湖区"},
    {"district without its ending", "深圳南山", true, "region=广东省/深圳市/南山区@深圳南山"},
    {"a lake is no district", "西湖风景", true, ""},
    {"as shops write it", "浙江省/杭州市/西湖区", true, "region=浙江省/杭州市/西湖区@浙江省/杭州市/西湖区"},
    {"municipality", "上海市徐汇区", true, "region=上海市/上海市/徐汇区@上海市徐汇区"},
    {"province before its namesake", "吉林省吉林市", true, "region=吉林省/吉林市@吉林省吉林市"},
    {"a province beats its namesakes", "海南", true, "region=海南省@海南"},
    {"a county that all know", "义乌发货", true, "region=浙江省/金华市/义乌市@义乌"},
    {"a town of a city without districts", "东莞虎门镇", true, "region=广东省/东莞市/虎门镇@东莞虎门镇"},
    {"district of several cities", "朝阳区", true, "region=北京市/北京市/朝阳区|吉林省/长春市/朝阳区@朝阳区"},
    {"the city named elsewhere decides", "我在福州，送到鼓楼区", true, "region=福建省/福州市@福州 region=福建省/福州市/鼓楼区@鼓楼区"},
    {"a wish is no city", "祝安康", true, ""},
    {"two cities are two", "北京和上海", true, "region=北京市@北京 region=上海市@上海"},
    {"state", "do you ship to Alaska", false, "region=Alaska@Alaska"},
    {"grouped phone", "138 0000 1234", true, "phone=13800001234@138 0000 1234"},
    {"phone with the country", "+86 138-0000-1234", true, "phone=13800001234@+86 138-0000-1234"},
    {"phone with extension", "17281234567转1234", true, "phone=17281234567-1234@17281234567转1234"},
    {"fixed line", "0571-88886666", true, "phone=057188886666@0571-88886666"},
    {"American phone", "(555) 123-4567", false, "phone=5551234567@(555) 123-4567"},
    {"a measure pair is no phone", "165 110", true, "height=165@165 weight=55000@110"},
    {"who by a label", "收件人：李小明", true, "person=李小明@李小明"},
    {"who in English", "name: John Smith", false, "person=John Smith@John Smith"},
    {"a model is nothing", "iphone15", true, ""},
    {"discount rule is nothing", "满300减50", true, ""},
    {"nothing", "", true, ""},
};

static void entities_follow_their_table(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    struct lexicon *zh = shipped_entities("zh"), *en = shipped_entities("en");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct entity *e;
        size_t n = entity_find(&a, str_from(rows[i].text), rows[i].jin ? zh : en, rows[i].jin, &e);
        struct buf got = {.arena = &a};
        bool placed = true;
        for (size_t k = 0; k < n; k++) {
            buf_printf(&got, "%s%s=%.*s@%.*s", k > 0 ? " " : "", entity_kind_name(e[k].kind), STR_ARG(e[k].value),
                       STR_ARG(e[k].text));
            placed = placed && e[k].text.p == rows[i].text + e[k].from && e[k].text.n == e[k].to - e[k].from &&
                     e[k].confidence > 0 && e[k].confidence <= 1;
        }
        if (placed && str_eq_c(buf_view(&got), rows[i].want))
            continue;
        print_error("[%s] %.*s, want %s\n", rows[i].name, STR_ARG(buf_view(&got)), rows[i].want);
        failed++;
    }
    lexicon_free(zh);
    lexicon_free(en);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

/* As buyers paste them. */
static const struct {
    const char *text;
    bool chinese;
    const char *name, *phone, *region, *detail;
} addresses[] = {
    {"张三 13800001234 浙江省杭州市西湖区文三路1号3单元502", true, "张三", "13800001234", "浙江省/杭州市/西湖区",
     "文三路1号3单元502"},
    {"浙江省杭州市西湖区文三路1号3单元502张三13800001234", true, "张三", "13800001234", "浙江省/杭州市/西湖区",
     "文三路1号3单元502"},
    {"收件人：李小明，电话：138 0000 1234，地址：广东省深圳市南山区科技园南区 3栋 1205室", true, "李小明", "13800001234",
     "广东省/深圳市/南山区", "科技园南区 3栋 1205室"},
    {"欧阳娜娜，13912345678，上海徐汇区漕溪北路88号圣爱大厦1701", true, "欧阳娜娜", "13912345678", "上海市/上海市/徐汇区",
     "漕溪北路88号圣爱大厦1701"},
    {"王女士 13900001111 江苏省苏州市工业园区星湖街328号创意产业园", true, "王女士", "13900001111", "江苏省/苏州市/工业园区",
     "星湖街328号创意产业园"},
    {"帮我改成 周杰 +86 139-1234-5678 北京市朝阳区建国路93号院8号楼，谢谢", true, "周杰", "13912345678", "北京市/北京市/朝阳区",
     "建国路93号院8号楼"},
    {"地址改成杭州市西湖区文三路1号可以吗", true, "", "", "浙江省/杭州市/西湖区", "文三路1号"},
    {"四川成都武侯区天府三街阳光花园2期6栋", true, "", "", "四川省/成都市/武侯区", "天府三街阳光花园2期6栋"},
    {"上海的路况怎么样", true, "", "", "上海市", ""},
    {"杭州到上海的快递走哪条路", true, "", "", "浙江省/杭州市", ""},
    {"高的 13800001234 北京", true, "", "13800001234", "北京市", ""},
    {"Ann Lee, 12 Oak Street Apt 4, Austin, TX 78704, 512-555-0134", false, "Ann Lee", "5125550134", "Texas/Austin/78704",
     "12 Oak Street Apt 4"},
    {"Please change the address to 45 Maple Ave, Boston MA 02130", false, "", "", "Massachusetts/Boston/02130", "45 Maple Ave"},
    {"I bought 2 last week on the street", false, "", "", "", ""},
    {"Boise, ID 83702", false, "", "", "Idaho/Boise/83702", ""},
    {"boise, idaho 83702-1234", false, "", "", "Idaho/boise/83702-1234", ""},
    {"ship it to salt lake city ut 84101 please", false, "", "", "Utah/salt lake city/84101", ""},
    {"MY ADDRESS IS AUSTIN, TX 78704", false, "", "", "Texas/AUSTIN/78704", ""},
    {"New York, NY 10001", false, "", "", "New York/New York/10001", ""},
    {"812 West Main Street Apt 5, Boise, Idaho 83702", false, "", "", "Idaho/Boise/83702", "812 West Main Street Apt 5"},
    {"5 Elm St, Newark New Jersey 07102", false, "", "", "New Jersey/Newark/07102", "5 Elm St"},
    {"5 elm st, denver, co 80202", false, "", "", "Colorado/denver/80202", "5 elm st"},
    {"221B Baker Street, London NW1 6XE", false, "", "", "London/NW1 6XE", "221B Baker Street"},
    {"14 Park Lane, Leeds, West Yorkshire ls14ap", false, "", "", "Leeds, West Yorkshire/LS1 4AP", "14 Park Lane"},
    {"my order ID 83702", false, "", "", "", ""},
    {"Order ID: 83702 in 12345 pieces, or 54321", false, "", "", "", ""},
    {"有没有 M1 1AA 的货", true, "", "", "", ""},
    {"do you have L2 3XL, or M1 2XL", false, "", "", "", ""},
};

static void addresses_follow_their_table(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    struct lexicon *zh = shipped_entities("zh"), *en = shipped_entities("en");
    for (size_t i = 0; i < COUNT(addresses); i++) {
        struct entity *e;
        struct address got;
        size_t n = entity_find(&a, str_from(addresses[i].text), addresses[i].chinese ? zh : en, addresses[i].chinese, &e);
        (void)address_of(e, n, &got);
        if (str_eq_c(got.name, addresses[i].name) && str_eq_c(got.phone, addresses[i].phone) &&
            str_eq_c(got.region, addresses[i].region) && str_eq_c(got.detail, addresses[i].detail))
            continue;
        print_error("[%s] %.*s / %.*s / %.*s / %.*s\n", addresses[i].text, STR_ARG(got.name), STR_ARG(got.phone),
                    STR_ARG(got.region), STR_ARG(got.detail));
        failed++;
    }
    lexicon_free(zh);
    lexicon_free(en);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entities_follow_their_table),
        cmocka_unit_test(addresses_follow_their_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
