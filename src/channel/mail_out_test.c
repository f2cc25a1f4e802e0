/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mails as they go on the line: nothing in them can become another header or another recipient; and what a server's code means.
 */
#include "base/table_test.h"

#include <string.h>

#include "account/reach.h"
#include "base/seal.h"
#include "channel/mail_out.h"

#define NOW ((int64_t)1795312800000) /* 2026-11-22T02:00:00Z */

static const struct mail_server server = {.url = STR("smtp://127.0.0.1:25"), .from = STR("service@shop.example")};

static struct str written(struct arena *a, struct outbox_mail m, const char *to, const char *key)
{
    struct outbox_item item = {.tenant_id = 7, .kind = OUTBOX_MAIL, .key = str_from(key), .to = str_from(to)};
    item.body = outbox_mail_body(a, &m);
    return mail_write(a, &server, &item, NOW);
}

static const struct {
    const char *name;
    struct outbox_mail mail;
    const char *has, *has_not;
} mails[] = {
    {"who it is from", {.from_name = STR("山行户外"), .text = STR("x")},
     "From: =?UTF-8?B?5bGx6KGM5oi35aSW?=\r\n <service@shop.example>\r\n", NULL},
    {"who it is for", {.text = STR("x")}, "\r\nTo: <b1@example.com>\r\n", NULL},
    {"when", {.text = STR("x")}, "\r\nDate: Sun, 22 Nov 2026 02:00:00 +0000\r\n", NULL},
    {"that a program wrote it", {.text = STR("x")}, "\r\nAuto-Submitted: auto-generated\r\n", NULL},
    {"a short subject", {.subject = STR("Refund"), .text = STR("x")}, "\r\nSubject: =?UTF-8?B?UmVmdW5k?=\r\n", NULL},
    {"a subject that would be two headers", {.subject = STR("a\r\nBcc: all@example.com"), .text = STR("x")},
     "Subject: =?UTF-8?B?YQ0KQmNjOiBhbGxAZXhhbXBsZS5jb20=?=", "Bcc"},
    {"a long subject is folded between characters", {.subject = STR("一二三四五六七八九十一二三四五六"), .text = STR("x")},
     "?=\r\n =?UTF-8?B?5Zub5LqU5YWt?=\r\n", NULL},
    {"the body", {.text = STR("退款 ¥42.00\n")}, "\r\n\r\n6YCA5qy+IMKlNDIuMDANCg==\r\n", NULL},
    {"a dot of its own", {.text = STR(".\nx")}, "\r\n\r\nLg0KeA0K\r\n", "\r\n.\r\n"},
    {"a way out", {.text = STR("x"), .unsubscribe = STR("https://shop.example/stop/1")},
     "\r\nList-Unsubscribe: <https://shop.example/stop/1>\r\n", NULL},
    {"no way out that is a header", {.text = STR("x"), .unsubscribe = STR("https://a>\r\nBcc: <b@example.com")}, "MIME", "Bcc"},
    {"no way out of another kind", {.text = STR("x"), .unsubscribe = STR("javascript:1")}, "MIME", "List-"},
};

static void a_mail_says_what_it_should(void **state)
{
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(mails); i++) {
        struct arena a = {0};
        struct str m = written(&a, mails[i].mail, "b1@example.com", "case/1/2/mail");
        if (!str_has(m, str_from(mails[i].has)) || (mails[i].has_not != NULL && str_has(m, str_from(mails[i].has_not))))
            row_failed(failed, mails[i].name, "%.*s", STR_ARG(m));
        for (size_t k = 0; k < m.n; k++) {
            bool bare = m.p[k] == '\n' && (k == 0 || m.p[k - 1] != '\r');
            if ((unsigned char)m.p[k] > 126 || bare)
                row_failed(failed, mails[i].name, "byte %zu is no ASCII or a bare line end", k);
        }
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static void no_line_is_longer_than_it_may_be(void **state)
{
    struct arena a = {0};
    (void)state;
    struct buf text = {.arena = &a}, subject = {.arena = &a};
    for (int i = 0; i < 500; i++) {
        buf_c(&text, i % 9 == 0 ? "这是一句很长的话\n" : "这是一句很长的话 and more");
        buf_c(&subject, "长a");
    }
    struct outbox_mail m = {.from_name = STR("店"), .subject = buf_view(&subject), .text = buf_view(&text)};
    struct str rest = written(&a, m, "b1@example.com", "k"), line;
    assert_true(rest.n > 10000);
    while (str_cut(&rest, '\n', &line))
        assert_true(line.n <= 79); /* 78 and the CR */
    arena_done(&a);
}

/** The line that begins with Message-ID, in @p m. */
static struct str id_of(struct str m)
{
    struct str line;
    while (str_cut(&m, '\n', &line))
        if (str_starts(line, STR("Message-ID: ")))
            return line;
    return STR_NONE;
}

static void the_same_thing_has_the_same_id(void **state)
{
    struct arena a = {0};
    (void)state;
    struct outbox_mail m = {.text = STR("x")};
    struct str first = id_of(written(&a, m, "b1@example.com", "case/1/2/mail"));
    assert_true(str_ends(first, STR("@shop.example>\r")));
    assert_true(str_eq(first, id_of(written(&a, m, "b1@example.com", "case/1/2/mail"))));
    assert_false(str_eq(first, id_of(written(&a, m, "b1@example.com", "case/1/3/mail"))));
    assert_false(str_has(first, STR("case")));
    arena_done(&a);
}

static void what_is_no_mail_is_not_sent(void **state)
{
    struct arena a = {0};
    struct outbox_item item = {.tenant_id = 7, .to = STR("b1@example.com"), .body = STR("no JSON")};
    (void)state;
    assert_int_equal(mail_write(&a, &server, &item, NOW).n, 0);
    assert_int_equal(written(&a, (struct outbox_mail){.subject = STR("no text")}, "b1@example.com", "k").n, 0);
    assert_int_equal(written(&a, (struct outbox_mail){.text = STR("x")}, "b1@example.com>\r\nRCPT TO:<all@example.com", "k").n, 0);
    arena_done(&a);
}

static const struct {
    const char *address;
    bool good;
} addresses[] = {
    {"b1@example.com", true}, {"a.b+c@mail.example.co.uk", true}, {"root@localhost", true}, {"A_b@x-y.example", true},
    {"", false}, {"b1", false}, {"@example.com", false}, {"b1@", false}, {"b1@example", false}, {"b1@@example.com", false},
    {"b1@example.com, b2@example.com", false}, {"b1 <b1@example.com>", false}, {"b1@example.com\r\n", false},
    {"\"a b\"@example.com", false}, {".b@example.com", false}, {"b.@example.com", false}, {"b..c@example.com", false},
    {"b@.example.com", false}, {"b@example.com.", false}, {"-oQ@example.com", false}, {"b@exa mple.com", false},
    {"张三@example.com", false}, {"b@[127.0.0.1]", false}, {"b%c@example.com", true},
};

static void addresses_are_one_address(void **state)
{
    int failed = 0;
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(addresses); i++)
        if (reach_email_ok(str_from(addresses[i].address)) != addresses[i].good)
            row_failed(failed, addresses[i].address, "want %s", addresses[i].good ? "good" : "refused");
    struct buf longer = {.arena = &a};
    for (int i = 0; i < 65; i++)
        buf_char(&longer, 'a');
    buf_c(&longer, "@example.com");
    assert_false(reach_email_ok(buf_view(&longer)));
    assert_int_equal(failed, 0);
    arena_done(&a);
}

static void codes_mean_sent_later_or_never(void **state)
{
    static const struct {
        int code;
        enum outbox_outcome want;
    } rows[] = {{250, OUTBOX_ARRIVED}, {251, OUTBOX_ARRIVED}, {0, OUTBOX_TRY_LATER},   {354, OUTBOX_TRY_LATER},
                {421, OUTBOX_TRY_LATER}, {450, OUTBOX_TRY_LATER}, {550, OUTBOX_NEVER}, {552, OUTBOX_NEVER},
                {535, OUTBOX_TRY_LATER}, {530, OUTBOX_TRY_LATER}, {554, OUTBOX_NEVER}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(mail_outcome(rows[i].code), rows[i].want);
}

static void people_see_a_masked_address(void **state)
{
    struct arena a = {0};
    (void)state;
    assert_true(str_eq_c(mail_mask(&a, STR("zhang@example.com")), "z****@example.com"));
    assert_true(str_eq_c(mail_mask(&a, STR("ab@example.com")), "****@example.com"));
    assert_true(str_eq_c(mail_mask(&a, STR("nothing")), "****"));
    assert_int_equal(mail_mask(&a, STR_NONE).n, 0);
    arena_done(&a);
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
        cmocka_unit_test(a_mail_says_what_it_should),    cmocka_unit_test(no_line_is_longer_than_it_may_be),
        cmocka_unit_test(the_same_thing_has_the_same_id), cmocka_unit_test(what_is_no_mail_is_not_sent),
        cmocka_unit_test(addresses_are_one_address),     cmocka_unit_test(codes_mean_sent_later_or_never),
        cmocka_unit_test(people_see_a_masked_address),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
