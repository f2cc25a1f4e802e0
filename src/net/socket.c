/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Live sockets: a table of slots; a reference is (generation, slot), so that a late sender finds a stranger's socket
 * never.
 *
 * Reading is in socket_read.c. Writing: a server's text frame is a header of two to ten bytes before the text (RFC 6455,
 * section 5.2), put into the socket's buffer; all that one round of the loop gives a socket leaves in one send(2).
 */
#include "net/socket_private.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gnutls/crypto.h>
#include <sodium.h>

#include "base/limit.h"
#include "base/time.h"

#define NONE UINT32_MAX
#define SILENT_PING_MS  (60 * 1000)
#define SILENT_CLOSE_MS (150 * 1000)
#define OUT_BYTES       2048 /* what a turn says fits in it; longer ones are not kept */

struct sockets *sockets_new(int epoll_fd, const struct socket_events *events)
{
    struct sockets *ss = xcalloc(1, sizeof(*ss));
    ss->epoll_fd = epoll_fd;
    ss->events = events;
    ss->free = ss->dirty = NONE;
    ss->now_s = (uint32_t)(clock_mono_us() / 1000000); /* sockets may come before the first tick */
    return ss;
}

static char *take_out(struct sockets *ss)
{
    return ss->spare_outs_n > 0 ? ss->spare_outs[--ss->spare_outs_n] : xmalloc(OUT_BYTES);
}

static void forget_out(struct sockets *ss, struct sock *s)
{
    if (s->out_cap == OUT_BYTES && ss->spare_outs_n < OUTS_KEPT)
        ss->spare_outs[ss->spare_outs_n++] = s->out;
    else
        free(s->out);
    s->out = NULL;
    s->out_n = s->out_cap = 0;
}

static void destroy(struct sockets *ss, struct sock *s)
{
    if (s->ws != NULL)
        wslay_event_context_free(s->ws);
    /* Said explicitly: libmicrohttpd may hold a duplicate of the descriptor for another moment, and a registration lives
     * as long as the last duplicate, reporting events for a socket that nobody knows any more. */
    epoll_ctl(ss->epoll_fd, EPOLL_CTL_DEL, s->fd, NULL);
    close(s->fd);
    forget_out(ss, s);
    uint32_t generation = s->generation;
    bool dirty = s->dirty;
    uint32_t next = s->next_dirty;
    *s = (struct sock){.fd = -1, .generation = generation + 1};
    __atomic_store_n(&ss->count, ss->count - 1, __ATOMIC_RELAXED);
    if (dirty) { /* still linked in the dirty list: sockets_flush() frees the slot */
        s->dirty = true;
        s->next_dirty = next;
        return;
    }
    s->next_dirty = ss->free;
    ss->free = (uint32_t)(s - ss->v);
}

static void drop(struct sockets *ss, struct sock *s)
{
    ss->events->closed(ss->events->arg, ref_of(ss, s));
    destroy(ss, s);
}

void sockets_free(struct sockets *ss)
{
    if (ss == NULL)
        return;
    for (uint32_t i = 0; i < ss->cap; i++) {
        if (ss->v[i].fd >= 0)
            destroy(ss, &ss->v[i]);
    }
    while (ss->spare_outs_n > 0)
        free(take_out(ss));
    if (ss->spare_ws != NULL)
        wslay_event_context_free(ss->spare_ws);
    free(ss->v);
    free(ss);
}

static bool grow(struct sockets *ss)
{
    if (ss->cap >= LIMIT_CONNECTIONS)
        return false;
    uint32_t cap = MIN(ss->cap > 0 ? ss->cap * 2 : 64u, (uint32_t)LIMIT_CONNECTIONS);
    ss->v = xrealloc(ss->v, cap * sizeof(*ss->v));
    for (uint32_t i = cap; i-- > ss->cap;) {
        ss->v[i] = (struct sock){.fd = -1, .generation = 1, .next_dirty = ss->free};
        ss->free = i;
    }
    ss->cap = cap;
    return true;
}

void sock_mark_dirty(struct sockets *ss, struct sock *s)
{
    if (s->dirty)
        return;
    s->dirty = true;
    s->next_dirty = ss->dirty;
    ss->dirty = (uint32_t)(s - ss->v);
}

void sock_queue_bytes(struct sockets *ss, struct sock *s, const void *p, size_t n)
{
    if (s->closing || n == 0)
        return;
    if (s->out == NULL) {
        s->out = take_out(ss);
        s->out_cap = OUT_BYTES;
    }
    if (s->out_n + n > s->out_cap) {
        size_t cap = MAX((size_t)s->out_cap * 2, s->out_n + n);
        s->out = xrealloc(s->out, cap);
        s->out_cap = (uint32_t)cap;
    }
    memcpy(s->out + s->out_n, p, n);
    s->out_n += (uint32_t)n;
    sock_mark_dirty(ss, s);
}

static void queue_text(struct sockets *ss, struct sock *s, struct str text)
{
    unsigned char head[10] = {0x81}; /* FIN, text */
    size_t n = 2;
    if (text.n < 126) {
        head[1] = (unsigned char)text.n;
    } else if (text.n < 65536) {
        head[1] = 126;
        head[2] = (unsigned char)(text.n >> 8);
        head[3] = (unsigned char)text.n;
        n = 4;
    } else {
        head[1] = 127;
        for (size_t i = 0; i < 8; i++)
            head[2 + i] = (unsigned char)((uint64_t)text.n >> (56 - 8 * i));
        n = 10;
    }
    sock_queue_bytes(ss, s, head, n);
    sock_queue_bytes(ss, s, text.p, text.n);
    COUNT_UP(ss->frames_out);
}

void sock_queue_close(struct sockets *ss, struct sock *s, uint16_t code)
{
    unsigned char frame[4] = {0x88, 2, (unsigned char)(code >> 8), (unsigned char)code};
    sock_queue_bytes(ss, s, frame, sizeof(frame));
    s->closing = s->said_close = true;
}

static void read_socket(struct sockets *ss, struct sock *s)
{
    ssize_t n = recv(s->fd, ss->read_buffer, sizeof(ss->read_buffer), MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        drop(ss, s);
        return;
    }
    if (s->closing)
        return; /* nor does it count as heard: who does not read its close frame is dropped in the end */
    s->heard_s = ss->now_s;
    s->pinged = false;
    ss->input = (struct str){(const char *)ss->read_buffer, (size_t)n};
    sock_feed(ss, s);
}

static void watch(struct sockets *ss, struct sock *s, bool want_write)
{
    if (s->want_write == want_write)
        return;
    struct epoll_event ev = {.events = EPOLLIN | EPOLLRDHUP | (want_write ? (uint32_t)EPOLLOUT : 0u),
                             .data.u64 = ref_of(ss, s)};
    epoll_ctl(ss->epoll_fd, EPOLL_CTL_MOD, s->fd, &ev);
    s->want_write = want_write;
}

static void write_socket(struct sockets *ss, struct sock *s)
{
    uint32_t sent = 0;
    while (sent < s->out_n) {
        ssize_t n = send(s->fd, s->out + sent, s->out_n - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            break;
        if (n <= 0) {
            drop(ss, s);
            return;
        }
        sent += (uint32_t)n;
    }
    if (sent == s->out_n) {
        forget_out(ss, s);
        if (s->closing) {
            shutdown(s->fd, SHUT_WR);
            drop(ss, s);
            return;
        }
        watch(ss, s, false);
        return;
    }
    memmove(s->out, s->out + sent, s->out_n - sent);
    s->out_n -= sent;
    if (s->out_n > LIMIT_SEND_QUEUE) {
        drop(ss, s); /* a reader that does not read: it resumes from its seq when it comes back */
        return;
    }
    watch(ss, s, true);
}

socket_ref sockets_add(struct sockets *ss, int fd, struct str remote, struct str early_bytes)
{
    if (ss->free == NONE && !grow(ss))
        return 0;
    struct sock *s = &ss->v[ss->free];
    ss->free = s->next_dirty;
    *s = (struct sock){.fd = fd, .generation = s->generation, .heard_s = ss->now_s};
    COUNT_UP(ss->count);
    COUNT_UP(ss->accepted);
    /* libmicrohttpd leaves its own choice of these behind; ours: every frame leaves at once (Nagle and delayed
     * acknowledgements cost 40 ms a turn otherwise). */
    int off = 0;
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_CORK, &off, sizeof(off));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    socket_ref ref = ref_of(ss, s);
    struct epoll_event ev = {.events = EPOLLIN | EPOLLRDHUP, .data.u64 = ref};
    epoll_ctl(ss->epoll_fd, EPOLL_CTL_ADD, fd, &ev);
    ss->events->opened(ss->events->arg, ref, remote);
    if (early_bytes.n > 0 && (s = sock_of(ss, ref)) != NULL) {
        ss->input = early_bytes;
        sock_feed(ss, s);
    }
    return ref;
}

void sockets_ready(struct sockets *ss, uint64_t event_data, uint32_t events)
{
    struct sock *s = sock_of(ss, event_data);
    if (s == NULL)
        return;
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0)
        read_socket(ss, s);
    s = sock_of(ss, event_data);
    if (s != NULL && (events & EPOLLOUT) != 0)
        sock_mark_dirty(ss, s);
}

void sockets_send(struct sockets *ss, socket_ref to, struct str text)
{
    struct sock *s = sock_of(ss, to);
    if (s != NULL)
        queue_text(ss, s, text);
}

void sockets_close(struct sockets *ss, socket_ref to, uint16_t code)
{
    struct sock *s = sock_of(ss, to);
    if (s != NULL && !s->closing)
        sock_queue_close(ss, s, code);
}

void sockets_flush(struct sockets *ss)
{
    while (ss->dirty != NONE) {
        struct sock *s = &ss->v[ss->dirty];
        ss->dirty = s->next_dirty;
        s->dirty = false;
        if (s->fd < 0) { /* died while it was linked */
            s->next_dirty = ss->free;
            ss->free = (uint32_t)(s - ss->v);
        } else {
            write_socket(ss, s);
        }
    }
}

void sockets_send_all(struct sockets *ss, struct str text)
{
    for (uint32_t i = 0; i < ss->cap; i++) {
        if (ss->v[i].fd >= 0)
            queue_text(ss, &ss->v[i], text);
    }
}

size_t sockets_count(const struct sockets *ss)
{
    return ss->count;
}

void sockets_tick(struct sockets *ss, int64_t mono_ms)
{
    ss->now_s = (uint32_t)(mono_ms / 1000);
    /* A slice of the table each second: all of it within ten. */
    uint32_t slice = ss->cap / 10 + 1;
    for (uint32_t i = 0; i < slice && ss->cap > 0; i++) {
        ss->sweep = (ss->sweep + 1) % ss->cap;
        struct sock *s = &ss->v[ss->sweep];
        if (s->fd < 0)
            continue;
        uint32_t silent_ms = (ss->now_s - s->heard_s) * 1000;
        if (silent_ms > SILENT_CLOSE_MS) {
            drop(ss, s);
        } else if (silent_ms > SILENT_PING_MS && !s->pinged) {
            static const unsigned char ping[2] = {0x89, 0};
            sock_queue_bytes(ss, s, ping, sizeof(ping));
            s->pinged = true;
        }
    }
}

void sockets_figures(const struct sockets *ss, struct server_figures *f)
{
    f->frames_in = __atomic_load_n(&ss->frames_in, __ATOMIC_RELAXED);
    f->frames_out = __atomic_load_n(&ss->frames_out, __ATOMIC_RELAXED);
    f->accepted = __atomic_load_n(&ss->accepted, __ATOMIC_RELAXED);
    f->sockets = __atomic_load_n(&ss->count, __ATOMIC_RELAXED);
}

struct str socket_accept_value(struct arena *a, struct str key)
{
    unsigned char sha1[20];
    struct str joined = str_fmt(a, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", STR_ARG(key));
    gnutls_hash_fast(GNUTLS_DIG_SHA1, joined.p, joined.n, sha1);
    char *text = arena_alloc(a, 32);
    sodium_bin2base64(text, 32, sha1, sizeof(sha1), sodium_base64_VARIANT_ORIGINAL);
    return str_from(text);
}
