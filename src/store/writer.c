/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer: one thread owns the write connection. It takes all units that wait, runs each in a savepoint, commits
 * once, then answers them all (group commit: design.md, section 4).
 *
 * Invariants   1. A unit is answered 0 only after the commit that holds it returned.
 *              2. Units run in the order in which they were queued.
 *              3. A unit that answers anything but 0 leaves nothing behind, and harms no other unit.
 * Threads      store->lock guards the queue and the figures; the write connection is the writer thread's alone;
 *              read connections are each thread's own (pthread key). A checkpointer thread moves the WAL into the
 *              database, so that no commit pays for it.
 */
#include "store/store.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"
#include "store/sqlite.h"
#include "store/store_private.h"

#define BATCH_MOST       1024
#define GATHER_US        800 /* how long a commit waits for units that are on their way, at most */
#define CHECKPOINT_PAGES 12000 /* some 48 MB of WAL: a page that many turns write is moved once */

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

static void reader_close(void *conn)
{
    conn_close(conn);
}

static void checkpoint(sqlite3 *db)
{
    int rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (rc != SQLITE_OK && rc != SQLITE_BUSY) {
        conn_check_fsync(sqlite3_extended_errcode(db));
        log_event(LOG_WARN, "checkpoint", "code=%d message=\"%s\"", rc, sqlite3_errmsg(db));
    }
}

/* After each commit, on the writer thread: how long the WAL is now. */
static int on_wal(void *arg, sqlite3 *db, const char *name, int pages)
{
    struct store *s = arg;
    (void)db;
    (void)name;
    s->pages_now = pages;
    return SQLITE_OK;
}

/* The WAL begins anew, in blocks that the file has already, only when all of it was moved and nothing was added since:
 * under steady load that moment never comes by itself and the file would grow without end. Lock held. */
static void finish_checkpoint(struct store *s)
{
    s->wal_pages = s->pages_now;
    if (s->wal_pages < CHECKPOINT_PAGES)
        return;
    if (!s->nearly_moved) {
        pthread_cond_signal(&s->tick);
        return;
    }
    s->nearly_moved = false;
    s->wal_pages = 0; /* until the next commit says better */
    pthread_mutex_unlock(&s->lock);
    checkpoint(conn_db(s->conn));
    pthread_mutex_lock(&s->lock);
}

static int run_unit(struct conn *c, struct unit *u)
{
    if (conn_exec(c, "SAVEPOINT unit") != STORE_OK)
        return STORE_FAULT;
    struct tx tx = {.conn = c};
    conn_mark_unit(c, true);
    int answer = u->fn(&tx, u->arg);
    conn_mark_unit(c, false);
    if (sqlite3_get_autocommit(conn_db(c)))
        return STORE_FAULT; /* undone already, and everything before it in this transaction: run_batch() sees it */
    if (answer != 0 && conn_exec(c, "ROLLBACK TO unit") != STORE_OK)
        return STORE_FAULT;
    if (conn_exec(c, "RELEASE unit") != STORE_OK)
        return STORE_FAULT;
    return answer;
}

/* A savepoint keeps a copy of every page that its unit writes, for an undoing that hardly ever comes: a quarter of the
 * writer's time. A unit that may be run again goes without. CHAT_STALE and its like are found before anything is written. */
static bool run_bare(struct conn *c, struct unit *u)
{
    sqlite3_int64 before = sqlite3_total_changes64(conn_db(c));
    struct tx tx = {.conn = c};
    conn_mark_unit(c, true);
    u->answer = u->fn(&tx, u->arg);
    conn_mark_unit(c, false);
    return u->answer == STORE_OK ||
           (!sqlite3_get_autocommit(conn_db(c)) && sqlite3_total_changes64(conn_db(c)) == before);
}

/* Puts the units that nobody waits for first: they are run, and so answered, before the others. (Whoever waits has nothing
 * behind it in the list, so that one caller's units stay in order.) @return the first that somebody waits for, or NULL */
static struct unit *waited_last(struct unit **list)
{
    struct unit *waited = NULL, **end = &waited, **at = list;
    while (*at != NULL) {
        if ((*at)->answered == NULL) {
            at = &(*at)->next;
            continue;
        }
        *end = *at;
        *at = (*at)->next;
        end = &(*end)->next;
    }
    *end = NULL;
    *at = waited;
    return waited;
}

/* The units from one up to another, in order. false: the transaction holds half a unit, or is gone. */
static bool run_units(struct conn *c, struct unit *list, const struct unit *end, bool bare)
{
    for (struct unit *u = list; u != end; u = u->next) {
        if (bare && !run_bare(c, u))
            return false;
        if (!bare)
            u->answer = run_unit(c, u);
        /* A full disk makes SQLite roll the whole transaction back by itself: then nothing before counts either. */
        if (u->answer == STORE_FAULT && sqlite3_get_autocommit(conn_db(c)))
            return false;
    }
    return true;
}

static bool roll_back(struct conn *c)
{
    if (sqlite3_get_autocommit(conn_db(c)) || conn_exec(c, "ROLLBACK") == STORE_OK)
        return true;
    log_event(LOG_ERROR, "rollback failed", NULL);
    return false;
}

/* Runs the list in one transaction and leaves it in the order of running. false: nothing of it is stored, and every unit's
 * answer is STORE_FAULT. */
static bool run_batch(struct conn *c, struct unit **list)
{
    struct unit *waited = waited_last(list);
    if (conn_exec(c, "BEGIN IMMEDIATE") != STORE_OK)
        return false;
    bool ok = run_units(c, *list, waited, true);
    if (!ok) /* somebody wrote and then refused: all of them once more, each in a savepoint */
        ok = roll_back(c) && conn_exec(c, "BEGIN IMMEDIATE") == STORE_OK && run_units(c, *list, waited, false);
    if (ok && run_units(c, waited, NULL, false) && conn_exec(c, "COMMIT") == STORE_OK)
        return true;
    (void)roll_back(c); /* logged */
    return false;
}

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

static void unlock_and_wake(struct store *s)
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

static void *writer_main(void *arg)
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

/* Moves most of the WAL while the writer goes on; the writer moves the short rest itself (finish_checkpoint). */
static void *checkpointer_main(void *arg)
{
    struct store *s = arg;
    pthread_setname_np(pthread_self(), "checkpointer");
    struct conn *c = conn_open(s->path, true, NULL);
    if (c == NULL)
        return NULL;
    pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        if (s->wal_pages < CHECKPOINT_PAGES || s->nearly_moved) {
            pthread_cond_wait(&s->tick, &s->lock);
            continue;
        }
        pthread_mutex_unlock(&s->lock);
        checkpoint(conn_db(c));
        pthread_mutex_lock(&s->lock);
        s->nearly_moved = true;
    }
    pthread_mutex_unlock(&s->lock);
    conn_close(c);
    return NULL;
}

static bool make_dir(const char *dir, char ret_error[256])
{
    if (mkdir(dir, 0700) == 0 || errno == EEXIST)
        return true;
    snprintf(ret_error, 256, "cannot make the data folder %.150s: %.60s", dir, strerror(errno));
    return false;
}

/* Once a process, before any connection: each connection is one thread's, and nobody asks SQLite how much memory it
 * holds; both would cost a mutex an allocation. */
static void configure_sqlite(void)
{
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

struct store *store_open(const char *dir, char ret_error[256])
{
    static pthread_once_t configured = PTHREAD_ONCE_INIT;
    pthread_once(&configured, configure_sqlite);
    if (!make_dir(dir, ret_error))
        return NULL;
    struct store *s = xcalloc(1, sizeof(*s));
    struct buf path = {0};
    buf_printf(&path, "%s/xiaoer.db", dir);
    s->path = str_heap(buf_view(&path));
    buf_done(&path);
    s->last = &s->first;

    s->conn = conn_open(s->path, true, ret_error);
    if (s->conn == NULL || migrate(s->conn, ret_error) != STORE_OK) {
        conn_close(s->conn);
        free(s->path);
        free(s);
        return NULL;
    }
    sqlite3_wal_hook(conn_db(s->conn), on_wal, s);
    pthread_key_create(&s->reader, reader_close);
    pthread_mutex_init(&s->lock, NULL);
    sem_init(&s->wake, 0, 0);
    pthread_cond_init(&s->tick, NULL);
    pthread_cond_init(&s->answers_given, NULL);
    if (pthread_create(&s->writer, NULL, writer_main, s) != 0 ||
        pthread_create(&s->checkpointer, NULL, checkpointer_main, s) != 0)
        fatal("cannot start the store's threads");
    return s;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->tick);
    unlock_and_wake(s);
    pthread_join(s->writer, NULL);
    pthread_join(s->checkpointer, NULL);
    store_read_done(s);
    pthread_key_delete(s->reader);
    conn_close(s->conn);
    sem_destroy(&s->wake);
    pthread_cond_destroy(&s->tick);
    pthread_cond_destroy(&s->answers_given);
    pthread_mutex_destroy(&s->lock);
    while (s->spare != NULL) {
        struct unit *u = s->spare;
        s->spare = u->next;
        free(u);
    }
    free(s->path);
    free(s);
}

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

static struct conn *reader_of(struct store *s)
{
    struct conn *c = pthread_getspecific(s->reader);
    if (c == NULL) {
        char why[256];
        c = conn_open(s->path, false, why);
        if (c == NULL)
            log_event(LOG_ERROR, "no read connection", "why=\"%s\"", why);
        pthread_setspecific(s->reader, c);
    }
    return c;
}

int store_read(struct store *s, store_fn *fn, void *arg)
{
    struct conn *c = reader_of(s);
    if (c == NULL)
        return STORE_FAULT;
    struct tx tx = {.conn = c};
    if (!conn_begin_read(c))
        return fn(&tx, arg); /* inside another read of this thread: the same snapshot */
    int answer = fn(&tx, arg);
    return conn_end_read(c) == STORE_OK ? answer : STORE_FAULT;
}

static int read_anything(struct tx *tx, void *arg)
{
    (void)arg;
    _cleanup_(stmt_close) struct stmt q = stmt_open(tx, "SELECT count(*) FROM meta");
    return stmt_next(&q) > 0 ? STORE_OK : STORE_FAULT;
}

int store_ping(struct store *s)
{
    return store_read(s, read_anything, NULL);
}

void store_read_done(struct store *s)
{
    conn_close(pthread_getspecific(s->reader));
    pthread_setspecific(s->reader, NULL);
}

const char *store_path(const struct store *s)
{
    return s->path;
}

int store_integrity(struct store *s, void (*say)(void *arg, struct str line), void *arg)
{
    struct conn *c = reader_of(s);
    if (c == NULL)
        return STORE_FAULT;
    struct tx tx = {.conn = c};
    _cleanup_(stmt_close) struct stmt q = stmt_open(&tx, "PRAGMA integrity_check(20)");
    int lines = 0;
    int rc;
    while ((rc = stmt_next(&q)) > 0) {
        struct str line = stmt_get_text(&q, 0);
        if (str_eq_c(line, "ok"))
            continue;
        say(arg, line);
        lines++;
    }
    return rc < 0 ? STORE_FAULT : lines;
}

struct store_figures store_figures(struct store *s)
{
    pthread_mutex_lock(&s->lock);
    struct store_figures f = s->figures;
    pthread_mutex_unlock(&s->lock);
    return f;
}
