/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store: opening and closing, and reading. Read connections are each thread's own (pthread key).
 */
#include "store/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "store/store_private.h"

static void reader_close(void *conn)
{
    conn_close(conn);
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
    checkpoint_watch(s);
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

/* ---- reading ---- */

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
