/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Doors. The first is bound as the only one of its address, so that a port in use is told; then it lets the others beside it.
 */
#include "net/door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define ACCEPTS_A_ROUND 16 /* of each: libmicrohttpd itself accepts ten */

static void set(int fd, int level, int option)
{
    int on = 1;
    setsockopt(fd, level, option, &on, sizeof(on));
}

static bool bind_all(struct doors *d, const struct sockaddr *sa, socklen_t len)
{
    struct sockaddr_storage got;
    socklen_t got_n = sizeof(got);
    for (size_t i = 0; i < DOORS; i++) {
        int fd = d->fd[i] = socket(sa->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
            return false;
        set(fd, SOL_SOCKET, SO_REUSEADDR);
        set(fd, IPPROTO_TCP, TCP_NODELAY); /* accepted sockets inherit it */
        if (i > 0)
            set(fd, SOL_SOCKET, SO_REUSEPORT);
        if (bind(fd, i > 0 ? (const struct sockaddr *)&got : sa, len) != 0)
            return false;
        if (i > 0)
            continue;
        set(fd, SOL_SOCKET, SO_REUSEPORT);
        getsockname(fd, (struct sockaddr *)&got, &got_n);
    }
    d->port = ntohs(got.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&got)->sin6_port
                                              : ((struct sockaddr_in *)&got)->sin_port);
    return true;
}

static bool open_all(struct doors *d, const struct sockaddr *sa, socklen_t len)
{
    if (!bind_all(d, sa, len))
        return false;
    for (size_t i = 0; i < DOORS; i++)
        if (listen(d->fd[i], SOMAXCONN) != 0)
            return false;
    return true;
}

bool doors_open(struct doors *d, const char *host, uint16_t port, char ret_error[256])
{
    struct sockaddr_in6 a6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    struct sockaddr_in a4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    bool is6 = inet_pton(AF_INET6, host, &a6.sin6_addr) == 1;
    *d = (struct doors){.heard_by = -1};
    memset(d->fd, -1, sizeof(d->fd));
    if (!is6 && inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &a4.sin_addr) != 1) {
        snprintf(ret_error, 256, "cannot listen on \"%.100s\": give an address such as 127.0.0.1", host);
        return false;
    }
    if (is6 ? open_all(d, (const struct sockaddr *)&a6, sizeof(a6)) : open_all(d, (const struct sockaddr *)&a4, sizeof(a4)))
        return true;
    snprintf(ret_error, 256, "cannot listen on %.100s port %u: %.80s", host, port, strerror(errno));
    doors_close(d);
    return false;
}

void doors_close(struct doors *d)
{
    for (size_t i = 0; i < DOORS; i++)
        if (d->fd[i] >= 0)
            close(d->fd[i]);
}

void doors_hear(struct doors *d, int epoll_fd, uint64_t data)
{
    struct epoll_event ev = {.events = EPOLLIN, .data.u64 = data};
    for (size_t i = 0; d->heard_by != epoll_fd && i < DOORS; i++)
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, d->fd[i], &ev);
    d->heard_by = epoll_fd;
}

/* Who waits while there are no descriptors would wake the loop for ever. */
static void stop_hearing(struct doors *d)
{
    for (size_t i = 0; d->heard_by >= 0 && i < DOORS; i++)
        epoll_ctl(d->heard_by, EPOLL_CTL_DEL, d->fd[i], NULL);
    d->heard_by = -1;
}

void doors_accept(struct doors *d, void (*let_in)(void *arg, int fd, const struct sockaddr *from, socklen_t n), void *arg)
{
    for (size_t i = 0; i < DOORS; i++) {
        for (int k = 0; k < ACCEPTS_A_ROUND; k++) {
            struct sockaddr_storage from;
            socklen_t n = sizeof(from);
            int fd = accept4(d->fd[i], (struct sockaddr *)&from, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
                stop_hearing(d);
            if (fd < 0)
                break;
            let_in(arg, fd, (struct sockaddr *)&from, n);
        }
    }
}
