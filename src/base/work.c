/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work: one queue of runnable jobs and, for keys that are taken, a list of jobs behind each.
 *
 * Invariants   1. A key is in `taken` exactly while one of its jobs runs or is held.
 *              2. Jobs of a key that come while it is taken wait in its list, in order.
 * Threads      everything is guarded by lock; jobs run without it.
 */
#include "base/work.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#define uthash_fatal(msg) fatal("uthash: %s", msg)
#define HASH_FUNCTION HASH_FNV /* the usual one falls through in a switch, of which clang warns */
#include <uthash.h>

struct job {
    struct job *next;
    int64_t key;
    work_fn *fn;
    void *arg;
};

struct taken {
    int64_t key;
    struct job *first, **last; /* waiting behind the one that runs */
    UT_hash_handle hh;
};

struct work {
    pthread_mutex_t lock;
    sem_t wake; /* not a condition: who comes back from one unlocks with a system call, whether anybody waits or not */
    struct job *first, **last;
    struct taken *taken;
    struct taken *spare;    /* freed ones, kept: linked by hh.next */
    struct job *spare_jobs; /* the same: what one thread takes and another gives back is what malloc is slow at */
    size_t waiting;         /* jobs not started; read without the lock, too */
    unsigned asleep;        /* threads that nobody has called yet; each call is one post of `wake` */
    bool stopping;
    unsigned threads;
    pthread_t thread[64];
    void (*at_end)(void *arg);
    void *at_end_arg;
    char name[12];
};

/* lock held */
static struct job *new_job(struct work *w, int64_t key, work_fn *fn, void *arg)
{
    struct job *j = w->spare_jobs;
    if (j != NULL)
        w->spare_jobs = j->next;
    else
        j = xmalloc(sizeof(*j));
    *j = (struct job){.key = key, .fn = fn, .arg = arg};
    return j;
}

/* Lock held. True: a sleeper is to be called. */
static bool push(struct work *w, struct job *j)
{
    j->next = NULL;
    *w->last = j;
    w->last = &j->next;
    bool calls = w->asleep > 0;
    w->asleep -= calls;
    return calls;
}

/* lock held */
static void call_all(struct work *w)
{
    for (; w->asleep > 0; w->asleep--)
        sem_post(&w->wake);
}

/* lock held; free during the sleep */
static void sleep_until_called(struct work *w)
{
    w->asleep++;
    pthread_mutex_unlock(&w->lock);
    while (sem_wait(&w->wake) != 0)
        ; /* EINTR */
    pthread_mutex_lock(&w->lock);
}

static struct taken *find_taken(struct work *w, int64_t key)
{
    struct taken *t = NULL;
    HASH_FIND(hh, w->taken, &key, sizeof(key), t);
    return t;
}

/* lock held */
static void take_key(struct work *w, int64_t key)
{
    struct taken *t = w->spare;
    if (t != NULL)
        w->spare = t->hh.next;
    else
        t = xmalloc(sizeof(*t));
    *t = (struct taken){.key = key};
    t->last = &t->first;
    HASH_ADD(hh, w->taken, key, sizeof(t->key), t);
}

/* lock held */
static void release_key(struct work *w, int64_t key)
{
    struct taken *t = find_taken(w, key);
    assert(t != NULL);
    struct job *next = t->first;
    if (next != NULL) { /* the key stays taken, now by its next job */
        t->first = next->next;
        if (t->first == NULL)
            t->last = &t->first;
        if (push(w, next))
            sem_post(&w->wake);
        return;
    }
    HASH_DEL(w->taken, t);
    t->hh.next = w->spare;
    w->spare = t;
    if (w->stopping && w->taken == NULL)
        call_all(w);
}

/* lock held */
static void count_waiting(struct work *w, int more)
{
    __atomic_store_n(&w->waiting, w->waiting + (size_t)more, __ATOMIC_RELAXED);
}

/* Lock held. The next job, or NULL: there will be none any more. */
static struct job *next_job(struct work *w)
{
    while (w->first == NULL && !(w->stopping && w->taken == NULL))
        sleep_until_called(w);
    struct job *j = w->first;
    if (j == NULL)
        return NULL;
    w->first = j->next;
    if (w->first == NULL)
        w->last = &w->first;
    count_waiting(w, -1);
    return j;
}

static void *work_main(void *arg)
{
    struct work *w = arg;
    struct job *j;
    pthread_setname_np(pthread_self(), w->name);
    pthread_mutex_lock(&w->lock);
    while ((j = next_job(w)) != NULL) {
        pthread_mutex_unlock(&w->lock);
        enum work_answer answer = j->fn(j->arg);
        pthread_mutex_lock(&w->lock);
        if (j->key != 0 && answer == WORK_DONE)
            release_key(w, j->key);
        j->next = w->spare_jobs;
        w->spare_jobs = j;
    }
    call_all(w);
    pthread_mutex_unlock(&w->lock);
    if (w->at_end != NULL)
        w->at_end(w->at_end_arg);
    return NULL;
}

struct work *work_new(unsigned threads, const char *name, void (*at_end)(void *arg), void *arg)
{
    assert(threads >= 1 && threads <= 64);
    struct work *w = xcalloc(1, sizeof(*w));
    pthread_mutex_init(&w->lock, NULL);
    sem_init(&w->wake, 0, 0);
    w->last = &w->first;
    w->at_end = at_end;
    w->at_end_arg = arg;
    for (size_t i = 0; i + 1 < sizeof(w->name) && name[i] != '\0'; i++)
        w->name[i] = name[i];
    w->threads = threads;
    for (unsigned i = 0; i < threads; i++) {
        if (pthread_create(&w->thread[i], NULL, work_main, w) != 0)
            fatal("cannot start a thread for %s", name);
    }
    return w;
}

void work_free(struct work *w)
{
    if (w == NULL)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    call_all(w);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->threads; i++)
        pthread_join(w->thread[i], NULL);
    while (w->spare != NULL) {
        struct taken *t = w->spare;
        w->spare = t->hh.next;
        free(t);
    }
    while (w->spare_jobs != NULL) {
        struct job *j = w->spare_jobs;
        w->spare_jobs = j->next;
        free(j);
    }
    sem_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

void work_post(struct work *w, int64_t key, work_fn *fn, void *arg)
{
    bool calls = false;
    pthread_mutex_lock(&w->lock);
    struct job *j = new_job(w, key, fn, arg);
    count_waiting(w, 1);
    struct taken *t = key != 0 ? find_taken(w, key) : NULL;
    if (t != NULL) {
        *t->last = j;
        t->last = &j->next;
    } else {
        if (key != 0)
            take_key(w, key);
        calls = push(w, j);
    }
    pthread_mutex_unlock(&w->lock);
    if (calls) /* after the lock, which whoever wakes takes at once */
        sem_post(&w->wake);
}

void work_release(struct work *w, int64_t key)
{
    pthread_mutex_lock(&w->lock);
    release_key(w, key);
    pthread_mutex_unlock(&w->lock);
}

void work_continue(struct work *w, int64_t key, work_fn *fn, void *arg)
{
    pthread_mutex_lock(&w->lock);
    assert(find_taken(w, key) != NULL);
    count_waiting(w, 1);
    if (push(w, new_job(w, key, fn, arg)))
        sem_post(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

size_t work_waiting(const struct work *w)
{
    return __atomic_load_n(&w->waiting, __ATOMIC_RELAXED);
}
