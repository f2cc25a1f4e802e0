/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xiaoer backup, xiaoer restore: one file that holds everything, taken while the server runs, and back from it.
 *
 * The file is a database with the photos and documents of buyers in a table, sealed as they are, and the master key in its meta
 * table, because without the key what is sealed could never be
 * read again: so it is written 0600, and whoever has it has all (docs/decisions/0004).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/commands.h"
#include "base/id.h"
#include "base/seal.h"
#include "chat/upload_file.h"
#include "chat/upload_service.h"
#include "chat/upload_store.h"
#include "store/store.h"

#define STAMP "backup.master_key"

static bool read_key(struct arena *a, const char *dir, struct str *ret)
{
    return cli_read_file(a, str_c(a, str_fmt(a, "%s/master.key", dir)), ret) && ret->n == SEAL_KEY_BYTES;
}

/* ---- uploads ---- */

#define UPLOADS_PAGE 500

struct upload_page {
    struct arena *arena;
    int64_t tenant_id, id; /* of the last one */
    struct upload *list;
    size_t n;
};

static int next_page(struct tx *tx, void *arg)
{
    struct upload_page *p = arg;
    return upload_list(tx, p->arena, p->tenant_id, p->id, UPLOADS_PAGE, &p->list, &p->n);
}

static bool put_upload(struct store_files *files, const char *dir, const struct upload *u)
{
    _cleanup_(arena_done) struct arena a = {0};
    struct str sealed;
    if (!upload_file_read(&a, dir, u->tenant_id, u->id, &sealed))
        return u->conversation_id == 0; /* swept meanwhile; what a message shows must be there */
    return store_files_put(files, str_c(&a, str_fmt(&a, "%lld/%lld", (long long)u->tenant_id, (long long)u->id)), sealed);
}

/* After the database: what came later is not in it and need not be here. */
static bool copy_uploads(struct store *store, const char *dir, const char *copy)
{
    _cleanup_(arena_done) struct arena a = {0};
    struct upload_page page = {.arena = &a, .n = 1};
    struct store_files *files = store_files_begin(copy);
    bool ok = true;
    while (ok && page.n > 0 && (ok = store_read(store, next_page, &page) == STORE_OK)) {
        for (size_t i = 0; i < page.n && ok; i++) {
            ok = put_upload(files, dir, &page.list[i]);
            page.tenant_id = page.list[i].tenant_id;
            page.id = page.list[i].id;
        }
        arena_reset(&a);
    }
    return store_files_end(files) && ok;
}

static bool take_upload(void *arg, struct str name, struct str bytes)
{
    struct str tenant;
    int64_t tenant_id, id;
    return str_cut(&name, '/', &tenant) && id_parse(tenant, &tenant_id) && id_parse(name, &id) &&
           upload_file_write(arg, tenant_id, id, bytes);
}

static enum exit_code run_backup(const struct cli *c)
{
    struct arena a = {0};
    char why[256];
    if (c->argc != 1)
        return cli_usage(c, "name the file to write: xiaoer backup FILE");
    const char *file = c->argv[0];
    if (access(file, F_OK) == 0)
        return cli_usage(c, "%s is there already; name a new file", file);
    if (access(str_c(&a, str_fmt(&a, "%s/xiaoer.db", c->data_dir)), F_OK) != 0) {
        arena_done(&a);
        return cli_usage(c, "there is no data in %s; name the folder with --data DIR", c->data_dir);
    }
    struct str key;
    struct store *store = read_key(&a, c->data_dir, &key) ? store_open(c->data_dir, why) : NULL;
    if (store == NULL) {
        arena_done(&a);
        return cli_fault(c, "%s cannot be opened", c->data_dir);
    }
    char *tmp = str_c(&a, str_fmt(&a, "%s.part", file));
    umask(077);
    unlink(tmp);
    cli_progress("copying", 0, 1);
    bool ok = store_copy(store, tmp) == STORE_OK && copy_uploads(store, c->data_dir, tmp) &&
              store_copy_stamp(tmp, STAMP, key);
    cli_progress("copying", 1, 1);
    store_close(store);
    struct stat st = {0};
    ok = ok && stat(tmp, &st) == 0 && rename(tmp, file) == 0;
    if (!ok)
        unlink(tmp);
    arena_done(&a);
    if (!ok)
        return cli_fault(c, "%s could not be written", file);
    if (c->json)
        printf("{\"file\":\"%s\",\"bytes\":%lld}\n", file, (long long)st.st_size);
    else
        printf("%s: %lld bytes. It holds the key of the sealed data too: keep it safe.\n", file, (long long)st.st_size);
    return EXIT_DONE;
}

const struct command cmd_backup = {
    .name = "backup",
    .summary = "a consistent copy of everything in one file, while the server runs",
    .synopsis = "xiaoer backup FILE [--data DIR]",
    .help = "Every message that was acknowledged before it began is in it.",
    .run = run_backup,
};

static bool copy_file(const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    static char block[256 * 1024];
    ssize_t n = in < 0 || out < 0 ? -1 : 0;
    while (n >= 0 && (n = read(in, block, sizeof(block))) > 0) {
        if (write(out, block, (size_t)n) != n)
            n = -1;
    }
    bool ok = n == 0 && fsync(out) == 0;
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return ok;
}

static bool write_key(const char *path, const unsigned char key[SEAL_KEY_BYTES])
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, key, SEAL_KEY_BYTES) == SEAL_KEY_BYTES && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

static enum exit_code restore(const struct cli *c, struct arena *a, const char *file)
{
    char *db = str_c(a, str_fmt(a, "%s/xiaoer.db", c->data_dir));
    char *tmp = str_c(a, str_fmt(a, "%s/restoring.db", c->data_dir));
    char *key_path = str_c(a, str_fmt(a, "%s/master.key", c->data_dir));
    unsigned char key[SEAL_KEY_BYTES];
    if (access(file, R_OK) != 0)
        return cli_usage(c, "%s cannot be read: %s", file, strerror(errno));
    if (mkdir(c->data_dir, 0700) != 0 && errno != EEXIST)
        return cli_fault(c, "cannot make %s: %s", c->data_dir, strerror(errno));
    if (access(db, F_OK) == 0)
        return cli_usage(c, "%s holds data already; restore into an empty folder (--data DIR)", c->data_dir);
    unlink(tmp);
    if (!copy_file(file, tmp)) {
        unlink(tmp);
        return cli_fault(c, "%s could not be copied into %s: %s", file, c->data_dir, strerror(errno));
    }
    bool whole = store_files_take(tmp, take_upload, (void *)(uintptr_t)c->data_dir) &&
                 store_copy_unstamp(tmp, STAMP, key, sizeof(key));
    if (!whole) {
        unlink(tmp);
        return cli_usage(c, "%s is no whole backup of xiaoer", file);
    }
    if (!write_key(key_path, key) || rename(tmp, db) != 0)
        return cli_fault(c, "%s could not be written: %s", c->data_dir, strerror(errno));
    return EXIT_DONE;
}

static enum exit_code run_restore(const struct cli *c)
{
    if (c->argc != 1)
        return cli_usage(c, "name the backup to read: xiaoer restore FILE");
    struct arena a = {0};
    enum exit_code code = restore(c, &a, c->argv[0]);
    arena_done(&a);
    if (code != EXIT_DONE)
        return code;
    char why[256];
    struct store *store = store_open(c->data_dir, why); /* migrates, and shows that it opens */
    if (store == NULL)
        return cli_fault(c, "%s", why);
    bool mended = uploads_mend(store, c->data_dir) == STORE_OK;
    store_close(store);
    if (!mended)
        return cli_fault(c, "%s could not be written", c->data_dir);
    printf(c->json ? "{\"restored\":true}\n" : "restored; `xiaoer check` verifies it\n");
    return EXIT_DONE;
}

const struct command cmd_restore = {
    .name = "restore",
    .summary = "brings back what `xiaoer backup` wrote, into an empty data folder",
    .synopsis = "xiaoer restore FILE [--data DIR]",
    .run = run_restore,
};
