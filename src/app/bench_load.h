/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The load of `xiaoer bench`: what its kinds share. One thread.
 */

#include "app/bench_client.h"
#include "app/cli.h"

struct bench {
    const struct cli *cli;
    struct arena arena;
    char dir[256];
    struct bench_server server;
    struct str secret;
    ARRAY(struct str) sayings;
    bool acts; /* buyers have an order each and have it changed: sayings in turn, a wish and a yes */
    int epoll_fd;
};

/** What a drive measured. */
struct turns {
    size_t connections, idle;
    double seconds, turns_per_second, fdatasync, p50_ms, p99_ms, cpu_us, client_cpu_us, commits_per_second;
    uint64_t turns, errors, bot_messages, closed, queued;
};

#define BENCH_ACTING_FIRST 100000 /* number of the first buyer who has an order to change */
#define BENCH_ACTING_MOST  256

/** Fills k->sayings: from the packs' validation rows of what a bot is asked most; when k->acts, with wishes and a yes each. */
void bench_gather_sayings(struct bench *k);
/** Makes k->dir with the demo shop in it and reads the shop's secret; false: said why. */
must_use bool bench_make_shop(struct bench *k);
/** Signs @p n buyers in, numbered from @p first; NULL: said why. Free with bench_hang_up(). */
must_use struct bench_buyer *bench_make_buyers(struct bench *k, size_t first, size_t n);
/** Connects all and waits until each is signed in. Seconds it took, or -1. */
must_use double bench_connect_buyers(struct bench *k, struct bench_buyer *buyers, size_t n);
void bench_hang_up(struct bench_buyer *buyers, size_t n);
/** Closed loop for @p seconds after one of warming up. */
void bench_drive(struct bench *k, struct bench_buyer *buyers, size_t n, double seconds, struct turns *t);
