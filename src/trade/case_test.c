/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of the case machines: the tables by themselves (every row, every state, every way to the end), what may be opened,
 * and stories with the instants that a buyer would see.
 */
#include "base/table_test.h"
#include "trade/case_tables.h"
#include "trade/case_world_for_test.h"

/* ---- the tables --------------------------------------------------------------------------------------------------------- */

struct seen {
    enum case_type type;
    int failed;
    const struct case_row *rows[200];
    size_t n;
};

static void see(void *arg, const struct case_row *row)
{
    struct seen *s = arg;
    for (size_t i = 0; i < s->n; i++)
        if (s->rows[i]->from == row->from && s->rows[i]->event == row->event)
            row_failed(s->failed, case_type_name(s->type), "two rows for %s in %s", case_event_name(row->event),
                       case_state_name(row->from));
    s->rows[s->n++] = row;
}

static struct seen rows_of(enum case_type type)
{
    struct seen s = {.type = type};
    case_rows_each(type, see, &s);
    return s;
}

static void each_step_is_listed_once(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t t = 0; t < CASE_TYPES; t++) {
        struct seen s = rows_of((enum case_type)t);
        failed += s.failed;
        for (size_t i = 0; i < s.n; i++) {
            if (s.rows[i]->by == 0 || s.rows[i]->from == CASE_NONE ||
                (case_state_final(s.rows[i]->from) && s.rows[i]->event != CASE_REOPEN))
                row_failed(failed, case_type_name(s.type), "row %zu makes no sense", i);
            if (case_row_find(s.type, s.rows[i]->from, s.rows[i]->event) != s.rows[i])
                row_failed(failed, case_type_name(s.type), "row %zu is not found", i);
        }
    }
    assert_int_equal(failed, 0);
}

/** Marks what can be reached from (type, state); types change on the way. */
static void reach(bool seen[CASE_TYPES][CASE_STATES], enum case_type type, enum case_state from)
{
    if (from == CASE_NONE || seen[type][from])
        return;
    seen[type][from] = true;
    struct seen s = rows_of(type);
    for (size_t i = 0; i < s.n; i++) {
        const struct case_row *r = s.rows[i];
        enum case_type to = r->becomes == CASE_SAME_TYPE ? type : (enum case_type)r->becomes;
        for (size_t g = 0; r->from == from && r->to == CASE_START && g < 3; g++)
            reach(seen, to, case_machines[to].start[g]);
        if (r->from == from)
            reach(seen, to, r->to);
    }
    for (size_t i = 0; i < case_pause_row_count; i++) {
        const struct case_pause_row *r = &case_pause_rows[i];
        bool asked = case_states[from].buyer_asks || case_states[from].seller_asks != NULL;
        if (asked && r->state != CASE_NONE)
            reach(seen, r->becomes == CASE_SAME_TYPE ? type : (enum case_type)r->becomes, r->state);
    }
}

static void every_state_is_reached_and_has_a_timer_or_is_the_end(void **state)
{
    (void)state;
    bool seen[CASE_TYPES][CASE_STATES] = {{false}};
    int failed = 0;
    for (size_t t = 0; t < CASE_TYPES; t++)
        for (size_t g = 0; g < 3; g++)
            reach(seen, (enum case_type)t, case_machines[t].start[g]);
    for (size_t s = CASE_NONE + 1; s < CASE_STATES; s++) {
        bool any = false;
        for (size_t t = 0; t < CASE_TYPES; t++) {
            bool here = seen[t][s];
            bool timer = case_row_find((enum case_type)t, (enum case_state)s, CASE_TIMEOUT) != NULL;
            if (here && timer == case_state_final((enum case_state)s))
                row_failed(failed, case_state_name((enum case_state)s), "%s: timer %d", case_type_name((enum case_type)t),
                           timer);
            any = any || here;
        }
        if (!any)
            row_failed(failed, case_state_name((enum case_state)s), "nothing leads there");
    }
    assert_int_equal(failed, 0);
}

/** Whether the timers, and the payment that is made by itself, end what is here; never in more steps than there are states. */
static bool ends_by_itself(enum case_type type, enum case_state s)
{
    for (size_t steps = 0; steps < CASE_STATES && !case_state_final(s); steps++) {
        const struct case_row *row = case_row_find(type, s, s == CASE_PAYING ? CASE_PAID : CASE_TIMEOUT);
        if (row == NULL || (row->by & CASE_BY(CASE_SYSTEM)) == 0)
            return false;
        type = row->becomes == CASE_SAME_TYPE ? type : (enum case_type)row->becomes;
        s = row->to;
    }
    return case_state_final(s);
}

static void nothing_waits_for_ever(void **state)
{
    (void)state;
    bool seen[CASE_TYPES][CASE_STATES] = {{false}};
    int failed = 0;
    for (size_t t = 0; t < CASE_TYPES; t++)
        for (size_t g = 0; g < 3; g++)
            reach(seen, (enum case_type)t, case_machines[t].start[g]);
    for (size_t t = 0; t < CASE_TYPES; t++)
        for (size_t s = CASE_NONE + 1; s < CASE_STATES; s++)
            if (seen[t][s] && !ends_by_itself((enum case_type)t, (enum case_state)s))
                row_failed(failed, case_state_name((enum case_state)s), "%s does not end by itself",
                           case_type_name((enum case_type)t));
    assert_int_equal(failed, 0);
}

static void every_timer_has_its_rule(void **state)
{
    (void)state;
    struct case_rules rules = shipped_rules();
    int failed = 0;
    for (size_t s = CASE_NONE + 1; s < CASE_STATES; s++) {
        const char *keys[] = {case_states[s].rule, case_states[s].seller_asks};
        for (size_t k = 0; k < COUNT(keys); k++) {
            bool there = keys[k] == NULL;
            for (size_t i = 0; i < rules.n && !there; i++) {
                struct policy_value v;
                there = str_eq_c(rules.rows[i].key, keys[k]) && policy_read(rules.rows[i].value, &v) &&
                        (POLICY_BIT(v.kind) & POLICY_TERM) != 0;
            }
            if (!there)
                row_failed(failed, keys[k], "no such term ships");
        }
    }
    assert_int_equal(failed, 0);
}

static void names_are_read_back(void **state)
{
    (void)state;
    enum case_type t = CASE_REFUND_ONLY;
    enum case_event e = CASE_OPENED;
    enum case_actor a = CASE_BUYER;
    enum case_goods g = GOODS_RECEIVED;
    enum case_pause p = CASE_RUNNING;
    enum case_state s = CASE_NONE;
    for (size_t i = 0; i < CASE_TYPES; i++)
        assert_true(case_type_from_name(str_from(case_type_name((enum case_type)i)), &t) && t == i);
    for (size_t i = 0; i < CASE_EVENTS; i++)
        assert_true(case_event_from_name(str_from(case_event_name((enum case_event)i)), &e) && e == i);
    for (size_t i = 0; i < CASE_ACTORS; i++)
        assert_true(case_actor_from_name(str_from(case_actor_name((enum case_actor)i)), &a) && a == i);
    for (size_t i = 0; i < 3; i++) {
        assert_true(case_goods_from_name(str_from(case_goods_name((enum case_goods)i)), &g) && g == i);
        assert_true(case_pause_from_name(str_from(case_pause_name((enum case_pause)i)), &p) && p == i);
    }
    for (size_t i = CASE_NONE + 1; i < CASE_STATES; i++)
        assert_true(case_state_from_name(str_from(case_state_name((enum case_state)i)), &s) && s == i);
    assert_false(case_state_from_name(STR("none"), &s));
    for (int i = CASE_FAULT; i <= CASE_STALE; i++)
        assert_non_null(case_answer_name((enum case_answer)i));
    for (int i = CASE_NO_MONEY; i <= CASE_MONEY_VOID; i++)
        assert_non_null(case_money_name((enum case_money)i));
}

/* ---- every state, event and actor ------------------------------------------------------------------------------------ */

/** A case that stands in @p s as if it had come there. */
static struct trade_case standing(enum case_type t, enum case_state s, enum case_pause pause)
{
    struct case_ask ask = good_ask(t);
    struct trade_case c = {
        .type = t, .state = s, .goods = GOODS_RECEIVED, .pause = pause, .reason = ask.reason, .quantity = 1,
        .claimed_cents = 4000, .order_ms = ask.order_ms, .opened_ms = ask.now_ms, .changed_ms = ask.now_ms,
    };
    if (case_state_final(s))
        c.closed_ms = ask.now_ms;
    else
        c.due_ms = ask.now_ms + DAY_MS;
    if (s == CASE_PAYING || s == CASE_PAY_REVIEW)
        c.reserved_cents = c.claimed_cents;
    return c;
}

/** What must be true after any step that was taken. */
static bool is_sound(const struct trade_case *c, const struct case_outcome *o)
{
    const struct trade_case *n = &o->after;
    bool final = case_state_final(n->state);
    bool timer = final ? n->due_ms == 0 && n->closed_ms == n->changed_ms && n->pause == CASE_RUNNING
                       : n->due_ms > 0 && n->closed_ms == 0;
    bool money = n->reserved_cents >= 0 && n->refunded_cents >= c->refunded_cents &&
                 (n->reserved_cents > 0) <= (n->state == CASE_PAYING || n->state == CASE_PAY_REVIEW) &&
                 (o->money == CASE_NO_MONEY) == (o->amount_cents == 0);
    return timer && money && n->changed_ms >= c->changed_ms && n->state != CASE_NONE && o->tell != 0;
}

/** Whether a case of this type can be paused so in this state. */
static bool can_be_paused(enum case_type t, enum case_state s, enum case_pause pause)
{
    bool asked = case_is_aftersale(t) && (case_states[s].buyer_asks || case_states[s].seller_asks != NULL);
    return pause == CASE_RUNNING || (pause == CASE_AWAITS_EVIDENCE ? case_states[s].evidence : asked);
}

/** One attempt of all there are, by its number; false when a case cannot stand so. */
static bool attempt(size_t i, struct trade_case *ret_case, struct case_input *ret_in, bool *ret_late)
{
    enum case_actor actor = (enum case_actor)(i % CASE_ACTORS);
    i /= CASE_ACTORS;
    enum case_event event = (enum case_event)(i % CASE_EVENTS);
    i /= CASE_EVENTS;
    bool late = i % 2 == 1; /* the timer has ended */
    i /= 2;
    enum case_pause pause = (enum case_pause)(i % 3);
    i /= 3;
    enum case_state s = (enum case_state)(i % CASE_STATES);
    enum case_type t = (enum case_type)(i / CASE_STATES);
    if (s == CASE_NONE || !can_be_paused(t, s, pause))
        return false;
    *ret_late = late;
    *ret_case = standing(t, s, pause);
    *ret_in = (struct case_input){.event = event, .actor = actor, .confirmed = true, .amount_cents = 3000,
                                  .limit_cents = 10000, .goods = GOODS_RECEIVED,
                                  .now_ms = ret_case->changed_ms + (late ? 2 * DAY_MS : HOUR_MS)};
    return true;
}
#define ATTEMPTS ((size_t)CASE_TYPES * CASE_STATES * 3 * CASE_EVENTS * CASE_ACTORS * 2)

static void whatever_is_tried_leaves_a_sound_case(void **state)
{
    (void)state;
    struct case_rules rules = shipped_rules();
    int failed = 0;
    long taken = 0, tried = 0;
    for (size_t i = 0; i < ATTEMPTS; i++) {
        struct trade_case c;
        struct case_input in;
        struct case_outcome out = {0};
        bool late;
        if (!attempt(i, &c, &in, &late))
            continue;
        enum case_answer answer = case_step(&c, &in, &rules, &out);
        bool may = case_may(&c, in.event, in.actor);
        tried++;
        taken += answer == CASE_OK;
        if ((answer == CASE_OK && (!is_sound(&c, &out) || !may)) || (answer == CASE_FORBIDDEN && may))
            row_failed(failed, case_state_name(c.state), "%s %s by %s: %s", case_type_name(c.type),
                       case_event_name(in.event), case_actor_name(in.actor), case_answer_name(answer));
        if (answer == CASE_OK && in.event == CASE_TIMEOUT && !late)
            row_failed(failed, case_state_name(c.state), "the timer fired before its time");
    }
    print_message("every state, event and actor: %ld tried, %ld legal\n", tried, taken);
    assert_int_equal(failed, 0);
}

/** Without any rules at all: what needs one says so, and nothing that is taken leaves a case without its timer. */
static void without_rules_nothing_is_guessed(void **state)
{
    (void)state;
    struct case_rules none = {.zone = STR("UTC")};
    int failed = 0;
    long missing = 0;
    for (size_t i = 0; i < ATTEMPTS; i++) {
        struct trade_case c;
        struct case_input in;
        struct case_outcome out = {0};
        bool late;
        if (!attempt(i, &c, &in, &late))
            continue;
        enum case_answer answer = case_step(&c, &in, &none, &out);
        missing += answer == CASE_NO_RULE;
        if (answer == CASE_OK && (!is_sound(&c, &out) || out.used_count != 0))
            row_failed(failed, case_state_name(c.state), "%s was taken", case_event_name(in.event));
    }
    assert_true(missing > 1000);
    assert_int_equal(failed, 0);
}

/* ---- opening ------------------------------------------------------------------------------------------------------------ */

struct open_row {
    const char *name;
    enum case_type type;
    void (*change)(struct case_ask *ask);
    enum case_answer want;
    enum case_state state; /* when it is opened */
};

static void plain(struct case_ask *a)
{
    (void)a;
}
static void unshipped(struct case_ask *a)
{
    a->status = ORDER_PAID;
    a->goods = GOODS_NOT_SHIPPED;
    a->delivered_ms = 0;
}
static void in_transit(struct case_ask *a)
{
    a->status = ORDER_SHIPPED;
    a->goods = GOODS_NOT_RECEIVED;
    a->reason = STR("not_received");
}
static void overdue_good_buyer(struct case_ask *a)
{
    unshipped(a);
    a->promise_missed = a->good_record = true;
}
static void overdue_large(struct case_ask *a)
{
    overdue_good_buyer(a);
    a->amount_cents = 9000;
}
static void says_unshipped(struct case_ask *a)
{
    a->goods = GOODS_NOT_SHIPPED;
}
static void unpaid(struct case_ask *a)
{
    unshipped(a);
    a->status = ORDER_UNPAID;
}
static void closed(struct case_ask *a)
{
    a->status = ORDER_CLOSED;
}
static void paid_says_received(struct case_ask *a)
{
    a->status = ORDER_PAID;
}
static void damaged(struct case_ask *a)
{
    a->reason = STR("damaged_in_transit");
}
static void damaged_with_photo(struct case_ask *a)
{
    damaged(a);
    a->evidence_count = 1;
}
static void nr7(struct case_ask *a)
{
    a->reason = STR("no_reason_7d");
}
static void nr7_last_moment(struct case_ask *a)
{
    nr7(a);
    a->now_ms = instant("2026-11-27T23:59:59+08:00");
}
static void nr7_over(struct case_ask *a)
{
    nr7(a);
    a->now_ms = instant("2026-11-28T00:00:00+08:00");
}
static void nr7_legal(struct case_ask *a)
{
    nr7(a);
    a->seven_day = STR("no_legal");
}
static void nr7_confirmed(struct case_ask *a)
{
    nr7(a);
    a->seven_day = STR("no_confirmed");
}
static void finished_long_ago(struct case_ask *a)
{
    a->status = ORDER_FINISHED;
    a->finished_ms = a->now_ms - 16 * DAY_MS;
}
static void finished_lately(struct case_ask *a)
{
    a->status = ORDER_FINISHED;
    a->finished_ms = a->now_ms - 15 * DAY_MS;
}
static void in_warranty(struct case_ask *a)
{
    finished_long_ago(a);
    a->delivered_ms = a->now_ms - 100 * DAY_MS;
    a->warranty_days = 365;
}
static void past_warranty(struct case_ask *a)
{
    in_warranty(a);
    a->warranty_days = 99;
}
static void twice(struct case_ask *a)
{
    a->open_count = 1;
}
static void fourth(struct case_ask *a)
{
    a->total_count = 3;
}
static void paid_before(struct case_ask *a)
{
    a->paid_count = 1;
}
static void more_than_paid(struct case_ask *a)
{
    a->amount_cents = a->limit_cents + 1;
}
static void nothing(struct case_ask *a)
{
    a->amount_cents = 0;
}
static void negative(struct case_ask *a)
{
    a->amount_cents = -1;
}
static void no_pieces(struct case_ask *a)
{
    a->quantity = 0;
}
static void odd_reason(struct case_ask *a)
{
    a->reason = STR("because");
}
static void no_reason(struct case_ask *a)
{
    a->reason = STR_NONE;
}
static void by_bot(struct case_ask *a)
{
    a->actor = CASE_BOT;
}
static void by_bot_confirmed(struct case_ask *a)
{
    by_bot(a);
    a->confirmed = true;
}
static void by_system(struct case_ask *a)
{
    a->actor = CASE_SYSTEM;
}
static void by_buyer(struct case_ask *a)
{
    a->actor = CASE_BUYER;
}
static void uninsured(struct case_ask *a)
{
    a->freight_insured = false;
}
static void in_time(struct case_ask *a)
{
    a->promise_missed = false;
}
static void wish(struct case_ask *a)
{
    a->reason = STR("not_wanted");
}
static void protected_days(struct case_ask *a)
{
    a->price_protect_days = 2;
}

static const struct open_row openings[] = {
    {"not shipped", CASE_REFUND_ONLY, unshipped, CASE_OK, CASE_WAIT_SELLER_UNSHIPPED},
    {"not received", CASE_REFUND_ONLY, in_transit, CASE_OK, CASE_WAIT_SELLER_SHIPPED},
    {"received, keeps it", CASE_REFUND_ONLY, plain, CASE_OK, CASE_WAIT_SELLER_RECEIVED},
    {"late shop, good buyer: at once", CASE_REFUND_ONLY, overdue_good_buyer, CASE_OK, CASE_PAYING},
    {"the same above what needs no person", CASE_REFUND_ONLY, overdue_large, CASE_OK, CASE_WAIT_SELLER_UNSHIPPED},
    {"delivered, and said to be unshipped", CASE_REFUND_ONLY, says_unshipped, CASE_NOT_FOR_STATUS, CASE_NONE},
    {"paid, and said to be received", CASE_REFUND_ONLY, paid_says_received, CASE_NOT_FOR_STATUS, CASE_NONE},
    {"unpaid", CASE_REFUND_ONLY, unpaid, CASE_NOT_FOR_STATUS, CASE_NONE},
    {"closed", CASE_RETURN_REFUND, closed, CASE_NOT_FOR_STATUS, CASE_NONE},
    {"nothing to send back yet", CASE_RETURN_REFUND, in_transit, CASE_NOT_FOR_STATUS, CASE_NONE},
    {"keeps what was not wanted", CASE_REFUND_ONLY, wish, CASE_EXCLUDED, CASE_NONE},
    {"sends back what was not wanted", CASE_RETURN_REFUND, wish, CASE_OK, CASE_WAIT_SELLER_RETURN},
    {"damaged, no photo", CASE_REFUND_ONLY, damaged, CASE_NO_EVIDENCE, CASE_NONE},
    {"damaged, photo", CASE_REFUND_ONLY, damaged_with_photo, CASE_OK, CASE_WAIT_SELLER_RECEIVED},
    {"no reason, in the seven days: agreed at once", CASE_RETURN_REFUND, nr7, CASE_OK, CASE_WAIT_RETURN},
    {"the last second of the seven days", CASE_RETURN_REFUND, nr7_last_moment, CASE_OK, CASE_WAIT_RETURN},
    {"the first second after them", CASE_RETURN_REFUND, nr7_over, CASE_TOO_LATE, CASE_NONE},
    {"excluded by law", CASE_RETURN_REFUND, nr7_legal, CASE_EXCLUDED, CASE_NONE},
    {"excluded by the buyer's confirmation", CASE_RETURN_REFUND, nr7_confirmed, CASE_EXCLUDED, CASE_NONE},
    {"finished sixteen days ago", CASE_EXCHANGE, finished_long_ago, CASE_TOO_LATE, CASE_NONE},
    {"finished fifteen days ago", CASE_EXCHANGE, finished_lately, CASE_OK, CASE_EX_WAIT_SELLER},
    {"within the warranty", CASE_REPAIR, in_warranty, CASE_OK, CASE_RP_WAIT_SELLER},
    {"after the warranty", CASE_REPAIR, past_warranty, CASE_TOO_LATE, CASE_NONE},
    {"another is open", CASE_EXCHANGE, twice, CASE_ALREADY_OPEN, CASE_NONE},
    {"the fourth in all", CASE_EXCHANGE, fourth, CASE_TOO_OFTEN, CASE_NONE},
    {"more than was paid", CASE_RETURN_REFUND, more_than_paid, CASE_TOO_MUCH, CASE_NONE},
    {"nothing claimed", CASE_RETURN_REFUND, nothing, CASE_BAD_AMOUNT, CASE_NONE},
    {"an exchange claims nothing", CASE_EXCHANGE, nothing, CASE_OK, CASE_EX_WAIT_SELLER},
    {"less than nothing", CASE_EXCHANGE, negative, CASE_BAD_AMOUNT, CASE_NONE},
    {"no pieces", CASE_EXCHANGE, no_pieces, CASE_BAD_AMOUNT, CASE_NONE},
    {"a reason that is none", CASE_EXCHANGE, odd_reason, CASE_UNKNOWN_REASON, CASE_NONE},
    {"no reason given", CASE_EXCHANGE, no_reason, CASE_UNKNOWN_REASON, CASE_NONE},
    {"a part is missing", CASE_RESEND, plain, CASE_OK, CASE_RS_WAIT_SELLER},
    {"the bot asks the buyer first", CASE_EXCHANGE, by_bot, CASE_NEEDS_CONFIRM, CASE_NONE},
    {"and opens it then", CASE_EXCHANGE, by_bot_confirmed, CASE_OK, CASE_EX_WAIT_SELLER},
    {"no clock opens an exchange", CASE_EXCHANGE, by_system, CASE_FORBIDDEN, CASE_NONE},
    {"price protection", CASE_PRICE_PROTECT, plain, CASE_OK, CASE_PP_APPLIED},
    {"price protection over", CASE_PRICE_PROTECT, protected_days, CASE_TOO_LATE, CASE_NONE},
    {"price protection again", CASE_PRICE_PROTECT, paid_before, CASE_TOO_OFTEN, CASE_NONE},
    {"insurance", CASE_FREIGHT_INSURANCE, plain, CASE_OK, CASE_FI_AUDIT},
    {"no insurance", CASE_FREIGHT_INSURANCE, uninsured, CASE_NOT_INSURED, CASE_NONE},
    {"buyers do not claim from the insurer", CASE_FREIGHT_INSURANCE, by_buyer, CASE_FORBIDDEN, CASE_NONE},
    {"shipped late", CASE_LATE_COMPENSATION, plain, CASE_OK, CASE_LC_DUE},
    {"shipped in time", CASE_LATE_COMPENSATION, in_time, CASE_TOO_EARLY, CASE_NONE},
    {"late is paid once", CASE_LATE_COMPENSATION, paid_before, CASE_TOO_OFTEN, CASE_NONE},
    {"complaint", CASE_COMPLAINT, nothing, CASE_OK, CASE_CP_WAIT_TARGET},
    {"complaint of nothing known", CASE_COMPLAINT, odd_reason, CASE_UNKNOWN_REASON, CASE_NONE},
    {"complaint after its window", CASE_COMPLAINT, finished_long_ago, CASE_TOO_LATE, CASE_NONE},
};

static void what_may_be_opened_is_opened(void **state)
{
    (void)state;
    struct case_rules rules = shipped_rules();
    int failed = 0;
    for (size_t i = 0; i < COUNT(openings); i++) {
        struct case_ask ask = good_ask(openings[i].type);
        struct case_outcome out = {0};
        openings[i].change(&ask);
        enum case_answer got = case_open(&ask, &rules, &out);
        if (got != openings[i].want || out.after.state != openings[i].state)
            row_failed(failed, openings[i].name, "%s, %s", case_answer_name(got), case_state_name(out.after.state));
    }
    assert_int_equal(failed, 0);
}

/* ---- stories ------------------------------------------------------------------------------------------------------------ */

struct line {
    const char *at; /* NULL: the end */
    enum case_event event;
    enum case_actor actor;
    enum case_answer answer;
    enum case_state state;
    const char *due; /* NULL: none */
    int64_t refunded;
};

static const struct story {
    const char *name;
    enum case_type type;
    void (*change)(struct case_ask *ask);
    struct line lines[8];
} stories[] = {
    {"paid, not shipped: a day, then the money", CASE_REFUND_ONLY, unshipped,
     {{"2026-11-22T09:59:59+08:00", CASE_TIMEOUT, CASE_SYSTEM, CASE_TOO_EARLY, CASE_WAIT_SELLER_UNSHIPPED,
       "2026-11-22T10:00:00+08:00", 0},
      {"2026-11-22T10:00:00+08:00", CASE_TIMEOUT, CASE_SYSTEM, CASE_OK, CASE_PAYING, "2026-11-29T10:00:00+08:00", 0},
      {"2026-11-22T10:00:01+08:00", CASE_WITHDRAW, CASE_BUYER, CASE_NO_SUCH_STEP, CASE_PAYING,
       "2026-11-29T10:00:00+08:00", 0},
      {"2026-11-22T10:00:02+08:00", CASE_PAID, CASE_SYSTEM, CASE_OK, CASE_SUCCESS, NULL, 4000},
      {"2026-11-22T10:00:03+08:00", CASE_PAID, CASE_SYSTEM, CASE_NO_SUCH_STEP, CASE_SUCCESS, NULL, 4000}}},
    {"shipped in the window: the trade goes on", CASE_REFUND_ONLY, unshipped,
     {{"2026-11-21T18:00:00+08:00", CASE_SHIPPED, CASE_SYSTEM, CASE_OK, CASE_CLOSED, NULL, 0}}},
    {"silence about received goods is a return", CASE_REFUND_ONLY, plain,
     {{"2026-11-24T10:00:00+08:00", CASE_TIMEOUT, CASE_SYSTEM, CASE_OK, CASE_WAIT_RETURN, "2026-12-01T10:00:00+08:00", 0},
      {"2026-11-25T10:00:00+08:00", CASE_WAYBILL, CASE_BUYER, CASE_OK, CASE_RETURNING, "2026-12-05T10:00:00+08:00", 0},
      {"2026-11-26T10:00:00+08:00", CASE_WAYBILL, CASE_BUYER, CASE_OK, CASE_RETURNING, "2026-12-05T10:00:00+08:00", 0},
      {"2026-11-27T10:00:00+08:00", CASE_SIGNED, CASE_SYSTEM, CASE_OK, CASE_RETURN_SIGNED, "2026-11-30T10:00:00+08:00", 0},
      {"2026-11-28T10:00:00+08:00", CASE_RECEIVED, CASE_AGENT, CASE_OK, CASE_PAYING, "2026-12-05T10:00:00+08:00", 0},
      {"2026-11-28T10:00:00+08:00", CASE_PAID, CASE_SYSTEM, CASE_OK, CASE_SUCCESS, NULL, 4000}}},
    {"evidence stops the clock, and gives it a day at least", CASE_RETURN_REFUND, plain,
     {{"2026-11-24T08:00:00+08:00", CASE_ASK_EVIDENCE, CASE_AGENT, CASE_OK, CASE_WAIT_SELLER_RETURN,
       "2026-11-27T08:00:00+08:00", 0},
      {"2026-11-24T09:00:00+08:00", CASE_REFUSE, CASE_AGENT, CASE_IS_PAUSED, CASE_WAIT_SELLER_RETURN,
       "2026-11-27T08:00:00+08:00", 0},
      {"2026-11-25T08:00:00+08:00", CASE_EVIDENCE, CASE_BUYER, CASE_OK, CASE_WAIT_SELLER_RETURN,
       "2026-11-26T08:00:00+08:00", 0},
      {"2026-11-25T09:00:00+08:00", CASE_REFUSE, CASE_AGENT, CASE_OK, CASE_REFUSED, "2026-11-30T09:00:00+08:00", 0}}},
    {"refused, the platform is asked in, and rules", CASE_RETURN_REFUND, plain,
     {{"2026-11-21T12:00:00+08:00", CASE_INTERVENE, CASE_BUYER, CASE_NO_SUCH_STEP, CASE_WAIT_SELLER_RETURN,
       "2026-11-24T10:00:00+08:00", 0},
      {"2026-11-22T10:00:00+08:00", CASE_REFUSE, CASE_AGENT, CASE_OK, CASE_REFUSED, "2026-11-27T10:00:00+08:00", 0},
      {"2026-11-22T11:00:00+08:00", CASE_INTERVENE, CASE_BUYER, CASE_OK, CASE_REFUSED, "2026-12-07T11:00:00+08:00", 0},
      {"2026-11-23T11:00:00+08:00", CASE_MODIFY, CASE_BUYER, CASE_IS_PAUSED, CASE_REFUSED, "2026-12-07T11:00:00+08:00", 0},
      {"2026-11-24T11:00:00+08:00", CASE_RULE_REFUND, CASE_AGENT, CASE_FORBIDDEN, CASE_REFUSED,
       "2026-12-07T11:00:00+08:00", 0},
      {"2026-11-24T12:00:00+08:00", CASE_RULE_REFUND, CASE_STAFF, CASE_OK, CASE_PAYING, "2026-12-01T12:00:00+08:00", 0},
      {"2026-11-24T12:00:01+08:00", CASE_PAID, CASE_SYSTEM, CASE_OK, CASE_SUCCESS, NULL, 3000}}},
    {"one size up", CASE_EXCHANGE, plain,
     {{"2026-11-22T10:00:00+08:00", CASE_AGREE, CASE_AGENT, CASE_OK, CASE_EX_WAIT_BUYER, "2026-11-29T10:00:00+08:00", 0},
      {"2026-11-23T10:00:00+08:00", CASE_WAYBILL, CASE_BUYER, CASE_OK, CASE_EX_WAIT_RECEIPT, "2026-12-03T10:00:00+08:00", 0},
      {"2026-11-26T10:00:00+08:00", CASE_RECEIVED, CASE_AGENT, CASE_OK, CASE_EX_WAIT_RESEND, "2026-11-29T10:00:00+08:00", 0},
      {"2026-11-27T10:00:00+08:00", CASE_RESENT, CASE_AGENT, CASE_OK, CASE_EX_WAIT_CONFIRM, "2026-12-07T10:00:00+08:00", 0},
      {"2026-11-29T10:00:00+08:00", CASE_CONFIRM, CASE_BUYER, CASE_OK, CASE_SUCCESS, NULL, 0}}},
    {"a payment that hangs is tried again, and money moves once", CASE_PRICE_PROTECT, plain,
     {{"2026-11-21T10:00:00+08:00", CASE_CALCULATED, CASE_SYSTEM, CASE_OK, CASE_PAYING, "2026-11-28T10:00:00+08:00", 0},
      {"2026-11-28T10:00:00+08:00", CASE_TIMEOUT, CASE_SYSTEM, CASE_OK, CASE_PAY_REVIEW, "2026-11-29T10:00:00+08:00", 0},
      {"2026-11-29T10:00:00+08:00", CASE_TIMEOUT, CASE_SYSTEM, CASE_OK, CASE_PAYING, "2026-12-06T10:00:00+08:00", 0},
      {"2026-11-29T10:00:01+08:00", CASE_PAY_FAILED, CASE_SYSTEM, CASE_OK, CASE_PAY_REVIEW, "2026-11-30T10:00:01+08:00", 0},
      {"2026-11-29T10:00:02+08:00", CASE_PAID, CASE_SYSTEM, CASE_OK, CASE_SUCCESS, NULL, 3000}}},
    {"withdrawn, opened again once", CASE_RETURN_REFUND, plain,
     {{"2026-11-21T11:00:00+08:00", CASE_WITHDRAW, CASE_BUYER, CASE_OK, CASE_CLOSED, NULL, 0},
      {"2026-11-22T11:00:00+08:00", CASE_REOPEN, CASE_BUYER, CASE_OK, CASE_WAIT_SELLER_RETURN,
       "2026-11-25T11:00:00+08:00", 0},
      {"2026-11-22T12:00:00+08:00", CASE_WITHDRAW, CASE_BUYER, CASE_OK, CASE_CLOSED, NULL, 0},
      {"2026-11-22T13:00:00+08:00", CASE_REOPEN, CASE_BUYER, CASE_TOO_OFTEN, CASE_CLOSED, NULL, 0}}},
    {"too late to open it again", CASE_RETURN_REFUND, plain,
     {{"2026-11-21T11:00:00+08:00", CASE_WITHDRAW, CASE_BUYER, CASE_OK, CASE_CLOSED, NULL, 0},
      {"2026-11-28T11:00:01+08:00", CASE_REOPEN, CASE_BUYER, CASE_TOO_LATE, CASE_CLOSED, NULL, 0}}},
    {"a complaint nobody answers: five working days over a weekend", CASE_COMPLAINT, nothing,
     {{"2026-11-24T10:00:00+08:00", CASE_TIMEOUT, CASE_SYSTEM, CASE_OK, CASE_CP_WAIT_COMPLAINANT,
       "2026-11-27T10:00:00+08:00", 0},
      {"2026-11-25T10:00:00+08:00", CASE_NOT_SATISFIED, CASE_BUYER, CASE_OK, CASE_CP_PLATFORM,
       "2026-12-03T00:00:00+08:00", 0},
      {"2026-12-03T00:00:00+08:00", CASE_TIMEOUT, CASE_SYSTEM, CASE_OK, CASE_CP_OVERDUE, "2026-12-18T00:00:00+08:00", 0},
      {"2026-12-18T00:00:00+08:00", CASE_TIMEOUT, CASE_SYSTEM, CASE_OK, CASE_CP_DECIDED, "2026-12-19T00:00:00+08:00", 0},
      {"2026-12-19T00:00:00+08:00", CASE_TIMEOUT, CASE_SYSTEM, CASE_OK, CASE_SUCCESS, NULL, 0}}},
    {"the insurer stays silent", CASE_FREIGHT_INSURANCE, plain,
     {{"2026-11-24T10:00:00+08:00", CASE_TIMEOUT, CASE_SYSTEM, CASE_OK, CASE_FI_CHASED, "2026-11-27T10:00:00+08:00", 0},
      {"2026-11-27T10:00:00+08:00", CASE_TIMEOUT, CASE_SYSTEM, CASE_OK, CASE_REJECTED, NULL, 0}}},
    {"a repair that takes too long becomes a replacement", CASE_REPAIR, plain,
     {{"2026-11-22T10:00:00+08:00", CASE_AGREE, CASE_AGENT, CASE_OK, CASE_RP_WAIT_BUYER, "2026-11-29T10:00:00+08:00", 0},
      {"2026-11-23T10:00:00+08:00", CASE_WAYBILL, CASE_BUYER, CASE_OK, CASE_RP_WAIT_RECEIPT, "2026-12-03T10:00:00+08:00", 0},
      {"2026-11-24T10:00:00+08:00", CASE_RECEIVED, CASE_AGENT, CASE_OK, CASE_RP_REPAIRING, "2026-12-09T10:00:00+08:00", 0},
      {"2026-12-09T10:00:00+08:00", CASE_TIMEOUT, CASE_SYSTEM, CASE_OK, CASE_EX_WAIT_RESEND, "2026-12-12T10:00:00+08:00", 0},
      {"2026-12-10T10:00:00+08:00", CASE_RESENT, CASE_AGENT, CASE_OK, CASE_EX_WAIT_CONFIRM, "2026-12-20T10:00:00+08:00", 0}}},
};

static void stories_go_as_the_handbook_says(void **state)
{
    (void)state;
    struct case_rules rules = shipped_rules();
    int failed = 0;
    for (size_t i = 0; i < COUNT(stories); i++) {
        struct case_ask ask = good_ask(stories[i].type);
        struct case_outcome out;
        stories[i].change(&ask);
        assert_int_equal(case_open(&ask, &rules, &out), CASE_OK);
        struct trade_case c = out.after;
        for (const struct line *l = stories[i].lines; l < stories[i].lines + 8 && l->at != NULL; l++) {
            struct case_input in = {.event = l->event, .actor = l->actor, .now_ms = instant(l->at), .amount_cents = 3000,
                                    .limit_cents = 10000, .goods = GOODS_RECEIVED};
            enum case_answer got = case_step(&c, &in, &rules, &out);
            if (got == CASE_OK)
                c = out.after;
            int64_t due = l->due != NULL ? instant(l->due) : 0;
            if (got == l->answer && c.state == l->state && c.due_ms == due && c.refunded_cents == l->refunded)
                continue;
            char text[TIME_TEXT];
            row_failed(failed, stories[i].name, "line %td: %s, %s, due %s, refunded %lld", l - stories[i].lines,
                       case_answer_name(got), case_state_name(c.state), time_rfc3339(c.due_ms, 480, text),
                       (long long)c.refunded_cents);
        }
    }
    assert_int_equal(failed, 0);
}

static void limits_of_approval_hold(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum case_actor actor;
        int64_t cents;
        bool confirmed;
        enum case_answer want;
    } rows[] = {
        {"small, by an agent", CASE_AGENT, 5000, false, CASE_OK},
        {"larger: once more", CASE_AGENT, 5001, false, CASE_NEEDS_CONFIRM},
        {"larger, said twice", CASE_AGENT, 50000, true, CASE_OK},
        {"too large for an agent", CASE_AGENT, 50001, true, CASE_OVER_LIMIT},
        {"a leader may", CASE_LEADER, 50001, false, CASE_OK},
        {"the bot never approves", CASE_BOT, 1, true, CASE_FORBIDDEN},
        {"nor does the buyer", CASE_BUYER, 1, true, CASE_FORBIDDEN},
        {"nor a crowd agent", CASE_CROWD, 1, true, CASE_FORBIDDEN},
    };
    struct case_rules rules = shipped_rules();
    int failed = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct case_ask ask = good_ask(CASE_REFUND_ONLY);
        struct case_outcome out;
        ask.amount_cents = rows[i].cents;
        ask.limit_cents = 1000000;
        assert_int_equal(case_open(&ask, &rules, &out), CASE_OK);
        struct trade_case c = out.after;
        struct case_input in = {.event = CASE_AGREE, .actor = rows[i].actor, .confirmed = rows[i].confirmed,
                                .now_ms = ask.now_ms};
        enum case_answer got = case_step(&c, &in, &rules, &out);
        if (got != rows[i].want)
            row_failed(failed, rows[i].name, "%s", case_answer_name(got));
    }
    assert_int_equal(failed, 0);
}

static void the_version_of_the_order_decides(void **state)
{
    (void)state;
    struct case_rules rules = shipped_rules();
    struct case_ask ask = good_ask(CASE_REFUND_ONLY);
    struct case_outcome out;
    unshipped(&ask);
    ask.order_ms = instant("2020-08-09T10:00:00+08:00"); /* 48 h until 2020-08-10, 24 h since */
    assert_int_equal(case_open(&ask, &rules, &out), CASE_OK);
    assert_int_equal(out.after.due_ms - ask.now_ms, 48 * HOUR_MS);
    ask.order_ms = instant("2020-08-10T10:00:00+08:00");
    assert_int_equal(case_open(&ask, &rules, &out), CASE_OK);
    assert_int_equal(out.after.due_ms - ask.now_ms, 24 * HOUR_MS);
    rules.place.category = STR("虚拟/充值"); /* virtual goods have a time of their own */
    ask = good_ask(CASE_REFUND_ONLY);
    in_transit(&ask);
    assert_int_equal(case_open(&ask, &rules, &out), CASE_OK);
    assert_int_equal(out.after.due_ms - ask.now_ms, 72 * HOUR_MS);
}

static void who_pays_the_way_back_is_said(void **state)
{
    (void)state;
    struct arena a = {0};
    struct case_rules rules = shipped_rules();
    int64_t then = instant("2026-11-18T10:00:00+08:00");
    assert_true(str_eq_c(case_freight_payer(&a, STR("quality_defect"), &rules, then), "seller"));
    assert_true(str_eq_c(case_freight_payer(&a, STR("no_reason_7d"), &rules, then), "buyer"));
    assert_true(str_eq_c(case_freight_payer(&a, STR("damaged_in_transit"), &rules, then), "carrier"));
    assert_int_equal(case_freight_payer(&a, STR("whim"), &rules, then).n, 0);
    assert_int_equal(case_freight_payer(&a, STR_NONE, &rules, then).n, 0);
    arena_done(&a);
}

static void without_its_rules_nothing_is_opened(void **state)
{
    (void)state;
    struct case_rules none = {.zone = STR("UTC")};
    struct case_ask ask = good_ask(CASE_PRICE_PROTECT);
    struct case_outcome out;
    assert_int_equal(case_open(&ask, &none, &out), CASE_NO_RULE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_is_listed_once),
        cmocka_unit_test(every_state_is_reached_and_has_a_timer_or_is_the_end),
        cmocka_unit_test(nothing_waits_for_ever),
        cmocka_unit_test(every_timer_has_its_rule),
        cmocka_unit_test(names_are_read_back),
        cmocka_unit_test(whatever_is_tried_leaves_a_sound_case),
        cmocka_unit_test(without_rules_nothing_is_guessed),
        cmocka_unit_test(what_may_be_opened_is_opened),
        cmocka_unit_test(stories_go_as_the_handbook_says),
        cmocka_unit_test(limits_of_approval_hold),
        cmocka_unit_test(the_version_of_the_order_decides),
        cmocka_unit_test(who_pays_the_way_back_is_said),
        cmocka_unit_test(without_its_rules_nothing_is_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
