/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns of the whole room: a small shop in a fresh store, the shipped understanding, and what a buyer would have seen.
 */
#include "bot/turn_fixture_for_test.h"

/* ---- which order ----------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *answer;
    struct incoming in;
    const char *shows;
} choices[] = {
    {"by its place", "第二个", {.kind = MESSAGE_TEXT}, "YT9911"},
    {"by the button", "E1002 中帮徒步鞋", {.kind = MESSAGE_TEXT, .order_id = {"E1002", 5}}, "YT9911"},
    {"by the label, typed", "E1001 轻量冲锋衣（已发货，11月18日）", {.kind = MESSAGE_TEXT}, "ZT7788"},
    {"by the number", "E1001", {.kind = MESSAGE_TEXT}, "ZT7788"},
    {"by the product", "徒步鞋那个", {.kind = MESSAGE_TEXT}, "YT9911"},
    {"by its card", "", {.kind = MESSAGE_ORDER_CARD, .order_id = {"E1001", 5}}, "ZT7788"},
};

static void an_order_of_the_list_is_chosen(void **state)
{
    int failed = 0;
    for (size_t i = 0; i < COUNT(choices); i++) {
        struct talk t = talk_of(*state, "B1");
        struct incoming in = choices[i].in;
        in.text = str_from(choices[i].answer);
        say(&t, "我的快递到哪了");
        bool listed = said(&t, "E1001") && said(&t, "E1002") && t.turn.say.v[0].kind == MESSAGE_CHOICES;
        send(&t, in);
        if (!listed || !said(&t, choices[i].shows) || !str_has(t.turn.understood, STR("ship_track"))) {
            print_error("[%s] %s\n", choices[i].name, listed ? "the other order, or none" : "no list");
            failed++;
        }
        end_talk(&t);
    }
    assert_int_equal(failed, 0);
}

static void another_buyers_order_is_as_one_that_does_not_exist(void **state)
{
    struct talk t = talk_of(*state, "B1"), other = talk_of(*state, "B1");
    say(&t, "帮我查下订单E2001到哪了");
    say(&other, "帮我查下订单E9999到哪了");
    assert_true(said(&t, "E2001") && said(&other, "E9999"));
    assert_false(said(&t, "冲锋衣"));
    assert_true(str_has(t.turn.action, STR("not_found")) && str_eq(t.turn.action, other.turn.action));
    end_talk(&t);
    end_talk(&other);
}

static void a_guest_is_asked_to_sign_in(void **state)
{
    struct talk t = talk_of(*state, "");
    say(&t, "我的快递到哪了");
    assert_true(said(&t, "登录"));
    assert_true(str_has(t.turn.action, STR("sign_in")));
    assert_false(said(&t, "E1001"));
    end_talk(&t);
}

static void a_late_order_says_so(void **state)
{
    struct talk t = talk_of(*state, "B2");
    say(&t, "怎么还不发货");
    assert_true(said(&t, "11月18日 10:03")); /* paid on the 16th, 48 hours promised */
    assert_true(said(&t, "order_id\":\"E2001"));
    assert_true(t.turn.needs_person);
    end_talk(&t);
}

/* ---- products --------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *text, *page, *shows;
} products[] = {
    {"material, named", "冲锋衣是什么材质的", "", "锦纶"},
    {"material, on the page", "这个是什么材质的", "P2", "牛皮"},
    {"stock of a variant", "冲锋衣有黑色L码吗", "", "12 件"},
    {"a variant sold out", "冲锋衣黑色M码还有货吗", "", "黑 / L"},
    {"size", "我175 70公斤穿什么码", "P1", "L"},
    {"seven days", "这个支持七天无理由吗", "P1", "七天无理由"},
    {"price", "现在买多少钱", "P2", "399"},
};

static void products_are_answered_from_their_data(void **state)
{
    int failed = 0;
    for (size_t i = 0; i < COUNT(products); i++) {
        struct talk t = talk_of(*state, "B1");
        send(&t, (struct incoming){.kind = MESSAGE_TEXT, .text = str_from(products[i].text),
                                   .page_product = str_from(products[i].page)});
        if (!said(&t, products[i].shows)) {
            print_error("[%s] %.*s\n", products[i].name,
                        STR_ARG(t.turn.say.n > 0 ? t.turn.say.v[0].text : STR("nothing was said")));
            failed++;
        }
        end_talk(&t);
    }
    assert_int_equal(failed, 0);
}

static int count_gaps(struct tx *tx, void *arg)
{
    struct fixture *fx = arg;
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT about FROM learning_item WHERE tenant_id = $1");
    stmt_int(&q, fx->tenant_id);
    int n = 0;
    while (stmt_next(&q) > 0)
        n += str_starts(stmt_get_text(&q, 0), STR("P2"));
    return n;
}

static int store_beside(struct tx *tx, void *arg)
{
    struct talk *t = arg;
    return t->turn.also(tx, t->turn.also_arg, &t->c);
}

static void what_is_not_in_the_data_is_a_gap(void **state)
{
    struct talk t = talk_of(*state, "B1");
    send(&t, (struct incoming){.kind = MESSAGE_TEXT, .text = STR("这个是哪里生产的"), .page_product = STR("P2")});
    assert_true(str_has(t.turn.action, STR("not_in_data")));
    assert_true(said(&t, "\"action\":\"human\""));
    assert_non_null(t.turn.also);
    assert_int_equal(store_write(t.fx->store, store_beside, &t), STORE_OK);
    assert_int_equal(store_read(t.fx->store, count_gaps, t.fx), 1);
    end_talk(&t);
}

/* ---- conversations ------------------------------------------------------------------------------------------------ */

#define LINES 5

/** What a buyer says, and what is seen of each answer. */
static const struct {
    const char *name, *buyer;
    struct {
        const char *says;
        const char *understood; /* a part of the turn's JSON, or NULL */
        const char *sees, *not;  /* in a text or card, or NULL */
    } lines[LINES];
} talks[] = {
    {"another size keeps the colour", "B1", {
        {"冲锋衣有黑色L码吗", "stock_query", "12 件", NULL},
        {"M码呢", "stock_query", "黑 / M", NULL},
        {"那运费呢", "ship_fee", NULL, NULL}}},
    {"another product", "B1", {
        {"这件冲锋衣卖多少钱", "price_query", "459", NULL},
        {"那徒步鞋呢", "price_query", "399", NULL},
        {"不对，我说的是冲锋衣", "price_query", "459", NULL}}},
    {"what holds of a correction", "B1", {
        {"冲锋衣有黑色L码吗", "stock_query", "12 件", NULL},
        {"不是L码，是M码", "stock_query", "黑 / M", NULL}}},
    {"the other order", "B1", {
        {"我的快递到哪了", "ship_track", "E1002", NULL},
        {"第二个", "E1002", "YT9911", NULL},
        {"不对，是另一单", "E1001", "ZT7788", NULL}}},
    {"by the day of the order", "B1", {
        {"我的快递到哪了", "ship_track", "E1002", NULL},
        {"三天前那单", "E1002", "YT9911", NULL},
        {"不对，是前天那单", "E1001", "ZT7788", NULL}}},
    {"an open question is taken up once", "B1", {
        {"我的快递到哪了", "ship_track", "E1002", NULL},
        {"怎么退货", "return_apply", "在订单里申请", NULL},
        {"发什么快递", "ship_carrier", "默认中通", "E1002"}}},
    {"back to the list, and its second", "B1", {
        {"我的快递到哪了", "ship_track", "E1002", NULL},
        {"冲锋衣是什么材质的", "product_material", "E1001", NULL},
        {"第二个", "ship_track", "YT9911", NULL}}},
    {"two requests, one answer after the other", "B2", {
        {"怎么还不发货 还有冲锋衣是什么材质的", "\"also\":[{\"intent\":\"product_material\"", "锦纶", NULL}}},
    {"two requests, one to be asked back", "B1", {
        {"我的快递到哪了，另外冲锋衣是什么材质的", "ship_track", "锦纶", NULL},
        {"第一个", "ship_track", "ZT7788", NULL}}},
    {"why", "B2", {
        {"怎么还不发货", "ship_urge", "E2001", NULL},
        {"为什么", "ship_time", "E2001", NULL}}},
    {"a promised day that is over, without a word for the order", "B2", {
        {"说好几号发,到现在没动静", "ship_urge", "E2001", NULL}}},
    {"what no shop is for gets no guesses to choose from", "B1", {
        {"手机怎么截图", "unclear", NULL, "换绑手机"}}},
    {"yes and no to nothing", "B1", {
        {"好的", "confirm_yes", NULL, "转人工"},
        {"不是", "confirm_no", NULL, "转人工"},
        {"不对，不是这个", NULL, NULL, "转人工"}}},
    {"a card is not sent back", "B1", {
        {"我的快递到哪了", "ship_track", "E1002", NULL},
        {"E1001", "ship_track", "order_card", NULL}}},
};

static bool shows(const struct talk *t, const char *part)
{
    for (size_t i = 0; i < t->turn.say.n; i++)
        if (strcmp(message_kind_name(t->turn.say.v[i].kind), part) == 0)
            return true;
    return said(t, part);
}

static void conversations_go_on_as_people_do(void **state)
{
    int failed = 0;
    for (size_t i = 0; i < COUNT(talks); i++) {
        struct talk t = talk_of(*state, talks[i].buyer);
        for (size_t k = 0; k < LINES && talks[i].lines[k].says != NULL; k++) {
            const char *want = talks[i].lines[k].understood, *sees = talks[i].lines[k].sees, *not = talks[i].lines[k].not;
            say(&t, talks[i].lines[k].says);
            if ((want == NULL || str_has(t.turn.understood, str_from(want))) && (sees == NULL || shows(&t, sees)) &&
                (not == NULL || !shows(&t, not)))
                continue;
            print_error("[%s] \"%s\": %.*s %.*s\n", talks[i].name, talks[i].lines[k].says, STR_ARG(t.turn.understood),
                        STR_ARG(t.turn.say.n > 0 ? t.turn.say.v[0].text : STR("nothing was said")));
            failed++;
        }
        end_talk(&t);
    }
    assert_int_equal(failed, 0);
}

static void a_card_is_not_shown_to_who_sent_it(void **state)
{
    struct talk t = talk_of(*state, "B1");
    send(&t, (struct incoming){.kind = MESSAGE_ORDER_CARD, .order_id = STR("E1001")});
    assert_true(said(&t, "ZT7788"));
    assert_false(shows(&t, "order_card"));
    end_talk(&t);
}

/* ---- people ------------------------------------------------------------------------------------------------------- */

static void a_person_is_one_word_away(void **state)
{
    struct talk t = talk_of(*state, "B1");
    say(&t, "转人工");
    assert_true(t.turn.wants_person);
    assert_true(str_has(t.turn.action, STR("\"human.request\",\"status\":\"done\"")));
    say(&t, "在吗在吗");
    assert_int_equal(t.turn.say.n, 0); /* silent: a person is on the way */
    say(&t, "转人工");
    assert_false(t.turn.wants_person);
    assert_true(t.turn.say.n > 0);
    end_talk(&t);
}

static int callback_due(struct tx *tx, void *arg)
{
    struct talk *t = arg;
    _cleanup_(stmt_close) struct stmt q =
        stmt_open(tx, "SELECT due_ms FROM timer WHERE tenant_id = $1 AND kind = 'callback' AND subject_id = $2");
    stmt_int(&q, t->fx->tenant_id);
    stmt_int(&q, t->c.id);
    return stmt_next(&q) > 0 && stmt_get_int(&q, 0) == t->fx->duty.next_open_ms;
}

static void outside_the_hours_a_call_back_is_promised(void **state)
{
    struct fixture *fx = *state;
    struct duty before = fx->duty;
    fx->duty = (struct duty){.hours = STR("09:00–18:00"), .next_open_ms = fx->now_ms + 9 * HOUR_MS};
    struct talk t = talk_of(fx, "B1");
    say(&t, "转人工");
    assert_false(t.turn.wants_person);
    assert_true(said(&t, "09:00–18:00") && said(&t, "今天 19:00"));
    assert_true(str_has(t.turn.action, STR("\"callback.book\",\"status\":\"done\"")));
    assert_int_equal(store_write(fx->store, store_beside, &t), STORE_OK);
    assert_int_equal(store_read(fx->store, callback_due, &t), 1);
    say(&t, "转人工");
    assert_null(t.turn.also); /* booked once */
    say(&t, "再见");
    assert_false(t.turn.wants_close);
    end_talk(&t);
    fx->duty = before;
}

static void who_is_angry_when_nobody_is_there_is_answered_as_well(void **state)
{
    struct fixture *fx = *state;
    struct duty before = fx->duty;
    struct talk t = talk_of(fx, "B2");
    fx->duty = (struct duty){.hours = STR("09:00–18:00"), .next_open_ms = fx->now_ms + 9 * HOUR_MS};
    say(&t, "怎么还不发货！！！气死我了！！！太过分了！！！");
    assert_true(said(&t, "今天 19:00") && said(&t, "order_id\":\"E2001"));
    assert_int_equal(store_write(fx->store, store_beside, &t), STORE_OK);
    assert_int_equal(store_read(fx->store, callback_due, &t), 1);
    end_talk(&t);
    fx->duty = before;
    t = talk_of(fx, "B2"); /* in the hours a person takes it, and asks */
    say(&t, "怎么还不发货！！！气死我了！！！太过分了！！！");
    assert_true(t.turn.wants_person);
    end_talk(&t);
}

static void yes_to_the_offer_is_a_hand_over(void **state)
{
    struct talk t = talk_of(*state, "B1");
    say(&t, "我想换绑手机号");
    assert_true(said(&t, "\"action\":\"human\""));
    say(&t, "好的");
    assert_true(t.turn.wants_person);
    end_talk(&t);
}

/* ---- for the person who takes over ---------------------------------------------------------------------------------- */

static int store_talk(struct tx *tx, void *arg)
{
    struct talk *t = arg;
    struct shop shop;
    struct contact contact;
    struct contact_who who = {.buyer = STR("B1"), .name = STR("林知夏")};
    if (shop_find(tx, &t->kept, STR("S1"), &shop) != ACCOUNT_OK ||
        contact_open(tx, &t->kept, &shop, &who, t->fx->now_ms, &contact) != ACCOUNT_OK)
        return STORE_FAULT;
    struct change ch = {.arena = &t->kept, .tenant_id = t->fx->tenant_id, .now_ms = t->fx->now_ms, .is_new = true};
    ch.conversation = t->c;
    ch.conversation.contact_id = contact.id;
    ch.conversation.seq = 0;
    ch.conversation.opened_ms = t->fx->now_ms;
    ch.conversation.entry = STR("{}");
    change_say(&ch, (struct message){.author = AUTHOR_BUYER, .author_id = contact.id, .text = STR("发什么快递")});
    for (size_t i = 0; i < t->turn.say.n; i++)
        change_say(&ch, t->turn.say.v[i]);
    int answer = change_save(tx, &ch);
    t->c = ch.conversation;
    return answer;
}

static void the_next_person_reads_what_happened(void **state)
{
    struct talk t = talk_of(*state, "B1");
    say(&t, "E1001到哪了");
    say(&t, "我要投诉");
    t.c.topic = str_dup(&t.kept, t.turn.topic);
    assert_int_equal(store_write(t.fx->store, store_talk, &t), STORE_OK);
    struct buf b = {.arena = &t.kept};
    struct json_out o = json_to(&b);
    jo_open(&o);
    bot_copilot(t.fx->bot, &t.kept, &t.c, &o);
    jo_close(&o);
    _cleanup_(json_donep) json_t *j = json_read(buf_view(&b), NULL);
    assert_non_null(j);
    struct str summary = json_str(j, "summary");
    assert_true(str_has(summary, STR("投诉")) && str_has(summary, STR("E1001")) && str_has(summary, STR("发什么快递")));
    assert_true(str_eq_c(json_str(json_object_get(j, "understanding"), "intent"), "ship_carrier"));
    const json_t *first = json_array_get(json_object_get(j, "suggestions"), 0);
    assert_true(json_str(first, "text").n > 0);
    assert_true(json_str(json_object_get(first, "source"), "id").n > 0);
    end_talk(&t);
}

/* ---- never twice ------------------------------------------------------------------------------------------------- */

static const char *const chatter[] = {
    "我的快递到哪了", "我的快递到哪了", "什么时候能到", "第二个", "第一个", "E1001", "E2001", "怎么还不发货", "发什么快递",
    "怎么退货", "怎么退货", "转人工", "在吗", "你好", "在吗", "你是机器人吗", "谢谢", "好的", "不用了", "是的", "不是",
    "嗯嗯", "？？？", "啊啊啊", "随便", "冲锋衣是什么材质的", "徒步鞋多少钱", "有黑色L码吗", "我175 70公斤穿什么码", "穿什么码",
    "帮我推荐一件冲锋衣", "有没有帐篷", "显示签收了但我没收到", "快递丢了", "气死我了什么破店", "垃圾", "我要投诉", "人工几点上班",
    "能说英文吗", "where is my parcel", "how much is shipping", "switch to Chinese please", "你吃饭了吗", "讲个笑话",
    "今天天气真好", "（图片）", "给我打电话", "前面还有几个人", "保修多久", "支持七天无理由吗", "我付了钱怎么没有订单", "别再提醒我了",
    "建议你们改进包装", "有尺码表吗", "P1和P2有什么区别", "优惠券在哪领", "优惠券在哪领", "为什么订单关闭了", "不想活了",
    "换成红色的呢", "那运费呢", "M码呢", "不对，是另一单", "不是这件，是那件黑的", "怎么回事", "回到刚才的问题", "那徒步鞋呢", "前天那单",
    "我的快递到哪了，另外冲锋衣是什么材质的", "怎么退货 还有发什么快递", "快递到哪了 不行就转人工", "第二个多少钱", "算了", "no, the other one",
    "what about size M?", "第三个", "到西藏呢",
};

/** A small generator: the same sequence in every run. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/** Texts and questions of the last reply that was not silent. */
struct heard {
    struct arena arena;
    struct str text[16];
    size_t n;
};

static bool is_sentence(const struct message *m)
{
    return m->kind == MESSAGE_TEXT || m->kind == MESSAGE_CHOICES;
}

static bool repeats(const struct heard *h, const struct turn *turn)
{
    for (size_t i = 0; i < turn->say.n; i++)
        for (size_t k = 0; k < h->n; k++)
            if (is_sentence(&turn->say.v[i]) && str_eq(turn->say.v[i].text, h->text[k]))
                return true;
    return false;
}

static void hear(struct heard *h, const struct turn *turn)
{
    if (turn->say.n == 0)
        return;
    arena_reset(&h->arena);
    h->n = 0;
    for (size_t i = 0; i < turn->say.n && h->n < COUNT(h->text); i++)
        if (is_sentence(&turn->say.v[i]))
            h->text[h->n++] = str_dup(&h->arena, turn->say.v[i].text);
}

static bool is_json(struct str text)
{
    _cleanup_(json_donep) json_t *j = json_read(text, NULL);
    return j != NULL || str_eq_c(text, "null");
}

static bool is_whole(const struct talk *t)
{
    struct arena a = {0};
    bool ok = is_json(t->turn.understood) && is_json(t->turn.action) && is_json(t->turn.sources) &&
              is_json(t->turn.input) && is_json(t->turn.outcome) && t->turn.bot_state.n < 800 && t->turn.reason.n > 0;
    for (size_t i = 0; i < t->turn.say.n; i++) {
        const struct message *m = &t->turn.say.v[i];
        ok = ok && m->author == AUTHOR_BOT && m->text.n > 0 && !str_has(m->text, STR("{")) &&
             !str_starts(m->text, STR("bot.")) && is_json(str_fmt(&a, "{%.*s}", STR_ARG(m->data)));
    }
    arena_done(&a);
    return ok;
}

static void no_reply_comes_twice_in_a_row(void **state)
{
    struct fixture *fx = *state;
    struct duty before = fx->duty;
    struct heard heard = {.n = 0};
    uint32_t seed = 20261121;
    int failed = 0;
    struct talk t = talk_of(fx, "B1");
    for (int i = 0; i < 10000 && failed < 5; i++) {
        if (next_random(&seed) % 40 == 0) {
            end_talk(&t);
            t = talk_of(fx, next_random(&seed) % 4 == 0 ? "" : "B1");
            heard.n = 0;
        }
        fx->duty.open_now = next_random(&seed) % 3 != 0;
        fx->duty.agents_online = (int)(next_random(&seed) % 2);
        fx->duty.next_open_ms = fx->duty.open_now ? 0 : fx->now_ms + 9 * HOUR_MS;
        fx->duty.place = t.c.handler == HANDLER_QUEUE ? 2 : 0;
        if (t.c.handler == HANDLER_QUEUE && next_random(&seed) % 8 == 0)
            t.c.handler = HANDLER_BOT; /* the buyer left the queue */
        const char *text = chatter[next_random(&seed) % COUNT(chatter)];
        struct incoming in = {.kind = MESSAGE_TEXT, .text = str_from(text), .wants_human = next_random(&seed) % 50 == 0};
        enum handler had = t.c.handler;
        send(&t, in);
        bool silent = had == HANDLER_BOT && t.turn.say.n == 0;
        if (repeats(&heard, &t.turn) || silent || !is_whole(&t)) {
            print_error("[turn %d, \"%s\"] %s: %.*s %.*s\n", i, text, silent ? "silent" : "twice or not whole",
                        STR_ARG(t.turn.say.n > 0 ? t.turn.say.v[0].text : STR_NONE), STR_ARG(t.turn.understood));
            failed++;
        }
        hear(&heard, &t.turn);
    }
    end_talk(&t);
    arena_done(&heard.arena);
    fx->duty = before;
    assert_int_equal(failed, 0);
}

static void the_same_turn_is_decided_the_same(void **state)
{
    struct talk a = talk_of(*state, "B1"), b = talk_of(*state, "B1");
    for (size_t i = 0; i < COUNT(chatter); i++) {
        say(&a, chatter[i]);
        say(&b, chatter[i]);
        assert_true(str_eq(a.turn.bot_state, b.turn.bot_state));
        assert_true(str_eq(a.turn.outcome, b.turn.outcome));
        assert_int_equal(a.turn.say.n, b.turn.say.n);
        a.c.handler = b.c.handler = HANDLER_BOT;
    }
    end_talk(&a);
    end_talk(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_of_the_list_is_chosen),
        cmocka_unit_test(another_buyers_order_is_as_one_that_does_not_exist),
        cmocka_unit_test(a_guest_is_asked_to_sign_in),
        cmocka_unit_test(a_late_order_says_so),
        cmocka_unit_test(products_are_answered_from_their_data),
        cmocka_unit_test(what_is_not_in_the_data_is_a_gap),
        cmocka_unit_test(conversations_go_on_as_people_do),
        cmocka_unit_test(a_card_is_not_shown_to_who_sent_it),
        cmocka_unit_test(a_person_is_one_word_away),
        cmocka_unit_test(outside_the_hours_a_call_back_is_promised),
        cmocka_unit_test(who_is_angry_when_nobody_is_there_is_answered_as_well),
        cmocka_unit_test(yes_to_the_offer_is_a_hand_over),
        cmocka_unit_test(the_next_person_reads_what_happened),
        cmocka_unit_test(no_reply_comes_twice_in_a_row),
        cmocka_unit_test(the_same_turn_is_decided_the_same),
    };
    return cmocka_run_group_tests(tests, open_shop, close_shop);
}
