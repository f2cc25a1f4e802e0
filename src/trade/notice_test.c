/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notices: which news a history holds, where they are told, when an SMS may go, and that every state has its words.
 */
#include "base/table_test.h"

#include <string.h>

#include "base/texts.h"
#include "base/time.h"
#include "trade/action.h"
#include "trade/notice.h"
#include "trade/rules.h"

/* ---- what --------------------------------------------------------------------------------------------------------------- */

#define EVENT(number, when, who, to_state, paused)                                                                    \
    {.seq = (number), .at_ms = (when), .actor = STR(who), .to = STR(to_state), .pause = STR(paused)}

static const struct case_event_stored asked_in_chat[] = {EVENT(1, 100, "bot", "wait_seller_unshipped", "none")};
static const struct case_event_stored paid_in_chat[] = {
    EVENT(1, 100, "bot", "pp_applied", "none"), EVENT(2, 100, "system", "paying", "none"),
    EVENT(3, 100, "system", "success", "none")};
static const struct case_event_stored agreed[] = {
    EVENT(1, 100, "buyer", "wait_seller_unshipped", "none"), EVENT(2, 900, "leader", "paying", "none"),
    EVENT(3, 900, "system", "success", "none")};
static const struct case_event_stored asked_for_evidence[] = {
    EVENT(1, 100, "buyer", "wait_seller_received", "none"), EVENT(2, 500, "agent", "wait_seller_received", "evidence")};

static const struct {
    const char *name;
    const struct case_event_stored *events;
    size_t n;
    int64_t seq, refunded_cents;
    const char *news; /* empty: none */
    bool answered;
} histories[] = {
    {"opened in the chat", asked_in_chat, 1, 1, 0, "case.wait_seller_unshipped", true},
    {"a step on the way", paid_in_chat, 3, 1, 300, "", false},
    {"the next one", paid_in_chat, 3, 2, 300, "", false},
    {"where it led to, in the chat", paid_in_chat, 3, 3, 300, "case.success", true},
    {"asked, and agreed before it was told", agreed, 3, 1, 300, "", false},
    {"asked", agreed, 1, 1, 0, "case.wait_seller_unshipped", true},
    {"agreed, and paid at once", agreed, 3, 2, 300, "", false},
    {"paid by the shop", agreed, 3, 3, 300, "case.success", false},
    {"done without money", agreed, 3, 3, 0, "case.done", false},
    {"evidence is asked for", asked_for_evidence, 2, 2, 0, "case.evidence", false},
    {"an event that is not there", agreed, 3, 9, 0, "", false},
    {"no history", NULL, 0, 1, 0, "", false},
};

static void a_history_holds_its_news(void **state)
{
    int failed = 0;
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(histories); i++) {
        struct notice_news news = notice_of_case(&a, histories[i].events, histories[i].n, histories[i].seq,
                                                 histories[i].refunded_cents);
        if (!str_eq_c(news.name, histories[i].news) || news.answered != histories[i].answered)
            row_failed(failed, histories[i].name, "\"%.*s\" answered %d", STR_ARG(news.name), news.answered);
    }
    assert_int_equal(failed, 0);
    arena_done(&a);
}

static void what_nobody_needs_to_hear_leaves_no_row(void **state)
{
    unsigned shop = CASE_BY(CASE_AGENT), buyer = CASE_BY(CASE_BUYER);
    (void)state;
    assert_true(notice_is_news(CASE_OPENED, CASE_WAIT_RETURN, shop));
    assert_true(notice_is_news(CASE_REFUSE, CASE_REFUSED, buyer | shop));
    assert_true(notice_is_news(CASE_WITHDRAW, CASE_CLOSED, shop));
    assert_false(notice_is_news(CASE_MODIFY, CASE_WAIT_SELLER_RETURN, shop));
    assert_false(notice_is_news(CASE_WAYBILL, CASE_RETURNING, shop));
}

/* ---- where -------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *news, *policy;
    unsigned in;
} places[] = {
    {"its own entry", "case.success", "{\"case.success\":[\"chat\",\"mail\",\"sms\"],\"case.*\":[\"chat\"]}", 7},
    {"that of its kind", "case.closed", "{\"case.success\":[\"sms\"],\"case.*\":[\"chat\"]}", 1},
    {"the longest that fits", "case.cp_platform", "{\"case.*\":[\"chat\"],\"case.cp_*\":[\"mail\"],\"*\":[\"sms\"]}", 2},
    {"in another order", "case.cp_platform", "{\"case.cp_*\":[\"mail\"],\"*\":[\"sms\"],\"case.*\":[\"chat\"]}", 2},
    {"everything", "action.order.cancel", "{\"*\":[\"sms\"]}", 4},
    {"its own, though it is nowhere", "case.success", "{\"case.success\":[],\"*\":[\"sms\"]}", 0},
    {"none", "action.goodwill", "{\"case.*\":[\"chat\"]}", 0},
    {"channels that nobody has", "case.x", "{\"case.*\":[\"fax\",\"mail\",7]}", 2},
    {"a name that only begins so", "case", "{\"case.*\":[\"chat\"],\"\":[\"sms\"]}", 0},
    {"no JSON", "case.x", "off", 0},
    {"nothing", "case.x", "", 0},
};

static void a_policy_says_where(void **state)
{
    int failed = 0;
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(places); i++) {
        unsigned in = notice_channels(json_doc_read(&a, str_from(places[i].policy)), str_from(places[i].news));
        if (in != places[i].in)
            row_failed(failed, places[i].name, "%u, want %u", in, places[i].in);
    }
    assert_int_equal(failed, 0);
    arena_done(&a);
}

/* ---- when --------------------------------------------------------------------------------------------------------------- */

#define NIGHT "{\"from\":\"21:00\",\"to\":\"09:00\"}"

static const struct {
    const char *name, *policy, *zone, *at, *then;
} hours[] = {
    {"by day", NIGHT, "Asia/Shanghai", "2026-11-22T20:59:59+08:00", "2026-11-22T20:59:59+08:00"},
    {"in the evening", NIGHT, "Asia/Shanghai", "2026-11-22T21:00:00+08:00", "2026-11-23T09:00:00+08:00"},
    {"after midnight", NIGHT, "Asia/Shanghai", "2026-11-23T00:30:00+08:00", "2026-11-23T09:00:00+08:00"},
    {"just before the end", NIGHT, "Asia/Shanghai", "2026-11-23T08:59:59+08:00", "2026-11-23T09:00:00+08:00"},
    {"at the end", NIGHT, "Asia/Shanghai", "2026-11-23T09:00:00+08:00", "2026-11-23T09:00:00+08:00"},
    {"the month's last evening", NIGHT, "Asia/Shanghai", "2026-11-30T22:00:00+08:00", "2026-12-01T09:00:00+08:00"},
    {"the year's", NIGHT, "Asia/Shanghai", "2026-12-31T23:59:59+08:00", "2027-01-01T09:00:00+08:00"},
    {"the evening before the clocks go forward", NIGHT, "Europe/Berlin", "2027-03-27T22:00:00+01:00", "2027-03-28T09:00:00+02:00"},
    {"the evening before they go back", NIGHT, "Europe/Berlin", "2026-10-24T22:00:00+02:00", "2026-10-25T09:00:00+01:00"},
    {"at noon", "{\"from\":\"12:00\",\"to\":\"13:30\"}", "Asia/Shanghai", "2026-11-22T12:30:00+08:00", "2026-11-22T13:30:00+08:00"},
    {"never", "{\"from\":\"00:00\",\"to\":\"00:00\"}", "Asia/Shanghai", "2026-11-22T00:00:00+08:00", "2026-11-22T00:00:00+08:00"},
    {"no hours", "{\"from\":\"25:00\",\"to\":\"9\"}", "Asia/Shanghai", "2026-11-22T23:00:00+08:00", "2026-11-22T23:00:00+08:00"},
    {"no JSON", "off", "Asia/Shanghai", "2026-11-22T23:00:00+08:00", "2026-11-22T23:00:00+08:00"},
};

static void an_sms_waits_for_the_morning(void **state)
{
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(hours); i++) {
        int64_t at = 0, then = 0;
        char text[TIME_TEXT];
        assert_true(time_parse(str_from(hours[i].at), &at) && time_parse(str_from(hours[i].then), &then));
        int64_t got = notice_after_quiet(str_from(hours[i].policy), at, str_from(hours[i].zone));
        if (got != then)
            row_failed(failed, hours[i].name, "%s, want %s", time_rfc3339(got, 0, text), hours[i].then);
    }
    assert_int_equal(failed, 0);
}

/* ---- in which words ----------------------------------------------------------------------------------------------------- */

static const struct notice_facts all_facts = {
    .shop = STR("山行"), .type = STR("仅退款"), .order = STR("E1001"), .number = STR("12"), .ticket = STR("W-1"),
    .amount = STR("¥42.00"), .due = STR("11月24日 18:00")};

/** Every language has words for @p name, and none of them names what is not known. */
static int check_words(struct arena *a, const char *name)
{
    static const char *const languages[] = {"zh", "en"};
    int failed = 0;
    for (size_t i = 0; i < COUNT(languages); i++) {
        const char *key = str_c(a, str_fmt(a, "notice.%s", name)), *head = str_c(a, str_fmt(a, "notice.%s.head", name));
        if (!texts_has(str_from(languages[i]), key) || !texts_has(str_from(languages[i]), head)) {
            row_failed(failed, name, "no text in %s", languages[i]);
            continue;
        }
        struct notice_words w = notice_say(a, str_from(languages[i]), str_from(name), &all_facts);
        const struct str said[] = {w.chat, w.subject, w.mail, w.sms};
        for (size_t k = 0; k < COUNT(said); k++)
            if (str_has(said[k], STR("{")) || said[k].n == 0 || !str_has(said[k], STR("E1001")))
                row_failed(failed, name, "%s: %.*s", languages[i], STR_ARG(said[k]));
    }
    return failed;
}

static void every_state_and_action_has_its_words(void **state)
{
    int failed = 0;
    struct arena a = {0};
    (void)state;
    for (int s = CASE_NONE + 1; s < CASE_STATES; s++)
        failed += check_words(&a, str_c(&a, str_fmt(&a, "case.%s", case_state_name((enum case_state)s))));
    failed += check_words(&a, "case.done") + check_words(&a, "case.evidence") + check_words(&a, "case.intervention");
    static const enum action told[] = {ACTION_ORDER_CANCEL, ACTION_ORDER_CHANGE_ADDRESS, ACTION_ORDER_CHANGE_PHONE,
                                       ACTION_ORDER_CHANGE_SKU, ACTION_ORDER_ADD_NOTE, ACTION_ORDER_EXTEND_RECEIPT,
                                       ACTION_LOGISTICS_URGE, ACTION_LOGISTICS_INTERCEPT, ACTION_INVOICE_REQUEST,
                                       ACTION_GOODWILL};
    for (size_t i = 0; i < COUNT(told); i++)
        failed += check_words(&a, str_c(&a, str_fmt(&a, "action.%s", action_name(told[i]))));
    assert_int_equal(failed, 0);
    arena_done(&a);
}

static void the_words_are_these(void **state)
{
    struct arena a = {0};
    (void)state;
    struct notice_words w = notice_say(&a, STR("zh"), STR("case.success"), &all_facts);
    assert_true(str_eq_c(w.sms, "【山行】仅退款已完成（订单 E1001），¥42.00 已退回您的付款账户。"));
    assert_true(str_eq_c(w.subject, "【山行】退款已完成（订单 E1001）"));
    assert_true(str_has(w.mail, STR("订单号：E1001\n售后单号：12（仅退款）\n工单号：W-1\n下一步时限：11月24日 18:00\n")));
    struct notice_facts few = {.shop = STR("North Peak"), .order = STR("E2"), .amount = STR("$1.00")};
    w = notice_say(&a, STR("en"), STR("action.goodwill.give"), &few);
    assert_true(str_eq_c(w.chat, "North Peak granted you $1.00 as goodwill (order E2)."));
    assert_false(str_has(w.mail, STR("Case:")) || str_has(w.mail, STR("deadline")));
    /* A shop's name with a brace is said as it is. */
    few.shop = STR("{order}");
    w = notice_say(&a, STR("en"), STR("action.goodwill.give"), &few);
    assert_true(str_starts(w.chat, STR("{order} granted")));
    arena_done(&a);
}

static void the_shipped_policy_tells_everything_somewhere(void **state)
{
    size_t n;
    const struct json_node *channels = NULL;
    struct arena a = {0};
    (void)state;
    const struct policy *rows = rules_shipped(&n);
    for (size_t i = 0; i < n; i++)
        if (str_eq_c(rows[i].key, "notice.channels"))
            channels = json_doc_read(&a, rows[i].value);
    for (int s = CASE_NONE + 1; s < CASE_STATES; s++)
        assert_int_not_equal(notice_channels(channels, str_fmt(&a, "case.%s", case_state_name((enum case_state)s))), 0);
    assert_int_equal(notice_channels(channels, STR("case.success")), 7);
    assert_int_equal(notice_channels(channels, STR("case.paying")), NOTICE_IN(NOTICE_CHAT));
    assert_int_equal(notice_channels(channels, STR("action.order.change_address")), 3);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_history_holds_its_news),      cmocka_unit_test(what_nobody_needs_to_hear_leaves_no_row),
        cmocka_unit_test(a_policy_says_where),           cmocka_unit_test(an_sms_waits_for_the_morning),
        cmocka_unit_test(every_state_and_action_has_its_words), cmocka_unit_test(the_words_are_these),
        cmocka_unit_test(the_shipped_policy_tells_everything_somewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
