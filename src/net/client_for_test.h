/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A client for tests: a raw WebSocket on the path /live of 127.0.0.1, blocking, one thread at a time. Nothing here asserts,
 * because cmocka's assertions work on the main thread only: what goes wrong is an answer.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"

#define WAIT_MS 20000 /* sanitizers on a busy machine are slow */

struct client {
    int fd;
    struct buf in;
    json_t *frame; /* the last one given */
};

static bool send_all(int fd, const void *p, size_t n)
{
    for (const char *at = p; n > 0;) {
        ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        n -= (size_t)sent;
    }
    return true;
}

/* Reads more into c->in; false at the end or after @p wait_ms. */
static bool fill(struct client *c, int wait_ms)
{
    struct pollfd p = {.fd = c->fd, .events = POLLIN};
    char part[4096];
    if (poll(&p, 1, wait_ms) <= 0)
        return false;
    ssize_t n = recv(c->fd, part, sizeof(part), 0);
    if (n <= 0)
        return false;
    buf_add(&c->in, part, (size_t)n);
    return true;
}

static void drop_front(struct buf *b, size_t n)
{
    memmove(b->p, b->p + n, b->n - n);
    b->n -= n;
}

static bool client_open(struct client *c, uint16_t port)
{
    static const char ask[] = "GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *c = (struct client){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (c->fd < 0 || connect(c->fd, (const struct sockaddr *)&to, sizeof(to)) != 0 || !send_all(c->fd, ask, sizeof(ask) - 1))
        return false;
    size_t end;
    while ((end = str_find(buf_view(&c->in), STR("\r\n\r\n"), 0)) == SIZE_MAX) {
        if (!fill(c, WAIT_MS))
            return false;
    }
    bool good = str_starts(buf_view(&c->in), STR("HTTP/1.1 101")) &&
                str_has(buf_view(&c->in), STR("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")); /* RFC 6455, section 1.3 */
    drop_front(&c->in, end + 4);
    return good;
}

static void client_close(struct client *c)
{
    if (c->fd >= 0)
        close(c->fd);
    json_decref(c->frame);
    buf_done(&c->in);
    *c = (struct client){.fd = -1};
}

static bool client_send(struct client *c, struct str text)
{
    static const unsigned char mask[4] = {0x12, 0x34, 0x56, 0x78};
    unsigned char out[1024];
    size_t head = text.n < 126 ? 2 : 4;
    if (text.n > sizeof(out) - 8)
        return false;
    out[0] = 0x81;
    out[1] = (unsigned char)(0x80 | (text.n < 126 ? text.n : 126));
    if (head == 4) {
        out[2] = (unsigned char)(text.n >> 8);
        out[3] = (unsigned char)text.n;
    }
    memcpy(out + head, mask, 4);
    for (size_t i = 0; i < text.n; i++)
        out[head + 4 + i] = (unsigned char)text.p[i] ^ mask[i & 3];
    return send_all(c->fd, out, head + 4 + text.n);
}

/* The next text frame as JSON, borrowed until the next call; NULL at the end of the line or after @p wait_ms. */
static const json_t *client_next(struct client *c, int wait_ms)
{
    for (;;) {
        const unsigned char *p = (const unsigned char *)c->in.p;
        size_t head = c->in.n < 2 ? SIZE_MAX : p[1] < 126 ? 2 : p[1] == 126 ? 4 : 10;
        size_t n = 0;
        if (head != SIZE_MAX && c->in.n >= head) {
            n = head == 2 ? p[1] : 0;
            for (size_t i = 2; i < head; i++)
                n = n << 8 | p[i];
        }
        if (head == SIZE_MAX || c->in.n < head || c->in.n - head < n) {
            if (!fill(c, wait_ms))
                return NULL;
            continue;
        }
        bool text = p[0] == 0x81;
        bool end = p[0] == 0x88;
        json_decref(c->frame);
        c->frame = text ? json_read((struct str){c->in.p + head, n}, NULL) : NULL;
        drop_front(&c->in, head + n);
        if (text || end)
            return c->frame;
    }
}

/* Frames are skipped until one of @p type comes. */
static const json_t *client_wait(struct client *c, const char *type)
{
    const json_t *f;
    while ((f = client_next(c, WAIT_MS)) != NULL && !str_eq_c(json_str(f, "type"), type))
        ;
    return f;
}
