/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Senders: threads over the outbox.
 *
 * How          A kind has THREADS threads, that of a kind without a sender none. Each takes an item, sends it and marks it.
 *              Nothing due: it sleeps LOOK_MS, or until somebody wakes it.
 * Invariants   1. An item is sent only while its lease lasts, which is longer than any call.
 *              2. What cannot be marked (the disk, another lease) is sent again: at least once, by its key.
 * Threads      figures are atomic; `stopping` and the sleeping are guarded by lock.
 */
#include "channel/sender.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <time.h>

#include "base/limit.h"
#include "base/log.h"
#include "base/time.h"
#include "trade/rules.h"

enum {
    THREADS = 2,
    TAKEN = 1, /* at a time: what is behind a slow call is another thread's */
    LOOK_MS = 500,
    GRACE_MS = 3000,
};

/** One thread. */
struct hand {
    struct sender *sender;
    enum outbox_kind kind;
    pthread_t thread;
};

struct sender {
    struct store *store;
    struct outbox_sender how[OUTBOX_KINDS]; /* immutable after start */
    struct hand hands[OUTBOX_KINDS * THREADS];
    size_t hand_count;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;   /* guarded by lock */
    size_t running;  /* guarded by lock */
    atomic_bool break_off; /* calls on their way end now */
    atomic_uint_fast64_t sent[OUTBOX_KINDS], failed[OUTBOX_KINDS], died[OUTBOX_KINDS];
};

/* ---- marking ------------------------------------------------------------------------------------------------------------ */

struct asking {
    const struct outbox_item *item;
    struct arena *a;
    struct outbox_terms terms;
};

/** By the rules of when the item was made. */
static int read_terms(struct tx *tx, void *arg)
{
    struct asking *k = arg;
    int64_t tenant_id = k->item->tenant_id, at_ms = k->item->created_ms;
    k->terms = (struct outbox_terms){
        .first_ms = rules_number(tx, k->a, tenant_id, "outbox.retry_first", POLICY_DURATION, at_ms, 0),
        .longest_ms = rules_number(tx, k->a, tenant_id, "outbox.retry_longest", POLICY_DURATION, at_ms, 0),
        .give_up_ms = rules_number(tx, k->a, tenant_id, "outbox.give_up", POLICY_DURATION, at_ms, 0),
        .jitter = rules_number(tx, k->a, tenant_id, "outbox.jitter", POLICY_RATE, at_ms, 0),
    };
    return STORE_OK;
}

/** When to try again; 0: never. */
static int64_t next_try(struct sender *s, struct arena *a, const struct outbox_item *item, const struct outbox_try *tried,
                        int64_t now_ms)
{
    struct asking k = {.item = item, .a = a};
    if (tried->outcome == OUTBOX_NEVER)
        return 0;
    if (store_read(s->store, read_terms, &k) != STORE_OK)
        return now_ms + MINUTE_MS; /* that it cannot be read now says nothing against the item */
    int64_t next = outbox_next_try(&k.terms, item->attempts, item->began_ms, now_ms, randombytes_random());
    return next == 0 ? 0 : MAX(next, tried->not_before_ms);
}

static void mark(struct sender *s, struct arena *a, const struct outbox_item *item, const struct outbox_try *tried)
{
    int64_t now_ms = clock_now_ms();
    int rc;
    if (tried->outcome == OUTBOX_ARRIVED) {
        rc = outbox_sent(s->store, item, tried->also, tried->also_arg, now_ms);
        atomic_fetch_add(&s->sent[item->kind], 1);
    } else {
        int64_t retry_ms = next_try(s, a, item, tried, now_ms);
        rc = outbox_failed(s->store, item, tried->error, retry_ms, &s->how[item->kind], now_ms);
        atomic_fetch_add(&s->failed[item->kind], 1);
        if (retry_ms == 0) {
            atomic_fetch_add(&s->died[item->kind], 1);
            log_event(LOG_WARN, "an outbox item is dead", "tenant=%lld item=%lld kind=%s tries=%lld",
                      (long long)item->tenant_id, (long long)item->id, outbox_kind_name(item->kind),
                      (long long)item->attempts);
        }
    }
    if (rc != STORE_OK)
        log_event(LOG_WARN, "an outbox item was not marked and will be sent again", "tenant=%lld item=%lld answer=%d",
                  (long long)item->tenant_id, (long long)item->id, rc);
}

/* ---- threads ------------------------------------------------------------------------------------------------------------ */

static bool is_stopping(struct sender *s)
{
    pthread_mutex_lock(&s->lock);
    bool stopping = s->stopping;
    pthread_mutex_unlock(&s->lock);
    return stopping;
}

static struct timespec after_ms(int64_t ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

static void sleep_a_while(struct sender *s)
{
    struct timespec until = after_ms(LOOK_MS);
    pthread_mutex_lock(&s->lock);
    if (!s->stopping)
        (void)pthread_cond_timedwait(&s->wake, &s->lock, &until); /* woken or not: it looks */
    pthread_mutex_unlock(&s->lock);
}

/** Sends what is due. @return whether there may be more */
static bool send_some(struct sender *s, enum outbox_kind kind, struct arena *a)
{
    struct outbox_item *items;
    int n = outbox_take(s->store, kind, clock_now_ms(), TAKEN, a, &items);
    for (int i = 0; i < n; i++) {
        struct outbox_try tried = s->how[kind].send(s->how[kind].arg, a, &items[i]);
        mark(s, a, &items[i], &tried);
    }
    return n == TAKEN;
}

static void *run(void *arg)
{
    const struct hand *h = arg;
    struct sender *s = h->sender;
    struct arena a = {0};
    while (!is_stopping(s)) {
        bool more = send_some(s, h->kind, &a);
        arena_reset(&a);
        if (!more)
            sleep_a_while(s);
    }
    arena_done(&a);
    store_read_done(s->store);
    pthread_mutex_lock(&s->lock);
    s->running--;
    pthread_cond_broadcast(&s->wake);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

struct sender *sender_new(struct store *store)
{
    struct sender *s = xcalloc(1, sizeof(*s));
    pthread_condattr_t monotonic;
    s->store = store;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return s;
}

void sender_set(struct sender *s, enum outbox_kind kind, const struct outbox_sender *how)
{
    assert(s->hand_count == 0);
    s->how[kind] = *how;
}

void sender_start(struct sender *s)
{
    for (size_t k = 0; k < OUTBOX_KINDS; k++) {
        for (size_t i = 0; i < THREADS && s->how[k].send != NULL; i++) {
            struct hand *h = &s->hands[s->hand_count++];
            *h = (struct hand){.sender = s, .kind = (enum outbox_kind)k};
            pthread_mutex_lock(&s->lock);
            s->running++;
            pthread_mutex_unlock(&s->lock);
            if (pthread_create(&h->thread, NULL, run, h) != 0)
                fatal("a thread cannot be made");
            pthread_setname_np(h->thread, outbox_kind_name(h->kind));
        }
    }
}

void sender_wake(struct sender *s)
{
    pthread_mutex_lock(&s->lock);
    pthread_cond_broadcast(&s->wake);
    pthread_mutex_unlock(&s->lock);
}

void sender_stop(struct sender *s)
{
    struct timespec until = after_ms(GRACE_MS);
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->wake);
    while (s->running > 0 && pthread_cond_timedwait(&s->wake, &s->lock, &until) != ETIMEDOUT)
        ;
    pthread_mutex_unlock(&s->lock);
    atomic_store(&s->break_off, true);
    for (size_t i = 0; i < s->hand_count; i++)
        pthread_join(s->hands[i].thread, NULL);
    s->hand_count = 0;
}

void sender_free(struct sender *s)
{
    if (s == NULL)
        return;
    sender_stop(s);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

const atomic_bool *sender_stopping(const struct sender *s)
{
    return &s->break_off;
}

struct sender_figures sender_figures(const struct sender *s)
{
    struct sender_figures f = {0};
    for (size_t k = 0; k < OUTBOX_KINDS; k++) {
        f.sent[k] = atomic_load(&s->sent[k]);
        f.failed[k] = atomic_load(&s->failed[k]);
        f.died[k] = atomic_load(&s->died[k]);
    }
    return f;
}
