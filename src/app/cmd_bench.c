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

#include "app/bench_growth.h"
#include "app/bench_load.h"
#include "app/commands.h"
#include "base/time.h"

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
    if (k->acts)
        n = MIN(n, BENCH_ACTING_MOST);
    double seconds = (double)number_option(k->cli, "seconds", 10);
    struct turns t = {0};
    double before = bench_fdatasync_rate(k->dir, 2);
    struct bench_buyer *buyers = bench_make_buyers(k, k->acts ? BENCH_ACTING_FIRST : 0, n);
    if (buyers == NULL)
        return false;
    bool ok = bench_connect_buyers(k, buyers, n) >= 0;
    if (ok)
        bench_drive(k, buyers, n, seconds, &t);
    else
        fputs("xiaoer bench: not all buyers could connect\n", stderr);
    bench_hang_up(buyers, n);
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
    struct bench_buyer *busy = bench_make_buyers(k, 0, 64);
    struct bench_buyer *idle = busy != NULL ? bench_make_buyers(k, 1000, n) : NULL;
    if (idle == NULL || bench_connect_buyers(k, busy, 64) < 0)
        return false;
    bench_drive(k, busy, 64, seconds, &alone);
    int64_t before = bench_resident_bytes(k->server.pid);
    double took = bench_connect_buyers(k, idle, n);
    sleep(1);
    int64_t after = bench_resident_bytes(k->server.pid);
    if (took >= 0)
        bench_drive(k, busy, 64, seconds, &beside);
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
    bench_hang_up(busy, 64);
    bench_hang_up(idle, n);
    return took >= 0;
}

/* ---- running ---- */

static const struct {
    const char *kind;
    bool (*fn)(struct bench *k);
    bool acts;
} kinds[] = {
    {"turns", bench_turns, false},
    {"actions", bench_turns, true},
    {"idle", bench_idle, false},
    {"growth", bench_growth, false},
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
        return cli_usage(c, "which figure? one of: turns actions idle growth");
    struct bench k = {.cli = c};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (strcmp(kinds[i].kind, c->argv[0]) != 0)
            continue;
        struct rlimit files;
        getrlimit(RLIMIT_NOFILE, &files);
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
        k.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
        k.acts = kinds[i].acts;
        bench_gather_sayings(&k);
        bool ok = bench_make_shop(&k) && bench_start(&k.server, k.dir) && kinds[i].fn(&k);
        bench_stop(&k.server);
        close(k.epoll_fd);
        if (cli_value(c, "keep") == NULL)
            remove_dir(k.dir);
        arena_done(&k.arena);
        return ok ? EXIT_DONE : EXIT_FAULT;
    }
    return cli_usage(c, "unknown figure \"%s\"; one of: turns actions idle growth", c->argv[0]);
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
    .synopsis = "xiaoer bench turns|actions|idle|growth [--connections N] [--seconds S] [--json]",
    .help = "turns  buyers over WebSocket, real sign-in and understanding, durable; beside fdatasync/s of the same run\n"
            "actions  the same, each buyer changing an own order: a wish, and a yes that does it, in turn\n"
            "idle   idle sockets: time to accept, memory each, and what they do to 64 busy ones\n"
            "growth cost of a turn by length of the conversation, messages stored (to 1 million), knowledge (to 10,000)",
    .options = options,
    .run = run,
};
