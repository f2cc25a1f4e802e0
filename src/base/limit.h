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
    LIMIT_NOTE_CHARS = 500,         /**< a note on an order, all that was added to it */
    LIMIT_EVIDENCE = 9,             /**< photos and documents given with one wish */
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
    LIMIT_CALL_MS = 20 * 1000,      /**< a call to the outside, from its name's look-up to its last byte */
    LIMIT_CALL_BYTES = 256 * 1024,  /**< of what it answers */
    LIMIT_UPLOAD_BYTES = 10 * 1024 * 1024, /**< a photo or document of a buyer */
    LIMIT_IMAGE_SIDE = 16384,       /**< pixels: what every browser can draw */
    LIMIT_IMAGE_PIXELS = 64 * 1000 * 1000,
    LIMIT_UPLOADS_PER_HOUR = 60,    /**< of one buyer; above: rate_limited */
    LIMIT_UPLOADS_AT_ONCE = 16,     /**< large bodies on their way in, of all buyers: 160 MB; above: 503, again soon */
    LIMIT_UPLOAD_LOOSE_MS = 24 * 60 * 60 * 1000, /**< an upload that no message shows is removed after it */
};
