/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Inside of store/: what a store is made of, and what its files lend each other. */

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "store/sqlite.h"
#include "store/store.h"

#define BATCH_MOST 1024

struct unit {
    struct unit *next;
    store_fn *fn;
    void *arg;
    store_done_fn *done;
    int answer;
    sem_t *answered; /* of a caller that waits, or NULL: then it may be run again */
};

struct store {
    char *path;
    struct conn *conn; /* the writer thread's */
    pthread_key_t reader;

    pthread_mutex_t lock;
    struct unit *first, **last; /* guarded by lock */
    struct unit *spare;         /* guarded by lock: used ones that nobody waited for */
    size_t spare_n;             /* guarded by lock */
    atomic_size_t expected;     /* units that are on their way; becomes less under the lock only */
    sem_t wake;                 /* posted once for each time that asleep became false for the writer */
    bool asleep, gathering;     /* guarded by lock: the writer waits; it does for what is on its way */
    bool stopping;              /* guarded by lock */
    void (*answers)(void *arg, bool more); /* changed under the lock, and not while `answering` */
    void *answers_arg;
    bool answering;               /* guarded by lock: the writer gives answers, and calls that without the lock */
    pthread_cond_t answers_given; /* `answering` became false */
    struct store_figures figures; /* guarded by lock */

    int pages_now;     /* the writer thread's: pages of WAL after its last commit */
    int wal_pages;     /* guarded by lock: the same, for the checkpointer */
    bool nearly_moved; /* guarded by lock: the checkpointer has been through; the rest is the writer's */
    pthread_t writer, checkpointer;
    pthread_cond_t tick; /* wakes the checkpointer */
};

/** batch.c: runs the list in one transaction and leaves it in the order of running. false: nothing of it is stored, and every
 *  unit's answer is STORE_FAULT. */
must_use bool run_batch(struct conn *c, struct unit **list);

/** writer.c: the thread; and calling it, which gives the lock up. */
void *writer_main(void *store);
void unlock_and_wake(struct store *s);

/** checkpoint.c: watches how long the WAL gets; the thread; and the writer's part of it, after each commit, lock held. */
void checkpoint_watch(struct store *s);
void *checkpointer_main(void *store);
void finish_checkpoint(struct store *s);

/** Path of the database file; borrowed. */
const char *store_path(const struct store *s);
