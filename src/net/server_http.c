/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests on the loop: a request is collected, suspended, run on a worker and resumed by a post back, or is a WebSocket
 * handshake and becomes a live socket.
 *
 * How          The handshake is answered by an upgrade whose descriptor is duplicated: the copy is ours and libmicrohttpd
 *              forgets its connection at once, memory pool and all, so that an idle socket costs no HTTP connection.
 * Invariants   1. MHD_* is called on the loop thread only (but for MHD_resume's own signalling).
 *              2. An exchange belongs to the worker from its post until the post back.
 */
#include "net/server_private.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limit.h"
#include "net/exchange.h"

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
size_t server_leave_escaped(void *cls, struct MHD_Connection *c, char *s)
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

enum MHD_Result server_on_request(void *cls, struct MHD_Connection *c, const char *url, const char *method,
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

void server_on_completed(void *cls, struct MHD_Connection *c, void **req_cls, enum MHD_RequestTerminationCode why)
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
