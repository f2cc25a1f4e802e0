/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop: one thread, one epoll, three kinds of things in it: libmicrohttpd's own epoll descriptor (server_http.c), the
 * mailbox's eventfd, and the live sockets.
 */
#include "net/server_private.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/time.h"

#define HTTP_POOL_BYTES   (8 * 1024) /* request line and headers of one HTTP connection */
#define HTTP_IDLE_SECONDS 20
#define TICK_MS           100
/* epoll data of what is no live socket: references start at generation 1, so these never meet one */
#define DATA_HTTP 1u
#define DATA_MAIL 2u
#define DATA_DOOR 3u

const struct server_config *server_config_of(const struct server *s)
{
    return &s->config;
}

void server_address_text(const struct sockaddr *sa, char *ret_text, size_t n)
{
    ret_text[0] = '\0';
    if (sa == NULL)
        return;
    if (sa->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, ret_text, (socklen_t)n);
    } else if (sa->sa_family == AF_INET6) {
        const struct in6_addr *a = &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(a))
            inet_ntop(AF_INET, &a->s6_addr[12], ret_text, (socklen_t)n);
        else
            inet_ntop(AF_INET6, a, ret_text, (socklen_t)n);
    }
}

/* ---- from other threads ---- */

void server_post(struct server *s, void (*fn)(void *arg), void *arg)
{
    mailbox_post(&s->mail, fn, arg);
}

void server_send(struct server *s, socket_ref to, struct str text)
{
    mailbox_text(&s->mail, to, text);
}

void server_posts_follow(struct server *s, bool more)
{
    mailbox_posts_follow(&s->mail, more);
}

static void give_text(void *arg, socket_ref to, struct str text)
{
    struct server *s = arg;
    sockets_send(s->sockets, to, text);
}

void server_send_here(struct server *s, socket_ref to, struct str text)
{
    sockets_send(s->sockets, to, text);
}

void server_close_here(struct server *s, socket_ref to, uint16_t code)
{
    sockets_close(s->sockets, to, code);
}

/* ---- life ---- */

struct server *server_new(const struct server_config *config, char ret_error[256])
{
    struct server *s = xcalloc(1, sizeof(*s));
    s->config = *config;
    if (!doors_open(&s->doors, config->host, config->port, ret_error)) {
        free(s);
        return NULL;
    }
    s->http = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_TURBO | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_UPGRADE | MHD_ALLOW_SUSPEND_RESUME, 0, NULL,
        NULL, server_on_request, s, MHD_OPTION_NOTIFY_COMPLETED, server_on_completed, s,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_POOL_BYTES, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)LIMIT_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_SECONDS,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, server_leave_escaped, NULL, MHD_OPTION_END);
    if (s->http == NULL) {
        snprintf(ret_error, 256, "libmicrohttpd does not start on port %u", s->doors.port);
        doors_close(&s->doors);
        free(s);
        return NULL;
    }
    s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    mailbox_open(&s->mail);
    s->sockets = sockets_new(s->epoll_fd, config->live);

    int http_fd = MHD_get_daemon_info(s->http, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    struct epoll_event ev = {.events = EPOLLIN, .data.u64 = DATA_HTTP};
    epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, http_fd, &ev);
    ev.data.u64 = DATA_MAIL;
    epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, s->mail.fd, &ev);
    doors_hear(&s->doors, s->epoll_fd, DATA_DOOR);
    return s;
}

uint16_t server_port(const struct server *s)
{
    return s->doors.port;
}

static void let_in(void *arg, int fd, const struct sockaddr *from, socklen_t n)
{
    struct server *s = arg;
    (void)MHD_add_connection(s->http, fd, from, n); /* above the limit it closes it */
}

static int wait_ms(struct server *s)
{
    MHD_UNSIGNED_LONG_LONG timeout;
    if (MHD_get_timeout(s->http, &timeout) == MHD_YES && timeout < TICK_MS)
        return (int)timeout;
    return TICK_MS;
}

/* One round: wait, hand out events, send what they produced. */
static void round_of_loop(struct server *s)
{
    struct epoll_event events[256];
    int n = epoll_wait(s->epoll_fd, events, COUNT(events), wait_ms(s));
    bool http = false, calls = false;
    for (int i = 0; i < n; i++) {
        uint64_t data = events[i].data.u64;
        if (data == DATA_HTTP)
            http = true;
        else if (data == DATA_DOOR)
            calls = true;
        else if (data == DATA_MAIL)
            mailbox_read(&s->mail, give_text, s);
        else
            sockets_ready(s->sockets, data, events[i].events);
    }
    if (calls)
        doors_accept(&s->doors, let_in, s);
    MHD_UNSIGNED_LONG_LONG timeout;
    int64_t mono_ms = clock_mono_us() / 1000;
    if (http || calls || mono_ms >= s->http_due_ms || (MHD_get_timeout(s->http, &timeout) == MHD_YES && timeout == 0)) {
        MHD_run(s->http);
        s->http_due_ms = mono_ms + TICK_MS; /* time-outs and clean-up, however busy the sockets are */
    }
    sockets_flush(s->sockets);
}

void server_run(struct server *s)
{
    int64_t next_tick = 0;
    int64_t next_second = 0;
    while (!atomic_load_explicit(&s->stopping, memory_order_relaxed)) {
        round_of_loop(s);
        int64_t mono_ms = clock_mono_us() / 1000;
        if (mono_ms >= next_tick) {
            next_tick = mono_ms + TICK_MS;
            doors_hear(&s->doors, s->epoll_fd, DATA_DOOR);
            s->config.live->tick(s->config.live->arg, clock_now_ms());
        }
        if (mono_ms >= next_second) {
            next_second = mono_ms + 1000;
            sockets_tick(s->sockets, mono_ms);
        }
    }
    /* Drain: no new work; clients are told to come back at different times; what runs may finish. */
    sockets_send_all(s->sockets, STR("{\"type\":\"reconnect\",\"after_ms\":500}"));
    int64_t until = clock_mono_us() + 5 * 1000000;
    do {
        round_of_loop(s);
    } while (s->in_flight > 0 && clock_mono_us() < until);
    s->ended = true;
}

bool server_ended(const struct server *s)
{
    return s->ended;
}

void server_stop(struct server *s)
{
    atomic_store(&s->stopping, true);
    mailbox_ring(&s->mail);
}

void server_free(struct server *s)
{
    if (s == NULL)
        return;
    mailbox_read(&s->mail, give_text, s); /* what workers posted last: frees it, and resumes what MHD must not find suspended */
    sockets_free(s->sockets);
    MHD_stop_daemon(s->http);
    doors_close(&s->doors);
    mailbox_close(&s->mail);
    close(s->epoll_fd);
    free(s);
}

struct server_figures server_figures(const struct server *s)
{
    struct server_figures f = {.requests = __atomic_load_n(&s->requests, __ATOMIC_RELAXED),
                               .refused = __atomic_load_n(&s->refused, __ATOMIC_RELAXED)};
    sockets_figures(s->sockets, &f);
    return f;
}
