/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies: a consistent copy of the database while others write, and what travels with it: in its meta table, and files in a
 * table that no other database has.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "store/sqlite.h"
#include "store/store_private.h"

static int copy_pages(sqlite3 *from, const char *path)
{
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    sqlite3_backup *b = rc == SQLITE_OK ? sqlite3_backup_init(to, "main", from, "main") : NULL;
    if (b != NULL) {
        /* One step: on a WAL database this reads one snapshot and holds up no writer. */
        rc = sqlite3_backup_step(b, -1);
        int end = sqlite3_backup_finish(b);
        rc = rc == SQLITE_DONE ? end : rc;
    }
    if (rc != SQLITE_OK || b == NULL)
        log_event(LOG_ERROR, "copy", "code=%d message=\"%s\"", rc, to != NULL ? sqlite3_errmsg(to) : "no memory");
    bool ok = rc == SQLITE_OK && b != NULL;
    sqlite3_close(to);
    return ok ? STORE_OK : STORE_FAULT;
}

int store_copy(struct store *s, const char *path)
{
    struct conn *c = conn_open(store_path(s), false, NULL);
    if (c == NULL)
        return STORE_FAULT;
    int rc = copy_pages(conn_db(c), path);
    conn_close(c);
    return rc;
}

bool store_copy_stamp(const char *path, const char *name, struct str bytes)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    bool ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(db, "INSERT OR REPLACE INTO meta (key, value) VALUES ($1, hex($2))", -1, &q, NULL) ==
                  SQLITE_OK &&
              sqlite3_bind_text(q, 1, name, -1, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_bind_blob64(q, 2, bytes.p, bytes.n, SQLITE_STATIC) == SQLITE_OK && sqlite3_step(q) == SQLITE_DONE;
    sqlite3_finalize(q);
    sqlite3_close(db);
    return ok;
}

static bool read_stamp(sqlite3 *db, const char *name, unsigned char *ret_bytes, size_t n)
{
    sqlite3_stmt *q = NULL;
    bool ok = sqlite3_prepare_v2(db, "SELECT value FROM meta WHERE key = $1", -1, &q, NULL) == SQLITE_OK &&
              sqlite3_bind_text(q, 1, name, -1, SQLITE_STATIC) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW &&
              (size_t)sqlite3_column_bytes(q, 0) == 2 * n;
    const char *hex = ok ? (const char *)sqlite3_column_text(q, 0) : NULL;
    for (size_t i = 0; ok && i < n; i++) {
        unsigned byte;
        ok = sscanf(hex + 2 * i, "%2x", &byte) == 1;
        ret_bytes[i] = (unsigned char)byte;
    }
    sqlite3_finalize(q);
    return ok;
}

static bool forget_stamp(sqlite3 *db, const char *name)
{
    sqlite3_stmt *q = NULL;
    bool ok = sqlite3_prepare_v2(db, "DELETE FROM meta WHERE key = $1", -1, &q, NULL) == SQLITE_OK &&
              sqlite3_bind_text(q, 1, name, -1, SQLITE_STATIC) == SQLITE_OK && sqlite3_step(q) == SQLITE_DONE;
    sqlite3_finalize(q);
    return ok && sqlite3_exec(db, "VACUUM", NULL, NULL, NULL) == SQLITE_OK; /* no copy of it in a free page */
}

bool store_copy_unstamp(const char *path, const char *name, unsigned char *ret_bytes, size_t n)
{
    sqlite3 *db = NULL;
    bool ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
              read_stamp(db, name, ret_bytes, n) && forget_stamp(db, name);
    sqlite3_close(db);
    return ok;
}

/* ---- files ---- */

struct store_files {
    sqlite3 *db;
    sqlite3_stmt *put;
    bool good;
};

struct store_files *store_files_begin(const char *path)
{
    struct store_files *f = xcalloc(1, sizeof(*f));
    f->good = sqlite3_open_v2(path, &f->db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
              sqlite3_exec(f->db, "CREATE TABLE backup_file (name TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL); BEGIN",
                           NULL, NULL, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(f->db, "INSERT INTO backup_file (name, bytes) VALUES ($1, $2)", -1, &f->put, NULL) == SQLITE_OK;
    return f;
}

bool store_files_put(struct store_files *f, const char *name, struct str bytes)
{
    f->good = f->good && sqlite3_reset(f->put) == SQLITE_OK &&
              sqlite3_bind_text(f->put, 1, name, -1, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_bind_blob64(f->put, 2, bytes.p, bytes.n, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(f->put) == SQLITE_DONE;
    return f->good;
}

bool store_files_end(struct store_files *f)
{
    bool good = f->good && sqlite3_exec(f->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    if (!good)
        log_event(LOG_ERROR, "copy of files", "message=\"%s\"", sqlite3_errmsg(f->db));
    sqlite3_finalize(f->put);
    sqlite3_close(f->db);
    free(f);
    return good;
}

static bool take_all(sqlite3 *db, bool (*take)(void *arg, struct str name, struct str bytes), void *arg)
{
    sqlite3_stmt *q = NULL;
    bool ok = sqlite3_prepare_v2(db, "SELECT name, bytes FROM backup_file", -1, &q, NULL) == SQLITE_OK;
    int rc = SQLITE_DONE;
    while (ok && (rc = sqlite3_step(q)) == SQLITE_ROW)
        ok = take(arg, (struct str){(const char *)sqlite3_column_text(q, 0), (size_t)sqlite3_column_bytes(q, 0)},
                  (struct str){sqlite3_column_blob(q, 1), (size_t)sqlite3_column_bytes(q, 1)});
    sqlite3_finalize(q);
    return ok && rc == SQLITE_DONE;
}

bool store_files_take(const char *path, bool (*take)(void *arg, struct str name, struct str bytes), void *arg)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    bool ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(db, "SELECT 1 FROM sqlite_master WHERE name = 'backup_file'", -1, &q, NULL) == SQLITE_OK;
    bool any = ok && sqlite3_step(q) == SQLITE_ROW; /* a copy of an earlier version has none */
    sqlite3_finalize(q);
    ok = ok && (!any || (take_all(db, take, arg) &&
                         sqlite3_exec(db, "DROP TABLE backup_file", NULL, NULL, NULL) == SQLITE_OK));
    sqlite3_close(db);
    return ok;
}
