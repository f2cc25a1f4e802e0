/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Routes: everything that can be asked over HTTP is a row of a const table. The same rows serve the request, check its
 * body and query, name who may call, and write the OpenAPI document (net/openapi.h).
 *
 * A handler runs on a worker thread, straight through, and may block on the store. It gets a request whose body has
 * been checked against the row's shape and whose actor may call the row; it gives back a reply made in the arena.
 */

#include "base/json.h"
#include "net/actor.h"
#include "store/store.h"

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_DELETE };

enum field_type {
    FIELD_TEXT,   /**< string; max = code points (0: LIMIT_NAME_CHARS) */
    FIELD_ID,     /**< string holding an id of ours */
    FIELD_INT,    /**< integer in min..max */
    FIELD_BOOL,
    FIELD_OBJECT, /**< object, checked by the handler; max = bytes of its text */
    FIELD_ARRAY,  /**< array of strings; max = items */
    FIELD_CHOICE, /**< string, one of `choices` ("a|b|c") */
};

/** One member of a body, query or reply, for checking and for the document. */
struct field {
    const char *name;
    enum field_type type;
    bool required;
    int64_t min, max;
    const char *choices;
    const char *help; /**< for people, in the API reference */
};

/** Members of an object, ended by {0}. Unknown members of a request are refused (422). */
typedef const struct field shape[];

struct request {
    struct arena *arena;   /**< everything of this request; reset after the reply was sent */
    struct store *store;
    void *room;            /**< what the route's room was registered with */
    const struct actor *actor; /**< who calls; anonymous for open routes */
    const struct route *route;
    struct str path;
    struct str segment[4]; /**< values of :names in the path, in order, percent-decoded, valid UTF-8 */
    const json_t *body;    /**< checked object, or NULL when the row has no body */
    struct str raw;        /**< the body as it came: all there is of a .raw row's */
    struct str (*query)(const struct request *rq, const char *name); /**< checked query value or {NULL,0} */
    const void *query_data;
    struct str (*header)(const struct request *rq, const char *name); /**< header of the request, or {NULL,0}; not checked */
    struct str remote;     /**< client's address as text */
    struct str idempotency_key;
    int64_t now_ms;
    char id[24];           /**< request id, in every problem document and log line */
};

struct reply {
    int status;              /**< 0 is a bug */
    struct str body;         /**< in the request's arena, or static */
    const char *type;        /**< NULL: application/json (or problem+json when status >= 400) */
    const char *problem;     /**< code of a problem document; then `detail` says it for people */
    const char *detail;
    int retry_after_s;       /**< 429, 503 */
    struct str set_cookie;   /**< whole Set-Cookie value, or empty */
    const char *cache;       /**< Cache-Control; NULL: no-store */
    const char *csp;         /**< Content-Security-Policy of what a browser may open as a page; NULL: none */
};

typedef struct reply route_handler(struct request *rq);

struct route {
    enum method method;
    const char *path;        /**< "/api/v1/conversations/:id/take" */
    route_handler *handler;
    uint32_t needs;          /**< any of these roles (account/actor.h ROLE_*); 0: open to all */
    const struct field *body;   /**< NULL: no body */
    const struct field *query;  /**< NULL: no query */
    const struct field *gives;  /**< members of the 2xx reply, for the document; NULL: described by help alone */
    size_t max_body;         /**< 0: LIMIT_BODY_BYTES */
    bool slow;               /**< runs in the slow pool (argon2id), not on the workers */
    bool raw;                /**< the body is bytes, up to max_body: collected only for who server_config.may_send lets,
                                  LIMIT_UPLOADS_AT_ONCE at a time */
    const char *tag;         /**< heading in the reference */
    const char *help;        /**< one sentence: what it does */
};

/** 200 with what was written to @p b. */
static inline struct reply reply_json(const struct buf *b)
{
    return (struct reply){.status = 200, .body = buf_view(b)};
}
static inline struct reply reply_status(int status)
{
    return (struct reply){.status = status};
}
/** A problem document; code and detail are static text. */
static inline struct reply reply_problem(int status, const char *code, const char *detail)
{
    return (struct reply){.status = status, .problem = code, .detail = detail};
}
/** The problem for a store fault: 503 "storage", try again. */
static inline struct reply reply_fault(void)
{
    return (struct reply){.status = 503, .problem = "storage", .detail = "The data could not be stored or read just now; try again.",
                          .retry_after_s = 2};
}
