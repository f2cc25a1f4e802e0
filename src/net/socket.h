/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Inside of net/: live sockets (RFC 6455) on descriptors that libmicrohttpd handed over. Everything here runs on the
 * loop thread. A wslay context holds 4 KB, so it is lent to a socket only while a frame is half read
 * (handbook/stack.md, section 1): an idle socket costs its struct and the kernel's.
 */

#include "net/server.h"

struct sockets;

/** Counts up what only the loop thread writes and others read. */
#define COUNT_UP(x) __atomic_store_n(&(x), (x) + 1, __ATOMIC_RELAXED)

must_use struct sockets *sockets_new(int epoll_fd, const struct socket_events *events);
void sockets_free(struct sockets *ss);
/**
 * Takes over @p fd (closed here in the end) with the bytes that came after the handshake.
 * @return 0 when the process holds LIMIT_CONNECTIONS already: the caller closes
 */
socket_ref sockets_add(struct sockets *ss, int fd, struct str remote, struct str early_bytes);
/** The descriptor named by an epoll event's u64 is readable, writable or broken. */
void sockets_ready(struct sockets *ss, uint64_t event_data, uint32_t events);
void sockets_send(struct sockets *ss, socket_ref to, struct str text);
void sockets_close(struct sockets *ss, socket_ref to, uint16_t code);
/** Writes out what was queued in this round of the loop. */
void sockets_flush(struct sockets *ss);
/** Sends @p text to all, for "reconnect". */
void sockets_send_all(struct sockets *ss, struct str text);
size_t sockets_count(const struct sockets *ss);
/** Pings what was silent for a minute, closes what was silent for two. Call about once a second. */
void sockets_tick(struct sockets *ss, int64_t mono_ms);
void sockets_figures(const struct sockets *ss, struct server_figures *f);
/** Value of Sec-WebSocket-Accept for a client's key (RFC 6455, section 4.2.2). */
struct str socket_accept_value(struct arena *a, struct str key);
