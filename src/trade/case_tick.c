/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock of cases.
 *
 * How          The timers that are due are read in their order, a few hundred at a time, and each is queued as a unit of its
 *              own, so that many share a commit and one that fails harms no other. A unit looks at the stored case again: if
 *              another server has moved it meanwhile, there is nothing to do. One that cannot be fired (a fault, a rule that
 *              is gone) is put off by ten seconds and logged, so that the others behind it are not held up.
 */
#include <pthread.h>

#include "base/id.h"
#include "base/log.h"
#include "trade/case_service.h"

enum { BATCH = 256 };
#define PUT_OFF_MS (10 * SECOND_MS)

struct firing;

/** All of a batch; lives on the stack of case_tick(). */
struct batch {
    struct store *store;
    struct arena arena;
    int64_t now_ms;
    struct case_timer *timers;
    size_t n;
    struct firing *firings;
    pthread_mutex_t lock;
    pthread_cond_t done;
    size_t waiting; /* guarded by lock */
    int fired;      /* guarded by lock */
};

/** One timer on its way through the writer. */
struct firing {
    struct batch *batch;
    const struct case_timer *timer;
};

static int fire(struct tx *tx, void *arg)
{
    const struct firing *f = arg;
    struct arena a = {0};
    struct case_row_stored row;
    struct case_action action = {
        .tenant_id = f->timer->tenant_id, .case_id = f->timer->case_id, .event = CASE_TIMEOUT,
        .who = {.actor = CASE_SYSTEM}, .now_ms = f->batch->now_ms,
    };
    enum case_answer answer = case_take_in(tx, &a, &action, &row);
    arena_done(&a);
    return answer;
}

/** A little later; when the case is closed, gone or moved on meanwhile, what it says. */
static int put_off(struct tx *tx, void *arg)
{
    const struct firing *f = arg;
    int64_t tenant_id = f->timer->tenant_id, case_id = f->timer->case_id, now_ms = f->batch->now_ms;
    struct arena a = {0};
    struct case_row_stored row = {0};
    int rc = case_get(tx, &a, tenant_id, case_id, &row);
    arena_done(&a);
    bool still_due = rc < 0 || (rc > 0 && row.c.due_ms != 0 && row.c.due_ms <= now_ms); /* what is unreadable may be mended */
    if (still_due)
        return case_timer_put_off(tx, tenant_id, case_id, now_ms + PUT_OFF_MS);
    return case_timer_set(tx, tenant_id, case_id, id_new(now_ms), rc > 0 ? row.c.due_ms : 0);
}

static void one_done(struct batch *b, bool fired)
{
    pthread_mutex_lock(&b->lock);
    b->waiting--;
    b->fired += fired;
    if (b->waiting == 0)
        pthread_cond_signal(&b->done);
    pthread_mutex_unlock(&b->lock);
}

static void when_put_off(void *arg, int answer)
{
    (void)answer; /* a fault is logged where it happened; the next tick tries again */
    one_done(((struct firing *)arg)->batch, false);
}

static void when_fired(void *arg, int answer)
{
    struct firing *f = arg;
    if (answer == CASE_OK || answer == CASE_TOO_EARLY || answer == CASE_STALE) {
        one_done(f->batch, answer == CASE_OK); /* too early: another server was quicker */
        return;
    }
    if (answer != CASE_NO_SUCH_STEP) /* else it was closed meanwhile */
        log_event(LOG_ERROR, "a case's timer cannot be fired", "tenant=%lld case=%lld why=%s",
                  (long long)f->timer->tenant_id, (long long)f->timer->case_id, case_answer_name((enum case_answer)answer));
    store_write_later(f->batch->store, put_off, f, when_put_off);
}

static int read_due(struct tx *tx, void *arg)
{
    struct batch *b = arg;
    return case_timers_due(tx, &b->arena, b->now_ms, BATCH, &b->timers, &b->n);
}

static void fire_all(struct batch *b)
{
    b->firings = arena_array(&b->arena, struct firing, b->n);
    b->waiting = b->n;
    for (size_t i = 0; i < b->n; i++) {
        b->firings[i] = (struct firing){b, &b->timers[i]};
        store_write_later(b->store, fire, &b->firings[i], when_fired);
    }
    pthread_mutex_lock(&b->lock);
    while (b->waiting > 0)
        pthread_cond_wait(&b->done, &b->lock);
    pthread_mutex_unlock(&b->lock);
}

int case_tick(struct store *store, int64_t now_ms)
{
    struct batch b = {.store = store, .now_ms = now_ms};
    bool more = true;
    int rc = STORE_OK;
    pthread_mutex_init(&b.lock, NULL);
    pthread_cond_init(&b.done, NULL);
    while (more) {
        rc = store_read(store, read_due, &b);
        if (rc != STORE_OK || b.n == 0)
            break;
        int before = b.fired;
        fire_all(&b);
        more = b.n == BATCH && b.fired > before; /* else the rest, or what was put off, is for the next tick */
        arena_reset(&b.arena);
    }
    pthread_cond_destroy(&b.done);
    pthread_mutex_destroy(&b.lock);
    arena_done(&b.arena);
    return rc == STORE_OK ? b.fired : STORE_FAULT;
}
