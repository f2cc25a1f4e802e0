/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The card of a case: every state has its words in both languages, and the steps say where a case stands.
 */
#include "base/table_test.h"

#include "base/texts.h"
#include "base/time.h"
#include "trade/case_card.h"

static const struct case_view zh = {.language = STR("zh"), .currency = STR("CNY"), .zone = STR("Asia/Shanghai"),
                                    .now_ms = 1795327200000}; /* 2026-11-22 14:00 in Shanghai */
static const struct case_view en = {.language = STR("en-GB"), .currency = STR("GBP"), .zone = STR("Europe/London"),
                                    .now_ms = 1795327200000};

static bool said(struct arena *a, const char *language, const char *prefix, const char *name)
{
    return texts_has(str_from(language), str_c(a, str_fmt(a, "%s%s", prefix, name)));
}

static void every_state_has_its_words(void **state)
{
    (void)state;
    _cleanup_(arena_done) struct arena a = {0};
    int failed = 0;
    static const char *const languages[] = {"zh", "en"};
    for (size_t l = 0; l < COUNT(languages); l++) {
        for (size_t t = 0; t < CASE_TYPES; t++)
            if (!said(&a, languages[l], "case.type.", case_type_name((enum case_type)t)))
                row_failed(failed, case_type_name((enum case_type)t), "no name in %s", languages[l]);
        for (size_t s = CASE_NONE; s < CASE_STATES; s++) {
            const char *name = case_state_name((enum case_state)s);
            bool due = s == CASE_NONE || case_state_final((enum case_state)s) || said(&a, languages[l], "case.due.", name);
            if (!said(&a, languages[l], "case.state.", name) || !due)
                row_failed(failed, name, "no words in %s", languages[l]);
        }
    }
    assert_int_equal(failed, 0);
}

/* "*提交申请 >商家处理 -退款到账": done, now, to come. */
static struct str steps_text(struct arena *a, const struct message *m)
{
    _cleanup_(json_donep) json_t *data = json_read(str_fmt(a, "{%.*s}", STR_ARG(m->data)), NULL);
    const json_t *steps = json_object_get(json_object_get(data, "case"), "steps");
    struct buf b = {.arena = a};
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *s = json_array_get(steps, i);
        bool done = json_flag(s, "done", false), now = json_flag(s, "now", false);
        buf_printf(&b, "%s%s%.*s%s", i > 0 ? " " : "", done ? "*" : now ? ">" : "-", STR_ARG(json_str(s, "text")),
                   json_str(s, "at").n > 0 ? "!" : "");
    }
    return buf_view(&b);
}

#define HOUR 3600000LL

struct past {
    const char *to;
    int hours; /* after the opening */
};

static const struct {
    const char *name;
    enum case_type type;
    enum case_state state;
    enum case_pause pause;
    int64_t refunded_cents;
    struct past past[6];
    const char *steps, *text;
} rows[] = {
    {"just opened, no history yet", CASE_REFUND_ONLY, CASE_WAIT_SELLER_SHIPPED, CASE_RUNNING, 0, {{0}},
     "*提交申请! >商家处理 -退款到账", "仅退款 ¥429.00：等待商家处理。商家最晚 11月25日 14:00 前处理，逾期将自动退款"},
    {"on its way back", CASE_RETURN_REFUND, CASE_RETURNING, CASE_RUNNING, 0,
     {{"wait_seller_return", 0}, {"wait_return", 2}, {"returning", 30}},
     "*提交申请! *商家处理! *寄回商品! >商家收货 -退款到账",
     "退货退款 ¥429.00：商品寄回途中。商家最晚 11月25日 14:00 前确认收货，逾期将自动退款"},
    {"paid", CASE_RETURN_REFUND, CASE_SUCCESS, CASE_RUNNING, 42900,
     {{"wait_seller_return", 0}, {"wait_return", 2}, {"returning", 30}, {"paying", 60}, {"success", 61}},
     "*提交申请! *商家处理! *寄回商品! *商家收货! *退款到账!", "退货退款 ¥429.00：已完成。"},
    {"refused", CASE_REFUND_ONLY, CASE_REFUSED, CASE_RUNNING, 0, {{"wait_seller_received", 0}, {"refused", 5}},
     "*提交申请! >商家处理 -退款到账",
     "仅退款 ¥429.00：商家未同意。您可以在 11月25日 14:00 前修改申请或申请平台介入，逾期将关闭"},
    {"withdrawn", CASE_RETURN_REFUND, CASE_CLOSED, CASE_RUNNING, 0,
     {{"wait_seller_return", 0}, {"wait_return", 2}, {"closed", 3}}, "*提交申请! *商家处理! *已关闭!",
     "退货退款 ¥429.00：已关闭。"},
    {"opened again after the close", CASE_RETURN_REFUND, CASE_WAIT_SELLER_RETURN, CASE_RUNNING, 0,
     {{"wait_seller_return", 0}, {"wait_return", 2}, {"closed", 3}, {"wait_seller_return", 9}},
     "*提交申请! >商家处理 -寄回商品 -商家收货 -退款到账",
     "退货退款 ¥429.00：等待商家同意退货。商家最晚 11月25日 14:00 前处理，逾期视为同意退货"},
    {"an exchange asks for no money", CASE_EXCHANGE, CASE_EX_WAIT_SELLER, CASE_RUNNING, 0, {{"ex_wait_seller", 0}},
     "*提交申请! >商家处理 -寄回商品 -商家收货 -寄出新商品 -确认收货",
     "换货：等待商家同意换货。商家最晚 11月25日 14:00 前处理，逾期视为同意换货"},
    {"an exchange without stock is paid", CASE_EXCHANGE, CASE_PAYING, CASE_RUNNING, 0,
     {{"ex_wait_seller", 0}, {"ex_wait_buyer_send", 1}, {"ex_wait_seller_receive", 30}, {"ex_wait_seller_resend", 60},
      {"paying", 61}},
     "*提交申请! *商家处理! *寄回商品! *商家收货! >退款到账", "换货 ¥429.00：退款中。最晚 11月25日 14:00 前原路退回"},
    {"a paid replacement", CASE_RESEND, CASE_SUCCESS, CASE_RUNNING, 900, {{"rs_wait_seller", 0}, {"paying", 50}, {"success", 51}},
     "*提交申请! *退款到账!", "补寄 ¥9.00：已完成。"},
    {"evidence is awaited", CASE_REFUND_ONLY, CASE_WAIT_SELLER_RECEIVED, CASE_AWAITS_EVIDENCE, 0,
     {{"wait_seller_received", 0}}, "*提交申请! >商家处理 -退款到账",
     "仅退款 ¥429.00：等您补充凭证。请在 11月25日 14:00 前补充凭证"},
};

static void a_card_says_where_a_case_stands(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        _cleanup_(arena_done) struct arena a = {0};
        bool final = case_state_final(rows[i].state);
        struct case_row_stored row = {
            .id = 12, .order_id = STR("E1"),
            .c = {.type = rows[i].type, .state = rows[i].state, .pause = rows[i].pause, .claimed_cents = 42900,
                  .refunded_cents = rows[i].refunded_cents,
                  .reserved_cents = rows[i].state == CASE_PAYING ? 42900 : 0, .opened_ms = zh.now_ms,
                  .due_ms = final ? 0 : zh.now_ms + 72 * HOUR, .closed_ms = final ? zh.now_ms + 61 * HOUR : 0}};
        struct case_event_stored events[6];
        size_t n = 0;
        while (n < 6 && rows[i].past[n].to != NULL) {
            events[n] = (struct case_event_stored){.to = str_from(rows[i].past[n].to),
                                                   .at_ms = zh.now_ms + rows[i].past[n].hours * HOUR};
            n++;
        }
        struct message m = case_card_message(&a, &row, events, n, &zh);
        struct str steps = steps_text(&a, &m);
        if (!str_eq_c(steps, rows[i].steps) || !str_eq_c(m.text, rows[i].text) || m.kind != MESSAGE_CASE_CARD)
            row_failed(failed, rows[i].name, "\n  %.*s\n  %.*s\nwant\n  %s\n  %s", STR_ARG(steps), STR_ARG(m.text),
                       rows[i].steps, rows[i].text);
    }
    assert_int_equal(failed, 0);
}

static void times_are_the_shops(void **state)
{
    (void)state;
    _cleanup_(arena_done) struct arena a = {0};
    assert_string_equal(str_c(&a, case_time_text(&a, en.now_ms, &en)), "22 Nov, 06:00");
    assert_string_equal(str_c(&a, case_time_text(&a, en.now_ms + 60 * 24 * HOUR, &en)), "21 Jan 2027, 06:00");
    assert_string_equal(str_c(&a, case_time_text(&a, zh.now_ms + 60 * 24 * HOUR, &zh)), "2027年1月21日 14:00");
}

/* Every state of every type gives a card that is whole JSON and has a step for now, unless it is over. */
static void every_case_has_a_card(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t t = 0; t < CASE_TYPES; t++) {
        for (size_t s = CASE_NONE + 1; s < CASE_STATES; s++) {
            _cleanup_(arena_done) struct arena a = {0};
            bool final = case_state_final((enum case_state)s);
            struct case_row_stored row = {.c = {.type = (enum case_type)t, .state = (enum case_state)s,
                                                .due_ms = final ? 0 : en.now_ms}};
            struct message m = case_card_message(&a, &row, NULL, 0, &en);
            struct str steps = steps_text(&a, &m);
            if (steps.n == 0 || str_has(steps, STR(">")) == final)
                row_failed(failed, case_state_name((enum case_state)s), "of %s: \"%.*s\"", case_type_name((enum case_type)t),
                           STR_ARG(steps));
        }
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_has_its_words),
        cmocka_unit_test(a_card_says_where_a_case_stands),
        cmocka_unit_test(times_are_the_shops),
        cmocka_unit_test(every_case_has_a_card),
    };
    return cmocka_run_group_tests_name("case_card", tests, NULL, NULL);
}
