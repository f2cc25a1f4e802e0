/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growth: what a turn costs as the conversation gets longer, as more messages are stored, and as the knowledge base
 * grows. Three curves; each should be flat.
 */
#include "app/bench_growth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account/contact.h"
#include "account/shop.h"
#include "app/home.h"
#include "base/id.h"
#include "base/time.h"
#include "chat/conversation_store.h"

#define CONNECTIONS 64
#define WINDOW_S    4.0

static void print_point(const struct bench *k, const char *curve, int64_t at, const struct turns *t)
{
    if (k->cli->json)
        printf("{\"curve\":\"%s\",\"at\":%lld,\"cpu_us_per_turn\":%.1f,\"client_cpu_us_per_turn\":%.1f,\"p50_ms\":%.2f,"
               "\"p99_ms\":%.2f}\n", curve, (long long)at, t->cpu_us, t->client_cpu_us, t->p50_ms, t->p99_ms);
    else
        printf("%-28s %9lld: %6.1f us server CPU a turn (client %.1f), p50 %.2f ms, p99 %.2f ms\n", curve, (long long)at,
               t->cpu_us, t->client_cpu_us, t->p50_ms, t->p99_ms);
    fflush(stdout);
}

/* ---- length of the conversation: the same buyers go on and on ---- */

static bool grow_length(struct bench *k, struct bench_buyer *buyers)
{
    uint64_t before = 0;
    for (int window = 0; window < 5; window++) {
        struct turns t = {0};
        bench_drive(k, buyers, CONNECTIONS, WINDOW_S, &t);
        uint64_t said = 0;
        for (size_t i = 0; i < CONNECTIONS; i++)
            said += buyers[i].number;
        print_point(k, "turns in the conversation", (int64_t)((said + before) / 2 / CONNECTIONS), &t);
        before = said;
    }
    return true;
}

/* ---- messages stored ---- */

#define PER_UNIT   2000 /* messages a unit of work */
#define PER_TALK   20   /* messages a conversation */

struct filling {
    struct bench *k;
    int64_t tenant_id, contact_id;
    int64_t at_ms;
    int number;
};

static int open_contact(struct tx *tx, void *arg)
{
    struct filling *f = arg;
    struct shop shop;
    struct contact c;
    if (shop_find(tx, &f->k->arena, STR("shanxing"), &shop) != ACCOUNT_OK)
        return STORE_FAULT;
    struct contact_who who = {.buyer = STR("history"), .name = STR("history"), .language = STR("zh")};
    if (contact_open(tx, &f->k->arena, &shop, &who, f->at_ms, &c) != ACCOUNT_OK)
        return STORE_FAULT;
    f->tenant_id = shop.tenant_id;
    f->contact_id = c.id;
    return STORE_OK;
}

static int fill_talk(struct tx *tx, const struct filling *f, int64_t id, int64_t at_ms)
{
    struct conversation c = {.tenant_id = f->tenant_id, .id = id, .contact_id = f->contact_id, .channel = STR("web"),
                             .language = STR("zh"), .handler = HANDLER_CLOSED, .opened_ms = at_ms, .closed_ms = at_ms,
                             .bot_state = STR("{}"), .entry = STR("{}")};
    struct arena a = {0};
    enum chat_answer answer = CHAT_OK;
    for (int i = 0; i < PER_TALK && answer == CHAT_OK; i++) {
        bool buyer = i % 2 == 0;
        struct message m = {.author = buyer ? AUTHOR_BUYER : AUTHOR_BOT, .author_id = buyer ? f->contact_id : 0,
                            .text = f->k->sayings.v[(size_t)(id + i) % f->k->sayings.n]};
        if (buyer)
            m.client_id = str_fmt(&a, "h%d", i);
        conversation_append(&c, &m, at_ms);
        answer = message_insert(tx, f->tenant_id, &m);
    }
    c.handler = HANDLER_CLOSED;
    if (answer == CHAT_OK)
        answer = conversation_insert(tx, &c);
    arena_done(&a);
    return answer;
}

static int fill_unit(struct tx *tx, void *arg)
{
    struct filling *f = arg;
    for (int i = 0; i < PER_UNIT / PER_TALK; i++) {
        /* A minute apart in the past: ids as real ones would be, never twice. */
        int64_t at_ms = f->at_ms - (int64_t)(10000000 - f->number) * 60000 / 20;
        int answer = fill_talk(tx, f, id_new(at_ms), at_ms);
        f->number++;
        if (answer != CHAT_OK && answer != CHAT_STALE)
            return STORE_FAULT;
    }
    return STORE_OK;
}

static bool fill(struct bench *k, struct filling *f, int64_t messages)
{
    char why[256];
    struct home *h = home_open(k->dir, false, why);
    bool ok = h != NULL && (f->tenant_id != 0 || store_write(h->store, open_contact, f) == STORE_OK);
    for (int64_t n = 0; ok && n < messages; n += PER_UNIT) {
        ok = store_write(h->store, fill_unit, f) == STORE_OK;
        cli_progress("storing messages", n + PER_UNIT, messages);
    }
    home_close(h);
    return ok;
}

/* Buyers that nobody has spoken to before, so that only what is stored differs. */
static bool measure_fresh(struct bench *k, const char *curve, int64_t at, size_t *first)
{
    struct bench_buyer *buyers = bench_make_buyers(k, *first, CONNECTIONS);
    *first += CONNECTIONS;
    if (buyers == NULL)
        return false;
    bool ok = bench_connect_buyers(k, buyers, CONNECTIONS) >= 0;
    struct turns t = {0};
    if (ok) {
        bench_drive(k, buyers, CONNECTIONS, WINDOW_S, &t);
        print_point(k, curve, at, &t);
    }
    bench_hang_up(buyers, CONNECTIONS);
    return ok;
}

static bool grow_stored(struct bench *k, size_t *first)
{
    static const int64_t steps[] = {0, 100000, 1000000};
    struct filling f = {.k = k, .at_ms = clock_now_ms()};
    int64_t have = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < COUNT(steps); i++) {
        bench_stop(&k->server);
        ok = fill(k, &f, steps[i] - have) && bench_start(&k->server, k->dir) &&
             measure_fresh(k, "messages stored before", steps[i], first);
        have = steps[i];
    }
    return ok;
}

/* ---- knowledge entries ---- */

static bool import_entries(struct bench *k, int64_t from, int64_t to)
{
    static const char *const things[] = {"登山杖", "睡袋", "防潮垫", "头灯", "水壶", "炉头", "雨衣", "手套", "袜子", "背包罩"};
    static const char *const asks[] = {"怎么保养", "能不能水洗", "保修多久", "怎么安装", "有没有配件", "适合几个人", "多重", "怎么收纳"};
    char path[300];
    snprintf(path, sizeof(path), "%s/entries.jsonl", k->dir);
    FILE *f = fopen(path, "w");
    if (f == NULL)
        return false;
    for (int64_t i = from; i < to; i++)
        fprintf(f, "{\"id\":\"G%lld\",\"shop\":\"shanxing\",\"layer\":\"shop\",\"question\":\"%lld 型%s%s\",\"similar\":[],"
                   "\"answer\":\"第 %lld 条:请看商品页的说明。\"}\n",
                (long long)i, (long long)(i / 80), things[i % 10], asks[i / 10 % 8], (long long)i);
    bool written = fclose(f) == 0;
    const char *const args[] = {"import", "knowledge", path, "--data", k->dir, NULL};
    bool ok = written && bench_run(args) == 0;
    unlink(path);
    return ok;
}

static bool grow_knowledge(struct bench *k, size_t *first)
{
    static const int64_t steps[] = {0, 1000, 10000};
    int64_t have = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < COUNT(steps); i++) {
        ok = (steps[i] == 0 || import_entries(k, have, steps[i])) &&
             measure_fresh(k, "further knowledge entries", steps[i], first);
        have = steps[i];
    }
    return ok;
}

bool bench_growth(struct bench *k)
{
    struct bench_buyer *buyers = bench_make_buyers(k, 0, CONNECTIONS);
    bool ok = buyers != NULL && bench_connect_buyers(k, buyers, CONNECTIONS) >= 0 && grow_length(k, buyers);
    if (buyers != NULL)
        bench_hang_up(buyers, CONNECTIONS);
    size_t first = 1000;
    return ok && grow_knowledge(k, &first) && grow_stored(k, &first);
}
