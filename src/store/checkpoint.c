/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checkpoints: the WAL is moved into the database by a thread of its own, so that no commit pays for it; the short rest, and
 * with it the WAL's new beginning, is the writer's.
 */
#include "base/log.h"
#include "store/store_private.h"

#define CHECKPOINT_PAGES 12000 /* some 48 MB of WAL: a page that many turns write is moved once */

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
void finish_checkpoint(struct store *s)
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

void checkpoint_watch(struct store *s)
{
    sqlite3_wal_hook(conn_db(s->conn), on_wal, s);
}

/* Moves most of the WAL while the writer goes on; the writer moves the short rest itself (finish_checkpoint). */
void *checkpointer_main(void *arg)
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
