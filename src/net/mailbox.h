/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Mailbox: what other threads want done on the loop thread: functions to run and texts for sockets, in the order posted. Its
 * descriptor, an eventfd, is readable when there is something.
 *
 * Posting: any thread; does not block. The rest: the loop thread.
 */

#include <pthread.h>

#include "base/str.h"
#include "net/server.h"

struct post;

/** Posts in order. Nothing is freed one by one: what one thread takes and another gives back is what malloc is slow at. */
struct posts {
    struct post *v;
    size_t n, cap;
    struct buf texts;
};

struct mailbox {
    int fd;
    pthread_mutex_t lock;
    struct posts mail; /* guarded by lock: filled by all threads */
    bool rung;         /* guarded by lock: fd has been written and not read */
    struct posts read; /* loop thread: what was the mail before, and is run; then they change places again */
};

void mailbox_open(struct mailbox *m);
void mailbox_close(struct mailbox *m);
/** Makes the descriptor readable, whether there is something or not. Async-signal-safe. */
void mailbox_ring(const struct mailbox *m);
/** Runs @p fn on the loop thread. */
void mailbox_post(struct mailbox *m, void (*fn)(void *arg), void *arg);
/** Sends @p text, which is copied, to a socket. */
void mailbox_text(struct mailbox *m, socket_ref to, struct str text);
/** See server_posts_follow(). */
void mailbox_posts_follow(struct mailbox *m, bool more);
/** Runs what was posted; texts are given to @p send. */
void mailbox_read(struct mailbox *m, void (*send)(void *arg, socket_ref to, struct str text), void *arg);
