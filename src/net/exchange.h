/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Inside of net/: one HTTP request from its first header to its last reply byte. Made and ended on the loop thread;
 * between exchange_run() and the post back it belongs to a worker.
 */

#include <microhttpd.h>

#include "net/server.h"

struct exchange {
    struct server *server;
    struct MHD_Connection *connection;
    struct arena arena;
    struct request rq;
    struct buf body;
    struct str token;       /* bearer or cookie */
    bool from_cookie;
    bool csrf_header;       /* X-Xiaoer was sent */
    bool too_large;
    bool counted;           /* as one of the large bodies on their way in */
    bool unwanted;          /* a large body that its sender may not send: passed over */
    bool answered;
    struct reply reply;
    struct file_reply file; /* when body.p is set, this is the answer */
    json_t *json;
    struct actor *actor;
    int64_t began_us;
};

/** Undoes %41 in @p in, once; false when it is not well-formed or does not give UTF-8 without NUL. */
must_use bool percent_decode(struct arena *a, struct str in, struct str *ret);
struct exchange *exchange_new(struct server *s, struct MHD_Connection *c, const char *url, const char *method);
void exchange_free(struct exchange *x);
/** Everything after the body: who calls, may they, is the body right, the handler, the problem document. On a worker. */
void exchange_run(struct exchange *x);
/** The row for a method and path; fills rq->segment. */
enum route_match { ROUTE_FOUND, ROUTE_NONE, ROUTE_OTHER_METHOD };
enum route_match route_find(const struct server_config *config, struct exchange *x, enum method method, struct str path);
