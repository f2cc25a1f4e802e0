/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Actions on a real database: what a buyer, an agent and a leader may have done to an order in each status, that a try says
 * what doing it gives, that a key is done once, and that limits, switches and second persons hold.
 */
#include "trade/action_world_for_test.h"

#include <time.h>

#include "trade/action_record.h"
#include "trade/product_store.h"

static const struct address moved = {.region = {"浙江省/杭州市/余杭区", 29}, .detail = {"文一西路 969 号", 20}};

/** One row: a wish in a status and what comes of it. */
struct wish {
    const char *name;
    enum action action;
    const char *order, *sub;
    enum action_answer answer;
    enum action_why why;
    enum case_answer case_answer;
    const char *slot;
    const char *text, *sku, *reason, *evidence;
    bool address;
    enum case_type type;
    int64_t amount_cents;
    enum case_actor actor; /* 0: the bot */
};

static const struct wish wishes[] = {
    {"cancel unpaid", ACTION_ORDER_CANCEL, "U1", .answer = ACTION_DONE},
    {"cancel paid", ACTION_ORDER_CANCEL, "E1", .answer = ACTION_DONE},
    {"cancel shipped", ACTION_ORDER_CANCEL, "E2", .answer = ACTION_REFUSED, .why = ACTION_WHY_SHIPPED},
    {"cancel delivered", ACTION_ORDER_CANCEL, "E3", .answer = ACTION_REFUSED, .why = ACTION_WHY_SHIPPED},
    {"cancel finished", ACTION_ORDER_CANCEL, "E4", .answer = ACTION_REFUSED, .why = ACTION_WHY_STATUS},
    {"cancel closed", ACTION_ORDER_CANCEL, "E5", .answer = ACTION_REFUSED, .why = ACTION_WHY_STATUS},
    {"cancel another buyer's", ACTION_ORDER_CANCEL, "X1", .answer = ACTION_REFUSED, .why = ACTION_WHY_NOT_FOUND},
    {"cancel nobody's", ACTION_ORDER_CANCEL, "Z9", .answer = ACTION_REFUSED, .why = ACTION_WHY_NOT_FOUND},
    {"cancel several", ACTION_ORDER_CANCEL, "E9", .answer = ACTION_DONE},
    {"cancel for no known reason", ACTION_ORDER_CANCEL, "E1", .reason = "because", .answer = ACTION_REFUSED,
     .why = ACTION_WHY_CASE, .case_answer = CASE_UNKNOWN_REASON},
    {"cancel nothing", ACTION_ORDER_CANCEL, "", .answer = ACTION_NEEDS_SLOT, .slot = "order"},
    {"address of unpaid", ACTION_ORDER_CHANGE_ADDRESS, "U1", .address = true, .answer = ACTION_DONE},
    {"address of paid", ACTION_ORDER_CHANGE_ADDRESS, "E1", .address = true, .answer = ACTION_DONE},
    {"address of shipped", ACTION_ORDER_CHANGE_ADDRESS, "E2", .address = true, .answer = ACTION_REFUSED,
     .why = ACTION_WHY_SHIPPED},
    {"no address", ACTION_ORDER_CHANGE_ADDRESS, "E1", .answer = ACTION_NEEDS_SLOT, .slot = "address"},
    {"address of an order without one", ACTION_ORDER_CHANGE_ADDRESS, "E9", .address = true, .answer = ACTION_NEEDS_SLOT,
     .slot = "name"},
    {"phone", ACTION_ORDER_CHANGE_PHONE, "E1", .text = "13911112222", .answer = ACTION_DONE},
    {"no phone", ACTION_ORDER_CHANGE_PHONE, "E1", .answer = ACTION_NEEDS_SLOT, .slot = "phone"},
    {"bad phone", ACTION_ORDER_CHANGE_PHONE, "E1", .text = "call me", .answer = ACTION_REFUSED, .why = ACTION_WHY_BAD_VALUE},
    {"the same phone", ACTION_ORDER_CHANGE_PHONE, "E1", .text = "13800001234", .answer = ACTION_REFUSED,
     .why = ACTION_WHY_SAME_VALUE},
    {"larger", ACTION_ORDER_CHANGE_SKU, "E1", .sku = "P1-XL", .answer = ACTION_DONE},
    {"no variant", ACTION_ORDER_CHANGE_SKU, "E1", .answer = ACTION_NEEDS_SLOT, .slot = "sku"},
    {"of which", ACTION_ORDER_CHANGE_SKU, "E9", .sku = "P1-XL", .answer = ACTION_NEEDS_SLOT, .slot = "sub_id"},
    {"too few", ACTION_ORDER_CHANGE_SKU, "E9", "E9-1", .sku = "P1-XL", .answer = ACTION_REFUSED, .why = ACTION_WHY_NO_STOCK},
    {"none left", ACTION_ORDER_CHANGE_SKU, "E1", .sku = "P1-M", .answer = ACTION_REFUSED, .why = ACTION_WHY_NO_STOCK},
    {"dearer", ACTION_ORDER_CHANGE_SKU, "E1", .sku = "P1-G", .answer = ACTION_REFUSED, .why = ACTION_WHY_OTHER_PRICE},
    {"another product's", ACTION_ORDER_CHANGE_SKU, "E1", .sku = "P2-1", .answer = ACTION_REFUSED, .why = ACTION_WHY_BAD_VALUE},
    {"the same variant", ACTION_ORDER_CHANGE_SKU, "E1", .sku = "P1-L", .answer = ACTION_REFUSED, .why = ACTION_WHY_SAME_VALUE},
    {"variant of shipped", ACTION_ORDER_CHANGE_SKU, "E2", .sku = "P1-XL", .answer = ACTION_REFUSED, .why = ACTION_WHY_SHIPPED},
    {"sub-order that is none", ACTION_ORDER_CHANGE_SKU, "E1", "E2-1", .sku = "P1-XL", .answer = ACTION_REFUSED,
     .why = ACTION_WHY_NOT_FOUND},
    {"note", ACTION_ORDER_ADD_NOTE, "E1", .text = "放门口", .answer = ACTION_DONE},
    {"empty note", ACTION_ORDER_ADD_NOTE, "E1", .text = "  ", .answer = ACTION_NEEDS_SLOT, .slot = "text"},
    {"note after shipment", ACTION_ORDER_ADD_NOTE, "E2", .text = "放门口", .answer = ACTION_REFUSED, .why = ACTION_WHY_SHIPPED},
    {"more time", ACTION_ORDER_EXTEND_RECEIPT, "E2", .answer = ACTION_DONE},
    {"more time before shipment", ACTION_ORDER_EXTEND_RECEIPT, "E1", .answer = ACTION_REFUSED, .why = ACTION_WHY_STATUS},
    {"urge the warehouse", ACTION_LOGISTICS_URGE, "E1", .answer = ACTION_DONE},
    {"urge the carrier", ACTION_LOGISTICS_URGE, "E2", .answer = ACTION_DONE},
    {"urge what is here", ACTION_LOGISTICS_URGE, "E3", .answer = ACTION_REFUSED, .why = ACTION_WHY_STATUS},
    {"intercept", ACTION_LOGISTICS_INTERCEPT, "E2", .answer = ACTION_DONE},
    {"intercept before shipment", ACTION_LOGISTICS_INTERCEPT, "E1", .answer = ACTION_REFUSED, .why = ACTION_WHY_STATUS},
    {"open a case", ACTION_CASE_OPEN, "E3", .type = CASE_RETURN_REFUND, .reason = "no_reason_7d", .answer = ACTION_DONE},
    {"open without a reason", ACTION_CASE_OPEN, "E3", .type = CASE_RETURN_REFUND, .answer = ACTION_NEEDS_SLOT, .slot = "reason"},
    {"open without a photo", ACTION_CASE_OPEN, "E3", .type = CASE_REFUND_ONLY, .reason = "damaged_in_transit",
     .answer = ACTION_NEEDS_SLOT, .slot = "evidence"},
    {"open with a photo", ACTION_CASE_OPEN, "E3", .type = CASE_REFUND_ONLY, .reason = "damaged_in_transit", .evidence = "12,13",
     .answer = ACTION_DONE},
    {"open with no number", ACTION_CASE_OPEN, "E3", .type = CASE_REFUND_ONLY, .reason = "damaged_in_transit",
     .evidence = "12,x", .answer = ACTION_REFUSED, .why = ACTION_WHY_BAD_VALUE},
    {"open with another buyer's photo", ACTION_CASE_OPEN, "E3", .type = CASE_REFUND_ONLY, .reason = "damaged_in_transit",
     .evidence = "12,99", .answer = ACTION_REFUSED, .why = ACTION_WHY_BAD_VALUE},
    {"open with a photo that nobody sent", ACTION_CASE_OPEN, "E3", .type = CASE_REFUND_ONLY, .reason = "damaged_in_transit",
     .evidence = "14", .answer = ACTION_REFUSED, .why = ACTION_WHY_BAD_VALUE},
    {"open for too much", ACTION_CASE_OPEN, "E3", .type = CASE_REFUND_ONLY, .reason = "other", .amount_cents = 999999,
     .answer = ACTION_REFUSED, .why = ACTION_WHY_CASE, .case_answer = CASE_TOO_MUCH},
    {"open for less than nothing", ACTION_CASE_OPEN, "E3", .type = CASE_REFUND_ONLY, .reason = "other", .amount_cents = -5,
     .answer = ACTION_REFUSED, .why = ACTION_WHY_CASE, .case_answer = CASE_BAD_AMOUNT},
    {"another buyer's case", ACTION_CASE_OPEN, "X1", .type = CASE_REFUND_ONLY, .reason = "not_wanted",
     .answer = ACTION_REFUSED, .why = ACTION_WHY_NOT_FOUND},
    {"no case to withdraw", ACTION_CASE_CANCEL, "E3", .answer = ACTION_REFUSED, .why = ACTION_WHY_NOT_FOUND},
    {"price protection", ACTION_PRICE_PROTECT, "E3", .answer = ACTION_DONE},
    {"price protection of which", ACTION_PRICE_PROTECT, "E9", .answer = ACTION_NEEDS_SLOT, .slot = "sub_id"},
    {"price did not fall", ACTION_PRICE_PROTECT, "E9", "E9-2", .answer = ACTION_REFUSED, .why = ACTION_WHY_NOTHING_DUE},
    {"invoice", ACTION_INVOICE_REQUEST, "E3", .text = "杭州某某公司", .answer = ACTION_DONE},
    {"invoice to nobody", ACTION_INVOICE_REQUEST, "E3", .answer = ACTION_NEEDS_SLOT, .slot = "text"},
    {"invoice of unpaid", ACTION_INVOICE_REQUEST, "U1", .text = "张三", .answer = ACTION_REFUSED, .why = ACTION_WHY_STATUS},
    {"late shipment", ACTION_COMPENSATION_LOOKUP, "E1", .answer = ACTION_DONE},
    {"shipped in time", ACTION_COMPENSATION_LOOKUP, "E2", .answer = ACTION_REFUSED, .why = ACTION_WHY_NOTHING_DUE},
    {"complaint", ACTION_COMPLAINT_OPEN, "E3", .reason = "agent_attitude", .answer = ACTION_DONE},
    {"complaint of something else", ACTION_COMPLAINT_OPEN, "E3", .reason = "weather", .answer = ACTION_REFUSED,
     .why = ACTION_WHY_CASE, .case_answer = CASE_UNKNOWN_REASON},
    {"goodwill by the bot", ACTION_GOODWILL, "E3", .amount_cents = 100, .answer = ACTION_REFUSED, .why = ACTION_WHY_ROLE},
    {"goodwill", ACTION_GOODWILL, "E3", .amount_cents = 1000, .actor = CASE_AGENT, .answer = ACTION_DONE},
    {"goodwill above the limit", ACTION_GOODWILL, "E3", .amount_cents = 1001, .actor = CASE_AGENT,
     .answer = ACTION_NEEDS_SECOND},
    {"goodwill above all", ACTION_GOODWILL, "E3", .amount_cents = 10001, .actor = CASE_LEADER, .answer = ACTION_REFUSED,
     .why = ACTION_WHY_AMOUNT},
    {"less than nothing of goodwill", ACTION_GOODWILL, "E3", .amount_cents = -1, .actor = CASE_AGENT,
     .answer = ACTION_REFUSED, .why = ACTION_WHY_BAD_VALUE},
    {"crowd without the chat", ACTION_LOGISTICS_URGE, "E2", .actor = CASE_CROWD, .answer = ACTION_REFUSED,
     .why = ACTION_WHY_ROLE},
    {"staff without a case", ACTION_LOGISTICS_URGE, "E2", .actor = CASE_STAFF, .answer = ACTION_REFUSED, .why = ACTION_WHY_ROLE},
};

static struct action_request request_of(struct world *w, const struct wish *x)
{
    struct action_request r = world_wish(w, x->action, x->order);
    r.sub_id = str_from(x->sub);
    r.text = r.address.phone = str_from(x->text);
    r.sku = str_from(x->sku);
    r.reason = str_from(x->reason);
    r.evidence = str_from(x->evidence);
    r.type = x->type;
    r.amount_cents = x->amount_cents;
    if (x->address)
        r.address = moved;
    if (x->actor != CASE_BUYER)
        r.who = (struct case_who){.actor = x->actor, .person_id = 77, .confirmed = true};
    return r;
}

/** 1 when the row came out otherwise. */
static int wrong(const struct wish *x, const char *how, const struct action_result *got)
{
    bool slot = (x->slot == NULL) == (got->slot == NULL) && (x->slot == NULL || str_eq_c(str_from(x->slot), got->slot));
    int failed = 0;
    if (got->answer != x->answer || got->why != x->why || got->case_answer != x->case_answer || !slot)
        row_failed(failed, x->name, "%s: %s, %s, %s, slot %s", how, action_answer_name(got->answer),
                   action_why_name(got->why), case_answer_name(got->case_answer), got->slot != NULL ? got->slot : "-");
    return failed;
}

static void wishes_end_as_the_rules_say(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(wishes); i++) {
        void *fresh;
        assert_int_equal(world_begin(&fresh), 0);
        struct world *w = fresh;
        struct action_request r = request_of(w, &wishes[i]);
        struct action_result tried = world_try(w, &r), done = world_do(w, &r);
        failed += wrong(&wishes[i], "tried", &tried) + wrong(&wishes[i], "done", &done);
        if (!action_same(&tried, &done))
            row_failed(failed, wishes[i].name, "what was tried is not what was done");
        struct action_result again = world_do(w, &r);
        if (done.answer == ACTION_DONE && action_row(r.action)->writes && again.answer != ACTION_SAME)
            row_failed(failed, wishes[i].name, "done again: %s", action_answer_name(again.answer));
        world_end(&fresh);
    }
    assert_int_equal(failed, 0);
}

/* ---- effects ---------------------------------------------------------------------------------------------------------- */

static void a_changed_address_is_stored_and_the_rest_stays(void **state)
{
    struct world *w = *state;
    struct action_request r = world_wish(w, ACTION_ORDER_CHANGE_ADDRESS, "E1");
    r.address = moved;
    r.who.confirmed = false;
    assert_int_equal(world_do(w, &r).answer, ACTION_NEEDS_CONFIRM);
    assert_true(str_eq_c(world_order(w, "E1").order.address.detail, "文三路 1 号"));
    r.who.confirmed = true;
    struct action_result done = world_do(w, &r);
    assert_int_equal(done.answer, ACTION_DONE);
    struct order o = world_order(w, "E1").order;
    assert_true(str_eq(o.address.detail, moved.detail));
    assert_true(str_eq(o.address.region, moved.region));
    assert_true(str_eq_c(o.address.name, "张三"));
    assert_true(str_eq_c(o.address.phone, "13800001234"));
    assert_true(str_eq(done.order.address.detail, moved.detail));
}

struct stock {
    struct world *w;
    const char *sku;
    int64_t n;
};

static int read_stock(struct tx *tx, void *arg)
{
    struct stock *s = arg;
    json_t *body = NULL;
    struct product p;
    if (product_body(tx, s->w->shop, STR("P1"), &body) <= 0)
        return STORE_FAULT;
    product_read(&s->w->arena, body, &p);
    json_decref(body);
    s->n = product_sku(&p, str_from(s->sku))->stock;
    return STORE_OK;
}

static int64_t stock_of(struct world *w, const char *sku)
{
    struct stock s = {w, sku, 0};
    assert_int_equal(store_read(w->store, read_stock, &s), STORE_OK);
    return s.n;
}

static void another_variant_moves_the_stock(void **state)
{
    struct world *w = *state;
    struct action_request r = world_wish(w, ACTION_ORDER_CHANGE_SKU, "E1");
    r.sku = STR("P1-XL");
    assert_int_equal(world_do(w, &r).answer, ACTION_DONE);
    assert_int_equal(stock_of(w, "P1-L"), 13);
    assert_int_equal(stock_of(w, "P1-XL"), 1);
    assert_int_equal(world_do(w, &r).answer, ACTION_SAME);
    assert_int_equal(stock_of(w, "P1-XL"), 1);
    assert_true(str_eq_c(world_order(w, "E1").order.items[0].sku, "P1-XL"));
}

static void a_cancelled_order_of_several_has_a_case_for_each(void **state)
{
    struct world *w = *state;
    struct action_request r = world_wish(w, ACTION_ORDER_CANCEL, "E9");
    struct action_result done = world_do(w, &r);
    assert_int_equal(done.answer, ACTION_DONE);
    assert_int_equal(done.amount_cents, 18000);
    assert_int_equal(done.row.id, r.id);
    assert_int_equal(done.row.c.state, CASE_WAIT_SELLER_UNSHIPPED);
    struct action_request again = world_wish(w, ACTION_ORDER_CANCEL, "E9");
    done = world_do(w, &again);
    assert_int_equal(done.why, ACTION_WHY_CASE);
    assert_int_equal(done.case_answer, CASE_ALREADY_OPEN);
}

static void a_late_order_of_a_good_buyer_is_paid_back_at_once_up_to_the_day(void **state)
{
    struct world *w = *state;
    world_policy(w, "approve.bot", "\"6000\"");
    world_policy(w, "approve.bot_day", "\"6000\"");
    struct action_request r = world_wish(w, ACTION_ORDER_CANCEL, "E1");
    struct action_result tried = world_try(w, &r), done = world_do(w, &r);
    assert_true(action_same(&tried, &done));
    assert_int_equal(done.row.c.state, CASE_SUCCESS);
    assert_int_equal(world_order(w, "E1").sum.committed_cents, 5290);
    assert_int_equal(world_order(w, "E1").order.status, ORDER_CLOSED);
    r = world_wish(w, ACTION_PRICE_PROTECT, "E3");
    assert_int_equal(world_do(w, &r).row.c.state, CASE_SUCCESS); /* 5590 today */
    r = world_wish(w, ACTION_PRICE_PROTECT, "E9");
    r.sub_id = STR("E9-1");
    world_import(w, &product_import, "{\"id\":\"P1\",\"shop\":\"S1\",\"title\":\"轻量冲锋衣\",\"price_cents\":3000,\"skus\":["
                                     "{\"id\":\"P1-L\",\"price_cents\":3000,\"stock\":12}],\"price_protect_days\":15}");
    assert_int_equal(world_do(w, &r).row.c.state, CASE_PP_APPLIED); /* 3000 more: a person decides */
}

static void what_rules_pay_is_bounded_a_day(void **state)
{
    struct world *w = *state;
    world_policy(w, "approve.bot_day", "\"100\"");
    struct action_request r = world_wish(w, ACTION_PRICE_PROTECT, "E3");
    struct action_result tried = world_try(w, &r), done = world_do(w, &r);
    assert_int_equal(done.answer, ACTION_DONE);
    assert_true(action_same(&tried, &done));
    assert_int_equal(done.row.c.state, CASE_PP_APPLIED); /* a person decides */
    assert_int_equal(world_order(w, "E3").sum.committed_cents, 0);
}

static void price_protection_shows_its_calculation(void **state)
{
    struct world *w = *state;
    struct action_request r = world_wish(w, ACTION_PRICE_PROTECT, "E3");
    struct action_result done = world_do(w, &r);
    assert_int_equal(done.amount_cents, 300);
    assert_int_equal(done.row.c.state, CASE_SUCCESS);
    json_t *sum = json_read(done.text, NULL);
    assert_int_equal(json_int(sum, "paid_cents", 0), 4290);
    assert_int_equal(json_int(sum, "now_cents", 0), 3990);
    assert_int_equal(json_int(sum, "due_cents", 0), 300);
    json_decref(sum);
    assert_int_equal(world_order(w, "E3").sum.committed_cents, 300);
}

static void an_urge_has_a_number_and_a_due_time_in_opening_hours(void **state)
{
    struct world *w = *state;
    w->now_ms = instant("2026-11-21T17:30:00+08:00");
    struct action_request r = world_wish(w, ACTION_LOGISTICS_URGE, "E2");
    struct action_result done = world_do(w, &r);
    assert_true(str_eq_c(done.ticket, "W-20261121-0001"));
    assert_int_equal(done.due_ms, instant("2026-11-22T10:30:00+08:00"));
    assert_true(str_eq_c(done.carrier_phone, "95311"));
    struct action_request again = world_wish(w, ACTION_LOGISTICS_URGE, "E2");
    struct action_result no = world_do(w, &again);
    assert_int_equal(no.why, ACTION_WHY_TOO_SOON);
    assert_true(str_eq(no.ticket, done.ticket));
    r = world_wish(w, ACTION_LOGISTICS_URGE, "E1");
    assert_true(str_eq_c(world_do(w, &r).ticket, "W-20261121-0002"));
}

static void the_receipt_is_extended_once(void **state)
{
    struct world *w = *state;
    struct action_request r = world_wish(w, ACTION_ORDER_EXTEND_RECEIPT, "E2");
    struct action_result done = world_do(w, &r);
    assert_int_equal(done.due_ms, instant("2026-11-19T16:00:00+08:00") + 13 * DAY_MS);
    assert_int_equal(world_order(w, "E2").order.extended_ms, 3 * DAY_MS);
    r = world_wish(w, ACTION_ORDER_EXTEND_RECEIPT, "E2");
    assert_int_equal(world_do(w, &r).why, ACTION_WHY_TOO_OFTEN);
}

/* ---- limits, switches, second persons ------------------------------------------------------------------------------------ */

static void a_switch_holds_for_its_shop_and_category(void **state)
{
    struct world *w = *state;
    struct world_row off = {&policy_import, STR("{\"shop\":\"S1\",\"key\":\"action.off\",\"scope\":\"category:户外\","
                                                "\"value\":[\"price.protect\"],\"from\":\"2026-01-01\"}")};
    assert_int_equal(store_write(w->store, world_give, &off), STORE_OK);
    struct action_request r = world_wish(w, ACTION_PRICE_PROTECT, "E9");
    r.sub_id = STR("E9-2");
    assert_int_equal(world_do(w, &r).why, ACTION_WHY_SWITCHED_OFF);
    r = world_wish(w, ACTION_PRICE_PROTECT, "E3");
    assert_int_equal(world_do(w, &r).answer, ACTION_DONE);
    world_policy(w, "action.off", "[\"order.cancel\"]");
    r = world_wish(w, ACTION_ORDER_CANCEL, "E1");
    assert_int_equal(world_do(w, &r).why, ACTION_WHY_SWITCHED_OFF);
}

static void limits_are_of_the_order_the_buyer_and_the_shop(void **state)
{
    struct world *w = *state;
    struct action_request r;
    for (int i = 0; i < 3; i++) {
        r = world_wish(w, ACTION_ORDER_CHANGE_PHONE, "E1");
        r.address.phone = str_fmt(&w->arena, "1390000000%d", i);
        assert_int_equal(world_do(w, &r).answer, ACTION_DONE);
    }
    r = world_wish(w, ACTION_ORDER_CHANGE_PHONE, "E1");
    r.address.phone = STR("13911111111");
    assert_int_equal(world_do(w, &r).why, ACTION_WHY_TOO_OFTEN);
    world_policy(w, "action.limits", "{\"order.change_phone\":{\"buyer_day\":3}}");
    r = world_wish(w, ACTION_ORDER_CHANGE_PHONE, "U1");
    r.address.phone = STR("13911111111");
    assert_int_equal(world_do(w, &r).why, ACTION_WHY_BUYER_DAY);
    r.now_ms += DAY_MS;
    assert_int_equal(world_do(w, &r).answer, ACTION_DONE);
}

static void a_second_person_says_yes_once(void **state)
{
    struct world *w = *state;
    struct action_request r = world_wish(w, ACTION_GOODWILL, "E3");
    r.who = (struct case_who){.actor = CASE_AGENT, .person_id = 7, .confirmed = true};
    r.amount_cents = 3000;
    assert_int_equal(world_do(w, &r).answer, ACTION_NEEDS_SECOND);
    assert_int_equal(world_do(w, &r).answer, ACTION_NEEDS_SECOND); /* it waits, once */
    struct action_request yes = {.tenant_id = w->shop, .approves = r.id, .now_ms = w->now_ms};
    yes.who = (struct case_who){.actor = CASE_AGENT, .person_id = 8};
    assert_int_equal(world_do(w, &yes).why, ACTION_WHY_ROLE);
    yes.who = (struct case_who){.actor = CASE_LEADER, .person_id = 7};
    assert_int_equal(world_do(w, &yes).why, ACTION_WHY_ROLE); /* who asked is no second person */
    yes.who.person_id = 9;
    assert_int_equal(world_do(w, &yes).answer, ACTION_DONE);
    assert_int_equal(world_do(w, &yes).why, ACTION_WHY_STATUS);
    assert_int_equal(world_do(w, &r).answer, ACTION_SAME);
}

static void an_agents_refund_above_its_limit_waits_for_a_leader(void **state)
{
    struct world *w = *state;
    world_policy(w, "approve.agent", "\"1000\"");
    world_policy(w, "approve.agent_confirmed", "\"2000\"");
    struct action_request r = world_wish(w, ACTION_ORDER_CANCEL, "E1");
    struct action_result opened = world_do(w, &r);
    struct action_request agree = {.tenant_id = w->shop, .action = ACTION_CASE_STEP, .event = CASE_AGREE,
                                   .case_id = opened.row.id, .id = id_new(w->now_ms), .key = STR("agree"), .now_ms = w->now_ms,
                                   .who = {.actor = CASE_AGENT, .person_id = 7}};
    assert_int_equal(world_do(w, &agree).answer, ACTION_NEEDS_CONFIRM);
    agree.who.confirmed = true;
    struct action_result waits = world_do(w, &agree);
    assert_int_equal(waits.answer, ACTION_NEEDS_SECOND);
    assert_int_equal(world_order(w, "E1").sum.committed_cents, 0);
    struct action_request yes = {.tenant_id = w->shop, .approves = agree.id, .now_ms = w->now_ms,
                                 .who = {.actor = CASE_LEADER, .person_id = 9}};
    struct action_result done = world_do(w, &yes);
    assert_int_equal(done.answer, ACTION_DONE);
    assert_int_equal(done.row.c.state, CASE_SUCCESS);
    assert_int_equal(world_order(w, "E1").sum.committed_cents, 5290);
}

static void a_key_belongs_to_its_wish(void **state)
{
    struct world *w = *state;
    struct action_request r = world_wish(w, ACTION_ORDER_ADD_NOTE, "E1");
    r.text = STR("放门口");
    assert_int_equal(world_do(w, &r).answer, ACTION_DONE);
    struct action_request other = world_wish(w, ACTION_ORDER_CANCEL, "E1");
    other.key = r.key;
    assert_int_equal(world_do(w, &other).answer, ACTION_REFUSED);
    other = world_wish(w, ACTION_ORDER_ADD_NOTE, "X1");
    other.key = r.key;
    other.who.buyer = STR("B2");
    struct action_result spied = world_do(w, &other);
    assert_int_equal(spied.answer, ACTION_REFUSED);
    assert_false(spied.has_order);
}

static void what_waits_is_refused_when_it_cannot_be_any_more(void **state)
{
    struct world *w = *state;
    struct action_request r = world_wish(w, ACTION_GOODWILL, "E3");
    r.who = (struct case_who){.actor = CASE_AGENT, .person_id = 7, .confirmed = true};
    r.amount_cents = 3000;
    assert_int_equal(world_do(w, &r).answer, ACTION_NEEDS_SECOND);
    world_policy(w, "action.off", "[\"goodwill.give\"]");
    struct action_request yes = {.tenant_id = w->shop, .approves = r.id, .now_ms = w->now_ms,
                                 .who = {.actor = CASE_LEADER, .person_id = 9}};
    assert_int_equal(world_do(w, &yes).why, ACTION_WHY_SWITCHED_OFF);
    assert_int_equal(world_do(w, &yes).why, ACTION_WHY_STATUS); /* it does not wait any more */
    yes.approves = 4711;
    assert_int_equal(world_do(w, &yes).why, ACTION_WHY_NOT_FOUND);
}

/* ---- the shop's own system ----------------------------------------------------------------------------------------------- */

/** A wish that the shop's system has in hand, and its answer. */
struct handed {
    struct world *w;
    struct action_request r;
    bool done;
    struct action_result ret;
};

static int hand_on(struct tx *tx, void *arg)
{
    struct handed *h = arg;
    struct arena *a = &h->w->arena;
    struct action_logged l = {
        .tenant_id = h->w->shop, .id = h->r.id, .key = h->r.key, .action = h->r.action, .actor = CASE_BOT, .buyer = STR("B1"),
        .order_id = h->r.order_id, .status = ACTION_IS_PENDING, .request = action_request_json(a, &h->r),
        .result = action_result_json(a, &h->ret), .rules = STR("{}"), .at_ms = h->w->now_ms,
    };
    return action_insert(tx, a, &l);
}

static int answer_it(struct tx *tx, void *arg)
{
    struct handed *h = arg;
    action_settle_in(tx, &h->w->arena, h->w->shop, h->r.id, h->done, STR("卖完了"), h->w->now_ms, &h->ret);
    return h->ret.answer == ACTION_FAULT ? STORE_FAULT : STORE_OK;
}

static enum action_answer answered(struct handed *h, bool done)
{
    h->done = done;
    assert_int_equal(store_write(h->w->store, answer_it, h), STORE_OK);
    return h->ret.answer;
}

static void the_shops_system_is_believed_once(void **state)
{
    struct world *w = *state;
    struct handed yes = {.w = w, .r = world_wish(w, ACTION_ORDER_CHANGE_ADDRESS, "E1")};
    yes.r.address = moved;
    assert_int_equal(store_write(w->store, hand_on, &yes), STORE_OK);
    assert_int_equal(world_do(w, &yes.r).answer, ACTION_PENDING); /* asked again under its key: still on its way */
    assert_int_equal(answered(&yes, true), ACTION_DONE);
    assert_true(str_eq(world_order(w, "E1").order.address.detail, moved.detail));
    assert_int_equal(answered(&yes, false), ACTION_SAME);
    assert_int_equal(world_do(w, &yes.r).answer, ACTION_SAME);

    struct handed no = {.w = w, .r = world_wish(w, ACTION_ORDER_CHANGE_SKU, "E1")};
    no.r.sku = STR("P1-XL");
    assert_int_equal(store_write(w->store, hand_on, &no), STORE_OK);
    assert_int_equal(answered(&no, false), ACTION_REFUSED);
    assert_int_equal(no.ret.why, ACTION_WHY_SHOP_SYSTEM);
    assert_true(str_eq_c(no.ret.text, "卖完了"));
    assert_int_equal(stock_of(w, "P1-XL"), 2);

    struct handed late = {.w = w, .r = world_wish(w, ACTION_ORDER_CHANGE_SKU, "E2")}; /* shipped here meanwhile: it was done there */
    late.r.sku = STR("P1-XL");
    assert_int_equal(store_write(w->store, hand_on, &late), STORE_OK);
    assert_int_equal(answered(&late, true), ACTION_DONE);
}

/* ---- what it costs ---------------------------------------------------------------------------------------------------------- */

#define TIMES 300

struct cost {
    struct world *w;
    enum action action;
    bool dry;
    double us;
};

static double cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/** The same wish, again and again, each with its own key; all of one unit, so that no commit is in the figure. */
static int measure(struct tx *tx, void *arg)
{
    struct cost *c = arg;
    struct arena a = {0};
    double sum = 0;
    for (int i = 0; i < TIMES; i++) {
        struct action_request r = world_wish(c->w, c->action, "E1");
        struct action_result ret;
        r.address = moved;
        r.address.detail = r.text = str_fmt(&a, "文一西路 %d 号", i);
        r.id += i * 2;
        double from = cpu_us();
        if (c->dry)
            action_try(tx, &a, &r, &ret);
        else
            action_do_in(tx, &a, &r, &ret);
        sum += cpu_us() - from;
        arena_reset(&a);
        if (ret.answer != ACTION_DONE && ret.why != ACTION_WHY_TOO_SOON)
            return STORE_FAULT;
    }
    arena_done(&a);
    c->us = sum / TIMES;
    return STORE_OK;
}

static void an_action_costs_microseconds(void **state)
{
    struct world *w = *state;
    static const enum action actions[] = {ACTION_ORDER_CHANGE_ADDRESS, ACTION_LOGISTICS_URGE, ACTION_ORDER_CANCEL};
    world_policy(w, "action.limits", "{}");
    for (size_t i = 0; i < COUNT(actions); i++) {
        bool once = actions[i] == ACTION_ORDER_CANCEL; /* its second try hears of the first one's case */
        struct cost tried = {.w = w, .action = actions[i], .dry = true}, done = {.w = w, .action = actions[i]};
        assert_int_equal(store_read(w->store, measure, &tried), STORE_OK);
        if (!once)
            assert_int_equal(store_write(w->store, measure, &done), STORE_OK);
        print_message("%s: tried in %.0f us of CPU\n", action_name(actions[i]), tried.us);
        if (!once)
            print_message("%s: done in %.0f us\n", action_name(actions[i]), done.us);
    }
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_begin, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wishes_end_as_the_rules_say),
        WITH_WORLD(a_changed_address_is_stored_and_the_rest_stays),
        WITH_WORLD(another_variant_moves_the_stock),
        WITH_WORLD(a_cancelled_order_of_several_has_a_case_for_each),
        WITH_WORLD(a_late_order_of_a_good_buyer_is_paid_back_at_once_up_to_the_day),
        WITH_WORLD(what_rules_pay_is_bounded_a_day),
        WITH_WORLD(price_protection_shows_its_calculation),
        WITH_WORLD(an_urge_has_a_number_and_a_due_time_in_opening_hours),
        WITH_WORLD(the_receipt_is_extended_once),
        WITH_WORLD(a_switch_holds_for_its_shop_and_category),
        WITH_WORLD(limits_are_of_the_order_the_buyer_and_the_shop),
        WITH_WORLD(a_second_person_says_yes_once),
        WITH_WORLD(an_agents_refund_above_its_limit_waits_for_a_leader),
        WITH_WORLD(a_key_belongs_to_its_wish),
        WITH_WORLD(what_waits_is_refused_when_it_cannot_be_any_more),
        WITH_WORLD(the_shops_system_is_believed_once),
        WITH_WORLD(an_action_costs_microseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
