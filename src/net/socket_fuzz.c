/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target of a whole connection: HTTP bytes in front, WebSocket frames behind, in pieces of any size, with a reader
 * that reads or does not. Whatever comes, the server lives, frees everything, and what it says back is well-formed.
 *
 * How          One thread. The server is included with its waiting and its workers taken out, its connection is one end
 *              of a socket pair, and the loop goes round by hand. The first byte of an input says how the rest is meant
 *              (enum), so that a mutation reaches the frames without guessing a handshake or a mask.
 */
#include <sys/epoll.h>

#include "base/log.h"
#include "base/work.h"

#define epoll_wait(fd, events, n, ms) epoll_wait(fd, events, n, 0 * (ms))
#define work_post(w, key, fn, arg) ((void)(w), (void)(key), (void)fn(arg))
#include "net/server.c" /* its loop and its sockets, which no header shows */
#include "net/server_http.c" /* its workers */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum {
    SHAKES_HANDS = 1, /* a good handshake stands in front */
    FRAMES = 2,       /* the rest is frames as (first byte, length, payload), made well and masked */
    READS = 4,        /* the client reads what it is sent */
    HALF_CLOSES = 8,  /* the client ends its side and goes on reading */
};

static const char handshake[] = "GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

/* ---- what the server serves ---- */

static struct server *fuzzed;
static int open_sockets;

static struct reply give_back(struct request *rq)
{
    struct buf b = {.arena = rq->arena};
    struct json_out o = json_to(&b);
    jo_open(&o);
    for (size_t i = 0; i < COUNT(rq->segment) && rq->segment[i].p != NULL; i++)
        jo_kt(&o, "segment", rq->segment[i]);
    jo_kt(&o, "q", rq->query(rq, "q"));
    if (rq->body != NULL) {
        jo_key(&o, "body");
        jo_json(&o, rq->body);
    }
    jo_close(&o);
    return reply_json(&b);
}

static const struct field body_shape[] = {
    {"text", FIELD_TEXT, .required = true, .min = 1, .max = 10}, {"n", FIELD_INT, .min = 1, .max = 9}, {"list", .type = FIELD_ARRAY},
    {"way", FIELD_CHOICE, .choices = "a|b"}, {"more", FIELD_OBJECT, .max = 100}, {0}};
static const struct field query_shape[] = {{"q", FIELD_TEXT, .max = 20}, {"n", .type = FIELD_INT}, {0}};
static const struct route routes[] = {
    {METHOD_GET, "/a/:x", give_back, .query = query_shape},
    {METHOD_POST, "/a/:x/b/:y", give_back, .needs = 1, .body = body_shape, .max_body = 4000},
    {METHOD_DELETE, "/a", give_back, .needs = 2},
};
static const struct route_group group = {routes, COUNT(routes), NULL};

static bool good_token(void *arg, struct arena *a, struct str token, bool from_cookie, int64_t now_ms, struct actor *ret)
{
    (void)arg;
    (void)a;
    (void)from_cookie;
    (void)now_ms;
    ret->roles = 1;
    return str_eq_c(token, "good");
}

static bool page(void *arg, struct arena *a, struct str path, struct str accept_encoding, struct file_reply *ret)
{
    (void)arg;
    (void)a;
    (void)accept_encoding;
    assert(str_is_utf8(path));
    *ret = (struct file_reply){.body = STR("page"), .type = "text/plain", .cache = "no-cache", .encoding = "gzip", .csp = "x"};
    return str_eq_c(path, "/page");
}

static void on_opened(void *arg, socket_ref s, struct str remote)
{
    (void)arg;
    (void)s;
    (void)remote;
    open_sockets++;
}

static void on_closed(void *arg, socket_ref s)
{
    (void)arg;
    server_send_here(fuzzed, s, STR("too late"));
    open_sockets--;
}

/* What the other side asks for by its first letter; else its own words come back. */
static void on_frame(void *arg, socket_ref s, struct str text)
{
    (void)arg;
    static char big[70000];
    assert(str_is_utf8(text) || memchr(text.p, 0, text.n) != NULL);
    assert(text.n <= LIMIT_FRAME_BYTES);
    memset(big, 'x', sizeof(big));
    switch (text.n > 0 ? text.p[0] : 0) {
    case 'c': server_close_here(fuzzed, s, 1000); break;
    case 'b': server_send_here(fuzzed, s, (struct str){big, sizeof(big)}); break;
    case 'm': server_send(fuzzed, s, text); break;
    case 'a': sockets_send_all(fuzzed->sockets, text); break;
    case 't': sockets_tick(fuzzed->sockets, clock_mono_us() / 1000 + 1000000); break;
    default: server_send_here(fuzzed, s, text); break;
    }
}

static void no_tick(void *arg, int64_t now_ms)
{
    (void)arg;
    (void)now_ms;
}

static void start(void)
{
    static const struct socket_events events = {.opened = on_opened, .frame = on_frame, .closed = on_closed, .tick = no_tick};
    char why[256];
    struct server_config config = {.host = "127.0.0.1", .groups = &group, .group_count = 1, .authenticate = good_token,
                                   .file = page, .live = &events, .live_path = "/live"};
    log_set_level(LOG_ERROR);
    fuzzed = server_new(&config, why);
    assert(fuzzed != NULL);
}

/* ---- the client ---- */

struct fuzz_client {
    int fd;
    unsigned how;
    struct buf heard;
};

static void hear(struct fuzz_client *c)
{
    char part[16384];
    ssize_t n;
    while ((c->how & READS) != 0 && (n = recv(c->fd, part, sizeof(part), MSG_DONTWAIT)) > 0)
        buf_add(&c->heard, part, (size_t)n);
}

static void go_round(struct fuzz_client *c)
{
    for (int i = 0; i < 3; i++) {
        round_of_loop(fuzzed);
        hear(c);
    }
}

static void tell(struct fuzz_client *c, const void *p, size_t n)
{
    ssize_t sent = send(c->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)sent; /* it may have closed */
    go_round(c);
}

/* (first byte, length, payload) → a masked frame. */
static void tell_frames(struct fuzz_client *c, struct str rest)
{
    struct buf out = {0};
    while (rest.n >= 2) {
        unsigned char first = (unsigned char)rest.p[0];
        size_t n = (unsigned char)rest.p[1];
        size_t times = n == 255 ? 70 : 1; /* 255: a long one */
        rest = str_sub(rest, 2, SIZE_MAX);
        struct str payload = str_sub(rest, 0, n);
        rest = str_sub(rest, payload.n, SIZE_MAX);
        size_t all = payload.n * times;
        buf_char(&out, (char)first);
        buf_char(&out, (char)(0x80 | (all < 126 ? all : 126)));
        if (all >= 126) {
            buf_char(&out, (char)(all >> 8));
            buf_char(&out, (char)all);
        }
        buf_add(&out, "\1\2\3\4", 4);
        for (size_t i = 0; i < all; i++)
            buf_char(&out, (char)(payload.p[i % payload.n] ^ (char)(1 + i % 4)));
        if (first % 3 == 0) { /* some leave together, some in two */
            size_t half = out.n / 2;
            tell(c, out.p, half);
            tell(c, out.p + half, out.n - half);
            out.n = 0;
        }
    }
    tell(c, out.p, out.n);
    buf_done(&out);
}

/* Pieces: the length of each is its first byte. */
static void tell_pieces(struct fuzz_client *c, struct str rest)
{
    while (rest.n > 0) {
        size_t n = (size_t)(unsigned char)rest.p[0] + 1;
        struct str piece = str_sub(rest, 1, n == 256 ? SIZE_MAX : n);
        rest = str_sub(rest, 1 + piece.n, SIZE_MAX);
        tell(c, piece.p, piece.n);
    }
}

/* What a server may say after its 101: frames without a mask, whole, of a right length, and nothing behind a close. */
static void check_heard(struct str s)
{
    size_t end = str_find(s, STR("\r\n\r\n"), 0);
    if (!str_starts(s, STR("HTTP/1.1 101")) || end == SIZE_MAX)
        return;
    s = str_sub(s, end + 4, SIZE_MAX);
    bool closed = false;
    while (s.n >= 2) {
        const unsigned char *p = (const unsigned char *)s.p;
        size_t head = p[1] < 126 ? 2 : p[1] == 126 ? 4 : 10;
        unsigned opcode = p[0] & 0x0fu;
        assert((p[0] & 0xf0) == 0x80 && (p[1] & 0x80) == 0 && !closed);
        assert(opcode == 1 || opcode == 8 || opcode == 9 || opcode == 10);
        if (s.n < head)
            return;
        size_t n = head == 2 ? p[1] : 0;
        for (size_t i = 2; i < head; i++)
            n = n << 8 | p[i];
        assert(head == 2 || n >= (head == 4 ? 126u : 65536u));
        assert(opcode == 1 || n < 126);
        closed = opcode == 8;
        s = str_sub(s, head + n, SIZE_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (fuzzed == NULL)
        start();
    int ends[2];
    if (n == 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
        return 0;
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (MHD_add_connection(fuzzed->http, ends[1], (const struct sockaddr *)&from, sizeof(from)) != MHD_YES)
        abort();
    fuzzed->http_due_ms = 0; /* nothing else says that there is a new one */
    struct fuzz_client c = {.fd = ends[0], .how = bytes[0]};
    struct str rest = {(const char *)bytes + 1, n - 1};
    if ((c.how & SHAKES_HANDS) != 0)
        tell(&c, handshake, sizeof(handshake) - 1);
    if ((c.how & FRAMES) != 0)
        tell_frames(&c, rest);
    else
        tell_pieces(&c, rest);
    if ((c.how & HALF_CLOSES) != 0) {
        shutdown(c.fd, SHUT_WR);
        go_round(&c);
    }
    close(c.fd);
    for (int i = 0; i < 1000; i++) {
        round_of_loop(fuzzed);
        fuzzed->http_due_ms = 0;
        if (open_sockets == 0 && MHD_get_daemon_info(fuzzed->http, MHD_DAEMON_INFO_CURRENT_CONNECTIONS)->num_connections == 0)
            break;
    }
    assert(open_sockets == 0 && sockets_count(fuzzed->sockets) == 0 && fuzzed->in_flight == 0);
    assert(MHD_get_daemon_info(fuzzed->http, MHD_DAEMON_INFO_CURRENT_CONNECTIONS)->num_connections == 0);
    check_heard(buf_view(&c.heard));
    buf_done(&c.heard);
    return 0;
}
