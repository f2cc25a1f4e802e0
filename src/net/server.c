/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop: one thread, one epoll, three kinds of things in it: libmicrohttpd's own epoll descriptor, the mailbox's
 * eventfd, and the live sockets.
 *
 * How          A request is collected, suspended, run on a worker and resumed by a post back. A WebSocket handshake is
 *              answered by an upgrade whose descriptor is duplicated: the copy is ours and libmicrohttpd forgets its
 *              connection at once, memory pool and all, so that an idle socket costs no HTTP connection.
 * Invariants   1. MHD_* is called on the loop thread only (but for MHD_resume's own signalling).
 *              2. An exchange belongs to the worker from its post until the post back.
 */
#include "net/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/log.h"
#include "base/time.h"
#include "net/door.h"
#include "net/exchange.h"
#include "net/server_private.h"
#include "net/socket.h"

#define HTTP_POOL_BYTES   (8 * 1024) /* request line and headers of one HTTP connection */
#define HTTP_IDLE_SECONDS 20
#define TICK_MS           100
/* epoll data of what is no live socket: references start at generation 1, so these never meet one */
#define DATA_HTTP 1u
#define DATA_MAIL 2u
#define DATA_DOOR 3u

/** Something to run on the loop, or, when fn is NULL, a text for a socket. */
struct post {
    void (*fn)(void *arg);
    void *arg;
    socket_ref to;
    size_t from, n; /* of the text in its mailbox */
};

/** Posts in order. Nothing is freed one by one: what one thread takes and another gives back is what malloc is slow at. */
struct mailbox {
    struct post *v;
    size_t n, cap;
    struct buf texts;
};

struct server {
    struct server_config config;
    struct MHD_Daemon *http;
    struct sockets *sockets;
    int epoll_fd, mail_fd;
    struct doors doors;
    atomic_bool stopping;
    bool ended; /* loop thread */

    pthread_mutex_t lock;
    struct mailbox mail; /* guarded by lock: filled by all threads */
    bool rung;           /* guarded by lock: mail_fd has been written and not read */
    struct mailbox read; /* loop thread: what was the mailbox before, and is run; then they change places again */

    int64_t http_due_ms;        /* loop thread: MHD_run() is due at the latest */
    int64_t in_flight;          /* loop thread: exchanges with workers */
    int large;                  /* loop thread: large bodies on their way in, or with workers */
    uint64_t requests, refused;
};

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

/* ---- mailbox ---- */

static _Thread_local bool quiet; /* this thread posts several and rings once, at the end */

static void ring(struct server *s)
{
    uint64_t one = 1;
    ssize_t n = write(s->mail_fd, &one, sizeof(one));
    (void)n; /* an eventfd write fails only when it is full, and then it is readable anyway */
}

static void post(struct server *s, struct post p, struct str text)
{
    pthread_mutex_lock(&s->lock);
    struct mailbox *m = &s->mail;
    if (m->n == m->cap) {
        m->cap = m->cap > 0 ? m->cap * 2 : 64;
        m->v = xrealloc(m->v, m->cap * sizeof(*m->v));
    }
    p.from = m->texts.n;
    p.n = text.n;
    buf_str(&m->texts, text);
    m->v[m->n++] = p;
    bool rings = !s->rung && !quiet;
    s->rung = s->rung || rings;
    pthread_mutex_unlock(&s->lock);
    if (rings)
        ring(s);
}

void server_post(struct server *s, void (*fn)(void *arg), void *arg)
{
    post(s, (struct post){.fn = fn, .arg = arg}, STR_NONE);
}

void server_send(struct server *s, socket_ref to, struct str text)
{
    post(s, (struct post){.to = to}, text);
}

void server_posts_follow(struct server *s, bool more)
{
    quiet = more;
    if (more)
        return;
    pthread_mutex_lock(&s->lock);
    bool rings = s->mail.n > 0 && !s->rung;
    s->rung = s->rung || rings;
    pthread_mutex_unlock(&s->lock);
    if (rings)
        ring(s);
}

#define MAIL_KEPT (64 * KIB) /* of posts and of texts; what a rush needed beyond is given back */

static void mailbox_empty(struct mailbox *m)
{
    if (m->cap * sizeof(*m->v) > MAIL_KEPT) {
        free(m->v);
        *m = (struct mailbox){.texts = m->texts};
    }
    m->n = m->texts.n = 0;
    if (m->texts.cap > MAIL_KEPT)
        buf_done(&m->texts);
}

static void mailbox_free(struct mailbox *m)
{
    free(m->v);
    buf_done(&m->texts);
}

static void read_mail(struct server *s)
{
    uint64_t count;
    ssize_t n = read(s->mail_fd, &count, sizeof(count));
    (void)n;
    pthread_mutex_lock(&s->lock);
    struct mailbox m = s->mail;
    s->mail = s->read;
    s->read = (struct mailbox){0};
    s->rung = false;
    pthread_mutex_unlock(&s->lock);
    for (size_t i = 0; i < m.n; i++) {
        const struct post *p = &m.v[i];
        if (p->fn != NULL)
            p->fn(p->arg);
        else
            sockets_send(s->sockets, p->to, (struct str){m.texts.p + p->from, p->n});
    }
    mailbox_empty(&m);
    s->read = m;
}

void server_send_here(struct server *s, socket_ref to, struct str text)
{
    sockets_send(s->sockets, to, text);
}

void server_close_here(struct server *s, socket_ref to, uint16_t code)
{
    sockets_close(s->sockets, to, code);
}

/* ---- HTTP ---- */

static void resume_posted(void *arg)
{
    struct exchange *x = arg;
    x->server->in_flight--;
    x->answered = true;
    MHD_resume_connection(x->connection);
    x->server->http_due_ms = 0; /* it goes on in MHD_run(), which nothing else would wake */
}

static enum work_answer run_posted(void *arg)
{
    struct exchange *x = arg;
    exchange_run(x);
    server_post(x->server, resume_posted, x);
    return WORK_DONE;
}

static void hand_to_worker(struct server *s, struct exchange *x)
{
    MHD_suspend_connection(x->connection);
    s->in_flight++;
    struct work *w = x->rq.route != NULL && x->rq.route->slow ? s->config.slow : s->config.workers;
    work_post(w, 0, run_posted, x);
}

/* A response over bytes that outlive it: assets, literals, or the exchange's arena (freed on completion). */
static struct MHD_Response *response_over(struct str bytes)
{
    static char empty[1];
    return MHD_create_response_from_buffer(bytes.n, bytes.n > 0 ? (void *)(uintptr_t)bytes.p : empty,
                                           MHD_RESPMEM_PERSISTENT);
}

static void common_headers(struct MHD_Response *r)
{
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(r, "Referrer-Policy", "same-origin");
}

static enum MHD_Result queue_file(struct MHD_Connection *c, const struct file_reply *f)
{
    struct MHD_Response *r = response_over(f->body);
    common_headers(r);
    MHD_add_response_header(r, "Content-Type", f->type);
    MHD_add_response_header(r, "Cache-Control", f->cache);
    if (f->encoding != NULL)
        MHD_add_response_header(r, "Content-Encoding", f->encoding);
    if (f->csp != NULL)
        MHD_add_response_header(r, "Content-Security-Policy", f->csp);
    MHD_add_response_header(r, "Vary", "Accept-Encoding");
    enum MHD_Result rc = MHD_queue_response(c, MHD_HTTP_OK, r);
    MHD_destroy_response(r);
    return rc;
}

static enum MHD_Result queue_reply(struct MHD_Connection *c, const struct exchange *x)
{
    const struct reply *p = &x->reply;
    struct MHD_Response *r = response_over(p->body);
    common_headers(r);
    if (p->body.n > 0)
        MHD_add_response_header(r, "Content-Type", p->type);
    MHD_add_response_header(r, "Cache-Control", p->cache != NULL ? p->cache : "no-store");
    if (p->csp != NULL)
        MHD_add_response_header(r, "Content-Security-Policy", p->csp);
    MHD_add_response_header(r, "X-Request-Id", x->rq.id);
    if (p->set_cookie.n > 0) {
        struct buf cookie = {0};
        buf_str(&cookie, p->set_cookie);
        if (str_eq_c(str_from(MHD_lookup_connection_value(c, MHD_HEADER_KIND, "X-Forwarded-Proto")), "https"))
            buf_c(&cookie, "; Secure");
        buf_char(&cookie, '\0');
        MHD_add_response_header(r, "Set-Cookie", cookie.p);
        buf_done(&cookie);
    }
    if (p->retry_after_s > 0) {
        char seconds[16];
        snprintf(seconds, sizeof(seconds), "%d", p->retry_after_s);
        MHD_add_response_header(r, "Retry-After", seconds);
    }
    if (p->status == 401)
        MHD_add_response_header(r, "WWW-Authenticate", "Bearer");
    enum MHD_Result rc = MHD_queue_response(c, (unsigned)p->status, r);
    MHD_destroy_response(r);
    return rc;
}

static void on_upgrade(void *cls, struct MHD_Connection *c, void *req_cls, const char *extra, size_t extra_n,
                       MHD_socket fd, struct MHD_UpgradeResponseHandle *urh)
{
    struct server *s = cls;
    (void)req_cls;
    char remote[64];
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    server_address_text(info != NULL ? info->client_addr : NULL, remote, sizeof(remote));
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (own >= 0 && sockets_add(s->sockets, own, str_from(remote), (struct str){extra, extra_n}) == 0) {
        close(own);
        COUNT_UP(s->refused);
    }
    MHD_upgrade_action(urh, MHD_UPGRADE_ACTION_CLOSE);
}

static const char *header_of(struct MHD_Connection *c, const char *name)
{
    return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

/* A browser names the page's origin: it must be ours (any scheme, the proxy may speak TLS) or a listed one. */
static bool origin_allowed(const struct server *s, struct MHD_Connection *c)
{
    struct str origin = str_from(header_of(c, "Origin"));
    if (origin.n == 0)
        return true; /* no browser */
    struct str host = str_from(header_of(c, "Host"));
    size_t at = str_find(origin, STR("://"), 0);
    if (at != SIZE_MAX && host.n > 0 && str_eq(str_sub(origin, at + 3, SIZE_MAX), host))
        return true;
    for (const char *const *o = s->config.origins; o != NULL && *o != NULL; o++) {
        if (str_eq_c(origin, *o))
            return true;
    }
    return false;
}

static bool has_token(const char *header, const char *token)
{
    return header != NULL && strcasestr(header, token) != NULL;
}

static enum MHD_Result queue_plain(struct MHD_Connection *c, unsigned status, const char *text)
{
    struct MHD_Response *r = response_over(str_from(text));
    MHD_add_response_header(r, "Content-Type", "text/plain; charset=utf-8");
    enum MHD_Result rc = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return rc;
}

static enum MHD_Result upgrade(struct server *s, struct MHD_Connection *c)
{
    const char *key = header_of(c, "Sec-WebSocket-Key");
    const char *version = header_of(c, "Sec-WebSocket-Version");
    if (!has_token(header_of(c, "Upgrade"), "websocket") || !has_token(header_of(c, "Connection"), "upgrade") ||
        key == NULL || strlen(key) != 24 || version == NULL || strcmp(version, "13") != 0)
        return queue_plain(c, MHD_HTTP_BAD_REQUEST, "This address speaks WebSocket, version 13.\n");
    if (!origin_allowed(s, c))
        return queue_plain(c, MHD_HTTP_FORBIDDEN, "This page's origin may not connect.\n");
    if (atomic_load(&s->stopping) || sockets_count(s->sockets) >= LIMIT_CONNECTIONS - 100) {
        COUNT_UP(s->refused);
        return queue_plain(c, MHD_HTTP_SERVICE_UNAVAILABLE, "Too many connections; try again soon.\n");
    }
    struct arena a = {0};
    struct MHD_Response *r = MHD_create_response_for_upgrade(on_upgrade, s);
    MHD_add_response_header(r, "Upgrade", "websocket");
    MHD_add_response_header(r, "Sec-WebSocket-Accept", str_c(&a, socket_accept_value(&a, str_from(key))));
    arena_done(&a);
    enum MHD_Result rc = MHD_queue_response(c, MHD_HTTP_SWITCHING_PROTOCOLS, r);
    MHD_destroy_response(r);
    return rc;
}

static bool method_from(const char *name, enum method *ret)
{
    static const char *const names[] = {
        [METHOD_GET] = "GET", [METHOD_POST] = "POST", [METHOD_PUT] = "PUT", [METHOD_DELETE] = "DELETE"};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            *ret = (enum method)i;
            return true;
        }
    }
    return false;
}

/* libmicrohttpd shall leave %41 as it came: undone before the path is cut at its slashes, "a%2Fb" would be two segments,
 * "a%00b" would end there, and what stands in a segment would be undone twice. net/exchange.c does it, segment by segment. */
static size_t leave_escaped(void *cls, struct MHD_Connection *c, char *s)
{
    (void)cls;
    (void)c;
    return strlen(s);
}

/* "Name : value" (RFC 9112, section 5.1): libmicrohttpd takes it, and others on the way may read another request. */
static enum MHD_Result find_spaced_name(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    bool *found = cls;
    (void)kind;
    (void)value;
    *found = *found || strpbrk(name, " \t") != NULL;
    return MHD_YES;
}

/* Before the first byte of a large body: from a stranger, or one too many, it is passed over as it comes in. */
static void expect_raw(struct server *s, struct exchange *x)
{
    if (s->config.may_send == NULL || !s->config.may_send(s->config.auth_arg, x->token, x->rq.now_ms)) {
        x->unwanted = true; /* why not is for check_caller() to say, on a worker */
    } else if (s->large >= LIMIT_UPLOADS_AT_ONCE) {
        x->reply = (struct reply){.status = 503, .problem = "busy", .retry_after_s = 2,
                                  .detail = "Too many files are coming in just now; try again in a moment."};
    } else {
        x->counted = true;
        s->large++;
    }
}

/* First call of a request: finds its row, or its refusal. */
static void begin(struct server *s, struct exchange *x, const char *method)
{
    enum method m = METHOD_GET;
    bool head = strcmp(method, "HEAD") == 0;
    bool spaced = false;
    MHD_get_connection_values(x->connection, MHD_HEADER_KIND, find_spaced_name, &spaced);
    if (spaced) {
        x->reply = reply_problem(400, "bad_header", "A header's name holds a space.");
        return;
    }
    if (!str_is_utf8(x->rq.path)) {
        x->reply = reply_problem(400, "bad_path", "The path is not valid UTF-8.");
        return;
    }
    enum route_match found = head || method_from(method, &m) ? route_find(&s->config, x, m, x->rq.path) : ROUTE_OTHER_METHOD;
    if (found == ROUTE_FOUND && x->rq.route->raw)
        expect_raw(s, x);
    if (found == ROUTE_FOUND)
        return;
    struct str accept = str_from(header_of(x->connection, "Accept-Encoding"));
    struct str path;
    if (m == METHOD_GET && s->config.file != NULL && percent_decode(&x->arena, x->rq.path, &path) &&
        s->config.file(s->config.file_arg, &x->arena, path, accept, &x->file))
        return;
    x->reply = found == ROUTE_OTHER_METHOD
                   ? reply_problem(405, "method_not_allowed", "This address does not know this method.")
                   : reply_problem(404, "not_found", "There is nothing at this address.");
}

static enum MHD_Result take_body(struct exchange *x, const char *data, size_t *n)
{
    size_t max = x->rq.route != NULL && x->rq.route->max_body > 0 ? x->rq.route->max_body : LIMIT_BODY_BYTES;
    if (x->rq.route == NULL || x->body.n + *n > max)
        x->too_large = x->rq.route != NULL;
    else if (x->reply.status == 0 && !x->unwanted)
        buf_add(&x->body, data, *n);
    *n = 0;
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *data, size_t *data_n, void **req_cls)
{
    struct server *s = cls;
    (void)version;
    struct exchange *x = *req_cls;
    if (x == NULL) {
        if (strcmp(url, s->config.live_path) == 0 && strcmp(method, "GET") == 0)
            return upgrade(s, c);
        COUNT_UP(s->requests);
        *req_cls = x = exchange_new(s, c, url, method);
        begin(s, x, method);
        return MHD_YES;
    }
    if (*data_n > 0)
        return take_body(x, data, data_n);
    if (x->file.body.p != NULL)
        return queue_file(c, &x->file);
    if (!x->answered) {
        if (x->too_large && x->reply.status == 0)
            x->reply = reply_problem(413, "too_large", "The body is larger than this address takes.");
        hand_to_worker(s, x);
        return MHD_YES;
    }
    return queue_reply(c, x);
}

static void on_completed(void *cls, struct MHD_Connection *c, void **req_cls, enum MHD_RequestTerminationCode why)
{
    struct server *s = cls;
    struct exchange *x = *req_cls;
    (void)c;
    (void)why;
    if (x != NULL && x->counted)
        s->large--;
    if (x != NULL)
        exchange_free(x);
    *req_cls = NULL;
}

/* ---- life ---- */

struct server *server_new(const struct server_config *config, char ret_error[256])
{
    struct server *s = xcalloc(1, sizeof(*s));
    s->config = *config;
    pthread_mutex_init(&s->lock, NULL);
    if (!doors_open(&s->doors, config->host, config->port, ret_error)) {
        free(s);
        return NULL;
    }
    s->http = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_TURBO | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_UPGRADE | MHD_ALLOW_SUSPEND_RESUME, 0, NULL,
        NULL, on_request, s, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_POOL_BYTES, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)LIMIT_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_SECONDS,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_END);
    if (s->http == NULL) {
        snprintf(ret_error, 256, "libmicrohttpd does not start on port %u", s->doors.port);
        doors_close(&s->doors);
        free(s);
        return NULL;
    }
    s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    s->mail_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    s->sockets = sockets_new(s->epoll_fd, config->live);

    int http_fd = MHD_get_daemon_info(s->http, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    struct epoll_event ev = {.events = EPOLLIN, .data.u64 = DATA_HTTP};
    epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, http_fd, &ev);
    ev.data.u64 = DATA_MAIL;
    epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, s->mail_fd, &ev);
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
            read_mail(s);
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
    uint64_t one = 1;
    ssize_t n = write(s->mail_fd, &one, sizeof(one));
    (void)n;
}

void server_free(struct server *s)
{
    if (s == NULL)
        return;
    read_mail(s); /* what workers posted last: frees it, and resumes what MHD must not find suspended */
    sockets_free(s->sockets);
    MHD_stop_daemon(s->http);
    doors_close(&s->doors);
    close(s->mail_fd);
    close(s->epoll_fd);
    pthread_mutex_destroy(&s->lock);
    mailbox_free(&s->mail);
    mailbox_free(&s->read);
    free(s);
}

struct server_figures server_figures(const struct server *s)
{
    struct server_figures f = {.requests = __atomic_load_n(&s->requests, __ATOMIC_RELAXED),
                               .refused = __atomic_load_n(&s->refused, __ATOMIC_RELAXED)};
    sockets_figures(s->sockets, &f);
    return f;
}
