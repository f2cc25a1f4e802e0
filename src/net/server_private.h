/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of net/: the server, as server.c (the loop) and server_http.c (requests on it) see it, and what they lend to
 * exchange.c. */

#include <microhttpd.h>
#include <stdatomic.h>

#include "net/door.h"
#include "net/mailbox.h"
#include "net/socket.h"

struct sockaddr;

struct server {
    struct server_config config;
    struct MHD_Daemon *http;
    struct sockets *sockets;
    int epoll_fd;
    struct doors doors;
    atomic_bool stopping;
    bool ended; /* loop thread */
    struct mailbox mail;

    int64_t http_due_ms;        /* loop thread: MHD_run() is due at the latest */
    int64_t in_flight;          /* loop thread: exchanges with workers */
    int large;                  /* loop thread: large bodies on their way in, or with workers */
    uint64_t requests, refused;
};

const struct server_config *server_config_of(const struct server *s);
/** Numeric address, IPv4-mapped ones as IPv4. */
void server_address_text(const struct sockaddr *sa, char *ret_text, size_t n);

/* server_http.c: what libmicrohttpd calls, on the loop thread; cls is the server. */
enum MHD_Result server_on_request(void *cls, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *data, size_t *data_n, void **req_cls);
void server_on_completed(void *cls, struct MHD_Connection *c, void **req_cls, enum MHD_RequestTerminationCode why);
size_t server_leave_escaped(void *cls, struct MHD_Connection *c, char *s);
