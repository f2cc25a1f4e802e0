/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Call: asking the outside: HTTP and SMTP by libcurl. Each call blocks its thread until there is an answer or its time is
 * over, so it is made on threads of its own (channel/sender.h), never on the loop, a turn or in a unit of work.
 *
 * Always true: certificates are verified; no redirect is followed; no proxy is taken from the environment; no answer is
 * longer than `most_bytes`; an address inside of a private network (loopback, link-local, RFC 1918, RFC 4193 and the like) is
 * reached only with `private_ok`, judged by the address that the name resolved to. Connections are kept a thread.
 */

#include <stdatomic.h>

#include "base/str.h"

enum call_answer {
    CALL_OK,          /**< there is an answer; its status says what it is */
    CALL_BAD_URL,     /**< no http(s) or smtp(s) address */
    CALL_FORBIDDEN,   /**< it leads into a private network */
    CALL_UNREACHABLE, /**< no such name, nobody listens, the line broke, or no TLS that can be trusted */
    CALL_TIMEOUT,     /**< whether it was heard is not known */
    CALL_TOO_BIG,     /**< the answer is longer than `most_bytes` */
    CALL_STOPPED,     /**< `stop` was set */
};

struct call_header {
    struct str name, value;
};

struct call {
    const char *method;              /**< "GET" "POST" "PUT" … */
    struct str url;
    const struct call_header *headers;
    size_t header_count;
    struct str body;                 /**< empty: none */
    int64_t timeout_ms;              /**< of all of it; 0: LIMIT_CALL_MS */
    size_t most_bytes;               /**< of the answer; 0: LIMIT_CALL_BYTES */
    bool private_ok;                 /**< the operator has named this address */
    bool once;                       /**< on a connection of its own: what a kept one loses is sent again, which a peer
                                          that knows no keys takes for a second wish */
    const atomic_bool *stop;         /**< ends the call within a second when set; NULL: nobody can */
};

struct call_reply {
    int status;                      /**< HTTP's; of SMTP, 250 or the code of the refusal; 0: none came */
    struct str body, content_type;
    int64_t retry_after_ms;          /**< what Retry-After asked for in seconds; 0: nothing */
    struct str error;                /**< for people and logs, when not CALL_OK; or SMTP's refusal */
};

/** Asks over HTTP. Texts of @p ret in @p a. Blocks. */
must_use enum call_answer call_http(struct arena *a, const struct call *c, struct call_reply *ret);

/** One mail to one recipient. */
struct call_mail {
    struct str url;                  /**< smtp://HOST:PORT (STARTTLS, but for loopback), smtps://HOST:PORT */
    struct str user, password;       /**< empty: no sign-in */
    struct str from, to;             /**< bare addresses of the envelope */
    struct str message;              /**< RFC 5322, lines end with CR LF */
    int64_t timeout_ms;
    bool private_ok;
    const atomic_bool *stop;
};
/** Hands a mail to an SMTP server. CALL_OK with status 250: the server has it; another status: it said no. Blocks. */
must_use enum call_answer call_mail(struct arena *a, const struct call_mail *m, struct call_reply *ret);

/** Whether an address (AF_INET or AF_INET6, as text) lies inside of a private network or is no address. Pure. */
bool call_is_private(const char *address);
/** @p text with everything but unreserved characters percent-encoded, in @p a. Pure. */
struct str call_escape(struct arena *a, struct str text);
const char *call_answer_name(enum call_answer c);
