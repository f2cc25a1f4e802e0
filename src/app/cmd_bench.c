/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer bench: the load generator. Each kind starts a server of its own on a fresh data folder, drives it over real
 * sockets, and prints figures beside a physical limit measured in the same run.
 *
 * Always true: buyers sign in with a merchant's token, what they say is understood and stored durably like anybody's;
 * only the rate limit a buyer is off (`serve --measure`).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "account/shop.h"
#include "app/bench_client.h"
#include "app/commands.h"
#include "app/demo_data.h"
#include "app/home.h"
#include "app/merchant.h"
#include "base/asset.h"
#include "base/seal.h"
#include "base/time.h"

#define SHOP "shanxing"
#define DEMO_BUYERS 30 /* B01…B30 of the demo shop have orders; further buyers have none */

struct bench {
    const struct cli *cli;
    struct arena arena;
    char dir[256];
    struct bench_server server;
    struct str secret;
    ARRAY(struct str) sayings;
    int epoll_fd;
};

/* ---- what buyers say: validation sentences of the packs (wording that training never saw) of the questions that a
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

static void gather_sayings(struct bench *k)
{
    asset_each(STR("packs/zh/validation/"), add_sayings, k);
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

static bool make_shop(struct bench *k)
{
    char why[256] = "";
    const char *base = cli_value(k->cli, "dir");
    snprintf(k->dir, sizeof(k->dir), "%s/xiaoer-bench-XXXXXX", base != NULL ? base : ".");
    if (mkdtemp(k->dir) == NULL) {
        fprintf(stderr, "xiaoer bench: cannot make a folder in %s: %s\n", base != NULL ? base : ".", strerror(errno));
        return false;
    }
    struct home *h = home_open(k->dir, false, why);
    bool ok = h != NULL && demo_data_load(h->store, clock_now_ms(), why) && store_read(h->store, read_secret, k) == STORE_OK;
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

static struct bench_buyer *make_buyers(struct bench *k, size_t first, size_t n)
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
static double connect_buyers(struct bench *k, struct bench_buyer *buyers, size_t n)
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

static void hang_up(struct bench_buyer *buyers, size_t n)
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

struct turns {
    size_t connections, idle;
    double seconds, turns_per_second, fdatasync, p50_ms, p99_ms, cpu_us, client_cpu_us, commits_per_second;
    uint64_t turns, errors, bot_messages, closed, queued;
};

static double percentile(int64_t *v, size_t n, double p)
{
    return n > 0 ? (double)v[MIN((size_t)((double)n * p), n - 1)] / 1000.0 : 0;
}

static double own_cpu_seconds(void)
{
    return bench_cpu_seconds(getpid());
}

/* Closed loop: each buyer says the next thing when the turn before is complete. */
static void drive(struct bench *k, struct bench_buyer *buyers, size_t n, double seconds, struct turns *t)
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

static void print_turns(const struct bench *k, const struct turns *t)
{
    struct buf b = {0};
    struct json_out o = json_to(&b);
    jo_open(&o);
    jo_kn(&o, "connections", (int64_t)t->connections);
    jo_kn(&o, "idle_connections", (int64_t)t->idle);
    jo_kr(&o, "turns_per_second", t->turns_per_second);
    jo_kr(&o, "fdatasync_per_second", t->fdatasync);
    jo_kr(&o, "turns_per_fdatasync", t->fdatasync > 0 ? t->turns_per_second / t->fdatasync : 0);
    jo_kr(&o, "p50_ms", t->p50_ms);
    jo_kr(&o, "p99_ms", t->p99_ms);
    jo_kr(&o, "cpu_us_per_turn", t->cpu_us);
    jo_kr(&o, "client_cpu_us_per_turn", t->client_cpu_us);
    jo_kn(&o, "turns", (int64_t)t->turns);
    jo_kn(&o, "bot_messages", (int64_t)t->bot_messages);
    jo_kn(&o, "turns_in_queue", (int64_t)t->queued);
    jo_kn(&o, "errors", (int64_t)t->errors);
    jo_kr(&o, "seconds", t->seconds);
    jo_close(&o);
    if (k->cli->json)
        printf("%.*s\n", STR_ARG(buf_view(&b)));
    else
        printf("%zu connections%s: %.0f turns/s, p50 %.2f ms, p99 %.2f ms, %.1f us server CPU a turn (client %.1f), "
               "%.0f fdatasync/s, %.2f turns a fdatasync, %.1f bot messages a turn, %llu in queue, %llu errors\n",
               t->connections, t->idle > 0 ? " beside idle ones" : "", t->turns_per_second, t->p50_ms, t->p99_ms, t->cpu_us,
               t->client_cpu_us, t->fdatasync, t->fdatasync > 0 ? t->turns_per_second / t->fdatasync : 0,
               t->turns > 0 ? (double)t->bot_messages / (double)t->turns : 0, (unsigned long long)t->queued,
               (unsigned long long)t->errors);
    fflush(stdout);
    buf_done(&b);
}

static int64_t number_option(const struct cli *c, const char *name, int64_t otherwise)
{
    int64_t v;
    const char *text = cli_value(c, name);
    return text != NULL && str_int(str_from(text), &v) && v > 0 ? v : otherwise;
}

static bool bench_turns(struct bench *k)
{
    size_t n = (size_t)number_option(k->cli, "connections", 64);
    double seconds = (double)number_option(k->cli, "seconds", 10);
    struct turns t = {0};
    double before = bench_fdatasync_rate(k->dir, 2);
    struct bench_buyer *buyers = make_buyers(k, 0, n);
    if (buyers == NULL)
        return false;
    bool ok = connect_buyers(k, buyers, n) >= 0;
    if (ok)
        drive(k, buyers, n, seconds, &t);
    else
        fputs("xiaoer bench: not all buyers could connect\n", stderr);
    hang_up(buyers, n);
    t.fdatasync = (before + bench_fdatasync_rate(k->dir, 2)) / 2;
    if (ok)
        print_turns(k, &t);
    return ok;
}

/* ---- idle sockets ---- */

static bool bench_idle(struct bench *k)
{
    size_t n = (size_t)number_option(k->cli, "connections", 15000);
    double seconds = (double)number_option(k->cli, "seconds", 8);
    struct turns alone = {0};
    struct turns beside = {0};
    double rate = bench_fdatasync_rate(k->dir, 1);
    struct bench_buyer *busy = make_buyers(k, 0, 64);
    struct bench_buyer *idle = busy != NULL ? make_buyers(k, 1000, n) : NULL;
    if (idle == NULL || connect_buyers(k, busy, 64) < 0)
        return false;
    drive(k, busy, 64, seconds, &alone);
    int64_t before = bench_resident_bytes(k->server.pid);
    double took = connect_buyers(k, idle, n);
    sleep(1);
    int64_t after = bench_resident_bytes(k->server.pid);
    if (took >= 0)
        drive(k, busy, 64, seconds, &beside);
    alone.fdatasync = beside.fdatasync = rate;
    beside.idle = n;
    if (took >= 0) {
        print_turns(k, &alone);
        print_turns(k, &beside);
        printf(k->cli->json ? "{\"idle\":%zu,\"accept_seconds\":%.2f,\"bytes_per_idle\":%.0f,\"p99_ratio\":%.2f}\n"
                            : "%zu idle sockets: accepted and signed in within %.2f s, %.0f bytes each, p99 of the busy ones x %.2f\n",
               n, took, (double)(after - before) / (double)n, alone.p99_ms > 0 ? beside.p99_ms / alone.p99_ms : 0);
    } else {
        fputs("xiaoer bench: not all idle buyers could connect\n", stderr);
    }
    hang_up(busy, 64);
    hang_up(idle, n);
    return took >= 0;
}

/* ---- running ---- */

static const struct {
    const char *kind;
    bool (*fn)(struct bench *k);
} kinds[] = {
    {"turns", bench_turns},
    {"idle", bench_idle},
};

static void remove_dir(const char *dir)
{
    static const char *const names[] = {"xiaoer.db", "xiaoer.db-wal", "xiaoer.db-shm", "master.key", "fdatasync.probe"};
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[512];
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
    if (rmdir(dir) != 0)
        fprintf(stderr, "xiaoer bench: %s was left behind: %s\n", dir, strerror(errno));
}

static enum exit_code run(const struct cli *c)
{
    if (c->argc != 1)
        return cli_usage(c, "which figure? one of: turns idle");
    struct bench k = {.cli = c};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (strcmp(kinds[i].kind, c->argv[0]) != 0)
            continue;
        struct rlimit files;
        getrlimit(RLIMIT_NOFILE, &files);
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
        k.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
        gather_sayings(&k);
        bool ok = make_shop(&k) && bench_start(&k.server, k.dir) && kinds[i].fn(&k);
        bench_stop(&k.server);
        close(k.epoll_fd);
        if (cli_value(c, "keep") == NULL)
            remove_dir(k.dir);
        arena_done(&k.arena);
        return ok ? EXIT_DONE : EXIT_FAULT;
    }
    return cli_usage(c, "unknown figure \"%s\"; one of: turns idle", c->argv[0]);
}

static const struct cli_option options[] = {
    {"connections", "N", "buyers' sockets (turns: 64; idle: 15000)"},
    {"seconds", "S", "how long to measure (turns: 10; idle: 8)"},
    {"keep", NULL, "leave the data folder behind, to look at what was stored"},
    {"dir", "DIR", "where the fresh data folder is made: the disk that is measured (default: here)"},
    {0},
};

const struct command cmd_bench = {
    .name = "bench",
    .summary = "the load generator that the figures in docs/performance.md come from",
    .synopsis = "xiaoer bench turns|idle [--connections N] [--seconds S] [--json]",
    .help = "turns  buyers over WebSocket, real sign-in and understanding, durable; beside fdatasync/s of the same run\n"
            "idle   idle sockets: time to accept, memory each, and what they do to 64 busy ones",
    .options = options,
    .run = run,
};
