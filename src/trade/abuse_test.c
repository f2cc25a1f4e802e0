/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody who wants more than is theirs would try: the same money by two ways, a claim that grows after it was seen,
 * a limit taken in small bites, goods and money, and what the shop's own system says too late. On a real database.
 */
#include "trade/action_world_for_test.h"

#include "trade/action_record.h"
#include "trade/shop_system_private.h"

/* ---- what the tests share -------------------------------------------------------------------------------------------- */

static struct action_request wish_for(struct world *w, enum action action, const char *order, const char *sub)
{
    struct action_request r = world_wish(w, action, order);
    r.sub_id = str_from(sub);
    return r;
}

static struct action_request opening(struct world *w, const char *order, const char *sub, enum case_type type, const char *reason,
                                     int64_t quantity)
{
    struct action_request r = wish_for(w, ACTION_CASE_OPEN, order, sub);
    r.type = type;
    r.reason = str_from(reason);
    r.quantity = quantity;
    return r;
}

/** The shop's step on a case, by one of its people. */
static struct action_request people(struct world *w, enum case_actor actor, int64_t case_id, enum case_event event)
{
    return (struct action_request){.tenant_id = w->shop, .action = ACTION_CASE_STEP, .event = event, .case_id = case_id,
                                   .id = id_new(w->now_ms), .key = str_fmt(&w->arena, "step/%d", ++w->keys),
                                   .now_ms = w->now_ms, .who = {.actor = actor, .person_id = 7 + (int64_t)actor, .confirmed = true}};
}

static struct action_result agreed(struct world *w, int64_t case_id)
{
    struct action_request r = people(w, CASE_LEADER, case_id, CASE_AGREE);
    return world_do(w, &r);
}

/** Before the promise to ship is over: nothing is paid at once. */
static int64_t in_time(void)
{
    return instant("2026-11-19T10:00:00+08:00");
}

static void price(struct world *w, const char *cents)
{
    world_import(w, &product_import,
                 str_c(&w->arena, str_fmt(&w->arena,
                                          "{\"id\":\"P1\",\"shop\":\"S1\",\"title\":\"轻量冲锋衣\",\"category\":\"服饰/户外\","
                                          "\"price_cents\":%s,\"skus\":[{\"id\":\"P1-L\",\"price_cents\":%s,\"stock\":12}],"
                                          "\"seven_day\":\"yes\",\"price_protect_days\":15}",
                                          cents, cents)));
}

static void expect_why(const struct action_result *r, enum action_why why, enum case_answer case_answer)
{
    if (r->answer != ACTION_REFUSED || r->why != why || r->case_answer != case_answer)
        print_error("%s, %s, %s\n", action_answer_name(r->answer), action_why_name(r->why), case_answer_name(r->case_answer));
    assert_int_equal(r->answer, ACTION_REFUSED);
    assert_int_equal(r->why, why);
    assert_int_equal(r->case_answer, case_answer);
}

/* ---- a claim above what it is worth ------------------------------------------------------------------------------------ */

static void a_claim_for_one_piece_does_not_grow_to_all(void **state)
{
    struct world *w = *state;
    w->now_ms = in_time();
    struct action_request r = opening(w, "E9", "E9-1", CASE_REFUND_ONLY, "not_wanted", 1);
    struct action_result opened = world_do(w, &r);
    assert_int_equal(opened.amount_cents, 4000);
    struct action_request more = wish_for(w, ACTION_CASE_MODIFY, "", "");
    more.case_id = opened.row.id;
    more.amount_cents = 12000;
    struct action_result grown = world_do(w, &more);
    expect_why(&grown, ACTION_WHY_CASE, CASE_TOO_MUCH);
    more = wish_for(w, ACTION_CASE_MODIFY, "", "");
    more.case_id = opened.row.id;
    more.amount_cents = 4000; /* the same again, and less, is theirs to say */
    assert_int_equal(world_do(w, &more).answer, ACTION_DONE);
}

static void a_return_for_no_reason_does_not_grow_by_the_freight(void **state)
{
    struct world *w = *state;
    struct action_request r = opening(w, "E3", "", CASE_RETURN_REFUND, "other", 0);
    struct action_result opened = world_do(w, &r);
    assert_int_equal(opened.amount_cents, 4290);
    struct action_request more = wish_for(w, ACTION_CASE_MODIFY, "", "");
    more.case_id = opened.row.id;
    more.amount_cents = 5290;
    struct action_result grown = world_do(w, &more);
    expect_why(&grown, ACTION_WHY_CASE, CASE_TOO_MUCH);
}

/* ---- the same money by two ways ------------------------------------------------------------------------------------------ */

static void pieces_that_went_back_have_no_price_to_protect(void **state)
{
    struct world *w = *state;
    w->now_ms = in_time();
    struct action_request r = opening(w, "E9", "E9-1", CASE_REFUND_ONLY, "not_wanted", 1);
    struct action_result opened = world_do(w, &r);
    assert_int_equal(agreed(w, opened.row.id).row.c.refunded_cents, 4000);
    price(w, "3000");
    struct action_request protect = wish_for(w, ACTION_PRICE_PROTECT, "E9", "E9-1");
    struct action_result done = world_do(w, &protect);
    assert_int_equal(done.answer, ACTION_DONE);
    assert_int_equal(done.amount_cents, 2000); /* two pieces, a thousand each */
}

static void a_protected_price_is_what_a_refund_pays(void **state)
{
    struct world *w = *state;
    w->now_ms = in_time();
    price(w, "3000");
    struct action_request protect = wish_for(w, ACTION_PRICE_PROTECT, "E9", "E9-1");
    assert_int_equal(world_do(w, &protect).row.c.refunded_cents, 3000);
    struct action_request r = opening(w, "E9", "E9-1", CASE_REFUND_ONLY, "not_wanted", 1);
    struct action_result opened = world_do(w, &r);
    assert_int_equal(opened.amount_cents, 3000); /* not 4000 */
    assert_int_equal(agreed(w, opened.row.id).row.c.refunded_cents, 3000);
}

static void a_variant_that_is_gone_has_no_price(void **state)
{
    struct world *w = *state;
    world_import(w, &product_import, "{\"id\":\"P1\",\"shop\":\"S1\",\"title\":\"轻量冲锋衣\",\"price_cents\":100,\"skus\":["
                                     "{\"id\":\"P1-S\",\"price_cents\":100,\"stock\":12}],\"price_protect_days\":15}");
    struct action_request r = wish_for(w, ACTION_PRICE_PROTECT, "E3", "");
    assert_int_equal(world_do(w, &r).why, ACTION_WHY_NOTHING_DUE);
}

/** The buyer called it off before the promise was over: nothing is late about what nobody was to send. */
static void what_was_called_off_in_time_is_not_late(void **state)
{
    struct world *w = *state;
    w->now_ms = instant("2026-11-18T11:00:00+08:00");
    struct action_request r = wish_for(w, ACTION_ORDER_CANCEL, "E1", "");
    struct action_result opened = world_do(w, &r);
    assert_int_equal(opened.answer, ACTION_DONE);
    w->now_ms = instant("2026-11-20T18:00:00+08:00");
    struct action_request late = opening(w, "E1", "", CASE_LATE_COMPENSATION, "late_shipment", 0);
    struct action_result waits = world_do(w, &late);
    expect_why(&waits, ACTION_WHY_CASE, CASE_TOO_EARLY);
    assert_int_equal(agreed(w, opened.row.id).row.c.refunded_cents, 5290);
    late = opening(w, "E1", "", CASE_LATE_COMPENSATION, "late_shipment", 0);
    struct action_result after = world_do(w, &late);
    expect_why(&after, ACTION_WHY_CASE, CASE_TOO_EARLY);
    struct action_request look = wish_for(w, ACTION_COMPENSATION_LOOKUP, "E1", "");
    assert_int_equal(world_do(w, &look).why, ACTION_WHY_NOTHING_DUE);
}

static void what_was_called_off_because_it_was_late_is_compensated(void **state)
{
    struct world *w = *state;
    struct action_request r = wish_for(w, ACTION_ORDER_CANCEL, "X1", "");
    r.who.buyer = STR("B2"); /* without a record: nothing is paid at once */
    struct action_result opened = world_do(w, &r);
    assert_int_equal(agreed(w, opened.row.id).row.c.refunded_cents, 5290);
    struct action_request late = opening(w, "X1", "", CASE_LATE_COMPENSATION, "late_shipment", 0);
    late.who.buyer = STR("B2");
    assert_int_equal(world_do(w, &late).answer, ACTION_DONE);
}

/* ---- goods and money -------------------------------------------------------------------------------------------------------- */

static enum case_state state_of(struct world *w, int64_t case_id);

static void goods_that_left_end_a_cancel(void **state)
{
    static const struct {
        const char *order, *row;
    } rows[] = {
        {"E1", WORLD_ORDER("E1", "B1", "shipped", WORLD_SENT)},
        {"E1", WORLD_ORDER("E1", "B1", "delivered", WORLD_HERE)}, /* nobody told of what lies between */
        {"E1", WORLD_ORDER("E1", "B1", "finished", WORLD_HERE)},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        void *fresh;
        assert_int_equal(world_begin(&fresh), 0);
        struct world *w = fresh;
        struct action_request r = wish_for(w, ACTION_ORDER_CANCEL, rows[i].order, "");
        r.who = (struct case_who){.actor = CASE_AGENT, .person_id = 7, .confirmed = true};
        struct action_result opened = world_do(w, &r);
        assert_int_equal(opened.row.c.state, CASE_WAIT_SELLER_UNSHIPPED);
        world_import(w, &order_import, rows[i].row);
        assert_int_equal(state_of(w, opened.row.id), CASE_CLOSED);
        assert_true(case_tick(w->store, w->now_ms + 30 * DAY_MS) >= 0);
        assert_int_equal(world_order(w, rows[i].order).sum.reserved_cents, 0);
        world_end(&fresh);
    }
}

static void a_closed_order_has_no_case_to_open_again(void **state)
{
    struct world *w = *state;
    struct action_request r = opening(w, "E3", "", CASE_RETURN_REFUND, "no_reason_7d", 0);
    struct action_result opened = world_do(w, &r);
    struct action_request back = wish_for(w, ACTION_CASE_CANCEL, "", "");
    back.case_id = opened.row.id;
    assert_int_equal(world_do(w, &back).row.c.state, CASE_CLOSED);
    world_import(w, &order_import, WORLD_ORDER("E3", "B1", "closed", WORLD_HERE)); /* paid back by the shop itself */
    struct action_request again = wish_for(w, ACTION_CASE_REOPEN, "", "");
    again.case_id = opened.row.id;
    struct action_result no = world_do(w, &again);
    expect_why(&no, ACTION_WHY_CASE, CASE_NOT_FOR_STATUS);
}

/* ---- limits in small bites -------------------------------------------------------------------------------------------------- */

#define THREE(id)                                                                                                  \
    "{\"id\":\"" id "\",\"shop\":\"S1\",\"buyer\":\"B1\",\"status\":\"paid\",\"created_at\":\"2026-11-18T10:02:00+08:00\"," \
    WORLD_PAID "\"items\":[{\"sub_id\":\"" id "-1\",\"product\":\"P1\",\"sku\":\"P1-L\",\"paid_cents\":3000},"          \
    "{\"sub_id\":\"" id "-2\",\"product\":\"P1\",\"sku\":\"P1-L\",\"paid_cents\":3000},"                               \
    "{\"sub_id\":\"" id "-3\",\"product\":\"P2\",\"sku\":\"P2-1\",\"paid_cents\":3000}]}"

static void an_order_of_many_items_is_one_amount(void **state)
{
    struct world *w = *state;
    world_import(w, &order_import, THREE("M1"));
    struct action_request r = wish_for(w, ACTION_ORDER_CANCEL, "M1", "");
    struct action_result tried = world_try(w, &r), done = world_do(w, &r);
    assert_true(action_same(&tried, &done));
    assert_int_equal(done.answer, ACTION_DONE);
    assert_int_equal(world_order(w, "M1").sum.reserved_cents, 0); /* 9000, of which a rule may pay 5000: a person decides */
}

static void an_order_is_not_emptied_item_by_item(void **state)
{
    struct world *w = *state;
    static const char *const subs[] = {"M1-1", "M1-2", "M1-3"};
    world_import(w, &order_import, THREE("M1"));
    for (size_t i = 0; i < COUNT(subs); i++) {
        struct action_request r = opening(w, "M1", subs[i], CASE_REFUND_ONLY, "late_shipment", 0);
        struct action_result done = world_do(w, &r);
        assert_int_equal(done.answer, ACTION_DONE);
        assert_int_equal(done.row.c.state, i == 0 ? CASE_SUCCESS : CASE_WAIT_SELLER_UNSHIPPED);
    }
    assert_int_equal(world_order(w, "M1").sum.committed_cents, 3000);
}

static void what_people_let_a_rule_pay_counts_too(void **state)
{
    struct world *w = *state;
    world_policy(w, "approve.bot_day", "\"300\"");
    price(w, "3990");
    struct action_request r = wish_for(w, ACTION_PRICE_PROTECT, "E3", "");
    r.who = (struct case_who){.actor = CASE_AGENT, .person_id = 7, .confirmed = true};
    assert_int_equal(world_do(w, &r).row.c.state, CASE_SUCCESS);
    r = wish_for(w, ACTION_PRICE_PROTECT, "E2", "");
    r.who = (struct case_who){.actor = CASE_AGENT, .person_id = 7, .confirmed = true};
    assert_int_equal(world_do(w, &r).row.c.state, CASE_PP_APPLIED);
}

static void goodwill_order_by_order_needs_a_second_person_in_the_end(void **state)
{
    struct world *w = *state;
    static const char *const orders[] = {"E1", "E2", "E3"};
    world_policy(w, "goodwill.person_day", "\"2000\"");
    for (size_t i = 0; i < COUNT(orders); i++) {
        struct action_request r = wish_for(w, ACTION_GOODWILL, orders[i], "");
        r.who = (struct case_who){.actor = CASE_AGENT, .person_id = 7, .confirmed = true};
        r.amount_cents = 1000;
        assert_int_equal(world_do(w, &r).answer, i < 2 ? ACTION_DONE : ACTION_NEEDS_SECOND);
    }
    struct action_request r = wish_for(w, ACTION_GOODWILL, "E4", ""); /* another person's day is another */
    r.who = (struct case_who){.actor = CASE_AGENT, .person_id = 8, .confirmed = true};
    r.amount_cents = 1000;
    assert_int_equal(world_do(w, &r).answer, ACTION_DONE);
}

static void an_insurers_money_is_bounded_too(void **state)
{
    struct world *w = *state;
    world_import(w, &order_import, WORLD_ORDER("E3", "B1", "delivered", WORLD_HERE "\"freight_insured\":true,"));
    struct action_request r = opening(w, "E3", "", CASE_FREIGHT_INSURANCE, "", 0);
    r.who = (struct case_who){.actor = CASE_STAFF, .person_id = 7, .confirmed = true};
    struct action_result opened = world_do(w, &r);
    assert_int_equal(opened.answer, ACTION_DONE);
    struct action_request pay = people(w, CASE_STAFF, opened.row.id, CASE_CALCULATED);
    pay.amount_cents = 2501;
    assert_int_equal(world_do(w, &pay).why, ACTION_WHY_AMOUNT);
    pay = people(w, CASE_STAFF, opened.row.id, CASE_CALCULATED);
    pay.amount_cents = 2500;
    assert_int_equal(world_do(w, &pay).row.c.refunded_cents, 2500);
}

static void a_crowd_agent_opens_nothing_outside_of_its_chat(void **state)
{
    struct world *w = *state;
    struct action_request r = opening(w, "E3", "", CASE_RETURN_REFUND, "no_reason_7d", 0);
    r.who = (struct case_who){.actor = CASE_CROWD, .person_id = 7, .confirmed = true};
    assert_int_equal(world_do(w, &r).why, ACTION_WHY_ROLE);
    r = wish_for(w, ACTION_PRICE_PROTECT, "E3", "");
    r.who = (struct case_who){.actor = CASE_CROWD, .person_id = 7, .confirmed = true};
    assert_int_equal(world_do(w, &r).why, ACTION_WHY_ROLE);
}

/* ---- the second person ------------------------------------------------------------------------------------------------------ */

static void a_leader_agrees_to_what_was_shown(void **state)
{
    struct world *w = *state;
    world_policy(w, "approve.agent", "\"1000\"");
    world_policy(w, "approve.agent_confirmed", "\"2000\"");
    w->now_ms = in_time();
    struct action_request r = opening(w, "E9", "E9-1", CASE_REFUND_ONLY, "not_wanted", 0);
    r.amount_cents = 3000;
    struct action_result opened = world_do(w, &r);
    struct action_request agree = people(w, CASE_AGENT, opened.row.id, CASE_AGREE);
    assert_int_equal(world_do(w, &agree).answer, ACTION_NEEDS_SECOND);
    struct action_request more = wish_for(w, ACTION_CASE_MODIFY, "", "");
    more.case_id = opened.row.id;
    more.amount_cents = 12000;
    assert_int_equal(world_do(w, &more).answer, ACTION_DONE);
    struct action_request yes = {.tenant_id = w->shop, .approves = agree.id, .now_ms = w->now_ms,
                                 .who = {.actor = CASE_LEADER, .person_id = 9}};
    struct action_result stale = world_do(w, &yes);
    expect_why(&stale, ACTION_WHY_CASE, CASE_STALE);
    assert_int_equal(world_order(w, "E9").sum.reserved_cents, 0);
}

static void a_leader_agrees_to_the_case_that_was_meant(void **state)
{
    struct world *w = *state;
    world_policy(w, "approve.agent", "\"1000\"");
    world_policy(w, "approve.agent_confirmed", "\"2000\"");
    w->now_ms = in_time();
    struct action_request r = opening(w, "E9", "E9-2", CASE_REFUND_ONLY, "not_wanted", 0);
    struct action_result small = world_do(w, &r);
    struct action_request agree = people(w, CASE_AGENT, 0, CASE_AGREE); /* the order's only open one */
    agree.order_id = STR("E9");
    assert_int_equal(world_do(w, &agree).answer, ACTION_NEEDS_SECOND);
    struct action_request back = wish_for(w, ACTION_CASE_CANCEL, "", "");
    back.case_id = small.row.id;
    assert_int_equal(world_do(w, &back).answer, ACTION_DONE);
    r = opening(w, "E9", "E9-1", CASE_REFUND_ONLY, "not_wanted", 0);
    struct action_result large = world_do(w, &r); /* as new as the other one was */
    assert_int_equal(large.answer, ACTION_DONE);
    struct action_request yes = {.tenant_id = w->shop, .approves = agree.id, .now_ms = w->now_ms,
                                 .who = {.actor = CASE_LEADER, .person_id = 9}};
    assert_int_equal(world_do(w, &yes).answer, ACTION_REFUSED);
    assert_int_equal(world_order(w, "E9").sum.reserved_cents, 0);
}

/* ---- the shop's own system -------------------------------------------------------------------------------------------------- */

struct outside {
    struct world *w;
    struct str key;
    int64_t case_id;
    struct adapter_answer answer;
    struct action_result result;
    struct case_row_stored row;
    struct shop_wish wish;
    enum work_team last; /* who was given the last work order about a payment */
};

static int look_in(struct tx *tx, void *arg)
{
    struct outside *o = arg;
    struct work_order ticket = {.team = TEAM_WAREHOUSE};
    if (case_get(tx, &o->w->arena, o->w->shop, o->case_id, &o->row) < 0)
        return STORE_FAULT;
    if (work_order_last_of(tx, &o->w->arena, o->w->shop, o->row.order_id, STR("payment.refund"), &ticket) < 0)
        return STORE_FAULT;
    o->last = ticket.team;
    return shop_wish_of_case(tx, &o->w->arena, o->w->shop, o->case_id, &o->wish) < 0 ? STORE_FAULT : STORE_OK;
}

static enum case_state state_of(struct world *w, int64_t case_id)
{
    struct outside o = {.w = w, .case_id = case_id};
    assert_int_equal(store_read(w->store, look_in, &o), STORE_OK);
    return o.row.c.state;
}

static int settle_in(struct tx *tx, void *arg)
{
    struct outside *o = arg;
    return shop_system_settle(tx, &o->w->arena, o->w->shop, o->key, &o->answer, o->w->now_ms) < 0 ? STORE_FAULT : STORE_OK;
}

static int give_up_in(struct tx *tx, void *arg)
{
    struct outside *o = arg;
    return shop_system_give_up(tx, &o->w->arena, o->w->shop, o->key, STR("nobody answers"), o->w->now_ms);
}

static void open_system(struct world *w)
{
    world_import(w, &shop_system_import,
                 "{\"shop\":\"S1\",\"kind\":\"http\",\"url\":\"http://127.0.0.1:9\","
                 "\"secret\":\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"}");
}

static void more_time_that_the_shop_gave_is_stored(void **state)
{
    struct world *w = *state;
    open_system(w);
    struct action_request r = wish_for(w, ACTION_ORDER_EXTEND_RECEIPT, "E2", "");
    assert_int_equal(world_do(w, &r).answer, ACTION_PENDING);
    struct action_request again = wish_for(w, ACTION_ORDER_EXTEND_RECEIPT, "E2", "");
    assert_int_equal(world_do(w, &again).why, ACTION_WHY_TOO_OFTEN); /* while the first is on its way */
    struct outside o = {.w = w, .key = str_fmt(&w->arena, "act_%lld", (long long)r.id), .answer = {.verdict = ADAPTER_DONE}};
    assert_int_equal(store_write(w->store, settle_in, &o), STORE_OK);
    assert_int_equal(world_order(w, "E2").order.extended_ms, 3 * DAY_MS);
}

static void a_switch_does_not_undo_what_the_shop_did(void **state)
{
    struct world *w = *state;
    open_system(w);
    struct action_request r = wish_for(w, ACTION_ORDER_ADD_NOTE, "E1", "");
    r.text = STR("放门口");
    assert_int_equal(world_do(w, &r).answer, ACTION_PENDING);
    world_policy(w, "action.off", "[\"order.add_note\"]");
    struct outside o = {.w = w, .key = str_fmt(&w->arena, "act_%lld", (long long)r.id), .answer = {.verdict = ADAPTER_DONE}};
    assert_int_equal(store_write(w->store, settle_in, &o), STORE_OK);
    assert_true(str_eq_c(world_order(w, "E1").order.note, "放门口"));
}

/** A refund of E1 that the shop's system has in hand, and nobody knows whether it was paid. */
static void begin_payment(struct world *w, struct outside *o)
{
    open_system(w);
    world_policy(w, "pay.external", "\"on\"");
    struct action_request r = wish_for(w, ACTION_ORDER_CANCEL, "E1", "");
    *o = (struct outside){.w = w, .case_id = world_do(w, &r).row.id};
    assert_int_equal(agreed(w, o->case_id).row.c.state, CASE_PAYING);
    assert_int_equal(store_read(w->store, look_in, o), STORE_OK);
    o->key = o->wish.key;
}

static void a_payment_on_its_way_is_not_made_void(void **state)
{
    struct world *w = *state;
    struct outside o;
    begin_payment(w, &o);
    assert_true(case_tick(w->store, o.row.c.due_ms) > 0);
    assert_int_equal(state_of(w, o.case_id), CASE_PAY_REVIEW);
    struct action_request no = people(w, CASE_LEADER, o.case_id, CASE_VOID);
    struct action_result early = world_do(w, &no);
    expect_why(&early, ACTION_WHY_CASE, CASE_TOO_EARLY); /* it may be paid at any moment */
    assert_int_equal(store_write(w->store, give_up_in, &o), STORE_OK);
    no = people(w, CASE_LEADER, o.case_id, CASE_VOID);
    assert_int_equal(world_do(w, &no).row.c.state, CASE_CLOSED); /* somebody has looked */
    assert_int_equal(world_order(w, "E1").sum.void_cents, 5290);
}

static void a_payment_that_comes_too_late_is_work_for_people(void **state)
{
    struct world *w = *state;
    struct outside o;
    begin_payment(w, &o);
    assert_int_equal(store_write(w->store, give_up_in, &o), STORE_OK);
    struct action_request no = people(w, CASE_LEADER, o.case_id, CASE_VOID);
    assert_int_equal(world_do(w, &no).row.c.state, CASE_CLOSED);
    o.answer = (struct adapter_answer){.verdict = ADAPTER_DONE, .reference = STR("R1")};
    w->now_ms += SECOND_MS;
    assert_int_equal(store_write(w->store, settle_in, &o), STORE_OK);
    assert_int_equal(store_read(w->store, look_in, &o), STORE_OK);
    assert_int_equal(o.last, TEAM_FINANCE);
    assert_int_equal(world_order(w, "E1").sum.committed_cents, 0);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_begin, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_claim_for_one_piece_does_not_grow_to_all),
        WITH_WORLD(a_return_for_no_reason_does_not_grow_by_the_freight),
        WITH_WORLD(pieces_that_went_back_have_no_price_to_protect),
        WITH_WORLD(a_protected_price_is_what_a_refund_pays),
        WITH_WORLD(a_variant_that_is_gone_has_no_price),
        WITH_WORLD(what_was_called_off_in_time_is_not_late),
        WITH_WORLD(what_was_called_off_because_it_was_late_is_compensated),
        cmocka_unit_test(goods_that_left_end_a_cancel),
        WITH_WORLD(a_closed_order_has_no_case_to_open_again),
        WITH_WORLD(an_order_of_many_items_is_one_amount),
        WITH_WORLD(an_order_is_not_emptied_item_by_item),
        WITH_WORLD(what_people_let_a_rule_pay_counts_too),
        WITH_WORLD(goodwill_order_by_order_needs_a_second_person_in_the_end),
        WITH_WORLD(an_insurers_money_is_bounded_too),
        WITH_WORLD(a_crowd_agent_opens_nothing_outside_of_its_chat),
        WITH_WORLD(a_leader_agrees_to_what_was_shown),
        WITH_WORLD(a_leader_agrees_to_the_case_that_was_meant),
        WITH_WORLD(more_time_that_the_shop_gave_is_stored),
        WITH_WORLD(a_switch_does_not_undo_what_the_shop_did),
        WITH_WORLD(a_payment_on_its_way_is_not_made_void),
        WITH_WORLD(a_payment_that_comes_too_late_is_work_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
