/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Sender: the threads that take what is due out of the outbox and send it. Each kind has threads of its own, so that a mail
 * server that is down holds up neither SMS nor the shops' systems.
 *
 *     s = sender_new(store);
 *     sender_set(s, OUTBOX_MAIL, &(struct outbox_sender){.send = mail_out_send, .arg = mail});
 *     sender_start(s);  …  sender_stop(s);  sender_free(s);
 *
 * A kind that nobody has set is not taken: its items wait.
 */

#include <stdatomic.h>

#include "store/outbox.h"

struct sender;

must_use struct sender *sender_new(struct store *store);
/** How items of @p kind are sent. Before sender_start(); what `how->arg` points at outlives the sender. */
void sender_set(struct sender *s, enum outbox_kind kind, const struct outbox_sender *how);
void sender_start(struct sender *s);
/** Something was put: look at once. Any thread; does not block. */
void sender_wake(struct sender *s);
/** Lets calls that are on their way end for a moment, breaks off the others, ends the threads. */
void sender_stop(struct sender *s);
/** Stops it, if it still runs. NULL is fine. */
void sender_free(struct sender *s);
/** Set when calls must end: for call.stop. */
const atomic_bool *sender_stopping(const struct sender *s);

/** Tries since start, for /metrics. */
struct sender_figures {
    uint64_t sent[OUTBOX_KINDS], failed[OUTBOX_KINDS], died[OUTBOX_KINDS];
};
struct sender_figures sender_figures(const struct sender *s);
