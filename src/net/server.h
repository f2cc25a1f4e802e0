/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Server: HTTP and live sockets on one loop thread. The only door to libmicrohttpd and wslay: what the rest sees are
 * requests (net/route.h) that run on workers, and text frames named by a socket reference.
 *
 * Always true: the loop never blocks; a frame given to server_send() leaves in the order given or its socket is
 * closed; memory a socket holds is bounded (LIMIT_SEND_QUEUE) and a reader that does not read is closed.
 */

#include "base/work.h"
#include "net/route.h"

struct server;

/** Names a live socket; stays safe to use after it closed. 0 is none. */
typedef uint64_t socket_ref;

/** What the owner of the live sockets is told. All on the loop thread; must not block. */
struct socket_events {
    void *arg;
    void (*opened)(void *arg, socket_ref s, struct str remote);
    void (*frame)(void *arg, socket_ref s, struct str text); /**< one whole text frame, valid UTF-8 */
    void (*closed)(void *arg, socket_ref s);
    void (*tick)(void *arg, int64_t now_ms); /**< some ten times a second */
};

/** A group of routes and what their handlers get as rq->room. */
struct route_group {
    const struct route *routes;
    size_t count;
    void *room;
};

struct file_reply;

struct server_config {
    const char *host;       /**< "127.0.0.1" */
    uint16_t port;          /**< 0: any free one */
    struct store *store;
    struct work *workers;   /**< runs handlers */
    struct work *slow;      /**< runs routes with .slow */
    const struct route_group *groups;
    size_t group_count;
    /** Who calls: from the bearer token or session cookie; false: token bad or expired (401). */
    bool (*authenticate)(void *arg, struct arena *a, struct str token, bool from_cookie, int64_t now_ms,
                         struct actor *ret);
    /** Whether a .raw row's body is worth collecting for this token: quick, of no storage; called on the loop with auth_arg.
     *  authenticate() decides afterwards. NULL: for nobody's. */
    bool (*may_send)(void *arg, struct str token, int64_t now_ms);
    void *auth_arg;
    /** GET that no route takes: static files. @p ret zeroed; false: 404. */
    bool (*file)(void *arg, struct arena *a, struct str path, struct str accept_encoding, struct file_reply *ret);
    void *file_arg;
    const struct socket_events *live; /**< sockets of live_path */
    const char *live_path;
    const char *const *origins;       /**< further allowed Origin values of live sockets; NULL-ended, may be NULL */
};

/** A static answer. */
struct file_reply {
    struct str body;
    const char *type;
    const char *encoding;      /**< "gzip" or NULL */
    const char *cache;         /**< Cache-Control value */
    const char *csp;           /**< Content-Security-Policy value or NULL */
};

/** Binds and listens. NULL with a sentence when it cannot. */
must_use struct server *server_new(const struct server_config *config, char ret_error[256]);
/** The port bound. */
uint16_t server_port(const struct server *s);
/** Runs the loop on this thread until server_stop(). */
void server_run(struct server *s);
/** Tells live sockets to come back later, finishes what is in flight, ends server_run(). Async-signal-safe. */
void server_stop(struct server *s);
/** On the loop's thread: server_run() has returned. What is told to the loop now must start nothing: nobody would run it. */
bool server_ended(const struct server *s);
void server_free(struct server *s);

/** Queues a text frame for a socket. @p text is copied. Any thread. */
void server_send(struct server *s, socket_ref to, struct str text);
/** Runs @p fn on the loop thread soon, in order of calls. Any thread. */
void server_post(struct server *s, void (*fn)(void *arg), void *arg);
/** @p more: this thread posts several now, and the loop need not wake for each; false rings for all of them. Any thread. */
void server_posts_follow(struct server *s, bool more);
/** On the loop thread only: sends without the mailbox. Several in one event leave in one write. */
void server_send_here(struct server *s, socket_ref to, struct str text);
/** On the loop thread only: closes after what is queued; @p code is a WebSocket close code. */
void server_close_here(struct server *s, socket_ref to, uint16_t code);

/** Figures for /metrics. */
struct server_figures {
    uint64_t requests, frames_in, frames_out, accepted, refused;
    uint64_t sockets;
};
struct server_figures server_figures(const struct server *s);
