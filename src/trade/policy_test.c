/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of policies: values, versions in force, terms.
 */
#include "trade/policy.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/time.h"

static const struct {
    const char *text;
    bool good;
    enum policy_kind kind;
    int64_t number;
} values[] = {
    {"24h", true, POLICY_DURATION, 24 * HOUR_MS}, {"7d", true, POLICY_DURATION, 7 * DAY_MS},
    {"4wd", true, POLICY_WORKDAYS, 4},            {"5%", true, POLICY_RATE, 500},
    {"2.5%", true, POLICY_RATE, 250},             {"0.05%", true, POLICY_RATE, 5},
    {"5000", true, POLICY_NUMBER, 5000},          {"on", true, POLICY_SWITCH, 1},
    {"off", true, POLICY_SWITCH, 0},              {"{\"a\":1}", true, POLICY_JSON, 0},
    {" 24h ", true, POLICY_DURATION, 24 * HOUR_MS}, {"", false, POLICY_JSON, 0},
    {"soon", false, POLICY_JSON, 0},              {"-4wd", false, POLICY_JSON, 0},
    {"2.555%", false, POLICY_JSON, 0},            {"%", false, POLICY_JSON, 0},
    {"wd", false, POLICY_JSON, 0},                {"xwd", false, POLICY_JSON, 0},
    {"3661wd", false, POLICY_JSON, 0},            {"x%", false, POLICY_JSON, 0},
    {"-5%", false, POLICY_JSON, 0},               {"1000001%", false, POLICY_JSON, 0},
    {"5.%", false, POLICY_JSON, 0},               {"5.x%", false, POLICY_JSON, 0},
    {"5.-1%", false, POLICY_JSON, 0},             {"1000000%", true, POLICY_RATE, 100000000},
};

static void values_are_read(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(values); i++) {
        struct policy_value v = {0};
        bool good = policy_read(str_from(values[i].text), &v);
        if (good == values[i].good && (!good || (v.kind == values[i].kind && v.number == values[i].number)))
            continue;
        print_error("[%s] good %d, kind %d, number %lld\n", values[i].text, good, (int)v.kind, (long long)v.number);
        failed++;
    }
    assert_int_equal(failed, 0);
}

#define SCOPE(lit) {(lit), sizeof(lit) - 1}

static const struct policy versions[] = {
    {.tenant_id = POLICY_SHIPPED, .scope = SCOPE("platform"), .from_ms = 50, .value = SCOPE("shipped")},
    {.tenant_id = 0, .scope = SCOPE("category:食品"), .from_ms = 400, .value = SCOPE("platform food")},
    {.tenant_id = 0, .scope = SCOPE("category:食品/生鲜"), .from_ms = 400, .value = SCOPE("platform fresh")},
    {.tenant_id = 0, .scope = SCOPE("category:书/小说"), .from_ms = 400, .value = SCOPE("platform novels")},
    {.tenant_id = 7, .scope = SCOPE("category:书"), .from_ms = 400, .value = SCOPE("shop books")},
    {.tenant_id = 0, .scope = SCOPE("platform"), .from_ms = 100, .value = SCOPE("platform old")},
    {.tenant_id = 0, .scope = SCOPE("platform"), .from_ms = 200, .value = SCOPE("platform new")},
    {.tenant_id = 0, .scope = SCOPE("category:鞋靴"), .from_ms = 100, .value = SCOPE("platform shoes")},
    {.tenant_id = 7, .scope = SCOPE("shop"), .from_ms = 300, .to_ms = 400, .value = SCOPE("shop")},
    {.tenant_id = 7, .scope = SCOPE("product:P1"), .from_ms = 300, .value = SCOPE("product")},
};

static const struct {
    const char *name, *scope;
    int64_t at;
    const char *want;
} in_force[] = {
    {"before the first version", "", 49, NULL},
    {"from its start on", "", 100, "platform old"},
    {"the last moment of the old one", "", 199, "platform old"},
    {"an order of then is judged by then", "", 200, "platform new"},
    {"a scope beats the general", "category:鞋靴", 250, "platform shoes"},
    {"the shop's own beats the platform's", "", 300, "shop"},
    {"the shop's own beats the platform's scope", "category:鞋靴", 300, "shop"},
    {"the shop's scope beats the shop's own", "product:P1", 300, "product"},
    {"a category holds in what is below it", "category:鞋靴/跑鞋", 250, "platform shoes"},
    {"a category is no beginning of a word", "category:鞋靴子", 250, "platform new"},
    {"the platform's before the shipped one", "", 150, "platform old"},
    {"the shipped one where the platform says nothing", "", 60, "shipped"},
    {"the longest path of a category", "category:食品/生鲜/水果", 450, "platform fresh"},
    {"the shop's own category beats the platform's longer one", "category:书/小说", 450, "shop books"},
    {"after its end the platform's holds again", "", 400, "platform new"},
};

static void the_version_in_force_is_found(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(in_force); i++) {
        struct policy_place place = policy_place_of(str_from(in_force[i].scope));
        const struct policy *p = policy_in_force(versions, COUNT(versions), &place, in_force[i].at);
        if (str_eq(p != NULL ? p->value : STR_NONE, str_from(in_force[i].want)))
            continue;
        print_error("[%s] %.*s\n", in_force[i].name, STR_ARG(p != NULL ? p->value : STR("none")));
        failed++;
    }
    assert_int_equal(failed, 0);
}

static const struct policy kinds[] = {
    {.tenant_id = POLICY_SHIPPED, .from_ms = 100, .to_ms = 200, .value = SCOPE("24h")},
    {.tenant_id = POLICY_SHIPPED, .from_ms = 200, .value = SCOPE("4wd")},
    {.tenant_id = 7, .from_ms = 150, .value = SCOPE("off")},
    {.tenant_id = 7, .from_ms = 300, .value = SCOPE("36h")},
};

static const struct {
    const char *name;
    int64_t at;
    unsigned kinds;
    const char *want;
} of_kind[] = {
    {"a value that makes no sense here changes nothing", 160, POLICY_TERM, "24h"},
    {"it is found where it is asked for", 160, POLICY_BIT(POLICY_SWITCH), "off"},
    {"the later version", 250, POLICY_TERM, "4wd"},
    {"the shop's own", 300, POLICY_TERM, "36h"},
    {"before the first version the first", 10, POLICY_TERM, "24h"},
    {"none of the kind", 300, POLICY_BIT(POLICY_RATE), NULL},
};

static void the_version_of_a_kind_is_found(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(of_kind); i++) {
        struct policy_value v = {0};
        const struct policy *p = policy_of_kind(kinds, COUNT(kinds), NULL, of_kind[i].at, of_kind[i].kinds, &v);
        if (str_eq(v.text, str_from(of_kind[i].want)) && (p != NULL) == (of_kind[i].want != NULL))
            continue;
        print_error("[%s] %.*s\n", of_kind[i].name, STR_ARG(v.text));
        failed++;
    }
    assert_int_equal(failed, 0);
}

static const int64_t holidays[] = {20261001, 20261002}, workdays[] = {20261010};
static const struct calendar china = {holidays, COUNT(holidays), workdays, COUNT(workdays)};

static const struct {
    const char *name, *value, *from, *due;
    const struct calendar *calendar;
} terms[] = {
    {"hours are natural time", "24h", "2026-11-20T15:00:00+08:00", "2026-11-21T15:00:00+08:00", NULL},
    {"days are natural days", "7d", "2026-11-20T15:00:00+08:00", "2026-11-27T15:00:00+08:00", NULL},
    {"a working day ends with the day", "1wd", "2026-11-18T15:00:00+08:00", "2026-11-20T00:00:00+08:00", NULL},
    {"the weekend does not count", "1wd", "2026-11-20T15:00:00+08:00", "2026-11-24T00:00:00+08:00", NULL},
    {"four of them over a weekend", "4wd", "2026-11-18T15:00:00+08:00", "2026-11-25T00:00:00+08:00", NULL},
    {"holidays do not count", "1wd", "2026-09-30T15:00:00+08:00", "2026-10-06T00:00:00+08:00", &china},
    {"a Saturday that is worked counts", "1wd", "2026-10-09T15:00:00+08:00", "2026-10-11T00:00:00+08:00", &china},
    {"the clocks are set forward in these days", "2d", "2026-03-07T15:00:00-05:00", "2026-03-09T16:00:00-04:00", NULL},
    {"a leap day is a working day", "1wd", "2028-02-28T15:00:00+08:00", "2028-03-01T00:00:00+08:00", NULL},
    {"no working day: today", "0wd", "2026-11-18T15:00:00+08:00", "2026-11-19T00:00:00+08:00", NULL},
};

static void terms_end_when_they_should(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(terms); i++) {
        struct policy_value v;
        int64_t from = 0, due = 0;
        assert_true(policy_read(str_from(terms[i].value), &v));
        assert_true(time_parse(str_from(terms[i].from), &from) && time_parse(str_from(terms[i].due), &due));
        int64_t got = policy_due_ms(&v, from, STR("Asia/Shanghai"), terms[i].calendar);
        char text[TIME_TEXT];
        if (got == due)
            continue;
        print_error("[%s] %s\n", terms[i].name, time_rfc3339(got, 480, text));
        failed++;
    }
    assert_int_equal(failed, 0);
}

static const struct policy odd[] = {
    {.tenant_id = 0, .scope = SCOPE(""), .from_ms = 300, .value = SCOPE("3h")},
    {.tenant_id = 0, .scope = SCOPE("platform"), .from_ms = 200, .value = SCOPE("2h")},
    {.tenant_id = 0, .scope = SCOPE("product:P1"), .from_ms = 100, .value = SCOPE("1h")},
    {.tenant_id = 0, .scope = SCOPE("category:书"), .from_ms = 100, .value = SCOPE("4h")},
    {.tenant_id = 0, .scope = SCOPE("galaxy"), .from_ms = 100, .value = SCOPE("9h")},
    {.tenant_id = 0, .scope = SCOPE("platform"), .from_ms = 400, .value = SCOPE("nonsense")},
    {.tenant_id = 7, .scope = SCOPE("shop"), .from_ms = 250, .to_ms = 260, .value = SCOPE("7h")},
};

static void odd_rows_change_nothing(void **state)
{
    (void)state;
    struct policy_value v;
    struct policy_place book = {.product = SCOPE("P1"), .category = SCOPE("书")};
    /* general rows only; a scope that is none; the later start wins whatever the order of the rows */
    assert_ptr_equal(policy_in_force(odd, 5, NULL, 350), &odd[0]);
    assert_ptr_equal(policy_in_force(odd, 2, NULL, 250), &odd[1]);
    assert_ptr_equal(policy_in_force(odd, COUNT(odd), NULL, 255), &odd[6]);
    assert_ptr_equal(policy_in_force(odd, COUNT(odd), &book, 350), &odd[2]);
    assert_null(policy_in_force(odd, COUNT(odd), NULL, 100));
    /* a value that cannot be read is none */
    assert_ptr_equal(policy_of_kind(odd, COUNT(odd), NULL, 450, POLICY_TERM, &v), &odd[0]);
    assert_ptr_equal(policy_of_kind(odd, COUNT(odd), &book, 450, POLICY_TERM, &v), &odd[2]);
    assert_null(policy_of_kind(odd, COUNT(odd), NULL, 100, POLICY_TERM, &v));
}

/** Two shipped rows that begin later, in both orders, are asked for a time before either. */
static void before_all_the_first_shipped_one_holds(void **state)
{
    (void)state;
    struct policy_value v;
    struct policy_place book = {.category = SCOPE("书")};
    const struct policy rows[] = {
        {.tenant_id = POLICY_SHIPPED, .scope = SCOPE("platform"), .from_ms = 300, .value = SCOPE("3h")},
        {.tenant_id = POLICY_SHIPPED, .scope = SCOPE("platform"), .from_ms = 200, .value = SCOPE("2h")},
        {.tenant_id = POLICY_SHIPPED, .scope = SCOPE("category:书"), .from_ms = 200, .value = SCOPE("4h")},
        {.tenant_id = POLICY_SHIPPED, .scope = SCOPE("platform"), .from_ms = 250, .value = SCOPE("5h")},
        {.tenant_id = POLICY_SHIPPED, .scope = SCOPE("platform"), .from_ms = 200, .value = SCOPE("6h")},
    };
    assert_ptr_equal(policy_of_kind(rows, COUNT(rows), &book, 10, POLICY_TERM, &v), &rows[2]);
    assert_ptr_equal(policy_of_kind(rows, 2, NULL, 10, POLICY_TERM, &v), &rows[1]);
    assert_ptr_equal(policy_of_kind(rows, COUNT(rows), NULL, 10, POLICY_TERM, &v), &rows[4]); /* of the same day the last */
    assert_ptr_equal(policy_of_kind(rows, COUNT(rows), NULL, 260, POLICY_TERM, &v), &rows[3]);
    assert_ptr_equal(policy_of_kind(rows, COUNT(rows), &book, 260, POLICY_TERM, &v), &rows[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_rows_change_nothing),
        cmocka_unit_test(before_all_the_first_shipped_one_holds),
        cmocka_unit_test(values_are_read),
        cmocka_unit_test(the_version_in_force_is_found),
        cmocka_unit_test(the_version_of_a_kind_is_found),
        cmocka_unit_test(terms_end_when_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
