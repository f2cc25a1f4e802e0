/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls against sockets that do what peers do: answer, redirect, send without end, say nothing, hang up. And which addresses
 * count as private.
 */
#include "base/table_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/time.h"
#include "net/call.h"

static const struct {
    const char *address;
    bool is_private;
} addresses[] = {
    {"127.0.0.1", true},       {"127.255.0.9", true},   {"0.0.0.0", true},          {"10.1.2.3", true},
    {"172.16.0.1", true},      {"172.31.255.255", true}, {"172.32.0.1", false},     {"192.168.1.1", true},
    {"192.167.1.1", false},    {"169.254.169.254", true}, {"100.64.0.1", true},     {"100.128.0.1", false},
    {"192.0.0.8", true},       {"198.18.0.1", true},    {"198.20.0.1", false},      {"224.0.0.1", true},
    {"255.255.255.255", true}, {"8.8.8.8", false},      {"93.184.216.34", false},   {"::1", true},
    {"::", true},              {"fe80::1", true},       {"fc00::1", true},          {"fd12::1", true},
    {"ff02::1", true},         {"2606:4700::1", false}, {"::ffff:10.0.0.1", true},  {"::ffff:8.8.8.8", false},
    {"64:ff9b::7f00:1", true}, {"64:ff9b::808:808", false}, {"2002:7f00:1::", true}, {"2001::1", true},
    {"localhost", true},       {"", true},              {"1.2.3", true},
};

static void private_networks_are_known(void **state)
{
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(addresses); i++)
        if (call_is_private(addresses[i].address) != addresses[i].is_private)
            row_failed(failed, addresses[i].address, "want %s", addresses[i].is_private ? "private" : "public");
    assert_int_equal(failed, 0);
}

static void text_is_escaped_for_an_address(void **state)
{
    struct arena a = {0};
    (void)state;
    assert_true(str_eq_c(call_escape(&a, STR("a-Z_0.~ &=%退\n")), "a-Z_0.~%20%26%3D%25%E9%80%80%0A"));
    assert_int_equal(call_escape(&a, STR_NONE).n, 0);
    arena_done(&a);
}

/* ---- peers -------------------------------------------------------------------------------------------------------------- */

/** A peer that takes connections one after the other, reads what comes first, and answers. */
struct peer {
    int listener;
    unsigned port;
    pthread_t thread;
    const char *answer;  /* NULL: says nothing, until the caller hangs up */
    bool endless;        /* repeats the answer's last character without end */
    char heard[4096];    /* of the newest connection */
    int connections;
};

static void serve_one(struct peer *p, int fd)
{
    ssize_t n = read(fd, p->heard, sizeof(p->heard) - 1);
    p->heard[n > 0 ? n : 0] = '\0';
    p->connections++;
    char rest[256];
    if (p->answer == NULL) {
        while (read(fd, rest, sizeof(rest)) > 0)
            ;
        return;
    }
    (void)!write(fd, p->answer, strlen(p->answer));
    memset(rest, 'x', sizeof(rest));
    while (p->endless && send(fd, rest, sizeof(rest), MSG_NOSIGNAL) > 0)
        ;
}

static void *serve(void *arg)
{
    struct peer *p = arg;
    for (int fd; (fd = accept(p->listener, NULL, NULL)) >= 0; close(fd))
        serve_one(p, fd);
    return NULL;
}

static void open_peer(struct peer *p)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(in);
    p->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(p->listener, (struct sockaddr *)&in, n), 0);
    assert_int_equal(listen(p->listener, 8), 0);
    assert_int_equal(getsockname(p->listener, (struct sockaddr *)&in, &n), 0);
    p->port = ntohs(in.sin_port);
    assert_int_equal(pthread_create(&p->thread, NULL, serve, p), 0);
}

static void close_peer(struct peer *p)
{
    shutdown(p->listener, SHUT_RDWR);
    close(p->listener);
    pthread_join(p->thread, NULL);
}

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n"

static const struct http_row {
    const char *name, *answer, *host;
    bool endless, closed_door, shut; /* private_ok is off; nobody listens */
    enum call_answer want;
    int status;
    const char *body;
} http_rows[] = {
    {"an answer", HEAD "Content-Length: 2\r\n\r\nok", "127.0.0.1", .want = CALL_OK, .status = 200, .body = "ok"},
    {"a refusal is an answer", "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", "127.0.0.1", .want = CALL_OK,
     .status = 503, .body = ""},
    {"a redirect is not followed", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
     "127.0.0.1", .want = CALL_OK, .status = 302, .body = ""},
    {"into a private network", HEAD "\r\n", "127.0.0.1", .closed_door = true, .want = CALL_FORBIDDEN},
    {"by a name", HEAD "\r\n", "localhost", .closed_door = true, .want = CALL_FORBIDDEN},
    {"an address in other digits", HEAD "\r\n", "2130706433", .closed_door = true, .want = CALL_FORBIDDEN},
    {"without end", HEAD "\r\nx", "127.0.0.1", .endless = true, .want = CALL_TOO_BIG},
    {"says nothing", NULL, "127.0.0.1", .want = CALL_TIMEOUT},
    {"hangs up", "", "127.0.0.1", .want = CALL_UNREACHABLE},
    {"speaks another language", "220 mail.example.com ESMTP\r\n", "127.0.0.1", .want = CALL_UNREACHABLE},
    {"nobody there", NULL, "127.0.0.1", .shut = true, .want = CALL_UNREACHABLE},
};

static enum call_answer ask(struct arena *a, const struct http_row *row, struct peer *p, struct call_reply *reply)
{
    struct call_header header = {STR("X-Key"), STR("abc")};
    struct call c = {.method = "POST", .headers = &header, .header_count = 1, .body = STR("{\"a\":1}"), .timeout_ms = 500,
                     .most_bytes = 1000, .private_ok = !row->closed_door};
    c.url = str_fmt(a, "http://%s:%u/path", row->host, p->port);
    return call_http(a, &c, reply);
}

static void peers_are_told_apart(void **state)
{
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(http_rows); i++) {
        const struct http_row *row = &http_rows[i];
        struct arena a = {0};
        struct peer p = {.answer = row->answer, .endless = row->endless};
        struct call_reply reply = {0};
        open_peer(&p);
        if (row->shut)
            close_peer(&p);
        enum call_answer got = ask(&a, row, &p, &reply);
        if (!row->shut)
            close_peer(&p);
        bool same = got == row->want && (got != CALL_OK || (reply.status == row->status && str_eq_c(reply.body, row->body)));
        if (!same)
            row_failed(failed, row->name, "%s %d \"%.*s\" (%.*s), want %s %d", call_answer_name(got), reply.status,
                       STR_ARG(reply.body), STR_ARG(reply.error), call_answer_name(row->want), row->status);
        if (row->closed_door && p.connections != 0)
            row_failed(failed, row->name, "was knocked at");
        if (got != CALL_OK && reply.error.n == 0)
            row_failed(failed, row->name, "no reason for people");
        arena_done(&a);
    }
    assert_int_equal(failed, 0);
}

static void a_request_says_what_it_was_given(void **state)
{
    struct arena a = {0};
    struct peer p = {.answer = HEAD "Content-Length: 0\r\n\r\n"};
    struct call_reply reply;
    (void)state;
    open_peer(&p);
    assert_int_equal(ask(&a, &http_rows[0], &p, &reply), CALL_OK);
    close_peer(&p);
    assert_non_null(strstr(p.heard, "POST /path HTTP/1.1\r\n"));
    assert_non_null(strstr(p.heard, "\r\nX-Key: abc\r\n"));
    assert_non_null(strstr(p.heard, "\r\n\r\n{\"a\":1}"));
    assert_true(str_eq_c(reply.content_type, "text/plain"));
    arena_done(&a);
}

static void other_protocols_are_refused(void **state)
{
    static const char *const urls[] = {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/",
                                       "smtp://127.0.0.1/", "", "//"};
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(urls); i++) {
        struct call c = {.method = "GET", .url = str_from(urls[i]), .private_ok = true, .timeout_ms = 300};
        struct call_reply reply;
        assert_int_not_equal(call_http(&a, &c, &reply), CALL_OK);
    }
    arena_done(&a);
}

static void *stop_soon(void *arg)
{
    struct timespec t = {.tv_nsec = 200000000};
    nanosleep(&t, NULL);
    atomic_store((atomic_bool *)arg, true);
    return NULL;
}

static void a_call_can_be_broken_off(void **state)
{
    struct arena a = {0};
    struct peer p = {.answer = NULL};
    atomic_bool stop = false;
    pthread_t thread;
    struct call_reply reply;
    (void)state;
    open_peer(&p);
    struct call c = {.method = "GET", .url = str_fmt(&a, "http://127.0.0.1:%u/", p.port), .private_ok = true, .stop = &stop};
    assert_int_equal(pthread_create(&thread, NULL, stop_soon, &stop), 0);
    int64_t began_us = clock_mono_us();
    assert_int_equal(call_http(&a, &c, &reply), CALL_STOPPED);
    assert_true(clock_mono_us() - began_us < 3000000);
    pthread_join(thread, NULL);
    close_peer(&p);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(private_networks_are_known),       cmocka_unit_test(text_is_escaped_for_an_address),
        cmocka_unit_test(peers_are_told_apart),             cmocka_unit_test(a_request_says_what_it_was_given),
        cmocka_unit_test(other_protocols_are_refused),      cmocka_unit_test(a_call_can_be_broken_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
