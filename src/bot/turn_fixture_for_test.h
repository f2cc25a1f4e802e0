/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A small shop in a fresh store with the shipped understanding, and one buyer's talk with its bot: for tests of whole turns. */

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "account/contact.h"
#include "account/import.h"
#include "account/shop.h"
#include "base/seal.h"
#include "base/time.h"
#include "bot/bot.h"
#include "knowledge/knowledge_import.h"
#include "trade/trade_import.h"

#define NOW_TEXT "2026-11-20T10:00:00+08:00"

static const struct {
    const struct import_kind *kind;
    const char *row;
} rows[] = {
    {&shop_import, "{\"id\":\"S1\",\"name\":\"山行户外\",\"language\":\"zh\",\"currency\":\"CNY\",\"time_zone\":"
                   "\"Asia/Shanghai\",\"self_operated\":false,\"faq\":[\"发什么快递\",\"怎么退货\"],"
                   "\"ship_promise\":\"48h\"}"},
    {&product_import, "{\"id\":\"P1\",\"shop\":\"S1\",\"title\":\"轻量冲锋衣\",\"category\":\"服饰/户外\","
                      "\"price_cents\":45900,\"attributes\":{\"材质\":\"锦纶\",\"产地\":\"中国\"},\"skus\":[{\"id\":"
                      "\"P1-BK-L\",\"attributes\":{\"颜色\":\"黑\",\"尺码\":\"L\"},\"price_cents\":45900,\"stock\":12},"
                      "{\"id\":\"P1-BK-M\",\"attributes\":{\"颜色\":\"黑\",\"尺码\":\"M\"},\"price_cents\":45900,"
                      "\"stock\":0}],\"size_chart\":[{\"尺码\":\"M\",\"身高cm\":[160,170],\"体重kg\":[50,62]},{\"尺码\":"
                      "\"L\",\"身高cm\":[170,178],\"体重kg\":[62,75]}],\"seven_day\":\"yes\",\"aliases\":[\"冲锋衣\"]}"},
    {&product_import, "{\"id\":\"P2\",\"shop\":\"S1\",\"title\":\"中帮徒步鞋\",\"category\":\"鞋靴\",\"price_cents\":"
                      "39900,\"attributes\":{\"材质\":\"牛皮\"},\"skus\":[{\"id\":\"P2-42\",\"attributes\":{\"尺码\":"
                      "\"42\"},\"price_cents\":39900,\"stock\":3}],\"aliases\":[\"徒步鞋\"]}"},
    {&order_import, "{\"id\":\"E1001\",\"shop\":\"S1\",\"buyer\":\"B1\",\"status\":\"shipped\",\"created_at\":"
                    "\"2026-11-18T10:02:00+08:00\",\"paid_at\":\"2026-11-18T10:03:11+08:00\",\"shipped_at\":"
                    "\"2026-11-19T16:00:00+08:00\",\"items\":[{\"sub_id\":\"E1001-1\",\"product\":\"P1\",\"sku\":"
                    "\"P1-BK-L\",\"quantity\":1,\"paid_cents\":42900}],\"freight_cents\":0,\"freight_insured\":true,"
                    "\"address\":{\"name\":\"张三\",\"phone\":\"13800001234\",\"region\":\"浙江省/杭州市/西湖区\","
                    "\"detail\":\"文三路 1 号\"},\"parcels\":[{\"carrier\":\"中通快递\",\"carrier_phone\":\"95311\","
                    "\"tracking_no\":\"ZT7788\",\"events\":[{\"at\":\"2026-11-19T18:20:00+08:00\",\"kind\":"
                    "\"picked_up\",\"place\":\"上海\",\"text\":\"已揽收\"}]}]}"},
    {&order_import, "{\"id\":\"E1002\",\"shop\":\"S1\",\"buyer\":\"B1\",\"status\":\"shipped\",\"created_at\":"
                    "\"2026-11-17T10:02:00+08:00\",\"paid_at\":\"2026-11-17T10:03:11+08:00\",\"shipped_at\":"
                    "\"2026-11-19T12:00:00+08:00\",\"items\":[{\"sub_id\":\"E1002-1\",\"product\":\"P2\",\"sku\":"
                    "\"P2-42\",\"quantity\":1,\"paid_cents\":39900}],\"parcels\":[{\"carrier\":\"圆通速递\","
                    "\"carrier_phone\":\"95554\",\"tracking_no\":\"YT9911\",\"events\":[{\"at\":"
                    "\"2026-11-20T08:00:00+08:00\",\"kind\":\"in_transit\",\"place\":\"嘉兴\",\"text\":\"已到达嘉兴\"}]}]}"},
    {&order_import, "{\"id\":\"E2001\",\"shop\":\"S1\",\"buyer\":\"B2\",\"status\":\"paid\",\"created_at\":"
                    "\"2026-11-16T10:02:00+08:00\",\"paid_at\":\"2026-11-16T10:03:00+08:00\",\"items\":[{\"sub_id\":"
                    "\"E2001-1\",\"product\":\"P1\",\"sku\":\"P1-BK-L\",\"quantity\":1,\"paid_cents\":42900}]}"},
    {&knowledge_import, "{\"id\":\"K1\",\"shop\":\"S1\",\"layer\":\"shop\",\"question\":\"发什么快递\",\"similar\":["
                        "\"用的哪家快递\"],\"answer\":\"默认中通。\"}"},
    {&knowledge_import, "{\"id\":\"K2\",\"shop\":\"S1\",\"layer\":\"shop\",\"question\":\"怎么退货\",\"similar\":[],"
                        "\"answer\":\"在订单里申请退货退款。\"}"},
};

struct fixture {
    char dir[64];
    struct store *store;
    struct catalog_cache *catalogs;
    struct knowledge_cache *knowledge;
    struct nlu *zh, *en;
    struct bot *bot;
    struct responder responder;
    struct duty duty;
    int64_t tenant_id, now_ms;
};

/** One buyer's conversation with the bot. */
struct talk {
    struct fixture *fx;
    struct arena kept, turn_arena;
    struct conversation c;
    const char *buyer;
    struct incoming in; /* what is the same for every message */
    struct turn turn;   /* the last one */
};

static struct duty duty_of(void *arg, struct arena *a, const struct duty_question *q)
{
    struct fixture *fx = arg;
    (void)a;
    (void)q;
    return fx->duty;
}

static int import_rows(struct tx *tx, void *arg)
{
    struct fixture *fx = arg;
    _cleanup_(arena_done) struct arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct import_problem problem = {.text = ""};
        char error[160] = "";
        _cleanup_(json_donep) json_t *row = json_read(str_from(rows[i].row), error);
        if (row == NULL || rows[i].kind->store_row(tx, &a, row, &problem) != ROW_ADDED) {
            print_error("row %zu: %s%s\n", i, error, problem.text);
            return STORE_FAULT;
        }
    }
    struct shop shop;
    if (shop_find(tx, &a, STR("S1"), &shop) != ACCOUNT_OK)
        return STORE_FAULT;
    fx->tenant_id = shop.tenant_id;
    return shop_catalog_raise(tx, shop.tenant_id) == ACCOUNT_OK ? STORE_OK : STORE_FAULT;
}

static int open_shop(void **state)
{
    static const unsigned char key[SEAL_KEY_BYTES] = "a key that only tests know of";
    struct fixture *fx = xcalloc(1, sizeof(*fx));
    char error[256] = "";
    memcpy(fx->dir, "/tmp/xiaoer-bot-XXXXXX", sizeof("/tmp/xiaoer-bot-XXXXXX"));
    seal_start_with(key);
    assert_non_null(mkdtemp(fx->dir));
    fx->store = store_open(fx->dir, error);
    if (fx->store == NULL || store_write(fx->store, import_rows, fx) != STORE_OK) {
        print_error("%s\n", error);
        return -1;
    }
    fx->catalogs = catalog_cache_new();
    fx->knowledge = knowledge_cache_new();
    fx->zh = nlu_shipped("zh");
    fx->en = nlu_shipped("en");
    fx->duty = (struct duty){.open_now = true, .hours = STR("09:00–18:00"), .agents_online = 1, .eta_seconds = 120};
    fx->bot = bot_new(&(struct bot_parts){.store = fx->store, .catalogs = fx->catalogs, .knowledge = fx->knowledge,
                                          .zh = fx->zh, .en = fx->en, .duty = duty_of, .duty_arg = fx});
    fx->responder = bot_responder(fx->bot);
    if (!time_parse(STR(NOW_TEXT), &fx->now_ms))
        return -1;
    *state = fx;
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

static int close_shop(void **state)
{
    struct fixture *fx = *state;
    bot_free(fx->bot);
    nlu_free(fx->zh);
    nlu_free(fx->en);
    store_close(fx->store);
    knowledge_cache_free(fx->knowledge);
    catalog_cache_free(fx->catalogs);
    int removed = nftw(fx->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(fx);
    return removed;
}

static struct talk talk_of(struct fixture *fx, const char *buyer)
{
    return (struct talk){
        .fx = fx,
        .buyer = buyer,
        .c = {.tenant_id = fx->tenant_id, .id = 77, .language = STR("zh"), .bot_state = STR("{}"), .channel = STR("web")},
    };
}

static void end_talk(struct talk *t)
{
    arena_done(&t->kept);
    arena_done(&t->turn_arena);
}

/** One message of the buyer, and the conversation is as it would be stored after it. */
static void send(struct talk *t, struct incoming in)
{
    arena_reset(&t->turn_arena);
    in.tenant_id = t->fx->tenant_id;
    in.contact_id = 1;
    in.buyer = str_from(t->buyer);
    in.language = STR("zh");
    in.channel = STR("web");
    in.now_ms = t->fx->now_ms;
    t->turn = (struct turn){.urgent = false};
    assert_int_equal(t->fx->responder.reply(t->fx->responder.room, t->fx->store, &t->turn_arena, &in, &t->c, &t->turn), 0);
    t->c.bot_state = str_dup(&t->kept, t->turn.bot_state);
    t->c.seq += 2;
    if (t->turn.language.n > 0)
        t->c.language = str_dup(&t->kept, t->turn.language);
    if (t->turn.wants_person && t->c.handler == HANDLER_BOT)
        t->c.handler = HANDLER_QUEUE;
}

static void say(struct talk *t, const char *text)
{
    send(t, (struct incoming){.kind = MESSAGE_TEXT, .text = str_from(text)});
}

static bool said(const struct talk *t, const char *part)
{
    for (size_t i = 0; i < t->turn.say.n; i++)
        if (str_has(t->turn.say.v[i].text, str_from(part)) || str_has(t->turn.say.v[i].data, str_from(part)))
            return true;
    return false;
}
