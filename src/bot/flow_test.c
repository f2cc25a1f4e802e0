/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flows: the shipped ones hold; what the lint finds; the walk by rows and by millions of random turns; what is read out of words.
 */
#include "bot/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/seal.h"
#include "bot/flow_draw.h"
#include "bot/flow_lint.h"
#include "bot/flow_slots.h"

/* ---- the lint ------------------------------------------------------------------------------------------------------- */

struct heard {
    char last[200];
    size_t n;
};

static void hear(void *arg, struct str flow, struct str what)
{
    struct heard *h = arg;
    snprintf(h->last, sizeof(h->last), "%.*s: %.*s", STR_ARG(flow), STR_ARG(what));
    h->n++;
}

static void nothing_is_wrong_with_what_ships(void **state)
{
    (void)state;
    struct heard h = {.n = 0};
    size_t found = flow_lint_book(flow_book_shipped(), hear, &h);
    if (found > 0)
        print_error("%s\n", h.last);
    assert_int_equal(found, 0);
}

#define FLOW(steps, on) "{\"id\":\"x\",\"intents\":[\"order_cancel\"],\"idle\":\"30m\",\"steps\":[" steps "],\"on\":{" on "}}"
#define CONFIRM "{\"confirm\":\"flow.cancel.confirm_paid\"},"

static const struct {
    const char *name, *doc, *says; /* says NULL: nothing */
} documents[] = {
    {"a good one", FLOW("{\"need\":\"order\"}," CONFIRM "{\"act\":\"order.cancel\"}", ""), NULL},
    {"no id", "{\"intents\":[\"a\"],\"idle\":\"1m\",\"steps\":[{\"need\":\"order\"}]}", "has an id"},
    {"no time", "{\"id\":\"x\",\"intents\":[\"a\"],\"steps\":[{\"need\":\"order\"}]}", "idle"},
    {"no steps", FLOW("", ""), "at least one"},
    {"an unknown need", FLOW("{\"need\":\"soul\"}", ""), "nothing that can be needed"},
    {"an unknown action", FLOW("{\"act\":\"money.print\"}", ""), "no such action"},
    {"two kinds in one", FLOW("{\"say\":\"case\",\"act\":\"order.cancel\"}", ""), "a step is one of"},
    {"a condition that there is none of", FLOW("{\"say\":\"case\",\"if\":{\"mood\":[\"bad\"]}}", ""), "no such condition"},
    {"a branch that asks", FLOW("{\"need\":\"order\"}", "\"refused\":[{\"need\":\"text\"}]"), "a branch only says"},
    {"a write without a yes", FLOW("{\"need\":\"order\"},{\"act\":\"order.cancel\"}", ""), "without a confirmation"},
    {"a yes that counts in one status only",
     FLOW("{\"need\":\"order\"},{\"confirm\":\"flow.cancel.confirm_paid\",\"if\":{\"status\":[\"paid\"]}},{\"act\":\"order.cancel\"}", ""),
     "without a confirmation: act when unpaid"},
    {"one yes for two writes",
     FLOW("{\"need\":\"order\"}," CONFIRM "{\"act\":\"order.cancel\"},{\"act\":\"order.add_note\"}", ""), "without a confirmation: act-2"},
    {"a text that nobody has", FLOW("{\"say\":\"flow.no.such\"}", ""), "no text"},
    {"a value that there is none of",
     "{\"id\":\"x\",\"intents\":[\"order_cancel\"],\"idle\":\"1m\",\"steps\":[{\"say\":\"flow.mine\"}],\"texts\":{\"zh\":{\"flow.mine\":"
     "\"{wallet}\"},\"en\":{\"flow.mine\":\"hi\"}}}",
     "no such value"},
    {"a language left out",
     "{\"id\":\"x\",\"intents\":[\"order_cancel\"],\"idle\":\"1m\",\"steps\":[{\"say\":\"flow.mine\"}],\"texts\":{\"zh\":{\"flow.mine\":"
     "\"hi\"}}}",
     "no text: flow.mine in en"},
    {"an offer of nothing known", FLOW("{\"offer\":[\"fly_to_the_moon\"]}", ""), "no intent"},
    {"a type that there is none of", FLOW("{\"need\":\"type\",\"of\":[\"gold\"]}", ""), "no such type"},
    {"a branch that nothing leads to", FLOW("{\"need\":\"order\"}", "\"refused.rain\":[{\"say\":\"why\"}]"), "nothing leads to"},
    {"what cannot hold", FLOW("{\"say\":\"case\",\"if\":{\"has\":[\"case\"],\"no\":[\"case\"]}}", ""), "can never hold"},
    {"behind the hand-over", FLOW("{\"hand_over\":\"aftersale\"},{\"say\":\"case\"}", ""), "behind the hand-over"},
    {"another's intent", "{\"id\":\"x\",\"intents\":[\"human_request\"],\"idle\":\"1m\",\"steps\":[{\"say\":\"case\"}]}", "no job"},
};

static void what_is_wrong_is_found(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(documents); i++) {
        struct arena a = {0};
        struct flow_plan p;
        struct heard h = {.n = 0};
        char error[160] = "";
        json_t *doc = json_read(str_from(documents[i].doc), error);
        assert_non_null(doc);
        if (flow_plan_read(&a, doc, &p, error))
            (void)flow_lint(&p, hear, &h);
        const char *heard = error[0] != '\0' ? error : h.last;
        bool good = documents[i].says == NULL ? heard[0] == '\0' : strstr(heard, documents[i].says) != NULL;
        if (!good) {
            print_error("[%s] \"%s\"\n", documents[i].name, heard);
            failed++;
        }
        json_decref(doc);
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

/* ---- the walk ------------------------------------------------------------------------------------------------------- */

/** A world of one's own making. */
struct world {
    struct task task;
    enum flow_slot slots[FLOW_WANTS];
    struct flow_answer unsure, sure;
    int tried, sure_tried;
};

static enum flow_slot slot(void *arg, const struct flow_stage *s)
{
    return s->is.n > 0 ? FLOW_KNOWN : ((struct world *)arg)->slots[s->want];
}

static struct flow_answer try_it(void *arg, const struct flow_act *act, bool sure, struct flow_world *now)
{
    struct world *w = arg;
    (void)now;
    w->tried++;
    w->sure_tried += sure && act->writes;
    return sure ? w->sure : w->unsure;
}

static struct flow_outcome walk(const struct flow_plan *p, struct world *w, enum flow_event event, enum order_status status)
{
    struct flow_outcome out;
    const struct flow_world world = {.task = &w->task, .has_order = true, .status = status, .slot = slot, .try = try_it, .arg = w};
    flow_walk(p, event, &world, &out);
    return out;
}

#define DONE    {.answer = ACTION_DONE}
#define CONFIRMS {.answer = ACTION_NEEDS_CONFIRM}
#define REFUSED(w) {.answer = ACTION_REFUSED, .on = {(w), sizeof(w) - 1}}

static const struct {
    const char *name, *flow;
    enum flow_event event;
    enum order_status status;
    const char *at;
    enum flow_slot address;
    struct flow_answer unsure, sure;
    enum flow_end end;
    const char *waits; /* where it waits then */
    bool does, hands;
    enum flow_line_kind last;
} walks[] = {
    {"asks for what is missing", "order_modify_address", FLOW_STARTS, ORDER_PAID, "", FLOW_OPEN, {.answer = ACTION_NEEDS_SLOT, .slot = "address"},
     DONE, FLOW_WAITS, "address", false, false, LINE_ASK},
    {"told all: shows it", "order_modify_address", FLOW_STARTS, ORDER_PAID, "", FLOW_KNOWN, CONFIRMS, DONE, FLOW_WAITS, "confirm", false,
     false, LINE_CONFIRM},
    {"yes: does it", "order_modify_address", FLOW_YES, ORDER_PAID, "confirm", FLOW_KNOWN, CONFIRMS, DONE, FLOW_OVER, "", true, false,
     LINE_OFFER},
    {"no: does nothing", "order_modify_address", FLOW_NO, ORDER_PAID, "confirm", FLOW_KNOWN, CONFIRMS, DONE, FLOW_DROPPED, "", false,
     false, LINE_SAY},
    {"a correction is shown again", "order_modify_address", FLOW_TELLS, ORDER_PAID, "confirm", FLOW_KNOWN, CONFIRMS, DONE, FLOW_WAITS,
     "confirm", false, false, LINE_CONFIRM},
    {"yes where nothing was shown: nothing", "order_modify_address", FLOW_YES, ORDER_PAID, "address", FLOW_KNOWN, CONFIRMS, DONE,
     FLOW_WAITS, "confirm", false, false, LINE_CONFIRM},
    {"shipped: says so, and what may help", "order_modify_address", FLOW_STARTS, ORDER_SHIPPED, "", FLOW_OPEN, REFUSED("shipped"), DONE,
     FLOW_OVER, "", false, false, LINE_OFFER},
    {"shipped between the question and the yes", "order_modify_address", FLOW_YES, ORDER_SHIPPED, "confirm", FLOW_KNOWN, CONFIRMS,
     REFUSED("shipped"), FLOW_OVER, "", false, false, LINE_OFFER},
    {"a reason without a branch is said", "order_modify_address", FLOW_STARTS, ORDER_PAID, "", FLOW_OPEN, REFUSED("buyer_day"), DONE,
     FLOW_OVER, "", false, false, LINE_WHY},
    {"an approval is a person's", "order_modify_address", FLOW_YES, ORDER_PAID, "confirm", FLOW_KNOWN, CONFIRMS,
     {.answer = ACTION_NEEDS_SECOND}, FLOW_OVER, "", false, true, LINE_SAY},
    {"a fault is a person's", "order_modify_address", FLOW_YES, ORDER_PAID, "confirm", FLOW_KNOWN, CONFIRMS, {.answer = ACTION_FAULT},
     FLOW_OVER, "", false, true, LINE_SAY},
    {"a trade that wants more than a yes gives nothing", "order_modify_address", FLOW_YES, ORDER_PAID, "confirm", FLOW_KNOWN, CONFIRMS,
     CONFIRMS, FLOW_OVER, "", false, true, LINE_SAY},
    {"the text of its status", "order_cancel", FLOW_STARTS, ORDER_UNPAID, "", FLOW_OPEN, CONFIRMS, DONE, FLOW_WAITS, "confirm", false, false,
     LINE_CONFIRM},
    {"the other text of its status", "order_cancel", FLOW_STARTS, ORDER_PAID, "", FLOW_OPEN, CONFIRMS, DONE, FLOW_WAITS, "confirm-2", false,
     false, LINE_CONFIRM},
    {"a photo that is not there is a person's", "damaged_in_transit", FLOW_TELLS, ORDER_DELIVERED, "evidence", FLOW_OPEN,
     {.answer = ACTION_NEEDS_SLOT, .slot = "evidence"}, DONE, FLOW_OVER, "", false, true, LINE_SAY},
};

static void walks_follow_their_rows(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < COUNT(walks); i++) {
        const struct flow_plan *p = flow_book_plan(flow_book_shipped(), str_from(walks[i].flow));
        struct world w = {.unsure = walks[i].unsure, .sure = walks[i].sure};
        w.slots[WANT_ADDRESS] = walks[i].address;
        w.task.at = str_from(walks[i].at);
        struct flow_outcome out = walk(p, &w, walks[i].event, walks[i].status);
        bool good = out.end == walks[i].end && str_eq_c(out.at, walks[i].waits) && out.does == walks[i].does &&
                    out.hand_over == walks[i].hands && out.line_count > 0 && out.lines[out.line_count - 1].kind == walks[i].last;
        if (!good) {
            print_error("[%s] end %d at %.*s does %d hands %d lines %zu\n", walks[i].name, (int)out.end, STR_ARG(out.at), out.does,
                        out.hand_over, out.line_count);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/** Any plan, any event, any answers of the world: it ends, says something, and writes only behind a yes to what was shown. */
static void nothing_is_written_without_a_yes(void **state)
{
    (void)state;
    static const char *const whys[] = {"shipped", "status", "case.too_late", "case.already_open", "nothing_due", "no_stock", "rain"};
    static const char *const slots[] = {"address", "sku", "evidence", "sub_id", "soul"};
    size_t n;
    const struct flow_plan *const *plans = flow_book_plans(flow_book_shipped(), &n);
    uint64_t seed = 88172645463325252u;
    for (int round = 0; round < 300000; round++) {
        const struct flow_plan *p = plans[next_random(&seed) % n];
        struct world w = {.tried = 0};
        for (size_t i = 0; i < FLOW_WANTS; i++)
            w.slots[i] = (enum flow_slot)(next_random(&seed) % 3);
        w.unsure.answer = (enum action_answer)((int)(next_random(&seed) % 8) - 1);
        w.sure.answer = (enum action_answer)((int)(next_random(&seed) % 8) - 1);
        w.unsure.on = w.sure.on = str_from(whys[next_random(&seed) % COUNT(whys)]);
        w.unsure.slot = w.sure.slot = slots[next_random(&seed) % COUNT(slots)];
        const struct flow_stage *at = &p->stages[next_random(&seed) % p->main_count];
        w.task.at = at->id;
        enum flow_event event = (enum flow_event)(1 + next_random(&seed) % 7);
        struct flow_outcome out = walk(p, &w, event, (enum order_status)(next_random(&seed) % ORDER_STATUSES));
        assert_true(out.line_count > 0 || out.hand_over || out.end == FLOW_OVER);
        assert_true(out.line_count <= FLOW_LINES_MOST);
        assert_true(!out.does || (event == FLOW_YES && w.sure_tried > 0));
        assert_true(w.sure_tried == 0 || event == FLOW_YES);
        assert_true(!out.does || out.answer.answer == ACTION_DONE || out.answer.answer == ACTION_SAME ||
                    out.answer.answer == ACTION_PENDING);
        assert_true((out.end == FLOW_WAITS) == (out.at.n > 0));
        if (out.end == FLOW_WAITS)
            assert_non_null(flow_stage_of(p, out.at));
    }
}

/* ---- what is read out of words ---------------------------------------------------------------------------------------- */

static const struct {
    const char *language, *detail, *text, *gives;
} amendments[] = {
    {"zh", "文三路1号", "不对,是2号楼", "文三路1号2号楼"}, {"zh", "文三路1号2号楼", "是3号楼", "文三路1号3号楼"}, {"zh", "文三路1号", "应该是18号", "文三路18号"},
    {"zh", "幸福里5栋2单元301室", "302室", "幸福里5栋2单元302室"}, {"zh", "幸福里5栋2单元301室", "3单元402室", "幸福里5栋3单元402室"},
    {"zh", "文三路1号", "不是这里", ""},
    {"zh", "张江路 100 号", "不对 门牌是 120 号", "张江路 120 号"},
    {"zh", "张江路 100 号", "门牌是 120", "张江路 120 号"},
    {"en", "5 Elm St", "house number 15 not 5", "15 Elm St"},
    {"en", "1200 Pine St Apt 4", "the house number is 1300", "1300 Pine St Apt 4"},
    {"en", "1200 Pine St Apt 4", "the house number is 5 not 4", "1200 Pine St Apt 5"},
    {"en", "Pine St 12 Apt 4", "the house number is 1300", ""}, /* which of the two? */
    {"en", "5 Elm St", "does it come in 2 days", ""},
    {"en", "5 Elm St", "the house number is 15 or 16", ""},
};

static const struct {
    const char *language, *text, *name;
} receivers[] = {
    {"zh", "收件人王五", "王五"}, {"zh", "收件人改成王五，电话不变", "王五"}, {"zh", "收货人：李雷", "李雷"}, {"en", "actually recipient is Bob Stone", "Bob Stone"},
    {"en", "the recipient should be Ann", "Ann"}, {"zh", "收件人王五 13800001111", ""}, {"zh", "改成公司", ""}, {"en", "what is the name of the courier", ""},
};

static void a_place_is_read_back(void **state)
{
    (void)state;
    struct arena a = {0};
    assert_true(str_eq_c(flow_place(&a, STR("浙江省/杭州市/西湖区"), STR("文三路1号")), "浙江省杭州市西湖区文三路1号"));
    assert_true(str_eq_c(flow_place(&a, STR("上海市/上海市/浦东新区"), STR("张江路1号")), "上海市浦东新区张江路1号"));
    assert_true(str_eq_c(flow_place(&a, STR("Colorado/Denver/80202"), STR("5 Elm St")), "5 Elm St, Denver, Colorado 80202"));
    assert_true(str_eq_c(flow_place(&a, STR_NONE, STR("5 Elm St")), "5 Elm St"));
    arena_done(&a);
}

static void a_receiver_is_heard(void **state)
{
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(receivers); i++) {
        struct str got = flow_receiver(&a, str_from(receivers[i].language), str_from(receivers[i].text));
        if (!str_eq_c(got, receivers[i].name))
            print_error("%s: %.*s\n", receivers[i].text, STR_ARG(got));
        assert_true(str_eq_c(got, receivers[i].name));
    }
    arena_done(&a);
}

static void an_address_is_amended(void **state)
{
    (void)state;
    struct arena a = {0};
    for (size_t i = 0; i < COUNT(amendments); i++) {
        struct str got = flow_amend(&a, str_from(amendments[i].language), str_from(amendments[i].detail), str_from(amendments[i].text));
        if (!str_eq_c(got, amendments[i].gives))
            print_error("%s + %s: %.*s\n", amendments[i].detail, amendments[i].text, STR_ARG(got));
        assert_true(str_eq_c(got, amendments[i].gives));
    }
    arena_done(&a);
}

static const struct {
    const char *name, *of, *language, *text, *sku; /* sku NULL: none */
} variants[] = {
    {"one size up", "BK-L", "zh", "换大一码", "BK-XL"},       {"one size down", "BK-L", "zh", "太大了，换小一码", "BK-M"},
    {"no larger one", "BK-XL", "zh", "换大一码", NULL},       {"a size by name", "BK-L", "zh", "换成M码", "BK-M"},
    {"a colour keeps the size", "BK-L", "zh", "换成白色", "WH-L"}, {"in English", "BK-L", "en", "one size up please", "BK-XL"},
    {"the one that was bought", "BK-L", "zh", "黑色L码", NULL}, {"nothing said", "BK-L", "zh", "不喜欢", NULL},
};

static void a_variant_is_found(void **state)
{
    (void)state;
    struct arena a = {0};
    struct product p;
    json_t *body = json_read(
        STR("{\"id\":\"P\",\"title\":\"衣服\",\"category\":\"服饰\",\"price_cents\":100,\"skus\":["
            "{\"id\":\"BK-M\",\"attributes\":{\"颜色\":\"黑\",\"尺码\":\"M\"},\"price_cents\":100,\"stock\":1},"
            "{\"id\":\"BK-L\",\"attributes\":{\"颜色\":\"黑\",\"尺码\":\"L\"},\"price_cents\":100,\"stock\":1},"
            "{\"id\":\"BK-XL\",\"attributes\":{\"颜色\":\"黑\",\"尺码\":\"XL\"},\"price_cents\":100,\"stock\":1},"
            "{\"id\":\"WH-M\",\"attributes\":{\"颜色\":\"白\",\"尺码\":\"M\"},\"price_cents\":100,\"stock\":1},"
            "{\"id\":\"WH-L\",\"attributes\":{\"颜色\":\"白\",\"尺码\":\"L\"},\"price_cents\":100,\"stock\":1}]}"),
        NULL);
    product_read(&a, body, &p);
    int failed = 0;
    for (size_t i = 0; i < COUNT(variants); i++) {
        const struct sku *got = flow_sku(&a, &p, str_from(variants[i].of), str_from(variants[i].language), str_from(variants[i].text));
        bool good = variants[i].sku == NULL ? got == NULL : got != NULL && str_eq_c(got->id, variants[i].sku);
        if (!good) {
            print_error("[%s] %.*s\n", variants[i].name, STR_ARG(got != NULL ? got->id : STR("none")));
            failed++;
        }
    }
    json_decref(body);
    arena_done(&a);
    assert_int_equal(failed, 0);
}

static void what_is_personal_is_sealed(void **state)
{
    (void)state;
    static const unsigned char key[SEAL_KEY_BYTES] = "a key that only tests know of";
    struct arena a = {0};
    seal_start_with(key);
    struct flow_secret s = {.phone = STR("13800001234"), .region = STR("浙江省/杭州市"), .filled_in = true}, got;
    struct str sealed = flow_secret_seal(&a, 7, &s);
    assert_true(sealed.n > 0 && sealed.n < STATE_SECRET_BYTES && !str_has(sealed, STR("138")));
    flow_secret_open(&a, 7, sealed, &got);
    assert_true(str_eq_c(got.phone, "13800001234") && str_eq(got.region, s.region) && got.filled_in && got.name.n == 0);
    flow_secret_open(&a, 8, sealed, &got); /* another shop's key opens nothing */
    assert_true(got.phone.n == 0);
    assert_true(flow_secret_seal(&a, 7, &(struct flow_secret){.filled_in = false}).n == 0);
    arena_done(&a);
}

static void pictures_show_every_step(void **state)
{
    (void)state;
    size_t n;
    const struct flow_plan *const *plans = flow_book_plans(flow_book_shipped(), &n);
    for (size_t i = 0; i < n; i++) {
        struct arena a = {0};
        struct buf out = {.arena = &a};
        flow_draw(plans[i], STR("en"), &out);
        for (size_t k = 0; k < plans[i]->stage_count; k++)
            assert_true(str_has(buf_view(&out), str_fmt(&a, "    s%zu", k)));
        arena_done(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_wrong_with_what_ships),
        cmocka_unit_test(what_is_wrong_is_found),
        cmocka_unit_test(walks_follow_their_rows),
        cmocka_unit_test(nothing_is_written_without_a_yes),
        cmocka_unit_test(an_address_is_amended),
        cmocka_unit_test(a_receiver_is_heard),
        cmocka_unit_test(a_place_is_read_back),
        cmocka_unit_test(a_variant_is_found),
        cmocka_unit_test(what_is_personal_is_sealed),
        cmocka_unit_test(pictures_show_every_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
