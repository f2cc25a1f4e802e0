/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Store on SQLite: statements and connections. The only file that calls sqlite3_* on rows; the writer thread is in
 * store/writer.c.
 *
 * Always true: a connection belongs to one thread (SQLITE_OPEN_NOMUTEX); WAL with synchronous=FULL; an error of fsync
 * stops the process, because the kernel has dropped the page and a second try would lie.
 */
#include "store/sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/wal_vfs.h"

#define CACHE_SLOTS 512u /* statements a connection keeps; the program has some 200 literals */

struct cached {
    const char *sql; /* the literal's address is the key */
    sqlite3_stmt *stmt;
    bool busy;
};

struct conn {
    sqlite3 *db;
    bool in_unit;
    bool reading, begin_due; /* a read has begun; its transaction has not */
    struct cached cache[CACHE_SLOTS];
};

void conn_check_fsync(int extended)
{
    if (extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC) {
        log_event(LOG_ERROR, "fsync failed, stopping", "code=%d", extended);
        abort();
    }
}

static int64_t fault(struct conn *c, const char *sql, const char *what)
{
    int extended = sqlite3_extended_errcode(c->db);
    conn_check_fsync(extended);
    log_event(LOG_ERROR, "sqlite fault", "what=%s code=%d message=\"%s\" sql=\"%.80s\"", what, extended,
              sqlite3_errmsg(c->db), sql);
    return STORE_FAULT;
}

static bool pragma(sqlite3 *db, const char *sql, const char *want)
{
    sqlite3_stmt *q = NULL;
    bool ok = sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK;
    if (ok) {
        int rc = sqlite3_step(q);
        const char *got = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(q, 0) : NULL;
        ok = rc == SQLITE_ROW || rc == SQLITE_DONE;
        if (ok && want != NULL)
            ok = got != NULL && strcmp(got, want) == 0;
    }
    sqlite3_finalize(q);
    return ok;
}

struct conn *conn_open(const char *path, bool writer, char ret_error[256])
{
    struct conn *c = xcalloc(1, sizeof(*c));
    int flags = SQLITE_OPEN_NOMUTEX | (writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE);
    int rc = sqlite3_open_v2(path, &c->db, flags, writer ? wal_vfs_name() : NULL);
    if (rc == SQLITE_OK) {
        sqlite3_busy_timeout(c->db, 10000);
        sqlite3_extended_result_codes(c->db, 1);
        bool ok = (!writer || pragma(c->db, "PRAGMA journal_mode=WAL", "wal")) &&
                  pragma(c->db, "PRAGMA synchronous=FULL", NULL) && pragma(c->db, "PRAGMA foreign_keys=ON", NULL) &&
                  pragma(c->db, writer ? "PRAGMA cache_size=-32768" : "PRAGMA cache_size=-2048", NULL) &&
                  pragma(c->db, "PRAGMA wal_autocheckpoint=0", NULL) &&
                  pragma(c->db, "PRAGMA temp_store=MEMORY", NULL) && /* what a savepoint may have to undo, too */
                  (writer || pragma(c->db, "PRAGMA query_only=ON", NULL));
        if (ok)
            return c;
    }
    if (ret_error != NULL)
        snprintf(ret_error, 256, "cannot open %.150s: %.80s", path, c->db != NULL ? sqlite3_errmsg(c->db) : "no memory");
    conn_close(c);
    return NULL;
}

void conn_close(struct conn *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < CACHE_SLOTS; i++)
        sqlite3_finalize(c->cache[i].stmt);
    sqlite3_close(c->db);
    free(c);
}

sqlite3 *conn_db(struct conn *c)
{
    return c->db;
}

void conn_mark_unit(struct conn *c, bool inside)
{
    c->in_unit = inside;
}

bool conn_begin_read(struct conn *c)
{
    if (c->reading)
        return false;
    c->reading = c->begin_due = true;
    return true;
}

int conn_end_read(struct conn *c)
{
    bool begun = !c->begin_due;
    c->reading = c->begin_due = false;
    return begun ? conn_exec(c, "COMMIT") : STORE_OK;
}

static bool begin_if_due(struct conn *c)
{
    if (!c->begin_due)
        return true;
    c->begin_due = false;
    c->begin_due = conn_exec(c, "BEGIN") != STORE_OK;
    return !c->begin_due;
}

static struct cached *slot_of(struct conn *c, const char *sql)
{
    size_t i = ((uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15)) >> 55;
    for (size_t tries = 0; tries < CACHE_SLOTS; tries++, i = (i + 1) % CACHE_SLOTS) {
        if (c->cache[i].sql == sql || c->cache[i].sql == NULL)
            return &c->cache[i];
    }
    return NULL;
}

struct stmt stmt_open(struct tx *tx, const char *sql)
{
    struct stmt q = {.tx = tx, .sql = sql, .answer = STORE_FAULT};
    if (tx == NULL)
        return q;

    struct conn *c = tx->conn;
    if (!begin_if_due(c))
        return q;
    struct cached *slot = slot_of(c, sql);
    if (slot != NULL && slot->stmt != NULL && !slot->busy) {
        slot->busy = true;
        q.handle = slot->stmt;
        q.answer = STORE_OK;
        return q;
    }
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) != SQLITE_OK) {
        fault(c, sql, "prepare");
        return q;
    }
    if (slot != NULL && slot->stmt == NULL)
        *slot = (struct cached){.sql = sql, .stmt = s, .busy = true};
    q.handle = s;
    q.answer = STORE_OK;
    return q;
}

void stmt_close(struct stmt *q)
{
    if (q->handle == NULL)
        return;
    struct cached *slot = slot_of(q->tx->conn, q->sql);
    if (slot != NULL && slot->stmt == q->handle) {
        sqlite3_reset(q->handle); /* bindings may dangle until the next binds: every bind is set again before a step */
        slot->busy = false;
    } else {
        sqlite3_finalize(q->handle);
    }
    q->handle = NULL;
}

void stmt_again(struct stmt *q)
{
    if (q->handle != NULL)
        sqlite3_reset(q->handle);
    q->bound = 0;
}

static void bound(struct stmt *q, int rc)
{
    if (rc != SQLITE_OK)
        q->answer = (int)fault(q->tx->conn, q->sql, "bind");
}

void stmt_int(struct stmt *q, int64_t v)
{
    if (q->answer == STORE_OK)
        bound(q, sqlite3_bind_int64(q->handle, ++q->bound, v));
}

void stmt_real(struct stmt *q, double v)
{
    if (q->answer == STORE_OK)
        bound(q, sqlite3_bind_double(q->handle, ++q->bound, v));
}

void stmt_null(struct stmt *q)
{
    if (q->answer == STORE_OK)
        bound(q, sqlite3_bind_null(q->handle, ++q->bound));
}

void stmt_text(struct stmt *q, struct str s)
{
    if (q->answer == STORE_OK)
        bound(q, sqlite3_bind_text64(q->handle, ++q->bound, s.p != NULL ? s.p : "", s.n, SQLITE_STATIC, SQLITE_UTF8));
}

void stmt_text_or_null(struct stmt *q, struct str s)
{
    if (s.n > 0)
        stmt_text(q, s);
    else
        stmt_null(q);
}

void stmt_int_or_null(struct stmt *q, int64_t v)
{
    if (v != 0)
        stmt_int(q, v);
    else
        stmt_null(q);
}

void stmt_blob(struct stmt *q, struct str bytes)
{
    if (q->answer == STORE_OK)
        bound(q, sqlite3_bind_blob64(q->handle, ++q->bound, bytes.p != NULL ? bytes.p : "", bytes.n, SQLITE_STATIC));
}

int64_t stmt_run(struct stmt *q)
{
    if (q->answer != STORE_OK)
        return q->answer;
    struct conn *c = q->tx->conn;
    /* A full disk makes SQLite undo the whole transaction by itself. What a unit that has not noticed says after that
     * would be a transaction of its own, and stay. */
    if (c->in_unit && sqlite3_get_autocommit(c->db)) {
        q->answer = STORE_FAULT;
        return STORE_FAULT;
    }
    int rc = sqlite3_step(q->handle);
    if (rc == SQLITE_DONE)
        return sqlite3_changes64(c->db);
    if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY) {
        sqlite3_reset(q->handle);
        return STORE_CONFLICT;
    }
    q->answer = (int)fault(c, q->sql, "run");
    return STORE_FAULT;
}

int stmt_next(struct stmt *q)
{
    if (q->answer != STORE_OK)
        return q->answer;
    int rc = sqlite3_step(q->handle);
    if (rc == SQLITE_ROW)
        return 1;
    if (rc == SQLITE_DONE)
        return 0;
    q->answer = (int)fault(q->tx->conn, q->sql, "next");
    return STORE_FAULT;
}

int64_t stmt_get_int(struct stmt *q, int column)
{
    return sqlite3_column_int64(q->handle, column);
}

double stmt_get_real(struct stmt *q, int column)
{
    return sqlite3_column_double(q->handle, column);
}

struct str stmt_get_text(struct stmt *q, int column)
{
    const char *p = (const char *)sqlite3_column_text(q->handle, column);
    return (struct str){p, p != NULL ? (size_t)sqlite3_column_bytes(q->handle, column) : 0};
}

struct str stmt_get_blob(struct stmt *q, int column)
{
    const char *p = sqlite3_column_blob(q->handle, column);
    return (struct str){p, p != NULL ? (size_t)sqlite3_column_bytes(q->handle, column) : 0};
}

bool stmt_is_null(struct stmt *q, int column)
{
    return sqlite3_column_type(q->handle, column) == SQLITE_NULL;
}

struct str stmt_copy_text(struct stmt *q, int column, struct arena *a)
{
    struct str s = stmt_get_text(q, column);
    return s.p != NULL ? str_dup(a, s) : STR_NONE;
}

int conn_exec(struct conn *c, const char *sql)
{
    struct tx tx = {.conn = c};
    _cleanup_(stmt_close) struct stmt q = stmt_open(&tx, sql);
    int64_t rc = stmt_run(&q);
    return rc < 0 ? STORE_FAULT : STORE_OK;
}
