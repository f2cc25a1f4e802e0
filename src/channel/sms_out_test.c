/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SMS as requests to a gateway: nothing of a text becomes another parameter; numbers; what an answer means; who may report.
 */
#include "base/table_test.h"

#include <string.h>

#include "base/seal.h"
#include "channel/sms_out.h"

static struct sms_gateway kannel(void)
{
    return (struct sms_gateway){.url = STR("http://127.0.0.1:13013/cgi-bin/sendsms"), .user = STR("tester"),
                                .password = STR("a&b=c"), .from = STR("10690001")};
}

static void a_request_is_kannels(void **state)
{
    struct arena a = {0};
    struct sms_gateway g = kannel();
    struct outbox_item item = {.tenant_id = 7, .id = 12, .to = STR("+8613800001234"), .body = STR("退款&to=1#x")};
    (void)state;
    assert_true(str_eq_c(sms_request(&a, &g, &item),
                         "http://127.0.0.1:13013/cgi-bin/sendsms?username=tester&password=a%26b%3Dc&from=10690001"
                         "&to=%2B8613800001234&text=%E9%80%80%E6%AC%BE%26to%3D1%23x&coding=2&charset=UTF-8&dlr-mask=27&dlr-url="));
    g.public_url = STR("https://chat.example.com");
    assert_true(str_has(sms_request(&a, &g, &item), STR("&dlr-url=https%3A%2F%2Fchat.example.com%2Fapi%2Fv1%2Fsms%2Freports%2F7.12.")));
    assert_true(str_ends(sms_request(&a, &g, &item), STR("%3Ftype%3D%25d")));
    g.params = STR("mobile={to}&content={text}&uid={id}&other={unknown}");
    assert_true(str_ends(sms_request(&a, &g, &item),
                         STR("?mobile=%2B8613800001234&content=%E9%80%80%E6%AC%BE%26to%3D1%23x&uid=12&other={unknown}")));
    arena_done(&a);
}

static const struct {
    const char *phone, *number; /* NULL: none */
} phones[] = {
    {"13800001234", "13800001234"}, {"+86 138-0000-1234", "+8613800001234"}, {"95311", "95311"},
    {"138****1234", NULL}, {"", NULL}, {"1234", NULL}, {"1234567890123456", NULL}, {"86+138", NULL}, {"13800001234,1", NULL},
    {"13800001234&to=2", NULL}, {"one two three", NULL}, {"１３８００００１２３４", NULL},
};

static void numbers_are_numbers(void **state)
{
    int failed = 0;
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(phones); i++) {
        struct str got = STR_NONE;
        bool good = sms_number(&a, str_from(phones[i].phone), &got);
        if (good != (phones[i].number != NULL) || (good && !str_eq_c(got, phones[i].number)))
            row_failed(failed, phones[i].phone, "\"%.*s\"", STR_ARG(got));
    }
    assert_int_equal(failed, 0);
    arena_done(&a);
}

static void answers_mean_taken_later_or_never(void **state)
{
    static const struct {
        int status;
        const char *answer, *accepted;
        enum outbox_outcome want;
    } rows[] = {
        {202, "0: Accepted for delivery", "", OUTBOX_ARRIVED},    {200, "{\"code\":0}", "\"code\":0", OUTBOX_ARRIVED},
        {200, "{\"code\":9}", "\"code\":0", OUTBOX_NEVER},        {400, "bad number", "", OUTBOX_NEVER},
        {403, "Authorization failed", "", OUTBOX_TRY_LATER},      {401, "", "", OUTBOX_TRY_LATER},
        {429, "", "", OUTBOX_TRY_LATER},                          {503, "Temporal failure", "", OUTBOX_TRY_LATER},
        {500, "", "", OUTBOX_TRY_LATER},                          {302, "", "", OUTBOX_TRY_LATER},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sms_gateway g = kannel();
        g.accepted = str_from(rows[i].accepted);
        assert_int_equal(sms_outcome(&g, rows[i].status, str_from(rows[i].answer)), rows[i].want);
    }
}

static void only_who_was_asked_reports(void **state)
{
    struct arena a = {0};
    int64_t tenant_id = 0, id = 0;
    (void)state;
    struct str token = sms_report_token(&a, 7, 12);
    assert_true(sms_report_read(&a, token, &tenant_id, &id));
    assert_int_equal(tenant_id, 7);
    assert_int_equal(id, 12);
    struct str mac = str_sub(token, 5, token.n);
    const struct str forged[] = {STR(""), STR("7.12."), STR("7.12.AAAA"), str_fmt(&a, "7.13.%.*s", STR_ARG(mac)),
                                 str_fmt(&a, "8.12.%.*s", STR_ARG(mac)), str_fmt(&a, "07.12.%.*s", STR_ARG(mac)),
                                 str_fmt(&a, "-7.12.%.*s", STR_ARG(mac))};
    for (size_t i = 0; i < COUNT(forged); i++)
        assert_false(sms_report_read(&a, forged[i], &tenant_id, &id));
    assert_string_equal(sms_report_name(1), "delivered");
    assert_null(sms_report_name(3));
    arena_done(&a);
}

static void settings_are_checked(void **state)
{
    const char *why = NULL;
    struct sms_gateway g = kannel();
    (void)state;
    assert_true(sms_gateway_ok(&g, &why));
    g.params = STR("to={to}");
    assert_false(sms_gateway_ok(&g, &why));
    assert_non_null(strstr(why, "{text}"));
    g = kannel();
    g.public_url = STR("chat.example.com");
    assert_false(sms_gateway_ok(&g, &why));
    g = kannel();
    g.url = STR("http://127.0.0.1/send?x=1");
    assert_false(sms_gateway_ok(&g, &why));
}

static int begin(void **state)
{
    static const unsigned char key[SEAL_KEY_BYTES] = {7};
    (void)state;
    seal_start_with(key);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_kannels),       cmocka_unit_test(numbers_are_numbers),
        cmocka_unit_test(answers_mean_taken_later_or_never), cmocka_unit_test(only_who_was_asked_reports),
        cmocka_unit_test(settings_are_checked),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
