/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens and passwords: what is accepted, and that nothing else is: every changed byte, every other kind, every
 * other algorithm.
 */
#include "account/jwt.h"
#include "account/password.h"
#include "account/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1800000000000)

static int start(void **state)
{
    (void)state;
    unsigned char key[SEAL_KEY_BYTES];
    memset(key, 7, sizeof(key));
    seal_start_with(key);
    return 0;
}

static const struct token_claims claims = {.tenant_id = 11, .contact_id = 22, .expires_ms = NOW + DAY_MS,
                                           .language = {"zh", 2}, .name = {"张.三", 7}};

static void a_token_says_what_was_signed(void **state)
{
    (void)state;
    struct arena a = {0};
    struct token_claims c = {0};
    assert_true(token_read_buyer(&a, token_buyer(&a, &claims), NOW, &c));
    assert_int_equal(c.tenant_id, 11);
    assert_int_equal(c.contact_id, 22);
    assert_true(str_eq_c(c.language, "zh"));
    assert_true(str_eq_c(c.name, "张.三"));
    assert_true(token_read_visitor(&a, token_visitor(&a, &claims), NOW, &c));
    arena_done(&a);
}

static void an_expired_token_is_refused(void **state)
{
    (void)state;
    struct arena a = {0};
    struct token_claims c = {0};
    struct str t = token_buyer(&a, &claims);
    assert_true(token_read_buyer(&a, t, claims.expires_ms - 1, &c));
    assert_false(token_read_buyer(&a, t, claims.expires_ms, &c));
    arena_done(&a);
}

static void a_visitor_token_opens_nothing_else(void **state)
{
    (void)state;
    struct arena a = {0};
    struct token_claims c = {0};
    struct str v = token_visitor(&a, &claims);
    assert_false(token_read_buyer(&a, v, NOW, &c));
    assert_false(token_read_visitor(&a, token_buyer(&a, &claims), NOW, &c));
    char *renamed = str_c(&a, v);
    renamed[0] = 'b';
    assert_false(token_read_buyer(&a, str_from(renamed), NOW, &c));
    arena_done(&a);
}

static void every_changed_byte_is_seen(void **state)
{
    (void)state;
    struct arena a = {0};
    struct token_claims c = {0};
    struct str t = token_buyer(&a, &claims);
    int accepted = 0;
    for (size_t i = 0; i < t.n; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char *forged = str_c(&a, t);
            forged[i] = (char)(forged[i] ^ (1 << bit));
            accepted += token_read_buyer(&a, (struct str){forged, t.n}, NOW, &c);
        }
        accepted += token_read_buyer(&a, str_sub(t, 0, i), NOW, &c);
    }
    assert_false(token_read_buyer(&a, STR_NONE, NOW, &c));
    assert_false(token_read_buyer(&a, STR("b1.."), NOW, &c));
    assert_false(token_read_buyer(&a, str_fmt(&a, "%.*s.x", STR_ARG(t)), NOW, &c));
    arena_done(&a);
    assert_int_equal(accepted, 0);
}

/* ---- JWT -------------------------------------------------------------------------------------------------- */

static struct str jwt(struct arena *a, const char *header, const char *body, const char *secret)
{
    struct str head = str_fmt(a, "%.*s.%.*s", STR_ARG(seal_base64(a, str_from(header))),
                              STR_ARG(seal_base64(a, str_from(body))));
    unsigned char mac[SEAL_HASH_BYTES];
    seal_hmac(str_from(secret), head, mac);
    return str_fmt(a, "%.*s.%.*s", STR_ARG(head), STR_ARG(seal_base64(a, (struct str){(const char *)mac, 32})));
}

#define HS256 "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define GOOD  "{\"aud\":\"S1\",\"sub\":\"B1\",\"exp\":1800003600,\"name\":\"Ann\"}"

static const struct {
    const char *name, *header, *body, *secret;
    enum jwt_answer answer;
} jwts[] = {
    {"a good one", HS256, GOOD, "key", JWT_OK},
    {"shop instead of aud", HS256, "{\"shop\":\"S1\",\"sub\":\"B1\",\"exp\":1800003600}", "key", JWT_OK},
    {"aud as a list", HS256, "{\"aud\":[\"x\",\"S1\"],\"sub\":\"B1\",\"exp\":1800003600}", "key", JWT_OK},
    {"exp with a fraction", HS256, "{\"aud\":\"S1\",\"sub\":\"B1\",\"exp\":1800003600.5}", "key", JWT_OK},
    {"nbf that has come", HS256, "{\"aud\":\"S1\",\"sub\":\"B1\",\"exp\":1800003600,\"nbf\":1799999999}", "key", JWT_OK},
    {"exactly 24 h", HS256, "{\"aud\":\"S1\",\"sub\":\"B1\",\"exp\":1800086400}", "key", JWT_OK},
    {"alg none", "{\"alg\":\"none\"}", GOOD, "key", JWT_ALGORITHM},
    {"alg None", "{\"alg\":\"None\"}", GOOD, "key", JWT_ALGORITHM},
    {"no alg", "{\"typ\":\"JWT\"}", GOOD, "key", JWT_ALGORITHM},
    {"alg of another type", "{\"alg\":[\"HS256\"]}", GOOD, "key", JWT_ALGORITHM},
    {"alg RS256", "{\"alg\":\"RS256\"}", GOOD, "key", JWT_ALGORITHM},
    {"alg HS512", "{\"alg\":\"HS512\"}", GOOD, "key", JWT_ALGORITHM},
    {"alg twice", "{\"alg\":\"none\",\"alg\":\"HS256\"}", GOOD, "key", JWT_MALFORMED},
    {"critical header", "{\"alg\":\"HS256\",\"crit\":[\"b64\"]}", GOOD, "key", JWT_ALGORITHM},
    {"another secret", HS256, GOOD, "other", JWT_SIGNATURE},
    {"header is no JSON", "HS256", GOOD, "key", JWT_MALFORMED},
    {"claims are no object", HS256, "[1]", "key", JWT_MALFORMED},
    {"expired", HS256, "{\"aud\":\"S1\",\"sub\":\"B1\",\"exp\":1800000000}", "key", JWT_EXPIRED},
    {"no exp", HS256, "{\"aud\":\"S1\",\"sub\":\"B1\"}", "key", JWT_TOO_LONG},
    {"exp as text", HS256, "{\"aud\":\"S1\",\"sub\":\"B1\",\"exp\":\"1800003600\"}", "key", JWT_TOO_LONG},
    {"exp a week ahead", HS256, "{\"aud\":\"S1\",\"sub\":\"B1\",\"exp\":1800604800}", "key", JWT_TOO_LONG},
    {"exp beyond time", HS256, "{\"aud\":\"S1\",\"sub\":\"B1\",\"exp\":1e300}", "key", JWT_TOO_LONG},
    {"not yet valid", HS256, "{\"aud\":\"S1\",\"sub\":\"B1\",\"exp\":1800003600,\"nbf\":1800003000}", "key", JWT_EXPIRED},
    {"another shop", HS256, "{\"aud\":\"S2\",\"sub\":\"B1\",\"exp\":1800003600}", "key", JWT_OTHER_SHOP},
    {"aud right, shop wrong", HS256, "{\"aud\":\"S1\",\"shop\":\"S2\",\"sub\":\"B1\",\"exp\":1800003600}", "key",
     JWT_OTHER_SHOP},
    {"no shop at all", HS256, "{\"sub\":\"B1\",\"exp\":1800003600}", "key", JWT_OTHER_SHOP},
    {"no buyer", HS256, "{\"aud\":\"S1\",\"exp\":1800003600}", "key", JWT_NO_BUYER},
    {"empty buyer", HS256, "{\"aud\":\"S1\",\"sub\":\"\",\"exp\":1800003600}", "key", JWT_NO_BUYER},
    {"buyer as a number", HS256, "{\"aud\":\"S1\",\"sub\":1,\"exp\":1800003600}", "key", JWT_NO_BUYER},
};

static const struct {
    const char *name, *claims, *email;
    bool says, mail_ok, sms_declined;
} reaches[] = {
    {"nothing", "", "", false, false, false},
    {"an address and consent", ",\"email\":\"b1@example.com\",\"email_consent\":true", "b1@example.com", true, true, false},
    {"an address alone", ",\"email\":\"b1@example.com\"", "b1@example.com", true, false, false},
    {"consent as a text", ",\"email\":\"b1@example.com\",\"email_consent\":\"yes\"", "b1@example.com", true, false, false},
    {"two addresses", ",\"email\":\"b1@example.com,b2@example.com\",\"email_consent\":true", "", true, true, false},
    {"no text", ",\"email\":7", "", true, false, false},
    {"no SMS", ",\"sms_consent\":false", "", true, false, true},
    {"SMS", ",\"sms_consent\":true", "", true, false, false},
};

static void a_token_says_where_a_buyer_is_written_to(void **state)
{
    (void)state;
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(reaches); i++) {
        struct jwt_claims c = {0};
        const char *body = str_c(&a, str_fmt(&a, "{\"aud\":\"S1\",\"sub\":\"B1\",\"exp\":1800003600%s}", reaches[i].claims));
        enum jwt_answer answer = jwt_read(&a, jwt(&a, HS256, body, "key"), STR("key"), STR("S1"), NOW, &c);
        if (answer == JWT_OK && str_eq_c(c.email, reaches[i].email) && c.says_reach == reaches[i].says &&
            c.email_consent == reaches[i].mail_ok && c.sms_declined == reaches[i].sms_declined)
            continue;
        print_error("[%s] answer %d, \"%.*s\"\n", reaches[i].name, (int)answer, STR_ARG(c.email));
        failed++;
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void only_the_shops_own_word_is_taken(void **state)
{
    (void)state;
    struct arena a = {0};
    int failed = 0;
    for (size_t i = 0; i < COUNT(jwts); i++) {
        struct jwt_claims c = {0};
        struct str t = jwt(&a, jwts[i].header, jwts[i].body, jwts[i].secret);
        enum jwt_answer answer = jwt_read(&a, t, STR("key"), STR("S1"), NOW, &c);
        if (answer == jwts[i].answer && (answer != JWT_OK || str_eq_c(c.buyer, "B1")) &&
            (answer == JWT_OK || c.buyer.n == 0))
            continue;
        print_error("[%s] answer %d, want %d\n", jwts[i].name, (int)answer, (int)jwts[i].answer);
        failed++;
    }
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void an_empty_secret_signs_nothing(void **state)
{
    (void)state;
    struct arena a = {0};
    struct jwt_claims c = {0};
    assert_int_equal(jwt_read(&a, jwt(&a, HS256, GOOD, ""), STR_NONE, STR("S1"), NOW, &c), JWT_SIGNATURE);
    arena_done(&a);
}

static void broken_jwts_are_malformed(void **state)
{
    (void)state;
    struct arena a = {0};
    struct jwt_claims c = {0};
    struct str good = jwt(&a, HS256, GOOD, "key");
    for (size_t i = 0; i < good.n; i++)
        assert_int_not_equal(jwt_read(&a, str_sub(good, 0, i), STR("key"), STR("S1"), NOW, &c), JWT_OK);
    assert_int_equal(jwt_read(&a, STR("..."), STR("key"), STR("S1"), NOW, &c), JWT_MALFORMED);
    assert_int_equal(jwt_read(&a, str_fmt(&a, "%.*s.", STR_ARG(good)), STR("key"), STR("S1"), NOW, &c), JWT_SIGNATURE);
    arena_done(&a);
}

/* ---- passwords -------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *wanted, *old;
    enum password_answer answer;
} passwords[] = {
    {"ten characters", "correct ho", "", PASSWORD_OK},
    {"ten Chinese characters", "山高水长天地玄黄宇宙", "", PASSWORD_OK},
    {"nine", "correct h", "", PASSWORD_SHORT},
    {"nothing", "", "", PASSWORD_SHORT},
    {"the old one", "correct horse", "correct horse", PASSWORD_OLD},
    {"holds the name", "iamXiaoHe2026!", "", PASSWORD_NAME},
    {"a run", "1234567890", "", PASSWORD_PLAIN},
    {"one letter", "aaaaaaaaaaaa", "", PASSWORD_PLAIN},
    {"two letters", "ababababababab", "", PASSWORD_PLAIN},
};

static void passwords_follow_their_table(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(passwords); i++) {
        enum password_answer answer =
            password_check(str_from(passwords[i].wanted), str_from(passwords[i].old), STR("xiaohe"));
        if (answer == passwords[i].answer)
            continue;
        print_error("[%s] answer %d\n", passwords[i].name, (int)answer);
        failed++;
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_says_what_was_signed),
        cmocka_unit_test(an_expired_token_is_refused),
        cmocka_unit_test(a_visitor_token_opens_nothing_else),
        cmocka_unit_test(every_changed_byte_is_seen),
        cmocka_unit_test(only_the_shops_own_word_is_taken),
        cmocka_unit_test(a_token_says_where_a_buyer_is_written_to),
        cmocka_unit_test(an_empty_secret_signs_nothing),
        cmocka_unit_test(broken_jwts_are_malformed),
        cmocka_unit_test(passwords_follow_their_table),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
