/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures, answers and the breaker. The signature is held against the example of the Standard Webhooks specification. */
#include "base/table_test.h"

#include "base/seal.h"
#include "trade/adapter.h"

#define SECRET  STR("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
#define OTHER   STR("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
#define ID      STR("msg_p5jXN8AQM9LWM0D4loKWxJek")
#define PAYLOAD STR("{\"test\": 2432232314}")
#define GOOD    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define AT      INT64_C(1614265330)

static void a_signature_is_that_of_the_specification(void **state)
{
    (void)state;
    struct arena a = {0};
    struct str secrets[] = {SECRET, STR_NONE, OTHER};
    struct str one = adapter_sign(&a, secrets, 1, ID, AT, PAYLOAD);
    assert_true(str_eq(one, STR(GOOD)));
    struct str both = adapter_sign(&a, secrets, 3, ID, AT, PAYLOAD);
    assert_true(str_starts(both, STR(GOOD " v1,")));
    assert_int_equal(both.n, 2 * one.n + 1);
    arena_done(&a);
}

static const struct {
    const char *name;
    struct str id, timestamp, signature, payload;
    int64_t late_s;
    enum adapter_trust want;
} signed_rows[] = {
    {"as it should be", ID, STR("1614265330"), STR(GOOD), PAYLOAD, 0, ADAPTER_TRUSTED},
    {"beside another's", ID, STR("1614265330"), STR("v1,AAAA v1a,xyz " GOOD), PAYLOAD, 0, ADAPTER_TRUSTED},
    {"at the edge of the window", ID, STR("1614265330"), STR(GOOD), PAYLOAD, 300, ADAPTER_TRUSTED},
    {"from a clock that is ahead", ID, STR("1614265330"), STR(GOOD), PAYLOAD, -300, ADAPTER_TRUSTED},
    {"too old", ID, STR("1614265330"), STR(GOOD), PAYLOAD, 301, ADAPTER_TOO_OLD},
    {"from the future", ID, STR("1614265330"), STR(GOOD), PAYLOAD, -301, ADAPTER_TOO_OLD},
    {"another time than signed", ID, STR("1614265331"), STR(GOOD), PAYLOAD, 0, ADAPTER_FORGED},
    {"another id than signed", STR("msg_2"), STR("1614265330"), STR(GOOD), PAYLOAD, 0, ADAPTER_FORGED},
    {"another body than signed", ID, STR("1614265330"), STR(GOOD), STR("{\"test\": 2432232315}"), 0, ADAPTER_FORGED},
    {"a signature cut short", ID, STR("1614265330"), STR("v1,g0hM9SsE+OTPJTGt/tmI"), PAYLOAD, 0, ADAPTER_FORGED},
    {"of another scheme", ID, STR("1614265330"), STR("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="), PAYLOAD, 0, ADAPTER_FORGED},
    {"no id", STR_NONE, STR("1614265330"), STR(GOOD), PAYLOAD, 0, ADAPTER_UNSIGNED},
    {"no time", ID, STR_NONE, STR(GOOD), PAYLOAD, 0, ADAPTER_UNSIGNED},
    {"a time that is none", ID, STR("yesterday"), STR(GOOD), PAYLOAD, 0, ADAPTER_UNSIGNED},
    {"a time beyond all", ID, STR("99999999999999999999"), STR(GOOD), PAYLOAD, 0, ADAPTER_UNSIGNED},
    {"no signature", ID, STR("1614265330"), STR_NONE, PAYLOAD, 0, ADAPTER_UNSIGNED},
};

static void only_what_was_signed_lately_is_trusted(void **state)
{
    (void)state;
    int failed = 0;
    struct str secrets[] = {OTHER, SECRET};
    for (size_t i = 0; i < COUNT(signed_rows); i++) {
        struct adapter_headers h = {signed_rows[i].id, signed_rows[i].timestamp, signed_rows[i].signature};
        int64_t now_ms = (AT + signed_rows[i].late_s) * SECOND_MS;
        enum adapter_trust got = adapter_verify(secrets, 2, &h, signed_rows[i].payload, now_ms, 5 * MINUTE_MS);
        if (got != signed_rows[i].want)
            row_failed(failed, signed_rows[i].name, "trust %d, want %d", (int)got, (int)signed_rows[i].want);
        got = adapter_verify(secrets, 1, &h, signed_rows[i].payload, now_ms, 5 * MINUTE_MS);
        if (got == ADAPTER_TRUSTED)
            row_failed(failed, signed_rows[i].name, "trusted with another secret");
    }
    assert_int_equal(failed, 0);
}

static const struct {
    const char *name;
    struct str secret;
    bool good;
} secret_rows[] = {
    {"of the specification", SECRET, true},
    {"without its mark", STR("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), false},
    {"too short to be one", STR("whsec_MfKQ9r8GKYqr"), false},
    {"no base64", STR("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La*aSw"), false},
    {"nothing", STR_NONE, false},
};

static void secrets_are_checked(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(secret_rows); i++)
        if (adapter_secret_good(secret_rows[i].secret) != secret_rows[i].good)
            row_failed(failed, secret_rows[i].name, "want %d", secret_rows[i].good);
    struct str first = adapter_secret_new(&a), second = adapter_secret_new(&a);
    assert_true(adapter_secret_good(first) && adapter_secret_good(second) && !str_eq(first, second));
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static const struct {
    const char *name;
    int status;
    const char *body;
    enum adapter_verdict want;
} answer_rows[] = {
    {"done", 200, "{\"status\":\"done\"}", ADAPTER_DONE},
    {"done, with the order", 200, "{\"status\":\"done\",\"version\":3,\"order\":{\"id\":\"E1\"},\"reference\":\"R3\"}", ADAPTER_DONE},
    {"refused", 200, "{\"status\":\"refused\",\"code\":\"shipped\",\"reason\":\"it has left\"}", ADAPTER_REFUSED},
    {"at work", 202, "{\"status\":\"pending\"}", ADAPTER_LATER},
    {"done, but an error", 500, "{\"status\":\"done\"}", ADAPTER_NONSENSE},
    {"a redirect", 302, "{\"status\":\"done\"}", ADAPTER_NONSENSE},
    {"no JSON", 200, "<html>OK</html>", ADAPTER_NONSENSE},
    {"nothing", 200, "", ADAPTER_NONSENSE},
    {"a list", 200, "[\"done\"]", ADAPTER_NONSENSE},
    {"another word", 200, "{\"status\":\"ok\"}", ADAPTER_NONSENSE},
    {"twice the same member", 200, "{\"status\":\"refused\",\"status\":\"done\"}", ADAPTER_NONSENSE},
    {"an order without a version", 200, "{\"status\":\"done\",\"order\":{\"id\":\"E1\"}}", ADAPTER_NONSENSE},
    {"an order that is a text", 200, "{\"status\":\"done\",\"version\":3,\"order\":\"E1\"}", ADAPTER_NONSENSE},
    {"a negative version", 200, "{\"status\":\"done\",\"version\":-3}", ADAPTER_NONSENSE},
    {"a reason that is a number", 200, "{\"status\":\"refused\",\"reason\":7}", ADAPTER_NONSENSE},
    {"a reason with a line end", 200, "{\"status\":\"refused\",\"reason\":\"a\\nb\"}", ADAPTER_NONSENSE},
    {"bytes that are no text", 200, "{\"status\":\"done\",\"reason\":\"\xff\"}", ADAPTER_NONSENSE},
};

static void answers_are_read_strictly(void **state)
{
    (void)state;
    int failed = 0;
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(answer_rows); i++) {
        struct adapter_answer got = adapter_answer_read(&a, answer_rows[i].status, str_from(answer_rows[i].body));
        if (got.verdict != answer_rows[i].want)
            row_failed(failed, answer_rows[i].name, "verdict %d, want %d", (int)got.verdict, (int)answer_rows[i].want);
        adapter_answer_done(&got);
    }
    struct buf b = {.arena = &a};
    buf_c(&b, "{\"status\":\"refused\",\"reason\":\"");
    for (int i = 0; i < 201; i++)
        buf_c(&b, "长");
    buf_c(&b, "\"}");
    struct adapter_answer got = adapter_answer_read(&a, 200, buf_view(&b));
    if (got.verdict != ADAPTER_NONSENSE)
        row_failed(failed, "a reason without an end", "verdict %d", (int)got.verdict);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void a_dead_shop_is_left_alone_for_a_while(void **state)
{
    (void)state;
    struct adapter_breaker b = {0};
    for (int i = 0; i < 2; i++)
        adapter_breaker_note(&b, false, 3, 60000, 1000);
    assert_true(adapter_breaker_lets(&b, 1000));
    adapter_breaker_note(&b, false, 3, 60000, 1000);
    assert_false(adapter_breaker_lets(&b, 60999));
    assert_true(adapter_breaker_lets(&b, 61000)); /* one call tries */
    adapter_breaker_note(&b, false, 3, 60000, 61000);
    assert_false(adapter_breaker_lets(&b, 120999));
    adapter_breaker_note(&b, true, 3, 60000, 121000);
    adapter_breaker_note(&b, false, 3, 60000, 121000);
    assert_true(adapter_breaker_lets(&b, 121000)); /* it begins to count anew */
}

static const struct {
    const char *url;
    bool good;
} urls[] = {
    {"https://shop.example/xiaoer", true}, {"http://127.0.0.1:7801", true}, {"https://shop.example/", false},
    {"https://", false}, {"http:///x", false}, {"ftp://shop.example", false}, {"https://a:b@shop.example", false},
    {"https://shop.example/x?y=1", false}, {"https://shop.example/#x", false}, {"https://shop .example", false},
    {"shop.example", false}, {"", false},
};

static void addresses_are_checked(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(urls); i++)
        if (adapter_url_good(str_from(urls[i].url)) != urls[i].good)
            row_failed(failed, urls[i].url, "want %d", urls[i].good);
    assert_int_equal(failed, 0);
}

int main(void)
{
    static const unsigned char key[SEAL_KEY_BYTES] = {1};
    seal_start_with(key);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_is_that_of_the_specification),
        cmocka_unit_test(only_what_was_signed_lately_is_trusted),
        cmocka_unit_test(secrets_are_checked),
        cmocka_unit_test(answers_are_read_strictly),
        cmocka_unit_test(a_dead_shop_is_left_alone_for_a_while),
        cmocka_unit_test(addresses_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
