/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Doors: the sockets that listen, several for one address, over which the kernel spreads who calls. Each keeps as many
 * callers waiting as the system allows (net.core.somaxconn); one alone dropped calls when all buyers came back at once after
 * a restart, and a dropped call is heard again only a second later (docs/performance.md: 15,000 signed in after 3.8 s with
 * one, 0.8 s with four). Loop thread.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define DOORS 4

struct doors {
    int fd[DOORS];
    uint16_t port; /**< the one bound */
    int heard_by;  /**< the epoll set that they stand in; -1: none, as descriptors ran out */
};

/** Listens on @p host, an address; @p port 0: any free one. False with a sentence when it cannot, as when another listens there. */
bool doors_open(struct doors *d, const char *host, uint16_t port, char ret_error[256]);
void doors_close(struct doors *d);
/** From now on @p epoll_fd tells of calls with @p data; nothing when it does already. Again a moment after descriptors ran out. */
void doors_hear(struct doors *d, int epoll_fd, uint64_t data);
/** Gives those who wait to @p let_in, as many as are good at once: it owns the socket, which does not block. */
void doors_accept(struct doors *d, void (*let_in)(void *arg, int fd, const struct sockaddr *from, socklen_t n), void *arg);
