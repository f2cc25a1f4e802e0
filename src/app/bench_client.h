/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The load generator's side: a server started as a child process on a data folder of its own, and buyers' sockets
 * driven by one epoll loop. Frames are looked at with memmem only, so that the generator costs little of the two cores.
 */

#include "base/str.h"

/** A server process that the bench started. */
struct bench_server {
    int pid;
    int port;
    char dir[256];   /**< its data folder */
    int log_fd;
};

/** Runs `xiaoer ARGS…` (this very binary) and waits: exit code, or -1. Its standard output goes to standard error. */
int bench_run(const char *const *args);
/** Starts `serve` on @p dir and waits until it answers. false: said why on standard error. */
must_use bool bench_start(struct bench_server *s, const char *dir);
/** SIGTERM, waits, then SIGKILL. */
void bench_stop(struct bench_server *s);
/** CPU seconds (user + system) that the process used so far; resident bytes now. */
double bench_cpu_seconds(int pid);
int64_t bench_resident_bytes(int pid);
/** fdatasync of a 4 KiB overwrite, a second, on the file system of @p dir, measured for @p seconds. */
double bench_fdatasync_rate(const char *dir, double seconds);

/** One POST over a kept-alive connection. Body of the answer in @p a; status, or 0 when the connection failed. */
struct bench_http {
    int fd;
    int port;
};
must_use int bench_post(struct bench_http *h, struct arena *a, const char *path, struct str body, struct str *ret);

/** A buyer's live socket. */
struct bench_buyer {
    int fd;
    char token[640];
    char conversation[24];
    char product[16];  /**< whose page the buyer looks at */
    enum { BUYER_SHAKING, BUYER_SIGNING, BUYER_READY, BUYER_GONE } stage;
    bool waiting, acked, queued, answered;
    int64_t sent_us;
    uint64_t number;  /**< of messages sent */
    uint32_t in_n;
    char *in;         /**< 64 KiB while it has data, else NULL */
};

/** What bench_round() reports. */
struct bench_events {
    void *arg;
    void (*turn)(void *arg, struct bench_buyer *b, int64_t took_us); /**< a turn is complete */
    uint64_t turns, acks, errors, bot_messages, closed;
};

/** Begins to connect; @p epoll_fd is the generator's. */
must_use bool bench_connect(struct bench_buyer *b, int epoll_fd, int port);
/** Waits up to @p timeout_ms and handles what came. */
void bench_round(int epoll_fd, int timeout_ms, struct bench_events *e);
/** Sends a text message. */
void bench_say(struct bench_buyer *b, struct str text);
