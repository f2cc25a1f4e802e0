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
    pthread_cond_t wake;
    struct job *first, **last;
    struct taken *taken;
    struct taken *spare; /* freed ones, kept: linked by hh.next */
    size_t waiting;      /* jobs not started; read without the lock, too */
    unsigned asleep;
    bool stopping;
    unsigned threads;
    pthread_t thread[64];
    void (*at_end)(void *arg);
    void *at_end_arg;
    char name[12];
};

static void push(struct work *w, struct job *j)
{
    j->next = NULL;
    *w->last = j;
    w->last = &j->next;
    if (w->asleep > 0)
        pthread_cond_signal(&w->wake);
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
        push(w, next);
        return;
    }
    HASH_DEL(w->taken, t);
    t->hh.next = w->spare;
    w->spare = t;
    if (w->stopping && w->taken == NULL)
        pthread_cond_broadcast(&w->wake);
}

/* lock held */
static void count_waiting(struct work *w, int more)
{
    __atomic_store_n(&w->waiting, w->waiting + (size_t)more, __ATOMIC_RELAXED);
}

static void *work_main(void *arg)
{
    struct work *w = arg;
    pthread_setname_np(pthread_self(), w->name);
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (w->first == NULL && !(w->stopping && w->taken == NULL)) {
            w->asleep++;
            pthread_cond_wait(&w->wake, &w->lock);
            w->asleep--;
        }
        if (w->first == NULL)
            break;
        struct job *j = w->first;
        w->first = j->next;
        if (w->first == NULL)
            w->last = &w->first;
        count_waiting(w, -1);
        pthread_mutex_unlock(&w->lock);

        enum work_answer answer = j->fn(j->arg);
        int64_t key = j->key;
        free(j);

        pthread_mutex_lock(&w->lock);
        if (key != 0 && answer == WORK_DONE)
            release_key(w, key);
    }
    pthread_cond_broadcast(&w->wake);
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
    pthread_cond_init(&w->wake, NULL);
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
    pthread_cond_broadcast(&w->wake);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->threads; i++)
        pthread_join(w->thread[i], NULL);
    while (w->spare != NULL) {
        struct taken *t = w->spare;
        w->spare = t->hh.next;
        free(t);
    }
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

void work_post(struct work *w, int64_t key, work_fn *fn, void *arg)
{
    struct job *j = xmalloc(sizeof(*j));
    *j = (struct job){.key = key, .fn = fn, .arg = arg};
    pthread_mutex_lock(&w->lock);
    count_waiting(w, 1);
    struct taken *t = key != 0 ? find_taken(w, key) : NULL;
    if (t != NULL) {
        *t->last = j;
        t->last = &j->next;
    } else {
        if (key != 0)
            take_key(w, key);
        push(w, j);
    }
    pthread_mutex_unlock(&w->lock);
}

void work_release(struct work *w, int64_t key)
{
    pthread_mutex_lock(&w->lock);
    release_key(w, key);
    pthread_mutex_unlock(&w->lock);
}

void work_continue(struct work *w, int64_t key, work_fn *fn, void *arg)
{
    struct job *j = xmalloc(sizeof(*j));
    *j = (struct job){.key = key, .fn = fn, .arg = arg};
    pthread_mutex_lock(&w->lock);
    assert(find_taken(w, key) != NULL);
    count_waiting(w, 1);
    push(w, j);
    pthread_mutex_unlock(&w->lock);
}

size_t work_waiting(const struct work *w)
{
    return __atomic_load_n(&w->waiting, __ATOMIC_RELAXED);
}
