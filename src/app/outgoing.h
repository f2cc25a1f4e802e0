/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Outgoing: what sends and tells while the server runs: the senders over the outbox, as the settings name their servers, and
 * the teller of notices. A kind whose server is not named is not sent, and not even put; that is said once at the start.
 */

#include "app/config.h"
#include "app/home.h"
#include "channel/sender.h"

struct outgoing;

/** @param config  the settings. NULL, with a sentence, when they cannot work */
must_use struct outgoing *outgoing_new(struct home *h, const struct config *config, char ret_error[256]);
/** To set more senders on, before outgoing_start(). */
struct sender *outgoing_sender(struct outgoing *o);
void outgoing_start(struct outgoing *o);
/** Tells what is to be told, on a thread of its own. The loop's tick; does not block. */
void outgoing_tick(struct outgoing *o, int64_t now_ms);
/** Ends the threads: nothing is told or sent after it, and its figures stand. */
void outgoing_stop(struct outgoing *o);
/** NULL is fine. */
void outgoing_free(struct outgoing *o);
/** Its figures in Prometheus text. */
void outgoing_metrics(const struct outgoing *o, struct buf *b);
