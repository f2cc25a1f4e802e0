/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of uploads.
 *
 * A row follows its file: so a row always has its file, and a file without a row is what a crash between the two left, or
 * one whose row was just removed. The broom (chat/upload_service.c) takes those away.
 */
#include "chat/upload_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"
#include "base/limit.h"
#include "base/log.h"

#define SEALED_MORE 256 /* what sealing adds, and room */

static const char *folder_of(struct arena *a, const char *dir, int64_t tenant_id, int64_t id)
{
    return str_c(a, str_fmt(a, "%s/uploads/%lld/%02x", dir, (long long)tenant_id, (unsigned)(id & 0xff)));
}

static const char *path_of(struct arena *a, const char *dir, int64_t tenant_id, int64_t id)
{
    return str_c(a, str_fmt(a, "%s/%lld", folder_of(a, dir, tenant_id, id), (long long)id));
}

static bool make_folders(struct arena *a, const char *dir, int64_t tenant_id, int64_t id)
{
    const char *const folders[] = {str_c(a, str_fmt(a, "%s/uploads", dir)),
                                   str_c(a, str_fmt(a, "%s/uploads/%lld", dir, (long long)tenant_id)),
                                   folder_of(a, dir, tenant_id, id)};
    for (size_t i = 0; i < COUNT(folders); i++)
        if (mkdir(folders[i], 0700) != 0 && errno != EEXIST)
            return false;
    return true;
}

static bool write_all(int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t put = write(fd, bytes.p, bytes.n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        bytes = str_sub(bytes, (size_t)put, SIZE_MAX);
    }
    return fsync(fd) == 0;
}

/* Makes the new name durable, and the folder's own the first time. */
static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

bool upload_file_write(const char *dir, int64_t tenant_id, int64_t id, struct str sealed)
{
    _cleanup_(arena_done) struct arena a = {0};
    const char *path = path_of(&a, dir, tenant_id, id);
    const char *folder = folder_of(&a, dir, tenant_id, id);
    const char *part = str_c(&a, str_fmt(&a, "%s.part", path));
    bool fresh = access(folder, F_OK) != 0;
    int fd = -1;
    if (make_folders(&a, dir, tenant_id, id))
        fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write_all(fd, sealed);
    if (fd >= 0)
        close(fd);
    ok = ok && rename(part, path) == 0 && sync_folder(folder);
    if (ok && fresh) {
        ok = sync_folder(str_c(&a, str_fmt(&a, "%s/uploads/%lld", dir, (long long)tenant_id))) &&
             sync_folder(str_c(&a, str_fmt(&a, "%s/uploads", dir))) && sync_folder(dir);
    }
    if (!ok) {
        log_event(LOG_ERROR, "upload not written", "error=\"%s\"", strerror(errno));
        unlink(part);
    }
    return ok;
}

bool upload_file_read(struct arena *a, const char *dir, int64_t tenant_id, int64_t id, struct str *ret_sealed)
{
    int fd = open(path_of(a, dir, tenant_id, id), O_RDONLY | O_CLOEXEC);
    struct stat st;
    bool ok = fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size <= LIMIT_UPLOAD_BYTES + SEALED_MORE;
    size_t size = ok ? (size_t)st.st_size : 0;
    char *p = arena_raw(a, size);
    size_t n = 0;
    while (ok && n < size) {
        ssize_t got = read(fd, p + n, size - n);
        ok = got > 0 || (got < 0 && errno == EINTR);
        n += got > 0 ? (size_t)got : 0;
    }
    if (fd >= 0)
        close(fd);
    if (ok)
        *ret_sealed = (struct str){p, n};
    return ok;
}

int64_t upload_file_size(const char *dir, int64_t tenant_id, int64_t id)
{
    _cleanup_(arena_done) struct arena a = {0};
    struct stat st;
    return stat(path_of(&a, dir, tenant_id, id), &st) == 0 ? (int64_t)st.st_size : -1;
}

void upload_file_remove(const char *dir, int64_t tenant_id, int64_t id)
{
    _cleanup_(arena_done) struct arena a = {0};
    const char *path = path_of(&a, dir, tenant_id, id);
    unlink(str_c(&a, str_fmt(&a, "%s.part", path)));
    if (unlink(path) != 0 && errno != ENOENT)
        log_event(LOG_WARN, "upload not removed", "id=%lld error=\"%s\"", (long long)id, strerror(errno));
}

/* ---- walking ---- */

static void dir_closep(DIR **d)
{
    if (*d != NULL)
        closedir(*d);
}

static void each_in(const char *folder, int64_t tenant_id, void (*each)(void *arg, const struct upload_found *f), void *arg)
{
    _cleanup_(dir_closep) DIR *d = opendir(folder);
    const struct dirent *e;
    while (d != NULL && (e = readdir(d)) != NULL) {
        struct upload_found f = {.tenant_id = tenant_id};
        struct str name = str_from(e->d_name);
        if (str_ends(name, STR(".part"))) /* half written when the machine went down */
            name.n -= 5;
        if (id_parse(name, &f.id))
            each(arg, &f);
    }
}

void upload_file_each(const char *dir, int last, void (*each)(void *arg, const struct upload_found *f), void *arg)
{
    _cleanup_(arena_done) struct arena a = {0};
    const char *top = str_c(&a, str_fmt(&a, "%s/uploads", dir));
    _cleanup_(dir_closep) DIR *d = opendir(top);
    const struct dirent *e;
    while (d != NULL && (e = readdir(d)) != NULL) {
        int64_t tenant_id;
        if (!id_parse(str_from(e->d_name), &tenant_id))
            continue;
        for (int i = last < 0 ? 0 : last; i <= (last < 0 ? 0xff : last); i++)
            each_in(folder_of(&a, dir, tenant_id, i), tenant_id, each, arg);
    }
}
