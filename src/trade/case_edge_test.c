/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The far corners of the case machines: rules that are missing, limits that are just reached, what was recorded wrongly.
 * tools/coverage holds that with the stories of case_test.c every branch is taken.
 */
#include "base/table_test.h"

#include "trade/case_private.h"
#include "trade/case_world_for_test.h"

/** The shipped rules without one of them, in @p a. */
static struct case_rules rules_without(struct arena *a, const char *key)
{
    struct case_rules all = shipped_rules(), rest = all;
    struct policy *rows = arena_array(a, struct policy, all.n);
    rest.n = 0;
    for (size_t i = 0; i < all.n; i++)
        if (key == NULL || !str_eq_c(all.rows[i].key, key))
            rows[rest.n++] = all.rows[i];
    rest.rows = rows;
    return rest;
}

static struct trade_case case_in(enum case_type type, enum case_state state)
{
    int64_t day = instant("2026-11-20T12:00:00+08:00");
    return (struct trade_case){
        .type = type, .state = state, .goods = GOODS_RECEIVED, .reason = STR("other"), .quantity = 1, .claimed_cents = 4000,
        .due_ms = day + DAY_MS, .order_ms = instant("2026-11-18T10:00:00+08:00"), .opened_ms = day, .changed_ms = day,
        .closed_ms = state == CASE_CLOSED ? day : 0,
    };
}

/** One step in a corner. */
struct corner {
    const char *name;
    enum case_type type;
    enum case_state state;
    struct case_input in;
    enum case_answer answer;
    const char *without; /* this rule is not there */
    enum case_state to;
    int64_t claimed;     /* -1: nothing */
    int64_t sent_days;   /* days ago that the goods were sent */
    int64_t evidence_asked;
    enum case_pause pause;
    enum case_goods goods; /* 0: received */
    const char *reason;
};

#define AT(n) .now_ms = INT64_C(1795176000000) + (n) * DAY_MS, .limit_cents = 10000

static const struct corner corners[] = {
    {"an exchange of nothing ends without money", CASE_EXCHANGE, CASE_EX_WAIT_RESEND, {CASE_TIMEOUT, CASE_SYSTEM, AT(9)}, .answer = CASE_OK,
     .to = CASE_SUCCESS, .claimed = -1},
    {"an insurer's amount is not the buyer's money", CASE_FREIGHT_INSURANCE, CASE_FI_AUDIT,
     {CASE_CALCULATED, CASE_SYSTEM, AT(0), .amount_cents = 20000}, .answer = CASE_OK, .to = CASE_PAYING},
    {"an amount above what is left", CASE_REFUND_ONLY, CASE_REFUSED, {CASE_MODIFY, CASE_BUYER, AT(0), .amount_cents = 10001},
     .answer = CASE_TOO_MUCH},
    {"no limit of an agent", CASE_REFUND_ONLY, CASE_WAIT_SELLER_RECEIVED, {CASE_AGREE, CASE_AGENT, AT(0)}, .answer = CASE_NO_RULE,
     .without = "approve.agent"},
    {"no second limit of an agent", CASE_REFUND_ONLY, CASE_WAIT_SELLER_RECEIVED, {CASE_AGREE, CASE_AGENT, AT(0)}, .answer = CASE_NO_RULE,
     .without = "approve.agent_confirmed"},
    {"no rule of reopening", CASE_REFUND_ONLY, CASE_CLOSED, {CASE_REOPEN, CASE_BUYER, AT(0), .goods = GOODS_RECEIVED},
     .answer = CASE_NO_RULE, .without = "case.reopen_max"},
    {"no window of reopening", CASE_REFUND_ONLY, CASE_CLOSED, {CASE_REOPEN, CASE_BUYER, AT(0), .goods = GOODS_RECEIVED},
     .answer = CASE_NO_RULE, .without = "case.reopen_window"},
    {"reopened too late", CASE_REFUND_ONLY, CASE_CLOSED, {CASE_REOPEN, CASE_BUYER, AT(99), .goods = GOODS_RECEIVED}, .answer = CASE_TOO_LATE},
    {"reopened beside another", CASE_REFUND_ONLY, CASE_CLOSED,
     {CASE_REOPEN, CASE_BUYER, AT(0), .goods = GOODS_RECEIVED, .open_count = 1}, .answer = CASE_ALREADY_OPEN},
    {"reopened for more than is left", CASE_REFUND_ONLY, CASE_CLOSED,
     {CASE_REOPEN, CASE_BUYER, .now_ms = INT64_C(1795176000000), .limit_cents = 3999, .goods = GOODS_RECEIVED}, .answer = CASE_TOO_MUCH},
    {"a return of what was not sent", CASE_RETURN_REFUND, CASE_CLOSED,
     {CASE_REOPEN, CASE_BUYER, AT(0), .goods = GOODS_NOT_SHIPPED}, .answer = CASE_NOT_FOR_STATUS},
    {"reopened", CASE_RETURN_REFUND, CASE_CLOSED, {CASE_REOPEN, CASE_BUYER, AT(0), .goods = GOODS_RECEIVED}, .answer = CASE_OK,
     .to = CASE_WAIT_SELLER_RETURN},
    {"evidence asked as often as may be", CASE_REFUND_ONLY, CASE_WAIT_SELLER_RECEIVED, {CASE_ASK_EVIDENCE, CASE_AGENT, AT(0)},
     .answer = CASE_TOO_OFTEN, .evidence_asked = 2},
    {"no rule of how often", CASE_REFUND_ONLY, CASE_WAIT_SELLER_RECEIVED, {CASE_ASK_EVIDENCE, CASE_AGENT, AT(0)}, .answer = CASE_NO_RULE,
     .without = "case.evidence_max"},
    {"no rule of a pause", CASE_REFUND_ONLY, CASE_WAIT_SELLER_RECEIVED, {CASE_ASK_EVIDENCE, CASE_AGENT, AT(0)}, .answer = CASE_NO_RULE,
     .without = "case.evidence"},
    {"no rule of going on", CASE_REFUND_ONLY, CASE_WAIT_SELLER_RECEIVED, {CASE_EVIDENCE, CASE_BUYER, AT(0)}, .answer = CASE_NO_RULE,
     .without = "case.resume_min", .pause = CASE_AWAITS_EVIDENCE},
    {"the shop asks the platform in, goods back long ago", CASE_RETURN_REFUND, CASE_RETURNING, {CASE_INTERVENE, CASE_AGENT, AT(0)},
     .answer = CASE_OK, .to = CASE_RETURNING, .sent_days = 60},
    {"the shop asks too early", CASE_RETURN_REFUND, CASE_RETURNING, {CASE_INTERVENE, CASE_LEADER, AT(0)}, .answer = CASE_TOO_EARLY,
     .sent_days = 1},
    {"the shop asks before the goods were sent", CASE_REFUND_ONLY, CASE_WAIT_SELLER_SHIPPED, {CASE_INTERVENE, CASE_AGENT, AT(0)},
     .answer = CASE_TOO_EARLY},
    {"the shop may not ask here", CASE_REFUND_ONLY, CASE_REFUSED, {CASE_INTERVENE, CASE_AGENT, AT(0)}, .answer = CASE_NO_SUCH_STEP},
    {"the buyer may not ask here", CASE_REFUND_ONLY, CASE_WAIT_SELLER_SHIPPED, {CASE_INTERVENE, CASE_BUYER, AT(0)},
     .answer = CASE_NO_SUCH_STEP},
    {"no rule of asking", CASE_REFUND_ONLY, CASE_REFUSED, {CASE_INTERVENE, CASE_BUYER, AT(0)}, .answer = CASE_NO_RULE,
     .without = "dp.buyer_wait"},
    {"a wish is nothing for the platform", CASE_REFUND_ONLY, CASE_REFUSED, {CASE_INTERVENE, CASE_BUYER, AT(0)}, .answer = CASE_EXCLUDED,
     .reason = "not_wanted"},
    {"goods that are back need not go back", CASE_RETURN_REFUND, CASE_RETURNING, {CASE_RULE_RETURN, CASE_STAFF, AT(0)},
     .answer = CASE_NO_SUCH_STEP, .sent_days = 1, .pause = CASE_AWAITS_RULING},
    {"goods that are not, must", CASE_REFUND_ONLY, CASE_REFUSED, {CASE_RULE_RETURN, CASE_STAFF, AT(0)}, .answer = CASE_OK,
     .to = CASE_WAIT_RETURN, .pause = CASE_AWAITS_RULING},
    {"no rule of the next timer", CASE_RETURN_REFUND, CASE_WAIT_SELLER_RETURN, {CASE_AGREE, CASE_AGENT, AT(0)}, .answer = CASE_NO_RULE,
     .without = "return.buyer_send"},
};

static void corners_end_as_they_must(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(corners); i++) {
        const struct corner *k = &corners[i];
        struct arena a = {0};
        struct case_rules rules = rules_without(&a, k->without);
        struct trade_case c = case_in(k->type, k->state);
        struct case_outcome out = {.after = {.state = CASE_NONE}};
        c.claimed_cents = k->claimed < 0 ? 0 : c.claimed_cents;
        c.sent_ms = k->sent_days > 0 ? c.opened_ms - k->sent_days * DAY_MS : 0;
        c.evidence_asked = k->evidence_asked;
        c.pause = k->pause;
        if (k->reason != NULL)
            c.reason = str_from(k->reason);
        enum case_answer answer = case_step(&c, &k->in, &rules, &out);
        if (answer != k->answer || (answer == CASE_OK && out.after.state != k->to))
            row_failed(failed, k->name, "%s, %s", case_answer_name(answer), case_state_name(out.after.state));
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

/** One opening in a corner: what differs from a good one. */
struct opening_row {
    const char *name;
    enum case_type type;
    const char *without, *reason, *seven_day;
    enum case_goods goods;
    enum order_status status;
    bool no_delivery, missed, good, confirmed;
    int64_t warranty_days, protect_days, later_days; /* 0: not said */
    enum case_answer answer;
    enum case_state to;
};

#define GOT .goods = GOODS_RECEIVED, .status = ORDER_DELIVERED
#define UNSENT .goods = GOODS_NOT_SHIPPED, .status = ORDER_PAID

static const struct opening_row openings[] = {
    {"no reasons are known", CASE_REFUND_ONLY, .without = "return.freight", GOT, .answer = CASE_UNKNOWN_REASON},
    {"a wish before the goods came", CASE_REFUND_ONLY, .reason = "no_reason_7d", .goods = GOODS_NOT_RECEIVED,
     .status = ORDER_SHIPPED, .answer = CASE_OK, .to = CASE_WAIT_SELLER_SHIPPED},
    {"seven days that have not begun", CASE_RETURN_REFUND, .reason = "no_reason_7d", GOT, .no_delivery = true, .answer = CASE_OK,
     .to = CASE_WAIT_RETURN},
    {"no window of seven days", CASE_RETURN_REFUND, .without = "nr7.window", .reason = "no_reason_7d", GOT, .answer = CASE_NO_RULE},
    {"a mistake of the buyer's", CASE_REFUND_ONLY, .reason = "wrong_order", GOT, .answer = CASE_EXCLUDED},
    {"no longer wanted", CASE_REFUND_ONLY, .reason = "not_wanted", GOT, .answer = CASE_EXCLUDED},
    {"a wish without a reason", CASE_REFUND_ONLY, .reason = "no_reason_7d", GOT, .answer = CASE_EXCLUDED},
    {"no agreement of itself", CASE_RETURN_REFUND, .without = "nr7.auto_agree", .reason = "no_reason_7d", GOT, .answer = CASE_OK,
     .to = CASE_WAIT_SELLER_RETURN},
    {"within the warranty", CASE_REPAIR, GOT, .warranty_days = 365, .answer = CASE_OK, .to = CASE_RP_WAIT_SELLER},
    {"after the warranty", CASE_REPAIR, GOT, .warranty_days = 1, .later_days = 30, .answer = CASE_TOO_LATE},
    {"a warranty that has not begun", CASE_REPAIR, GOT, .warranty_days = 1, .later_days = 30, .no_delivery = true,
     .answer = CASE_OK, .to = CASE_RP_WAIT_SELLER},
    {"no rule of how often", CASE_REFUND_ONLY, .without = "case.open_max", GOT, .answer = CASE_NO_RULE},
    {"no rule of how often a price is protected", CASE_PRICE_PROTECT, .without = "price_protect.max", GOT, .answer = CASE_NO_RULE},
    {"no rule of how long", CASE_PRICE_PROTECT, .without = "price_protect.window", GOT, .answer = CASE_NO_RULE},
    {"late, and of a good buyer", CASE_REFUND_ONLY, UNSENT, .missed = true, .good = true, .answer = CASE_OK, .to = CASE_PAYING},
    {"late, of a good buyer, switched off", CASE_REFUND_ONLY, .without = "refund.unshipped.auto", UNSENT, .missed = true,
     .good = true, .answer = CASE_OK, .to = CASE_WAIT_SELLER_UNSHIPPED},
    {"late, of a good buyer, no limit", CASE_REFUND_ONLY, .without = "approve.bot", UNSENT, .missed = true, .good = true,
     .answer = CASE_OK, .to = CASE_WAIT_SELLER_UNSHIPPED},
    {"late, of any buyer", CASE_REFUND_ONLY, UNSENT, .missed = true, .answer = CASE_OK, .to = CASE_WAIT_SELLER_UNSHIPPED},
    {"no timer to begin with", CASE_REFUND_ONLY, .without = "refund.unshipped.seller", UNSENT, .answer = CASE_NO_RULE},
};

static void openings_end_as_they_must(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(openings); i++) {
        const struct opening_row *k = &openings[i];
        struct arena a = {0};
        struct case_rules rules = rules_without(&a, k->without);
        struct case_ask ask = good_ask(k->type);
        struct case_outcome out = {.after = {.state = CASE_NONE}};
        ask.goods = k->goods;
        ask.status = k->status;
        ask.promise_missed = k->missed;
        ask.good_record = k->good;
        if (k->reason != NULL)
            ask.reason = str_from(k->reason);
        if (k->no_delivery)
            ask.delivered_ms = 0;
        if (k->warranty_days > 0)
            ask.warranty_days = k->warranty_days;
        ask.now_ms += k->later_days * DAY_MS;
        enum case_answer answer = case_open(&ask, &rules, &out);
        if (answer != k->answer || (answer == CASE_OK && out.after.state != k->to))
            row_failed(failed, k->name, "%s, %s", case_answer_name(answer), case_state_name(out.after.state));
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

/** A switch that is off is not on. */
static void a_late_order_waits_where_the_switch_is_off(void **state)
{
    (void)state;
    struct arena a = {0};
    struct case_rules rules = rules_without(&a, NULL);
    struct policy *rows = arena_array(&a, struct policy, rules.n);
    struct case_ask ask = good_ask(CASE_REFUND_ONLY);
    struct case_outcome out;
    for (size_t i = 0; i < rules.n; i++) {
        rows[i] = rules.rows[i];
        if (str_eq_c(rows[i].key, "refund.unshipped.auto"))
            rows[i].value = STR("off");
    }
    rules.rows = rows;
    ask.goods = GOODS_NOT_SHIPPED;
    ask.status = ORDER_PAID;
    ask.promise_missed = ask.good_record = true;
    assert_int_equal(case_open(&ask, &rules, &out), CASE_OK);
    assert_int_equal(out.after.state, CASE_WAIT_SELLER_UNSHIPPED);
    arena_done(&a);
}

static void a_rule_that_never_was_is_none(void **state)
{
    (void)state;
    struct arena a = {0};
    struct policy later[] = {{.tenant_id = 5, .key = STR("approve.agent"), .scope = STR("shop"), .from_ms = 100, .value = STR("7")}};
    struct case_rules rules = {.rows = later, .n = 1};
    struct case_outcome out = {.used_count = 0};
    int64_t n;
    assert_false(case_rule_number(&rules, "approve.agent", POLICY_NUMBER, 99, &n, &out)); /* it had not begun */
    assert_true(case_rule_number(&rules, "approve.agent", POLICY_NUMBER, 100, &n, &out));
    assert_true(case_rule_number(&rules, "approve.agent", POLICY_NUMBER, 101, &n, &out));
    assert_int_equal(out.used_count, 1); /* asked twice, noted once */
    assert_false(case_rule_number(&rules, "zzz", POLICY_NUMBER, 100, &n, &out));
    assert_int_equal(case_freight_payer(&a, STR_NONE, &rules, 100).n, 0);
    assert_int_equal(case_freight_payer(&a, STR("other"), &rules, 100).n, 0);
    assert_false(case_state_final(CASE_NONE));
    assert_true(case_state_final(CASE_CLOSED));
    arena_done(&a);
}

static void a_history_with_a_step_that_cannot_be_leads_nowhere(void **state)
{
    (void)state;
    struct case_ask ask = good_ask(CASE_REFUND_ONLY);
    struct case_rules rules = shipped_rules();
    struct case_outcome out;
    struct trade_case c;
    assert_int_equal(case_open(&ask, &rules, &out), CASE_OK);
    struct case_record history[2] = {{.ask = &ask, .used_count = out.used_count}, {.in = {.event = CASE_CONFIRM}}};
    for (size_t i = 0; i < out.used_count; i++)
        history[0].used[i] = out.used[i];
    assert_true(case_replay(history, 1, rules.zone, rules.calendar, &c));
    assert_int_equal(c.state, CASE_WAIT_SELLER_RECEIVED);
    assert_false(case_replay(history, 2, rules.zone, rules.calendar, &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corners_end_as_they_must),
        cmocka_unit_test(openings_end_as_they_must),
        cmocka_unit_test(a_late_order_waits_where_the_switch_is_off),
        cmocka_unit_test(a_rule_that_never_was_is_none),
        cmocka_unit_test(a_history_with_a_step_that_cannot_be_leads_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
