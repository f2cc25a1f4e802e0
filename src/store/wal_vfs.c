/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite writes each WAL frame by two calls, a 24-byte header and a 4 KiB page, neither on a page border of the file: a
 * group commit of thirty turns is some two hundred small writes. This VFS keeps what is appended to the WAL in memory and
 * hands it to the file in one piece when SQLite says xSync, which with synchronous=FULL it does before it tells any
 * reader of the commit (docs/decisions/0007).
 *
 * Always true: xSync returns only after everything was written and synced by the VFS below; a write that does not
 * continue the last one, a read, a truncation or a look at the size writes out first; what could not be written is an
 * error of that call, as it would be below. Files other than a WAL are the VFS below's own.
 * Threads      a file belongs to its connection, and so to one thread.
 */
#include "store/wal_vfs.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/base.h"

#define KEEP_MOST (4 * MIB) /* then it is written out, synced or not */
#define PIECE     (64 * KIB) /* SQLite's unix VFS writes at most 128 KiB less one byte at once, and mistakes 128 KiB for 0 */

struct wal_file {
    sqlite3_file base;
    sqlite3_file *below;
    unsigned char *kept;
    size_t n, cap;
    sqlite3_int64 at; /* where in the file kept[0] belongs */
};

static sqlite3_vfs *below_vfs;

static struct wal_file *wal_of(sqlite3_file *f)
{
    return (struct wal_file *)f;
}

static int write_out(struct wal_file *w)
{
    if (w->n == 0)
        return SQLITE_OK;
    size_t n = w->n;
    w->n = 0; /* whatever comes of it: SQLite takes an error as "not written" and begins anew */
    int rc = SQLITE_OK;
    for (size_t done = 0; done < n && rc == SQLITE_OK; done += MIN(n - done, (size_t)PIECE))
        rc = w->below->pMethods->xWrite(w->below, w->kept + done, (int)MIN(n - done, (size_t)PIECE),
                                        w->at + (sqlite3_int64)done);
    return rc;
}

static int wal_close(sqlite3_file *f)
{
    struct wal_file *w = wal_of(f);
    int rc = write_out(w);
    int closed = w->below->pMethods->xClose(w->below);
    free(w->kept);
    return rc != SQLITE_OK ? rc : closed;
}

static int wal_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    struct wal_file *w = wal_of(f);
    int rc = write_out(w);
    return rc != SQLITE_OK ? rc : w->below->pMethods->xRead(w->below, to, n, at);
}

static int wal_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    struct wal_file *w = wal_of(f);
    if (w->n > 0 && (at != w->at + (sqlite3_int64)w->n || w->n + (size_t)n > KEEP_MOST)) {
        int rc = write_out(w);
        if (rc != SQLITE_OK)
            return rc;
    }
    if (w->n == 0)
        w->at = at;
    if (w->n + (size_t)n > w->cap) {
        w->cap = MAX(w->cap * 2, w->n + (size_t)n);
        w->kept = xrealloc(w->kept, w->cap);
    }
    memcpy(w->kept + w->n, from, (size_t)n);
    w->n += (size_t)n;
    return SQLITE_OK;
}

static int wal_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    struct wal_file *w = wal_of(f);
    int rc = write_out(w);
    return rc != SQLITE_OK ? rc : w->below->pMethods->xTruncate(w->below, size);
}

static int wal_sync(sqlite3_file *f, int flags)
{
    struct wal_file *w = wal_of(f);
    int rc = write_out(w);
    return rc != SQLITE_OK ? rc : w->below->pMethods->xSync(w->below, flags);
}

static int wal_size(sqlite3_file *f, sqlite3_int64 *ret)
{
    struct wal_file *w = wal_of(f);
    int rc = write_out(w);
    return rc != SQLITE_OK ? rc : w->below->pMethods->xFileSize(w->below, ret);
}

static int wal_lock(sqlite3_file *f, int level)
{
    return wal_of(f)->below->pMethods->xLock(wal_of(f)->below, level);
}

static int wal_unlock(sqlite3_file *f, int level)
{
    return wal_of(f)->below->pMethods->xUnlock(wal_of(f)->below, level);
}

static int wal_reserved(sqlite3_file *f, int *ret)
{
    return wal_of(f)->below->pMethods->xCheckReservedLock(wal_of(f)->below, ret);
}

static int wal_control(sqlite3_file *f, int op, void *arg)
{
    return wal_of(f)->below->pMethods->xFileControl(wal_of(f)->below, op, arg);
}

static int wal_sector(sqlite3_file *f)
{
    return wal_of(f)->below->pMethods->xSectorSize(wal_of(f)->below);
}

static int wal_traits(sqlite3_file *f)
{
    return wal_of(f)->below->pMethods->xDeviceCharacteristics(wal_of(f)->below);
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = wal_close,
    .xRead = wal_read,
    .xWrite = wal_write,
    .xTruncate = wal_truncate,
    .xSync = wal_sync,
    .xFileSize = wal_size,
    .xLock = wal_lock,
    .xUnlock = wal_unlock,
    .xCheckReservedLock = wal_reserved,
    .xFileControl = wal_control,
    .xSectorSize = wal_sector,
    .xDeviceCharacteristics = wal_traits,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *ret_flags)
{
    (void)vfs;
    if ((flags & SQLITE_OPEN_WAL) == 0)
        return below_vfs->xOpen(below_vfs, name, f, flags, ret_flags);
    struct wal_file *w = wal_of(f);
    *w = (struct wal_file){.below = (sqlite3_file *)(w + 1)};
    int rc = below_vfs->xOpen(below_vfs, name, w->below, flags, ret_flags);
    if (rc == SQLITE_OK)
        w->base.pMethods = &methods;
    return rc;
}

static sqlite3_vfs vfs;

static void register_vfs(void)
{
    below_vfs = sqlite3_vfs_find(NULL);
    vfs = *below_vfs;
    vfs.pNext = NULL;
    vfs.zName = "xiaoer-wal";
    vfs.szOsFile = (int)sizeof(struct wal_file) + below_vfs->szOsFile;
    vfs.xOpen = open_file;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK)
        fatal("SQLite takes no VFS");
}

const char *wal_vfs_name(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_vfs);
    return vfs.zName;
}
