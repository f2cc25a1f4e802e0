/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Work: a pool of threads that runs jobs straight through. Jobs with the same key run in order and never two at once,
 * so that one conversation's turns need no locks; jobs with key 0 run whenever.
 *
 * A job that has to wait for something (a commit) returns WORK_HELD: its key stays taken, its thread goes on with
 * other keys, and work_release() lets the key's next job run.
 */

#include "base/base.h"

struct work;

enum work_answer { WORK_DONE, WORK_HELD };
typedef enum work_answer work_fn(void *arg);

/**
 * @param threads  how many; 1..64
 * @param at_end   run on each thread before it ends (closes its store connection), may be NULL
 */
must_use struct work *work_new(unsigned threads, const char *name, void (*at_end)(void *arg), void *arg);
/** Runs what is queued, waits for held keys, ends the threads. NULL is fine. */
void work_free(struct work *w);
/** Queues a job. Any thread. */
void work_post(struct work *w, int64_t key, work_fn *fn, void *arg);
/** Ends a WORK_HELD of @p key. Any thread. */
void work_release(struct work *w, int64_t key);
/** Runs another step under a key that is held: its next jobs still wait. That step may hold or end it. Any thread. */
void work_continue(struct work *w, int64_t key, work_fn *fn, void *arg);
/** Jobs waiting now, for /metrics and shedding. */
size_t work_waiting(const struct work *w);
