/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer: one thread owns the write connection. It takes all units that wait, waits a moment for those that are on their
 * way, runs them in one transaction (batch.c), then answers them all (group commit: design.md, section 4).
 *
 * Invariants   1. A unit is answered 0 only after the commit that holds it returned.
 *              2. Units run in the order in which they were queued.
 *              3. A unit that answers anything but 0 leaves nothing behind, and harms no other unit.
 * Threads      store->lock guards the queue and the figures; the write connection is the writer thread's alone.
 */
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/time.h"
#include "store/store_private.h"

#define GATHER_US 800 /* how long a commit waits for units that are on their way, at most */

/* @return those of the units that can be used again */
static struct unit *answer_all(const struct store *s, struct unit *list, bool stored)
{
    struct unit *used = NULL;
    if (s->answers != NULL)
        s->answers(s->answers_arg, true);
    while (list != NULL) {
        struct unit *u = list;
        list = u->next;
        if (!stored)
            u->answer = STORE_FAULT;
        if (u->answered != NULL) {
            sem_post(u->answered); /* u lives on the caller's stack: not touched after this */
        } else {
            if (u->done != NULL)
                u->done(u->arg, u->answer);
            u->next = used;
            used = u;
        }
    }
    if (s->answers != NULL)
        s->answers(s->answers_arg, false);
    return used;
}

/* Allocated by one thread and freed by another they would go through malloc's locks. Lock held. */
static void keep_spare(struct store *s, struct unit *used)
{
    while (used != NULL) {
        struct unit *u = used;
        used = u->next;
        if (s->spare_n >= BATCH_MOST) {
            free(u);
            continue;
        }
        u->next = s->spare;
        s->spare = u;
        s->spare_n++;
    }
}

static struct unit *take_waiting(struct store *s, size_t *ret_n)
{
    struct unit *list = s->first;
    struct unit *u = list;
    size_t n = 1;
    while (u->next != NULL && n < BATCH_MOST) {
        u = u->next;
        n++;
    }
    s->first = u->next;
    u->next = NULL;
    if (s->first == NULL)
        s->last = &s->first;
    s->figures.waiting -= n;
    *ret_n = n;
    return list;
}

/* Lock held: it is not worth waiting. */
static bool all_are_here(struct store *s)
{
    return atomic_load(&s->expected) == 0 || s->figures.waiting >= BATCH_MOST || s->stopping;
}

/* Lock held, and given up meanwhile. A semaphore, because glibc's pthread_cond_wait() comes back with a mutex that costs the
 * next one a system call. @return false when nobody called until then (NULL: for ever) */
static bool nap(struct store *s, const struct timespec *until)
{
    s->asleep = true;
    pthread_mutex_unlock(&s->lock);
    int rc;
    do
        rc = until != NULL ? sem_clockwait(&s->wake, CLOCK_MONOTONIC, until) : sem_wait(&s->wake);
    while (rc != 0 && errno == EINTR);
    pthread_mutex_lock(&s->lock);
    if (rc != 0 && !s->asleep) { /* called at the last moment: take the call */
        while (sem_wait(&s->wake) != 0)
            ; /* EINTR */
        rc = 0;
    }
    s->asleep = false;
    return rc == 0;
}

/* Lock held: whether the writer is to be called after it. */
static bool must_wake(struct store *s)
{
    if (!s->asleep || (s->gathering ? !all_are_here(s) : s->first == NULL && !s->stopping))
        return false;
    s->asleep = false;
    return true;
}

void unlock_and_wake(struct store *s)
{
    bool wakes = must_wake(s);
    pthread_mutex_unlock(&s->lock);
    if (wakes)
        sem_post(&s->wake);
}

/* A commit costs the same for one unit and for fifty: those that are on their way come along, if they come soon. Lock held. */
static void gather_company(struct store *s)
{
    if (all_are_here(s))
        return;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += GATHER_US * 1000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    s->gathering = true;
    while (!all_are_here(s) && nap(s, &until))
        ;
    s->gathering = false;
}

/* Before the units are answered: who was told "stored" shall not read that commits fail. They are being answered from here
 * on. */
static void count_commit(struct store *s, size_t n, bool stored, int64_t took_us)
{
    pthread_mutex_lock(&s->lock);
    s->figures.commits++;
    s->figures.units += n;
    s->figures.commit_us += (uint64_t)took_us;
    s->figures.faults += !stored;
    s->figures.failing = !stored;
    s->answering = true;
    pthread_mutex_unlock(&s->lock);
}

void *writer_main(void *arg)
{
    struct store *s = arg;
    size_t n = 0;
    pthread_setname_np(pthread_self(), "writer");
    pthread_mutex_lock(&s->lock);
    for (;;) {
        while (s->first == NULL && !s->stopping)
            nap(s, NULL);
        if (s->first == NULL)
            break;
        gather_company(s);
        struct unit *list = take_waiting(s, &n);
        pthread_mutex_unlock(&s->lock);

        int64_t began = clock_mono_us();
        bool stored = run_batch(s->conn, &list);
        count_commit(s, n, stored, clock_mono_us() - began);
        struct unit *used = answer_all(s, list, stored);

        pthread_mutex_lock(&s->lock);
        s->answering = false;
        pthread_cond_broadcast(&s->answers_given);
        keep_spare(s, used);
        finish_checkpoint(s);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* ---- queueing: any thread ---- */

/* Lock held. */
static void append(struct store *s, struct unit *u)
{
    assert(!s->stopping);
    u->next = NULL;
    *s->last = u;
    s->last = &u->next;
    s->figures.waiting++;
}

/* Lock held. */
static void expect_less(struct store *s)
{
    size_t before = atomic_fetch_sub(&s->expected, 1);
    assert(before > 0);
    (void)before;
}

void store_expect(struct store *s)
{
    atomic_fetch_add(&s->expected, 1);
}

void store_expect_no_more(struct store *s)
{
    pthread_mutex_lock(&s->lock);
    expect_less(s);
    unlock_and_wake(s);
}

int store_write(struct store *s, store_fn *fn, void *arg)
{
    sem_t answered;
    sem_init(&answered, 0, 0);
    struct unit u = {.fn = fn, .arg = arg, .answered = &answered};
    pthread_mutex_lock(&s->lock);
    append(s, &u);
    unlock_and_wake(s);
    while (sem_wait(&answered) != 0)
        ; /* EINTR */
    sem_destroy(&answered);
    return u.answer;
}

static void write_later(struct store *s, struct unit what, bool expected)
{
    pthread_mutex_lock(&s->lock);
    struct unit *u = s->spare;
    if (u != NULL) {
        s->spare = u->next;
        s->spare_n--;
    } else {
        u = xmalloc(sizeof(*u));
    }
    *u = what;
    append(s, u);
    if (expected)
        expect_less(s);
    unlock_and_wake(s);
}

void store_write_later(struct store *s, store_fn *fn, void *arg, store_done_fn *done)
{
    write_later(s, (struct unit){.fn = fn, .arg = arg, .done = done}, false);
}

void store_write_expected(struct store *s, store_fn *fn, void *arg, store_done_fn *done)
{
    write_later(s, (struct unit){.fn = fn, .arg = arg, .done = done}, true);
}

void store_on_answers(struct store *s, void (*fn)(void *arg, bool more), void *arg)
{
    pthread_mutex_lock(&s->lock);
    while (s->answering)
        pthread_cond_wait(&s->answers_given, &s->lock);
    s->answers = fn;
    s->answers_arg = arg;
    pthread_mutex_unlock(&s->lock);
}
