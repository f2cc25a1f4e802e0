/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The load: a demo shop on a fresh data folder, buyers who sign in, and a closed loop in which each says the next thing
 * when the turn before is complete.
 *
 * Always true: buyers sign in with a merchant's token, what they say is understood and stored durably like anybody's;
 * only the rate limit a buyer is off (`serve --measure`).
 */
#include "app/bench_load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account/shop.h"
#include "app/demo_data.h"
#include "app/home.h"
#include "app/import_run.h"
#include "app/merchant.h"
#include "base/asset.h"
#include "base/seal.h"
#include "base/time.h"

#define SHOP "shanxing"
#define DEMO_BUYERS 30 /* B01…B30 of the demo shop have orders; further buyers have none */


/* ---- what buyers say: far validation sentences of the packs (wording unlike the training) of the questions that a
 * bot is asked most and answers itself: parcels, orders, products, sizes, stock, returns, greetings ---- */

static const char *const asked[] = {
    "ship_track",  "ship_eta",    "ship_time",     "ship_carrier", "ship_fee",     "order_status",
    "product_attribute", "product_material", "size_advice", "stock_query", "care_wash", "price_query",
    "seven_day_support", "warranty_policy", "greet_presale", "thanks",
};

static bool is_asked(struct str intent)
{
    for (size_t i = 0; i < COUNT(asked); i++) {
        if (str_eq_c(intent, asked[i]))
            return true;
    }
    return false;
}

static void add_sayings(void *arg, struct str name, struct str bytes)
{
    struct bench *k = arg;
    (void)name;
    struct str line;
    while (str_cut(&bytes, '\n', &line)) {
        struct str label;
        struct str text = line;
        if (str_cut(&text, '\t', &label) && is_asked(label) && !str_has(text, STR("\"")) && !str_has(text, STR("\\")))
            *array_push(&k->arena, &k->sayings) = text;
    }
}

/* Another number each time: what is so already is refused. */
static void add_wishes(struct bench *k)
{
    for (int i = 0; i < 20; i++) {
        *array_push(&k->arena, &k->sayings) = str_fmt(&k->arena, "收货手机号改成 139000001%02d", i);
        *array_push(&k->arena, &k->sayings) = STR("确认");
    }
}

void bench_gather_sayings(struct bench *k)
{
    if (k->acts) {
        add_wishes(k);
        return;
    }
    asset_each(STR("packs/zh/validation_far/"), add_sayings, k);
}

/* ---- the shop and its buyers ---- */

static int read_secret(struct tx *tx, void *arg)
{
    struct bench *k = arg;
    struct shop shop;
    if (shop_find(tx, &k->arena, STR(SHOP), &shop) != ACCOUNT_OK)
        return STORE_FAULT;
    return shop_secret(tx, &k->arena, shop.tenant_id, &k->secret) == ACCOUNT_OK ? STORE_OK : STORE_FAULT;
}

static bool import(struct home *h, const char *kind, struct str rows)
{
    FILE *file = fmemopen((void *)(uintptr_t)rows.p, rows.n, "rb"); /* only read */
    if (file == NULL)
        fatal("no memory for the orders");
    struct import_options how = {.skip_bad = false};
    struct import_report report;
    struct import_problem problem = {.text = ""};
    enum import_outcome outcome = import_run(h->store, import_kind_find(str_from(kind)), file, "bench.jsonl", &how, &report, &problem);
    fclose(file);
    import_report_done(&report);
    return outcome == IMPORT_DONE;
}

/* An order of each acting buyer, waiting for shipment; and no limit on how often it is changed. */
static bool make_orders(struct bench *k, struct home *h)
{
    struct buf b = {.arena = &k->arena};
    char at[TIME_TEXT];
    time_rfc3339(clock_now_ms() - HOUR_MS, 0, at);
    for (int i = BENCH_ACTING_FIRST; i < BENCH_ACTING_FIRST + BENCH_ACTING_MOST; i++)
        buf_str(&b, str_fmt(&k->arena,
                            "{\"id\":\"A%d\",\"shop\":\"" SHOP "\",\"buyer\":\"bench-%d\",\"status\":\"paid\",\"created_at\":\"%s\","
                            "\"paid_at\":\"%s\",\"items\":[{\"sub_id\":\"A%d-1\",\"product\":\"P101\",\"sku\":\"P101-BK-L\","
                            "\"quantity\":1,\"paid_cents\":45900}],\"address\":{\"name\":\"张三\",\"phone\":\"13800001234\","
                            "\"region\":\"浙江省/杭州市/西湖区\",\"detail\":\"文三路 1 号\"}}\n",
                            i, i, at, at, i));
    return import(h, "orders", buf_view(&b)) &&
           import(h, "policies", STR("{\"key\":\"action.limits\",\"value\":{},\"from\":\"2020-01-01\",\"scope\":\"platform\"}\n"));
}

bool bench_make_shop(struct bench *k)
{
    char why[256] = "";
    const char *base = cli_value(k->cli, "dir");
    snprintf(k->dir, sizeof(k->dir), "%s/xiaoer-bench-XXXXXX", base != NULL ? base : ".");
    if (mkdtemp(k->dir) == NULL) {
        fprintf(stderr, "xiaoer bench: cannot make a folder in %s: %s\n", base != NULL ? base : ".", strerror(errno));
        return false;
    }
    struct home *h = home_open(k->dir, false, why);
    bool ok = h != NULL && demo_data_load(h->store, clock_now_ms(), why) && (!k->acts || make_orders(k, h)) &&
              store_read(h->store, read_secret, k) == STORE_OK;
    if (!ok)
        fprintf(stderr, "xiaoer bench: %s\n", why);
    home_close(h);
    return ok;
}

static bool sign_in(struct bench *k, struct bench_http *http, struct bench_buyer *b, size_t number)
{
    struct arena a = {0};
    struct str buyer = number < DEMO_BUYERS ? str_fmt(&a, "B%02zu", number + 1) : str_fmt(&a, "bench-%zu", number);
    struct str token = merchant_token(&a, k->secret, STR(SHOP), buyer, buyer, clock_now_ms());
    struct str body = str_fmt(&a, "{\"channel\":\"" SHOP "\",\"user_token\":\"%.*s\"}", STR_ARG(token));
    struct str answer = STR_NONE;
    int status = bench_post(http, &a, "/api/v1/widget/sessions", body, &answer);
    _cleanup_(json_donep) json_t *json = json_read(answer, NULL);
    struct str session = json_str(json, "token");
    bool ok = (status == 200 || status == 201) && session.n > 0 && session.n < sizeof(b->token);
    snprintf(b->product, sizeof(b->product), "P1%02zu", number % 10 + 1);
    if (ok)
        memcpy(b->token, session.p, session.n);
    else
        fprintf(stderr, "xiaoer bench: sign-in answered %d: %.*s\n", status, (int)MIN(answer.n, (size_t)200), answer.p);
    arena_done(&a);
    return ok;
}

struct bench_buyer *bench_make_buyers(struct bench *k, size_t first, size_t n)
{
    struct bench_http http = {.port = k->server.port};
    struct bench_buyer *buyers = xcalloc(n, sizeof(*buyers));
    for (size_t i = 0; i < n; i++) {
        cli_progress("signing in", (int64_t)i + 1, (int64_t)n);
        if (!sign_in(k, &http, &buyers[i], first + i)) {
            free(buyers);
            return NULL;
        }
    }
    if (http.fd > 0)
        close(http.fd);
    return buyers;
}

/* Connects all and waits until each is signed in. Seconds it took, or -1. */
double bench_connect_buyers(struct bench *k, struct bench_buyer *buyers, size_t n)
{
    struct bench_events none = {0};
    int64_t began = clock_mono_us();
    size_t ready = 0;
    for (size_t i = 0; i < n; i++) {
        if (!bench_connect(&buyers[i], k->epoll_fd, k->server.port))
            return -1;
        if (i % 64 == 63)
            bench_round(k->epoll_fd, 0, &none);
    }
    while (ready < n && clock_mono_us() - began < 60 * 1000000LL) {
        bench_round(k->epoll_fd, 50, &none);
        ready = 0;
        for (size_t i = 0; i < n; i++)
            ready += buyers[i].stage == BUYER_READY;
    }
    return ready == n ? (double)(clock_mono_us() - began) / 1e6 : -1;
}

void bench_hang_up(struct bench_buyer *buyers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (buyers[i].stage != BUYER_GONE)
            close(buyers[i].fd);
        free(buyers[i].in);
    }
    free(buyers);
}

/* ---- turns ---- */

struct run {
    struct bench *k;
    int64_t *took;
    size_t n, cap;
    uint64_t queued; /* turns after which the buyer waited for a person */
    bool counting;
};

/* A buyer goes through the questions one intent after the other: the same wish does not come twice in a row. */
static struct str next_saying(const struct bench *k, const struct bench_buyer *b)
{
    if (k->acts)
        return k->sayings.v[b->number % k->sayings.n];
    return k->sayings.v[(b->number * 5 + (uint64_t)b->fd * 13) % k->sayings.n]; /* the packs hold four rows an intent */
}

static void on_turn(void *arg, struct bench_buyer *b, int64_t took_us)
{
    struct run *r = arg;
    if (r->counting && r->n < r->cap)
        r->took[r->n++] = took_us;
    r->queued += b->queued;
    bench_say(b, next_saying(r->k, b));
}

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;
    return (*x > *y) - (*x < *y);
}


static double percentile(int64_t *v, size_t n, double p)
{
    return n > 0 ? (double)v[MIN((size_t)((double)n * p), n - 1)] / 1000.0 : 0;
}

static double own_cpu_seconds(void)
{
    return bench_cpu_seconds(getpid());
}

/* Closed loop: each buyer says the next thing when the turn before is complete. */
void bench_drive(struct bench *k, struct bench_buyer *buyers, size_t n, double seconds, struct turns *t)
{
    struct run r = {.k = k, .cap = 4000000};
    r.took = xmalloc(r.cap * sizeof(*r.took));
    struct bench_events e = {.arg = &r, .turn = on_turn};
    for (size_t i = 0; i < n; i++)
        bench_say(&buyers[i], next_saying(k, &buyers[i]));
    int64_t warm = clock_mono_us() + 1000000;
    while (clock_mono_us() < warm)
        bench_round(k->epoll_fd, 100, &e);

    r.counting = true;
    e.turns = e.bot_messages = e.errors = 0;
    double cpu = bench_cpu_seconds(k->server.pid);
    double own = own_cpu_seconds();
    int64_t began = clock_mono_us();
    int64_t end = began + (int64_t)(seconds * 1e6);
    while (clock_mono_us() < end)
        bench_round(k->epoll_fd, 100, &e);
    double took = (double)(clock_mono_us() - began) / 1e6;
    t->turns = e.turns;
    t->seconds = took;
    t->turns_per_second = (double)e.turns / took;
    t->cpu_us = e.turns > 0 ? (bench_cpu_seconds(k->server.pid) - cpu) * 1e6 / (double)e.turns : 0;
    t->client_cpu_us = e.turns > 0 ? (own_cpu_seconds() - own) * 1e6 / (double)e.turns : 0;
    qsort(r.took, r.n, sizeof(*r.took), by_value);
    t->p50_ms = percentile(r.took, r.n, 0.50);
    t->p99_ms = percentile(r.took, r.n, 0.99);
    t->queued = r.queued;
    t->errors = e.errors;
    t->bot_messages = e.bot_messages;
    t->closed = e.closed;
    t->connections = n;
    free(r.took);
}
