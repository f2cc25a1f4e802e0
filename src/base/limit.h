/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The limits of every outside input, in one place. What exceeds one is refused with a sentence, never cut silently.
 */

#include "base/base.h"

enum {
    LIMIT_TEXT_CHARS = 2000,        /**< code points of a message */
    LIMIT_FRAME_BYTES = 16 * 1024,  /**< a live frame from a client */
    LIMIT_BODY_BYTES = 64 * 1024,   /**< an API body, unless its route says otherwise */
    LIMIT_CLIENT_ID = 64,           /**< bytes of a client's message id or idempotency key */
    LIMIT_NAME_CHARS = 200,         /**< names, titles, ids of merchants */
    LIMIT_IMPORT_LINE = 1024 * 1024, /**< a line of an import file; a longer one is one refused row */
    LIMIT_IMPORT_ROWS = 5000000,
    LIMIT_PAGE = 100,               /**< items of a list page */
    LIMIT_JSON_DEPTH = 32,
    LIMIT_CONNECTIONS = 19500,      /**< sockets a process holds */
    LIMIT_SEND_QUEUE = 256 * 1024,  /**< bytes waiting for one slow reader; above it is closed and resumes later */
    LIMIT_AUTH_MS = 10 * 1000,      /**< a live socket must sign in within this */
    LIMIT_MESSAGES_PER_10S = 20,    /**< of one buyer, over all sockets and requests; above: rate_limited */
    LIMIT_DELIVERIES = 16384,       /**< messages taken and not answered yet, of all buyers: some 150 MB; above: rate_limited */
    LIMIT_FRAMES_PER_10S = 200,     /**< of one live socket, a buyer's messages apart; above: rate_limited */
    LIMIT_SIGN_IN_FAILURES = 5,     /**< then the account waits LIMIT_SIGN_IN_LOCK_MS */
    LIMIT_SIGN_IN_LOCK_MS = 15 * 60 * 1000,
};
